"""A bank of items as text: read and checked. Imports neither the ORM nor a request."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lessons.content import LEVELS
from lessons.content.documents import Document
from lessons.content.languages import rules
from lessons.content.ledger import Claim, Term
from lessons.content.source import LONGEST_ANCHOR, Entry, Problems, checksum, read_toml, unique
from quizzes.bank_lint import bank_flaws
from quizzes.kinds import KINDS, Parsed, Version
from quizzes.lint import item_flaws

USES = ("quiz", "exam", "review", "check", "pre")
SHARED_BY_CHECK = {"check", "review"}


@dataclass(frozen=True)
class Item:
    slug: str
    kind: str | None
    level: str | None
    objective: int
    uses: list[str]
    passage: str
    claims: list[str]
    rests_on: list[str]
    version: Version
    document: dict[str, Any]
    change: dict[str, str]
    entry: Entry = field(compare=False, repr=False)

    @cached_property
    def checksum(self) -> str:
        """Return the checksum of what changes the question or its mark; a changed one makes a version."""
        return checksum([self.kind, self.version | _unread(self.version)])


def _unread(version: Version) -> Version:
    """Return the documents of a version without how and when they were read: read again, they ask nothing else."""
    if "documents" not in version:
        return {}
    blank = {"read": "", "opened": ""}
    documents = [
        document | {"sources": [source | blank for source in document["sources"]]} for document in version["documents"]
    ]
    return {"documents": documents}


def read_bank(
    path: Path,
    problems: Problems,
    claims: Mapping[str, Claim],
    terms: Mapping[str, Term],
    objectives: int,
    anchors: Collection[str],
    documents: Mapping[str, Document] = {},
) -> list[Item]:
    """Return the items of one section's items.toml, in their order.

    `claims` and `terms` are the module's, `objectives` how many the section has, `anchors` its live "lesson#anchor",
    `documents` those that it lays before its readers.
    """
    top = read_toml(path, problems)
    entries = top.entries("item")
    unique(entries, "slug")
    items = [_item(entry, claims, objectives, anchors, documents) for entry in entries]
    top.done()
    for item in items:
        _check_sayers(item, claims, terms)
    _lint(items, top)
    return items


def _item(
    entry: Entry,
    claims: Mapping[str, Claim],
    objectives: int,
    anchors: Collection[str],
    documents: Mapping[str, Document],
) -> Item:
    kind = entry.one_of("kind", tuple(KINDS))
    slug, level = entry.slug("slug", LONGEST_ANCHOR), entry.one_of("level", LEVELS)
    stem, explanation = entry.text("stem"), entry.text("explanation")
    version, feedback, habits = KINDS[kind].parse(entry) if kind else Parsed({}, {})
    shown = _documents(entry, documents)
    rests = not _is_invented(shown)
    easy = entry.text("easy", required=False)
    item = Item(
        slug=slug,
        kind=kind,
        level=level,
        objective=entry.whole("objective", 1, max(objectives, 1), 1),
        uses=_uses(entry),
        passage=entry.string("passage"),
        claims=entry.strings("claims", required=rests),
        rests_on=entry.strings("rests_on", required=rests),
        version={"stem": stem, **version, **shown},
        document={"explanation": explanation, "feedback": feedback} | _told(habits=habits, easy=easy),
        change=entry.text("change", required=False),
        entry=entry,
    )
    if kind:
        entry.done()
    _check_references(item, claims, anchors)
    return item


def _check_references(item: Item, claims: Mapping[str, Claim], anchors: Collection[str]) -> None:
    """Note where an item names a passage or a claim that is none, or rests on what it may not."""
    entry = item.entry
    if item.passage and item.passage not in anchors:
        entry.error(f"no passage “{item.passage}”: write lesson#anchor, as the lesson's heading has it", "passage")
    if "rests_on" in entry.data and not item.rests_on:
        entry.error("a key rests on at least one claim", "rests_on")
    if item.document.get("easy") and item.uses == ["exam"]:
        entry.error("what is kept for exams should not be easy on purpose: let it ask what only a reader knows", "easy")
    for key in item.claims:
        if key not in claims:
            entry.error(f"no claim is called “{key}”", "claims")
    for key in item.rests_on:
        if key not in item.claims:
            entry.error(f"“{key}” is missing in claims, which names all that the item touches", "rests_on")
        elif key in claims and not claims[key].testable:
            entry.error(f"“{key}” cannot be tested, so no key rests on it", "rests_on")


def _told(**texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the texts that are there."""
    return {name: text for name, text in texts.items() if text}


def _documents(entry: Entry, documents: Mapping[str, Document]) -> Version:
    """Return the documents that an item shows as its version keeps them: whole; nothing where it shows none."""
    shown = []
    for slug in entry.strings("documents", required=False):
        if slug in documents:
            shown.append(documents[slug].document)
        else:
            entry.error(f"no document of this section is called “{slug}”", "documents")
    return {"documents": shown} if shown else {}


def _is_invented(shown: Version) -> bool:
    """Return whether all that an item shows is invented: its key rests on that, and need rest on no claim."""
    return bool(shown) and all("invented" in document for document in shown["documents"])


def _uses(entry: Entry) -> list[str]:
    uses = list(dict.fromkeys(entry.strings("uses")))
    for use in uses:
        if use not in USES:
            entry.error(f"“{use}” is no use of an item ({', '.join(USES)})", "uses")
    if not uses:
        entry.error("name at least one use", "uses")
    if "check" in uses and not set(uses) <= SHARED_BY_CHECK:
        entry.error("a check is never drawn in a quiz or exam: its uses are check, with or without review", "uses")
    if "pre" in uses and len(uses) > 1:
        entry.error("a pre-question has no other use", "uses")
    return uses


def _check_sayers(item: Item, claims: Mapping[str, Claim], terms: Mapping[str, Term]) -> None:
    """Refuse a key that rests on somebody's word while neither stem nor key names who says it."""
    if item.kind == "classify" or not item.kind:
        return
    for key in item.rests_on:
        claim = claims.get(key)
        if claim is None or claim.stands in ("fact", "opinion"):
            continue
        for language in item.version["stem"]:
            said = _asked(item, language)
            term = terms.get(claim.said_by or "")
            names = term.names(language) if term else rules(language).authors
            if names and not any(re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", said) for name in names):
                item.entry.error(
                    f"“{key}” stands as {claim.stands}: name in {language} who says it ({', '.join(names)}) "
                    "in the stem or in the key",
                    "rests_on",
                )


def _asked(item: Item, language: str) -> str:
    """Return stem and what the key says, folded: keyed options, entries, pairs with their partners, accepted forms."""
    version = item.version
    keys = version.get("keys", [version.get("key")])
    keyed = [option["text"][language] for option in version.get("options", []) if option["id"] in keys]
    for pieces in ("entries", "pairs", "choices"):
        keyed += [piece["text"][language] for piece in version.get(pieces, [])]
    keyed += version.get("accepted", {}).get(language, [])
    return " ".join([version["stem"][language], *keyed]).casefold()


def _lint(items: Sequence[Item], top: Entry) -> None:
    """Note, in English as all that authors of files read, what is poorly written in the items and about their bank."""
    for item in items:
        for flaw in item_flaws(item.kind, item.version) if item.kind else ():
            item.entry.warn(str(flaw), flaw.at)
    entries = {item.slug: item.entry for item in items}
    for slug, flaw in bank_flaws(items):
        entries.get(slug, top).warn(str(flaw), flaw.at)
