"""Read what a module says on the front door: its home, the site's pages, and the log of its corrections.

A module without the folder `front/` has none of these pages. Values are filled in before a text is read, so that what
is compared between languages is what is shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from course.front import PAGES
from course.front.addresses import NAMES
from course.front.values import Values, fill_texts, filler, values_of
from course.operator import TOPICS
from lessons.content import FRONT
from lessons.content.module import Module, plain_pages
from lessons.content.page import Page
from lessons.content.source import Entry, Lines, Problems, is_there, read_toml, unique
from quizzes import banks

Banks = Mapping[str, list[banks.Item]]
SHOWN = ("verdicts", "compare", "personnel", "gaps", "cite")  # what the site can put into a page
HOME_TEXTS = ("kicker", "title", "lead", "verdicts_heading", "labels_heading")
DOORS = ("learn", "teach", "onboard")
HOLDS = ("yes", "partly", "no")  # whether this course, or another system, does what somebody wants
FILES = ("compare", "front", "weights")
OPEN_USES = {"check", "pre"}  # of an item whose key anybody may see: no quiz and no exam asks it


@dataclass
class Front:
    """`home` is {} and there are no pages where a module has no front door; `log` are its corrections, latest first."""

    home: dict[str, Any] = field(default_factory=dict)
    share: dict[str, str] = field(default_factory=dict)
    pages: dict[str, dict[str, Page]] = field(default_factory=dict)
    compare: list[dict[str, Any]] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)


def read_front(module: Module, items_of: Banks, problems: Problems) -> Front:
    """Return what the module says on the front door."""
    folder = module.folder / FRONT
    front = Front()
    if is_there(folder):
        top = read_toml(folder / "front.toml", problems)
        stated_on = top.day("stated_on") or date.min
        values = values_of(module, items_of, _weights(folder / "weights.toml", problems), stated_on)
        front.home, front.share = _home(top, module, items_of, values)
        front.compare = _compare(folder / "compare.toml", values, problems)
        front.pages = {name.value: _pages(folder, name.value, module, values, problems) for name in PAGES}
        _check_unread(folder, module.languages, problems)
    else:
        values = {}
    if any(is_there(path) for path in _corrections(module)):
        front.pages["corrections"] = _pages(module.folder, "corrections", module, values, problems)
        front.log = _log(module, problems)
    _check_links(module, front, problems)
    return front


def _weights(path: Path, problems: Problems) -> Entry:
    """Return what was weighed; nothing until `manage.py weigh` has written it."""
    return read_toml(path, problems) if is_there(path) else Entry(path, {}, Lines(""), 0, problems)


def _corrections(module: Module) -> list[Path]:
    """Return the files that tell of corrections; with one of them, the texts in every language are wanted."""
    return [
        module.folder / f"corrections.{ending}" for ending in ("toml", *(f"{code}.md" for code in module.languages))
    ]


def _check_links(module: Module, front: Front, problems: Problems) -> None:
    """Refuse a link to a page that the module does not have, or to an anchor that is not on it."""
    optional = {"article": module.document["article"], "map": module.document["map"], "quotes": module.quotes}
    for name, pages in front.pages.items():
        for language, page in pages.items():
            path = (module.folder if name == "corrections" else module.folder / FRONT) / f"{name}.{language}.md"
            for link, line in page.pages.items():
                other, _, anchor = link.partition("#")
                headings = front.pages[other][language].headings if other in front.pages else None
                if other not in NAMES:
                    problems.error(path, line, f"no page is called “{other}” ({', '.join(NAMES)})")
                elif not optional.get(other, True):
                    problems.error(path, line, f"the module has no page “{other}”")
                elif anchor and headings is not None and anchor not in headings:
                    problems.error(path, line, f"no heading of “{other}” has the anchor “{anchor}”")


def _pages(folder: Path, name: str, module: Module, values: Values, problems: Problems) -> dict[str, Page]:
    """Return a page in every language; what it shows is there, and once. Without values nothing can be drawn."""
    pages = plain_pages(folder, name, module.known, problems, filler(values, problems))
    shown = {*(f"show:{part}" for part in SHOWN if values), *(f"operator:{topic}" for topic in TOPICS)}
    for language, page in pages.items():
        path = folder / f"{name}.{language}.md"
        for slot, line in page.slots:
            if slot not in shown:
                problems.error(path, line, f"the site has no “{slot}” to put here ({', '.join(sorted(shown))})")
            elif slot.startswith("show:") and page.slot_names.count(slot) > 1:
                problems.error(path, line, f"“{slot}” stands twice")
    return pages


def _home(top: Entry, module: Module, items_of: Banks, values: Values) -> tuple[dict[str, Any], dict[str, str]]:
    """Return (document of the first page, sentence for whoever is sent a link)."""
    share = top.text("share")
    home: dict[str, Any] = fill_texts({key: top.text(key) for key in HOME_TEXTS}, values, top)
    home["points"] = [fill_texts(_point(entry), values, entry) for entry in top.entries("point")]
    home["doors"] = [fill_texts(_door(entry), values, entry) for entry in top.entries("door")]
    home["said"] = [fill_texts(_said(entry, module), values, entry) for entry in top.entries("said")]
    home["try"] = _items(top, [top.string("try")], items_of, "try")[:1]
    home["samples"] = _items(top, top.strings("samples"), items_of, "samples")
    top.done()
    return home, fill_texts(share, values, top, "share")


def _point(entry: Entry) -> dict[str, Any]:
    point = {"text": entry.text("text")}
    entry.done()
    return point


def _door(entry: Entry) -> dict[str, Any]:
    door = {"to": entry.one_of("to", DOORS), **{key: entry.text(key) for key in ("title", "text", "action")}}
    entry.done()
    return door


def _said(entry: Entry, module: Module) -> dict[str, Any]:
    """Return a sentence as an example of how one can stand: as its claim does."""
    key = entry.string("claim")
    if key and key not in module.claims:
        entry.error(f"no claim is called “{key}”", "claim")
    stands = module.claims[key].stands if key in module.claims else None
    said = {"claim": key, "stands": stands, "sentence": entry.text("sentence"), "note": entry.text("note")}
    entry.done()
    return said


def _items(top: Entry, names: Iterable[str], items_of: Banks, key: str) -> list[list[str]]:
    """Return [[section, item]] of `section/item`, whose key anybody may see."""
    items = []
    for name in filter(None, names):
        section, _, slug = name.partition("/")
        item = next((item for item in items_of.get(section, ()) if item.slug == slug), None)
        if item is None:
            top.error(f"no item is called “{name}”: name one as section/item", key)
        elif not OPEN_USES.issuperset(item.uses):
            top.error(f"“{name}” is asked in {', '.join(item.uses)}: here keys are shown to everybody", key)
        else:
            items.append([section, slug])
    return items


def _compare(path: Path, values: Values, problems: Problems) -> list[dict[str, Any]]:
    """Return the rows beside another system; `proof` names what stands or falls with a row, for a test."""
    top = read_toml(path, problems)
    rows = []
    for entry in top.entries("row"):
        row: dict[str, Any] = {key: entry.one_of(key, HOLDS) for key in ("here", "moodle")}
        row |= {key: entry.text(key) for key in ("what", "here_words", "moodle_words")}
        row["proof"] = entry.string("proof")
        rows.append(fill_texts(row, values, entry))
        entry.done()
    top.done()
    return rows


def _log(module: Module, problems: Problems) -> list[dict[str, Any]]:
    """Return the corrections, latest first, each with both texts and its reason."""
    path = module.folder / "corrections.toml"
    if not is_there(path):
        return []
    top = read_toml(path, problems)
    entries = top.entries("correction", required=False)
    unique(entries, "slug")
    rows = []
    for entry in entries:
        row: dict[str, Any] = {"slug": entry.slug("slug"), "date": str(entry.day("date") or "")}
        row |= {key: entry.text(key) for key in ("title", "was", "now", "why")}
        row["claims"] = entry.strings("claims")
        for key in row["claims"]:
            if key not in module.claims:
                entry.error(f"no claim is called “{key}”", "claims")
        entry.done()
        rows.append(row)
    top.done()
    return sorted(rows, key=lambda row: str(row["date"]), reverse=True)


def _check_unread(folder: Path, languages: Iterable[str], problems: Problems) -> None:
    """Warn of each file of the folder that nothing reads."""
    read = {f"{name}.toml" for name in FILES} | {f"{name.value}.{code}.md" for name in PAGES for code in languages}
    for path in sorted(folder.iterdir()):
        if not path.name.startswith(".") and path.name not in read:
            problems.warn(path, 1, f"nothing reads a file of this name; the pages are {', '.join(PAGES)}")
