"""The timeline: where its dots and years stand. Pure; the template draws.

x is in per cent and y in pixels, so that the picture fits 320 to 720 px with its text at full size.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol, TypeVar

LANE = 26  # px between two lanes of dots
APART = 7.0  # per cent: two dots of one lane stand at least so far apart, so that at 320 px they do not touch
MONTHS_UP_TO = 3  # years; a longer picture has years for ticks
TOP = 18
QUARTERS = (1, 4, 7, 10)  # months that have room for their name
EDGE = 90  # per cent: further right a name would run out of the picture
Mark = tuple[float, date, str]  # x, the day that stands there, its year or month


class Dated(Protocol):
    """An event, as content or as a row."""

    @property
    def date(self) -> str: ...

    @property
    def slug(self) -> str: ...


Event = TypeVar("Event", bound=Dated)


@dataclass(frozen=True)
class Dot:
    number: int
    x: float
    y: int
    event: Dated


@dataclass(frozen=True)
class Tick:
    x: float
    text: str
    is_minor: bool
    is_named: bool


@dataclass(frozen=True)
class Picture:
    """Dots, ticks and height in px; `is_stretched` where busy years are wider than quiet ones."""

    dots: list[Dot]
    ticks: list[Tick]
    height: int
    is_stretched: bool

    @property
    def axis(self) -> int:
        return self.height - 24


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


def draw(events: Iterable[Dated], start: str = "", end: str = "", only: str = "") -> Picture:
    """Return the Picture of `events` (with `date` and `slug`) between two moments; without these, of all of them.

    `only` names the slugs of those to show, with commas between them; empty, it leaves none out.
    """
    slugs = only.split(",") if only else None
    shown = within((event for event in events if slugs is None or event.slug in slugs), start, end)
    if not shown:
        return Picture([], [], 48, False)
    low = first_day(start) if start else date(first_day(shown[0].date).year, 1, 1)
    high = last_day(end) if end else date(first_day(shown[-1].date).year, 12, 31)
    stretched = (high - low).days > MONTHS_UP_TO * 366
    marks = _years(shown, high) if stretched else _even(low, high)
    dots = _dots(shown, marks)
    lanes = max(dot.y for dot in dots)
    ticks = _ticks(marks, stretched)
    return Picture(dots, ticks, lanes + LANE + 24, stretched)


def _ticks(marks: Sequence[Mark], stretched: bool) -> list[Tick]:
    """Return the lines of the picture; every other name is minor, and one that would run over the edge is left out."""
    ticks: list[Tick] = []
    names = 0
    for x, day, text in marks[:-1]:
        is_named = (stretched or day.month in QUARTERS) and x <= EDGE
        ticks.append(Tick(round(x, 1), text, is_minor=is_named and names % 2 == 1, is_named=is_named))
        names += is_named
    return ticks


def _even(low: date, high: date) -> list[Mark]:
    """Return (x, day, ISO month) for each month from low to high, then the end; x grows as time does."""
    span = (high - low).days + 1
    marks: list[Mark] = []
    day = low.replace(day=1)
    while day <= high:
        marks.append((max(0, (day - low).days) * 100 / span, max(day, low), f"{day:%Y-%m}"))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return [*marks, (100.0, high + timedelta(days=1), "")]


def _years(events: Sequence[Dated], high: date) -> list[Mark]:
    """Return (x, first day, year) for each year with events, then the end; a year is as wide as 1 + its events."""
    counts: dict[int, int] = {}
    for event in events:
        counts[first_day(event.date).year] = counts.get(first_day(event.date).year, 0) + 1
    marks: list[Mark] = []
    total, x = sum(1 + count for count in counts.values()), 0.0
    for year, count in counts.items():
        marks.append((x, date(year, 1, 1), str(year)))
        x += (1 + count) * 100 / total
    return [*marks, (100.0, date(high.year + 1, 1, 1), "")]


def _dots(events: Sequence[Dated], marks: Sequence[Mark]) -> list[Dot]:
    """Put each event in the first lane in which it does not touch the one before; x between 2 and 98 per cent."""
    lanes: list[float] = []
    dots: list[Dot] = []
    for number, event in enumerate(events, 1):
        x = min(max(_x(first_day(event.date), marks), 3.0), 97.0)
        lane = next((index for index, last in enumerate(lanes) if x - last >= APART), len(lanes))
        lanes[lane : lane + 1] = [x]
        dots.append(Dot(number, round(x, 1), TOP + lane * LANE, event))
    return dots


def _x(day: date, marks: Sequence[Mark]) -> float:
    """Return where a day stands between the marks around it."""
    for (x, begins, _), (to, ends, _) in pairwise(marks):
        ends = min(ends, date(begins.year + 1, 1, 1))
        if begins <= day < ends:
            return x + (to - x) * (day - begins).days / (ends - begins).days
    return 0.0 if day < marks[0][1] else 100.0
