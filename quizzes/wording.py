"""An answer in words, as a list of lines: of one who answered, or the key. Imports the labels of lessons."""

from collections.abc import Iterator
from typing import Any

from lessons.models import Label
from quizzes.kinds import Answer
from quizzes.models import ItemVersion

ARROW = " → "  # from a statement, pair or entry to what is given for it


def in_words(version: ItemVersion, answer: Answer, order: list[str] | None = None) -> list[str]:
    """Return the answer to a version, in canonical form, as lines of text in the language of the page; empty for none.

    It says what the open item shows of it, marked or not: nothing here has seen the key. `order` is that of the
    attempt, else as authored. No query.
    """
    return list(_lines(version.show(version.rules.pieces(version.document) if order is None else order, answer, "")))


def _lines(shown: dict[str, Any]) -> Iterator[str]:
    """Yield what an open item of any kind shows as answered."""
    if shown.get("value"):
        yield f"{shown['value']} {shown.get('unit', '')}".strip()
    yield from (option["text"] for option in shown.get("options", ()) if option["chosen"])
    for row in shown.get("statements", ()):
        yield from (f"{row['text']}{ARROW}{_label(cell)}" for cell in row["cells"] if cell["chosen"])
    for row in shown.get("pairs", ()):
        yield from (f"{row['text']}{ARROW}{choice['text']}" for choice in row["choices"] if choice["chosen"])
    yield from (f"{row['text']}{ARROW}{row['place']}" for row in shown.get("entries", ()) if row["place"])


def _label(cell: dict[str, Any]) -> str:
    """Return the words of a label: the item's own, else the content's."""
    return cell["text"] or str(Label(cell["id"]).label)


def key_in_words(version: ItemVersion) -> list[str]:
    """Return the right answer of a version as lines of text, a tolerance among them; of `order` in that order.

    For whoever has the item marked, or may teach.
    """
    key = version.rules.key(version.document)
    review = version.rules.review(version.document, {}, version.rules.pieces(version.document), key, version.language)
    if "right" in review:
        tolerance = f"± {review['tolerance']}" if review.get("tolerance") else ""
        return [" ".join(part for part in (review["right"], tolerance, review.get("unit", "")) if part)]
    return in_words(version, key)
