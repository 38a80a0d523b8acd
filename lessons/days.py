"""Days and moments in words, by the rules of the language of the page. Imports neither a model nor a request."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import get_language

from lessons.content.languages import rules


def number(day: datetime.date) -> str:
    """Return 2; of the first of a month 1, 1er."""
    return rules(get_language() or "").first_of_month if day.day == 1 else str(day.day)


def in_words(day: datetime.date) -> str:
    """Return 2 November 2026, 1er novembre 2026."""
    return f"{number(day)} {date_format(day, 'F Y')}"


def _month(day: datetime.date) -> str:
    short = rules(get_language() or "").short_months
    return short[day.month - 1] if short else date_format(day, "M")


def month(day: datetime.date) -> str:
    """Return November 2026, in few letters: Nov 2026, nov. 2026."""
    return f"{_month(day)} {day.year}"


def short(day: datetime.date) -> str:
    """Return 2 Nov 2026, 1er nov. 2026."""
    return f"{number(day)} {month(day)}"


def brief(day: datetime.date, today: datetime.date) -> str:
    """Return 2 Nov, 1er nov.; with its year where that is not the year of `today`."""
    return f"{number(day)} {_month(day)}" if day.year == today.year else short(day)


def weekday(day: datetime.date) -> str:
    """Return Monday 2 November, dimanche 1er novembre."""
    return f"{date_format(day, 'l')} {number(day)} {date_format(day, 'F')}"


def clock(moment: datetime.datetime) -> str:
    """Return 18:05, 18 h 05."""
    return date_format(moment, rules(get_language() or "").clock)


def with_time(moment: datetime.datetime) -> str:
    """Return 2 November 2026, 18:05."""
    return f"{in_words(moment)}, {clock(moment)}"
