"""Small panels of one form, below each other: parts of a whole as squares, or words side by side. Pure.

x is in per cent and y in pixels, so that words keep their size from 320 px up; the template draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from math import ceil
from typing import Any

from lessons.figures.words import ROOM, lines

HEADING, LINE, GAP = 22, 18, 20  # px: a panel's heading, a line of words, what parts two panels
SIDE, APART = 14, 3  # px: a square's height and what parts two rows of them
BELOW = 6  # px between the last panel and the caption
BAND = 12  # px: the band over the words of a part
MOST_IN_ROW = 27  # squares
BETWEEN = 5  # px between the words of two parts


@dataclass(frozen=True)
class Square:
    x: float
    y: int
    width: float
    height: int
    part: dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A line of words at (x, y), with a sample of its part's fill before it, or not."""

    x: float
    y: int
    text: str
    part: dict[str, Any]
    is_name: bool = False


@dataclass(frozen=True)
class Panel:
    panel: dict[str, Any]
    y: int
    squares: list[Square]
    lines: list[Line]


@dataclass(frozen=True)
class Picture:
    panels: list[Panel]
    height: int
    is_counted: bool


def room(parts: int) -> float:
    """Return how many pixels the words of one of so many parts have, side by side on the narrowest phone."""
    return ROOM / parts - BETWEEN


def draw(panels: Sequence[dict[str, Any]], language: str) -> Picture:
    """Return the Picture of panels (`text`, `parts`): squares where parts have a `value`, else a band over each."""
    is_counted = any(part["value"] is not None for panel in panels for part in panel["parts"])
    drawn: list[Panel] = []
    y = 0
    for panel in panels:
        below, squares, words = (_counted if is_counted else _told)(panel["parts"], language, y + HEADING)
        drawn.append(Panel(panel, y + HEADING - 6, squares, words))
        y = below + GAP
    return Picture(drawn, y - GAP + BELOW, is_counted)


def _counted(parts: Sequence[dict[str, Any]], language: str, y: int) -> tuple[int, list[Square], list[Line]]:
    """Return what is below, a square for each that is counted, row by row, and a line of words for each part."""
    cells = list(chain.from_iterable(repeat(part, part["value"]) for part in parts))
    in_row = ceil(len(cells) / ceil(len(cells) / MOST_IN_ROW))
    pitch = 100 / in_row
    squares = [
        Square(
            round(index % in_row * pitch, 2), y + index // in_row * (SIDE + APART), round(pitch - 0.8, 2), SIDE, part
        )
        for index, part in enumerate(cells)
    ]
    y = squares[-1].y + SIDE + 4
    words = [
        Line(0.0, y + LINE * number + 13, f"{part['value']} {part['text'][language]}", part)
        for number, part in enumerate(parts)
    ]
    return y + LINE * len(words), squares, words


def _told(parts: Sequence[dict[str, Any]], language: str, y: int) -> tuple[int, list[Square], list[Line]]:
    """Return what is below, a band for each part, and under it the part's name and words, cut to its width."""
    share = 100 / len(parts)
    squares: list[Square] = []
    words: list[Line] = []
    for number, part in enumerate(parts):
        x = round(number * share, 2)
        squares.append(Square(x, y, round(share - 2.5, 2), BAND, part))
        texts = [part["name"][language]] if part["name"] else []
        texts += lines(part["text"][language], room(len(parts)))
        words += [
            Line(x, y + BAND + LINE * row + 15, text, part, is_name=bool(part["name"]) and row == 0)
            for row, text in enumerate(texts)
        ]
    return max(line.y for line in words) + 5, squares, words
