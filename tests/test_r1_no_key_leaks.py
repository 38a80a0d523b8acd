"""R1: nothing that a learner can fetch before marking says which option is the key, or explains it."""

import io
import json
import re
import zipfile

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from lessons.models import Lesson
from quizzes.kinds import KINDS
from quizzes.models import Attempt, Item, ItemVersion
from quizzes.models.kept_versions import KEPT
from quizzes.models.responses import Unmarked
from tests import make
from tests.crawl import crawl, without_token

pytestmark = pytest.mark.django_db
CANARY = "canary"


@pytest.fixture
def section():
    """Seven items in the quiz's bank and two checks in a lesson; every explanation and feedback sings."""
    section = make.section(draw=7)
    checks = [make.item(section, uses=["check"], kind=kind, slug=f"check-{kind}") for kind in ("single", "classify")]
    for number in range(7):
        make.item(section, kind="classify" if number % 2 else "single")
    make.lesson(section, checks=[check.slug for check in checks], slug="with-checks")
    for item in Item.objects.all():
        item.document = {
            "explanation": make.both(f"{CANARY}-explanation-{item.pk}"),
            "feedback": {each: make.both(f"{CANARY}-feedback-{item.pk}-{each}") for each in "abcd"},
        }
        item.save()
    return section


def sings(pages):
    return sorted(address for address, page in pages.items() if CANARY in page.text)


def everything(client, *attempts):
    """All that links lead to; with open attempts also each of their pages, in both languages."""
    starts = ["/en/", "/fr/"]
    for attempt in attempts:
        own = attempt.get_absolute_url().split("/", 2)[2]
        starts += [f"/{language}/{own}?page={number}" for language in ("en", "fr") for number in (1, 2, 3)]
    pages = crawl(client, *starts)
    assert any("with-checks" in address for address in pages)
    return pages


def test_a_visitor_finds_no_key(client, section):
    assert sings(everything(client)) == []


@pytest.mark.parametrize("browser", ["as_awa", "as_guest", "as_celia"])
def test_whoever_has_an_open_quiz_finds_no_key(request, browser, section):
    client = request.getfixturevalue(browser)
    learner = client.get("/en/").wsgi_request.user
    pages = everything(client, make.quiz(learner, section))
    assert sum("/attempts/" in address for address in pages) >= 6
    assert sings(pages) == []


def test_whoever_may_teach_finds_keys_on_the_pages_of_items_alone(as_bakary, bakary, section):
    pages = everything(as_bakary, make.quiz(bakary, section))
    singing = sings(pages)
    files = [address for address in singing if "/files/bank/" in address]
    assert len(files) == 2 * 3 * 3  # in three formats, each in both languages, in English and in French
    assert len(singing) - len(files) == 2 * (Item.objects.count() + 1)  # a page for each, and all of them on paper
    assert all("/items/" in address for address in singing)


def test_a_preview_gives_no_key_away_before_marking(as_bakary, bakary, section):
    as_bakary.post("/en/preview/", {"module": section.module.slug})
    as_bakary.post(f"{section.get_absolute_url()}quiz/")
    pages = everything(as_bakary, bakary.attempts.get(is_trial=True))
    assert all("/items/" in address for address in sings(pages))


def test_whatever_is_sent_to_an_open_quiz_it_gives_no_key_away(as_awa, awa, section):
    attempt = make.quiz(awa, section)
    own = attempt.get_absolute_url()
    fields = {"page": 1}
    for response in attempt.responses.filter(position__lte=5):
        fields |= make.fields(response, make.wrong_answer(response))
    forms = [fields | {button: 1} for button in ("next", "later", "go")]
    forms += [fields | {"language": "fr"}, {**fields, "q1": 99, "q1-0": 99}, {"page": 1, "again": 1, "choose": 1}]
    for form in forms:
        assert CANARY not in as_awa.post(own, form, follow=True).text
        assert CANARY not in as_awa.post(own, form, headers={"X-Autosave": "1"}).text
    assert sings(everything(as_awa, attempt)) == []
    address = f"{section.lessons.get(slug='with-checks').get_absolute_url()}checks/check-single/"
    assert CANARY not in as_awa.post(address, {"check-single": 99}, follow=True).text
    assert attempt.responses.filter(marked_at=None).count() == 7


def test_whoever_has_an_open_exam_finds_no_key(as_awa, awa, section):
    exam = make.exam(awa, section.module)
    pages = everything(as_awa, exam)
    assert sum("/attempts/" in address for address in pages) >= 6
    assert any(address.endswith("/exam/") for address in pages)
    assert sings(pages) == []
    own, fields = exam.get_absolute_url(), {"page": 1}
    for response in exam.responses.all():
        fields |= make.fields(response, make.wrong_answer(response))
    for button in ("next", "later", "go", "more"):
        assert CANARY not in as_awa.post(own, fields | {button: 1}, follow=True).text
    assert CANARY not in as_awa.post(own, fields, headers={"X-Autosave": "1"}).text
    assert CANARY not in as_awa.post(f"{own}retry/", follow=True).text
    assert exam.responses.filter(marked_at=None).count() == 3


def test_an_exam_that_ran_out_of_time_tells_nothing_before_it_is_handed_in(as_awa, awa, section):
    exam = make.exam(awa, section.module, due_at=make.NOW)
    assert sings(everything(as_awa, exam)) == []


def test_a_review_tells_of_an_item_only_when_that_was_given(as_awa, awa, section):
    """Of three items one is given: its page alone sings, whatever is sent about the others."""
    items = list(section.bank.items.filter(slug__startswith="item").select_related("current_version")[:3])
    review = Attempt.start_review(awa, items, make.NOW)
    own, first = review.get_absolute_url(), review.responses.get(position=1)
    assert sings(everything(as_awa, review)) == []
    saved = {"page": 1, **make.fields(first, make.wrong_answer(first))}
    for sent in ({"page": 1}, {"page": 1, "q1": 99, "q1-0": 99}, saved | {"later": 1}, saved | {"go": 1}, {"page": 2}):
        assert CANARY not in as_awa.post(own, sent, follow=True).text
    assert CANARY not in as_awa.post(own, saved, headers={"X-Autosave": "1"}).text
    assert sings(everything(as_awa, review)) == []
    assert CANARY in as_awa.post(own, saved | {"give": 1}, follow=True).text
    assert {address[3:] for address in sings(everything(as_awa, review))} == {f"{own[3:]}?page=1"}
    sung = re.findall(rf"{CANARY}-\w+-(\d+)", as_awa.get(f"{own}?page=1").text)
    assert set(sung) == {str(first.item_id)}


def test_what_one_learner_was_told_reaches_no_other(as_awa, as_celia, awa, celia, section):
    make.quiz(awa, section, right=2)
    assert sings(everything(as_celia, make.quiz(celia, section))) == []


def test_after_marking_the_canary_sings(as_awa, awa, section):
    """The control: the tests above look for what is there to be found."""
    attempt = make.quiz(awa, section, right=0)
    assert CANARY in as_awa.get(attempt.get_absolute_url()).text
    lesson = section.lessons.get(slug="with-checks").get_absolute_url()
    as_awa.post(f"{lesson}checks/check-single/", {"check-single": 1})
    assert CANARY in as_awa.get(f"{lesson}checks/check-single/").text
    assert CANARY not in as_awa.get(lesson).text


def move_the_keys():
    """Every key to another option; every statement to another label."""
    for version in ItemVersion.objects.all():
        if version.kind == "single":
            version.document["key"] = "c"
        else:
            version.document["key"] = dict.fromkeys("abcd", make.LABELS_OF_AN_ITEM[2])
        version.save()


def make_other(section):
    """A second section of the module, with three items."""
    other = make.section(section.module, draw=3)
    for kind in ("single", "classify", "single"):
        make.item(other, kind=kind)
    return other


def test_the_bytes_of_a_page_do_not_change_when_the_key_moves(as_awa, awa, client, section):
    attempt = make.quiz(awa, section)
    others = [make.exam(awa, section.module), make.quiz(awa, make_other(section), right=0).retry(make.NOW)]
    pages = [f"{attempt.get_absolute_url()}?page={number}" for number in (1, 2, 3)]
    pages += [other.get_absolute_url() for other in others]
    pages += [lesson.get_absolute_url() for lesson in Lesson.objects.all()]
    before = [
        [without_token(browser.get(page)) for page in pages[5 * (browser is client) :]] for browser in (as_awa, client)
    ]
    move_the_keys()
    after = [
        [without_token(browser.get(page)) for page in pages[5 * (browser is client) :]] for browser in (as_awa, client)
    ]
    assert after == before
    attempt.submit(make.NOW)
    assert without_token(as_awa.get(pages[0])) != before[0][0]


def test_positions_stand_in_the_page_and_never_authored_ids(as_awa, awa):
    section = make.section(draw=2)
    for kind in ("single", "classify"):
        item = make.item(section, kind=kind, slug=f"telling-slug-{kind}")
        document = item.current_version.document
        pieces = document["options" if kind == "single" else "statements"]
        names = {piece["id"]: f"telling-id-{piece['id']}" for piece in pieces}
        for piece in pieces:
            piece["id"] = names[piece["id"]]
        key = document["key"]
        document["key"] = names[key] if kind == "single" else {names[each]: label for each, label in key.items()}
        item.current_version.save()
    page = as_awa.get(make.quiz(awa, section).get_absolute_url()).text
    assert page.count("<fieldset") == 2
    assert "telling" not in page


# What is given and not yet marked: every kind, on every way out


@pytest.fixture
def of_every_kind():
    """A section whose quiz asks an item of each kind; what tells a key sings, or is a number that nobody types."""
    section = make.section(draw=len(KINDS))
    make.lesson(section)
    for kind in KINDS:
        item = make.item(section, kind=kind)
        item.document = {
            "explanation": make.both(f"{CANARY}-explanation"),
            "feedback": {each: make.both(f"{CANARY}-feedback-{each}") for each in ["other", *"abcd"]},
        }
        item.save()
    typed = {"number": {"value": "27182"}, "short": {"accepted": make.both([f"{CANARY}-accepted"])}}
    for version in ItemVersion.objects.filter(kind__in=typed):
        version.document |= typed[version.kind]
        version.save()
    return section


def shift_the_keys():
    """Every key to another option, label, place, partner, value or form; nothing of what is shown changes."""
    turned = dict(zip("abcd", "bcda", strict=True))
    for version in ItemVersion.objects.all():
        document = version.document
        moved = {
            "single": {"key": "c"},
            "multiple": {"keys": ["c", "d"]},
            "number": {"value": "31415"},
            "short": {"accepted": make.both([f"{CANARY}-moved"])},
        }
        if version.kind in moved:
            document |= moved[version.kind]
        elif version.kind == "classify":
            document["key"] = dict.fromkeys("abcd", make.LABELS_OF_AN_ITEM[2])
        elif version.kind == "order":
            document["key"] = dict(zip("dcba", range(1, 5), strict=True))
        else:  # the ids are the key: the same partners stand there, and belong to others
            for choice in document["choices"]:
                choice["id"] = turned[choice["id"]]
            for response in version.shown_in.exclude(answer=None):
                response.answer = {pair: turned[partner] for pair, partner in response.answer.items()}
                response.save()
        version.save()
    KEPT.clear()  # a version is never changed, so a process keeps it


def ways_out(client, attempt):
    """{name: text} of all in which an answer that is saved comes back: pages, exports, search, a lost session."""
    texts = {}
    for address, page in everything_of(client, attempt).items():
        texts[address] = without_token(page)
    for way in ("json", "csv"):
        content = client.post(f"/en/my-data/{way}/").content
        if way == "csv":
            archive = zipfile.ZipFile(io.BytesIO(content))
            texts |= {name: archive.read(name).decode() for name in archive.namelist()}
        else:
            texts |= {f"json {name}": json.dumps(rows) for name, rows in json.loads(content).items()}
    module = attempt.responses.first().item.bank.module.get_absolute_url()
    for words in ("Choice", CANARY, "27182"):
        texts[f"search {words}"] = without_token(client.get(f"{module}search/?q={words}")).replace(words, "…")
    fields = {"page": 1} | saved_fields(attempt)
    texts["autosave"] = client.post(attempt.get_absolute_url(), fields, headers={"X-Autosave": "1"}).text
    texts["lost session"] = without_token(Client().post(attempt.get_absolute_url(), fields))
    return {name: told(text) for name, text in texts.items() if name not in ("json audit", "Log.csv")}


def everything_of(client, attempt):
    own = attempt.get_absolute_url().split("/", 2)[2]
    pages = [f"/{language}/{own}?page={number}" for language in ("en", "fr") for number in (1, 2, 3)]
    return crawl(client, "/en/", "/en/progress/", "/en/changes/", *pages, of_each=6)


def saved_fields(attempt):
    """What the first page sends again."""
    fields = {}
    for response in attempt.responses.filter(position__lte=5):
        fields |= make.fields(response, response.answer)
    return fields


def told(text):
    """A text without moments, which differ each time."""
    return re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.+Z]+|\d?\d:\d\d( [ap]\.?m\.?)?", "", text)


@pytest.mark.parametrize(
    ("browser", "use", "answer"),
    [
        ("as_awa", "quiz", make.wrong_answer),
        ("as_awa", "exam", make.half_answer),
        ("as_guest", "quiz", make.half_answer),
        ("as_guest", "review", make.wrong_answer),
    ],
)
def test_what_is_given_comes_back_the_same_wherever_the_key_is(request, browser, use, answer, of_every_kind):
    client = request.getfixturevalue(browser)
    learner = client.get("/en/").wsgi_request.user
    of_every_kind.module.document["exam"]["per_section"] = len(KINDS)
    of_every_kind.module.save()
    items = list(of_every_kind.bank.items.select_related("current_version"))
    attempt = {
        "quiz": lambda: make.quiz(learner, of_every_kind),
        "exam": lambda: make.exam(learner, of_every_kind.module),
        "review": lambda: Attempt.start_review(learner, items, timezone.now()),
    }[use]()
    rows = list(attempt.responses.select_related("shown_version"))
    assert {row.shown_version.kind for row in rows} == set(KINDS)
    attempt.save_answers({row.position: answer(row) for row in rows}, "en", timezone.now())
    before = ways_out(client, attempt)
    assert sorted(name for name, text in before.items() if CANARY in text or "27182" in text) == []
    assert any("Choice" in text for name, text in before.items() if name == "json responses")
    shift_the_keys()
    after = ways_out(client, attempt)
    assert {name for name in before if before[name] != after.get(name)} == set()
    assert set(after) == set(before)


@pytest.mark.parametrize("kind", KINDS)
def test_what_shows_an_open_item_is_not_even_handed_its_key(kind, of_every_kind):
    """Whatever the key, it is handed the same."""
    version = ItemVersion.objects.get(kind=kind)
    before = version.rules.asked(version.document, None)
    assert CANARY not in str(before)
    assert "27182" not in str(before)
    shift_the_keys()
    version.refresh_from_db()
    assert version.rules.asked(version.document, None) == before


def test_what_shows_a_marked_answer_refuses_one_that_is_not(awa, of_every_kind):
    attempt = make.quiz(awa, of_every_kind)
    for response in attempt.responses.select_related("shown_version"):
        with pytest.raises(Unmarked):
            response.review()
        with pytest.raises(Unmarked):
            render_to_string("quizzes/_marked.html", {"response": response})
