"""Pages of quizzes that somebody makes and sets: for their owner, the staff of a cohort, and its learners."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts.models import QuizAssignment
from quizzes.models import Attempt, Item, Quiz
from quizzes.models.quizzes import NoneLeft, NothingToAsk
from quizzes.writing import move
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], at=timezone.now() - 3 * DAY)


@pytest.fixture
def bank(bakary):
    bank = make.bank(bakary, title="Rivers")
    for _ in range(3):
        make.own_item(bank)
    return bank


@pytest.fixture
def quiz(bakary, bank):
    return make.own_quiz(bakary, bank.items.all(), title="After the first week")


@pytest.fixture
def row(cohort, quiz):
    return make.set_quiz(cohort, quiz, opens_at=timezone.now() - 2 * DAY, due_at=timezone.now() + DAY)


def text_of(page):
    return " ".join(unescape(page.text).split())


# Making one


def test_a_quiz_is_made_once_however_often_its_form_arrives(as_bakary, bakary):
    form = as_bakary.get("/en/quizzes/new/").context["form"]
    data = {"title": "Week one", "points": 75, "attempts_allowed": 2, "press": form["press"].value()}
    pages = [as_bakary.post("/en/quizzes/new/", data) for _ in range(2)]
    quiz = Quiz.objects.get()
    assert {page["Location"] for page in pages} == {f"/en/quizzes/{quiz.pk}/"}
    assert (quiz.owner, float(quiz.threshold), quiz.attempts_allowed, quiz.asks_certainty) == (bakary, 0.75, 2, False)


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("points", "0"), ("points", "101"), ("attempts_allowed", "0")]
)
def test_what_makes_no_sense_is_refused_and_stands_there(as_bakary, field, value):
    data = {"title": "Week one", "points": "75"} | {field: value}
    page = as_bakary.post("/en/quizzes/new/", data)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert not Quiz.objects.exists()


def test_an_older_form_says_what_is_newer(as_bakary, quiz):
    address = f"/en/quizzes/{quiz.pk}/edit/"
    basis = as_bakary.get(address).context["form"]["basis"].value()
    data = {"title": "One", "points": 80, "basis": basis}
    assert as_bakary.post(address, data).status_code == 302
    assert as_bakary.post(address, data | {"title": "Two"}).status_code == 409
    quiz.refresh_from_db()
    assert quiz.title == "One"


def test_items_are_ticked_and_others_drawn_of_a_bank(as_bakary, bakary, bank):
    quiz = make.own_quiz(bakary)
    address = f"/en/quizzes/{quiz.pk}/banks/{bank.pk}/"
    first = bank.items.order_by("pk").first()
    page = as_bakary.get(address)
    assert first.version.stem in text_of(page)
    as_bakary.post(address, {"items": [first.pk], "draw-0": "1", "basis": page.context["form"]["basis"].value()})
    assert (list(quiz.items.all()), [rule.size for rule in quiz.rules.all()], quiz.size()) == ([first], [1], 2)
    assert "It asks 2 questions" in text_of(as_bakary.get(f"/en/quizzes/{quiz.pk}/"))
    as_bakary.post(address, {"draw-0": "2"})
    assert (quiz.items.count(), quiz.size()) == (0, 2)


@pytest.mark.parametrize("data", [{"draw-0": "-1"}, {"draw-0": "many"}, {"items": ["9" * 40]}, {"items": ["x"]}])
def test_a_number_that_is_none_changes_nothing(as_bakary, quiz, bank, data):
    page = as_bakary.post(f"/en/quizzes/{quiz.pk}/banks/{bank.pk}/", data)
    assert page.status_code == 422
    assert (quiz.items.count(), quiz.rules.count()) == (3, 0)


def test_a_bank_that_is_not_shared_cannot_be_chosen_from(as_bakary, danso, quiz):
    theirs = make.bank(danso)
    item = make.own_item(theirs)
    assert as_bakary.get(f"/en/quizzes/{quiz.pk}/banks/{theirs.pk}/").status_code == 404
    assert as_bakary.post(f"/en/quizzes/{quiz.pk}/banks/{theirs.pk}/", {"items": [item.pk]}).status_code == 404
    page = as_bakary.post(f"/en/quizzes/{quiz.pk}/banks/{quiz.items.first().bank_id}/", {"items": [item.pk]})
    assert page.status_code == 422
    assert item not in quiz.items.all()


def test_of_a_bank_that_is_shared_no_more_only_what_is_in_the_quiz_is_shown(as_bakary, bakary, danso):
    cohort = make.cohort(danso)
    make.staff(cohort, bakary)
    theirs = make.bank(danso, title="Lakes", cohort=cohort)
    first = make.own_item(theirs)
    quiz = make.own_quiz(bakary, [first], [(theirs, 2)])
    theirs.cohorts.clear()
    later = make.own_item(theirs, stem="Written later?")
    address = f"/en/quizzes/{quiz.pk}/banks/{theirs.pk}/"
    page = text_of(as_bakary.get(address))
    assert first.version.stem in page
    assert "shared with you no more" in page
    assert "Lakes" not in page
    assert later.version.stem not in page
    own = text_of(as_bakary.get(f"/en/quizzes/{quiz.pk}/"))
    assert "nothing is drawn of it any more" in own
    assert "Lakes" not in own
    for sheet in ("", "key"):
        assert later.version.stem not in as_bakary.get(f"/en/quizzes/{quiz.pk}/paper/a/?sheet={sheet}").text
    assert as_bakary.post(address, {"items": [first.pk, later.pk]}).status_code == 422
    as_bakary.post(address, {})
    assert (quiz.items.count(), quiz.rules.count()) == (0, 0)
    assert as_bakary.get(address).status_code == 404


def test_an_item_that_went_over_to_a_closed_bank_opens_nothing_of_it(as_bakary, bakary, danso):
    cohort = make.cohort(danso)
    make.staff(cohort, bakary)
    shared, private = make.bank(danso, cohort=cohort), make.bank(danso, title="Lakes")
    moved, secret = make.own_item(shared), make.own_item(private, stem="A secret?")
    quiz = make.own_quiz(bakary, [moved])
    move(danso, moved, private)
    page = as_bakary.get(f"/en/quizzes/{quiz.pk}/banks/{private.pk}/")
    assert moved.version.stem in page.text
    assert secret.version.stem not in page.text
    assert "Lakes" not in page.text


def test_saving_a_bank_changes_nothing_that_its_page_did_not_show(as_bakary, bakary, bank):
    rare, draft, gone = bank.items.order_by("pk")
    Item.objects.filter(pk=rare.pk).update(objective=3)
    quiz = make.own_quiz(bakary, [draft, gone], [(bank, 1, {"objective": 3})])
    Item.objects.filter(pk__in=[rare.pk, draft.pk]).update(draft=["explanation"])
    Item.objects.filter(pk=gone.pk).update(withdrawn_at=make.NOW)
    address = f"/en/quizzes/{quiz.pk}/banks/{bank.pk}/"
    form = as_bakary.get(address).context["form"]
    sent = {field.html_name: field.value() or "" for field in form if field.name != "items"}
    assert as_bakary.post(address, sent).status_code == 302
    assert (set(quiz.items.all()), quiz.rules.get().objective) == ({draft, gone}, 3)


def test_another_teacher_finds_nothing_of_it(as_danso, quiz):
    for end in ("", "edit/", "paper/a/"):
        assert as_danso.get(f"/en/quizzes/{quiz.pk}/{end}").status_code == 404


def test_it_says_where_fewer_can_be_asked_than_are_chosen(as_bakary, bakary, bank):
    quiz = make.own_quiz(bakary, [], [(bank, 9)])
    page = text_of(as_bakary.get(f"/en/quizzes/{quiz.pk}/"))
    assert "It asks 3 questions" in page
    assert "9 are chosen or drawn, and there are fewer" in page


def test_a_trial_is_sat_as_a_learner_sits_it_and_counts_nowhere(as_bakary, bakary, cohort, quiz, row):
    page = as_bakary.post(f"/en/quizzes/{quiz.pk}/try/", follow=True)
    sitting = Attempt.objects.get()
    assert (sitting.is_trial, sitting.learner, "After the first week" in text_of(page)) == (True, bakary, True)
    make.hand_in(sitting, 1)
    result = as_bakary.get(sitting.get_absolute_url())
    assert f'href="/en/quizzes/{quiz.pk}/"' in result.text
    assert not QuizAssignment.objects.attempts().exists()


def test_two_versions_on_paper_ask_the_same_in_two_orders(as_bakary, bakary):
    section = make.section()
    quiz = make.own_quiz(bakary, [make.item(section) for _ in range(8)])
    stems = []
    for version in "ab":
        page = as_bakary.get(f"/en/quizzes/{quiz.pk}/paper/{version}/")
        stems.append([each.version.stem for each in page.context["items"]])
        again = as_bakary.get(f"/en/quizzes/{quiz.pk}/paper/{version}/?sheet=key")
        assert [each.version.stem for each in again.context["items"]] == stems[-1]
    assert stems[0] != stems[1]
    assert sorted(stems[0]) == sorted(stems[1])
    assert as_bakary.get(f"/en/quizzes/{quiz.pk}/paper/c/").status_code == 404


# Setting it


def test_it_is_set_with_its_dates_in_the_cohort_s_zone(as_bakary, bakary, quiz, awa):
    cohort = make.cohort(bakary, [awa], time_zone="Europe/Moscow")
    address = f"/en/cohorts/{cohort.pk}/quizzes/new/"
    data = {"quiz": quiz.pk, "opens_at": "2026-11-03T12:00", "due_at": "2026-11-09T12:00"}
    page = as_bakary.post(address, data)
    row = QuizAssignment.objects.get()
    assert (page["Location"], row.opens_at.hour, row.due_at.hour) == (
        f"/en/cohorts/{cohort.pk}/quizzes/{row.pk}/",
        9,
        9,
    )
    as_bakary.post(address, data | {"due_at": ""})
    assert QuizAssignment.objects.get().due_at == row.due_at


@pytest.mark.parametrize(
    ("dates", "field"),
    [({"due_at": "2026-11-02T12:00"}, "due_at"), ({"closes_at": "2026-11-02T12:00"}, "closes_at"),
     ({"due_at": "2026-11-09T12:00", "closes_at": "2026-11-08T12:00"}, "closes_at")],
)  # fmt: skip
def test_dates_that_run_backwards_are_refused_with_a_sentence(as_bakary, cohort, quiz, dates, field):
    data = {"quiz": quiz.pk, "opens_at": "2026-11-03T12:00"} | dates
    page = as_bakary.post(f"/en/cohorts/{cohort.pk}/quizzes/new/", data)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert not QuizAssignment.objects.exists()


def test_a_quiz_that_asks_nothing_and_one_of_somebody_else_are_not_set(as_bakary, bakary, danso, cohort):
    for quiz in (make.own_quiz(bakary), make.own_quiz(danso, [make.item()])):
        page = as_bakary.post(
            f"/en/cohorts/{cohort.pk}/quizzes/new/", {"quiz": quiz.pk, "opens_at": "2026-11-03T12:00"}
        )
        assert (page.status_code, list(page.context["form"].errors)) == (422, ["quiz"])


def test_it_is_taken_back_and_what_was_handed_in_stays(as_bakary, as_awa, awa, cohort, quiz, row):
    sitting = make.own_sitting(awa, quiz, 1, timezone.now())
    page = as_bakary.post(f"/en/cohorts/{cohort.pk}/quizzes/{row.pk}/take-back/")
    assert page["Location"] == f"/en/cohorts/{cohort.pk}/"
    assert not QuizAssignment.objects.exists()
    assert "not set for you any more" in text_of(as_awa.get(f"/en/quizzes/{quiz.pk}/"))
    assert as_awa.get(sitting.get_absolute_url()).status_code == 200


def test_its_dates_are_changed(as_bakary, cohort, row):
    address = f"/en/cohorts/{cohort.pk}/quizzes/{row.pk}/dates/"
    as_bakary.post(address, {"opens_at": "2026-11-03T12:00", "closes_at": "2026-11-12T12:00"})
    row.refresh_from_db()
    assert (row.opens_at.day, row.due_at, row.closes_at.day) == (3, None, 12)


def test_more_than_a_quiz_may_ask_is_refused_with_a_sentence(as_bakary, bakary, bank, quiz):
    other = make.bank(bakary)
    make.own_item(other)
    page = as_bakary.post(f"/en/quizzes/{quiz.pk}/banks/{other.pk}/", {"draw-0": "98"})
    assert page.status_code == 422
    assert "The quiz would ask 101 questions. It can ask 100 at most" in text_of(page)
    assert as_bakary.post(f"/en/quizzes/{quiz.pk}/banks/{other.pk}/", {"draw-0": "97"}).status_code == 302


def test_for_an_archived_cohort_nothing_is_set(as_bakary, cohort, quiz):
    cohort.archive(timezone.now())
    address = f"/en/cohorts/{cohort.pk}/quizzes/new/"
    assert as_bakary.get(address).status_code == 404
    assert as_bakary.post(address, {"quiz": quiz.pk, "opens_at": "2026-11-03T12:00"}).status_code == 404
    assert address not in as_bakary.get(f"/en/cohorts/{cohort.pk}/").text


@pytest.mark.parametrize(("field", "days"), [("opens_at", 5), ("closes_at", 3)])
def test_no_date_is_moved_past_what_was_handed_in(as_bakary, bakary, awa, quiz, field, days):
    row = make.set_quiz(make.cohort(bakary, [awa]), quiz, closes_at=make.NOW + 9 * DAY)
    make.own_sitting(awa, quiz, 1, make.NOW + 4 * DAY)
    address = f"/en/cohorts/{row.cohort_id}/quizzes/{row.pk}/dates/"
    dates = {"opens_at": make.NOW, "closes_at": make.NOW + 9 * DAY} | {field: make.NOW + days * DAY}
    page = as_bakary.post(address, {name: moment.strftime("%Y-%m-%dT%H:%M") for name, moment in dates.items()})
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert "would count no more" in text_of(page)


# What staff see of it


def test_staff_see_who_has_handed_it_in_with_the_answers_behind_a_mark(as_bakary, awa, celia, cohort, quiz, row):
    cohort.join(celia, timezone.now() - 2 * DAY)
    sitting = make.own_sitting(awa, quiz, 2, timezone.now())
    page = as_bakary.get(f"/en/cohorts/{cohort.pk}/quizzes/{row.pk}/")
    assert "1 learner has not handed it in." in text_of(page)
    assert f'href="/en/cohorts/{cohort.pk}/attempts/{sitting.pk}/">66</a>' in page.text
    answers = as_bakary.get(f"/en/cohorts/{cohort.pk}/attempts/{sitting.pk}/")
    assert (answers.status_code, "After the first week" in text_of(answers)) == (200, True)


def test_an_attempt_that_does_not_count_is_not_shown_to_staff(as_bakary, awa, cohort, quiz, row):
    sitting = make.own_sitting(awa, quiz, 2, timezone.now() - 5 * DAY)
    assert as_bakary.get(f"/en/cohorts/{cohort.pk}/attempts/{sitting.pk}/").status_code == 404


# What a learner sees of it


def test_a_learner_begins_it_from_the_cohort_and_from_what_is_due(as_awa, awa, cohort, quiz, row):
    make.case_study()
    for address in (f"/en/cohorts/{cohort.pk}/", "/en/"):
        assert f'href="/en/quizzes/{quiz.pk}/"' in as_awa.get(address).text
    page = as_awa.post(f"/en/quizzes/{quiz.pk}/begin/", follow=True)
    sitting = Attempt.objects.get()
    assert (page.redirect_chain[0][0], sitting.learner, sitting.is_trial) == (sitting.get_absolute_url(), awa, False)
    make.hand_in(sitting, 3, timezone.now())
    assert "handed in" in text_of(as_awa.get(f"/en/cohorts/{cohort.pk}/"))
    assert f'href="/en/quizzes/{quiz.pk}/"' not in as_awa.get("/en/").text
    assert "100 of 100 points" in text_of(as_awa.get(f"/en/quizzes/{quiz.pk}/"))


def test_without_an_attempt_left_the_page_says_so_and_offers_no_button(as_awa, awa, quiz, row):
    Quiz.objects.update(attempts_allowed=1)
    make.own_sitting(awa, quiz, 0, timezone.now())
    page = as_awa.get(f"/en/quizzes/{quiz.pk}/")
    assert "You have used all the attempts that it allows." in text_of(page)
    assert f"/en/quizzes/{quiz.pk}/begin/" not in page.text
    refused = as_awa.post(f"/en/quizzes/{quiz.pk}/begin/", follow=True)
    assert [str(message) for message in refused.context["messages"]] == [NoneLeft.answer]


def test_a_quiz_with_nothing_to_ask_says_so_to_owner_and_learner_and_offers_no_button(as_bakary, as_awa, quiz, row):
    quiz.items.clear()
    assert "It is set, and its learners cannot begin it." in text_of(as_bakary.get(f"/en/quizzes/{quiz.pk}/"))
    page = as_awa.get(f"/en/quizzes/{quiz.pk}/")
    assert "It has nothing to ask now." in text_of(page)
    assert f"/en/quizzes/{quiz.pk}/begin/" not in page.text
    refused = as_awa.post(f"/en/quizzes/{quiz.pk}/begin/", follow=True)
    assert [str(message) for message in refused.context["messages"]] == [NothingToAsk.answer]


def test_before_it_opens_a_learner_reads_when_and_cannot_begin(as_awa, quiz, row):
    QuizAssignment.objects.update(opens_at=timezone.now() + DAY / 2)
    page = as_awa.get(f"/en/quizzes/{quiz.pk}/")
    assert "It cannot be begun now" in text_of(page)
    as_awa.post(f"/en/quizzes/{quiz.pk}/begin/")
    assert not Attempt.objects.exists()


def test_a_learner_reads_until_when_an_attempt_is_open_and_later_what_counts_nowhere(
    as_awa, as_bakary, cohort, quiz, row
):
    QuizAssignment.objects.update(closes_at=timezone.now() + 2 * DAY)
    page = text_of(as_awa.post(f"/en/quizzes/{quiz.pk}/begin/", follow=True))
    assert "Open until" in page
    assert "ask the staff of your cohort" in page
    end = (timezone.now() + 9 * DAY).strftime("%Y-%m-%dT%H:%M")
    dates = {"opens_at": row.opens_at.strftime("%Y-%m-%dT%H:%M"), "closes_at": end}
    as_bakary.post(f"/en/cohorts/{cohort.pk}/quizzes/{row.pk}/dates/", dates)
    sitting = Attempt.objects.get()
    assert sitting.due_at == QuizAssignment.objects.get().closes_at
    make.hand_in(sitting, 1, timezone.now())
    assert "counts in no cohort" not in text_of(as_awa.get(f"/en/quizzes/{quiz.pk}/"))
    QuizAssignment.objects.all().delete()
    assert "counts in no cohort" in text_of(as_awa.get(f"/en/quizzes/{quiz.pk}/"))


def test_what_counts_in_an_archived_cohort_is_not_called_lost(as_awa, as_bakary, awa, cohort, quiz, row):
    sitting = make.own_sitting(awa, quiz, 1, row.opens_at + DAY)
    type(cohort).objects.update(archived_at=timezone.now())
    mark = f"/en/cohorts/{cohort.pk}/learners/{cohort.enrolments.get(user=awa).pk}/quizzes/{row.pk}/"
    assert mark in as_bakary.get(f"/en/cohorts/{cohort.pk}/gradebook/").text
    assert f"/en/cohorts/{cohort.pk}/attempts/{sitting.pk}/" in as_bakary.get(mark).text
    assert "counts in no cohort" not in text_of(as_awa.get(f"/en/quizzes/{quiz.pk}/"))
    cohort.enrolments.filter(user=awa).update(left_at=timezone.now())
    assert "counts in no cohort" in text_of(as_awa.get(f"/en/quizzes/{quiz.pk}/"))


def test_the_pages_of_an_attempt_show_no_key_and_lead_back_to_the_quiz(as_awa, awa, quiz, row, bank):
    section = make.section()
    make.lesson(section)
    quiz.items.add(make.item(section))
    sitting = make.own_sitting(awa, quiz, at=timezone.now())
    page = as_awa.get(sitting.get_absolute_url())
    assert "Own explanation" not in page.text
    assert f'href="/en/quizzes/{quiz.pk}/"' in page.text
    make.hand_in(sitting, 1, timezone.now())
    result = as_awa.get(sitting.get_absolute_url())
    assert "Own explanation" in result.text
    assert f'href="/en/quizzes/{quiz.pk}/"' in result.text
    repeat = as_awa.post(f"{sitting.get_absolute_url()}retry/", follow=True)
    assert repeat.status_code == 200
    again = Attempt.objects.get(retry_of=sitting)
    while again.is_open:
        again = make.give(again, True, at=timezone.now())
    end = as_awa.get(again.get_absolute_url())
    assert f'href="/en/quizzes/{quiz.pk}/"' in end.text


def test_a_learner_s_page_takes_few_queries(as_awa, awa, quiz, row, django_assert_max_num_queries):
    for days in range(3):
        make.own_sitting(awa, quiz, 1, timezone.now() - days * DAY / 2)
    as_awa.get("/en/who-sees-what/")  # the first page of a day is written down
    with django_assert_max_num_queries(8):
        as_awa.get(f"/en/quizzes/{quiz.pk}/")


def test_the_pages_of_staff_take_as_many_queries_whatever_there_is(
    as_bakary, bakary, cohort, quiz, bank, row, django_assert_max_num_queries
):
    for number in range(6):
        learner = make.user(f"Learner {number}")
        cohort.join(learner, timezone.now() - 2 * DAY)
        make.own_sitting(learner, quiz, 1, timezone.now())
        make.set_quiz(make.cohort(bakary), quiz)
        make.own_item(make.bank(bakary))
        make.own_quiz(bakary, [], [(bank, 2)])
    pages = ["/en/quizzes/", f"/en/quizzes/{quiz.pk}/", f"/en/quizzes/{quiz.pk}/banks/{bank.pk}/"]
    pages += [f"/en/quizzes/{quiz.pk}/paper/a/", f"/en/cohorts/{cohort.pk}/quizzes/{row.pk}/"]
    pages += [f"/en/cohorts/{cohort.pk}/quizzes/new/", f"/en/cohorts/{cohort.pk}/"]
    as_bakary.get("/en/who-sees-what/")  # the first page of a day is written down
    for address in pages:
        with django_assert_max_num_queries(12):
            assert as_bakary.get(address).status_code == 200


# Its owner, who learns where a colleague teaches


@pytest.fixture
def elsewhere(bakary, danso):
    """Danso's cohort, in which Bakary learns."""
    return make.cohort(danso, [bakary], at=timezone.now() - 3 * DAY)


def test_an_owner_for_whom_it_is_set_has_both_pages_in_one(as_bakary, bakary, cohort, elsewhere, quiz, row):
    assert "It is set for you" not in text_of(as_bakary.get(f"/en/quizzes/{quiz.pk}/"))
    make.set_quiz(elsewhere, quiz, opens_at=timezone.now() - DAY)
    page = as_bakary.get(f"/en/quizzes/{quiz.pk}/")
    assert "It is set for you in Autumn." in text_of(page)
    assert "What it asks" in text_of(page)
    assert f'action="/en/quizzes/{quiz.pk}/begin/"' in page.text
    as_bakary.post(f"/en/quizzes/{quiz.pk}/begin/")
    sitting = Attempt.objects.get()
    assert (sitting.learner, sitting.is_trial) == (bakary, False)
    assert "Go on with your attempt" in text_of(as_bakary.get(f"/en/quizzes/{quiz.pk}/"))
    make.hand_in(sitting, 3, timezone.now())
    assert "100 of 100 points" in text_of(as_bakary.get(f"/en/quizzes/{quiz.pk}/"))
    assert [each.cohort_id for each in QuizAssignment.objects.attempts()] == [elsewhere.pk]


def test_an_owner_who_tried_it_only_is_offered_no_begin(as_bakary, bakary, quiz, row):
    make.own_sitting(bakary, quiz, 1, timezone.now(), is_trial=True)
    page = as_bakary.get(f"/en/quizzes/{quiz.pk}/")
    assert f"/en/quizzes/{quiz.pk}/begin/" not in page.text
    assert "You learn with it too" not in page.text


# Who wrote what a learner is asked


def test_a_learner_reads_who_wrote_a_question_and_nothing_of_the_course_s(as_awa, awa, quiz, row, bakary):
    section = make.section()
    make.lesson(section)
    quiz.items.add(make.item(section))
    sitting = make.own_sitting(awa, quiz, at=timezone.now())
    assert as_awa.get(sitting.get_absolute_url()).text.count("Question by Bakary.") == 3
    make.hand_in(sitting, 0, timezone.now())
    assert as_awa.get(sitting.get_absolute_url()).text.count("Bakary wrote this question") == 3
    repeat = sitting.retry(timezone.now())
    asked = [as_awa.get(f"{repeat.get_absolute_url()}?page={number}").text for number in range(1, 5)]
    assert sum("Question by Bakary." in page for page in asked) == 3
    repeat = make.give(repeat, True, at=timezone.now())
    first = repeat.responses.get(position=1)
    page = as_awa.get(f"{repeat.get_absolute_url()}?page=1").text
    assert ("Bakary wrote this question" in page) == (first.item.author == bakary)


def test_of_an_author_who_was_erased_nothing_false_is_said(as_awa, awa, quiz, row):
    sitting = make.own_sitting(awa, quiz, at=timezone.now())
    Item.objects.update(author=None)
    assert "Question by" not in as_awa.get(sitting.get_absolute_url()).text
    make.hand_in(sitting, 0, timezone.now())
    assert "an instructor wrote this question" in as_awa.get(sitting.get_absolute_url()).text


def test_to_name_authors_takes_no_more_queries(as_awa, awa, quiz, row, bank):
    def cost(sitting):
        as_awa.get(sitting.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            as_awa.get(sitting.get_absolute_url())
        return len(queries)

    sitting = make.own_sitting(awa, quiz, at=timezone.now())
    before = cost(sitting)
    make.hand_in(sitting, 0, timezone.now())
    quiz.items.add(*(make.own_item(bank) for _ in range(3)))
    assert cost(make.own_sitting(awa, quiz, at=timezone.now())) == before <= 8


def test_questions_are_offered_and_counted_in_the_order_of_their_bank(as_bakary, quiz, bank):
    first = bank.items.order_by("pk").first()
    Item.objects.filter(pk=first.pk).update(slug="zuletzt")
    stems = [item.version.stem for item in bank.items.order_by("pk").select_related("current_version")]
    for page in (f"banks/{bank.pk}/", "statistics/"):
        shown = text_of(as_bakary.get(f"{quiz.get_absolute_url()}{page}"))
        assert sorted(stems, key=shown.index) == stems
