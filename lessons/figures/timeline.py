"""The timeline as a list: its events by years, and the years without any. Pure; the template writes it.

A list of named events says all of itself, so it is no drawing with a table beside it (decision 0035).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from lessons.content.alphabet import HasDocument


class Dated(HasDocument, Protocol):
    """An event, as content or as a row."""

    @property
    def date(self) -> str: ...

    @property
    def slug(self) -> str: ...


Event = TypeVar("Event", bound=Dated)


@dataclass(frozen=True)
class Row:
    """The events of one year, or the years from `first` to `last` without any."""

    first: int
    last: int
    events: list[Dated]


@dataclass(frozen=True)
class Part:
    """A period of the timeline, as it stands in a module's document, with the rows of its events."""

    period: Mapping[str, Any]
    rows: list[Row]

    @property
    def count(self) -> int:
        return sum(len(row.events) for row in self.rows)


def first_day(moment: str) -> date:
    """Return the first day that an ISO date names: 2012, 2012-03, 2012-03-22, or a/b (then that of a)."""
    year, month, day = (*(int(part) for part in moment.split("/")[0].split("-")), 1, 1)[:3]
    return date(year, month, day)


def last_day(moment: str) -> date:
    """Return the last day that it names."""
    parts = [int(part) for part in moment.split("/")[-1].split("-")]
    if len(parts) == 3:
        return date(parts[0], parts[1], parts[2])
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    return date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1) - timedelta(days=1)


def within(events: Iterable[Event], start: str, end: str) -> list[Event]:
    """Return the events that begin from `start` to `end` (ISO, either may be empty), in order of their first days."""
    low = first_day(start) if start else date.min
    high = last_day(end) if end else date.max
    return sorted(
        (event for event in events if low <= first_day(event.date) <= high),
        key=lambda event: (first_day(event.date), event.slug),
    )


def chosen(events: Iterable[Event], start: str = "", end: str = "", only: str = "") -> list[Event]:
    """Return the events of a cut in the order of time; `only` names slugs with commas between them, empty: all."""
    slugs = only.split(",") if only else None
    return within((event for event in events if slugs is None or event.slug in slugs), start, end)


def by_years(events: Iterable[Dated]) -> list[Row]:
    """Return events that are in order as rows: their years, and between two of them the years without any."""
    rows: list[Row] = []
    for event in events:
        year = first_day(event.date).year
        if rows and rows[-1].last < year - 1:
            rows.append(Row(rows[-1].last + 1, year - 1, []))
        if not rows or rows[-1].last < year:
            rows.append(Row(year, year, []))
        rows[-1].events.append(event)
    return rows


def by_periods(events: Sequence[Dated], periods: Iterable[Mapping[str, Any]]) -> list[Part]:
    """Return the periods (`first`, `last`) that have events, with these; without periods all is one, untitled."""
    if not periods and events:
        years = [first_day(event.date).year for event in events]
        periods = [{"first": years[0], "last": years[-1], "title": {}, "lessons": []}]
    parts = [Part(period, by_years(_of(period, events))) for period in periods]
    return [part for part in parts if part.rows]


def _of(period: Mapping[str, Any], events: Iterable[Dated]) -> list[Dated]:
    return [event for event in events if period["first"] <= first_day(event.date).year <= period["last"]]


def kinds(events: Iterable[Dated], order: Sequence[str]) -> list[str]:
    """Return, of the kinds in that order, those who act in these events."""
    present = {kind for event in events for kind in event.document.get("acts", [])}
    return [kind for kind in order if kind in present]
