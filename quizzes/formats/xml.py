"""XML read piece by piece: no document type, no entities but the five, so many levels. Imports neither the ORM nor a
request."""

import re
from collections.abc import Iterator
from html import escape
from html.entities import html5
from xml.parsers import expat

from quizzes.formats.base import Unreadable, Whole

DEEPEST = 40
TEXT = "text"  # an element whose children are marks of its words, where somebody wrote them by hand
DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,200}\?>")
PART = 65_536  # characters that are parsed at a time
LOOSE = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)(\w{1,30};)?",
    re.S,
)


class Node:
    """An element: its name, attributes, words (without those of its children) and children."""

    __slots__ = ("attributes", "children", "column", "line", "name", "words")

    def __init__(self, name: str, attributes: dict[str, str], line: int, column: int) -> None:
        self.name, self.attributes, self.line, self.column = name, attributes, line, column
        self.words: list[str] = []
        self.children: list[Node] = []

    @property
    def text(self) -> str:
        return "".join(self.words)

    def all(self, name: str) -> "list[Node]":
        return [child for child in self.children if child.name == name]

    def first(self, *names: str) -> "Node":
        """Return the element that the path of names leads to; an empty one where there is none."""
        node = self
        for name in names:
            node = next((child for child in node.children if child.name == name), Node(name, {}, self.line, 0))
        return node

    def said(self, *names: str) -> str:
        return self.first(*names).text.strip()


def repaired(text: str) -> tuple[str, int]:
    """Return the text with the names of HTML made characters, loose ampersands escaped, and how many there were."""
    count = 0

    def put_right(sign: re.Match[str]) -> str:
        nonlocal count
        if sign[0][0] != "&":
            return sign[0]
        count += 1
        meant = html5.get(sign[1] or "")
        return meant.replace("&", "&amp;").replace("<", "&lt;").replace("\n", " ") if meant else f"&amp;{sign[1] or ''}"

    return LOOSE.sub(put_right, text), count


def elements(text: str, root: str, name: str) -> Iterator[Node]:
    """Yield each child of that name of the root in turn, one held at a time; Unreadable where the text is no such XML.

    What came before the fault has been yielded.
    """
    reader = _Elements(root, name)
    if declared := DECLARATION.match(text):  # by now it says nothing, and blank lines before it would be a fault
        text = re.sub("[^\n]", " ", declared[0]) + text[declared.end() :]
    try:
        for start in range(0, len(text), PART):
            reader.parser.Parse(text[start : start + PART].encode(), False)
            yield from reader.take()
        reader.parser.Parse(b"", True)
        yield from reader.take()
    except expat.ExpatError as error:
        yield from reader.take()
        says = expat.ErrorString(error.code) or ""
        raise Unreadable(Whole.NOT_XML, says, error.lineno, error.offset + 1) from error


class _Elements:
    def __init__(self, root: str, name: str) -> None:
        self.root, self.name = root, name
        self.open: list[Node] = []
        self.marks = 0  # that are open in a text
        self.ready: list[Node] = []
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._words
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = self._refuse

    def take(self) -> list[Node]:
        taken, self.ready = self.ready, []
        return taken

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        if not self.open and name != self.root:
            raise Unreadable(Whole.NOT_MOODLE, name, line, column)
        if len(self.open) + self.marks >= DEEPEST:
            raise Unreadable(Whole.TOO_DEEP, "", line, column)
        if self.open and self.open[-1].name == TEXT:
            self.marks += 1
            said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
            self.open[-1].words.append(f"<{name}{said}>")
            return
        node = Node(name, attributes, line, column)
        if len(self.open) > 1:
            self.open[-1].children.append(node)
        self.open.append(node)

    def _end(self, name: str) -> None:
        if self.marks:
            self.marks -= 1
            self.open[-1].words.append(f"</{name}>")
            return
        node = self.open.pop()
        if len(self.open) == 1 and node.name == self.name:
            self.ready.append(node)

    def _words(self, words: str) -> None:
        if len(self.open) > 1:
            self.open[-1].words.append(words)

    def _refuse(self, *_declared: object) -> None:
        raise Unreadable(Whole.DECLARES, "", self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
