"""A file of questions on its way into an owner's bank: the report on it, then its items. Imports the tables.

The report says of each question what would become of it: kept, degraded, refused, or here already. It is made and read
again outside of any transaction, which then writes only. A large file is read in steps, so that a page can tell how far
it is, and nothing of all its questions is held at once but what is needed of each, packed.
"""

import pickle
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import islice
from secrets import token_hex
from typing import Any, Generic, NamedTuple, TypeVar

from accounts.locking import atomic_once_more
from accounts.models import User
from quizzes import typed, writing
from quizzes.formats.base import Loss, Note, Outcome, Question, Refusal, Row, Texts, Unreadable, Whole
from quizzes.formats.reading import opened
from quizzes.lacks import counted, lacks_of
from quizzes.models import Bank, Item, Upload
from quizzes.pictures import Encoded, NotAPicture, OfFile
from quizzes.sourced import KEPT, claims_of, languages_in, source_of
from quizzes.writing import AN_ADDRESS, Judged, NamedOfMany

HERE = "here"  # the outcome of a question that came before
LONGEST_NAME = 100
STEP = 500  # questions that are read at a time
Kept = TypeVar("Kept")
TEXTS = ("stem", "explanation", "unit", "other", "accepted")
NO_PICTURE = {"large": Loss.PICTURE_LARGE, "many": Loss.PICTURES_MANY}  # others are bad


@dataclass(frozen=True)
class Candidate:
    """One question of a file: the row of the report on it, what it is known by, and what would be made of it.

    The row is without its question, of which a large file has ten thousand; `languages` are those of its texts.
    """

    row: Row
    kind: str = ""
    outcome: Outcome = Outcome.REFUSED
    languages: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()
    judged: Judged | None = None

    @property
    def is_refused(self) -> bool:
        return self.judged is None or bool(self.judged.written.refused)


def identities_of(question: Question) -> tuple[str, ...]:
    """Return what a question is known by: its number, where the file gives one, and what it asks and explains.

    A file whose numbers were given anew is known by the second, one whose texts were changed by the first.
    """
    return tuple(dict.fromkeys((question.identity, replace(question, number="").identity)))


class Reading(Generic[Kept]):
    """The questions of a file, judged STEP at a time for a bank of `user`'s: what `keep` returns of each step is kept.

    The first step is read when it is made. Unreadable for a reason, as each step is. 2 queries.
    """

    def __init__(
        self,
        bank: Bank,
        user: User,
        data: bytes,
        name: str,
        language: str,
        keep: Callable[[Bank, list["Candidate"]], list[Kept]],
    ) -> None:
        file = opened(data, name, language)
        self.bank, self.user, self.notes, self.keep = bank, user, file.notes, keep
        self._rows, self._named = file.rows, NamedOfMany(bank)
        self._drawn = OfFile()  # one map may stand in hundreds of questions
        self.kept: list[Kept] = []
        self.count, self.is_done = 0, False
        self.step()

    def step(self) -> bool:
        """Read the next questions; return whether there were any. No query."""
        rows = list(islice(self._rows, STEP))
        self.is_done = len(rows) < STEP
        self.count += len(rows)
        if rows:
            self.kept += self.keep(self.bank, [self._candidate(row) for row in rows])
        return bool(rows)

    def _candidate(self, row: Row) -> "Candidate":
        return _candidate(self.bank, self.user, row, self._named, self._drawn)

    def to_end(self) -> "Reading[Kept]":
        """Read all that is left, and return this."""
        while self.step():
            pass
        return self


class Reported(NamedTuple):
    """A row of the report, as far as the file says it; and what its question is known by."""

    row: dict[str, Any]
    identities: tuple[str, ...]


def questions_of(bank: Bank, user: User, data: bytes, name: str, language: str) -> Reading[Reported]:
    """Begin the report on a file of questions for a bank of `user`'s. Unreadable for a reason. 2 queries."""
    return Reading(bank, user, data, name, language, _reported)


def _candidate(bank: Bank, user: User, row: Row, named: NamedOfMany, drawn: OfFile) -> Candidate:
    if row.question is None:
        return Candidate(row)
    identities = identities_of(row.question)
    question, notes = _fitted(row.question, bank, named)
    if question is None:
        return Candidate(replace(row, question=None, notes=notes), row.question.kind, identities=identities)
    pictures, lost = _pictures(question, drawn)
    row = replace(row, question=question, notes=_told_once((*row.notes, *notes, *lost)))
    source = typed.without_blanks(source_of(question))
    if pictures:
        source["pictures"] = [picture.entry(alternative) for picture, alternative in pictures]
    origin = {"identities": identities, **{name: getattr(question, name) for name in KEPT}}
    item = Item(bank=bank, author=user, uses=writing.USES, document={}, origin=origin, came_into=bank)
    judged = Judged(source, *writing.judge(item, source, named), [picture for picture, _alternative in pictures])
    return Candidate(replace(row, question=None), question.kind, row.outcome, tuple(question.stem), identities, judged)


def _told_once(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the notes, those with the same words once."""
    return tuple({(note.what, note.detail): note for note in notes}.values())


def _pictures(question: Question, drawn: OfFile) -> tuple[list[tuple[Encoded, Texts]], list[Note]]:
    """Return the pictures of a question made anew, with their alternative texts, and a note on each that cannot be."""
    pictures: dict[str, tuple[Encoded, Texts]] = {}
    notes = []
    for picture in question.pictures:
        try:
            made = drawn(picture.data)
        except NotAPicture as error:
            notes.append(Note(NO_PICTURE.get(error.code, Loss.PICTURE_BAD), picture.name))
            continue
        if len(pictures) < typed.PICTURES:
            pictures.setdefault(made.checksum, (made, picture.alternative))
        else:
            notes.append(Note(Loss.PICTURES, picture.name))
    return list(pictures.values()), notes


def _fitted(question: Question, bank: Bank, named: NamedOfMany) -> tuple[Question | None, tuple[Note, ...]]:
    """Return a question with what this bank can hold of it, and what that leaves out."""
    others = [code for code in question.stem if code not in bank.languages]
    if len(others) == len(question.stem):
        return None, (Note(Refusal.LANGUAGE, ", ".join(others)),)
    notes = [Note(Loss.LANGUAGES, ", ".join(others))] if others else []
    passage, claims, objective = _of_module(question, named)
    gone = [question.passage] if question.passage and not passage else []
    gone += [key for key in claims_of(question) if key not in claims]
    if question.objective and not objective:
        gone.append(str(question.objective))
    notes += [Note(Loss.MODULE, ", ".join(gone))] if gone else []
    fitted = replace(question, passage=passage, claims=claims, rests_on=(), objective=objective)
    return _in_languages(fitted, bank.languages), tuple(notes)


def _in_languages(question: Question, languages: Collection[str]) -> Question:
    """Return a question with the texts in these languages alone."""

    def kept(texts: Mapping[str, Any]) -> dict[str, Any]:
        return {code: text for code, text in texts.items() if code in languages}

    pieces = (
        replace(piece, text=kept(piece.text), feedback=kept(piece.feedback), partner=kept(piece.partner))
        for piece in question.pieces
    )
    pictures = tuple(replace(picture, alternative=kept(picture.alternative)) for picture in question.pictures)
    texts: dict[str, Any] = {name: kept(getattr(question, name)) for name in TEXTS}
    spares = tuple(map(kept, question.spares))
    return replace(question, pieces=tuple(pieces), spares=spares, pictures=pictures, **texts)


def _of_module(question: Question, named: NamedOfMany) -> tuple[str, tuple[str, ...], int]:
    """Return the passage, claims and objective of a question that the module of the bank has."""
    address = question.passage
    if address and "/" not in address:  # as files of a section's bank have it: without its section
        lesson, _hash, _anchor = address.partition("#")
        sections = [section for section, slug in named.lessons if slug == lesson]
        address = f"{sections[0]}/{address}" if len(sections) == 1 else address
    parts = AN_ADDRESS.match(address)
    row = named.passage(parts["section"], parts["lesson"]) if parts else None
    is_there = bool(parts and row and row.heading(parts["anchor"]))
    most = len(row.section.document["objectives"]) if row and is_there else 0
    claims = tuple(named.claims(claims_of(question)[: writing.MOST_CLAIMS]))
    return address if is_there else "", claims, question.objective if question.objective <= most else 0


def known(bank: Bank) -> dict[str, int]:
    """Return {what a question is known by: its item} of all that came into a bank or stand in it. One query.

    Whatever became of them: one that was edited, moved to another bank or withdrawn is here already.
    """
    rows = Item.objects.filter(bank=bank) | Item.objects.filter(came_into=bank)
    items: dict[str, int] = {}
    for pk, slug, origin in rows.order_by("-pk").values_list("pk", "slug", "origin"):
        items[f"id:{slug}"] = pk
        items |= dict.fromkeys(origin.get("identities", ()), pk)
    return items


def _here(identities: Sequence[str], items: Mapping[str, int]) -> tuple[int | None, bool]:
    """Return the item that a question is here as, None of a new one; and whether it is the very same.

    One that has its number alone may be another: files are numbered from 1.
    """
    for name in reversed(identities):
        if name in items:
            return items[name], name.startswith(("sum:", "id:own-"))
    return None, False


@atomic_once_more
def bring(
    user: User, bank: Bank, data: bytes, name: str, language: str, reading: Reading[Reported], at: datetime
) -> Upload:
    """Keep a file that was read to its end until it is taken; the same file again finds the former. At most 8 queries.

    Bank.DoesNotExist where `user` writes it no more.
    """
    User.objects.hold(user.pk)
    bank = Bank.objects.edited_by(user).get(pk=bank.pk)
    mark = sha256(data).hexdigest()
    upload = Upload.objects.filter(owner=user, bank=bank, checksum=mark, language=language, taken_at=None).first()
    upload = upload or Upload(owner=user, bank=bank, checksum=mark, language=language)
    items = known(bank)
    upload.name, upload.made_at, upload.data = name[:LONGEST_NAME], at, zlib.compress(data, 6)
    upload.notes = [list(note) for note in reading.notes]
    upload.rows = [_beside(reported, items) for reported in reading.kept]
    upload.left = [place for place, row in enumerate(upload.rows) if row["item"] or not row["can"]]
    upload.save()
    Upload.objects.leave_latest(user)
    return upload


def _beside(reported: Reported, items: Mapping[str, int]) -> dict[str, Any]:
    """Return the row of the report, which says whether its question is among these items already."""
    row, (here, is_same) = reported.row, _here(reported.identities, items)
    outcome = HERE if here else row["outcome"]
    return row | {"outcome": outcome, "item": here, "can": row["can"] and not is_same}


def _reported(bank: Bank, candidates: Iterable[Candidate]) -> list[Reported]:
    return [Reported(_row(candidate, bank), candidate.identities) for candidate in candidates]


def _row(candidate: Candidate, bank: Bank) -> dict[str, Any]:
    """Return the row of the report as it is kept: codes, which a page turns into words."""
    row = candidate.row
    written = candidate.judged.written if candidate.judged else None
    problems = written.refused if written else []
    lacks = [problem.path for problem in written.lacks] if written else []
    outcome = Outcome.REFUSED if candidate.is_refused else candidate.outcome
    return {
        "line": row.line,
        "type": row.type,
        "kind": candidate.kind,
        "title": row.title,
        "outcome": outcome.value,
        "item": None,
        "can": not candidate.is_refused,
        "notes": [list(note) for note in row.notes],
        "wrong": [[problem.path, problem.text] for problem in problems],
        "lacks": lacks_of(lacks, bank.languages, candidate.languages),
    }


def to_take(user: User, upload: Upload) -> Reading[bytes]:
    """Begin to read a file once more, to `take` it: what would be made of its questions is held packed. 2 queries."""
    data = zlib.decompress(upload.data)
    return Reading(upload.bank, user, data, upload.name, upload.language, _packed)


def _packed(_bank: Bank, candidates: list[Candidate]) -> list[bytes]:
    """Return what would be made of a step: as it stands in memory it takes ten times as much."""
    return [zlib.compress(pickle.dumps(candidates), 1)]


def _unpacked(reading: Reading[bytes]) -> Iterator[list[tuple[int, Candidate]]]:
    """Yield what was packed, step by step, each question with its place in the file."""
    for number, packed in enumerate(reading.kept):
        candidates: list[Candidate] = pickle.loads(zlib.decompress(packed))  # noqa: S301 - packed by `_packed`
        yield list(enumerate(candidates, number * STEP))


def take(user: User, upload: Upload, at: datetime, reading: Reading[bytes] | None = None) -> Upload:
    """Make the items of a file that is not taken yet, but for those left out and those that are here by now.

    `reading` is what `to_take` began, read to its end. All or none. Upload.DoesNotExist where it is there no more; the
    upload as it stands where it was taken before. Unreadable where it is read otherwise than for the report, as after
    an update of the site: what was ticked is known by its place.
    """
    if upload.taken_at:
        return upload
    reading = reading or to_take(user, upload).to_end()
    if reading.count != len(upload.rows):
        raise Unreadable(Whole.CHANGED)
    return _take(user, upload, reading, at)


@atomic_once_more
def _take(user: User, upload: Upload, reading: Reading[bytes], at: datetime) -> Upload:
    User.objects.hold(user.pk)
    bank = Bank.objects.edited_by(user).get(pk=upload.bank_id)
    current = Upload.objects.of(user).select_related("bank").defer("rows").get(pk=upload.pk)
    if current.taken_at:
        return current
    if (bank.languages, bank.module_id) != (upload.bank.languages, upload.bank.module_id):
        reading = to_take(user, current).to_end()
    left, items = set(current.left), known(bank)
    current.made = []
    for candidates in _unpacked(reading):
        judged = list(_to_be_made(candidates, left, items))
        current.made += [item.pk for item in writing.add(judged, at)]
    current.data, current.rows, current.taken_at = b"", [], at
    current.save(update_fields=["made", "data", "rows", "taken_at"])
    return current


def _to_be_made(
    candidates: Iterable[tuple[int, Candidate]], left: Collection[int], items: Mapping[str, int]
) -> Iterator[Judged]:
    for place, candidate in candidates:
        if candidate.judged is None or candidate.is_refused:
            continue
        if place not in left and not _here(candidate.identities, items)[1]:
            candidate.judged.written.item.slug = f"own-{token_hex(10)}"
            yield candidate.judged


@dataclass(frozen=True)
class Result:
    """What came of a file: how many questions, of these drafts with what most lack, and those to be looked at."""

    made: int
    drafts: int
    flagged: int
    lacks: list[tuple[str, int]]


def result(upload: Upload) -> Result:
    """Return what came of a file that was taken, as it stands by now. One query for each 500 questions."""
    rows: list[Item] = []
    for at in range(0, len(upload.made), writing.BATCH):
        rows += Item.objects.filter(pk__in=upload.made[at : at + writing.BATCH]).only("draft", "source", "is_flagged")
    drafts = [row for row in rows if row.draft]
    languages = upload.bank.languages
    lacks = [lacks_of(row.draft, languages, languages_in(row.source)) for row in drafts]
    return Result(len(rows), len(drafts), sum(row.is_flagged for row in rows), counted(lacks))


@atomic_once_more
def leave_out(user: User, upload: Upload) -> None:
    """Keep which questions of a file are left out, unless it is taken. 2 queries."""
    User.objects.hold(user.pk)
    Upload.objects.filter(pk=upload.pk, taken_at=None).update(left=upload.left)
