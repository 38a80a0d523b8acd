"""A module's folder: module.toml, the ledger, its sections and their lessons, read and checked. Pure."""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from lessons.content import FRONT, LEVELS, RESERVED_SLUGS
from lessons.content.article import read_article, read_quotations
from lessons.content.documents import Document, read_documents
from lessons.content.figures import Figure, read_figures, read_map
from lessons.content.languages import KNOWN, rules
from lessons.content.ledger import (
    Claim,
    Reference,
    Term,
    read_claims,
    read_glossary,
    read_references,
)
from lessons.content.markdown import read_page
from lessons.content.page import Drawing, Page
from lessons.content.parity import differences, misquoted
from lessons.content.people import check_people
from lessons.content.quotes import Quote, read_quote, read_quotes
from lessons.content.source import LONGEST_SLUG, Entry, Problems, checksum, read_text, read_toml
from lessons.content.timeline import Timeline, check_lessons, read_timeline
from lessons.content.wording import WORD, unspelt, wording

Text = TypeVar("Text")
Fill = Callable[[Path, str, str], str]  # of a file, its text and its language: the text to read
NUMBERED = re.compile(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)\Z")
LESSON_FILE = re.compile(r"(\d\d-[a-z0-9]+(?:-[a-z0-9]+)*)\.([a-z-]+)\.md\Z")
# What is meant as a text of the module, however it is misnamed; notes and drafts of other names are their author's own.
MEANT = re.compile(r"((\d|sheet|corrections).*\.(md|markdown)|.*\.toml)(\.txt)?\Z", re.IGNORECASE | re.DOTALL)
FILES = {
    *("article", "claims", "corrections", "figures", "glossary", "map", "module", "people", "quotations"),
    *("references", "timeline"),
}
SECTION_FILES = {"documents.toml", "items.toml", "section.toml"}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]+)?\Z")
# A lesson in the module's first language: what a phone shows in steps, and eight minutes can hold.
MOST_STEPS, LONGEST_STEP, LONGEST_LESSON = 8, 110, 750


def as_written(_path: Path, text: str, _language: str) -> str:
    return text


def master(texts: Mapping[str, Text]) -> Text:
    """Return what stands in the module's first language, with which the others are compared."""
    return next(iter(texts.values()))


@dataclass
class Known:
    """What a text of the module `slug` may name, by ids; `figures` is {picture: claims that it shows}.

    `documents` are those of the section whose text it is.
    """

    slug: str
    references: Mapping[str, Reference]
    claims: Mapping[str, Claim]
    terms: Container[str]
    events: Container[str]
    figures: dict[str, list[str]]
    documents: Mapping[str, Document] = field(default_factory=dict)


@dataclass
class Lesson:
    slug: str
    position: int
    paths: dict[str, Path]
    pages: dict[str, Page]

    @property
    def claims(self) -> list[str]:
        return master(self.pages).claims

    @property
    def checksum(self) -> str:
        """Return the checksum of the source in every language: what a reading stores."""
        return checksum([page.source for page in self.pages.values()])


@dataclass
class Section:
    slug: str
    position: int
    folder: Path
    document: dict[str, Any]
    documents: Mapping[str, Document]
    quote: Quote | None
    lessons: list[Lesson]
    sheet: dict[str, Page]
    entry: Entry = field(repr=False)

    def anchors(self) -> set[str]:
        """Return {"lesson#anchor", …} of every heading of the section."""
        return {f"{lesson.slug}#{anchor}" for lesson in self.lessons for anchor in master(lesson.pages).headings}


Placed = TypeVar("Placed", Lesson, Section)


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
    timeline: Timeline
    figures: dict[str, Figure]
    quotes: dict[str, Any]
    sections: list[Section]
    languages: Sequence[str]
    entry: Entry = field(repr=False)

    @property
    def known(self) -> Known:
        """Return what a text beside its sections may name."""
        return Known(self.slug, self.references, self.claims, self.terms, self.timeline.events, {})


def _languages(top: Entry) -> list[str]:
    """Return the module's languages, as codes in their order; all that have rules where none can be read."""
    languages = top.strings("languages")
    if wrong := [code for code in languages if not LANGUAGE.match(code)]:
        top.error(f"“{wrong[0]}” is no code of a language, such as {', '.join(KNOWN)}", "languages")
        return list(KNOWN)
    return languages or list(KNOWN)


def _document(top: Entry) -> dict[str, Any]:
    """Return what module.toml says of the module as a whole."""
    exam = top.entry("exam", required=False)
    per_section = exam.whole("per_section", 1, 20, 3, required=False)
    certificate = exam.flag("certificate")
    exam.done()
    texts = {key: top.text(key) for key in ("title", "neutral_title", "summary")}
    return texts | {"exam": {"per_section": per_section, "certificate": certificate}} | _upkeep(top)


def _upkeep(top: Entry) -> dict[str, Any]:
    """Return up to when sources were read, when the whole was checked, by whom, and how often it is to be."""
    dates = {key: str(top.day(key) or "") for key in ("read_to", "checked_on")}
    if "" not in dates.values() and dates["checked_on"] < dates["read_to"]:
        top.warn(f"the whole was checked before sources were read to {dates['read_to']}: check it again", "checked_on")
    upkeep = top.entry("upkeep")
    by, days = upkeep.text("by"), upkeep.whole("days", 1, 3660, 90)
    upkeep.done()
    return {"dates": dates, "upkeep": {"by": by, "days": days}}


def read_module(folder: Path, problems: Problems) -> Module:
    """Return the module that a folder describes, and note every problem; with errors among them do not load it."""
    top = read_toml(folder / "module.toml", problems)
    slug = top.slug("slug")
    problems.languages = tuple(_languages(top))
    document, threshold, as_of = _document(top), top.share("threshold", 0.8), top.day("as_of")
    quotes = read_quotes(top)
    top.done()
    problems.quotations = read_quotations(folder / "quotations.toml", problems)
    references = read_references(folder / "references.toml", problems)
    terms = read_glossary(folder / "glossary.toml", problems)
    claims = read_claims(folder / "claims.toml", problems, references, terms)
    timeline = read_timeline(folder / "timeline.toml", problems, claims, terms)
    origins = {key: claim.origin for key, claim in claims.items()}
    document["article"] = read_article(folder / "article.toml", problems, origins, references)
    figures = read_figures(folder / "figures.toml", problems, claims)
    document["map"] = read_map(folder / "map.toml", problems)
    shown = {slug: figure.claims for slug, figure in figures.items()} | {"timeline": []}
    pictures = shown | ({"map": []} if document["map"] else {})
    known = Known(slug, references, claims, terms, timeline.events, pictures)
    module = Module(
        slug,
        folder,
        document,
        threshold,
        as_of,
        references,
        terms,
        claims,
        timeline,
        figures,
        quotes,
        _sections(folder, known, problems),
        problems.languages,
        top,
    )
    _check(module, top, problems)
    return module


def _check_unread(module: Module, problems: Problems) -> None:
    """Warn of each file that is meant as a text of the module, and each folder with one, that nothing reads."""
    read = {module.folder / f"{name}.toml" for name in FILES}
    read |= {module.folder / f"corrections.{language}.md" for language in module.languages}
    for section in module.sections:
        read |= {section.folder / name for name in SECTION_FILES}
        read |= {section.folder / f"sheet.{language}.md" for language in module.languages}
        read |= {path for lesson in section.lessons for path in lesson.paths.values()}
    folders = [section.folder for section in module.sections]
    for path in sorted(path for folder in (module.folder, *folders) for path in _seen(folder)):
        if path in folders or path.name == FRONT:
            continue
        if path.is_dir() and any(MEANT.match(file.name) for file in _seen(path)):
            problems.warn(path, 1, "nothing reads this folder: a section is called like 01-who-is-speaking")
        elif not path.is_dir() and MEANT.match(path.name) and path not in read:
            problems.warn(path, 1, f"nothing reads a file of this name; a lesson is called like 01-first.{KNOWN[0]}.md")


def _seen(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []


def _check(module: Module, top: Entry, problems: Problems) -> None:
    check_people(module.folder, problems)
    _check_unread(module, problems)
    slugs = [section.slug for section in module.sections]
    if not slugs:
        top.error("a module has at least one section, a folder such as 01-who-is-speaking")
    for slug in {slug for slug in slugs if slugs.count(slug) > 1}:
        top.error(f"two sections are called “{slug}”")
    for section, same in _repeated(module.sections):
        section.entry.error(f"{same.folder.name} has this number already; give the folder another one")
    lessons = {f"{section.slug}/{lesson.slug}" for section in module.sections for lesson in section.lessons}
    check_lessons(module.timeline.periods, lessons)
    if bool(module.quotes) != any(section.quote for section in module.sections):
        top.error(
            "[quotes] tells what the rows of the sections, each a table [quote], are for: both or neither", "quotes"
        )
    for lesson in (lesson for section in module.sections for lesson in section.lessons if not module.quotes):
        for language, page in lesson.pages.items():
            if line := page.leads_elsewhere.get("quotes:"):
                words = "the module has no quote sheet to which “quotes:” could lead"
                problems.error(lesson.paths[language], line, words)
    for claim in module.claims.values():
        if claim.section not in slugs:
            claim.entry.error(f"no section is called “{claim.section}”", "section")


def _sections(folder: Path, known: Known, problems: Problems) -> list[Section]:
    """Return the sections in the order of their folders' numbers."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    named = [(path, NUMBERED.match(path.name)) for path in paths if path.is_dir()]
    return [_section(path, name, known, problems) for path, name in named if name]


def _section(folder: Path, name: re.Match[str], known: Known, problems: Problems) -> Section:
    top = read_toml(folder / "section.toml", problems)
    slug = name[2]
    if slug in RESERVED_SLUGS:
        top.error(f"“{slug}” is the address of another page; give the folder another name")
    if len(slug) > LONGEST_SLUG:
        top.error(f"the folder's name has more than {LONGEST_SLUG} characters after its number")
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
    quote = read_quote(top, known.claims)
    top.done()
    documents = read_documents(folder / "documents.toml", problems, known.references, known.claims, known.slug)
    known = replace(known, documents=documents)
    sheet = plain_pages(folder, "sheet", known, problems)
    _refuse_slots({language: folder / f"sheet.{language}.md" for language in sheet}, sheet, problems)
    lessons = _lessons(folder, known, problems)
    if not lessons:
        top.error("a section has at least one lesson, such as 01-first.en.md and 01-first.fr.md")
    _check_shown(documents, lessons)
    return Section(slug, int(name[1]), folder, document, documents, quote, lessons, sheet, top)


def _check_shown(documents: Mapping[str, Document], lessons: Sequence[Lesson]) -> None:
    """Refuse a document that two lessons show: it stands in one place, to which items lead."""
    shown = [name for lesson in lessons for name in master(lesson.pages).documents]
    for name in {name for name in shown if shown.count(name) > 1 and name in documents}:
        documents[name].entry.error(f"“{name}” stands twice in the lessons of its section")


def _lessons(folder: Path, known: Known, problems: Problems) -> list[Lesson]:
    files = filter(None, (LESSON_FILE.match(path.name) for path in sorted(folder.iterdir())))
    names = sorted({file[1] for file in files if file[2] in problems.languages})
    lessons = [_lesson(folder, name, known, problems) for name in names]
    slugs = [lesson.slug for lesson in lessons]
    for number, lesson in enumerate(lessons):
        if lesson.slug in slugs[:number]:
            problems.error(master(lesson.paths), 1, f"two lessons of this section are called “{lesson.slug}”")
    for lesson, same in _repeated(lessons):
        name = f"{same.position:02}-{same.slug}"
        problems.error(master(lesson.paths), 1, f"{name} has this number already; give the files another one")
    return lessons


def _repeated(rows: Sequence[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Yield each row with the number of one before it, and that one."""
    first: dict[int, Placed] = {}
    for row in rows:
        if first.setdefault(row.position, row) is not row:
            yield row, first[row.position]


def _lesson(folder: Path, name: str, known: Known, problems: Problems) -> Lesson:
    position, slug = name.split("-", 1)
    paths, pages = _pages(folder, name, known, problems)
    _refuse_slots(paths, pages, problems)
    _check_steps(master(pages), master(paths), problems)
    for language, page in pages.items():
        for sentence in unspelt(page.source, language):
            problems.warn(paths[language], 1, sentence)
    if slug in RESERVED_SLUGS:
        problems.error(master(paths), 1, f"“{slug}” is the address of another page; give the file another name")
    if len(slug) > LONGEST_SLUG:
        problems.error(master(paths), 1, f"the file's name has more than {LONGEST_SLUG} characters after its number")
    return Lesson(slug, int(position), paths, pages)


def _check_steps(page: Page, path: Path, problems: Problems) -> None:
    """Warn of a lesson that is longer than a phone and eight minutes can bear."""
    if len(page.steps) > MOST_STEPS:
        problems.warn(path, 1, f"{len(page.steps)} steps; a lesson has at most {MOST_STEPS}")
    if page.words > LONGEST_LESSON:
        problems.warn(path, 1, f"{page.words} words; a lesson has at most {LONGEST_LESSON}")
    for anchor, words in page.steps.items():
        if words > LONGEST_STEP:
            problems.warn(path, page.lines[f"#{anchor}"], f"{words} words; a step has at most {LONGEST_STEP}")


def _refuse_slots(paths: Mapping[str, Path], pages: Mapping[str, Page], problems: Problems) -> None:
    """Refuse what a page of the site alone has, in a text of a section."""
    for language, page in pages.items():
        for line in (*(line for _slot, line in page.slots), *page.pages.values()):
            problems.error(
                paths[language], line, "only the pages of front/ lead to the site’s pages and show its parts"
            )


def _pages(
    folder: Path, name: str, known: Known, problems: Problems, fill: Fill = as_written
) -> tuple[dict[str, Path], dict[str, Page]]:
    """Return (paths, pages) of one text in every language; what it names exists, and the languages say the same."""
    paths = {language: folder / f"{name}.{language}.md" for language in problems.languages}
    pages = {
        language: read_page(path, fill(path, read_text(path, problems) or "", language), language, problems)
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
                block.claims += known.figures.get(block.figure[0], [])
            if block.document in known.documents:
                block.claims += known.documents[block.document].claims
                page.looked_at += len(WORD.findall(known.documents[block.document].text(language)))
            elif block.document:
                problems.error(paths[language], block.line, f"no document of this section is called “{block.document}”")
            for text in block.lines:
                for sentence in wording(text, language):
                    problems.warn(paths[language], block.line, sentence)
    for language in problems.languages[1:]:
        _equal(master(pages), pages[language], paths[language], problems)
    return paths, pages


def _check_figure(figure: Drawing, path: Path, line: int, known: Known, problems: Problems) -> None:
    name, parameters, _ = figure
    if name not in known.figures:
        problems.error(path, line, f"no picture is called “{name}” ({', '.join(known.figures)})")
    for event in filter(None, parameters.get("only", "").split(",")):
        if event not in known.events:
            problems.error(path, line, f"no event of the timeline is called “{event}”")


def plain_pages(folder: Path, name: str, known: Known, problems: Problems, fill: Fill = as_written) -> dict[str, Page]:
    """Return the pages of a text that has no figures, items to try and documents: a sheet, or a page of the site.

    `fill` puts into a text, before it is read, what its author left to be filled in.
    """
    paths, pages = _pages(folder, name, known, problems, fill)
    for language, page in pages.items():
        for block in page.blocks:
            if block.figure or (block.is_named and not block.slot):
                problems.error(paths[language], block.line, "only a lesson has figures, items to try and the like")
        for line in page.leads_elsewhere.values():
            problems.error(paths[language], line, "only a lesson leads to the quiz or the quote sheet")
    return pages


def _equal(page: Page, other: Page, path: Path, problems: Problems) -> None:
    """Refuse another language's page whose anchors, marks, checks or numbers differ; `path` is its file."""
    name, numbers = rules(page.language).name, (page.language, other.language)
    if list(page.headings) != list(other.headings):
        problems.error(
            path, 1, f"the anchors differ: {', '.join(page.headings)} in {name}, {', '.join(other.headings)} here"
        )
        return
    if page.figures != other.figures:
        problems.error(path, 1, f"the figures differ from the {name}")
    if page.documents != other.documents:
        problems.error(path, 1, f"the documents differ from the {name}")
    if page.slot_names != other.slot_names or set(page.pages) != set(other.pages):
        problems.error(path, 1, f"the pages that it leads to, or the parts that it shows, differ from the {name}")
    if page.boxes != other.boxes:
        problems.error(path, 1, f"the boxes to write in differ from the {name}")
    if page.checks != other.checks:
        problems.error(path, 1, f"the items to try differ from the {name}")
    if list(page.terms) != list(other.terms) and set(page.terms) != set(other.terms):
        names = ", ".join(sorted(set(page.terms) ^ set(other.terms)))
        problems.error(path, 1, f"the terms differ from the {name}: {names}")
    for anchor, ours, theirs in zip(["", *page.headings], _parts(page), _parts(other), strict=True):
        line = other.lines.get("#" + anchor, 1)
        if _marks(ours) != _marks(theirs):
            marks = f"{' '.join(_marks(ours))} in {name}, {' '.join(_marks(theirs))} here"
            problems.error(path, line, f"the claim marks differ: {marks}")
        texts = dict(zip(numbers, (ours, theirs), strict=True))
        for difference in [*differences(texts), *misquoted(texts, problems.quotations)]:
            problems.error(path, line, difference)


def _parts(page: Page) -> list[str]:
    """Return the source cut at the headings that have an anchor."""
    lines = page.source.split("\n")
    cuts = [0, *(page.lines[f"#{anchor}"] - 1 for anchor in page.headings), len(lines)]
    return ["\n".join(lines[start:end]) for start, end in pairwise(cuts)]


def _marks(text: str) -> list[str]:
    return re.findall(r"\[\^([A-Z]\d+)\]", text)
