"""Read a folder of content whole, with the checks that cross the apps, and tell whether it changed."""

import hashlib
from pathlib import Path

from django.conf import settings

from lessons.content import module as texts
from lessons.content.source import Problems, checksum, read_toml
from quizzes import banks

Banks = dict[str, list[banks.Item]]  # {section slug: items}
Read = tuple[texts.Module, Banks, Problems]


def slug_of(folder: Path) -> str | None:
    """Return the slug that a folder's module gives itself, None where it cannot be read."""
    slug = read_toml(folder / "module.toml", Problems()).data.get("slug")
    return slug if isinstance(slug, str) else None


def read_folder(folder: Path) -> Read:
    """Return (module, banks, problems) of a folder, with the checks that cross the apps."""
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
        )
        items_of[section.slug] = items
        for item in items:
            if item.slug in slugs:
                item.entry.error(f"“{item.slug}” is an item of {slugs[item.slug]} already", "slug")
            slugs.setdefault(item.slug, section.slug)
        _check_section(section, items, problems)
    return module, items_of, problems


def _check_section(section: texts.Section, items: list[banks.Item], problems: Problems) -> None:
    """Refuse a section with fewer items than its quiz draws, or whose lessons name a check that it does not have."""
    drawable = sum("quiz" in item.uses for item in items)
    wanted = section.document["quiz"]["draw"]
    if drawable < wanted:
        section.entry.error(f"a quiz of this section draws {wanted} items, and {drawable} have the use quiz")
    checks = {item.slug for item in items if "check" in item.uses}
    for lesson in section.lessons:
        for language, page in lesson.pages.items():
            for block in page.blocks:
                if block.check and block.check not in checks:
                    problems.error(
                        lesson.paths[language], block.line, f"no check of this section is called “{block.check}”"
                    )


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of all that decides what a load writes.

    The text files, and the code, templates and words that read and render them.
    """
    inputs = [*folder.rglob("*.toml"), *folder.rglob("*.md"), *settings.BASE_DIR.glob("locale/*/LC_MESSAGES/*.mo")]
    for app in ("lessons", "quizzes"):
        inputs += [*settings.BASE_DIR.glob(f"{app}/**/*.py"), *settings.BASE_DIR.glob(f"templates/{app}/**/*.html")]
    single = ("templates/_parts/symbols.svg", "accounts/folding.py", "course/folders.py", "course/loading.py")
    inputs += [settings.BASE_DIR / name for name in single]
    return checksum([[_name(path), hashlib.sha256(_bytes(path)).hexdigest()] for path in sorted(inputs)])


def _name(path: Path) -> str:
    """Return the path as text that can be written, also where its bytes are no UTF-8."""
    return str(path).encode(errors="backslashreplace").decode()


def _bytes(path: Path) -> bytes:
    """Return what a file holds; nothing where none is or it cannot be read, of which its reading tells."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""
