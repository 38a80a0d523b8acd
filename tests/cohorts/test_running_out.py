"""The board where what is passed holds for some months alone: what has run out, and what renews it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.models import HandMark
from tests import make
from tests.cohorts.test_board import monday_group, names, plain, rows, shown

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def sections():
    return list(make.case_study(sections=3).sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa, sections):
    return monday_group(bakary, awa, sections[0].module)


def yearly(cohort):
    """Let all that is set hold for a year, set and joined 500 days ago; return now."""
    now = timezone.now()
    cohort.assignments.update(months_valid=12, opens_at=now - 500 * DAY, due_at=now - 390 * DAY)
    for place in cohort.enrolments.learners():
        make.joined(place.user, now - 500 * DAY)
    return now


def test_what_has_run_out_is_among_what_is_overdue_and_no_more_passed(as_bakary, awa, cohort, sections):
    now = yearly(cohort)
    for section in sections[:2]:
        make.quiz(awa, section, right=5, at=now - 380 * DAY)
    ((_, (first, second)),) = rows(as_bakary, cohort)
    assert first[1].endswith("ran out")
    assert "ran out" not in second[1], "nobody asks for the second"
    assert names(as_bakary, cohort, show="late") == ["Awa"]
    assert "<tbody>" not in shown(as_bakary, cohort, show="passed").text
    make.quiz(awa, sections[0], right=5, at=now - DAY)
    ((_, (first, _)),) = rows(as_bakary, cohort)
    assert "ran out" not in first[1]
    assert "<tbody>" not in shown(as_bakary, cohort, show="late").text
    assert names(as_bakary, cohort, show="passed") == ["Awa"]


def test_a_mark_by_hand_renews_it_too(as_bakary, bakary, awa, cohort, sections):
    now = yearly(cohort)
    make.quiz(awa, sections[0], right=5, at=now - 380 * DAY)
    assignment = cohort.assignments.earliest("pk")
    HandMark.objects.create(
        assignment=assignment,
        enrolment=cohort.enrolments.get(user=awa),
        section=sections[0],
        score=1,
        reason="seen",
        made_by=bakary,
        made_at=now - DAY,
    )
    assert "<tbody>" not in shown(as_bakary, cohort, show="late").text


@pytest.mark.parametrize(
    ("days", "words"),
    [(380, "ran out on"), (340, "runs out on"), (100, None)],
)
def test_the_learner_is_told(as_awa, awa, cohort, sections, days, words):
    now = yearly(cohort)
    make.quiz(awa, sections[0], right=5, at=now - days * DAY)
    page = plain(as_awa.get(sections[0].module.get_absolute_url()).text)
    assert ("passing the quiz again renews it" in page) == (words == "runs out on")
    assert ("pass the quiz again" in page) == (words == "ran out on")
