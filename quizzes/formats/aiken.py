"""Aiken: one right option among lettered ones. Read only, since it holds neither feedback nor another kind. Pure.

https://docs.moodle.org/en/Aiken_format
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from quizzes.formats.base import Files, Losses, Question, Refusal, Refused, Row
from quizzes.formats.marking import Given, chosen
from quizzes.formats.texts import Reader, settled, title_of

OPTION = re.compile(r"\s*(?:\(?([A-Za-z])\)|([A-Z])\.)\s*(\S.*)?\Z")
ANSWER = re.compile(r"\s*(?:ANSWER|R[ÉE]PONSE)\s*[:：]\s*\(?(.*?)[.)]?\s*\Z", re.I)
KEYED = re.compile(r"^[ \t]*\(?[A-Z][.)].*\n\s*(?:ANSWER|R[ÉE]PONSE)\s*[:：]", re.M | re.I)
Lines = list[tuple[int, str]]


class Aiken:
    name = "aiken"

    def reads(self, text: str) -> bool:
        return bool(KEYED.search(text))

    def read(self, text: str, language: str, files: Files) -> Iterator[Row]:
        stem: Lines = []
        options: Lines = []
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            if answer := ANSWER.match(line):
                yield _row(stem, options, answer[1].strip(), number, language)
                stem, options = [], []
            elif (option := OPTION.match(line)) and (stem or options or _letter(option) == "A"):
                options.append((number, line))  # what begins with initials, as in “U.S. states”, asks a question
            else:
                if options:  # another question begins, and this one had no answer
                    yield _refused(stem, Refused(Refusal.NO_ANSWER_LINE), number)
                    stem, options = [], []
                stem.append((number, line))
        if stem:
            yield _refused(stem, Refused(Refusal.NO_ANSWER_LINE), stem[0][0])


def _letter(option: re.Match[str]) -> str:
    return (option[1] or option[2]).upper()


def _row(stem: Lines, options: Lines, key: str, line: int, language: str) -> Row:
    """Return the report on a question that ends at `line`."""
    losses = Losses(stem[0][0] if stem else line)
    reader = Reader(losses, {})
    try:
        if not stem:
            raise Refused(Refusal.NO_STEM)
        texts = [(_letter(mark), mark[3] or "") for _, words in options if (mark := OPTION.match(words))]
        letters = [letter for letter, _ in texts]
        if len(texts) >= 2 and key.upper() not in letters:
            raise Refused(Refusal.ANSWER_LINE, key)
        if twice := next((letter for letter in letters if letters.count(letter) > 1), ""):
            raise Refused(Refusal.SAME, f"{twice})")
        answers = [Given(reader.text(text, "plain"), Fraction(letter == key.upper())) for letter, text in texts]
        fields = chosen(answers, is_single=True, shuffle=True, losses=losses)
        question = Question(stem=reader.text(" ".join(words for _, words in stem), "plain"), **fields)
        return Row(losses.line, "single", title_of(stem[0][1]), settled(question, language), losses.notes())
    except Refused as refused:
        return _refused(stem or options, refused, line)


def _refused(stem: Lines, refused: Refused, line: int) -> Row:
    begins, words = stem[0] if stem else (line, "")
    return Row(begins, "", title_of(words), None, (refused.note._replace(line=line, column=1),))
