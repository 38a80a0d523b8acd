"""A module's folder: module.toml, the ledger, its sections and their lessons, read and checked. Pure."""

import re
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from lessons.content import LANGUAGES, LEVELS, RESERVED_SLUGS
from lessons.content.figures import Figure, read_figures, read_map
from lessons.content.ledger import (
    Claim,
    Event,
    Reference,
    Term,
    read_claims,
    read_events,
    read_glossary,
    read_references,
)
from lessons.content.markdown import Drawing, Page, read_page
from lessons.content.parity import differences
from lessons.content.source import Entry, Problems, checksum, read_text, read_toml

NUMBERED = re.compile(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)\Z")
LESSON_FILE = re.compile(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)\.(en|fr)\.md\Z")


@dataclass
class Known:
    """What a text may name: claims, terms, events and pictures, by their ids."""

    claims: Container[str]
    terms: Container[str]
    events: Container[str]
    figures: list[str]


@dataclass
class Lesson:
    slug: str
    position: int
    paths: dict[str, Path]
    pages: dict[str, Page]

    @property
    def claims(self) -> list[str]:
        return self.pages["en"].claims

    def said(self, language: str) -> str:
        """Return all that search finds of it."""
        return " ".join(text for _, text in self.pages[language].passages())

    @property
    def checksum(self) -> str:
        """Return the checksum of the source in every language: what a reading stores."""
        return checksum([self.pages[language].source for language in LANGUAGES])


@dataclass
class Section:
    slug: str
    position: int
    folder: Path
    document: dict[str, Any]
    lessons: list[Lesson]
    sheet: dict[str, Page]
    entry: Entry = field(repr=False)

    def anchors(self) -> set[str]:
        """Return {"lesson#anchor", …} of every heading of the section."""
        return {f"{lesson.slug}#{anchor}" for lesson in self.lessons for anchor in lesson.pages["en"].headings}


@dataclass
class Module:
    slug: str
    folder: Path
    document: dict[str, Any]
    threshold: float
    as_of: date | None
    references: dict[str, Reference]
    terms: dict[str, Term]
    claims: dict[str, Claim]
    events: dict[str, Event]
    figures: dict[str, Figure]
    sections: list[Section]


def read_module(folder: Path, problems: Problems) -> Module:
    """Return the module that a folder describes, and note every problem; with errors among them do not load it."""
    top = read_toml(folder / "module.toml", problems)
    slug = top.slug("slug")
    languages = top.strings("languages")
    if languages and set(languages) != set(LANGUAGES):
        top.error(f"the languages are {', '.join(LANGUAGES)}", "languages")
    document: dict[str, Any] = {key: top.text(key) for key in ("title", "neutral_title", "summary")}
    exam = top.entry("exam", required=False)
    document["exam"] = {"per_section": exam.whole("per_section", 1, 20, 3, required=False)}
    exam.done()
    threshold, as_of = top.share("threshold", 0.8), top.day("as_of")
    top.done()
    references = read_references(folder / "references.toml", problems)
    terms = read_glossary(folder / "glossary.toml", problems)
    claims = read_claims(folder / "claims.toml", problems, references, terms)
    events = read_events(folder / "timeline.toml", problems, claims, terms)
    figures = read_figures(folder / "figures.toml", problems, claims)
    document["map"] = read_map(folder / "map.toml", problems)
    drawn = ["timeline", "map"] if document["map"] else ["timeline"]
    known = Known(claims, terms, events, [*figures, *drawn])
    sections = [
        _section(path, name, known, problems)
        for path in sorted(folder.iterdir() if folder.is_dir() else [])
        if path.is_dir() and (name := NUMBERED.match(path.name))
    ]
    module = Module(slug, folder, document, threshold, as_of, references, terms, claims, events, figures, sections)
    _check(module, top)
    return module


def _check(module: Module, top: Entry) -> None:
    slugs = [section.slug for section in module.sections]
    if not slugs:
        top.error("a module has at least one section, a folder such as 01-who-is-speaking")
    for slug in {slug for slug in slugs if slugs.count(slug) > 1}:
        top.error(f"two sections are called “{slug}”")
    for claim in module.claims.values():
        if claim.section not in slugs:
            claim.entry.error(f"no section is called “{claim.section}”", "section")


def _section(folder: Path, name: re.Match[str], known: Known, problems: Problems) -> Section:
    top = read_toml(folder / "section.toml", problems)
    slug = name[2]
    if slug in RESERVED_SLUGS:
        top.error(f"“{slug}” is the address of another page; give the folder another name")
    document: dict[str, Any] = {
        "title": top.text("title"),
        "notice": top.text("notice", required=False),
        "optional": top.flag("optional"),
        "objectives": [],
    }
    quiz = top.entry("quiz", required=False)
    document["quiz"] = {
        "draw": quiz.whole("draw", 1, 40, 8, required=False),
        "threshold": quiz.share("threshold", required=False),
        "certainty": quiz.flag("certainty"),
    }
    quiz.done()
    for row in top.entries("objective"):
        document["objectives"].append({"level": row.one_of("level", LEVELS), "text": row.text("text")})
        row.done()
    top.done()
    _, sheet = _pages(folder, "sheet", known, problems)
    lessons = _lessons(folder, known, problems)
    if not lessons:
        top.error("a section has at least one lesson, such as 01-first.en.md and 01-first.fr.md")
    return Section(slug, int(name[1]), folder, document, lessons, sheet, top)


def _lessons(folder: Path, known: Known, problems: Problems) -> list[Lesson]:
    names = sorted({file[0][: -len(".en.md")] for path in folder.iterdir() if (file := LESSON_FILE.match(path.name))})
    lessons = [_lesson(folder, name, known, problems) for name in names]
    slugs = [lesson.slug for lesson in lessons]
    for number, lesson in enumerate(lessons):
        if lesson.slug in slugs[:number]:
            problems.error(lesson.paths["en"], 1, f"two lessons of this section are called “{lesson.slug}”")
    return lessons


def _lesson(folder: Path, name: str, known: Known, problems: Problems) -> Lesson:
    position, slug = name.split("-", 1)
    paths, pages = _pages(folder, name, known, problems)
    if slug in RESERVED_SLUGS:
        problems.error(paths["en"], 1, f"“{slug}” is the address of another page; give the file another name")
    return Lesson(slug, int(position), paths, pages)


def _pages(folder: Path, name: str, known: Known, problems: Problems) -> tuple[dict[str, Path], dict[str, Page]]:
    """Return (paths, pages) of one text in every language; what it names exists, and the languages say the same."""
    paths = {language: folder / f"{name}.{language}.md" for language in LANGUAGES}
    pages = {
        language: read_page(path, read_text(path, problems) or "", language, problems)
        for language, path in paths.items()
    }
    for language, page in pages.items():
        for key in page.claims:
            if key not in known.claims:
                problems.error(paths[language], page.lines[key], f"no claim is called “{key}”")
        for term, line in page.terms.items():
            if term not in known.terms:
                problems.error(paths[language], line, f"no term of the glossary is called “{term}”")
        for block in page.blocks:
            if block.figure:
                _check_figure(block.figure, paths[language], block.line, known, problems)
    _equal(pages, paths["fr"], problems)
    return paths, pages


def _check_figure(figure: Drawing, path: Path, line: int, known: Known, problems: Problems) -> None:
    name, parameters, _ = figure
    if name not in known.figures:
        problems.error(path, line, f"no picture is called “{name}” ({', '.join(known.figures)})")
    for event in filter(None, parameters.get("only", "").split(",")):
        if event not in known.events:
            problems.error(path, line, f"no event of the timeline is called “{event}”")


def _equal(pages: dict[str, Page], path: Path, problems: Problems) -> None:
    """Refuse a French page whose anchors, marks, checks or numbers differ, heading by heading; `path` is its file."""
    en, fr = pages["en"], pages["fr"]
    if list(en.headings) != list(fr.headings):
        problems.error(
            path, 1, f"the anchors differ: {', '.join(en.headings)} in English, {', '.join(fr.headings)} here"
        )
        return
    if en.figures != fr.figures:
        problems.error(path, 1, "the figures differ from the English")
    if en.checks != fr.checks:
        problems.error(path, 1, "the items to try differ from the English")
    if list(en.terms) != list(fr.terms) and set(en.terms) != set(fr.terms):
        problems.error(
            path, 1, f"the terms differ from the English: {', '.join(sorted(set(en.terms) ^ set(fr.terms)))}"
        )
    for anchor, ours, theirs in zip(["", *en.headings], _parts(en), _parts(fr), strict=True):
        line = fr.lines.get("#" + anchor, 1)
        if _marks(ours) != _marks(theirs):
            problems.error(
                path,
                line,
                f"the claim marks differ: {' '.join(_marks(ours))} in English, {' '.join(_marks(theirs))} here",
            )
        for difference in differences(ours, theirs):
            problems.error(path, line, difference)


def _parts(page: Page) -> list[str]:
    """Return the source cut at the headings that have an anchor."""
    lines = page.source.split("\n")
    cuts = [0, *(page.lines[f"#{anchor}"] - 1 for anchor in page.headings), len(lines)]
    return ["\n".join(lines[start:end]) for start, end in pairwise(cuts)]


def _marks(text: str) -> list[str]:
    return re.findall(r"\[\^([A-Z]\d+)\]", text)
