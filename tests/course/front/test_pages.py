"""What whoever is sent a link finds before they begin, and that asking and looking keeps nothing of them."""

import csv
import io
import itertools
import re
from collections import Counter

import polib
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from cohorts.models import Certificate
from course.front import PAGES
from lessons.models import Claim
from quizzes.models import Attempt, Item
from tests import make
from tests.conftest import browser_of
from tests.crawl import LINK

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "fr"]
SAMPLES = ["sample_sheet", "sample_items", "specimen"]


def main(response):
    return response.text.split("<main")[1].split("</main>")[0]


def links(text):
    return {link.split("#")[0].split("?")[0] for link in LINK.findall(text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_filled_in_and_each_of_its_links_leads_somewhere(client, loaded, language):
    seen = set()
    for name in [*PAGES, *SAMPLES, "corrections", "home", "try"]:
        with translation.override(language):
            response = client.get(reverse(str(name)))
        assert response.status_code == 200, name
        assert re.findall(r"\{[a-z_]+\}|#page:|operator:|show:", main(response)) == [], name
        seen |= links(response.text)
    broken = {link for link in seen if not link.startswith("/static/") and client.get(link).status_code >= 400}
    assert broken == set()


QUOTED = {"en": r"“([^”]+)”", "fr": r"«\s*([^»]+?)\s*»"}
OF_THE_MODULE = ["mali", "Critical reading: a Sahel case study", "Lecture critique : une étude de cas au Sahel"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["teach", "onboard", "start", "help"])
def test_what_stands_in_quotation_marks_are_words_of_the_pages(part, language):
    """A button that is renamed is renamed in what tells people to press it."""
    catalogue = polib.pofile(settings.BASE_DIR / "locale/fr/LC_MESSAGES/django.po")
    words = [[one.msgid, one.msgid_plural] if language == "en" else [one.msgstr] for one in catalogue]
    shown = re.sub(r"\s+", " ", " | ".join(itertools.chain(*words)))
    text = (settings.BASE_DIR / f"content/mali/front/{part}.{language}.md").read_text()
    quoted = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", words) for words in re.findall(QUOTED[language], text)]
    assert len(quoted) > 5
    pieces = [piece.strip() for words in quoted if words not in OF_THE_MODULE for piece in words.split("…")]
    assert [piece for piece in pieces if piece not in shown] == []


def test_whoever_makes_an_account_to_teach_is_led_on_to_the_cohort(client, loaded):
    way = re.search(r'href="([^"]+)">Choose a name and a password', client.get("/en/teach/").text)[1]
    form = client.get(way.replace("&amp;", "&")).text
    onward = re.search(r'name="next" value="([^"]+)"', form)[1]
    words = client.post("/en/accounts/sign-up/", {"name": "Bakary", "password": make.PASSWORD, "next": onward})
    assert 'class="btn btn-primary" href="/en/cohorts/new/"' in words.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_two_taps_from_the_first(client, loaded, language):
    first = links(client.get(f"/{language}/").text)
    second = first.union(*(links(client.get(link).text) for link in first if not link.startswith("/static/")))
    with translation.override(language):
        assert {reverse(str(name)) for name in [*PAGES, *SAMPLES, "corrections", "sample_file"]} <= second


@pytest.mark.parametrize("path", ["", "accounts/sign-in/", "modules/mali/", "modules/mali/claims/", "join/"])
def test_the_foot_of_every_page_says_who_what_and_whom_to_ask(client, loaded, path):
    foot = client.get(f"/en/{path}").text.split('<footer class="foot"')[1]
    wanted = ["About", "Sources", "Corrections", "Reuse", "What is stored", "Accessibility", "Help", "Contact"]
    assert [words for words in wanted if f">{words}</a>" not in foot] == []


def test_the_first_page_tells_the_findings_as_the_ledger_has_them(client, loaded):
    counts = Counter(claim.get_verdict_display() for claim in loaded.claims.live().exclude(verdict=None))
    page = main(client.get("/en/"))
    table = dict(re.findall(r'<th scope="row">([^<]+)</th><td class="num">(\d+)</td>', page))
    assert {words.strip(): int(number) for words, number in table.items()} == counts
    assert f"{counts.total()} statements" in page


def test_whoever_has_begun_sees_where_they_are_instead(client, loaded, awa):
    make.reading(awa, loaded.sections.first().lessons.first())
    page = main(browser_of(awa).get("/en/"))
    assert "Where you are" in page
    assert "Can you quote it?" not in page
    assert "Can you quote it?" in main(client.get("/en/"))


ASKED = {  # statements of a page that nobody asked for before in this process
    **dict.fromkeys(PAGES, 3),
    **dict.fromkeys(["about", "teach", "onboard", "data-sheet", "reuse"], 6),
    "sample_sheet": 4,
    "sample_items": 6,
    "specimen": 3,
    "sample_file": 1,
    "sources": 1,
    "try": 5,
    "corrections": 6,
    "corrections_feed": 4,
    "home": 7,
    "sitemap": 8,
}


@pytest.mark.parametrize("name", ASKED)
def test_a_page_asks_the_database_little_and_once_in_a_process(client, loaded, django_assert_max_num_queries, name):
    with django_assert_max_num_queries(ASKED[name]):
        client.get(reverse(str(name)))
    if name in [*PAGES, *SAMPLES, "corrections"]:
        with django_assert_max_num_queries(1):
            response = client.get(reverse(str(name)))
        again = client.get(reverse(str(name)), headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_at_most_14_kb_as_it_is_sent(client, loaded, language):
    """Quality A1; the first page, which knows its reader, is weighed in a browser."""
    weights = {}
    with translation.override(language):
        for name in [*PAGES, *SAMPLES, "corrections"]:
            response = client.get(reverse(str(name)), headers={"accept-encoding": "gzip"})
            weights[str(name)] = len(response.content)
    assert {name: weight for name, weight in weights.items() if weight > 14 * 1024} == {}


def test_the_first_page_asks_as_little_as_before_of_whoever_has_not_begun(
    as_awa, loaded, django_assert_max_num_queries
):
    as_awa.get("/en/")
    with django_assert_max_num_queries(8):
        page = main(as_awa.get("/en/"))
    assert "Can you quote it?" in page


def test_a_page_is_kept_for_the_host_that_was_asked(client, loaded, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    for host in ("one.example", "two.example", "one.example"):
        page = client.get("/en/reuse/", headers={"host": host}).text
        assert f"http://{host}/en/modules/mali/" in page
        assert page.count("http://one.example") * page.count("http://two.example") == 0


def test_corrections_as_the_former_release_wrote_them_are_shown(client):
    module = make.section(make.module("mali")).module
    make.annex(module, "corrections", make.both({"title": "Corrected", "html": "<p>The year of the bridge.</p>"}))
    assert "The year of the bridge." in main(client.get("/en/corrections/"))


def test_a_day_is_the_same_whoever_was_there_first(client, loaded):
    far = browser_of(make.user("Teuea", time_zone="Pacific/Kiritimati"))
    page = main(far.get("/en/onboard/certificate/"))
    assert main(client.get("/en/onboard/certificate/?again=1")) == page


def test_a_long_address_is_no_part_of_a_specimen(client, loaded):
    assert client.get(f"/en/onboard/certificate/?x={'A' * 3500}").status_code == 200


def test_the_ledger_shows_all_claims_a_page_at_a_time(client, loaded):
    wrong = loaded.claims.live().filter(verdict="wrong").count()
    page = main(client.get("/en/modules/mali/claims/?section=all&verdict=wrong"))
    assert f"{wrong} claims" in page
    assert "page=2" in main(client.get("/en/modules/mali/claims/?section=all"))


def test_a_course_that_says_nothing_of_itself_shows_what_the_operator_says(client, settings):
    settings.OPERATOR = {"host": {"": "River Hosting"}}
    assert "River Hosting" in main(client.get("/en/about/"))  # nothing is loaded yet
    make.lesson(make.section(make.module("bare")))
    assert ["River Hosting" in main(client.get(reverse(str(name)))) for name in PAGES] == [True] * len(PAGES)
    assert "What was corrected" in main(client.get("/en/corrections/"))
    assert {client.get(reverse(name)).status_code for name in ("sample_items", "try")} == {404}
    page = main(client.get("/en/"))
    assert "The case of bare" in page
    assert "Straight to the lesson" in page or "Start the first lesson" in page


# A question to try


def test_a_question_is_answered_at_once_and_nothing_is_kept(client, loaded):
    page = client.get("/en/")
    assert "Who counted the sheets" in main(page)
    told = client.post("/en/try/", {"q1": "1"})
    explained = Item.objects.get(slug="pre-millions").document["explanation"]["en"]
    assert explained in told.text
    assert explained not in page.text
    assert "Nothing of this was kept." in told.text
    assert (User.objects.count(), Attempt.objects.count(), Session.objects.count()) == (0, 0, 0)
    assert "session" not in client.cookies


@pytest.mark.parametrize("posted", [{}, {"q1": ""}, {"q1": "99"}, {"q1": "x" * 300}, {"other": "1"}])
def test_no_answer_is_told_as_none(client, loaded, posted):
    page = client.post("/fr/try/", posted)
    assert page.status_code == 200
    assert "Rien de tout cela n’a été conservé." in page.text
    assert "Sans réponse" in main(page)


def test_in_another_language_the_choice_comes_along(client, loaded):
    page = client.post("/fr/try/", {"q1": "1", "show": "1"})
    assert page.status_code == 200
    assert page.text.count(" checked") == 1


def test_no_page_of_the_front_door_gives_away_a_key_of_a_quiz(client, loaded):
    """Keys stand on the page of samples alone, and those are asked in no quiz and no exam."""
    asked = Item.objects.live().exclude(slug__in=["pre-quote-an-advocate", "to-its-credit", "shown-by-whom"])
    secrets = {row.document["explanation"]["en"] for row in asked}
    pages = "".join(client.get(reverse(str(name))).text for name in [*PAGES, *SAMPLES, "home", "corrections"])
    assert [text for text in secrets if text in pages] == []
    assert Item.objects.get(slug="to-its-credit").document["explanation"]["en"] in pages


# Samples


def test_a_specimen_says_that_it_certifies_nothing_and_no_certificate_is_made(client, loaded):
    page = main(client.get("/en/onboard/certificate/"))
    assert "Specimen: it certifies nothing" in page
    assert "Passed the quizzes of 8 sections" in page
    assert not Certificate.objects.exists()


def test_the_sample_file_has_the_columns_of_the_real_one_and_nobody_in_it(client, loaded, as_bakary, bakary, awa):
    cohort = make.cohort(bakary, [awa])
    assignment = make.assignment(cohort, loaded)
    real = as_bakary.post(reverse("cohorts:done_csv", args=[cohort.pk, assignment.pk])).getvalue()
    sample = client.get("/en/onboard/file/").content
    rows = [list(csv.reader(io.StringIO(file.decode("utf-8-sig")))) for file in (real, sample)]
    assert rows[0][0] == rows[1][0]
    assert all(row[0].startswith("Invented name") for row in rows[1][1:])
    wanted = {"done", "done late", "not done", "overdue", "not joined", "excused", "expired"}
    assert {row[3] for row in rows[1][1:]} == wanted
    assert client.get("/fr/onboard/file/").content.decode("utf-8-sig").splitlines()[0].count(";") == 7


# What the operator says


def test_what_the_operator_does_not_say_is_told_plainly_on_the_page_and_at_the_desk(client, loaded, settings):
    settings.OPERATOR = {}
    assert main(client.get("/en/about/")).count("Whoever runs this copy has not said.") >= 6
    assert "who pays for it" in main(client.get("/en/data-sheet/"))
    desk = browser_of(make.user("Ely", is_staff=True)).get("/en/admin/").text
    assert "who pays for it" in desk


def test_what_the_operator_says_stands_there_in_each_language(client, loaded, settings):
    settings.OPERATOR = {
        "paid_by": {"en": "The <River> School", "fr": "L’école du fleuve"},
        "contact": {"": "help@example.org"},
    }
    page = main(client.get("/en/about/"))
    assert "The &lt;River&gt; School" in page
    assert 'href="mailto:help@example.org"' in page
    assert "L’école du fleuve" in main(client.get("/fr/about/"))
    assert "who pays for it" not in main(client.get("/en/data-sheet/"))
    assert "who pays for it" not in browser_of(make.user("Ely", is_staff=True)).get("/en/admin/").text


def test_what_is_said_in_one_language_alone_is_shown_in_the_other(client, loaded, settings):
    settings.OPERATOR = {"host": {"fr": "Hébergeur du fleuve"}}
    assert "Hébergeur du fleuve" in main(client.get("/en/data-sheet/"))


def test_a_course_without_an_article_leads_to_none(client):
    section = make.section(make.module("bare"))
    make.lesson(section)
    make.front(section.module)
    assert "/article/" not in main(client.get("/en/"))
    make.article(section.module)
    assert "/article/" in main(client.get("/en/"))


# The right to see keys


def test_whoever_may_not_teach_is_told_how_to_ask_whatever_the_address_names(as_awa, as_guest, settings):
    settings.OPERATOR = {"teaching": {"": "Write to keys@example.org"}}
    section = make.section(make.module("mali"), slug="roots")
    make.item(section, slug="pier")
    named = ("mali/roots/sheet/", "mali/roots/items/", "mali/roots/items/pier/", "mali/roots/items/no/", "no/no/sheet/")
    pages = [as_awa.get(f"/en/modules/{path}") for path in named]
    assert {page.status_code for page in pages} == {403}
    assert len({re.sub(r"modules/[^\"]*", "", main(page)) for page in pages}) == 1
    assert "your name here is “Awa”" in main(pages[0])
    assert "mailto:keys@example.org" in main(pages[0])
    assert "First choose a name" in main(as_guest.get("/en/modules/mali/roots/sheet/"))


# Sharing, robots


def test_a_link_that_is_sent_shows_neutral_words_and_both_languages(client, loaded):
    lesson, claim = "modules/mali/who-is-speaking/five-labels/", "modules/mali/claims/M001/"
    for path in ("", "about/", "modules/mali/", lesson, claim):
        head = client.get(f"/fr/{path}").text.split("</head>")[0]
        assert f'hreflang="en" href="http://testserver/en/{path}"' in head
        assert f'hreflang="fr" href="http://testserver/fr/{path}"' in head
        shown = re.findall(r'<meta (?:name|property)="(?:description|og:[a-z_]+)" content="([^"]*)"', head)
        assert len(shown) >= 6
        assert not re.search(r"Mali|Russ", " ".join(shown))
        assert 'content="http://testserver/static/share' in head


def test_pages_of_a_person_share_nothing(as_awa, loaded):
    for path in ("own/", "my-data/", "progress/", "review/"):
        assert "og:title" not in as_awa.get(f"/en/{path}").text


def test_the_sitemap_names_pages_that_everybody_may_read_and_no_other(client, loaded, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    listed = re.findall(r"<loc>http://testserver([^<]+)</loc>", client.get("/sitemap.xml").text)
    assert len(listed) == len(set(listed)) > 400
    assert {"/en/", "/fr/about/", "/en/modules/mali/claims/M001/", "/fr/modules/mali/roots/"} <= set(listed)
    some = [path for path in listed if "/claims/" not in path]
    responses = {path: client.get(path) for path in some}
    assert {path for path, response in responses.items() if response.status_code != 200} == set()
    assert {path for path, response in responses.items() if "X-Robots-Tag" in response} == set()
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").text


def test_a_module_of_some_cohorts_alone_is_no_front_door(client, awa):
    hidden = make.module("hidden", visibility="cohorts", owner=awa)
    make.front(hidden)
    make.corrections(hidden)
    assert "About about." not in client.get("/en/about/").text
    assert "hidden" not in client.get("/sitemap.xml").text
    assert client.get("/en/corrections/feed/").status_code == 404


def test_a_claim_names_what_the_course_had_wrong_of_it(client):
    claim = make.claim()
    make.corrections(claim.module)
    make.annex(claim.module, "log", {"entries": [make.correction("bridge", claims=[claim.key])]})
    page = main(client.get(claim.get_absolute_url()))
    assert f'href="/en/modules/{claim.module.slug}/corrections/#log-bridge"' in page
    assert Claim.objects.get().key in main(client.get("/en/corrections/"))
