"""A map of outlines, and places named at their dots, in degrees put on a plane. Pure; the template draws.

An equirectangular projection, stretched to the frame: x and y are in per cent of it, so that it fits every screen;
names are in pixels, and so is what parts them from their dots. A name stands where it has room on each of FRAMES; where
there is none it is a number, which the list below the map names, and a country is left unnamed.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product
from typing import Any, Protocol

from lessons.content.alphabet import HasDocument
from lessons.figures.timeline import Dated, first_day
from lessons.figures.words import width

FRAMES = (286, 326, 448, 720)  # px: how wide the map is, on a phone of 320 px and up to a desk
ASPECT = 1.2  # its width by its height, as the stylesheet has it
DOT, GAP, EDGE = 4, 1, 2  # px: a dot's radius, what parts a name from others, and from the frame
ASCENT, DESCENT = 11, 4  # px of a line over and under its baseline
# Where a name may begin, end or have its middle, from the dot's own, in px; the best first.
SIDES = [
    *((dx, dy, anchor) for dy, (dx, anchor) in product((5, 2, 8, -1, 11, -4, 14), ((8, "start"), (-8, "end")))),
    (0, -9, "middle"),
    (0, 19, "middle"),
]
# Where a number may stand that finds no room beside its dot, in px; the nearest first.
AROUND = [
    (dx, dy, "middle") for dx, dy in sorted(product(range(-60, 61, 10), repeat=2), key=lambda to: math.hypot(*to))
]
# How far a country's name may be moved, in per cent of the frame; the least first.
SHIFTS = sorted(product(range(-24, 25, 3), range(-18, 19, 3)), key=lambda shift: math.hypot(*shift))
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom, in px


class Entry(HasDocument, Protocol):
    """A place of the glossary, as content or as a row."""

    @property
    def slug(self) -> str: ...


@dataclass(frozen=True)
class Label:
    """Words at a point in per cent of the frame, `dx` and `dy` px from there, that begin, end or are centred there."""

    words: str
    x: float
    y: float
    dx: int = 0
    dy: int = 0
    anchor: str = "middle"
    is_bold: bool = False

    def box(self, frame: int) -> Box:
        """Return what the words take at most on a frame of so many px."""
        x, y = self.x * frame / 100 + self.dx, self.y * frame / ASPECT / 100 + self.dy
        size = width(self.words, self.is_bold)
        left = x - size * {"start": 0, "middle": 0.5, "end": 1}[self.anchor]
        return left, y - ASCENT, left + size, y + DESCENT


@dataclass(frozen=True)
class Place:
    """A place of the glossary and what happened there; its number stands on the map where its name had no room."""

    term: Entry
    events: Sequence[Dated]
    label: Label | None = None
    number: int = 0


@dataclass(frozen=True)
class Outline:
    points: Sequence[Point]
    is_subject: bool
    label: Label | None = None

    @property
    def path(self) -> str:
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies in it: a line to its right crosses the border an odd number of times."""
        inside = False
        for (x1, y1), (x2, y2) in pairwise([*self.points, self.points[0]]):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
        return inside


@dataclass(frozen=True)
class Picture:
    """Outlines with the names that have room, the places inside the frame, and those that have no point on it."""

    outlines: list[Outline]
    places: list[Place]
    elsewhere: list[Place]


@dataclass
class Room:
    """What is taken on each frame."""

    taken: dict[int, list[Box]] = field(default_factory=lambda: {frame: [] for frame in FRAMES})

    def take_dot(self, x: float, y: float) -> None:
        for frame, boxes in self.taken.items():
            u, v = x * frame / 100, y * frame / ASPECT / 100
            boxes.append((u - DOT, v - DOT, u + DOT, v + DOT))

    def take(self, labels: Iterable[Label]) -> Label | None:
        """Return the first of the labels that has room, and take it; None where none has."""
        for label in labels:
            if all(_is_free(label.box(frame), frame, boxes) for frame, boxes in self.taken.items()):
                for frame, boxes in self.taken.items():
                    boxes.append(label.box(frame))
                return label
        return None


def _is_free(box: Box, frame: int, taken: Iterable[Box]) -> bool:
    left, top, right, bottom = box
    if left < EDGE or top < EDGE or right > frame - EDGE or bottom > frame / ASPECT - EDGE:
        return False
    return all(left >= r + GAP or right <= x - GAP or top >= b + GAP or bottom <= y - GAP for x, y, r, b in taken)


def draw(outlines: dict[str, Any], terms: Sequence[Entry], language: str, events: Iterable[Dated] = ()) -> Picture:
    """Return the Picture of a module's map in one language: places in their order, each with what happened there."""
    west, south, east, north = outlines["frame"]

    def point(lon: float, lat: float) -> Point:
        return round((lon - west) * 100 / (east - west), 1), round((north - lat) * 100 / (north - south), 1)

    labels, room = _labels(
        {
            term.slug: (term.document["name"][language], *point(lon, lat))
            for term in terms
            if (lat := term.document.get("lat")) is not None
            and (lon := term.document.get("lon")) is not None
            and west <= lon <= east
            and south <= lat <= north
        }
    )
    happened = sorted(events, key=lambda event: first_day(event.date))
    places = [
        Place(
            term,
            [event for event in happened if term.slug in event.document.get("places", [])],
            *labels.get(term.slug, ()),
        )
        for term in terms
    ]
    drawn = []
    for country in sorted(outlines["countries"], key=lambda country: not country["is_subject"]):
        outline = Outline([point(*corner) for corner in country["outline"]], country["is_subject"])
        x, y = point(country["lon"], country["lat"])
        drawn.append(replace(outline, label=room.take(_within(outline, country["name"][language], x, y))))
    drawn.reverse()  # the subject is drawn last, over its neighbours' borders
    return Picture(drawn, [place for place in places if place.label], [place for place in places if not place.label])


def _labels(named: Mapping[str, tuple[str, float, float]]) -> tuple[dict[str, tuple[Label, int]], Room]:
    """Return {slug: (its name, or its number where the name has no room; that number or 0)}, and the room that is left.

    The crowded ones are placed first; those that found no room come before them in the next round, and the best counts.
    """
    points = {slug: (x, y) for slug, (_, x, y) in named.items()}

    def crowding(slug: str) -> float:
        return min((math.dist(points[slug], points[other]) for other in points if other != slug), default=0)

    order = sorted(named, key=crowding)
    rounds = [_placed(named, order)]
    while len(rounds) < len(named) and (unnamed := [slug for slug in order if rounds[-1][0][slug][1]]):
        order = [*unnamed, *(slug for slug in order if slug not in unnamed)]
        rounds.append(_placed(named, order))
    return min(rounds, key=lambda placed: sum(number > 0 for _, number in placed[0].values()))


def _placed(
    named: Mapping[str, tuple[str, float, float]], order: Iterable[str]
) -> tuple[dict[str, tuple[Label, int]], Room]:
    """Place the names one after the other, each where it has room beside those before it and beside every dot."""
    room = Room()
    for _, x, y in named.values():
        room.take_dot(x, y)
    numbers = {slug: number for number, slug in enumerate(named, 1)}
    labels = {}
    for slug in order:
        name, x, y = named[slug]
        number = str(numbers[slug])
        if label := room.take(Label(name, x, y, *side) for side in SIDES):
            labels[slug] = (label, 0)
        else:
            label = room.take(Label(number, x, y, *side) for side in [*SIDES, *AROUND])
            labels[slug] = (label or Label(number, x, y, *SIDES[0]), numbers[slug])
    return labels, room


def _within(outline: Outline, name: str, x: float, y: float) -> Iterator[Label]:
    """Yield where the name of a country may stand: at its own point, else near it in the country."""
    for right, down in SHIFTS:
        if (right, down) == (0, 0) or outline.holds(x + right, y + down):
            yield Label(name, round(x + right, 1), round(y + down, 1), is_bold=outline.is_subject)
