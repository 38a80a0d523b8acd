"""Stretches of time in which somebody is in a cohort, as (from, until): until is left out, and None is open. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime | None]
INSTANT = timedelta(microseconds=1)  # the shortest that the databases tell apart


def holds(intervals: Iterable[Interval], moment: datetime) -> bool:
    """Return whether one of the intervals holds that moment."""
    return any(begin <= moment and (end is None or moment < end) for begin, end in intervals)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the intervals in order, those that meet as one."""
    whole: list[Interval] = []
    for begin, end in sorted(intervals, key=lambda interval: interval[0]):
        if whole and (whole[-1][1] is None or begin <= whole[-1][1]):
            last_begin, last_end = whole.pop()
            begin, end = last_begin, None if None in (last_end, end) else max(filter(None, (last_end, end)))
        whole.append((begin, end))
    return whole


def without(intervals: Iterable[Interval], moments: Iterable[datetime]) -> list[Interval]:
    """Return the intervals with each of these moments cut out of them, and nothing but the moment."""
    rest = list(intervals)
    for moment in moments:
        rest = [part for interval in rest for part in _cut(interval, moment)]
    return rest


def _cut(interval: Interval, moment: datetime) -> list[Interval]:
    begin, end = interval
    if not holds([interval], moment):
        return [interval]
    before, after = (begin, moment), (moment + INSTANT, end)
    return [part for part in (before, after) if part[1] is None or part[0] < part[1]]
