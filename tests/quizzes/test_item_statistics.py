"""Statistics of items from what was answered: what counts, the same as plain rows say, and what pages tell of it."""

import gc
import re
import statistics as plain
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.folding import name_key
from accounts.models import User
from lessons.models import Section
from quizzes import item_statistics, remarking
from quizzes.models import Attempt, ItemVersion, Response
from quizzes.models.draws import generator
from tests import make
from tests.cohorts.test_board import plain as words

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=3)


@pytest.fixture
def section():
    """Section `roots` of a module, whose quiz asks its three items `first`, `second` and `third`; the key is `a`."""
    section = make.section(make.module("mali"), slug="roots", draw=3)
    for slug in ("first", "second", "third"):
        make.item(section, slug=slug)
    return section


def words_of(response):
    return words(response.content.decode())


def sat(section, *quizzes):
    """Quizzes of new people, as (language, {slug of an item: option, `a` where none is said}), written at once."""
    names = [f"Learner number {User.objects.count()} {number}" for number in range(len(quizzes))]
    users = User.objects.bulk_create(User(name=name, name_key=name_key(name), look_key=name) for name in names)
    fields = {"module": section.module, "bank": section.bank, "use": "quiz", "seed": 1, "score": 0}
    fields |= {"started_at": make.NOW, "submitted_at": make.NOW}
    attempts = Attempt.objects.bulk_create(Attempt(learner=user, **fields) for user in users)
    items = list(section.bank.items.live().select_related("current_version").order_by("slug"))
    responses = [
        Response(
            attempt=attempt,
            position=position,
            item=item,
            shown_version=item.version,
            option_order=list("abcd"),
            answer=given.get(item.slug, "a"),
            language=language,
            is_first=True,
        )
        for attempt, (language, given) in zip(attempts, quizzes, strict=True)
        for position, item in enumerate(items, 1)
    ]
    for response in responses:
        response.mark(make.NOW)
    Response.objects.bulk_create(responses)


def sit(learner, section, language="en", at=make.NOW, **given):
    """A quiz handed in with these options, by the slug of the item; the others are right."""
    attempt = make.quiz(learner, section, at=at)
    rows = attempt.responses.select_related("item", "shown_version")
    answers = {row.position: given.get(row.item.slug, make.right_answer(row)) for row in rows}
    attempt.save_answers(answers, language, at)
    attempt.submit(at)
    return attempt


ALL_WRONG = dict.fromkeys(("first", "second", "third"), "b")


def class_of(section, good=18, middle=8, weak=14):
    """Learners who have all right, ten of them in French, miss `third`, or miss everything, `first` with `b`."""
    crowd = [("fr" if number < 10 else "en", {}) for number in range(good)]
    sat(section, *crowd, *[("en", {"third": "c"})] * middle, *[("en", ALL_WRONG)] * weak)


def figures(section, slug):
    [row] = [row for row in item_statistics.of_bank(section.bank) if row.item.slug == slug]
    return row


def expected(version):
    """What plain rows say of a version: scores, and pairs of a score with the mean of the others, each 0 to 1."""
    scores, pairs = [], []
    for row in Response.objects.filter(shown_version=version, is_first=True, score__isnull=False):
        others = Response.objects.filter(attempt=row.attempt_id, score__isnull=False).exclude(pk=row.pk)
        rest = list(others.values_list("score", flat=True))
        scores.append(float(row.score))
        pairs += [(float(row.score), float(sum(rest) / len(rest)))] if rest else []
    return scores, pairs


# What counts


def test_counts_and_rates_of_a_class(section):
    class_of(section)
    row = figures(section, "first")
    answers = row.answers
    assert (answers.count, answers.right, answers.partly, answers.wrong) == (40, 26, 0, 14)
    assert answers.facility.value == 0.65
    assert [(choice.letter, choice.is_key, choice.chosen) for choice in row.choices] == [
        ("A", True, 26),
        ("B", False, 14),
        ("C", False, 0),
        ("D", False, 0),
    ]
    assert row.statistics.thirds == (18, 8, 14)
    assert [share.people for share in row.choices[0].shares] == [18, 8, 0]
    assert [(code, each.count) for code, each in row.statistics.languages.items()] == [("en", 30), ("fr", 10)]


@pytest.mark.parametrize("seed", range(3))
def test_the_database_counts_what_plain_rows_say(section, seed):
    """Quizzes and exams, again and again, in two languages, of items of every kind, right, in part, wrong and blank."""
    rng = generator(seed)
    for kind in ("multiple", "classify", "order", "match", "number", "short"):
        make.item(section, kind=kind)
    for learner in [make.user(f"Learner number {number}") for number in range(6)]:
        for turn in range(3):
            at = make.NOW + timedelta(days=turn)
            attempt = (make.quiz if turn else make.exam)(learner, section if turn else section.module, at=at)
            rows = list(attempt.responses.select_related("shown_version"))
            give = (make.right_answer, make.right_answer, make.wrong_answer, make.half_answer, lambda row: None)
            attempt.save_answers({row.position: rng.choice(give)(row) for row in rows}, rng.choice(["en", "fr"]), at)
            attempt.submit(at)
    studied = {row.version.pk: row.answers for row in item_statistics.of_bank(section.bank)}
    compared = 0
    for version, answers in studied.items():
        scores, pairs = expected(version)
        assert answers.count == len(scores)
        if not scores:
            continue
        assert answers.facility.value == pytest.approx(plain.fmean(scores), abs=1e-9)
        item, rest = [one for one, _ in pairs], [other for _, other in pairs]
        if len(pairs) > 3 and len(set(item)) > 1 and len(set(rest)) > 1:
            assert answers.discrimination.value == pytest.approx(plain.correlation(item, rest), abs=1e-9)
            compared += 1
    assert compared


def test_only_the_first_answer_of_each_learner_counts(awa, section):
    sit(awa, section, first="b")
    sit(awa, section, at=LATER)
    assert (figures(section, "first").answers.count, figures(section, "first").answers.right) == (1, 0)


def test_neither_trials_nor_checks_nor_reviews_count(awa, bakary, section):
    trial = Attempt.start_quiz(bakary, section, make.NOW, is_trial=True)
    make.hand_in(trial, 3)
    attempt = sit(awa, section, first="b")
    make.give(attempt.retry(LATER), True, at=LATER)
    checked = make.item(section, slug="tried", uses=["check"])
    Attempt.answer_check(awa, checked, "a", list("abcd"), make.NOW)
    assert figures(section, "first").answers.count == 1
    assert figures(section, "tried").answers.count == 0


def test_what_an_erased_person_answered_stays(awa, section):
    sit(awa, section)
    awa.delete()
    assert figures(section, "first").answers.count == 1


def test_a_replaced_version_keeps_its_own_figures(awa, celia, section):
    item = section.bank.items.get(slug="first")
    sit(awa, section, first="b")
    make.version(item, stem=make.text("Asked anew?"))
    sit(celia, section)
    [now, before] = item_statistics.of_versions(item)
    assert [(row.version.number, row.is_current, row.answers.count, row.answers.right) for row in (now, before)] == [
        (2, True, 1, 1),
        (1, False, 1, 0),
    ]
    assert figures(section, "first").version == now.version


def test_a_version_that_nobody_answered_is_told_only_while_it_is_asked(section):
    item = section.bank.items.get(slug="first")
    make.version(item, stem=make.text("Asked anew?"))
    assert [row.version.number for row in item_statistics.of_versions(item)] == [2]


def test_scores_are_those_of_the_current_key_and_so_is_the_key(awa, section):
    item = section.bank.items.get(slug="first")
    sit(awa, section, first="b")
    make.version(item, key="b")
    for ids in remarking.batches():
        remarking.remark(ids, None, LATER)
    [_now, before] = item_statistics.of_versions(item)
    assert before.answers.right == 1
    assert [choice.letter for choice in before.choices if choice.is_key] == ["B"]


def test_what_counts_for_nobody_counts_neither_here_nor_among_the_others(awa, celia, section):
    for learner in (awa, celia):
        sit(learner, section, third="b")
    item = section.bank.items.get(slug="third")
    item.withdrawn_at = LATER
    item.save()
    for ids in remarking.batches():
        remarking.remark(ids, None, LATER)
    assert [row.item.slug for row in item_statistics.of_bank(section.bank)] == ["first", "second"]
    [row] = item_statistics.of_versions(item)
    assert row.answers.count == 0
    assert figures(section, "first").answers.sums == {1: [2, 20_000, 200_000_000, 20_000, 200_000_000, 200_000_000]}


def test_another_bank_and_another_item_are_apart(awa, section):
    other = make.section(section.module, draw=1)
    elsewhere = make.item(other)
    sit(awa, section)
    sit(awa, other)
    assert [row.answers.count for row in item_statistics.of_bank(other.bank)] == [1]
    assert [row.answers.count for row in item_statistics.of_versions(elsewhere)] == [1]
    assert [row.answers.count for row in item_statistics.of_bank(section.bank)] == [1, 1, 1]


def test_what_chose_nothing_is_told(awa, section):
    sit(awa, section, first=None)
    row = figures(section, "first")
    assert (row.statistics.blank, row.answers.wrong) == (1, 1)


def test_several_options_count_each(awa, section):
    item = make.item(section, kind="multiple", slug="several")
    response = make.answered(awa, item)
    assert response.is_first
    assert [choice.chosen for choice in figures(section, "several").choices] == [1, 1, 0, 0]


# A quiz or exam as a whole


def test_a_quiz_as_a_whole_is_of_first_quizzes_alone(awa, celia, bakary, section):
    sit(awa, section, first="b")
    sit(awa, section, at=LATER)
    sit(celia, section)
    make.hand_in(Attempt.start_quiz(bakary, section, make.NOW, is_trial=True), 0)
    make.exam(awa, section.module, right=3)
    make.quiz(make.user("Still at it"), section)
    [quizzes] = item_statistics.quizzes_of(section.bank)
    assert (quizzes.length, dict(quizzes.totals)) == (3, {20_000: 1, 30_000: 1})
    [exams] = item_statistics.exams_of(section.module)
    assert (exams.length, dict(exams.totals)) == (3, {30_000: 1})


def test_of_two_quizzes_at_one_moment_the_one_begun_first_counts(awa, section):
    sit(awa, section, first="b")
    sit(awa, section)
    assert dict(item_statistics.quizzes_of(section.bank)[0].totals) == {20_000: 1}


def test_a_quiz_in_which_something_counts_for_nobody_is_left_out(awa, celia, section):
    attempt = sit(awa, section)
    attempt.responses.filter(position=1).update(score=None)
    sit(celia, section, first="b")
    assert dict(item_statistics.quizzes_of(section.bank)[0].totals) == {20_000: 1}


# What pages tell

SECTION = "/en/modules/mali/roots/items/statistics/"
ITEM = "/en/modules/mali/roots/items/first/statistics/"


def test_a_teacher_reads_how_the_items_of_a_section_do(as_bakary, section):
    class_of(section)
    text = words_of(as_bakary.get(SECTION))
    assert "With 30 first answers or more: 3." in text
    assert "Option C is idle, 0 of 40 chose it" not in text  # below fifty people
    assert "0.65 0.50 to 0.78" in text
    assert "40 of 3 items each" in text.replace("First attempts ", "")
    assert "Not shown to be reliable enough for pass or fail" in text


def test_a_teacher_reads_how_one_item_does(as_bakary, section):
    class_of(section)
    text = words_of(as_bakary.get(ITEM))
    assert "40 26 right, 0 partly, 14 wrong" in text
    assert "Indicative: below 100 first answers" in text
    assert "upper third 18, middle 8, lower 14" in text
    assert "18 of 18" in text
    assert "English 30 silent below 30 French 10 silent below 30" in text  # else the whole would tell the French rate
    assert "What was left open has no language" in text


def test_bars_say_what_their_figures_say(as_bakary, section):
    class_of(section)
    page = as_bakary.get(ITEM).content.decode()
    assert 'class="fill" width="100.0%"' in page
    assert 'class="fill2" width="0.0%"' in page
    assert as_bakary.get(ITEM.replace("/en/", "/fr/")).content.decode().count('width="100.0%"') == page.count(
        'width="100.0%"'
    )


def test_items_to_look_at_come_first_with_what_to_do(as_bakary, section):
    strong, weak = {"first": "b"}, {"second": "b", "third": "b"}
    sat(section, *[("en", strong), ("en", weak)] * 25)
    text = words_of(as_bakary.get(SECTION))
    assert "check the key, and whether another answer can be defended" in text
    assert "Option B draws those who do well elsewhere, 25 of 25 in the upper third and 0 of 25 in the lower" in text
    assert "Option D is idle, 0 of 50 chose it" in text
    assert item_statistics.of_bank(section.bank)[0].item.slug == "first"


def test_what_is_easy_on_purpose_is_no_flag(section):
    sat(section, *[("en", {})] * 30)
    item = section.bank.items.get(slug="first")
    item.document["easy"] = make.text("The first one.")
    item.save()
    kinds = {row.item.slug: [flag.what for flag, _letter in row.flags] for row in item_statistics.of_bank(section.bank)}
    assert kinds == {"first": [], "second": ["easy"], "third": ["easy"]}


def test_below_thirty_there_are_counts_alone(as_bakary, section):
    sat(section, *[("en", {"first": "b"})] * 5)
    text = words_of(as_bakary.get(ITEM))
    assert "5 0 right, 0 partly, 5 wrong" in text
    assert "5 of 5" in text
    assert "from 30 first answers on" in text
    assert "Upper third" not in text
    assert "interval" not in text


def test_of_fewer_than_five_people_nothing_is_shown(as_bakary, section):
    sat(section, *[("en", {"first": "b"})] * 4)
    for address in (SECTION, ITEM):
        text = words_of(as_bakary.get(address))
        assert "ewer than five people" in text
        assert re.findall(r"\d of \d|\d right|\d partly|\d wrong|0\.\d", text) == []


def test_kinds_without_options_say_how_many_were_right(as_bakary, section):
    item = make.item(section, kind="classify", slug="labels")
    for number in range(6):
        make.answered(make.user(f"Learner number {number}"), item, right=number > 1)
    text = words_of(as_bakary.get(ITEM.replace("first", "labels")))
    assert "6 4 right, 0 partly, 2 wrong" in text
    assert "Nothing is chosen among options here" in text


def test_an_item_that_nobody_has_met_says_so(as_bakary, section):
    assert "Fewer than five people have answered it" in words_of(as_bakary.get(ITEM))
    assert "fewer than five people" in words_of(as_bakary.get(SECTION))


def test_a_withdrawn_item_has_no_page(as_bakary, section):
    section.bank.items.filter(slug="first").update(withdrawn_at=LATER)
    assert as_bakary.get(ITEM).status_code == 404


def test_pages_in_french_write_numbers_as_french_does(as_bakary, section):
    class_of(section)
    assert "0,65" in words_of(as_bakary.get(SECTION.replace("/en/", "/fr/")))


@pytest.fixture
def as_editor(db, client):
    client.force_login(make.user("Ely", is_staff=True))
    return client


def test_editors_see_what_stands_out_in_all_banks(as_editor, as_bakary, section):
    other = make.section(section.module, draw=1)
    make.item(other, slug="elsewhere")
    sat(other, *[("en", {})] * 30)
    sat(section, *[("en", {})] * 30)
    Attempt.objects.filter(bank=section.bank).update(use="exam", bank=None)
    text = words_of(as_editor.get("/en/statistics/"))
    assert "4 of 4 items in all banks stand out" in text
    assert "all scores are equal" in text
    assert "The mean score is above 0.95. For information" in text
    assert as_bakary.get("/en/statistics/").status_code == 404


def test_of_all_banks_the_text_of_what_does_not_stand_out_is_let_go(section, monkeypatch):
    monkeypatch.setattr(item_statistics, "ITEMS_AT_ONCE", 1)
    half = {"first": "c", "second": "c"}
    sat(section, *[("en", {}), ("en", half)] * 15)

    def kept():
        gc.collect()
        return sum(type(thing) is ItemVersion for thing in gc.get_objects())

    before = kept()
    rows, modules = item_statistics.of_sections(Section.objects.all())
    assert [row.item.slug for row in rows] == ["third"]
    assert modules == {section.module: 3}
    assert kept() - before == 1


def test_numbers_go_on_on_the_next_page(as_editor, section, monkeypatch):
    monkeypatch.setattr("quizzes.views.banks.MOST", 2)
    sat(section, *[("en", {})] * 30)
    numbers = [
        re.findall(r'class="no num">(\d+)<', as_editor.get(f"/en/statistics/?page={page}").content.decode())
        for page in (1, 2)
    ]
    assert numbers == [["1", "2"], ["3"]]


def test_exams_stand_by_the_title_of_their_module(as_editor):
    for slug in ("zinder", "aguelhok", "mopti"):
        make.item(make.section(make.module(slug)))
    text = words_of(as_editor.get("/en/statistics/"))
    assert re.findall(r"The case of (\w+)", text.partition("Exams as a whole")[2]) == ["aguelhok", "mopti", "zinder"]


def test_a_quiz_of_one_item_has_no_alpha_and_says_why(as_bakary):
    alone = make.section(make.module("mali"), slug="roots", draw=1)
    make.item(alone, slug="first")
    sat(alone, *[("en", {"first": "b"})] * 15, *[("en", {})] * 15)
    text = words_of(as_bakary.get(SECTION))
    assert "takes two items or more" in text
    assert "all scores are equal" not in text


def test_the_site_with_nothing_answered(as_editor):
    assert "0 of 0 items" in words_of(as_editor.get("/en/statistics/"))


def test_more_people_and_items_cost_no_more_queries(as_bakary, as_editor, section):
    def cost(client, address):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    clients = {SECTION: as_bakary, ITEM: as_bakary, "/en/statistics/": as_editor}
    sit(make.user("One"), section)
    before = {address: cost(client, address) for address, client in clients.items()}
    class_of(section, 12, 12, 12)
    for _ in range(4):
        make.item(section)
    make.version(section.bank.items.get(slug="first"), stem=make.text("Asked anew?"))
    assert {address: cost(client, address) for address, client in clients.items()} == before
    assert max(before.values()) <= 8


def test_ways_lead_there(as_bakary, section):
    assert SECTION in as_bakary.get("/en/modules/mali/roots/items/").content.decode()
    assert ITEM in as_bakary.get("/en/modules/mali/roots/items/first/").content.decode()
    assert ITEM in as_bakary.get(SECTION).content.decode()
