"""What the kinds share: their protocol, texts of options, and the refusal of what was not on offer.

Pure.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Protocol

from lessons.content.languages import rules
from lessons.content.source import Entry

# JSON, whose shape is the kind's alone: `parse` makes a version, `accepts` says whether a version marks an answer.
Version = dict[str, Any]
Answer = Any
Feedback = dict[str, dict[str, str]]  # {id of a piece: {language: text}}


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

    def parse(self, entry: Entry) -> tuple[Version, Feedback]:
        """Return the checked JSON of a version, and the item's feedback by id; note what is wrong with `entry`."""

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

    def gaps(self, version: Version, answer: Answer) -> int:
        """Count the parts of the item that are without an answer."""

    def review(
        self, version: Version, feedback: Feedback, order: list[str], answer: Answer, language: str
    ) -> dict[str, Any]:
        """Return what the template of a marked item needs."""

    def sheet(self, version: Version, feedback: Feedback, language: str) -> list[dict[str, Any]]:
        """Return rows of text, key (`is_key`, `choice` or `answer`) and feedback, for teachers."""

    def lint(self, version: Version) -> Iterable[str]:
        """Yield warnings as sentences."""


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


def option_rows(
    options: list[dict[str, Any]], keys: list[str], feedback: Feedback, language: str
) -> list[dict[str, Any]]:
    """Return options as the page of an item lists them: text, whether it is a key, and feedback."""
    return [
        {
            "text": option["text"][language],
            "is_key": option["id"] in keys,
            "feedback": feedback.get(option["id"], {}).get(language, ""),
        }
        for option in options
    ]


def wrong_rows(answers: list[tuple[str, str]], feedback: Feedback, language: str) -> list[dict[str, Any]]:
    """Return the same for typed answers (text, id of its feedback) that are wrong."""
    return [{"text": text, "feedback": feedback.get(key, {}).get(language, "")} for text, key in answers]


def lint_options(options: list[dict[str, Any]], keys: list[str], most: int = 5) -> Iterator[str]:
    """Yield the item-writing faults of options, as sentences (quality L11)."""
    if not 3 <= len(options) <= most:
        yield f"{len(options)} options; 3 to {most} are best"
    for language in options[0]["text"] if options else ():
        texts = {option["id"]: option["text"][language] for option in options}
        longest = {
            is_key: max((len(text) for option, text in texts.items() if (option in keys) == is_key), default=0)
            for is_key in (True, False)
        }
        if longest[False] and longest[True] > 1.5 * longest[False]:
            yield f"the key is over 1.5 times as long as the longest distractor ({language})"
        absolute = {option for option, text in texts.items() if rules(language).absolute.search(text)}
        if absolute and not absolute & set(keys):
            yield f"absolute words stand only in distractors ({language})"
        if any(rules(language).all_of.search(text) for text in texts.values()):
            yield f"an option says all or none of the above ({language})"
