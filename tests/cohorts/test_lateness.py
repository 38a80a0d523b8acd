"""When work is late and closed for one person, and what lateness takes off."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.lateness import closing_date, is_late, taken_off
from cohorts.models import Assignment, Extension
from tests import make

DAY = timedelta(days=1)
DUE = make.NOW + 10 * DAY
MOMENT = timedelta(microseconds=1)


def work(**fields):
    """Due in ten days, closed a week later, with twenty points taken off in between."""
    standard = {"late_rule": "less", "late_points": 20, "due_at": DUE, "closes_at": DUE + 7 * DAY}
    return Assignment(opens_at=make.NOW, **standard | fields)


@pytest.mark.parametrize(
    ("extension", "closes_at"),
    [
        (None, DUE + 7 * DAY),
        (Extension(due_at=DUE + 3 * DAY), DUE + 10 * DAY),
        (Extension(due_at=DUE - 3 * DAY), DUE + 7 * DAY),
        (Extension(extra_time=DAY), DUE + 7 * DAY),
        (Extension(is_excused=True), None),
    ],
)
def test_a_later_due_date_moves_the_closing_along_by_as_much(extension, closes_at):
    assert work().closes_for(extension) == closes_at


@pytest.mark.parametrize(
    ("row", "submitted_at", "counts"),
    [
        (work(), DUE, True),
        (work(), DUE + 7 * DAY, True),
        (work(), DUE + 7 * DAY + MOMENT, False),
        (work(closes_at=None), DUE + 999 * DAY, True),
        (work(closes_at=DUE), DUE, True),
        (work(closes_at=DUE), DUE + MOMENT, False),
        (work(due_at=None, closes_at=None), DUE + 999 * DAY, True),
    ],
)
def test_a_quiz_counts_for_a_mark_until_it_closes(row, submitted_at, counts):
    assert row.counts_at(submitted_at, None) is counts


def test_for_somebody_with_a_later_date_it_counts_for_longer_and_for_whoever_is_excused_always():
    assert work().counts_at(DUE + 9 * DAY, Extension(due_at=DUE + 3 * DAY))
    assert not work().counts_at(DUE + 11 * DAY, Extension(due_at=DUE + 3 * DAY))
    assert work().counts_at(DUE + 999 * DAY, Extension(is_excused=True))


@pytest.mark.parametrize(
    ("row", "submitted_at", "extension", "worth"),
    [
        (work(), DUE, None, "0.8750"),
        (work(), DUE + MOMENT, None, "0.6750"),
        (work(), DUE + DAY, Extension(due_at=DUE + DAY), "0.8750"),
        (work(), DUE + 2 * DAY, Extension(due_at=DUE + DAY), "0.6750"),
        (work(), DUE + 2 * DAY, Extension(is_excused=True), "0.8750"),
        (work(late_points=100), DUE + DAY, None, "0.0000"),
        (work(late_points=90), DUE + DAY, None, "0.0000"),
        (work(late_rule="full"), DUE + DAY, None, "0.8750"),
        (work(due_at=None, closes_at=None), DUE + DAY, None, "0.8750"),
    ],
)
def test_what_a_score_is_worth_that_comes_then(row, submitted_at, extension, worth):
    score = row.late_score(Decimal("0.875"), submitted_at, extension)
    assert str(score) == worth


@given(st.fractions(0, 1), st.integers(0, 100))
def test_what_is_left_is_a_score_of_four_places_rounded_down_and_never_more(share, points):
    score = Decimal(share.numerator) / share.denominator
    left = taken_off(score, points)
    assert 0 <= left <= score
    assert left.as_tuple().exponent == -4
    exact = max(score - Decimal(points) / 100, Decimal(0))
    assert 0 <= exact - left < Decimal("0.0001")


def test_nothing_is_late_or_closes_where_nothing_is_due():
    assert not is_late(DUE, None)
    assert closing_date(DUE, None, None) is None
