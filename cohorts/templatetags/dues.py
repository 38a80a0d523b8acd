"""Dates to come, in the few words that a line has room for."""

import datetime
from collections.abc import Sequence

from django import template
from django.utils import timezone

from cohorts.dues import Due
from lessons import days

register = template.Library()


@register.filter(expects_localtime=True)
def coming_day(value: datetime.datetime) -> str:
    """Return a day of the week with its date, and the year where it is not this one: Friday 4 December."""
    this_year = timezone.localdate().year
    return days.weekday(value) if value.year == this_year else f"{days.weekday(value)} {value.year}"


@register.filter(expects_localtime=True)
def clock(value: datetime.datetime) -> str:
    """Return the hour of a moment: 18:05, 18 h 05."""
    return days.clock(value)


@register.filter
def are_of_several_modules(dues: Sequence[Due]) -> bool:
    return len({due.section.module_id for due in dues}) > 1
