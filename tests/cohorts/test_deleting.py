"""Deleting a quiz and a bank of one's own: asked first, refused where somebody would lose something."""

import pytest

from cohorts.models import QuizAssignment
from quizzes.models import Attempt, Bank, Item, ItemVersion, Quiz
from tests import make
from tests.cohorts.test_board import plain
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(bakary):
    bank = make.bank(bakary, title="Rivers")
    make.own_item(bank)
    make.own_item(bank, is_draft=True)
    return bank


@pytest.fixture
def quiz(bakary, bank):
    return make.own_quiz(bakary, bank.items.whole(), title="After the first week")


def words_of(page):
    return plain(page.content.decode())


# A quiz


def test_a_quiz_is_deleted_after_a_question_and_its_items_stay(as_bakary, bakary, bank, quiz):
    make.own_sitting(bakary, quiz, 1, is_trial=True)
    address = f"/en/quizzes/{quiz.pk}/delete/"
    assert f'href="{address}"' in as_bakary.get(f"/en/quizzes/{quiz.pk}/").text
    assert "Delete “After the first week”?" in words_of(as_bakary.get(address))
    assert Quiz.objects.exists()
    page = as_bakary.post(address)
    assert (page.status_code, page["Location"]) == (302, "/en/quizzes/")
    assert (Quiz.objects.count(), Attempt.objects.count(), bank.items.count()) == (0, 0, 2)
    assert as_bakary.post(address).status_code == 404


def test_a_quiz_that_is_set_stays_and_the_page_leads_to_where_it_is_taken_back(as_bakary, bakary, quiz):
    row = make.set_quiz(make.cohort(bakary), quiz)
    address = f"/en/quizzes/{quiz.pk}/delete/"
    for page, status in ((as_bakary.get(address), 200), (as_bakary.post(address), 409)):
        assert page.status_code == status
        assert "It is set. Take it back first" in words_of(page)
        assert f'href="/en/cohorts/{row.cohort_id}/quizzes/{row.pk}/dates/"' in page.text
        assert '<button class="btn btn-primary">' not in page.text
    row.delete()
    assert as_bakary.post(address).status_code == 302


def test_a_page_of_a_cohort_that_one_teaches_no_more_is_not_led_to(as_bakary, danso, quiz):
    row = make.set_quiz(make.cohort(danso), quiz)
    text = words_of(as_bakary.get(f"/en/quizzes/{quiz.pk}/delete/"))
    assert "Autumn: you do not teach it, so its staff takes it back." in text
    for address in (f"/en/quizzes/{quiz.pk}/delete/", "/en/quizzes/"):
        assert f"/cohorts/{row.cohort_id}/" not in as_bakary.get(address).text


@pytest.mark.parametrize("right", [None, 1])
def test_a_quiz_that_somebody_has_begun_stays(as_bakary, awa, quiz, right):
    make.own_sitting(awa, quiz, right)
    page = as_bakary.post(f"/en/quizzes/{quiz.pk}/delete/")
    assert (page.status_code, "Somebody has begun it" in words_of(page)) == (409, True)
    assert Attempt.objects.get().quiz == quiz


def test_a_quiz_stays_for_whoever_was_erased(as_bakary, awa, quiz):
    make.own_sitting(awa, quiz, 1)
    awa.delete()
    assert as_bakary.post(f"/en/quizzes/{quiz.pk}/delete/").status_code == 409


def test_nobody_else_deletes_a_quiz(as_danso, quiz):
    assert as_danso.post(f"/en/quizzes/{quiz.pk}/delete/").status_code == 404
    assert Quiz.objects.exists()


def test_of_setting_and_deleting_at_once_one_gives_way(in_parallel, bakary, quiz):
    cohort = make.cohort(bakary)
    works = [
        (f"/en/cohorts/{cohort.pk}/quizzes/new/", {"quiz": quiz.pk, "opens_at": "2026-11-03T12:00"}),
        (f"/en/quizzes/{quiz.pk}/delete/", {}),
    ]
    set_it, deleted = in_parallel(lambda number: browser_of(bakary).post(*works[number]).status_code, 2)
    assert (set_it, deleted) in {(302, 409), (422, 302)}
    assert Quiz.objects.exists() == QuizAssignment.objects.exists() == (set_it == 302)


# A bank


def test_a_bank_is_deleted_with_questions_that_nobody_has_met(as_bakary, bank):
    address = f"/en/banks/{bank.pk}/delete/"
    assert f'href="{address}"' in as_bakary.get(f"/en/banks/{bank.pk}/").text
    assert "2 questions go with it" in words_of(as_bakary.get(address))
    page = as_bakary.post(address)
    assert (page.status_code, page["Location"]) == (302, "/en/banks/")
    assert (Bank.objects.count(), Item.objects.count(), ItemVersion.objects.count()) == (0, 0, 0)
    assert as_bakary.post(address).status_code == 404


def test_an_empty_bank_is_deleted(as_bakary, bakary):
    bank = make.bank(bakary)
    assert "It has no questions." in words_of(as_bakary.get(f"/en/banks/{bank.pk}/delete/"))
    assert as_bakary.post(f"/en/banks/{bank.pk}/delete/").status_code == 302


def refused(client, bank):
    """What the page says of a bank that stays, whether it is looked at or sent."""
    address = f"/en/banks/{bank.pk}/delete/"
    shown, sent = client.get(address), client.post(address)
    assert (shown.status_code, sent.status_code) == (200, 409)
    assert (Bank.objects.count(), Item.objects.count()) == (1, 2)
    text = words_of(sent)
    assert text == words_of(shown)
    assert "This bank stays" in text
    return text


def test_a_bank_that_is_shared_stays(as_bakary, bakary, bank):
    make.cohort(bakary).banks.add(bank)
    assert "It is shared with: Autumn. Stop sharing it first" in refused(as_bakary, bank)


@pytest.mark.parametrize("by_rule", [True, False])
def test_a_bank_of_which_a_quiz_asks_stays(as_bakary, danso, bank, by_rule):
    make.own_quiz(danso, [] if by_rule else bank.items.whole(), [(bank, 1)] if by_rule else [])
    text = refused(as_bakary, bank)
    assert "A quiz asks its questions, or draws of it." in text
    assert "was answered" not in text


def test_a_bank_of_which_something_was_answered_stays(as_bakary, awa, bank, quiz):
    make.own_sitting(awa, quiz, 1)
    quiz.items.clear()
    text = refused(as_bakary, bank)
    assert "One of its questions was answered" in text
    assert "A quiz asks" not in text


def test_nobody_else_deletes_a_bank(as_danso, danso, bank):
    assert as_danso.post(f"/en/banks/{bank.pk}/delete/").status_code == 404
    make.cohort(danso).banks.add(bank)
    assert as_danso.post(f"/en/banks/{bank.pk}/delete/").status_code == 404
    assert "Delete the bank" not in as_danso.get(f"/en/banks/{bank.pk}/").text
