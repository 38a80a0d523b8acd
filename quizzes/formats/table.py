"""A table of questions (CSV), one a row. Pure.

Headings may stand in English or French, in any case, with or without accents, in any order; what is unknown is passed
over. A text has its language behind it where the table has several: `question (en)`, `question (fr)`.

====================  ============================  ==================================================================
column                en français                   holds
====================  ============================  ==================================================================
question              énoncé                        the stem
kind                  genre                         single, multiple, match, classify, order, number or short; may lack
option 1, 2, …        choix 1, 2, …                 options, entries in the right order, texts of pairs, usual mistakes
partner 1, 2, …       partenaire 1, 2, …            what belongs to the option: its partner, or its label
feedback 1, 2, …      retour 1, 2, …                the reason for the option
key                   clé, réponse                  letters of right options; the number; forms, | between
feedback              retour                        what is said of any other typed answer
explanation           explication                   why the key is right
tolerance, unit       tolérance, unité              of a number
shuffle               mélanger                      "no" where the order carries meaning
level, objective      niveau, objectif              as an item has them; claims, rests on, passage, tags: | between
id, name, category    identifiant, nom, catégorie   how another import knows it; names of a category with / between
====================  ============================  ==================================================================
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, count
from typing import Any

from accounts.folding import folded
from quizzes.formats.base import (
    Files,
    Loss,
    Losses,
    Piece,
    Question,
    Refusal,
    Refused,
    Row,
    Texts,
    Unreadable,
    Whole,
)
from quizzes.formats.marking import Fields, Given, Pair, chosen, decimal, matched, numeric, ordered, typed
from quizzes.formats.tags import ARTICLES, from_tags, path_of
from quizzes.formats.texts import Reader, name_of, settled, tidy, title_of
from quizzes.kinds.base import letter

HEADINGS = {
    "question": {"question", "enonce", "stem"},
    "kind": {"kind", "type", "genre"},
    "key": {"key", "cle", "answer", "reponse", "bonne reponse", "right answer", "correct"},
    "feedback": {"feedback", "retour"},
    "explanation": {"explanation", "explication"},
    "tolerance": {"tolerance"},
    "unit": {"unit", "unite"},
    "shuffle": {"shuffle", "melanger"},
    "level": {"level", "niveau"},
    "objective": {"objective", "objectif"},
    "claims": {"claims", "affirmations"},
    "rests on": {"rests on", "repose sur"},
    "passage": {"passage"},
    "tags": {"tags", "etiquettes", "mots cles"},
    "id": {"id", "identifiant", "idnumber"},
    "name": {"name", "nom"},
    "category": {"category", "categorie"},
    "option": {"option", "choix", "choice"},
    "partner": {"partner", "partenaire"},
}
KIND_WORDS = {
    "single": {"single", "qcu", "choix unique"},
    "multiple": {"multiple", "qcm", "choix multiple"},
    "match": {"match", "association", "appariement"},
    "classify": {"classify", "classement"},
    "order": {"order", "ordre"},
    "number": {"number", "nombre"},
    "short": {"short", "reponse courte"},
}
NO = {"no", "non", "false", "faux", "0"}
HEADING = re.compile(r"(.*?)\s*(\d{1,2})?\s*(?:\(([A-Za-z-]{2,8})\))?\s*\Z")
# An apostrophe that keeps a spreadsheet from running a cell: the rule by which files leave the site, backwards.
GUARD = re.compile(r"""(?:^'(?='*[\t\r]))|(?:^|(?<=[;,\t\r\n]))'(?=(?:["']|[^\S\t\r\n])*[=+@\-＝＋＠－﹦﹢﹫﹣])""")
BETWEEN = "|"
SEPARATOR = re.compile(r'\n*"?sep=([,;\t|])"?[,;\t ]*\n', re.I)  # what a spreadsheet is told in a line of its own
END = "\0"  # behind all rows: no text has it, and a cell that is still open there takes it in
Column = tuple[str, int]  # a name, and its number or 0


class Table:
    name = "csv"

    def reads(self, text: str) -> bool:
        return ("question", 0) in {column for column, _ in _headings(next(_lines(text), (0, []))[1])}

    def read(self, text: str, language: str, files: Files) -> Iterator[Row]:
        lines = _lines(text)
        line, first = next(lines, (1, []))
        head = _headings(first)
        if ("question", 0) not in {column for column, _ in head}:
            raise Unreadable(Whole.NO_COLUMN, ", ".join(cell for cell in first if cell.strip()), line)
        for line, cells in lines:
            if any(cell.strip() for cell in cells):
                yield _row(line, _Cells(head, cells, Reader(Losses(line), files)), language)

    def rows(self, questions: Iterable[Question], languages: Sequence[str]) -> Iterator[list[str]]:
        """Yield the heading and a row for each question, as text that no spreadsheet has been kept from running."""
        asked = list(questions)
        widest = max((len(question.pieces) + len(question.spares) for question in asked), default=0)
        columns = list(_columns(widest, languages))
        yield [_heading(column, code) for column, code in columns]
        for question in asked:
            cells = _cells(question)
            yield [_said(cells.get(column, {}), code or languages[0]) for column, code in columns]

    def loses(self, question: Question, languages: Sequence[str]) -> list[Loss]:
        lost = [Loss.PICTURE_AWAY] if question.pictures else []
        return lost + ([Loss.DOCUMENTS] if question.has_documents else [])


def _said(text: Texts, language: str) -> str:
    """Return a text in a language, or what is the same in all."""
    return text.get(language) or text.get("", "")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of its first line, cells) of each row; Unreadable where the quotation marks are wrong."""
    said = SEPARATOR.match(text)
    before, rest = (text[: said.end()].count("\n"), text[said.end() :]) if said else (0, text)
    head = rest.lstrip("\n").partition("\n")[0]
    delimiter = said[1] if said else max(",;\t", key=head.count)
    reader = csv.reader(chain(io.StringIO(rest, newline=""), [END]), delimiter=delimiter)
    line = before + 1
    try:
        for cells in reader:
            if cells == [END]:
                return
            if cells and cells[-1].endswith(END):
                raise Unreadable(Whole.QUOTE, "", line)
            if cells:
                yield line, cells
            line = before + reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(Whole.NOT_TABLE, str(error), line) from error


def _headings(cells: Sequence[str]) -> list[tuple[Column, str]]:
    """Return ((name, number), language) of each column; names are "" where they are unknown.

    Where several are called “option”, these and what stands behind each have its number.
    """
    columns = [_known(cell) for cell in cells]
    if [column for column, _ in columns].count(("option", 0)) < 2:
        return columns
    counts: dict[str, int] = {}
    before = ""
    for at, ((name, number), code) in enumerate(columns):
        if name == "option":
            counts[code] = number or counts.get(code, 0) + 1
        if name == "option" or name in ("partner", "feedback") and before in ("option", "partner", "feedback"):
            columns[at] = ((name, number or counts.get(code, 0)), code)
        before = name
    return columns


def _known(heading: str) -> tuple[Column, str]:
    words, number, code = (HEADING.match(heading.strip()[:60]) or re.match("()()()", "")).groups()  # type: ignore[union-attr]
    bare = folded(words).replace("-", " ")
    name = next((name for name, known in HEADINGS.items() if bare in known), "")
    return (name, int(number or 0)), (code or "").lower()


class _Cells:
    """The cells of one row by the names of their columns; `extra` is the first with words that has none."""

    def __init__(self, head: Sequence[tuple[Column, str]], cells: Sequence[str], reader: Reader) -> None:
        self.reader = reader
        self.extra = next((cell for cell in cells[len(head) :] if cell.strip()), "")
        self.by_column: dict[Column, Texts] = {}
        for (column, code), cell in zip(head, cells, strict=False):
            words = GUARD.sub("", cell).strip(" \t\n")
            if column[0] and words:
                self.by_column.setdefault(column, {}).setdefault(code, words)

    def text(self, name: str, number: int = 0) -> Texts:
        raw = self.by_column.get((name, number), {})
        return {code: text for code, words in raw.items() for text in self.reader.text(words, "plain").values()}

    def words(self, name: str, number: int = 0) -> str:
        return next(iter(self.by_column.get((name, number), {}).values()), "")

    def several(self, name: str) -> list[str]:
        return [words.strip(" \n") for words in self.words(name).split(BETWEEN) if words.strip()]

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of options and partners, in order."""
        return sorted({number for name, number in self.by_column if number and name in ("option", "partner")})


def _row(line: int, cells: _Cells, language: str) -> Row:
    title = title_of(cells.words("question"))
    losses = cells.reader.losses
    try:
        stem = cells.text("question")
        if not stem:
            raise Refused(Refusal.NO_STEM)
        if cells.extra:
            raise Refused(Refusal.CELLS, cells.extra)
        fields = _shared(cells) | _answers(cells, losses)
        question = settled(Question(stem=stem, **fields), language)
        return Row(line, question.kind, title, question, losses.notes())
    except Refused as refused:
        return Row(line, cells.words("kind")[:40], title, None, (refused.note._replace(line=line),))


def _shared(cells: _Cells) -> Fields:
    tags = [f"claim:{claim}" for claim in cells.several("claims")]
    tags += [f"rests-on:{claim}" for claim in cells.several("rests on")]
    tags += cells.several("tags")
    tags += [f"{name}:{words}" for name in ("level", "objective", "passage") if (words := cells.words(name))]
    return from_tags(tags) | {
        "number": " ".join(cells.words("id").split())[:100],
        "name": name_of(cells.words("name")),
        "category": path_of(cells.words("category")),
        "explanation": cells.text("explanation"),
    }


def _answers(cells: _Cells, losses: Losses) -> Fields:
    kind = _kind(cells)
    shuffle = folded(cells.words("shuffle")) not in NO
    if kind in ("single", "multiple"):
        return chosen(_options(cells), kind == "single", shuffle, losses)
    if kind in ("match", "classify"):
        pairs = [
            Pair(cells.text("option", number), cells.text("partner", number), cells.text("feedback", number))
            for number in cells.numbers
        ]
        return matched(pairs, shuffle, losses, kind == "classify")
    if kind == "order":
        return ordered([(cells.text("option", number), cells.text("feedback", number)) for number in cells.numbers])
    if kind == "number":
        return _number(cells, losses)
    forms = [
        Given({code: form}, Fraction(1))
        for code, words in cells.by_column.get(("key", 0), {}).items()
        for form in (tidy(part).replace("*", "\\*") for part in words.split(BETWEEN))
        if form
    ]
    return typed([*forms, Given({"": "*"}, Fraction(0), cells.text("feedback"))], losses)


def _kind(cells: _Cells) -> str:
    """Return the kind that the row names, else the one that its cells look like."""
    said = folded(cells.words("kind"))
    kind = next((kind for kind, words in KIND_WORDS.items() if said in words), "")
    if kind:
        return kind
    if said:
        raise Refused(Refusal.UNKNOWN_KIND, said)
    if any(name == "partner" for name, _ in cells.by_column):
        return "match"
    if cells.numbers:
        return "single" if len(_keys(cells)) == 1 else "multiple"
    try:
        decimal(cells.words("key"))
    except Refused:
        return "short"
    return "number"


def _keys(cells: _Cells) -> set[int]:
    """Return the numbers of the options that the key names by letter, by number or by their words."""
    numbers = cells.numbers
    by_words = {folded(cells.words("option", number)): number for number in numbers}
    words = cells.words("key")
    signs = re.split(r"[\s,;|/]+", words.strip())
    are_letters = all(re.fullmatch("[A-Za-z]", sign) for sign in signs)
    if not are_letters and folded(words) in by_words:
        return {by_words[folded(words)]}
    keys = set()
    for sign in signs:
        index = ord(sign.upper()) - ord("A") if are_letters else -1
        if 0 <= index < len(numbers):
            keys.add(numbers[index])
        elif sign.isascii() and sign.isdigit() and int(sign[:3]) in numbers:
            keys.add(int(sign[:3]))
        elif sign:
            raise Refused(Refusal.ANSWER_LINE, sign)
    return keys


def _options(cells: _Cells) -> list[Given]:
    keys = _keys(cells)
    return [
        Given(
            cells.text("option", number),
            Fraction(1 if number in keys else -1 if len(keys) > 1 else 0, max(1, len(keys))),
            cells.text("feedback", number),
        )
        for number in cells.numbers
    ]


def _number(cells: _Cells, losses: Losses) -> Fields:
    key = Given({"": cells.words("key")}, Fraction(1), tolerance=cells.words("tolerance") or "0")
    mistakes = [
        Given({"": cells.words("option", number)}, Fraction(0), cells.text("feedback", number))
        for number in cells.numbers
    ]
    other = Given({"": "*"}, Fraction(0), cells.text("feedback"))
    return numeric([key, *mistakes, other], losses) | {"unit": cells.text("unit")}


def _columns(widest: int, languages: Sequence[str]) -> Iterator[tuple[Column, str]]:
    """Yield the columns of a table, texts once for each language."""
    codes = list(languages) if len(languages) > 1 else [""]
    yield from [(("id", 0), ""), (("kind", 0), "")]
    yield from [(("question", 0), code) for code in codes]
    for number in range(1, widest + 1):
        for name in ("option", "partner", "feedback"):
            yield from [((name, number), code) for code in codes]
    yield from [(("key", 0), code) for code in codes]
    yield (("tolerance", 0), "")
    yield from [((name, 0), code) for name in ("unit", "feedback", "explanation") for code in codes]
    yield from [((name, 0), "") for name in ("shuffle", "level", "objective", "claims", "rests on", "passage", "tags")]
    yield from [(("name", 0), ""), (("category", 0), "")]


def _heading(column: Column, code: str) -> str:
    name, number = column
    return f"{name}{f' {number}' if number else ''}{f' ({code})' if code else ''}"


def _cells(question: Question) -> dict[Column, Texts]:
    """Return the cells of a question by their columns and languages."""
    cells: dict[Column, Texts] = {("question", 0): question.stem, ("explanation", 0): question.explanation}
    cells |= {("unit", 0): question.unit, ("feedback", 0): question.other}
    spares = (Piece({}, partner=spare) for spare in question.spares)
    for number, piece in zip(count(1), [*question.pieces, *spares], strict=False):
        cells[("option", number)] = piece.text
        cells[("partner", number)] = piece.partner
        cells[("feedback", number)] = piece.feedback
    keys = [letter(index) for index, piece in enumerate(question.pieces) if piece.weight]
    key = question.value or " ".join(keys)
    cells[("key", 0)] = dict.fromkeys(["", *question.languages], key)
    if question.accepted:
        cells[("key", 0)] = {
            code: f" {BETWEEN} ".join(tidy(form.replace(BETWEEN, " ")) for form in forms)
            for code, forms in question.accepted.items()
        }
    plain: dict[str, Any] = {
        "id": question.number,
        "kind": question.kind,
        "tolerance": question.tolerance if question.kind == "number" else "",
        "shuffle": "" if question.shuffle or question.kind in ("number", "short") else "no",
        "level": question.level,
        "objective": str(question.objective or ""),
        "claims": f" {BETWEEN} ".join(question.claims),
        "rests on": f" {BETWEEN} ".join(question.rests_on),
        "passage": question.passage,
        "tags": f" {BETWEEN} ".join([*question.tags, *([ARTICLES] if question.articles else [])]),
        "name": question.name,
        "category": "/".join(name.replace("/", "//") for name in question.category),
    }
    cells |= {(name, 0): {"": words} for name, words in plain.items()}
    return cells
