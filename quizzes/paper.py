"""Items as they are printed: as learners see them, with key and feedback where those are asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.kinds.base import letter
from quizzes.models import Item, ItemVersion

QUESTIONS, ANSWERS, KEY, FEEDBACK = "questions", "answers", "key", "feedback"
SHEETS = {
    QUESTIONS: _("Questions to hand out"),
    ANSWERS: _("Answer sheet"),
    KEY: _("Key on one page"),
    FEEDBACK: _("Questions with keys and feedback"),
}


@dataclass
class PaperItem:
    """An item on paper: `shown` and `rows` as its kind lays out the open item and the key, `key` in letters."""

    item: Item
    version: ItemVersion
    shown: dict[str, Any]
    rows: list[dict[str, Any]]
    key: str

    @property
    def lettered(self) -> list[tuple[str, dict[str, Any]]]:
        """Return (letter, piece) of what is chosen from; empty where an answer is written."""
        pairs = self.shown.get("pairs")
        pieces = pairs[0]["choices"] if pairs else self._first("options", "entries", "labels")
        return [(letter(index), piece) for index, piece in enumerate(pieces)]

    @property
    def asked(self) -> list[dict[str, Any]]:
        """Return the numbered pieces, to each of which one of the letters belongs; empty where there are none."""
        return self._first("pairs", "statements")

    @property
    def blanks(self) -> list[int]:
        """Return the numbers under which the answer sheet has a line for a letter: of an order, its places."""
        return list(range(1, len(self.asked or self._first("entries")) + 1))

    def _first(self, *names: str) -> list[dict[str, Any]]:
        return next((self.shown[name] for name in names if name in self.shown), [])


def paper_context(asked: Mapping[str, Any], items: Iterable[Item]) -> dict[str, Any]:
    """Return what the sheets of a bank need: which of them is `asked` for by an address, and its items."""
    sheet = asked.get("sheet")
    sheet = sheet if sheet in SHEETS else FEEDBACK if "keys" in asked else QUESTIONS
    return {"items": on_paper(items), "sheets": SHEETS.items(), "sheet": sheet, "keys": sheet == FEEDBACK}


def on_paper(items: Iterable[Item]) -> list[PaperItem]:
    """Return the PaperItem of each item, in its own language; it has its version at hand. No query of its own."""
    return [
        PaperItem(
            item=item,
            version=item.version,
            shown=item.version.show(item.version.rules.pieces(item.version.document), None, f"q{number}"),
            rows=item.version.rules.sheet(item.version.document, item.document["feedback"], item.version.language),
            key=item.version.rules.paper_key(item.version.document, item.version.language),
        )
        for number, item in enumerate(items, 1)
    ]
