"""Who is named beside the glossary, and why; who asked to be taken out is found wherever they still stand. Pure."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from lessons.content import REASONS
from lessons.content.source import Problems, is_there, read_toml, unique

REGISTER = "people.toml"


def check_people(folder: Path, problems: Problems) -> None:
    """Note who is named without a reason, who is named no more, and each place that names who asked to be taken out."""
    if not is_there(folder / REGISTER):
        return
    top = read_toml(folder / REGISTER, problems)
    entries = top.entries("person")
    unique(entries, "name")
    texts = {
        path: path.read_text(encoding="utf-8-sig", errors="replace")
        for path in sorted([*folder.rglob("*.toml"), *folder.rglob("*.md")])
        if path.name != REGISTER and path.is_file()
    }
    for entry in entries:
        name, is_removed = entry.string("name"), entry.flag("removed")
        entry.one_of("reason", REASONS, required=not is_removed)
        entry.done()
        if name and is_removed:
            for path, line in _mentions(texts, name):
                problems.error(path, line, f"“{name}” asked to be taken out: name the office or the part instead")
        elif name and not any(name in text for text in texts.values()):
            entry.warn(f"“{name}” is named nowhere: take the entry out", "name")
    top.done()


def _mentions(texts: Mapping[Path, str], name: str) -> Iterator[tuple[Path, int]]:
    """Yield (file, line) of every text that has the name; `texts` is {file: its text}."""
    for path, text in texts.items():
        if name in text:
            yield from ((path, number) for number, line in enumerate(text.splitlines(), 1) if name in line)
