"""What the kinds share: their protocol, their tables, and the refusal of what was not on offer.

Pure.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from lessons.content.source import Entry
from quizzes.flaws import Flaw

# JSON, whose shape is the kind's alone: `parse` makes a version, `accepts` says whether a version marks an answer.
Version = dict[str, Any]
Answer = Any
Feedback = dict[str, dict[str, str]]  # {id of a piece: {language: text}}


class Parsed(NamedTuple):
    """What an item of items.toml says, but for its stem: `habits` is {id of a wrong option: what it misses}."""

    version: Version
    feedback: Feedback
    habits: Mapping[str, str] = {}


class NotOnOffer(ValueError):
    """An answer that the page did not offer."""


class Posted(Protocol):
    """A form as it was sent: a QueryDict, or a dict of texts."""

    def get(self, name: str, /) -> Any: ...


class Kind(Protocol):
    """A kind of item. A page shows positions, never authored ids; answers and versions hold ids alone.

    What shows an item before marking is handed `asked` alone, so that it cannot tell a key.
    """

    name: str
    is_typed: bool  # whether an answer is words of the learner's own, which go when they are erased

    def parse(self, entry: Entry) -> Parsed:
        """Return the checked JSON of a version with the item's feedback and habits; note what is wrong with `entry`."""

    def pieces(self, version: Version) -> list[str]:
        """Return the ids that an attempt may shuffle."""

    def key(self, version: Version) -> Answer:
        """Return the answer that marks 1."""

    def asked(self, version: Version, answer: Answer) -> tuple[Version, Answer]:
        """Return the version without its key, and an answer (or None) to it as that names its pieces."""

    def show(self, version: Version, order: list[str], answer: Answer, name: str, language: str) -> dict[str, Any]:
        """Return what the template of an open item needs, of what `asked` returns.

        Numbers in fields are text already: a template would weigh how each is written in the reader's language.
        """

    def read(self, version: Version, order: list[str], posted: Posted, name: str) -> Answer:
        """Return the posted answer in canonical form, None for no answer; NotOnOffer where the page had none such."""

    def sent(self, version: Version, order: list[str], answer: Answer, name: str) -> dict[str, str]:
        """Return what a form sends for that answer, {field: value} in order, "" for none: `read` backwards."""

    def accepts(self, version: Version, answer: object) -> bool:
        """Return whether this version can mark that answer."""

    def mark(self, version: Version, answer: Answer) -> Fraction:
        """Return the share of an answer that is right, from 0 to 1."""

    def guessing(self, version: Version) -> Fraction | None:
        """Return the mean share of answers at random; None where nobody can say."""

    def gaps(self, version: Version, answer: Answer) -> int:
        """Count the parts of the item that are without an answer."""

    def review(
        self, version: Version, feedback: Feedback, order: list[str], answer: Answer, language: str
    ) -> dict[str, Any]:
        """Return what the template of a marked item needs."""

    def sheet(self, version: Version, feedback: Feedback, language: str) -> list[dict[str, Any]]:
        """Return rows of text, key (`is_key`, `choice` or `answer`) and feedback, for teachers."""

    def paper_key(self, version: Version, language: str) -> str:
        """Return the key as a sheet of paper has it: by the letters and numbers of pieces in the order of `pieces`."""

    def lint(self, version: Version) -> Iterable[Flaw]:
        """Yield what the kind's own pieces are warned of."""


def letter(index: int) -> str:
    """Return the letter of a piece on paper: A for 0; no item has more than 26."""
    return chr(ord("A") + index)


def numbered_letters(letters: Iterable[str]) -> str:
    """Return letters that belong to entries 1, 2, …: “1 C · 2 A”."""
    return " · ".join(f"{number} {sign}" for number, sign in enumerate(letters, 1))


def without(version: Version, *names: str) -> Version:
    """Return the version without these parts."""
    return {name: part for name, part in version.items() if name not in names}


def rows(
    entry: Entry, key: str, least: int, most: int, required: bool = True
) -> list[tuple[Entry, str, dict[str, str]]]:
    """Return the tables [[item.<key>]], with distinct ids and distinct texts; too few or too many are refused."""
    tables = entry.entries(key, required)
    if key in entry.data and not least <= len(tables) <= most:
        entry.error(f"an item of this kind has {least} to {most} tables [[item.{key}]]; this one has {len(tables)}")
    ids = [row.slug("id") for row in tables]
    if len(set(ids)) < len(ids):
        entry.error(f"two tables [[item.{key}]] have the same id")
    texts = [row.text("text") for row in tables]
    for language in entry.problems.languages:
        shown = [text.get(language, "").strip().casefold() for text in texts]
        for row, text in zip(tables, shown, strict=True):
            if text and shown.count(text) > 1:
                row.error(f"two of these read the same: “{text}”", "text")
    return list(zip(tables, ids, texts, strict=True))


def position(value: str | None, count: int) -> int | None:
    """Return the posted `value` as an index below `count`; None where it is empty; NotOnOffer else."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 4 and int(value) < count):
        raise NotOnOffer(value[:20])
    return int(value)


def wrong_rows(answers: list[tuple[str, str]], feedback: Feedback, language: str) -> list[dict[str, Any]]:
    """Return the same for typed answers (text, id of its feedback) that are wrong."""
    return [{"text": text, "feedback": feedback.get(key, {}).get(language, "")} for text, key in answers]
