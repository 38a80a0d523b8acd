"""Actors in two columns and the ties between them: where they stand. Pure; the template draws.

x is in per cent and y in pixels, so that words keep their size from 320 px up.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 40.0  # per cent: a box
RIGHT = 100.0 - WIDTH
SIGNS = 12  # in a line of a box at 320 px
LINE, PAD, GAP = 17, 9, 34  # px
APART = 22  # px between two numbers that would lie on each other


@dataclass(frozen=True)
class Box:
    x: float
    y: int
    height: int
    lines: list[str]

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def rows(self) -> list[tuple[int, str]]:
        """Return (y, words) of each line."""
        return [(self.y + PAD + LINE * number + 13, line) for number, line in enumerate(self.lines)]


@dataclass(frozen=True)
class Line:
    number: int
    tie: dict[str, Any]
    x1: float
    y1: int
    x2: float
    y2: int
    x: float
    y: int


@dataclass(frozen=True)
class Picture:
    boxes: list[Box]
    lines: list[Line]
    height: int


def draw(actors: Sequence[dict[str, Any]], ties: Sequence[dict[str, Any]], language: str) -> Picture:
    """Return the Picture of actors (`id`, `text`, `column`) and ties (`from`, `to`), numbered in their order."""
    boxes: dict[str, Box] = {}
    floor = {1: 0, 2: 0}
    for actor in actors:
        words = textwrap.wrap(actor["text"][language], SIGNS, break_long_words=False) or [""]
        height = PAD * 2 + LINE * len(words)
        boxes[actor["id"]] = Box(0.0 if actor["column"] == 1 else RIGHT, floor[actor["column"]], height, words)
        floor[actor["column"]] += height + GAP
    lines: list[Line] = []
    taken: list[tuple[float, int]] = []
    for number, tie in enumerate(ties, 1):
        x1, y1, x2, y2 = _ends(boxes[tie["from"]], boxes[tie["to"]])
        x, y = (x1 + x2) / 2, (y1 + y2) // 2
        while any(abs(x - other[0]) < 8 and abs(y - other[1]) < APART for other in taken):
            y += APART
        taken.append((x, y))
        lines.append(Line(number, tie, round(x1, 1), y1, round(x2, 1), y2, round(x, 1), y))
    height = max([*floor.values(), *(line.y + GAP for line in lines)]) - GAP // 2
    return Picture(list(boxes.values()), lines, height)


def _ends(start: Box, end: Box) -> tuple[float, int, float, int]:
    """Return where a tie leaves one box and meets the other: at the inner edges, or between two boxes of one column."""
    if start.x != end.x:
        inner = {0.0: WIDTH, RIGHT: RIGHT}
        return inner[start.x], start.middle, inner[end.x], end.middle
    upper, lower = sorted((start, end), key=lambda box: box.y)
    middle = start.x + WIDTH / 2
    y1, y2 = upper.y + upper.height, lower.y
    return (middle, y1, middle, y2) if upper is start else (middle, y2, middle, y1)
