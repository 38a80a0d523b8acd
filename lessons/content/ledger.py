"""The ledger of a module: claims, references and glossary, read and checked. Pure."""

import re
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lessons.content import CHECKED, LABELS, ORIGINS, VERDICTS
from lessons.content.source import Entry, Problems, checksum, read_toml, unique

ORIGIN_OF_LETTER = {"M": "article", "O": "omission", "P": "development"}
CLAIM_ID = re.compile(r"(M\d{3}|[OP]\d{2})\Z")
MOMENT = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
DATE = re.compile(rf"(/?{MOMENT}|{MOMENT}/({MOMENT})?)(, (/?{MOMENT}|{MOMENT}/({MOMENT})?))*\Z")
EVENT_DATE = re.compile(rf"{MOMENT}(/{MOMENT})?\Z")
PRECISIONS = ("day", "month", "year", "range")
TERM_KINDS = ("person", "organisation", "place", "term")
REFERENCE_KINDS = ("press", "report", "official", "archive", "study", "text")


@dataclass(frozen=True)
class Reference:
    slug: str
    document: dict[str, Any]


@dataclass(frozen=True)
class Term:
    slug: str
    document: dict[str, Any]
    entry: Entry = field(compare=False, repr=False)

    def names(self, language: str) -> list[str]:
        """Return every form under which the term is named in that language."""
        return [self.document["name"][language], *self.document["aliases"].get(language, [])]

    def said(self, language: str) -> str:
        """Return all that search finds of it."""
        return " ".join([*self.names(language), self.document["meaning"][language]])


@dataclass(frozen=True)
class Event:
    slug: str
    date: str
    precision: str | None
    claims: list[str]
    document: dict[str, Any]


@dataclass(frozen=True)
class Claim:
    key: str
    origin: str | None
    section: str
    date: str
    presented: str | None
    stands: str | None
    verdict: str | None
    said_by: str | None
    references: list[str]
    checked: str | None
    testable: bool
    document: dict[str, Any]
    change: dict[str, str]
    entry: Entry = field(compare=False, repr=False)

    def said(self, language: str) -> str:
        """Return all that search finds of it."""
        return " ".join([self.key, *(text.get(language, "") for text in self.document.values())])

    @property
    def checksum(self) -> str:
        """Return the checksum of all text shown to readers; a change creates a Revision."""
        return checksum(
            [self.presented, self.stands, self.verdict, self.said_by, self.references, self.checked, self.document]
        )


def read_references(path: Path, problems: Problems) -> dict[str, Reference]:
    """Return the references by slug; `publisher` always, the rest only where the dossier gives it."""
    references = {}
    top = read_toml(path, problems)
    entries = top.entries("reference")
    unique(entries)
    for entry in entries:
        document: dict[str, Any] = {"publisher": entry.string("publisher")}
        for key in ("title", "date", "url", "language"):
            if value := entry.string(key, "", required=False):
                document[key] = value
        if kind := entry.one_of("kind", REFERENCE_KINDS, required=False):
            document["kind"] = kind
        if not document.get("url", "https://").startswith("https://"):
            entry.error("“url” should begin with https://", "url")
        slug = entry.slug("id")
        entry.done()
        references[slug] = Reference(slug, document)
    top.done()
    return references


def read_glossary(path: Path, problems: Problems) -> dict[str, Term]:
    """Return the terms by slug."""
    terms = {}
    top = read_toml(path, problems)
    entries = top.entries("term")
    unique(entries)
    for entry in entries:
        document: dict[str, Any] = {
            "kind": entry.one_of("kind", TERM_KINDS),
            "name": entry.text("name"),
            "aliases": entry.texts("aliases"),
            "meaning": entry.text("meaning"),
        }
        for key in ("lat", "lon"):
            value = entry.value(key, (int, float), "degrees, such as 14.5", None, required=False)
            if value is not None:
                document[key] = value
        slug = entry.slug("id")
        entry.done()
        terms[slug] = Term(slug, document, entry)
    top.done()
    return terms


def read_events(path: Path, problems: Problems, claims: Container[str], terms: Container[str]) -> dict[str, Event]:
    """Return the events of the timeline by slug; a module without one has no such file."""
    if not path.exists():
        return {}
    events = {}
    top = read_toml(path, problems)
    entries = top.entries("event")
    unique(entries)
    for entry in entries:
        event = Event(
            slug=entry.slug("id"),
            date=entry.string("date"),
            precision=entry.one_of("precision", PRECISIONS),
            claims=entry.strings("claims", required=False),
            document={"text": entry.text("text"), "actors": entry.strings("actors", required=False)},
        )
        if event.date and not EVENT_DATE.match(event.date):
            entry.error(f"“{event.date}”: write 2019, 2019-10, 2019-10-23, or a range a/b", "date")
        for key in event.claims:
            if key not in claims:
                entry.error(f"no claim is called “{key}”", "claims")
        for actor in event.document["actors"]:
            if actor not in terms:
                entry.error(f"no term of the glossary is called “{actor}”", "actors")
        entry.done()
        events[event.slug] = event
    top.done()
    return events


def read_claims(path: Path, problems: Problems, references: Container[str], terms: Container[str]) -> dict[str, Claim]:
    """Return the claims by key."""
    top = read_toml(path, problems)
    entries = top.entries("claim")
    unique(entries)
    claims = [_claim(entry, references, terms) for entry in entries]
    top.done()
    return {claim.key: claim for claim in claims}


def _claim(entry: Entry, references: Container[str], terms: Container[str]) -> Claim:
    key = entry.string("id")
    if not CLAIM_ID.match(key):
        entry.error(f"“{key}”: a claim is M and three digits, O or P and two", "id")
    origin = entry.one_of("origin", ORIGINS)
    if origin and key[:1] in ORIGIN_OF_LETTER and origin != ORIGIN_OF_LETTER[key[0]]:
        entry.error(f"a claim {key[0]}… has the origin “{ORIGIN_OF_LETTER[key[0]]}”", "origin")
    ours = origin != "article"
    presented = entry.one_of("presented", LABELS, required=not ours)
    verdict = entry.one_of("verdict", VERDICTS, required=not ours)
    document = {"article": entry.text("article", required=not ours)}
    if ours and (presented or verdict or document["article"]):
        entry.error("presented, verdict and article are for the article's own claims")
    document["finding"] = entry.text("finding")
    document["note"] = entry.text("note", required=False)
    claim = Claim(
        key=key,
        origin=origin,
        section=entry.slug("section"),
        date=entry.string("date"),
        presented=presented,
        stands=entry.one_of("stands", LABELS),
        verdict=verdict,
        said_by=entry.string("said_by", None, required=not ours),
        references=entry.strings("references"),
        checked=entry.one_of("checked", CHECKED),
        testable=entry.flag("testable", required=True),
        document=document,
        change=entry.text("change", required=False),
        entry=entry,
    )
    entry.done()
    _check(claim, references, terms)
    return claim


def _check(claim: Claim, references: Container[str], terms: Container[str]) -> None:
    entry = claim.entry
    if claim.date and not DATE.match(claim.date):
        entry.error(f"“{claim.date}”: write 2019, 2019-10, 2019-10-23, 2014/2023 or /2023; several with “, ”", "date")
    if claim.stands == "fact" and claim.verdict == "unverifiable":
        entry.error("what could not be verified does not stand as fact", "stands")
    if claim.said_by not in (None, "authors", "unnamed") and claim.said_by not in terms:
        entry.error(f"“{claim.said_by}” is neither a term of the glossary nor authors or unnamed", "said_by")
    if claim.said_by is None and claim.stands in ("attributed", "allegation", "estimate"):
        entry.error(f"a claim that stands as {claim.stands} says who says it", "said_by")
    for slug in claim.references:
        if slug not in references:
            entry.error(f"nothing in references.toml is called “{slug}”", "references")
    if claim.checked == "page" and not claim.references:
        entry.error("a page was read: name it in references", "references")
