"""Estimates on one scale, as ranges or points: where they stand. Pure; the template draws.

x is in per cent and y in pixels, so that words keep their size from 320 px up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

from lessons.figures.bars import BESIDE, WIDEST, stacked

__all__ = ["BESIDE", "WIDEST", "draw"]
BAR = 14  # px: thinner than a bar that begins at 0
AXIS = 24  # px under the rows, for the numbers of the scale
MOST_TICKS = 5


@dataclass(frozen=True)
class Range:
    """A bar from x to x + width, or a dot at x."""

    row: dict[str, Any]
    x: float
    width: float
    text_y: int
    bar_y: int
    group_y: int | None

    @property
    def end(self) -> float:
        return self.x + self.width

    @property
    def middle(self) -> int:
        return self.bar_y + BAR // 2


@dataclass(frozen=True)
class Tick:
    x: float
    value: int | float


@dataclass(frozen=True)
class Picture:
    ranges: list[Range]
    ticks: list[Tick]
    height: int

    @property
    def axis(self) -> int:
        return self.height - AXIS


def draw(rows: Sequence[dict[str, Any]]) -> Picture:
    """Return the Picture of rows (`low`, `high`, `group`) from 0; the highest end is WIDEST."""
    highest = max(row["high"] for row in rows)
    places, height = stacked(rows)
    ranges: list[Range] = []
    for row, place in zip(rows, places, strict=True):
        x, end = (round(row[key] * WIDEST / highest, 1) for key in ("low", "high"))
        ranges.append(Range(row, x, round(end - x, 1), place.text_y, place.bar_y, place.group_y))
    step = _step(highest / (MOST_TICKS - 1))
    ticks = [Tick(round(step * number * WIDEST / highest, 1), step * number) for number in range(MOST_TICKS)]
    return Picture(ranges, [tick for tick in ticks if tick.x <= WIDEST], height + AXIS)


def _step(least: float) -> int | float:
    """Return the least of 1, 2, 2.5, 5, 10, 20, 25 … (or a tenth of them, and so on) that is no less."""
    size = 10 ** floor(log10(least))
    step = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times >= least)
    return int(step) if step == int(step) else step
