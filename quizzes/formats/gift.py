"""GIFT: questions as text, parted by blank lines. Pure.

https://docs.moodle.org/en/GIFT_format; orders as Moodle's ordering questions write theirs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

from quizzes.formats import cloze, gift_written
from quizzes.formats.base import Files, Loss, Losses, Note, Question, Refusal, Refused, Row, Texts
from quizzes.formats.marking import (
    GAP,
    MOST_GAPS,
    Fields,
    Given,
    Pair,
    chosen,
    decimal,
    matched,
    numeric,
    ordered,
    true_or_false,
    typed,
    weight,
)
from quizzes.formats.tags import CLASSIFY, ORDER_AS_OURS, from_tags, path_of
from quizzes.formats.texts import Reader, settled, title_of

SHIELDED = {":": "\ue001", "#": "\ue002", "=": "\ue003", "{": "\ue004", "}": "\ue005", "~": "\ue006", "n": "\ue007"}
SHIELDED |= {"\\": "\ue008", "[": "\ue009", "]": "\ue00a"}  # signs for private use, which a file is cleared of
MEANT = {ord(sign): "\n" if letter == "n" else letter for letter, sign in SHIELDED.items()}
PRIVATE = re.compile("[\ue001-\ue00a]")
ESCAPE = re.compile(r"\\([:#={}~n\\])")
COMMENTED = re.compile(r"\[(id|tag):((?:\\\]|[^]])*)\]")
MARKUP = re.compile(r"[ \t\n]*\[(html|markdown|plain|moodle)\]")
WEIGHT = re.compile(r"%(-?\d{1,3}(?:[.,]\d*)?)%")
BLOCK = re.compile(r"\{([^{}]*)\}")
LINE_ENDS = re.compile(r"[ \t]*(?:\n|\Z)")
EMBEDDED = re.compile(r"\d*:([A-Z_]+):")  # answers written as Moodle's texts with gaps write theirs
TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
ORDER = re.compile(
    r">\s*(?P<count>ALL|\d+)?\s*(?P<select>ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)?"
    r"\s*(?P<layout>HORIZONTAL|HORI|H|VERTICAL|VERT|V)?\s*(?P<grading>[A-Z]+(?:_[A-Z]+)*)?"
    r"\s*(?:SHOW|HIDE|TRUE|FALSE|YES|NO|[01])?\s*(?:none|123|abc|ABCD|iii|IIII)?[ \t]*\n"
)
CATEGORY = "$CATEGORY:"
MOST = 100_000  # characters of a question with its answers
SPACE = " \t\n"  # not the narrow and hard ones of French typography


@dataclass
class _Chunk:
    """The lines of one question, and its comments, each with the number of the line before which it stands."""

    line: int
    lines: list[str]
    comments: list[tuple[int, str]]
    is_run_on: bool = False  # no blank line parts it from another


class Gift:
    name = "gift"
    suffix = ".gift.txt"
    content_type = "text/plain; charset=utf-8"

    def reads(self, text: str) -> bool:
        return bool(re.search(r"(?<!\\)(?:\\\\)*\{", text) or re.search(r"^::|^\$CATEGORY:", text, re.M))

    def read(self, text: str, language: str, files: Files) -> Iterator[Row]:
        category: tuple[str, ...] = ()
        for chunk in _chunks(PRIVATE.sub("", text)):
            words = "\n".join(chunk.lines).strip(SPACE)
            if words.startswith(CATEGORY):
                named, _, words = words.removeprefix(CATEGORY).partition("\n")
                category = path_of(named)
            if words.strip():
                yield from _rows(words, chunk, category, language, files)

    def write(self, questions: Iterable[Question], languages: Sequence[str]) -> Iterator[str]:
        return gift_written.write(questions, languages)

    def loses(self, question: Question, languages: Sequence[str]) -> list[Loss]:
        return gift_written.loses(question, languages)


def _chunks(text: str) -> Iterator[_Chunk]:
    """Part a file at its blank lines; comments stand on lines of their own."""
    chunk = _Chunk(0, [], [])
    for number, line in enumerate([*text.split("\n"), ""], 1):
        bare = line.strip()
        if not bare:
            yield from _parted(chunk)
            chunk = _Chunk(0, [], [])
        elif bare.startswith("//"):
            chunk.comments.append((len(chunk.lines), bare))
            if chunk.lines:
                chunk.lines.append("")
        else:
            chunk.line = chunk.line or number
            chunk.lines.append(line)


def _parted(chunk: _Chunk) -> Iterator[_Chunk]:
    """Yield the questions of a chunk: one, or several where the answers of each end a line and nothing follows."""
    text = ESCAPE.sub(lambda sign: SHIELDED[sign[1]], "\n".join(chunk.lines))
    ends = [block.end() for block in BLOCK.finditer(text)]
    if len(ends) < 2 or text[ends[-1] :].strip() or not all(LINE_ENDS.match(text, end) for end in ends):
        if chunk.lines:
            yield chunk
        return
    start = 0
    for end in accumulate(text.count("\n", *part) for part in pairwise([0, *ends])):
        first = next(at for at in range(start, end + 1) if chunk.lines[at])  # a comment has left an empty one
        comments = [(at, words) for at, words in chunk.comments if start <= at <= end]
        yield _Chunk(chunk.line + first, chunk.lines[first : end + 1], comments, is_run_on=True)
        start = end + 1


def _rows(words: str, chunk: _Chunk, category: tuple[str, ...], language: str, files: Files) -> Iterator[Row]:
    """Yield the report on one question; one for each gap, where several are to be filled."""
    text = ESCAPE.sub(lambda sign: SHIELDED[sign[1]], words[:MOST])
    name = ""
    if text.startswith("::") and (end := text.find("::", 2)) > 0:
        name, text = _plain(text[2:end]), text[end + 2 :].strip(SPACE)
    blocks = list(BLOCK.finditer(text))
    if len(words) > MOST or len(blocks) > MOST_GAPS:
        note = Note(Refusal.TOO_LONG, title_of(text)) if len(words) > MOST else Note(Refusal.MANY, str(MOST_GAPS))
        yield Row(chunk.line, "", title_of(text), None, (note._replace(line=chunk.line, column=1),))
        return
    title = title_of(_plain(MARKUP.sub("", _stem(text, blocks, 0), count=1)))
    for index, block in enumerate(blocks or [None]):
        losses = Losses(chunk.line)
        if chunk.is_run_on:
            losses.add(Loss.RUN_ON)
        try:
            _check_braces(text, block)
            assert block is not None  # noqa: S101
            fields = _question(text, blocks, index, Reader(losses, files), language, chunk) | {
                "name": name,
                "category": category,
            }
            if len(blocks) > 1:
                losses.add(Loss.GAPS, f"{index + 1}/{len(blocks)}")
                fields["number"] = fields["number"] and f"{fields['number']}.{index + 1}"
            question = settled(Question(**fields), language)
            yield Row(chunk.line, question.kind, title, question, losses.notes())
        except Refused as refused:
            line, column = _place(chunk, index)
            yield Row(chunk.line, "", title, None, (refused.note._replace(line=line, column=column),))


def _place(chunk: _Chunk, index: int) -> tuple[int, int]:
    """Return line and column, from 1, of the answers of that index, or of the question's beginning."""
    text = "\n".join(chunk.lines)
    starts = [brace.end() - 1 for brace in re.finditer(r"(?<!\\)(?:\\\\)*\{", text)]
    start = starts[index] if index < len(starts) else 0
    return chunk.line + text.count("\n", 0, start), start - text.rfind("\n", 0, start)


def _check_braces(text: str, block: re.Match[str] | None) -> None:
    if block is None:
        raise Refused(Refusal.BRACES if re.search("[{}]", text) else Refusal.NO_QUESTION)
    if re.search("[{}]", BLOCK.sub("", text)):
        raise Refused(Refusal.BRACES)


def _question(
    text: str, blocks: list[re.Match[str]], index: int, plain: Reader, language: str, chunk: _Chunk
) -> Fields:
    """Return the fields of the question that one of the blocks of a text asks."""
    block = blocks[index]
    answers, has_general, general = block[1].rpartition("####")
    answers = (answers if has_general else block[1]).strip(SPACE)
    reader = _Texts(plain)
    stem = reader.first(_stem(text, blocks, index))
    if not stem:
        raise Refused(Refusal.NO_STEM)
    said = [pair for _at, comment in chunk.comments for pair in COMMENTED.findall(comment)]
    tags = [words.replace("\\]", "]") for key, words in said if key == "tag"]
    number = next((words.replace("\\]", "]") for key, words in said if key == "id"), "")
    languages = [code for code in stem if code] or [language]
    shared = {"stem": stem, "number": " ".join(number.split())[:100], **from_tags(tags)}
    shared["explanation"] = reader.text(general) if has_general else {}
    return shared | _answered(answers, reader, plain.losses, languages, CLASSIFY in tags) | {"pictures": plain.pictures}


def _stem(text: str, blocks: list[re.Match[str]], index: int) -> str:
    """Return the text with a gap where its answers stand inside it, and an ellipsis for the gaps of others."""
    stem, at = "", 0
    for number, block in enumerate(blocks):
        is_last = not text[block.end() :].strip(SPACE)
        gap = "" if is_last and len(blocks) == 1 else GAP if number == index else "…"
        stem, at = f"{stem}{text[at : block.start()]}{gap}", block.end()
    return stem + text[at:]


class _Texts:
    """Texts of one question, whose first may name the markup of all."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.markup = reader, "moodle"

    def first(self, text: str) -> Texts:
        if mark := MARKUP.match(text):
            self.markup = mark[1]
        return self.text(text, is_stem=True)

    def text(self, text: str, is_stem: bool = False) -> Texts:
        mark = MARKUP.match(text)
        words, markup = (text[mark.end() :], mark[1]) if mark else (text, self.markup)
        return self.reader.text(_plain(words), markup, is_stem)


def _plain(text: str) -> str:
    return text.strip(SPACE).translate(MEANT)


def _answered(answers: str, reader: _Texts, losses: Losses, languages: Sequence[str], is_classify: bool) -> Fields:
    """Return the fields that the answers of a question make, whatever its kind."""
    if not answers:
        raise Refused(Refusal.ESSAY)
    if embedded := EMBEDDED.match(answers):
        return cloze.answered(embedded[1], answers[embedded.end() :], reader.text, losses)
    if answers.startswith(">"):
        return _order(answers, reader, losses)
    if answers.startswith("#"):
        return _number(answers[1:], reader, losses)
    if "~" in answers:
        parts = re.split(r"~|(?==)", answers)
        options = [_given(part, reader, "0") for part in parts if part.strip(SPACE)]
        return chosen(options, "=" in answers, True, losses)
    if "=" in answers and "->" in answers:
        return matched([_pair(part, reader) for part in _parts(answers)], True, losses, is_classify)
    said, *reasons = (part.strip(SPACE) for part in answers.split("#", 2))
    if (is_true := TRUTHS.get(said.upper())) is not None:
        wrong, right = (reader.text(reason) for reason in [*reasons, "", ""][:2])
        return true_or_false(is_true, (right, wrong) if is_true else (wrong, right), languages)
    forms = [_form(part, reader) for part in _parts(answers)]
    return typed(forms, losses)


def _parts(answers: str) -> list[str]:
    return [part for part in answers.split("=") if part.strip(SPACE)]


def _given(part: str, reader: _Texts, usual: str) -> Given:
    """Return one answer: its weight, in per cent before it, is `usual` where there is none, and all behind "="."""
    text, _, reason = part.strip(SPACE).partition("#")
    share = usual
    if text.startswith("="):
        text, share = text[1:].lstrip(SPACE), "100"
    if mark := WEIGHT.match(text):
        text, share = text[mark.end() :], mark[1]
    return Given(reader.text(text), weight(share), reader.text(reason))


def _form(part: str, reader: _Texts) -> Given:
    """Return a form of a short answer, which is plain whatever the markup of the question."""
    answer = _given(part, reader, "100")
    text = WEIGHT.sub("", part.strip(SPACE).partition("#")[0], count=1)
    answer.text = {"": _plain(text)} if answer.text else {}
    return answer


def _pair(part: str, reader: _Texts) -> Pair:
    text, arrow, partner = part.strip(SPACE).partition("->")
    if not arrow:
        raise Refused(Refusal.NO_ARROW, _plain(part))
    partner, _, reason = partner.partition("#")
    return Pair(reader.text(text), reader.text(partner), reader.text(reason))


def _number(answers: str, reader: _Texts, losses: Losses) -> Fields:
    answers, _, wrong = answers.partition("~")
    numbers = [_amount(part, reader) for part in _parts(answers)]
    if wrong:
        numbers.append(Given({"": "*"}, Fraction(0), reader.text(wrong.partition("#")[2])))
    return numeric(numbers, losses)


def _amount(part: str, reader: _Texts) -> Given:
    """Return a number as value:tolerance or as least..most."""
    answer = _given(part, reader, "100")
    text = answer.plain
    if "..." in text:  # the first of its points may be of the last number, or one too many
        raise Refused(Refusal.NOT_A_NUMBER, text)
    if ".." in text:
        least, most = (Decimal(decimal(end)) for end in text.split("..", 1))
        answer.text, answer.tolerance = {"": str((least + most) / 2)}, str((most - least) / 2)
    else:
        value, _, tolerance = text.partition(":")
        answer.text, answer.tolerance = {"": value.strip(SPACE)}, tolerance.strip(SPACE) or "0"
    return answer


def _order(answers: str, reader: _Texts, losses: Losses) -> Fields:
    head = ORDER.match(answers)
    grading = ((head and head["grading"]) or "").upper()
    if grading != ORDER_AS_OURS:
        losses.add(Loss.GRADING, grading.replace("_", " ").lower())
    if head and (head["select"] or "ALL").upper() not in ("ALL", "EXACT"):
        losses.add(Loss.SOME_SHOWN)
    lines = answers[head.end() :] if head else answers[1:]
    return ordered([(reader.text(line), {}) for line in lines.split("\n")])
