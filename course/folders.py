"""Read a folder of content whole, with the checks that cross the apps, and tell whether it changed."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from course.front.reading import Front, read_front
from course.front.values import known_values
from lessons.content import module as texts
from lessons.content.page import Page
from lessons.content.source import Problems, checksum, read_toml
from quizzes import banks

Banks = dict[str, list[banks.Item]]  # {section slug: items}


class Read(NamedTuple):
    """What a folder says, and what is wrong with it."""

    module: texts.Module
    banks: Banks
    front: Front
    problems: Problems


def slug_of(folder: Path) -> str | None:
    """Return the slug that a folder's module gives itself, None where it cannot be read."""
    slug = read_toml(folder / "module.toml", Problems()).data.get("slug")
    return slug if isinstance(slug, str) else None


def read_folder(folder: Path) -> Read:
    """Return what a folder says, with the checks that cross the apps."""
    problems = Problems()
    module = texts.read_module(folder, problems)
    items_of: Banks = {}
    slugs: dict[str, str] = {}
    for section in module.sections:
        items = banks.read_bank(
            section.folder / "items.toml",
            problems,
            module.claims,
            module.terms,
            len(section.document["objectives"]),
            section.anchors(),
            section.documents,
        )
        items_of[section.slug] = items
        for item in items:
            if item.slug in slugs:
                item.entry.error(f"“{item.slug}” is an item of {slugs[item.slug]} already", "slug")
            slugs.setdefault(item.slug, section.slug)
        _check_section(section, items, problems)
    return Read(module, items_of, read_front(module, items_of, problems), problems)


def _check_section(section: texts.Section, items: list[banks.Item], problems: Problems) -> None:
    """Refuse a section with fewer items than its quiz draws, or whose texts and items do not fit each other."""
    drawable = sum("quiz" in item.uses for item in items)
    wanted = section.document["quiz"]["draw"]
    if drawable < wanted:
        section.entry.error(f"a quiz of this section draws {wanted} items, and {drawable} have the use quiz")
    checks = {item.slug: item for item in items if "check" in item.uses}
    for lesson in section.lessons:
        for language, page in lesson.pages.items():
            for block in page.blocks:
                if block.check and block.check not in checks:
                    problems.error(
                        lesson.paths[language], block.line, f"no check of this section is called “{block.check}”"
                    )
        _check_documents(texts.master(lesson.pages), checks)
    _check_quote(section)
    shown = {name for lesson in section.lessons for name in texts.master(lesson.pages).documents}
    shown |= {document["id"] for item in items for document in item.version.get("documents", [])}
    for document in section.documents.values():
        if document.slug not in shown:
            document.entry.warn(f"neither a lesson nor an item shows “{document.slug}”", "id")


def _check_documents(page: Page, checks: Mapping[str, banks.Item]) -> None:
    """Refuse a check whose documents are not on its lesson's page, which is where its reader looks at them."""
    for item in (checks[slug] for slug in page.checks if slug in checks):
        for document in item.version.get("documents", []):
            if document["id"] not in page.documents:
                item.entry.error(f"its lesson does not show “{document['id']}”: name it there too", "documents")


def _check_quote(section: texts.Section) -> None:
    """Refuse a row of the quote sheet that no answer of a lesson fills."""
    quote = section.quote
    asked = {slug for lesson in section.lessons for slug in texts.master(lesson.pages).checks}
    if quote and quote.item not in asked:
        quote.entry.error(f"no lesson of this section has a check called “{quote.item}”", "item")


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of all that decides what a load writes.

    The text files, the code, templates and words that read and render them, and what the code knows that they name.
    """
    inputs = [*folder.rglob("*.toml"), *folder.rglob("*.md"), *settings.BASE_DIR.glob("locale/*/LC_MESSAGES/*.mo")]
    for app in ("lessons", "quizzes"):
        inputs += [*settings.BASE_DIR.glob(f"{app}/**/*.py"), *settings.BASE_DIR.glob(f"templates/{app}/**/*.html")]
    inputs += settings.BASE_DIR.glob("course/front/*.py")
    loaders = (f"course/{name}.py" for name in ("folders", "loading", "rows"))
    single = ("templates/_parts/symbols.svg", "accounts/folding.py", *loaders)
    inputs += [settings.BASE_DIR / name for name in single]
    known = {name: str(value) for name, value in known_values().items()}
    return checksum([known, *([_name(path), hashlib.sha256(_bytes(path)).hexdigest()] for path in sorted(inputs))])


def _name(path: Path) -> str:
    """Return the path as text that can be written, also where its bytes are no UTF-8."""
    return str(path).encode(errors="backslashreplace").decode()


def _bytes(path: Path) -> bytes:
    """Return what a file holds; nothing where none is or it cannot be read, of which its reading tells."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""
