"""An answer in words, as a list of lines: of one who answered, or the key. Imports the labels' own words."""

from django.utils.translation import get_language

from lessons.models import Label

ARROW = " → "  # from a statement, pair or entry to what is given for it


def in_words(version, answer):
    """The answer to a version, in canonical form, as lines of text in the language of the page; empty for none.

    The key in words is `in_words(version, version.rules.key(version.document))`. No query.
    """
    pieces = version.rules.pieces(version.document)
    told = version.rules.review(version.document, {}, pieces, answer, get_language())
    if "given" in told:
        return [f"{told['given']} {told.get('unit', '')}".strip()] if told["given"] else []
    rows = told["rows"]
    if rows and "chosen" in rows[0]:
        return [row["text"] for row in rows if row["chosen"]]
    return [f"{row['text']}{ARROW}{_word(row['given'])}" for row in rows if row["given"]]


def key_in_words(version):
    """The right answer of a version as lines of text, a tolerance among them; of `order` in that order."""
    key = version.rules.key(version.document)
    told = version.rules.review(version.document, {}, version.rules.pieces(version.document), key, get_language())
    if "right" in told:
        tolerance = f"± {told['tolerance']}" if told.get("tolerance") else ""
        return [" ".join(part for part in (told["right"], tolerance, told.get("unit", "")) if part)]
    return in_words(version, key)


def _word(given):
    """A label of the content's list, or of the item's own; a partner; a place."""
    if isinstance(given, dict):
        return given["text"] or str(Label(given["id"]).label)
    return str(given)
