"""The documents that a section lays before its reader, read and checked before they are drawn as cards. Pure.

A card shows facts, names, dates and at most 25 quoted words of what its references print, in the course's own layout;
or what was invented for an exercise, and then says so.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from lessons.content.languages import rules
from lessons.content.ledger import EVENT_DATE, LANGUAGE, Claim, Reference, check_date
from lessons.content.parity import quoted
from lessons.content.pictures import read_columns
from lessons.content.source import Entry, Problems, is_there, read_toml, unique
from lessons.content.wording import WORD

MOST_QUOTED = 25  # words of a card, in one language
STRAIGHT = re.compile(r'"([^"]*)"')  # which a hurried author types
SAID = ("shows", "place", "taken", "account")  # of a picture that is told in words
# What of a reference a card shows. How and when it was read says how far to trust it, and makes it no other document.
SHOWN = ("publisher", "via", "copy", "title", "is_printed", "date", "language", "kind", "url", "read", "opened")
Body = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """A document as it is drawn: title, body of its kind, what it does not say, and where it was read, if it was.

    `document` needs nothing beside it, so that an item keeps what it showed.
    """

    slug: str
    claims: list[str]
    document: dict[str, Any]
    entry: Entry = field(compare=False, repr=False)

    def text(self, language: str) -> str:
        """Return the words of the card in one language, as search finds them: all but those of its sources."""
        shown = {name: part for name, part in self.document.items() if name != "sources"}
        return " ".join([shown.get("words", ""), *_texts(shown, language)]).strip()


def read_documents(
    path: Path, problems: Problems, references: Mapping[str, Reference], claims: Mapping[str, Claim], module: str
) -> dict[str, Document]:
    """Return the documents of a section by their ids; a section without one has no such file.

    `module` is the slug of the module whose references they name.
    """
    if not is_there(path):
        return {}
    top = read_toml(path, problems)
    entries = top.entries("document")
    unique(entries)
    documents = [_document(entry, references, claims, module) for entry in entries]
    top.done()
    return {document.slug: document for document in documents}


def _document(entry: Entry, references: Mapping[str, Reference], claims: Mapping[str, Claim], module: str) -> Document:
    slug, kind = entry.slug("id"), entry.one_of("kind", list(READERS))
    head: Body = {"id": slug, "module": module, "kind": kind or "", "title": entry.text("title")}
    invented = entry.flag("invented")
    slugs, keys = (entry.strings(name, required=not invented) for name in ("references", "claims"))
    if invented:
        head["invented"] = True
        if slugs or keys:
            entry.error("what is invented has neither references nor claims", "references" if slugs else "claims")
    else:
        _check_grounds(entry, slugs, keys, claims)
    sources = _sources(entry, slugs, references)
    body = READERS[kind](entry, slugs) if kind else {}
    silent = entry.text("silent")
    if kind:
        entry.done()
    for language in entry.problems.languages:
        if (words := _quoted_words(body, language)) > MOST_QUOTED:
            entry.error(f"{words} words are quoted ({language}); a card quotes at most {MOST_QUOTED}")
    return Document(slug, keys, head | body | {"silent": silent, "sources": sources}, entry)


def _check_grounds(entry: Entry, slugs: Sequence[str], keys: Sequence[str], claims: Mapping[str, Claim]) -> None:
    """Refuse a document that was read nowhere, or bears on no claim."""
    if not slugs:
        entry.error("a document names where it was read: one reference at least", "references")
    if not keys:
        entry.error("a document bears on one claim at least", "claims")
    for key in keys:
        if key not in claims:
            entry.error(f"no claim is called “{key}”", "claims")


def _sources(entry: Entry, slugs: Sequence[str], references: Mapping[str, Reference]) -> list[dict[str, Any]]:
    """Return what the card shows of its references, each with an address and the day on which it was read."""
    sources = []
    for slug in slugs:
        if slug not in references:
            entry.error(f"nothing in references.toml is called “{slug}”", "references")
            continue
        document = references[slug].document
        if not document.get("url"):
            entry.error(f"“{slug}” has no address, and a document has one that can be opened", "references")
        if document["read"] == "address":
            entry.error(f"“{slug}” was not opened: a document is shown by what was read", "references")
        sources.append({"id": slug} | {name: document[name] for name in SHOWN if name in document})
    return sources


def _table(entry: Entry, sources: Sequence[str]) -> Body:
    """Read columns and rows of figures or words."""
    columns, rows = read_columns(entry)
    return {
        "columns": columns,
        "rows": [{"cells": row.cells("cells", len(columns)), **_end(row, sources)} for row in rows],
    }


def _names(entry: Entry, sources: Sequence[str]) -> Body:
    """Read groups of names, as many in every language."""
    groups = []
    for row in entry.entries("group"):
        text, names = row.text("text"), row.texts("names")
        counts = {len(set(filter(str.strip, listed))) for listed in names.values()}
        if {len(listed) for listed in names.values()} != counts or len(counts) != 1 or counts == {0}:
            row.error("“names” is a list of different names, as many in each language", "names")
        groups.append({"text": text, "names": names, **_end(row, sources)})
    return {"groups": groups}


def _dates(entry: Entry, sources: Sequence[str]) -> Body:
    """Read what happened, or was said, on which day, in the order of the days."""
    rows: list[Body] = []
    entries = entry.entries("date")
    for row in entries:
        date, text = row.string("date"), row.text("text")
        check_date(row, date, EVENT_DATE, "2019, 2019-10, 2019-10-23, or a range a/b")
        rows.append({"date": date, "text": text, **_end(row, sources)})
    days = [row["date"] for row in rows]
    if days != sorted(days):
        entry.error("the dates of a document stand in their order", "date")
    return {"dates": rows}


def _quotation(entry: Entry, _known: Sequence[str]) -> Body:
    """Read the words as they are printed, who says them, and a translation into every other language."""
    words, language = entry.string("words"), entry.string("language")
    if language and not LANGUAGE.match(language):
        entry.error(f"“{language}” is no code of a language, such as en, fr or ru", "language")
        language = ""
    others = [other for other in entry.problems.languages if other != language] if language else []
    texts: dict[str, Any] = entry.value("translation", dict, "a text in each other language", {}, bool(others))
    written = {
        code: rules(code).typeset(text) for code, text in texts.items() if isinstance(text, str) and text.strip()
    }
    if language and not set(texts) == set(written) == set(others):
        entry.error(f"“translation” is in each language but that of the words: {', '.join(others)}", "translation")
    return {"words": words, "language": language, "said_by": entry.text("said_by"), "translation": written}


def _pictures(entry: Entry, sources: Sequence[str]) -> Body:
    """Read pictures that are told in words: what each shows, where and when it was taken, and who says so."""
    rows = [{name: row.text(name) for name in SAID} | _end(row, sources) for row in entry.entries("picture")]
    return {"pictures": rows}


READERS: dict[str, Callable[[Entry, Sequence[str]], Body]] = {
    "table": _table,
    "names": _names,
    "dates": _dates,
    "quotation": _quotation,
    "picture": _pictures,
}


def _end(row: Entry, sources: Sequence[str]) -> dict[str, str]:
    """Read which of the card's references a row was read in, where it names one, and nothing else."""
    source = row.string("source", required=False)
    if source and source not in sources:
        row.error(f"“{source}” is none of the references of this document ({', '.join(sources)})", "source")
    row.done()
    return {"source": source} if source else {}


def _quoted_words(body: Body, language: str) -> int:
    """Count the words of the body that stand in quotation marks in one language, and those of a quotation."""
    texts = _texts(body, language)
    runs = chain(chain.from_iterable(map(quoted, texts)), chain.from_iterable(map(STRAIGHT.findall, texts)))
    return sum(len(WORD.findall(words)) for words in (body.get("words", ""), *runs))


def _texts(part: Any, language: str) -> list[str]:
    """Return every text of one language in a part of a document, however deep it stands."""
    if isinstance(part, list):
        return [text for inner in part for text in _texts(inner, language)]
    if not isinstance(part, dict):
        return []
    here = part.get(language, [])
    return [*([here] if isinstance(here, str) else here), *_texts(list(part.values()), language)]
