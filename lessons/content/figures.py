"""The pictures of a module as text: bars, ties and the outlines of a map, read and checked. Pure."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lessons.content.languages import KNOWN
from lessons.content.parity import values
from lessons.content.source import Entry, Problems, is_there, read_toml, unique

KINDS = ("bars", "ties")
LONGEST_BAR = 38  # characters that stand over a bar on a phone of 320 px
LONGEST_GROUP = 37  # characters of a heading there, which is bold
LONGEST_ACTOR = 36  # characters in an actor's box, on up to three lines


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
        slug, kind = entry.slug("id"), entry.one_of("kind", KINDS)
        document = {"title": entry.text("title"), "note": entry.text("note", required=False)}
        rows = {"bars": _bars, "ties": _ties}[kind](entry, claims) if kind else {}
        entry.done()
        shown = [key for table in rows.values() for row in table for key in row.get("claims", [])]
        figures[slug] = Figure(slug, kind or "", list(dict.fromkeys(shown)), document | rows)
    top.done()
    return figures


def _bars(entry: Entry, claims: Container[str]) -> dict[str, list[dict[str, Any]]]:
    """Read rows with a `value` in one unit; `shown` is how the page says it, `is_other` a row to be read apart."""
    rows = []
    for row in entry.entries("bar"):
        bar: dict[str, Any] = {
            "text": row.text("text"),
            "value": row.value("value", (int, float), "a number", 0),
            "shown": row.text("shown"),
            "group": row.text("group", required=False),
            "is_other": row.flag("other"),
            "claims": _claims(row, claims),
        }
        _fits(row, bar["text"], LONGEST_BAR)
        if bar["group"]:
            _fits(row, bar["group"], LONGEST_GROUP, "group")
        if bar["value"] < 0:
            row.error("a bar is as long as its value, which is 0 or more", "value")
        for language, shown in bar["shown"].items():
            if shown and language in KNOWN and Decimal(str(bar["value"])) not in values(shown, language):
                row.error(f"“shown.{language}” does not name the value, {bar['value']}", "shown")
        row.done()
        rows.append(bar)
    if rows and not any(row["value"] for row in rows):
        entry.error("one bar at least has a value above 0")
    return {"bars": rows}


def _ties(entry: Entry, claims: Container[str]) -> dict[str, list[dict[str, Any]]]:
    """Read actors in the left or right column, from top to bottom, and the ties between them, each with its claims."""
    actors: list[dict[str, Any]] = []
    ties: list[dict[str, Any]] = []
    for row in entry.entries("actor"):
        actors.append({"id": row.slug("id"), "text": row.text("text"), "column": row.whole("column", 1, 2, 1)})
        _fits(row, actors[-1]["text"], LONGEST_ACTOR)
        row.done()
    known = [actor["id"] for actor in actors]
    for row in entry.entries("tie"):
        tie: dict[str, Any] = {
            "from": row.slug("from"),
            "to": row.slug("to"),
            "text": row.text("text"),
            "claims": _claims(row, claims),
        }
        for end in ("from", "to"):
            if tie[end] and tie[end] not in known:
                row.error(f"no actor of this picture is called “{tie[end]}”", end)
        if tie["from"] == tie["to"]:
            row.error("a tie is between two actors", "to")
        if not tie["claims"]:
            row.error("a tie names the claims that it rests on", "claims")
        row.done()
        ties.append(tie)
    return {"actors": actors, "ties": ties}


def _claims(row: Entry, claims: Container[str]) -> list[str]:
    keys = row.strings("claims")
    for key in keys:
        if key not in claims:
            row.error(f"no claim is called “{key}”", "claims")
    return keys


def _fits(row: Entry, text: Mapping[str, str], longest: int, key: str = "text") -> None:
    for language, words in text.items():
        if len(words) > longest:
            row.error(f"“{key}.{language}” has {len(words)} characters; {longest} fit on a small phone", key)


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
