"""A module's folder: module.toml, the ledger, its sections and their lessons, read and checked. Pure."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from lessons.content import LANGUAGES, LEVELS, RESERVED_SLUGS
from lessons.content.figures import read_figures, read_map
from lessons.content.ledger import read_claims, read_events, read_glossary, read_references
from lessons.content.markdown import Page, read_page
from lessons.content.parity import differences
from lessons.content.source import Entry, checksum, read_text, read_toml

NUMBERED = re.compile(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)\Z")
LESSON_FILE = re.compile(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)\.(en|fr)\.md\Z")


@dataclass
class Known:
    """What a text may name: claims, terms, events and pictures, by their ids."""

    claims: dict
    terms: dict
    events: dict
    figures: dict


@dataclass
class Lesson:
    slug: str
    position: int
    paths: dict
    pages: dict[str, Page]

    @property
    def claims(self):
        return self.pages["en"].claims

    def said(self, language):
        """All that search finds of it."""
        return " ".join(text for _, text in self.pages[language].passages())

    @property
    def checksum(self):
        """Of the source in every language: what a reading keeps."""
        return checksum([self.pages[language].source for language in LANGUAGES])


@dataclass
class Section:
    slug: str
    position: int
    folder: object
    document: dict
    lessons: list
    sheet: dict[str, Page]
    entry: Entry = field(repr=False, default=None)

    def anchors(self):
        """{"lesson#anchor": …} of every heading of the section."""
        return {f"{lesson.slug}#{anchor}" for lesson in self.lessons for anchor in lesson.pages["en"].headings}


@dataclass
class Module:
    slug: str
    folder: object
    document: dict
    threshold: float
    as_of: object
    references: dict
    terms: dict
    claims: dict
    events: dict
    figures: dict
    sections: list


def read_module(folder, problems):
    """The module that a folder describes. Every problem is noted; with errors among them it is not to be loaded."""
    top = read_toml(folder / "module.toml", problems)
    slug = top.slug("slug")
    languages = top.strings("languages")
    if languages and set(languages) != set(LANGUAGES):
        top.error(f"the languages are {', '.join(LANGUAGES)}", "languages")
    document = {key: top.text(key) for key in ("title", "neutral_title", "summary")}
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
    drawn = {"timeline": True, "map": document["map"]}
    known = Known(claims, terms, events, figures | {name: each for name, each in drawn.items() if each})
    sections = [
        _section(path, found, known, problems)
        for path in sorted(folder.iterdir() if folder.is_dir() else [])
        if path.is_dir() and (found := NUMBERED.match(path.name))
    ]
    module = Module(slug, folder, document, threshold, as_of, references, terms, claims, events, figures, sections)
    _check(module, top)
    return module


def _check(module, top):
    slugs = [section.slug for section in module.sections]
    if not slugs:
        top.error("a module has at least one section, a folder such as 01-who-is-speaking")
    for slug in {slug for slug in slugs if slugs.count(slug) > 1}:
        top.error(f"two sections are called “{slug}”")
    for claim in module.claims.values():
        if claim.section not in slugs:
            claim.entry.error(f"no section is called “{claim.section}”", "section")


def _section(folder, found, known, problems):
    top = read_toml(folder / "section.toml", problems)
    slug = found[2]
    if slug in RESERVED_SLUGS:
        top.error(f"“{slug}” is the address of another page; give the folder another name")
    document = {
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
    return Section(slug, int(found[1]), folder, document, lessons, sheet, top)


def _lessons(folder, known, problems):
    names = sorted({found[0][: -len(".en.md")] for path in folder.iterdir() if (found := LESSON_FILE.match(path.name))})
    lessons = [_lesson(folder, name, known, problems) for name in names]
    slugs = [lesson.slug for lesson in lessons]
    for number, lesson in enumerate(lessons):
        if lesson.slug in slugs[:number]:
            problems.error(lesson.paths["en"], 1, f"two lessons of this section are called “{lesson.slug}”")
    return lessons


def _lesson(folder, name, known, problems):
    position, slug = name.split("-", 1)
    paths, pages = _pages(folder, name, known, problems)
    if slug in RESERVED_SLUGS:
        problems.error(paths["en"], 1, f"“{slug}” is the address of another page; give the file another name")
    return Lesson(slug, int(position), paths, pages)


def _pages(folder, name, known, problems):
    """(paths, pages) of one text in every language; what it names exists, and the languages say the same."""
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
                _check_figure(block, paths[language], known, problems)
    _equal(pages, paths["fr"], problems)
    return paths, pages


def _check_figure(block, path, known, problems):
    name, parameters, _ = block.figure
    if name not in known.figures:
        problems.error(path, block.line, f"no picture is called “{name}” ({', '.join(known.figures)})")
    for event in filter(None, parameters.get("only", "").split(",")):
        if event not in known.events:
            problems.error(path, block.line, f"no event of the timeline is called “{event}”")


def _equal(pages, path, problems):
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


def _parts(page):
    """The source cut at the headings that have an anchor."""
    lines = page.source.split("\n")
    cuts = [0, *(page.lines[f"#{anchor}"] - 1 for anchor in page.headings), len(lines)]
    return ["\n".join(lines[start:end]) for start, end in pairwise(cuts)]


def _marks(text):
    return re.findall(r"\[\^([A-Z]\d+)\]", text)
