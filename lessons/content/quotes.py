"""The sentence of the article that a section decides: may it be quoted, and how. Pure."""

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from lessons.content import STAMPS
from lessons.content.source import LONGEST_ANCHOR, Entry


@dataclass(frozen=True)
class Quote:
    """A row of the quote sheet. `item` is the slug of the check whose answer fills it.

    `document` has `sentence` and `line`, the one to print, in each language, and its `stamp`.
    """

    claim: str
    item: str
    document: dict[str, Any]
    entry: Entry = field(compare=False, repr=False)


def read_quotes(top: Entry) -> dict[str, Any]:
    """Return what module.toml says of its quote sheet in [quotes], {} where it has none.

    `lead` stands above the sheet, `answer` below it once every row is filled.
    """
    entry = top.entry("quotes", required=False)
    if "quotes" not in top.data:
        return {}
    document = {key: entry.text(key) for key in ("lead", "answer")}
    entry.done()
    return document


def read_quote(top: Entry, claims: Container[str]) -> Quote | None:
    """Return the row that section.toml gives in [quote], None where it has none."""
    entry = top.entry("quote", required=False)
    if "quote" not in top.data:
        return None
    claim, item, stamp = entry.string("claim"), entry.slug("item", LONGEST_ANCHOR), entry.one_of("stamp", STAMPS)
    if claim and claim not in claims:
        entry.error(f"no claim is called “{claim}”", "claim")
    document = {"stamp": stamp, "sentence": entry.text("sentence"), "line": entry.text("line")}
    entry.done()
    return Quote(claim, item, document, entry)
