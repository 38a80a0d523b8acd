"""Columns of a picture: where they stand. Pure; a template draws.

x is in per cent and y in pixels, so that the picture fits 320 to 720 px with its text at full size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TOP, FOOT = 27, 76  # px: where the highest column begins, and where all end
FILL = 0.77  # of its slot that a column takes


@dataclass(frozen=True)
class Bar:
    """One column: left edge, width and middle in per cent, top and height in px; `of` is what it stands for."""

    x: float
    width: float
    middle: float
    y: int
    height: int
    of: object

    @property
    def over(self) -> int:
        """Where the figure above it stands."""
        return self.y - 6


def bars(values: Sequence[float], things: Sequence[object], most: float | None = None) -> list[Bar]:
    """Return a Bar for each value, as high as its part of `most`, by default the highest; nothing is 1 px high."""
    most = most or max(values, default=0) or 1
    slot = 100 / max(len(values), 1)
    columns = []
    for number, (value, thing) in enumerate(zip(values, things, strict=True)):
        height = max(round(min(value / most, 1) * (FOOT - TOP)), 1)
        left = (number + (1 - FILL) / 2) * slot
        columns.append(
            Bar(round(left, 1), round(slot * FILL, 1), round((number + 0.5) * slot, 1), FOOT - height, height, thing)
        )
    return columns
