"""Bars with their values: where they stand. Pure; the template draws.

x is in per cent and y in pixels, so that words keep their size from 320 px up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

TEXT, BAR, GAP, GROUP = 18, 16, 14, 26  # px: the line of words, the bar under it, what parts two rows, a heading
BESIDE = 8  # px between a row and its value
WIDEST = 62.0  # per cent: room for the value beside the longest bar


@dataclass(frozen=True)
class Bar:
    row: dict[str, Any]
    width: float
    text_y: int
    bar_y: int
    group_y: int | None

    @property
    def value_y(self) -> int:
        return self.bar_y + BAR - 3


@dataclass(frozen=True)
class Picture:
    bars: list[Bar]
    height: int


@dataclass(frozen=True)
class Place:
    """Where a row stands: the line of its words, the bar below it, and the heading of the group that it begins."""

    text_y: int
    bar_y: int
    group_y: int | None


def stacked(rows: Sequence[dict[str, Any]]) -> tuple[list[Place], int]:
    """Return the places of rows (`group`) one below the other, and the height of all."""
    places: list[Place] = []
    y = 0
    group: dict[str, str] = {}
    for row in rows:
        begins = row["group"] and row["group"] != group
        group = row["group"]
        group_y = y + TEXT if begins else None
        y += GROUP if begins else 0
        places.append(Place(y + TEXT - 5, y + TEXT, group_y))
        y += TEXT + BAR + GAP
    return places, y


def draw(rows: Sequence[dict[str, Any]]) -> Picture:
    """Return the Picture of rows (`value`, `group`): the largest is WIDEST, and a group begins with a heading."""
    largest = max(row["value"] for row in rows)
    places, height = stacked(rows)
    bars = [
        Bar(row, round(max(row["value"] * WIDEST / largest, 0.4), 1), place.text_y, place.bar_y, place.group_y)
        for row, place in zip(rows, places, strict=True)
    ]
    return Picture(bars, height)
