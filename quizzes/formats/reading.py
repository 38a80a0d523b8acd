"""A file of questions, whatever its format, as a report on each of them. Pure."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from accounts.decoding import Encoding, decoded
from quizzes.formats import FORMATS, Format
from quizzes.formats.base import Files, Note, Outcome, Refusal, Row, Unreadable, Whole
from quizzes.formats.texts import BROKEN
from quizzes.formats.xml import repaired
from quizzes.formats.zipped import is_zip, unpacked

MOST_BYTES = 32_000_000
MOST_QUESTIONS = 10_000
DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,80}?encoding=["']([A-Za-z0-9._-]{1,30})["'][^>]{0,40}\?>""")
NAMES = {  # of encodings that are guessed
    Encoding.WINDOWS: "Windows-1252",
    Encoding.MAC: "Mac Roman",
    Encoding.DOS: "DOS 850",
    Encoding.ARABIC: "Windows-1256",
}
BREAKS = str.maketrans(dict.fromkeys("\x0b\x0c\u2028\u2029", " "))  # of a line that goes on, as word processors have it


@dataclass(frozen=True)
class Opened:
    """A file whose format is known: a row for each question in turn, and what was put right in all of it."""

    format: str
    rows: Iterator[Row]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Report:
    """What became of a file: its format, a row for each question, and what was put right in all of it."""

    format: str
    rows: list[Row]
    notes: tuple[Note, ...]

    def of(self, outcome: Outcome) -> list[Row]:
        return [row for row in self.rows if row.outcome == outcome]


def report(data: bytes, name: str, language: str) -> Report:
    """Return the report on a whole file, with every question; see `opened`."""
    file = opened(data, name, language)
    return Report(file.format, list(file.rows), file.notes)


def opened(data: bytes, name: str, language: str) -> Opened:
    """Return a file to be read; `language` is that of texts that do not say theirs. Unreadable for a reason.

    So are its rows, one by one: only at the end of a file is it known to be whole. A question that stands twice is
    taken once. Holds the text of the file and one question.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(Whole.TOO_LARGE, str(MOST_BYTES // 1_000_000))
    files: Files = {}
    if is_zip(data):
        name, data, files = unpacked(data)
    text, notes = _text(data)
    if not text.strip():
        raise Unreadable(Whole.EMPTY)
    chosen = _format(text, name.lower())
    if chosen.name == "moodle":
        text, count = repaired(text)
        notes += (Note(Whole.ENTITIES, str(count)),) * bool(count)
    return Opened(chosen.name, _counted(_once(chosen.read(text, language, files))), notes)


def _counted(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows, at least one and not too many."""
    count = 0
    for count, row in enumerate(rows, 1):
        if count > MOST_QUESTIONS:
            raise Unreadable(Whole.TOO_MANY, str(MOST_QUESTIONS))
        yield row
    if not count:
        raise Unreadable(Whole.EMPTY)


def _text(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """Return a file as text without control signs, and what is to be said of its encoding. Unreadable of no text."""
    read = decoded(data)
    if read is None:
        raise Unreadable(Whole.UNKNOWN)
    text, notes = read.text, (Note(Whole.STRAY, str(read.stray)),) * bool(read.stray)
    if read.encoding in NAMES:
        declared = _as_declared(data)
        text = declared or text
        notes = () if declared else (Note(Whole.ENCODING, NAMES[read.encoding]),)
    plain = text.lstrip("\ufeff").translate(BREAKS).replace("\r\n", "\n").replace("\r", "\n")
    return BROKEN.sub("", plain), notes


def _as_declared(data: bytes) -> str:
    """Return XML as its first line says that it is encoded; "" where it says nothing, or wrongly."""
    declared = DECLARED.match(data[:300])
    if declared is None:
        return ""
    try:
        name = codecs.lookup(declared[1].decode()).name
        # Where Latin-1 is declared, programs for Windows write their own signs as well.
        return data.decode("cp1252" if name == "iso8859-1" else name)
    except (UnicodeError, LookupError):
        return ""


def _format(text: str, name: str) -> Format:
    """Return the format that a text is in; the ending of its name decides where several would read it."""
    endings = {"moodle": ".xml", "csv": ".csv"}
    by_name = [chosen for chosen in FORMATS.values() if name.endswith(endings.get(chosen.name, "\0"))]
    for chosen in [*by_name, *FORMATS.values()]:
        if chosen.reads(text):
            return chosen
    if by_name:
        return by_name[0]
    raise Unreadable(Whole.UNKNOWN)


def _once(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows; a question that stood before is refused with the line of the first."""
    lines: dict[str, int] = {}
    for row in rows:
        identity = row.question.identity if row.question else ""
        if identity and identity in lines:
            note = Note(Refusal.TWICE, str(lines[identity]), row.line)
            yield replace(row, question=None, notes=(note,))
            continue
        if identity:
            lines[identity] = row.line
        yield row
