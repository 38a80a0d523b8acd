"""Statistics of banks and quizzes of one's own: what they flag, whose answers count, and who sees them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from quizzes import item_statistics
from quizzes.models import Bank, Item
from tests import make
from tests.cohorts.test_board import plain

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=3)
GOOD = 4
STEMS = ["Sound one?", "Sound two?", "Sound three?", "Sound four?", "With a wrong key?", "Taught nowhere?"]


@pytest.fixture
def bank(bakary):
    bank = make.bank(bakary, title="Rivers")
    for stem in STEMS:
        make.own_item(bank, stem=stem)
    return bank


@pytest.fixture
def quiz(bakary, bank):
    return make.own_quiz(bakary, bank.items.all(), title="After the first week")


def words_of(client, address):
    return plain(client.get(address).content.decode())


def sit(quiz, is_right, at=make.NOW, learner=None):
    """A sitting handed in, in which an item is right if `is_right(its place among the quiz's items)`."""
    attempt = make.own_sitting(learner or make.user(f"Learner {User.objects.count()}"), quiz, at=at)
    order = list(quiz.items.order_by("pk").values_list("pk", flat=True))
    rows = list(attempt.responses.select_related("shown_version"))
    answers = {
        row.position: (make.right_answer if is_right(order.index(row.item_id)) else make.wrong_answer)(row)
        for row in rows
    }
    attempt.save_answers(answers, "en", at)
    attempt.submit(at)
    return attempt


def class_of(quiz, count=35):
    """So many learners, the first the weakest: the sound items tell them apart, of the last two neither does."""
    for rank in range(count):
        sit(quiz, lambda place, rank=rank: rank > 4 + 6 * place if place < GOOD else place == GOOD and rank < 15)


def stems(rows):
    return [row.version.stem for row in rows]


def test_after_a_class_the_two_bad_questions_are_flagged_with_what_to_do(as_bakary, bank, quiz):
    class_of(quiz)
    for address in (f"/en/quizzes/{quiz.pk}/statistics/", f"/en/banks/{bank.pk}/statistics/"):
        shown = as_bakary.get(address)
        assert sorted(stems(shown.context["flagged"])) == sorted(STEMS[GOOD:])
        text = plain(shown.content.decode())
        assert "With 30 first answers or more: 6. To look at: 2." in text
        assert "Those who do well elsewhere do worse here: check the key" in text
        assert "The mean score is below 0.20: check the key, and whether what is asked was taught." in text


def test_a_quiz_is_told_as_a_whole_from_first_attempts_of_equal_length(as_bakary, awa, quiz):
    class_of(quiz, 34)
    sit(quiz, lambda place: True, learner=awa)
    sit(quiz, lambda place: False, at=LATER, learner=awa)
    make.own_sitting(quiz.owner, quiz, 6, is_trial=True)
    [sittings] = item_statistics.sittings_of_quiz(quiz)
    assert (sittings.count, sittings.length, sittings.totals[60_000], sittings.totals[0]) == (35, 6, 1, 0)
    text = words_of(as_bakary, f"/en/quizzes/{quiz.pk}/statistics/")
    for words in (
        "35 of 6 items each",
        "median",
        "standard deviation",
        "Cronbach’s alpha",
        "standard error of a score",
    ):
        assert words in text


def test_below_thirty_there_are_counts_and_below_five_nothing(as_bakary, bank, quiz):
    item = bank.items.order_by("pk").first()
    addresses = [
        f"/en/quizzes/{quiz.pk}/statistics/",
        f"/en/banks/{bank.pk}/statistics/",
        f"/en/banks/{bank.pk}/items/{item.pk}/statistics/",
    ]
    class_of(quiz, 4)
    for address in addresses:
        assert re.findall(r"\d of \d|\d right|0\.\d", words_of(as_bakary, address)) == []
    class_of(quiz, 1)
    text = words_of(as_bakary, addresses[2])
    assert "5 0 right, 0 partly, 5 wrong" in text
    assert "from 30 first answers on" in text
    assert "silent below 30" in words_of(as_bakary, addresses[0])


def test_colleagues_see_of_a_shared_bank_what_everybody_answered(as_danso, bakary, danso, bank, quiz):
    item = bank.items.order_by("pk").first()
    addresses = [f"/en/banks/{bank.pk}/statistics/", f"/en/banks/{bank.pk}/items/{item.pk}/statistics/"]
    assert [as_danso.get(address).status_code for address in addresses] == [404, 404]
    make.cohort(danso).banks.add(bank)
    theirs = make.own_quiz(danso, bank.items.all())
    class_of(quiz, 3)
    class_of(theirs, 3)
    assert "6 0 right, 0 partly, 6 wrong" in words_of(as_danso, addresses[1])
    assert [row.answers.count for row in item_statistics.of_bank(bank)] == [6] * 6
    assert as_danso.get(f"/en/quizzes/{quiz.pk}/statistics/").status_code == 404
    assert "Change the question" not in words_of(as_danso, addresses[1])


def test_an_item_of_the_course_counts_where_it_was_asked_first(as_bakary, bakary, awa, celia):
    section = make.section(make.module("mali"), slug="roots", draw=1)
    item = make.item(section, slug="first")
    quiz = make.own_quiz(bakary, [item])
    make.quiz(awa, section, right=1)
    make.own_sitting(awa, quiz, 0, LATER)
    make.own_sitting(celia, quiz, 0)
    make.quiz(celia, section, right=1, at=LATER)
    [of_course], [of_quiz] = item_statistics.of_bank(section.bank), item_statistics.of_quiz(quiz, Bank.objects.all())
    assert [(row.answers.right, row.answers.wrong) for row in (of_course, of_quiz)] == [(1, 1), (1, 1)]
    assert "/en/modules/mali/roots/items/first/statistics/" in as_bakary.get(f"/en/quizzes/{quiz.pk}/statistics/").text


def test_what_a_rule_drew_is_told_and_what_was_never_asked_is_not(awa, bakary, bank):
    quiz = make.own_quiz(bakary, [], [(bank, 2)])
    attempt = make.own_sitting(awa, quiz, 2)
    asked = {row.item_id for row in attempt.responses.all()}
    make.own_sitting(bakary, quiz, 2, is_trial=True)
    assert {row.item.pk for row in item_statistics.of_quiz(quiz, Bank.objects.all())} == asked


def test_of_a_bank_that_is_shared_no_more_nothing_is_told(as_bakary, bakary, danso, awa):
    cohort = make.cohort(danso)
    make.staff(cohort, bakary)
    theirs = make.bank(danso, cohort=cohort)
    quiz = make.own_quiz(bakary, [make.own_item(theirs, stem="Whose lake?")])
    make.own_sitting(awa, quiz, 1)
    address = f"/en/quizzes/{quiz.pk}/statistics/"
    assert "Whose lake?" in words_of(as_bakary, address)
    theirs.cohorts.clear()
    text = words_of(as_bakary, address)
    assert "Whose lake?" not in text
    assert "not open to you any more is left out" in text


def test_drafts_without_a_version_and_what_is_withdrawn_have_no_figures(as_bakary, bank):
    draft, gone = make.own_item(bank, is_draft=True), bank.items.order_by("pk").first()
    Item.objects.filter(pk=gone.pk).update(withdrawn_at=LATER)
    assert len(as_bakary.get(f"/en/banks/{bank.pk}/statistics/").context["rows"]) == len(STEMS) - 1
    for item in (draft, gone):
        address = f"/en/banks/{bank.pk}/items/{item.pk}/"
        assert as_bakary.get(f"{address}statistics/").status_code == 404
        assert "statistics/" not in as_bakary.get(address).text


def test_a_bank_of_drafts_says_that_there_are_no_figures_instead_of_an_empty_table(as_bakary, bakary):
    drafts = make.bank(bakary)
    make.own_item(drafts, is_draft=True)
    page = as_bakary.get(f"/en/banks/{drafts.pk}/statistics/").text
    assert "None of them is asked yet" in page
    assert "<table" not in page
    assert "0 items" not in page


def test_a_changed_question_keeps_the_figures_of_its_former_version(as_bakary, bank, quiz):
    class_of(quiz, 5)
    item = bank.items.order_by("pk").first()
    make.version(item, stem=make.text("Asked anew?"))
    text = words_of(as_bakary, f"/en/banks/{bank.pk}/items/{item.pk}/statistics/")
    assert "Version 2, asked now" in text
    assert "Version 1, asked before" in text


def test_ways_lead_there(as_bakary, bank, quiz):
    item = bank.items.order_by("pk").first()
    for page in (f"/en/banks/{bank.pk}/", f"/en/banks/{bank.pk}/items/{item.pk}/", f"/en/quizzes/{quiz.pk}/"):
        assert f'href="{page}statistics/"' in as_bakary.get(page).text
    of_item = f'href="/en/banks/{bank.pk}/items/{item.pk}/statistics/"'
    assert of_item in as_bakary.get(f"/en/banks/{bank.pk}/statistics/").text
    assert of_item in as_bakary.get(f"/en/quizzes/{quiz.pk}/statistics/").text


def test_more_people_and_questions_cost_no_more_queries(as_bakary, bank, quiz):
    item = bank.items.order_by("pk").first()
    addresses = {
        f"/en/quizzes/{quiz.pk}/statistics/": 9,
        f"/en/banks/{bank.pk}/statistics/": 8,
        f"/en/banks/{bank.pk}/items/{item.pk}/statistics/": 8,
    }

    def costs():
        counts = []
        for address in addresses:
            as_bakary.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert as_bakary.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    class_of(quiz, 1)
    before = costs()
    for _ in range(3):
        quiz.items.add(make.own_item(bank), make.item())
    class_of(quiz, 4)
    assert costs() == before
    assert all(cost <= most for cost, most in zip(before, addresses.values(), strict=True))
