"""A file of questions, whatever its format, as a report on each of them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quizzes.formats import FORMATS, Format
from quizzes.formats.base import Files, Note, Outcome, Refusal, Row, Unreadable, Whole
from quizzes.formats.texts import BROKEN
from quizzes.formats.xml import repaired
from quizzes.formats.zipped import is_zip, unpacked

MOST_BYTES = 32_000_000
MOST_QUESTIONS = 10_000
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,80}?encoding=["']([A-Za-z0-9._-]{1,30})["'][^>]{0,40}\?>""")


@dataclass(frozen=True)
class Report:
    """What became of a file: its format, a row for each question, and what was put right in all of it."""

    format: str
    rows: list[Row]
    notes: tuple[Note, ...]

    def of(self, outcome: Outcome) -> list[Row]:
        return [row for row in self.rows if row.outcome == outcome]


def report(data: bytes, name: str, language: str) -> Report:
    """Return the report on a file; `language` is that of texts that do not say theirs. Unreadable for a reason.

    A question that stands twice is taken once. Holds the bytes of the file, its text and every question.
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
    rows = []
    for row in _once(chosen.read(text, language, files)):
        rows.append(row)
        if len(rows) > MOST_QUESTIONS:
            raise Unreadable(Whole.TOO_MANY, str(MOST_QUESTIONS))
    if not rows:
        raise Unreadable(Whole.EMPTY)
    return Report(chosen.name, rows, notes)


def _text(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """Return a file as text without control signs: UTF-8, as it declares, or as old machines for Windows wrote."""
    codec = next((codec for mark, codec in BOMS.items() if data.startswith(mark)), "utf-8")
    notes: tuple[Note, ...] = ()
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        declared = DECLARED.match(data[:300])
        try:
            text = data.decode(declared[1].decode() if declared else "cp1252", "strict")
        except (UnicodeDecodeError, LookupError):
            text = data.decode("cp1252", "replace")
        notes = () if declared else (Note(Whole.WINDOWS),)
    plain = BROKEN.sub("", text).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return plain, notes


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
