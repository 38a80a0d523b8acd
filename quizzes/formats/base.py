"""What the formats share: a question as a file has it, the report on it, and the protocol of a format. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, Protocol

from lessons.content.source import checksum

# A text by language. While a question is read, "" stands for the language that the file does not say.
Texts = dict[str, str]
Files = dict[str, bytes]  # pictures by their names
LONGEST = 20_000  # characters of one text of a question, with its marks
TITLE = 80  # characters of a question's beginning, in the report


class Loss(StrEnum):
    """What a question loses, or what was changed so that it could be taken."""

    FORMATTING = "formatting"  # detail: the marks
    TABLE = "table"
    MATHS = "maths"
    MEDIA = "media"  # detail: what it was
    PICTURE_AWAY = "picture_away"  # detail: its address
    PICTURE_MISSING = "picture_missing"  # detail: its name
    PICTURE_BAD = "picture_bad"  # detail: its name
    PICTURE_LARGE = "picture_large"  # detail: its name
    PICTURES_MANY = "pictures_many"  # more than a file may have; detail: its name
    PICTURE_SILENT = "picture_silent"  # no alternative text; detail: its name
    PARTIAL = "partial"  # detail: the weights
    WEIGHTS = "weights"  # detail: the weights
    ONE_KEY = "one_key"
    STAYS = "stays"
    CASE = "case"
    WILDCARD = "wildcard"  # detail: the form
    LONG_FORM = "long_form"  # detail: the form
    REASONS = "reasons"  # feedback that has no place here; detail: how many
    OTHER_NUMBERS = "other_numbers"  # detail: the numbers
    UNITS = "units"  # detail: the units
    GRADING = "grading"  # detail: how the file marks it
    HINTS = "hints"
    PENALTY = "penalty"  # detail: per cent
    GAPS = "gaps"  # detail: which of how many
    COMBINED = "combined"
    GROUPED = "grouped"  # a match with equal partners, taken as statements to classify
    SOME_SHOWN = "some_shown"  # only some of the pieces were asked
    LANGUAGES = "languages"  # texts in languages that the bank does not have; detail: their codes
    MODULE = "module"  # what it names of a module, and the bank's does not have; detail: what
    PICTURES = "pictures"  # detail: their names
    ARTICLES = "articles"  # an article before the answer is as right elsewhere only where it is among the forms
    DOCUMENTS = "documents"  # what the item lays before its readers stays here
    FORMS = "forms"  # those of all languages become one list
    RUN_ON = "run_on"  # stood with others without a blank line between them
    COMMA = "comma"  # detail: a number whose comma may have parted thousands
    ARROW = "arrow"  # an accepted form has "->", which would make a pair


class Refusal(StrEnum):
    """Why a question cannot be taken."""

    UNKNOWN_TYPE = "unknown_type"  # detail: the type
    ESSAY = "essay"
    NO_QUESTION = "no_question"
    NO_STEM = "no_stem"
    TOO_LONG = "too_long"  # detail: the beginning
    NO_KEY = "no_key"
    NO_FULL = "no_full"  # detail: the highest weight
    TWO_KEYS = "two_keys"
    ALL_KEYS = "all_keys"
    WEIGHTS = "sum_of_weights"  # detail: what they add up to
    FEW = "few"  # detail: the least
    MANY = "many"  # detail: the most
    SAME = "same"  # detail: the text
    NOT_A_NUMBER = "not_a_number"  # detail: the text
    NO_FORM = "no_form"
    NO_ARROW = "no_arrow"  # detail: the text
    BRACES = "braces"
    NO_GAPS = "no_gaps"
    TWICE = "twice"  # detail: the line of the first
    NO_ANSWER_LINE = "no_answer_line"
    ANSWER_LINE = "answer_line"  # detail: the letter
    CELLS = "cells"  # more cells than headings; detail: the first that is too many
    UNKNOWN_KIND = "unknown_kind"  # detail: the kind
    LANGUAGE = "language"  # no text is in a language of the bank; detail: the codes of those that are there


class Whole(StrEnum):
    """What is said of a whole file: why it is refused, or what was put right in it."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"  # detail: the most, in MB
    TOO_MANY = "too_many"  # detail: the most
    UNKNOWN = "unknown"
    DECLARES = "declares"  # a document type, entities
    NOT_XML = "not_xml"  # detail: what the parser says
    NOT_MOODLE = "not_moodle"  # detail: the root
    TOO_DEEP = "too_deep"
    NO_BANK = "no_bank"
    TWO_BANKS = "two_banks"  # detail: their names
    BAD_ZIP = "bad_zip"
    TOO_MANY_PARTS = "too_many_parts"  # detail: the most
    NO_COLUMN = "no_column"  # detail: what stands in the first row
    QUOTE = "quote"  # a quotation mark that is never closed
    NOT_TABLE = "not_table"  # detail: what the parser says
    CHANGED = "changed"  # is read otherwise than when the report on it was made
    ENTITIES = "entities"  # put right; detail: how many
    ENCODING = "windows"  # is not UTF-8; detail: what it was read as
    STRAY = "stray"  # some signs are not UTF-8; detail: the line of the first


class Note(NamedTuple):
    """One thing to tell: what, its detail, and where; line and column count from 1, 0 where there is none."""

    what: Loss | Refusal | Whole
    detail: str = ""
    line: int = 0
    column: int = 0


class Refused(ValueError):
    """One question cannot be taken."""

    def __init__(self, what: Refusal, detail: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(what)
        self.note = Note(what, detail[:TITLE], line, column)


class Unreadable(ValueError):
    """The whole file cannot be read."""

    def __init__(self, what: Whole, detail: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(what)
        self.note = Note(what, detail[:TITLE], line, column)


@dataclass(frozen=True)
class Picture:
    """A picture that a text of the question names: its file, and what stands for it; `data` may be empty (missing)."""

    name: str
    alternative: Texts
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Piece:
    """An option, pair, entry, statement or usual mistake.

    `weight` is 1 for a key, 0 else; `partner` is what belongs to a pair, or the label of a statement.
    """

    text: Texts
    weight: int = 0
    feedback: Texts = field(default_factory=dict)
    partner: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A question as a file has it, of one of our kinds; marked as that kind marks.

    `spares` are partners or labels without a piece; `accepted` the forms of a short answer, before which any article
    may stand where `articles` says so; `other` is the feedback on any other typed answer; numbers are canonical
    decimals. `number` is the id that the file gives, "" for none.
    """

    kind: str
    stem: Texts
    pieces: tuple[Piece, ...] = ()
    spares: tuple[Texts, ...] = ()
    accepted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    value: str = ""
    tolerance: str = "0"
    unit: Texts = field(default_factory=dict)
    other: Texts = field(default_factory=dict)
    shuffle: bool = True
    explanation: Texts = field(default_factory=dict)
    name: str = ""
    number: str = ""
    articles: bool = False
    has_documents: bool = False
    level: str = ""
    objective: int = 0
    passage: str = ""
    claims: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def identity(self) -> str:
        """Return what a second import knows it by: its own number, else a checksum of what it asks and explains."""
        if self.number:
            return f"id:{self.number}"
        pieces = [[piece.text, piece.weight, piece.feedback, piece.partner] for piece in self.pieces]
        said = [self.kind, self.stem, pieces, self.spares, self.accepted, self.value, self.tolerance]
        pictures = [[picture.name, hashlib.sha256(picture.data).hexdigest()] for picture in self.pictures]
        return f"sum:{checksum([*said, self.other, self.explanation, pictures])}"

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.stem)


class Outcome(StrEnum):
    KEPT = "kept"
    DEGRADED = "degraded"
    REFUSED = "refused"


@dataclass(frozen=True)
class Row:
    """The report on one question of a file; `type` is what the file calls it, `line` where it begins."""

    line: int
    type: str
    title: str
    question: Question | None
    notes: tuple[Note, ...] = ()

    @property
    def outcome(self) -> Outcome:
        if self.question is None:
            return Outcome.REFUSED
        return Outcome.DEGRADED if self.notes else Outcome.KEPT


class Losses:
    """What one question loses, each told once; details of the same loss are put together."""

    def __init__(self, line: int = 0) -> None:
        self.line = line
        self._details: dict[Loss, list[str]] = {}

    def add(self, what: Loss, detail: str = "") -> None:
        details = self._details.setdefault(what, [])
        if detail and detail not in details and len(details) < 5:
            details.append(detail[:TITLE])

    def notes(self) -> tuple[Note, ...]:
        return tuple(Note(what, ", ".join(details), self.line) for what, details in self._details.items())


class Format(Protocol):
    """A format of banks. A text is Unicode, and its lines end in \\n."""

    name: str

    def reads(self, text: str) -> bool:
        """Return whether the text looks like this format."""

    def read(self, text: str, language: str, files: Files) -> Iterator[Row]:
        """Yield the report on each question in turn; Unreadable where the file as a whole cannot be read.

        `language` is that of texts that do not say theirs, `files` are the pictures that came with the text.
        """


class Writer(Format, Protocol):
    """A format in which questions leave the site too."""

    suffix: str
    content_type: str

    def write(self, questions: Iterable[Question], languages: Sequence[str]) -> Iterator[str]:
        """Yield the text of a file that holds the questions in these languages, in parts."""

    def loses(self, question: Question, languages: Sequence[str]) -> list[Loss]:
        """Return what the question loses where its file is read elsewhere."""


def percent(weight: Fraction) -> str:
    """Return a share as the report has it: “33.33 %”."""
    return f"{float(weight * 100):.5g}\u00a0%"
