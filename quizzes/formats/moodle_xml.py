"""Moodle's XML, read. Pure.

https://docs.moodle.org/en/Moodle_XML_format; what our own files say beyond it stands in attributes and elements that
Moodle passes over: `lang` on an answer or a unit, `feedback` in a pair.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from quizzes.formats import moodle_written
from quizzes.formats.base import Files, Loss, Losses, Question, Refusal, Refused, Row, Texts
from quizzes.formats.cloze import parts_of
from quizzes.formats.marking import Fields, Given, Pair, chosen, matched, numeric, ordered, true_or_false, typed, weight
from quizzes.formats.tags import CLASSIFY, ORDER_AS_OURS, from_tags, path_of
from quizzes.formats.texts import Reader, file_name, name_of, settled, tidy, title_of, unpacked
from quizzes.formats.xml import Node, elements

MARKUPS = {"html": "html", "markdown": "markdown", "plain_text": "plain", "moodle_auto_format": "moodle"}
LONGEST_TYPE = 40
COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
USUAL = {  # what Moodle writes where nobody wrote anything
    "Your answer is correct.",
    "Your answer is partially correct.",
    "Your answer is incorrect.",
    "Votre réponse est correcte.",
    "Votre réponse est partiellement correcte.",
    "Votre réponse est incorrecte.",
}
USUAL_PENALTIES = ("", "0", "0.1", "0.3333333", "1")


class MoodleXml:
    name = "moodle"
    suffix = ".xml"
    content_type = "application/xml; charset=utf-8"

    def reads(self, text: str) -> bool:
        return text.lstrip()[:1] == "<"

    def read(self, text: str, language: str, files: Files) -> Iterator[Row]:
        category: tuple[str, ...] = ()
        for node in elements(text, "quiz", "question"):
            if node.attributes.get("type") == "category":
                category = path_of(node.said("category", "text"))
            else:
                yield from _rows(node, category, language, files)

    def write(self, questions: Iterable[Question], languages: Sequence[str]) -> Iterator[str]:
        return moodle_written.write(questions, languages)

    def loses(self, question: Question, languages: Sequence[str]) -> list[Loss]:
        return moodle_written.loses(question)


def _rows(node: Node, category: tuple[str, ...], language: str, files: Files) -> Iterator[Row]:
    """Yield the report on a question; one for each gap of a text with several."""
    kind = node.attributes.get("type", "")[:LONGEST_TYPE]
    title = title_of(node.said("questiontext", "text") or node.said("name", "text"))
    losses = Losses(node.line)
    reader = _reader(node, losses, files)
    try:
        shared = _shared(node, reader, losses) | {"category": category}
        if kind in ("cloze", "multianswer"):
            raw, markup = _raw(node.first("questiontext"))
            yield from parts_of(raw, markup, shared, reader, losses, node.line, title, language)
            return
        if kind not in ANSWERS:
            raise Refused(Refusal.ESSAY if kind == "essay" else _unasked(kind), kind)
        stem = _text(node.first("questiontext"), reader, is_stem=True)
        if not stem and not reader.pictures:
            raise Refused(Refusal.NO_STEM)
        fields = ANSWERS[kind](node, reader, losses, [code for code in stem if code] or [language])
        question = Question(stem=stem, pictures=reader.pictures, **shared | fields)
        yield Row(node.line, kind, title, settled(question, language), losses.notes())
    except Refused as refused:
        yield Row(node.line, kind, title, None, (refused.note._replace(line=node.line, column=node.column),))


def _unasked(kind: str) -> Refusal:
    return Refusal.NO_QUESTION if kind == "description" else Refusal.UNKNOWN_TYPE


def _shared(node: Node, reader: Reader, losses: Losses) -> Fields:
    """Return what questions of all types have, and note what none of ours has."""
    for name in COMBINED:
        words = reader.words(node.said(name, "text"))
        if words and words not in USUAL:
            losses.add(Loss.COMBINED)
    if any(reader.words(hint.said("text")) for hint in node.all("hint")):
        losses.add(Loss.HINTS)
    penalty = node.said("penalty").rstrip("0").rstrip(".")
    if penalty not in USUAL_PENALTIES:
        losses.add(Loss.PENALTY, penalty)
    if (worth := node.said("defaultgrade").rstrip("0").rstrip(".")) not in ("", "1"):
        losses.add(Loss.GRADING, worth)
    return {
        "name": name_of(node.said("name", "text")),
        "number": " ".join(node.said("idnumber").split())[:100],
        "explanation": _text(node.first("generalfeedback"), reader),
        **from_tags(tag.said("text") for tag in node.first("tags").all("tag")),
    }


def _reader(node: Node, losses: Losses, beside: Files) -> Reader:
    """Return a reader that knows the files of the question, in whatever text they stand."""
    files = dict(beside)
    for child in _with_files(node):
        files |= _files(child)
    if name := node.said("image"):  # as Moodle wrote it before 2.0
        files[file_name(name)] = unpacked(node.said("image_base64"))
    reader = Reader(losses, files)
    if name:
        reader.text(f'<img src="{name}">', is_stem=True)
    return reader


def _with_files(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.children:
            yield child
            yield from _with_files(child)


def _files(node: Node) -> Files:
    """Return the files that stand in an element itself."""
    return {
        file_name(file.attributes.get("path", "/") + file.attributes.get("name", "")): unpacked(file.text)
        for file in node.all("file")
    }


def _raw(node: Node) -> tuple[str, str]:
    return node.first("text").text or node.text, MARKUPS.get(node.attributes.get("format", ""), "html")


def _text(node: Node, reader: Reader, is_stem: bool = False) -> Texts:
    """Return a text; what it shows is among its own files first: pasted pictures all have the same name."""
    if files := _files(node):
        reader.files = {**reader.files, **files}
    return reader.text(*_raw(node), is_stem=is_stem)


def _flag(node: Node, name: str, default: bool = False) -> bool:
    said = node.said(name).lower()
    return said in ("1", "true") if said else default


def _answers(node: Node, reader: Reader) -> list[Given]:
    return [
        Given(
            _text(answer, reader),
            weight(answer.attributes.get("fraction", "0")),
            _text(answer.first("feedback"), reader),
            answer.said("tolerance") or "0",
        )
        for answer in node.all("answer")
    ]


def _options(node: Node, reader: Reader, losses: Losses, _languages: Sequence[str]) -> Fields:
    shuffle = _flag(node, "shuffleanswers", default=True)
    return chosen(_answers(node, reader), _flag(node, "single", default=True), shuffle, losses)


def _statement(node: Node, reader: Reader, _losses: Losses, languages: Sequence[str]) -> Fields:
    reasons: dict[str, Texts] = {"true": {}, "false": {}}
    key = ""
    for answer in node.all("answer"):
        said = answer.said("text").lower()
        if said in reasons:
            reasons[said] = _text(answer.first("feedback"), reader)
            key = said if weight(answer.attributes.get("fraction", "0")) > 0 else key
    if not key:
        raise Refused(Refusal.NO_KEY)
    return true_or_false(key == "true", (reasons["true"], reasons["false"]), languages)


def _short(node: Node, reader: Reader, losses: Losses, _languages: Sequence[str]) -> Fields:
    if _flag(node, "usecase"):
        losses.add(Loss.CASE)
    answers = _answers(node, reader)
    for answer, element in zip(answers, node.all("answer"), strict=True):
        answer.text = {element.attributes.get("lang", ""): " ".join(element.first("text").text.split(" ")).strip(" \n")}
    return typed(answers, losses)


def _number(node: Node, reader: Reader, losses: Losses, _languages: Sequence[str]) -> Fields:
    unit: Texts = {}
    for element in node.first("units").all("unit"):
        language, name = element.attributes.get("lang", ""), tidy(element.said("unit_name")).replace("\n", " ")
        if weight(element.said("multiplier") or "1") * 100 != 1 or language in unit or (unit and not language):
            losses.add(Loss.UNITS, name)
        elif name:
            unit[language] = name
    return numeric(_answers(node, reader), losses) | {"unit": unit}


def _pairs(node: Node, reader: Reader, losses: Losses, _languages: Sequence[str]) -> Fields:
    pairs = [
        Pair(_text(row, reader), _text(row.first("answer"), reader), _text(row.first("feedback"), reader))
        for row in node.all("subquestion")
    ]
    is_classify = any(tag.said("text") == CLASSIFY for tag in node.first("tags").all("tag"))
    return matched(pairs, _flag(node, "shuffleanswers", default=True), losses, is_classify)


def _order(node: Node, reader: Reader, losses: Losses, _languages: Sequence[str]) -> Fields:
    if (grading := node.said("gradingtype").upper()) != ORDER_AS_OURS:
        losses.add(Loss.GRADING, grading.replace("_", " ").lower())
    if node.said("selecttype").upper() not in ("", "ALL", "EXACT"):
        losses.add(Loss.SOME_SHOWN)
    return ordered([(_text(row, reader), _text(row.first("feedback"), reader)) for row in node.all("answer")])


ANSWERS: dict[str, Callable[[Node, Reader, Losses, Sequence[str]], Fields]] = {
    "multichoice": _options,
    "truefalse": _statement,
    "shortanswer": _short,
    "numerical": _number,
    "matching": _pairs,
    "ordering": _order,
}
