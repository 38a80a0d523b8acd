"""Items as they are printed: as learners see them, with key and feedback where those are asked for."""

from collections.abc import Iterable
from typing import Any

from quizzes.models import Item


def on_paper(items: Iterable[Item], language: str) -> list[dict[str, Any]]:
    """Return for each item, with its version, how it is shown and its key with feedback. No query of its own."""
    sheets: list[dict[str, Any]] = []
    for number, item in enumerate(items, 1):
        version = item.version
        shown = version.show(version.rules.pieces(version.document), None, f"q{number}")
        key = version.rules.sheet(version.document, item.document["feedback"], language)
        sheets.append({"item": item, "version": version, "shown": shown, "sheet": key})
    return sheets
