"""A map of outlines and numbered places, in degrees put on a plane. Pure; the template draws.

An equirectangular projection, true at the middle latitude of the frame: x is (lon − west) · cos(that latitude), y is
north − lat.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lessons.content.alphabet import HasDocument

WIDTH = 320  # units of the picture's own, 288 to 448 px on the page
AROUND = [(8, 0), (-8, 0), (0, -8), (0, 8), (8, -7), (-8, -7), (8, 7), (-8, 7)]  # where a number may stand, best first
Point = tuple[float, float]
NEAR = 9  # units: closer, a number would touch a dot or another number


@dataclass(frozen=True)
class Outline:
    country: dict[str, Any]
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Place:
    """A dot at (x, y), and its number at (label_x, label_y), free of other dots and numbers where there is room."""

    number: int
    term: HasDocument
    x: float
    y: float
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Picture:
    """Outlines with their names, the places inside the frame, and those that have no point on it."""

    width: int
    height: int
    outlines: list[Outline]
    places: list[Place]
    elsewhere: list[HasDocument]


def draw(outlines: dict[str, Any], terms: Iterable[HasDocument]) -> Picture:
    """Return the Picture of a module's map and its places (`document` with lat and lon, or without), in order."""
    west, south, east, north = outlines["frame"]
    stretch = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * stretch)

    def point(lon: float, lat: float) -> Point:
        return round((lon - west) * stretch * scale, 1), round((north - lat) * scale, 1)

    drawn = []
    for country in outlines["countries"]:
        path = "M" + "L".join(f"{x:g} {y:g}" for x, y in (point(*corner) for corner in country["outline"])) + "Z"
        x, y = point(country["lon"], country["lat"])
        drawn.append(Outline(country, path, round(x), round(y)))
    inside: list[tuple[HasDocument, Point]] = []
    elsewhere: list[HasDocument] = []
    for term in terms:
        lat, lon = term.document.get("lat"), term.document.get("lon")
        if lat is not None and lon is not None and west <= lon <= east and south <= lat <= north:
            inside.append((term, point(lon, lat)))
        else:
            elsewhere.append(term)
    return Picture(WIDTH, round((north - south) * scale), drawn, _numbered(inside), elsewhere)


def _numbered(inside: Sequence[tuple[HasDocument, Point]]) -> list[Place]:
    """Return the places in their order, each number on the side where it touches neither a dot nor another number."""
    taken: list[Point] = [dot for _, dot in inside]
    places: list[Place] = []
    for number, (term, (x, y)) in enumerate(inside, 1):
        others = [point for point in taken if point != (x, y)]
        free = [
            (x + dx, y + dy) for dx, dy in AROUND if all(math.hypot(x + dx - u, y + dy - v) >= NEAR for u, v in others)
        ]
        label = free[0] if free else (x + AROUND[0][0], y)
        taken.append(label)
        places.append(Place(number, term, x, y, *label))
    return places
