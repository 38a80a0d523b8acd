"""The ledger of a module: claims, references and glossary, read and checked. Pure."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lessons.content import (
    CHECKED,
    GROUNDS,
    LABELS,
    ORIGINS,
    PRIMARY,
    READ,
    REASONS,
    REFERENCE_KINDS,
    ROLES,
    SIDES,
    VERDICTS,
)
from lessons.content.addresses import may_be_link, oddity
from lessons.content.source import MOMENT, Entry, Problems, checksum, impossible, read_toml, unique

ORIGIN_OF_LETTER = {"M": "article", "O": "omission", "P": "development"}
CLAIM_ID = re.compile(r"(M\d{3}|[OP]\d{2})\Z")
DATE = re.compile(rf"(/?{MOMENT}|{MOMENT}/({MOMENT})?)(, (/?{MOMENT}|{MOMENT}/({MOMENT})?))*\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]+)?\Z")
EVENT_DATE = re.compile(rf"{MOMENT}(/{MOMENT})?\Z")
TERM_KINDS = ("person", "organisation", "place", "term")
LONGEST_DATE = 80  # characters
MOST_OFFLINE = 12  # references of a module that may have no address


@dataclass(frozen=True)
class Reference:
    slug: str
    document: dict[str, Any]
    entry: Entry = field(compare=False, repr=False)

    @property
    def ground(self) -> str:
        """What a claim rests on that has it: a primary source, a study, the press and its like, or a copy."""
        if self.document["copy"]:
            return "copy"
        if self.document["kind"] in PRIMARY:
            return "primary"
        return "study" if self.document["kind"] == "study" else "press"

    @property
    def was_read(self) -> bool:
        """Whether somebody read it for this course, whole or in part, where its publisher shows it."""
        return self.document["read"] != "address" and not self.document["copy"]


@dataclass(frozen=True)
class Term:
    slug: str
    document: dict[str, Any]
    entry: Entry = field(compare=False, repr=False)

    def names(self, language: str) -> list[str]:
        """Return every form under which the term is named in that language."""
        return [self.document["name"][language], *self.document["aliases"].get(language, [])]


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

    @property
    def checksum(self) -> str:
        """Return the checksum of all text shown to readers; a change creates a Revision."""
        return checksum(
            [self.presented, self.stands, self.verdict, self.said_by, self.references, self.checked, self.document]
        )


def ground_of(claim: Claim, references: Mapping[str, Reference]) -> str:
    """Return the best of what a claim rests on, one of GROUNDS."""
    grounds = {references[slug].ground for slug in claim.references if slug in references}
    return next((ground for ground in GROUNDS if ground in grounds), "none")


def read_references(path: Path, problems: Problems) -> dict[str, Reference]:
    """Return the references by slug; all but at most twelve have an address, and each says how and when it was read."""
    top = read_toml(path, problems)
    entries = top.entries("reference")
    unique(entries)
    references = {}
    for entry in entries:
        reference = _reference(entry)
        references[reference.slug] = reference
        entry.done()
    top.done()
    offline = [reference for reference in references.values() if "offline" in reference.document]
    for reference in offline[MOST_OFFLINE:]:
        reference.entry.error(f"more than {MOST_OFFLINE} references have no address: find this one’s", "offline")
    return references


def check_date(entry: Entry, date: str, pattern: re.Pattern[str], forms: str) -> None:
    """Refuse a date that is not written in one of the `forms`, or that no calendar has."""
    if date and not pattern.match(date):
        entry.error(f"“{date}”: write {forms}", "date")
    elif wrong := impossible(date):
        entry.error(f"“{date}”: {wrong}", "date")
    elif len(date) > LONGEST_DATE:
        entry.error(f"a date has at most {LONGEST_DATE} characters", "date")


def _reference(entry: Entry) -> Reference:
    document: dict[str, Any] = {
        "publisher": entry.phrase("publisher"),
        "title": entry.phrase("title"),
        "is_printed": isinstance(entry.data.get("title"), str),
        "language": entry.string("language"),
        "kind": entry.one_of("kind", REFERENCE_KINDS),
        "side": entry.one_of("side", SIDES),
        "read": entry.one_of("read", READ),
        "opened": str(entry.day("opened") or ""),
        "copy": entry.flag("copy"),
    }
    for key in ("author", "date"):
        if value := entry.string(key, "", required=False):
            document[key] = value
    if via := entry.phrase("via", required=False):
        document["via"] = via
    if offline := entry.text("offline", required=False):
        document["offline"] = offline
    if url := entry.string("url", "", required=False):
        document["url"] = url
    wants_link = entry.flag("link", True)
    document["link"] = wants_link and bool(url) and may_be_link(url)
    _check_reference(entry, document, wants_link)
    return Reference(entry.slug("id"), document, entry)


def _check_reference(entry: Entry, document: Mapping[str, Any], wants_link: bool) -> None:
    url = document.get("url", "")
    if bool(url) == ("offline" in document):
        entry.error("a reference has either “url” or, where it has none, “offline”, which says why", "url")
    if url and (wrong := oddity(url)):
        entry.error(f"this address {wrong}", "url")
    elif url and wants_link and url.startswith("https:") and not may_be_link(url):
        entry.error("this site shows other people’s documents: set “link = false”, and it stands as text", "url")
    check_date(entry, document.get("date", ""), EVENT_DATE, "2019, 2019-10, 2019-10-23, or a range a/b")
    if document["language"] and not LANGUAGE.match(document["language"]):
        entry.error(f"“{document['language']}” is no code of a language, such as en, fr or ru", "language")
    if document["copy"] and "via" not in document:
        entry.error("a copy says in “via” whose site it was read on", "copy")


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
        entry.one_of("reason", REASONS, required=document["kind"] == "person")
        for key, other in (("lat", "lon"), ("lon", "lat")):
            value = entry.degrees(key, required=False)
            if value is not None:
                document[key] = value
            if key in entry.data and other not in entry.data:
                entry.error(f"“{other}” is missing beside “{key}”", key)
        slug = entry.slug("id")
        entry.done()
        terms[slug] = Term(slug, document, entry)
    top.done()
    return terms


def read_claims(
    path: Path, problems: Problems, references: Mapping[str, Reference], terms: Container[str]
) -> dict[str, Claim]:
    """Return the claims by key."""
    top = read_toml(path, problems)
    entries = top.entries("claim")
    unique(entries)
    claims = [_claim(entry, references, terms) for entry in entries]
    top.done()
    named = {slug for claim in claims for slug in claim.references}
    for reference in references.values():
        if reference.slug not in named:
            reference.entry.warn(f"no claim rests on “{reference.slug}”", "id")
    return {claim.key: claim for claim in claims}


def _claim(entry: Entry, references: Mapping[str, Reference], terms: Container[str]) -> Claim:
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
    document["method"] = entry.text("method", required=False)
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


def _check(claim: Claim, references: Mapping[str, Reference], terms: Container[str]) -> None:
    entry = claim.entry
    check_date(entry, claim.date, DATE, "2019, 2019-10, 2019-10-23, 2014/2023 or /2023; several with “, ”")
    if claim.said_by is not None and claim.said_by not in ROLES and claim.said_by not in terms:
        entry.error(f"“{claim.said_by}” is neither a term of the glossary nor one of {', '.join(ROLES)}", "said_by")
    for slug in claim.references:
        if slug not in references:
            entry.error(f"nothing in references.toml is called “{slug}”", "references")
    if claim.checked == "page" and not claim.references:
        entry.error("a page was read: name it in references", "references")
    _check_label(claim)


def _check_label(claim: Claim) -> None:
    """Refuse what the ladder of labels rules out whatever the words say (lesson 1.2, docs/authoring.md)."""
    entry = claim.entry
    if claim.stands == "fact" and claim.verdict == "unverifiable":
        entry.error("what could not be verified does not stand as fact", "stands")
    if claim.stands == "fact" and claim.verdict == "judgement":
        entry.error("a judgement does not stand as fact", "stands")
    if claim.stands in ("attributed", "allegation", "estimate") and claim.said_by in (None, "course"):
        entry.error(f"a claim that stands as {claim.stands} says who says it", "said_by")
    elif claim.stands == "estimate" and not claim.document["method"]:
        entry.error("an estimate says in “method” who counted what, and how; else it is attributed", "method")
    if claim.stands == "opinion" and claim.said_by is None:
        entry.error("an opinion is somebody’s: name its holder, or write said_by = “course” for our own", "said_by")
    if claim.stands != "estimate" and claim.document["method"]:
        entry.error("only an estimate has a method", "method")
