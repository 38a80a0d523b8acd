"""A required exam is judged like a section: late, due soon or run out, on the board, the page of the day, reminders."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.board import board_of
from cohorts.models import ExamRule, Extension
from cohorts.quiz_board import QuizBoard
from cohorts.reminders import Who, counts_of, next_date
from tests import make
from tests.cohorts.test_board import plain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NO_QUIZZES = QuizBoard([], [], make.NOW)


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def module():
    return make.case_study(sections=1)


@pytest.fixture
def cohort(bakary, awa, now):
    """Awa joined it sixty days ago."""
    row = make.cohort(bakary, [awa], at=now - 60 * DAY)
    make.joined(awa, now - 60 * DAY)
    return row


@pytest.fixture
def passed(awa, module, now):
    """Awa passed the one section, 40 days ago."""
    make.quiz(awa, module.sections.get(), right=5, at=now - 40 * DAY)


@pytest.fixture
def asked(cohort, module, now):
    """Sets the section and its exam, due then."""

    def ask(due_at, **fields):
        fields = {"exam": ExamRule.REQUIRED, "opens_at": now - 50 * DAY} | fields
        return make.assignment(cohort, module, due_at=due_at, **fields)

    return ask


@pytest.fixture
def board(cohort, module):
    def judged():
        return board_of(cohort, module, list(cohort.assignments.by_due_date()), timezone.now())

    return judged


@pytest.fixture
def needs(as_bakary, cohort):
    """What the board says that Awa needs."""

    def said(**query):
        text = as_bakary.get(f"/en/cohorts/{cohort.pk}/board/", query).text
        return plain(text.split('<td class="need">')[1].split("</td>")[0]) if '<td class="need">' in text else None

    return said


def test_whoever_has_passed_all_sections_and_not_the_exam_is_late_with_it(passed, asked, needs, board, now):
    asked(now - DAY)
    assert needs() == needs(show="late") == "silent 40 days · exam late"
    assert needs(show="passed") is None
    assert board().counts["late"] == 1


def test_an_exam_that_was_passed_in_time_leaves_everything_passed(passed, asked, needs, awa, module, now):
    asked(now - DAY)
    make.exam_result(awa, module, "0.9", at=now - 5 * DAY)
    assert needs(show="late") is None
    assert needs(show="passed") == "5 to review"


def test_an_exam_that_was_failed_is_late_still(passed, asked, needs, awa, module, now):
    asked(now - DAY)
    make.exam_result(awa, module, "0.5", at=now - 5 * DAY)
    assert needs() == "exam late"


@pytest.mark.parametrize("fields", [{"exam": ExamRule.OPEN}, {"exam": ExamRule.NOT_ASKED}, {"is_required": False}])
def test_an_exam_that_is_offered_or_not_asked_is_never_late(passed, asked, needs, now, fields):
    asked(now - DAY, **fields)
    assert needs(show="late") is None
    assert needs(show="passed") is not None


def test_a_later_date_of_ones_own_holds_for_the_exam_too(passed, asked, needs, cohort, now):
    assignment = asked(now - DAY)
    Extension.objects.create(
        assignment=assignment, enrolment=cohort.enrolments.get(role="learner"), due_at=now + 3 * DAY
    )
    assert needs(show="late") is None
    assert needs(show="soon") == "silent 40 days"


def test_an_exam_that_is_due_within_a_week_is_told_to_whoever_is_at_work(asked, needs, awa, module, now):
    make.quiz(awa, module.sections.get(), right=5, at=now - 2 * DAY)
    asked(now + 3 * DAY)
    assert needs() == needs(show="soon") == "exam due this week"


def test_an_exam_runs_out_by_itself(asked, needs, awa, module, now):
    asked(None, months_valid=1)
    make.exam_result(awa, module, "0.9", at=now - 45 * DAY)
    make.quiz(awa, module.sections.get(), right=5, at=now - 5 * DAY)
    assert needs() == needs(show="late") == "exam ran out"
    assert needs(show="passed") is None
    make.exam_result(awa, module, "0.9", at=now - 3 * DAY)
    assert needs(show="late") is None
    assert needs(show="passed") is not None


def test_under_two_assignments_each_asks_for_what_began_under_it(passed, asked, needs, awa, module, now):
    asked(now - 20 * DAY, opens_at=now - 50 * DAY)
    make.exam_result(awa, module, "0.9", at=now - 30 * DAY)
    assert needs(show="late") is None
    asked(now - DAY, opens_at=now - 10 * DAY)
    assert "exam late" in needs()


def test_the_page_of_the_day_names_it_and_offers_a_later_date(as_bakary, passed, asked, cohort, now):
    assignment = asked(now - DAY)
    page = as_bakary.get("/en/cohorts/").text
    place = cohort.enrolments.get(role="learner")
    assert "silent for 40 days, exam late" in plain(page)
    assert reverse("cohorts:extension", args=[cohort.pk, assignment.pk, place.pk]) in page


def test_a_reminder_counts_whoever_lacks_the_exam(passed, asked, board, now):
    asked(now + 3 * DAY)
    assert counts_of(board(), NO_QUIZZES)[Who.DUE] == 1
    assert next_date(board(), NO_QUIZZES) == now + 3 * DAY
    board().setting.assignments.update(due_at=now - DAY)
    assert counts_of(board(), NO_QUIZZES)[Who.LATE] == 1
    assert next_date(board(), NO_QUIZZES) is None
