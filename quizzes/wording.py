"""An answer in words, as a list of lines: of one who answered, or the key. Imports the labels of lessons."""

from typing import Any

from lessons.models import Label
from quizzes.kinds import Answer
from quizzes.models import ItemVersion

ARROW = " → "  # from a statement, pair or entry to what is given for it


def in_words(version: ItemVersion, answer: Answer) -> list[str]:
    """Return the answer to a version, in canonical form, as lines of text in the language of the page; empty for none.

    The key in words is `in_words(version, version.rules.key(version.document))`. No query.
    """
    pieces = version.rules.pieces(version.document)
    review = version.rules.review(version.document, {}, pieces, answer, version.language)
    if "given" in review:
        return [f"{review['given']} {review.get('unit', '')}".strip()] if review["given"] else []
    rows = review["rows"]
    if rows and "chosen" in rows[0]:
        return [row["text"] for row in rows if row["chosen"]]
    return [f"{row['text']}{ARROW}{_word(row['given'])}" for row in rows if row["given"]]


def key_in_words(version: ItemVersion) -> list[str]:
    """Return the right answer of a version as lines of text, a tolerance among them; of `order` in that order."""
    key = version.rules.key(version.document)
    review = version.rules.review(version.document, {}, version.rules.pieces(version.document), key, version.language)
    if "right" in review:
        tolerance = f"± {review['tolerance']}" if review.get("tolerance") else ""
        return [" ".join(part for part in (review["right"], tolerance, review.get("unit", "")) if part)]
    return in_words(version, key)


def _word(answer: dict[str, Any] | str | int) -> str:
    """Return the words of a label, the content's or the item's own; of a partner; of a rank in an order."""
    if isinstance(answer, dict):
        return answer["text"] or str(Label(answer["id"]).label)
    return str(answer)
