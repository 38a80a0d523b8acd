"""A quiz that staff set for a cohort: who begins it and when, what counts there, and what is due."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from cohorts.handovers import take, work_in
from cohorts.members import learners_in_order
from cohorts.models import Enrolment, QuizAssignment
from cohorts.notices import notices_of, on_home
from cohorts.places import renew_code
from cohorts.set_quizzes import NotOpen, begin, missing, outcomes, own_quiz, seen_by
from course.erasing import erase_one
from quizzes.models import Attempt, Bank, Quiz, Recall
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa])


@pytest.fixture
def quiz(bakary):
    bank = make.bank(bakary)
    return make.own_quiz(bakary, [make.own_item(bank), make.own_item(bank)])


@pytest.fixture
def row(cohort, quiz):
    return make.set_quiz(cohort, quiz, due_at=make.NOW + 2 * DAY, closes_at=make.NOW + 4 * DAY)


def counted(row):
    return set(QuizAssignment.objects.filter(pk=row.pk).attempts())


# Who begins it, and when


@pytest.mark.parametrize(("days", "begins"), [(-1, False), (0, True), (4, True), (5, False)])
def test_it_is_begun_from_its_opening_until_it_closes(awa, quiz, row, days, begins):
    with nullcontext() if begins else pytest.raises(NotOpen):
        assert begin(awa, quiz, make.NOW + days * DAY).is_open


def test_an_attempt_ends_when_it_closes_and_what_was_saved_in_time_counts(awa, quiz, row):
    sitting = begin(awa, quiz, make.NOW)
    assert (sitting.closes_at, sitting.may_extend) == (row.closes_at, False)
    assert not sitting.submit(row.closes_at + DAY)
    sitting.refresh_from_db()
    assert sitting.submitted_at == row.closes_at
    assert counted(row) == {sitting}


def test_within_the_grace_at_its_end_it_counts(awa, quiz, row):
    sitting = begin(awa, quiz, make.NOW)
    assert sitting.submit(row.closes_at + timedelta(seconds=20))
    assert counted(row) == {sitting}


def test_of_several_cohorts_the_latest_closing_holds_and_one_that_never_closes_ends_nothing(awa, danso, quiz, row):
    later = make.set_quiz(make.cohort(danso, [awa]), quiz, closes_at=make.NOW + 6 * DAY)
    make.set_quiz(make.cohort(danso), quiz)
    assert begin(awa, quiz, make.NOW).closes_at == later.closes_at
    make.hand_in(Attempt.objects.get(), 0)
    make.set_quiz(make.cohort(danso, [awa]), quiz)
    assert begin(awa, quiz, make.NOW).closes_at is None


@pytest.mark.parametrize(("days", "ends"), [(2, 4), (6, 6), (None, None)])
def test_a_later_closing_reaches_open_attempts_and_an_earlier_one_takes_nothing_away(awa, celia, quiz, row, days, ends):
    sitting, other = begin(awa, quiz, make.NOW), make.own_sitting(celia, quiz, due_at=row.closes_at)
    row.closes_at = days and make.NOW + days * DAY
    row.save()
    row.reach()
    sitting.refresh_from_db()
    assert sitting.closes_at == (ends and make.NOW + ends * DAY)
    other.refresh_from_db()
    assert other.closes_at == make.NOW + 4 * DAY


def test_a_learner_is_told_what_counts_nowhere(awa, quiz, row):
    late, counts = make.own_sitting(awa, quiz, 0, make.NOW - DAY), make.own_sitting(awa, quiz, 0)
    own = own_quiz(quiz, awa, make.NOW)
    assert (own.handed_in, own.lost) == ([late, counts], [late])


def test_neither_strangers_nor_staff_nor_whoever_left_begin_it(awa, bakary, celia, cohort, quiz, row):
    cohort.enrolments.get(user=awa).leave(make.NOW)
    for person in (awa, bakary, celia):
        with pytest.raises(NotOpen):
            begin(person, quiz, make.NOW)
    assert not Attempt.objects.exists()


def test_in_an_archived_cohort_nobody_begins(awa, cohort, quiz, row):
    cohort.archive(make.NOW)
    with pytest.raises(NotOpen):
        begin(awa, quiz, make.NOW)


def test_a_quiz_is_set_once_for_a_cohort(cohort, quiz, row):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.set_quiz(cohort, quiz)


@pytest.mark.parametrize("dates", [{"due_at": make.NOW}, {"closes_at": make.NOW}])
def test_dates_that_run_backwards_are_refused(cohort, quiz, dates):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.set_quiz(cohort, quiz, **dates)


# What counts


def test_what_a_member_hands_in_between_opening_and_closing_counts(awa, quiz, row):
    before = make.own_sitting(awa, quiz, 2, make.NOW - DAY)
    within = [make.own_sitting(awa, quiz, 1, make.NOW + days * DAY) for days in (0, 4)]
    after = make.own_sitting(awa, quiz, 2, make.NOW + 5 * DAY)
    assert counted(row) == set(within)
    assert not {before, after} & counted(row)


def test_neither_trials_nor_open_ones_nor_repeats_count(awa, quiz, row):
    make.own_sitting(awa, quiz, 2, is_trial=True)
    sitting = make.own_sitting(awa, quiz, 1)
    make.give(sitting.retry(make.NOW), True)
    make.own_sitting(awa, quiz)
    assert counted(row) == {sitting}


def test_what_was_handed_in_while_away_or_by_whoever_left_does_not_count(awa, cohort, quiz, row):
    place = cohort.enrolments.get(user=awa)
    sitting = make.own_sitting(awa, quiz, 2, make.NOW + DAY)
    place.keep([(make.NOW, make.NOW + DAY), (make.NOW + 2 * DAY, None)])
    assert counted(row) == set()
    place.keep([(make.NOW, None)])
    assert counted(row) == {sitting}
    place.leave(make.NOW + 3 * DAY)
    assert counted(row) == set()


def test_it_counts_in_each_cohort_by_its_own_dates(awa, danso, quiz, row):
    other = make.cohort(danso, [awa])
    later = make.set_quiz(other, quiz, opens_at=make.NOW + DAY)
    make.joined(awa, make.NOW)
    first, second = (make.own_sitting(awa, quiz, 2, make.NOW + days * DAY) for days in (0, 2))
    assert (counted(row), counted(later)) == ({first, second}, {second})


def test_the_best_attempt_stands_beside_how_many_there_were(awa, celia, cohort, quiz, row):
    cohort.join(celia, make.NOW)
    make.own_sitting(awa, quiz, 1, make.NOW + DAY)
    best = make.own_sitting(awa, quiz, 2, make.NOW + 3 * DAY)
    members = learners_in_order(cohort.pk)
    of_awa, of_celia = outcomes(row, members)
    assert (of_awa.best, len(of_awa.sittings)) == (best, 2)
    assert of_awa.is_late(row, make.NOW + 3 * DAY)
    assert of_celia.best is None
    assert [of_celia.is_late(row, make.NOW + days * DAY) for days in (1, 3)] == [False, True]
    assert [place.user for place in missing(row)] == [celia]


def test_an_attempt_that_passed_stands_before_a_higher_one_that_did_not(awa, cohort, quiz, row):
    make.own_sitting(awa, quiz, 1, make.NOW)
    Quiz.objects.update(threshold=0)
    passed = make.own_sitting(awa, Quiz.objects.get(), 0, make.NOW + DAY)
    (line,) = outcomes(row, learners_in_order(cohort.pk))
    assert (line.best, line.best.has_passed) == (passed, True)


def test_it_counts_for_no_section_and_no_module(awa, bakary, cohort):
    section = make.section()
    item = make.item(section)
    work = make.assignment(cohort, section.module)
    quiz = make.own_quiz(bakary, [item])
    make.set_quiz(cohort, quiz)
    make.own_sitting(awa, quiz, 1)
    assert not cohort.assignments.attempts().exists()
    assert not Attempt.objects.counted([work.module]).exists()


# What is due


def told(user, days=0):
    """(state, whether it is asked for) of what a learner's pages tell of a quiz."""
    _places, _notices, quizzes = on_home(user, make.NOW + days * DAY)
    assert quizzes == notices_of(user, make.NOW + days * DAY)[1]
    return [(quiz.state, quiz.is_asked) for quiz in quizzes]


def test_it_is_asked_for_until_it_is_handed_in(awa, quiz, row):
    assert told(awa) == told(awa, 3) == [("open", True)]
    make.own_sitting(awa, quiz, 0)
    assert told(awa) == [("handed in", False)]


@pytest.mark.parametrize(("days", "state"), [(-1, "later"), (5, "closed")])
def test_before_it_opens_and_after_it_closes_nothing_is_asked_for(awa, row, days, state):
    assert told(awa, days) == [(state, False)]


@pytest.mark.parametrize("opens", [1, 9])
def test_where_no_attempt_is_left_nobody_is_sent_to_it(awa, quiz, row, opens):
    Quiz.objects.update(attempts_allowed=1)
    sitting = begin(awa, quiz, make.NOW)
    row.closes_at, row.due_at = None, make.NOW + 20 * DAY
    row.save()
    assert told(awa) == [("open", True)]
    make.hand_in(sitting, 0, make.NOW)
    row.opens_at = make.NOW + opens * DAY
    row.save()
    assert told(awa, 2) == [("used up", False)]


def test_without_a_date_practice_is_not_asked_for_marks_are_and_staff_are_told_nothing(awa, bakary, row):
    assert told(bakary) == []
    row.due_at = None
    row.save()
    assert told(awa) == [("open", False)]
    row.is_for_marks = True
    row.save()
    assert told(awa) == [("open", True)]
    make.own_sitting(awa, row.quiz, 0)
    assert told(awa) == [("handed in", False)]


def test_a_cohort_s_page_tells_of_its_own_quizzes_alone(awa, danso, cohort, quiz, row):
    other = make.cohort(danso, [awa])
    make.set_quiz(other, quiz)
    assert len(told(awa)) == 2
    assert [one.quiz_id for one in notices_of(awa, make.NOW, cohort)[1]] == [quiz.pk]


def test_a_learner_is_told_how_many_attempts_are_left(awa, quiz, row):
    quiz.attempts_allowed = 2
    quiz.save()
    make.own_sitting(awa, quiz, 0)
    own = own_quiz(quiz, awa, make.NOW)
    assert (own.left, own.may_begin, own.open_sitting) == (1, True, None)
    sitting = make.own_sitting(awa, quiz)
    own = own_quiz(quiz, awa, make.NOW)
    assert (own.left, own.may_begin, own.open_sitting) == (0, False, sitting)


def test_a_trial_is_nothing_that_somebody_has_sat(bakary, quiz):
    make.own_sitting(bakary, quiz, is_trial=True)
    User.objects.filter(pk=bakary.pk).update(may_teach_at=None)
    bakary.refresh_from_db()
    assert not seen_by(bakary).exists()


# A place that goes to another phone, and an owner who is erased


def test_what_counts_goes_over_with_the_place(awa, celia, cohort, quiz, row):
    counting = make.own_sitting(awa, quiz, 1)
    under_way = make.own_sitting(awa, quiz)
    assert work_in(cohort, awa, celia) == [counting.pk, under_way.pk]
    make.own_sitting(celia, quiz)
    assert work_in(cohort, awa, celia) == [counting.pk]


def test_what_the_review_knows_of_the_course_s_items_goes_over_with_it(awa, celia, bakary, cohort):
    section = make.section()
    make.lesson(section)
    make.set_quiz(cohort, make.own_quiz(bakary, [make.item(section)]))
    make.own_sitting(awa, Quiz.objects.get(), 0)
    place = cohort.enrolments.get(user=awa)
    Enrolment.objects.filter(pk=place.pk).update(personal_code="ABCDEFGH", roster_name="Awa")
    place.refresh_from_db()
    assert renew_code(place, bakary, make.NOW + DAY)
    place.refresh_from_db()
    assert take(place.personal_code, celia, make.NOW + DAY)
    assert Recall.objects.of(celia).count() == 1


def test_a_quiz_that_is_set_outlives_its_owner_with_what_it_asks(awa, bakary, danso, cohort, quiz, row):
    make.staff(cohort, danso)
    unset = make.own_quiz(bakary, [], [(Bank.objects.get(), 1)])
    make.hand_in(make.own_sitting(bakary, unset, is_trial=True), 0).retry(make.NOW)
    assert erase_one(bakary, make.NOW) == []
    quiz.refresh_from_db()
    assert (quiz.owner, quiz.size()) == (None, 2)
    assert not Quiz.objects.filter(pk=unset.pk).exists()
    assert make.own_sitting(awa, quiz, 2).has_passed
