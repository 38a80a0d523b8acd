"""One language of a lesson as it was read: its blocks, and what they mark, name, show and ask. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from markdown_it.token import Token

from lessons.content.wording import WORD

HALF_A_MINUTE = 0.5  # for a question on what was just read
WORDS_A_MINUTE = 140  # of an attentive reader, in either language, with the cards left closed
PAGE = "#page:"  # how the address of a page of the site begins until it is rendered, before its name
# What stands once in a section or a module, from the address of a lesson.
ELSEWHERE = {"quiz:": "../#quiz", "quotes:": "../../quotes/"}
SAYING = ("text", "code_inline")
CODE = ("fence", "code_block")
Drawing = tuple[str, dict[str, str], str]  # name, {parameter: value}, caption


def said(child: Token) -> str:
    """Return what a token says in plain text; the end of a line is a space."""
    return " " if child.type in ("softbreak", "hardbreak") else child.content if child.type in SAYING else ""


@dataclass
class Block:
    """One top-level block of a lesson: a paragraph, a list … or the slug of an item to try, or of a document.

    `box` is what is asked above a box to write in, `slot` names what the site puts there, under the words `said`.
    `step` is the anchor of the step that it heads; `claims` are those that it marks, or shows in a picture; `named` is
    [(claim or term, id of the link that names it)].
    """

    line: int
    tokens: list[Token]
    step: str = ""
    claims: list[str] = field(default_factory=list)
    named: list[tuple[str, str]] = field(default_factory=list)
    check: str = ""
    document: str = ""
    box: str = ""
    slot: str = ""
    said: str = ""
    figure: Drawing | None = None

    @property
    def is_named(self) -> bool:
        """Whether the block is no text of its own, but names what stands there: an item, a document, a box, a slot."""
        return bool(self.check or self.document or self.box or self.slot)

    @property
    def lines(self) -> list[str]:
        """Return the plain text of each paragraph, item and cell, without marks, items and documents."""
        inline = [token for token in self.tokens if token.type == "inline" and not self.is_named]
        return ["".join(map(said, token.children or [])) for token in inline]

    @property
    def text(self) -> str:
        """Return all of it as plain text, code too."""
        return " ".join([*self.lines, *(token.content for token in self.tokens if token.type in CODE)])


@dataclass
class Page:
    """One language of a lesson. `headings` is {anchor: heading}; `terms` is {term: the line of its first use}.

    `leads_to` is {anchor that a link leads to: its line}, `leads_elsewhere` the same of ELSEWHERE, and `pages` {page of
    the site to which a link leads, with its anchor: its line}; `named` is how often each claim and each term is named.
    `looked_at` are the words of the documents that it lays before its reader, known once those are.
    """

    source: str
    language: str
    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    terms: dict[str, int] = field(default_factory=dict)
    leads_to: dict[str, int] = field(default_factory=dict)
    leads_elsewhere: dict[str, int] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)
    named: Counter[str] = field(default_factory=Counter)
    words: int = 0
    looked_at: int = 0

    @property
    def claims(self) -> list[str]:
        """Return the claims that it marks, or shows in a picture."""
        return list(dict.fromkeys(key for block in self.blocks for key in block.claims))

    @property
    def checks(self) -> list[str]:
        return [block.check for block in self.blocks if block.check]

    @property
    def boxes(self) -> int:
        """Return how many boxes to write in it has."""
        return sum(bool(block.box) for block in self.blocks)

    @property
    def slots(self) -> list[tuple[str, int]]:
        """Return [(what the site puts there, its line)]."""
        return [(block.slot, block.line) for block in self.blocks if block.slot]

    @property
    def slot_names(self) -> list[str]:
        return [slot for slot, _line in self.slots]

    @property
    def documents(self) -> list[str]:
        return [block.document for block in self.blocks if block.document]

    @property
    def figures(self) -> list[tuple[str, dict[str, str]]]:
        return [block.figure[:2] for block in self.blocks if block.figure]

    def passages(self, documents: Mapping[str, str] = {}) -> list[list[str]]:
        """Return [[anchor, plain text]] in order; what stands before the first heading has the anchor "".

        `documents` is {slug: words} of the documents that the page may show.
        """
        passages = [["", self.title]]
        for block in self.blocks[1:]:
            opening = block.tokens[0]
            if opening.type == "heading_open" and (anchor := opening.attrGet("id")):
                passages.append([str(anchor), ""])
            text = documents.get(block.document) or block.text
            passages[-1][1] = f"{passages[-1][1]} {text}".strip()
        return passages

    @property
    def steps(self) -> dict[str, int]:
        """Return {anchor: words of prose below that heading}; tables are to be looked at and do not count."""
        steps: dict[str, int] = {}
        for block in self.blocks:
            if block.step:
                steps[block.step] = 0
            elif steps and block.tokens[0].type != "table_open":
                steps[next(reversed(steps))] += len(WORD.findall(" ".join(block.lines)))
        return steps

    @property
    def minutes(self) -> int:
        """Return about how long it takes: to read and to answer, longer where there are documents to look at."""
        reading = (self.words + self.looked_at) / WORDS_A_MINUTE
        return max(1, round(reading + len(self.checks) * (1 if self.documents else HALF_A_MINUTE)))
