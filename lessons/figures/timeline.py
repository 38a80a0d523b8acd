"""The timeline: where its dots and years stand. Pure; the template draws.

x is in per cent and y in pixels, so that the picture fits 320 to 720 px with its text at full size.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

LANE = 26  # px between two lanes of dots
APART = 7.0  # per cent: two dots of one lane stand at least so far apart, so that at 320 px they do not touch
MONTHS_UP_TO = 3  # years; a longer picture has years for ticks
TOP = 18
QUARTERS = (1, 4, 7, 10)  # months that have room for their name
EDGE = 90  # per cent: further right a name would run out of the picture


@dataclass(frozen=True)
class Dot:
    number: int
    x: float
    y: int
    event: object


@dataclass(frozen=True)
class Tick:
    x: float
    text: str
    is_minor: bool
    is_named: bool


@dataclass(frozen=True)
class Picture:
    """Dots, ticks and height in px; `is_stretched` where busy years are wider than quiet ones."""

    dots: list
    ticks: list
    height: int
    is_stretched: bool

    @property
    def axis(self):
        return self.height - 24


def first_day(moment):
    """The first day that an ISO date, month or year names: 2012, 2012-03, 2012-03-22, or a/b (then that of a)."""
    parts = [int(part) for part in moment.split("/")[0].split("-")]
    return date(*(parts + [1, 1])[:3])


def last_day(moment):
    """The last day that it names."""
    parts = [int(part) for part in moment.split("/")[-1].split("-")]
    if len(parts) == 3:
        return date(*parts)
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    return date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1) - timedelta(days=1)


def within(events, start, end):
    """The events that begin from `start` to `end` (ISO, either may be empty), in order of their first days."""
    low = first_day(start) if start else date.min
    high = last_day(end) if end else date.max
    return sorted((e for e in events if low <= first_day(e.date) <= high), key=lambda e: (first_day(e.date), e.slug))


def draw(events, start="", end="", only=""):
    """The Picture of `events` (with `date` and `slug`) between two moments; without these, of all of them.

    `only` names the slugs of those to show, with commas between them; empty, it leaves none out.
    """
    chosen = only.split(",") if only else [event.slug for event in events]
    events = within((event for event in events if event.slug in chosen), start, end)
    if not events:
        return Picture([], [], 48, False)
    low = first_day(start) if start else date(first_day(events[0].date).year, 1, 1)
    high = last_day(end) if end else date(first_day(events[-1].date).year, 12, 31)
    stretched = (high - low).days > MONTHS_UP_TO * 366
    marks = _years(events, low, high) if stretched else _even(low, high)
    dots = _dots(events, marks)
    lanes = max(dot.y for dot in dots)
    ticks = _ticks(marks, stretched)
    return Picture(dots, ticks, lanes + LANE + 24, stretched)


def _ticks(marks, stretched):
    """The lines of the picture; every other name is minor, and one that would run over the edge is left out."""
    ticks, names = [], 0
    for x, day, text in marks[:-1]:
        is_named = (stretched or day.month in QUARTERS) and x <= EDGE
        ticks.append(Tick(round(x, 1), text, is_minor=is_named and names % 2 == 1, is_named=is_named))
        names += is_named
    return ticks


def _even(low, high):
    """(x, day, ISO month) for each month from low to high, then the end; x grows as time does."""
    span = (high - low).days + 1
    marks, day = [], low.replace(day=1)
    while day <= high:
        marks.append((max(0, (day - low).days) * 100 / span, max(day, low), f"{day:%Y-%m}"))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return [*marks, (100.0, high + timedelta(days=1), "")]


def _years(events, low, high):
    """(x, first day, year) for each year with events, then the end; a year is as wide as 1 + its events."""
    counts = {}
    for event in events:
        counts[first_day(event.date).year] = counts.get(first_day(event.date).year, 0) + 1
    total, x, marks = sum(1 + count for count in counts.values()), 0.0, []
    for year, count in counts.items():
        marks.append((x, date(year, 1, 1), str(year)))
        x += (1 + count) * 100 / total
    return [*marks, (100.0, date(high.year + 1, 1, 1), "")]


def _dots(events, marks):
    """Each event in the first lane in which it does not touch the one before; x between 2 and 98 per cent."""
    lanes, dots = [], []
    for number, event in enumerate(events, 1):
        x = min(max(_x(first_day(event.date), marks), 3.0), 97.0)
        lane = next((index for index, last in enumerate(lanes) if x - last >= APART), len(lanes))
        lanes[lane : lane + 1] = [x]
        dots.append(Dot(number, round(x, 1), TOP + lane * LANE, event))
    return dots


def _x(day, marks):
    for (x, begins, _), (to, ends, _) in pairwise(marks):
        ends = min(ends, date(begins.year + 1, 1, 1))
        if begins <= day < ends:
            return x + (to - x) * (day - begins).days / (ends - begins).days
    return 0.0 if day < marks[0][1] else 100.0
