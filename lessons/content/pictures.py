"""The kinds of picture as rows of text: what each holds, read and checked before it is drawn. Pure.

A label that would run out of a phone of 320 px is refused: what is drawn keeps its size on every width.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lessons.content.languages import KNOWN
from lessons.content.parity import values
from lessons.content.source import MOMENT, Entry, impossible, unique
from lessons.figures import bars, multiples, ranges, ties
from lessons.figures.words import ROOM, lines, width

Claims = Container[str]
Rows = dict[str, list[dict[str, Any]]]  # {name of the rows in the document: rows}
BOUND = re.compile(rf"{MOMENT}\Z")
FILLS = ("solid", "striped", "dotted", "open", "dark")
MOST_SQUARES = 200  # of a panel
MOST_TIES = 2  # of one pair of actors
SAMPLE = 24  # px: a square and what parts it from its words


def read_bars(entry: Entry, claims: Claims) -> Rows:
    """Read rows with a `value` in one unit; `shown` is how the page says it."""
    rows = []
    for row in entry.entries("bar"):
        bar: dict[str, Any] = _row(row, claims) | {
            "value": row.value("value", (int, float), "a number", 0),
            "shown": row.text("shown"),
            "fill": _fill(row),
        }
        _fits(row, bar["shown"], ROOM * (1 - bars.WIDEST / 100) - bars.BESIDE, "shown")
        if bar["value"] < 0:
            row.error("a bar is as long as its value, which is 0 or more", "value")
        _names(row, bar["shown"], bar["value"])
        row.done()
        rows.append(bar)
    if rows and not any(row["value"] for row in rows):
        entry.error("one bar at least has a value above 0")
    return {"bars": rows, "key": _key(entry, rows)}


def read_ranges(entry: Entry, claims: Claims) -> Rows:
    """Read rows from `low` to `high` in one unit, or of one `value`; `shown` is how the page says it."""
    rows = []
    for row in entry.entries("range"):
        is_point = "value" in row.data
        ends = [row.value(key, (int, float), "a number", 0) for key in (["value"] if is_point else ["low", "high"])]
        low, high = ends[0], ends[-1]
        span: dict[str, Any] = _row(row, claims) | {
            "low": low,
            "high": high,
            "shown": row.text("shown"),
            "fill": _fill(row),
        }
        _fits(row, span["shown"], ROOM * (1 - ranges.WIDEST / 100) - ranges.BESIDE, "shown")
        if not 0 <= low <= high:
            row.error("a range goes up, from 0 or more", "value" if is_point else "low")
        for end in dict.fromkeys(ends):
            _names(row, span["shown"], end)
        row.done()
        rows.append(span)
    if rows and not any(row["high"] for row in rows):
        entry.error("one range at least ends above 0")
    return {"ranges": rows, "key": _key(entry, rows)}


def read_spans(entry: Entry, claims: Claims) -> Rows:
    """Read what lasts, `from` a moment and *`to`* another, and the points, each on its `date`."""
    rows: Rows = {"spans": [], "points": []}
    for row in entry.entries("span"):
        start, end = _moment(row, "from"), _moment(row, "to", required=False)
        if start and end and (wrong := impossible(f"{start}/{end}")):
            row.error(f"from and to: {wrong}", "to")
        rows["spans"].append(_row(row, claims) | {"from": start, "to": end, "date": "", "fill": _fill(row)})
        row.done()
    for row in entry.entries("point", required=False):
        dated: dict[str, Any] = {"from": "", "to": "", "date": _moment(row, "date"), "fill": _fill(row)}
        rows["points"].append(_row(row, claims) | dated)
        row.done()
    return rows | {"key": _key(entry, [*rows["spans"], *rows["points"]])}


def read_multiples(entry: Entry, claims: Claims) -> Rows:
    """Read panels of one form: parts that each have a `value`, and add up to one whole, or words alone."""
    panels: list[dict[str, Any]] = []
    for row in entry.entries("panel"):
        tables = row.entries("part")
        parts = [_part(table) for table in tables]
        panel: dict[str, Any] = {"text": row.text("text"), "claims": _claims(row, claims), "parts": parts}
        _fits(row, panel["text"], ROOM, bold=True)
        row.done()
        panels.append(panel)
        _same_form(row, panels)
        for table, part in zip(tables, parts, strict=True):
            _part_fits(table, part, len(parts))
    return {"panels": panels}


def _same_form(row: Entry, panels: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a panel, the last of those read, that cannot be compared with the first."""
    first, parts = panels[0]["parts"], panels[-1]["parts"]
    is_counted = [part["value"] is not None for part in [*first, *parts]]
    whole, total = (sum(part["value"] or 0 for part in panel) for panel in (first, parts))
    if any(is_counted) and not all(is_counted):
        row.error("each part of every panel has a value, or none has")
    elif total != whole:
        row.error(f"the parts add up to {total} here and to {whole} in the first panel")
    elif any(is_counted) and not 0 < total <= MOST_SQUARES:
        row.error(f"the parts of a panel add up to a number from 1 to {MOST_SQUARES}")
    elif not any(is_counted) and len(parts) != len(first):
        row.error(f"this panel has {len(parts)} parts, and the first has {len(first)}: give all the same form")


def _part(row: Entry) -> dict[str, Any]:
    value = row.whole("value", 0, MOST_SQUARES, required=False)
    part = {"name": row.text("name", required=False), "text": row.text("text"), "value": value, "fill": _fill(row)}
    row.done()
    return part


def _part_fits(row: Entry, part: Mapping[str, Any], parts: int) -> None:
    if part["value"] is not None:
        _fits(row, part["text"], ROOM - SAMPLE - width(f"{part['value']} "))
        return
    room = multiples.room(parts)
    _fits(row, part["name"], room, "name")
    for language, text in part["text"].items():
        for line in lines(text, room):
            if width(line) > room:
                row.error(f"“text.{language}”: “{line}” is wider than its part of a small phone", "text")


def read_ties(entry: Entry, claims: Claims) -> Rows:
    """Read actors in the left or right column, from top to bottom, and the ties between them, each with its claims.

    A tie is shown by its sources, or `inferred` by somebody.
    """
    actors: list[dict[str, Any]] = []
    between: list[dict[str, Any]] = []
    entries = entry.entries("actor")
    unique(entries)
    for row in entries:
        actors.append({"id": row.slug("id"), "text": row.text("text"), "column": row.whole("column", 1, 2, 1)})
        for language, text in actors[-1]["text"].items():
            for line in lines(text, ties.WORDS):
                if width(line) > ties.WORDS:
                    row.error(f"“text.{language}”: “{line}” is wider than its box on a small phone", "text")
        row.done()
    known = [actor["id"] for actor in actors]
    for row in entry.entries("tie"):
        tie: dict[str, Any] = {
            "from": row.slug("from"),
            "to": row.slug("to"),
            "text": row.text("text"),
            "is_inferred": row.flag("inferred"),
            "claims": _claims(row, claims),
        }
        for end in ("from", "to"):
            if tie[end] and tie[end] not in known:
                row.error(f"no actor of this picture is called “{tie[end]}”", end)
        if tie["from"] == tie["to"]:
            row.error("a tie is between two actors", "to")
        if [{other["from"], other["to"]} for other in between].count({tie["from"], tie["to"]}) == MOST_TIES:
            row.error(f"two actors have at most {MOST_TIES} ties: say it in one", "to")
        if not tie["claims"]:
            row.error("a tie names the claims that it rests on", "claims")
        row.done()
        between.append(tie)
    return {"actors": actors, "ties": between}


def read_table(entry: Entry, claims: Claims) -> Rows:
    """Read columns, each with its heading, and rows of `cells`, as many as there are columns."""
    columns, entries = read_columns(entry)
    rows = []
    for row in entries:
        rows.append({"cells": row.cells("cells", len(columns)), "claims": _claims(row, claims)})
        row.done()
    return {"columns": columns, "rows": rows}


def read_columns(entry: Entry) -> tuple[list[dict[str, Any]], list[Entry]]:
    """Return the columns of a table, each with its heading, and its rows, to be read."""
    columns = []
    for row in entry.entries("column"):
        columns.append({"text": row.text("text")})
        row.done()
    if not 2 <= len(columns) <= 5:
        entry.error("a table has 2 to 5 columns", "column")
    return columns, entry.entries("row")


READERS: dict[str, Callable[[Entry, Claims], Rows]] = {
    "bars": read_bars,
    "ranges": read_ranges,
    "spans": read_spans,
    "multiples": read_multiples,
    "ties": read_ties,
    "table": read_table,
}


def _row(row: Entry, claims: Claims) -> dict[str, Any]:
    """Read what a row of every kind that is drawn line by line has: words, a heading over them, claims."""
    text, group = row.text("text"), row.text("group", required=False)
    _fits(row, text, ROOM)
    _fits(row, group, ROOM, "group", bold=True)
    return {"text": text, "group": group, "claims": _claims(row, claims)}


def _fill(row: Entry) -> str:
    return row.one_of("fill", FILLS, required=False) or FILLS[0]


def _key(entry: Entry, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Read what each fill stands for, which a picture of several says of all."""
    entries = entry.entries("key", required=False)
    unique(entries, "fill")
    key: list[dict[str, Any]] = []
    for row in entries:
        key.append({"fill": row.one_of("fill", FILLS), "text": row.text("text")})
        row.done()
    used, named = {row["fill"] for row in rows}, {row["fill"] for row in key}
    if len(used) > 1 and (untold := sorted(used - named)):
        entry.error(f"several fills: [[figure.key]] says what each stands for, and does not of {', '.join(untold)}")
    if unused := sorted(fill for fill in named - used if fill):
        entry.error(f"[[figure.key]] tells of {', '.join(unused)}, which no row has", "key")
    return key


def _moment(row: Entry, key: str, required: bool = True) -> str:
    """Return a moment such as 2014, 2014-08 or 2014-08-01, or ""."""
    moment = row.string(key, required=required)
    if moment and not BOUND.match(moment):
        row.error(f"“{key}” is written 2012, 2012-03 or 2012-03-22", key)
        return ""
    if moment and (wrong := impossible(moment)):
        row.error(f"“{key}”: {wrong}", key)
        return ""
    return moment


def _names(row: Entry, shown: Mapping[str, str], value: int | float) -> None:
    """Refuse words that do not name the value beside which they stand."""
    for language, words in shown.items():
        if words and language in KNOWN and Decimal(str(value)) not in values(words, language):
            row.error(f"“shown.{language}” does not name the value, {value}", "shown")


def _claims(row: Entry, claims: Claims) -> list[str]:
    keys = row.strings("claims")
    for key in keys:
        if key not in claims:
            row.error(f"no claim is called “{key}”", "claims")
    return keys


def _fits(row: Entry, text: Mapping[str, str], room: float, key: str = "text", bold: bool = False) -> None:
    """Refuse words that are wider than so many pixels."""
    for language, words in text.items():
        if (wide := width(words, bold)) > room:
            most = int(len(words) * room / wide)
            row.error(f"“{key}.{language}” has {len(words)} characters; about {most} fit on a small phone", key)
