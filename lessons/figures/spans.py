"""What lasts, as bars over years, and single days as dots: where they and their names stand. Pure; the template draws.

x is in per cent and y in pixels, so that words keep their size from 320 px up. A name stands in its bar, or beside it,
or above it, as there is room on the narrowest phone; on a wider one there is only more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from lessons.figures.timeline import first_day, last_day
from lessons.figures.words import ROOM, width

LINE, BAR, GAP, GROUP = 18, 22, 8, 26  # px: words above a bar, the bar, what parts two rows, a heading
PAD, DOT, EDGE = 7, 6, 2  # px: between a bar's end and its name; a dot's radius; what keeps a letter in the frame
AXIS = 24  # px under the rows, for the years
YEAR = 42  # px that the name of a year takes, with what parts it from the next


@dataclass(frozen=True)
class Name:
    """Words that begin at (x per cent + dx, y), or end there."""

    x: float
    dx: int
    y: int
    is_inside: bool = False
    is_above: bool = False

    @property
    def ends(self) -> bool:
        return self.dx < 0


@dataclass(frozen=True)
class Row:
    """A bar from x to x + width, or a dot at x."""

    row: dict[str, Any]
    x: float
    width: float
    y: int
    name: Name
    group_y: int | None

    @property
    def middle(self) -> int:
        return self.y + BAR // 2

    @property
    def moments(self) -> str:
        """Return from when to when, as a content date."""
        return self.row["date"] or f"{self.row['from']}/{self.row['to']}"


@dataclass(frozen=True)
class Year:
    x: float
    text: str
    is_named: bool


@dataclass(frozen=True)
class Picture:
    rows: list[Row]
    years: list[Year]
    height: int

    @property
    def axis(self) -> int:
        return self.height - AXIS


def draw(spans: Sequence[dict[str, Any]], points: Sequence[dict[str, Any]], language: str) -> Picture:
    """Return the Picture of spans (`from`, and `to` or "") and of points (`date`), each group with its heading."""
    first, last = _years([*spans, *points])
    low, days = date(first, 1, 1), (date(last + 1, 1, 1) - date(first, 1, 1)).days

    def x(day: date) -> float:
        return round((day - low).days * 100 / days, 1)

    rows: list[Row] = []
    y = 0
    group: dict[str, str] = {}
    for row in [*spans, *points]:
        begins = row["group"] and row["group"] != group
        group = row["group"]
        group_y = y + LINE if begins else None
        y += GROUP if begins else 0
        start = x(first_day(row["from"] or row["date"]))
        end = start if row["date"] else x(last_day(row["to"]) + timedelta(days=1)) if row["to"] else 100.0
        name = _name(row["text"][language], start, end, y, DOT if row["date"] else 0)
        y += LINE if name.is_above else 0
        rows.append(Row(row, start, round(max(end - start, 0), 1), y, name, group_y))
        y += BAR + GAP
    every = ceil((last - first + 1) * YEAR / ROOM)
    years = [
        Year(at, str(number), (number - first) % every == 0 and at <= 100 - YEAR * 100 / ROOM)
        for number in range(first, last + 1)
        for at in [x(date(number, 1, 1))]
    ]
    return Picture(rows, years, y + AXIS)


def _years(rows: Sequence[dict[str, Any]]) -> tuple[int, int]:
    moments = [row[key] for row in rows for key in ("from", "to", "date") if row[key]]
    return min(first_day(moment).year for moment in moments), max(last_day(moment).year for moment in moments)


def _name(text: str, start: float, end: float, y: int, dot: int) -> Name:
    """Return where the name of a bar or dot stands: in it, right of it, left of it, or on a line above it."""
    room, middle = width(text) + PAD, y + BAR - 6
    share = 100 / ROOM
    if (room + PAD) * share <= end - start:
        return Name(start, PAD, middle, is_inside=True)
    if (room + dot) * share <= 100 - end:
        return Name(end, PAD + dot, middle)
    if (room + dot) * share <= start:
        return Name(start, -PAD - dot, middle)
    above = y + LINE - 5
    if room * share <= 100 - start:
        return Name(start, EDGE, above, is_above=True)
    return Name(100, -EDGE, above, is_above=True)
