"""Actors in two columns and the ties between them: where they stand. Pure; the template draws.

x is in per cent and y in pixels, so that words keep their size from 320 px up.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from lessons.figures.words import ROOM, lines

WIDTH = 40.0  # per cent: a box
RIGHT = 100.0 - WIDTH
SIDE = 6  # px between a box and its words
WORDS = ROOM * WIDTH / 100 - SIDE - 1  # px: what a line of a box has for words, on the narrowest phone
LINE, PAD, GAP = 17, 9, 34  # px
APART = 20  # px between two numbers that would lie on each other, on the narrowest phone
ALONG = (0.5, 0.3, 0.7, 0.2, 0.8)  # where on its tie a number may stand, best first
BESIDE = 16  # px between the two ties that one pair of boxes may have


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

    @property
    def infers(self) -> bool:
        return any(line.tie["is_inferred"] for line in self.lines)


def draw(actors: Sequence[dict[str, Any]], ties: Sequence[dict[str, Any]], language: str) -> Picture:
    """Return the Picture of actors (`id`, `text`, `column`) and ties (`from`, `to`), numbered in their order."""
    boxes: dict[str, Box] = {}
    floor = {1: 0, 2: 0}
    for actor in actors:
        words = lines(actor["text"][language], WORDS) or [""]
        height = PAD * 2 + LINE * len(words)
        boxes[actor["id"]] = Box(0.0 if actor["column"] == 1 else RIGHT, floor[actor["column"]], height, words)
        floor[actor["column"]] += height + GAP
    drawn: list[Line] = []
    taken: list[tuple[float, int]] = []
    between = Counter(frozenset((tie["from"], tie["to"])) for tie in ties)
    before: Counter[frozenset[str]] = Counter()
    for number, tie in enumerate(ties, 1):
        pair = frozenset((tie["from"], tie["to"]))
        aside = BESIDE * before[pair] - BESIDE * (between[pair] - 1) // 2
        before[pair] += 1
        x1, y1, x2, y2 = _ends(boxes[tie["from"]], boxes[tie["to"]])
        if x1 != x2:
            y1, y2 = y1 + aside, y2 + aside
        x, y = _free([(round(x1 + (x2 - x1) * part, 1), round(y1 + (y2 - y1) * part)) for part in ALONG], taken)
        taken.append((x, y))
        drawn.append(Line(number, tie, round(x1, 1), y1, round(x2, 1), y2, x, y))
    height = max([*floor.values(), *(line.y + GAP for line in drawn)]) - GAP // 2
    return Picture(list(boxes.values()), drawn, height)


def _free(places: Sequence[tuple[float, int]], taken: Sequence[tuple[float, int]]) -> tuple[float, int]:
    """Return the first place that touches none that is taken; where there is none, one below the first.

    Each that is taken touches two of those below at most.
    """
    for x, y in [*places, *((places[0][0], places[0][1] + APART * number) for number in range(1, 2 * len(taken) + 2))]:
        if all(hypot((x - other) * ROOM / 100, y - its) >= APART for other, its in taken):
            return x, y
    return places[0]


def _ends(start: Box, end: Box) -> tuple[float, int, float, int]:
    """Return where a tie leaves one box and meets the other: at the inner edges, or between two boxes of one column."""
    if start.x != end.x:
        inner = {0.0: WIDTH, RIGHT: RIGHT}
        return inner[start.x], start.middle, inner[end.x], end.middle
    upper, lower = sorted((start, end), key=lambda box: box.y)
    middle = start.x + WIDTH / 2
    y1, y2 = upper.y + upper.height, lower.y
    return (middle, y1, middle, y2) if upper is start else (middle, y2, middle, y1)
