"""When work is due, late and closed for one person, and what lateness takes off. Pure: imports no table."""

from datetime import datetime
from decimal import ROUND_DOWN, Decimal

PLACES = Decimal("0.0001")  # to which a score is rounded down


def due_date(due_at: datetime | None, later: datetime | None, is_excused: bool) -> datetime | None:
    """Return when something due at `due_at` is due for one person, or None where nothing is.

    `later` is the date of the person's extension, or None: it takes no time away, and sets none where nothing is due.
    """
    return None if due_at is None or is_excused else max(due_at, later or due_at)


def closing_date(closes_at: datetime | None, due_at: datetime | None, own_due_at: datetime | None) -> datetime | None:
    """Return when something that closes at `closes_at` closes for one person, or None where it never does.

    `own_due_at` is the person's `due_date`: closing moves along by as much as it is later. Whoever is excused has
    none, and nothing closes for them.
    """
    if closes_at is None or due_at is None or own_due_at is None:
        return None
    return closes_at + (own_due_at - due_at)


def is_late(submitted_at: datetime, own_due_at: datetime | None) -> bool:
    """Return whether it came after the person's due date; what comes at that very moment is in time."""
    return own_due_at is not None and submitted_at > own_due_at


def taken_off(score: Decimal, points: int) -> Decimal:
    """Return a score from 0 to 1 without so many points of 100, rounded down to four places; never below 0."""
    return max(score - Decimal(points) / 100, Decimal(0)).quantize(PLACES, ROUND_DOWN)
