"""Texts with gaps, as Moodle writes their answers inside them: each gap becomes a question of its own. Pure.

https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type
"""

import html
import re
from collections.abc import Callable, Iterator

from quizzes.formats.base import LONGEST, Loss, Losses, Question, Refusal, Refused, Row, Texts
from quizzes.formats.marking import GAP, MOST_GAPS, Fields, Given, chosen, numeric, typed, weight
from quizzes.formats.texts import Reader, settled, title_of

MARK = re.compile(r"\{(\d*):([A-Z_]+)(?::((?:\\.|[^\\{}])*))?\}", re.S)
SHORT = {"SHORTANSWER", "SA", "MW"}
CASED = {"SHORTANSWER_C", "SAC", "MWC"}
NUMBER = {"NUMERICAL", "NM"}
ONE = {"MULTICHOICE", "MC"}
SEVERAL = {"MULTIRESPONSE", "MR"}
SHUFFLED = re.compile(r"_?V?H?S\Z")
LAYOUT = re.compile(r"_(?:V|H|S|VS|HS)\Z|(?<=\AMC)[VHS]{1,2}\Z|(?<=\AMR)[VHS]{1,2}\Z")
ANSWER = re.compile(r"(=)?(?:%(-?\d+(?:\.\d+)?)%)?(.*)", re.S)
OTHERS = "…"  # what stands for the gaps that a question does not ask


def parts_of(
    raw: str, markup: str, shared: Fields, reader: Reader, losses: Losses, line: int, title: str, language: str
) -> Iterator[Row]:
    """Yield a row for each gap of a text; its stem has that gap, and an ellipsis for the others."""
    if len(raw) > LONGEST:
        raise Refused(Refusal.TOO_LONG, raw)
    marks = list(MARK.finditer(raw))
    if not marks:
        raise Refused(Refusal.NO_GAPS)
    if len(marks) > MOST_GAPS:
        raise Refused(Refusal.MANY, str(MOST_GAPS))
    for index, mark in enumerate(marks, 1):
        lost_here = Losses(line)
        part = Reader(lost_here, reader.files)
        try:
            stem = part.text(_with_gap(raw, index), markup, is_stem=True)
            fields = dict(shared) | answered(mark[2], mark[3] or "", part.text, lost_here)
            if len(marks) > 1:
                lost_here.add(Loss.GAPS, f"{index}/{len(marks)}")
                fields["number"] = shared["number"] and f"{shared['number']}.{index}"
            question = settled(Question(stem=stem, pictures=part.pictures, **fields), language)
            yield Row(line, "cloze", title_of(next(iter(question.stem.values()))), question, _both(losses, lost_here))
        except Refused as refused:
            column = mark.start() - raw.rfind("\n", 0, mark.start())
            yield Row(line, "cloze", title, None, (refused.note._replace(line=line, column=column),))


def _both(shared: Losses, of_gap: Losses) -> tuple:
    return tuple(dict.fromkeys((*shared.notes(), *of_gap.notes())))


def _with_gap(raw: str, asked: int) -> str:
    number = 0

    def put(_mark: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return GAP if number == asked else OTHERS

    return MARK.sub(put, raw)


def answered(kind: str, text: str, read: Callable[[str], Texts], losses: Losses) -> Fields:
    """Return the fields that the answers of one gap make; `kind` is Moodle's word for it, `read` reads a text."""
    bare = LAYOUT.sub("", kind)
    answers = [_answer(part, read) for part in re.split(r"(?<!\\)~", text) if part.strip()]
    if bare in SHORT | CASED:
        if bare in CASED:
            losses.add(Loss.CASE)
        return typed(answers, losses)
    if bare in NUMBER:
        for answer in answers:
            words, _, tolerance = answer.plain.partition(":")
            answer.text, answer.tolerance = {"": words.strip()}, tolerance.strip() or "0"
        return numeric(answers, losses)
    if bare in ONE | SEVERAL:
        return chosen(answers, bare in ONE, bool(SHUFFLED.search(kind.removeprefix(bare))), losses)
    raise Refused(Refusal.UNKNOWN_TYPE, kind)


def _answer(part: str, read: Callable[[str], Texts]) -> Given:
    words, _, reason = re.sub(r"(?<!\\)#", "\0", part, count=1).partition("\0")
    is_right, share, text = _read(words.strip())
    value = weight("100" if is_right else share)
    return Given(read(_bare(text)), value, read(_bare(reason)))


def _read(words: str) -> tuple[bool, str, str]:
    read = ANSWER.match(words)
    return (bool(read[1]), read[2] or "0", read[3]) if read else (False, "0", words)


def _bare(text: str) -> str:
    """Return a text without the strokes that shield its signs."""
    return re.sub(r"\\([}#~/\"\\])", r"\1", html.unescape(text) if "&" in text and "<" not in text else text).strip()
