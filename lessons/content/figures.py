"""The pictures of a module and the outlines of its map as text, read and checked. Pure."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lessons.content.pictures import READERS
from lessons.content.source import Problems, is_there, read_toml, unique


@dataclass(frozen=True)
class Figure:
    """One picture: title, note and the rows of its kind in `document`, and the claims that it shows."""

    slug: str
    kind: str
    claims: list[str]
    document: dict[str, Any]


def read_figures(path: Path, problems: Problems, claims: Container[str]) -> dict[str, Figure]:
    """Return the pictures by their ids; a module without one has no such file."""
    if not is_there(path):
        return {}
    figures = {}
    top = read_toml(path, problems)
    entries = top.entries("figure")
    unique(entries)
    for entry in entries:
        slug, kind = entry.slug("id"), entry.one_of("kind", list(READERS))
        document = {"title": entry.text("title"), "note": entry.text("note", required=False)}
        rows = READERS[kind](entry, claims) if kind else {}
        entry.done()
        shown = [key for table in rows.values() for row in table for key in row.get("claims", [])]
        figures[slug] = Figure(slug, kind or "", list(dict.fromkeys(shown)), document | rows)
    top.done()
    return figures


def read_map(path: Path, problems: Problems) -> dict[str, Any]:
    """Return a module's map, {} where it has none: frame, title, and countries with name, its point and outline."""
    if not is_there(path):
        return {}
    top = read_toml(path, problems)
    frame = top.value("frame", list, "west, south, east and north in degrees", [0, 0, 1, 1])
    if not _is_frame(frame):
        top.error("“frame” is west, south, east and north in degrees", "frame")
        frame = [0, 0, 1, 1]
    countries = []
    entries = top.entries("country")
    unique(entries)
    for entry in entries:
        country: dict[str, Any] = {"name": entry.text("name"), "is_subject": entry.flag("subject")}
        country["id"] = entry.slug("id")
        for key in ("lat", "lon"):
            country[key] = entry.degrees(key) or 0
        country["outline"] = entry.value("outline", list, "a list of [longitude, latitude]", [])
        if len(country["outline"]) < 3 or not all(_is_point(point) for point in country["outline"]):
            entry.error("“outline” is three or more points, each [longitude, latitude]", "outline")
            country["outline"] = []
        entry.done()
        countries.append(country)
    document = {"frame": frame, "title": top.text("title"), "countries": countries}
    top.done()
    return document


def _is_frame(frame: Sequence[Any]) -> bool:
    if len(frame) != 4 or not all(_is_number(degrees) for degrees in frame):
        return False
    west, south, east, north = frame
    return west < east and south < north


def _is_point(point: Any) -> bool:
    return isinstance(point, list) and len(point) == 2 and all(_is_number(degrees) for degrees in point)


def _is_number(value: Any) -> bool:
    """Return whether it is degrees, and neither a truth nor nan."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -180 <= value <= 180
