"""An item as its author types it in a form: its fields, its rows, and their check by the rules of its kind. Pure.

A Source is JSON in the shape of a table [[item]] of items.toml, with texts as they were typed; so the kinds' own
`parse` reads it, and says of a form what it says of a file. Where it has any, its `pictures` are a list of
{"file": checksum, "width": …, "height": …, "alt": {language: text}} (quizzes.pictures).
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accounts.folding import cut
from lessons.content.source import SLUG, Entry, Lines, Problem, Problems, checksum
from quizzes.flaws import Flaw
from quizzes.kinds import KINDS, Feedback, Parsed, Posted, Version
from quizzes.kinds.number import THOUSANDS, NotANumber, number
from quizzes.lint import item_flaws

Source = dict[str, Any]
CONTROLS = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
OF_LANGUAGE = re.compile(r"“(\w+)\.([\w-]+)”")
A_CHECKSUM = re.compile(r"[0-9a-f]{64}\Z")
# A name of a file, or of what any picture is.
SAYS_NOTHING = re.compile(
    r"([\w-]+\.(png|jpe?g|webp|gif)|(img|dsc|dcim|scan|screenshot)[\W_]*\d*"
    r"|(an? |the |une? |la |le |l[’'])?"
    r"(image|picture|photo(graph(y|ie)?)?|drawing|dessin|graph(ic|ique)?|figure))\W*\d*\Z",
    re.IGNORECASE,
)
OF_TABLES = re.compile(r"\[\[item\.(\w+)\]\]; ")
PICTURES = 3  # of one item
FORMS = 12  # accepted forms of a short answer in one language
# Characters that a text may have, by its name; those that are not named, the last.
LONGEST = {"stem": 2000, "explanation": 4000, "feedback": 1000, "unit": 40, "value": 60, "tolerance": 60}
LONGEST_TEXT = 500


@dataclass(frozen=True)
class Rows:
    """The rows [[item.<name>]] of a kind: which texts each has in every language, and how many there are.

    `first` are on a page that was just opened.
    """

    name: str
    texts: tuple[str, ...]
    most: int
    first: int


@dataclass(frozen=True)
class Shape:
    """What a form of a kind asks beside stem and explanation: rows, texts in every language, and plain fields."""

    rows: tuple[Rows, ...] = ()
    texts: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    shuffles: bool = True


SHAPES = {
    "single": Shape((Rows("option", ("text", "feedback"), 8, 4),)),
    "multiple": Shape((Rows("option", ("text", "feedback"), 8, 4),)),
    "classify": Shape((Rows("label", ("text",), 6, 2), Rows("statement", ("text", "feedback"), 8, 3))),
    "order": Shape((Rows("entry", ("text", "feedback"), 8, 4),), shuffles=False),
    "match": Shape((Rows("pair", ("text", "match", "feedback"), 8, 3), Rows("extra", ("text",), 4, 1))),
    "number": Shape((Rows("mistake", ("feedback",), 6, 1),), ("unit", "feedback"), ("value", "tolerance"), False),
    "short": Shape((), ("feedback",), (), False),
}
# What may be said of an own item beside its text; whether it is so a module has to say (quizzes.writing).
OPTIONAL = ("level", "passage", "objective", "claims")


def new_id() -> str:
    """Return an id of a row that no other has had: ids are never used again for another meaning."""
    return f"r{secrets.token_hex(4)}"


def blank(kind: str) -> Source:
    """Return the Source of a form that was just opened."""
    source: Source = {"kind": kind, "shuffle": True} if SHAPES[kind].shuffles else {"kind": kind}
    for rows in SHAPES[kind].rows:
        source[rows.name] = [{"id": new_id()} for _ in range(rows.first)]
    return source


def read(kind: str, posted: Posted, languages: Sequence[str]) -> Source:
    """Return what was typed, row by row, with the ids that the page gave; an id that is none, or is there, is anew."""

    def text(name: str) -> str:
        return CONTROLS.sub("", (posted.get(name) or "").replace("\r\n", "\n"))

    def texts(name: str) -> dict[str, str]:
        return {language: text(f"{name}-{language}") for language in languages}

    shape = SHAPES[kind]
    source: Source = {"kind": kind, **{name: texts(name) for name in ("stem", "explanation", *shape.texts)}}
    source |= {name: text(name) for name in (*shape.plain, *OPTIONAL)}
    if shape.shuffles:
        source["shuffle"] = bool(posted.get("shuffle"))
    if kind == "short":
        source["accepted"] = {language: text(f"accepted-{language}").split("\n") for language in languages}
        source["articles"] = bool(posted.get("articles"))
    files = {at: posted.get(f"pictures-{at}-file") or "" for at in range(PICTURES)}
    if entries := [
        {"file": file, "alt": texts(f"pictures-{at}-alt")} for at, file in files.items() if A_CHECKSUM.match(file)
    ]:
        source["pictures"] = entries
    ids: set[str] = set()
    for rows in shape.rows:
        source[rows.name] = []
        for at in range(rows.most):
            name = f"{rows.name}-{at}"
            if (key := posted.get(f"{name}-id")) is None:
                continue
            key = key if len(key) <= 50 and SLUG.match(key) and key not in ids else new_id()
            ids.add(key)
            row: dict[str, Any] = {"id": key} | {part: texts(f"{name}-{part}") for part in rows.texts}
            source[rows.name].append(row | _key(kind, rows.name, name, key, posted))
    return source


def _key(kind: str, rows: str, name: str, key: str, posted: Posted) -> dict[str, Any]:
    """Return what a row says of the key: whether it is one, the label that it has, or the value of a mistake."""
    if kind == "single":
        return {"key": posted.get("key") == key}
    if kind == "multiple":
        return {"key": bool(posted.get(f"{name}-key"))}
    if rows == "statement":
        return {"key": cut(posted.get(f"{name}-key") or "")}
    return {"value": CONTROLS.sub("", posted.get(f"{name}-value") or "")} if rows == "mistake" else {}


# Rows come and go by buttons that save nothing


def more(source: Source, name: str) -> Source:
    """Return the Source with one more row of that name, where there may be one."""
    for rows in SHAPES[source["kind"]].rows:
        if rows.name == name and len(source[name]) < rows.most:
            return source | {name: [*source[name], {"id": new_id()}]}
    return source


def less(source: Source, row: str) -> Source:
    """Return the Source without the row of that name, such as option-2."""
    name, at = _row(source, row)
    return source if at is None else source | {name: source[name][:at] + source[name][at + 1 :]}


def higher(source: Source, row: str) -> Source:
    """Return the Source with the row of that name one place further up."""
    name, at = _row(source, row)
    if not at:
        return source
    rows = list(source[name])
    rows[at - 1], rows[at] = rows[at], rows[at - 1]
    return source | {name: rows}


def _row(source: Source, row: str) -> tuple[str, int | None]:
    name, _hyphen, number = row.rpartition("-")
    names = {rows.name for rows in SHAPES[source["kind"]].rows} | {"pictures"}
    count = len(source.get(name, ())) if name in names else 0
    return name, int(number) if number in map(str, range(count)) else None


def without_blanks(source: Source) -> Source:
    """Return the Source without rows in which nothing was written, and without keys that name no label."""
    kept = dict(source)
    for rows in SHAPES[source["kind"]].rows:
        kept[rows.name] = [row for row in source[rows.name] if _is_written(row, rows)]
    if "statement" in kept:
        labels = {label["id"] for label in kept["label"]}
        kept["statement"] = [row if row.get("key") in labels else {**row, "key": ""} for row in kept["statement"]]
    return kept


def _is_written(row: dict[str, Any], rows: Rows) -> bool:
    texts = [text for part in rows.texts for text in row.get(part, {}).values()]
    return any(text.strip() for text in (*texts, row.get("value", ""))) or row.get("key") is True


def fields(source: Source) -> dict[str, str]:
    """Return {name of a field: what stands in it} of all that was typed, to compare two of them."""
    return dict(_flat(source, ""))


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(part, f"{name}-{key}" if name else key)
    elif isinstance(value, list) and all(isinstance(part, str) for part in value):
        yield name, "\n".join(value)
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from _flat(part, f"{name}-{at}")
    else:
        yield name, value if isinstance(value, str) else "1" if value else ""


# Checked by the rules of the kind


class FormEntry(Entry):
    """A table that was typed in a form: what is wrong with it stands under the name of the field."""

    def __init__(self, data: Source, problems: Problems, place: str = "") -> None:
        super().__init__(Path(), data, Lines(""), 0, problems)
        self.place = place

    def error(self, text: str, key: str | None = None) -> None:
        self.problems.error(self._field(text, key), 0, text)

    def warn(self, text: str, key: str | None = None) -> None:
        self.problems.warn(self._field(text, key), 0, text)

    def entries(self, key: str, required: bool = True) -> "list[Entry]":
        self.asked.add(key)
        return [FormEntry(row, self.problems, f"{key}-{at}-") for at, row in enumerate(self.data.get(key, ()))]

    def _name(self, key: str) -> str:
        return f"item.{key}"

    def _field(self, text: str, key: str | None) -> str:
        """Return the name of the field that a sentence is about; of the rows as a whole, their name."""
        if key is None:
            tables = OF_TABLES.search(text)
            return tables[1] if tables else f"{self.place}key"
        value = self.data.get(key)
        if not isinstance(value, dict):
            return f"{self.place}{key}"
        named = OF_LANGUAGE.match(text)
        language = named[2] if named and named[2] in value else next(iter(value), "")
        return f"{self.place}{key}-{language}"


@dataclass(frozen=True)
class Checked:
    """What a Source makes: a version with its stem, explanation and feedback; and what is wrong with it, by field.

    `flaws` are pairs of a field's name and what is poorly written there, of a question that is wholly there.
    """

    kind: str
    version: Version
    explanation: dict[str, str]
    feedback: Feedback
    problems: list[Problem] = field(default_factory=list)
    flaws: list[tuple[str, Flaw]] = field(default_factory=list)

    @property
    def checksum(self) -> str:
        """Return the checksum of what changes the question or its mark, as of an item of a file."""
        return checksum([self.kind, self.version])


def check(source: Source, languages: Sequence[str]) -> Checked:
    """Return what a Source without blank rows makes; each problem's `path` is the name of a field."""
    problems = Problems(languages)
    kind = source["kind"]
    if too_long := list(_too_long(source)):
        return Checked(kind, {}, {}, {}, too_long)
    entry = FormEntry(_table(source, languages), problems)
    stem, explanation = entry.text("stem"), entry.text("explanation")
    parsed: Parsed = KINDS[kind].parse(entry)
    version = {"stem": stem, **_pictures(entry), **parsed.version}
    is_asked_whole = all(_explains(problem.path) for problem in problems.errors)
    flaws = [(_field_of(flaw), flaw) for flaw in item_flaws(kind, version)] if is_asked_whole else []
    return Checked(kind, version, explanation, parsed.feedback, list(problems), flaws)


def _explains(name: str) -> bool:
    """Return whether a field says why something is right, which is no part of what is asked."""
    parts = name.split("-")
    return parts[0] == "explanation" or "feedback" in parts


def _pictures(entry: FormEntry) -> Version:
    """Return what a version says of its pictures, which are part of what is asked; nothing where there are none."""
    rows = entry.entries("pictures", required=False)
    alts = [row.text("alt") for row in rows]
    for row, alt in zip(rows, alts, strict=True):
        for language, text in alt.items():
            if SAYS_NOTHING.match(text.strip()):
                row.warn(f"“alt.{language}”: “{text}” says nothing of what the picture shows", "alt")
    return {"pictures": [{**row.data, "alt": alt} for row, alt in zip(rows, alts, strict=True)]} if rows else {}


def _field_of(flaw: Flaw) -> str:
    """Return the name of the field that a flaw is in; of what is meant as a whole, that of the key."""
    return f"{flaw.at}-{flaw.values['language']}" if flaw.at else "key"


def _too_long(source: Source) -> Iterator[Problem]:
    for name, text in fields(source).items():
        part = next((part for part in LONGEST if part in name.split("-")), "")
        most = LONGEST.get(part, LONGEST_TEXT)
        if len(text) > most:
            yield Problem(name, 0, f"“{name}” has {len(text)} characters; it has at most {most}")
    for language, forms in source.get("accepted", {}).items():
        if len(forms) > FORMS:
            yield Problem(f"accepted-{language}", 0, f"“accepted” has {len(forms)} forms; it has at most {FORMS}")


def _table(source: Source, languages: Iterable[str]) -> Source:
    """Return the Source as a file would say it: numbers as numbers, and nothing where nothing was written."""
    table = {name: value for name, value in source.items() if name not in OPTIONAL}
    for name in ("stem", "explanation", *SHAPES[source["kind"]].texts):
        table[name] = _texts(source.get(name, {}), languages)
    if "pictures" in source:
        table["pictures"] = [entry | {"alt": _texts(entry["alt"], languages)} for entry in source["pictures"]]
    for rows in SHAPES[source["kind"]].rows:
        table[rows.name] = [
            row | {part: _texts(row.get(part, {}), languages) for part in rows.texts} for row in source[rows.name]
        ]
    if source["kind"] == "number":
        if not any(table["unit"].values()):
            del table["unit"]
        table |= {name: _number(source.get(name, "")) for name in ("value", "tolerance")}
        table["mistake"] = [
            {"feedback": row["feedback"], "value": _number(row.get("value", ""))} for row in table["mistake"]
        ]
    if source["kind"] == "short":
        forms = source.get("accepted", {})
        table["accepted"] = {
            language: [form.strip() for form in forms.get(language, ()) if form.strip()] for language in languages
        }
        table["articles"] = bool(source.get("articles"))
    for row in table.get("statement", ()):
        row["key"] = row.get("key") or None
    return table


def _texts(texts: dict[str, str], languages: Iterable[str]) -> dict[str, str]:
    return {language: texts.get(language, "").strip() for language in languages}


def _number(text: str) -> float | int | str | None:
    """Return what was typed as a number; as it stands where it is none, None where nothing was typed.

    1,250 is none: whether it is above a thousand or a little more than one, nobody but its author knows.
    """
    if not text.strip():
        return None
    if THOUSANDS.match(text.strip()):
        return text
    try:
        amount = number(text.strip())
    except NotANumber:
        return text
    return float(amount) if "." in amount else int(amount)
