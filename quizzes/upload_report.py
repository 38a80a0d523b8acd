"""The report on a file of questions as its page shows it, fifty at a time, with what is ticked. Imports the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quizzes import page_words
from quizzes.formats.base import Note
from quizzes.lacks import listed
from quizzes.models import Item, Upload
from quizzes.own_banks import ItemRow
from quizzes.report_words import said, where

SIZE = 50
OUTCOMES = {
    "kept": _("Kept"),
    "degraded": _("Loses something"),
    "refused": _("Not taken"),
    "here": _("Here already"),
}


def left_after(upload: Upload, data: QueryDict) -> list[int]:
    """Return the places that are left out, as the ticks of the rows on the page that was sent say."""
    numbers = {int(text) for text in data.getlist("row") if text.isascii() and text.isdigit() and len(text) < 6}
    shown = numbers.intersection(range(len(upload.rows)))
    ticked = set(data.getlist("tick"))
    taken = {at for at in shown if upload.rows[at]["can"] and str(at) in ticked}
    return sorted((set(upload.left) | shown) - taken)


@dataclass(frozen=True)
class ReportRow:
    """One question of the report: `words` say what is lost or why it is not taken, `lacks` what makes it a draft."""

    place: int
    row: Mapping[str, Any]
    words: list[tuple[str, str]]
    lacks: str
    is_ticked: bool
    here: ItemRow | None

    @property
    def number(self) -> int:
        return self.place + 1


class ReportPage:
    """A page of the report on a file: of all its questions, or of those of one outcome. At most 1 query."""

    def __init__(self, upload: Upload, data: QueryDict) -> None:
        self.upload, self.counts = upload, upload.counts()
        self.outcome = data.get("outcome", "") if data.get("outcome") in OUTCOMES else ""
        rows = [at for at, row in enumerate(upload.rows) if self.outcome in ("", row["outcome"])]
        self.page = Paginator(rows, SIZE).get_page(data.get("page"))

    @staticmethod
    def address(text: str) -> str:
        """Return the query of another page of the report that a button names, as “degraded 2”."""
        outcome, _space, number = text[:40].partition(" ")
        asked = {"outcome": outcome} if outcome in OUTCOMES else {}
        return f"?{urlencode(asked | ({'page': number} if number.isdigit() else {}))}#report"

    @property
    def notes(self) -> list[str]:
        return [said(Note(*note)) for note in self.upload.notes]

    @property
    def filters(self) -> list[tuple[str, Any, int]]:
        """Return (outcome, its name, how many questions) of each, all of them first."""
        outcomes = ((name, OUTCOMES[name], self.counts[name]) for name in OUTCOMES)
        return [("", pgettext_lazy("questions", "All"), self.counts["all"]), *outcomes]

    @cached_property
    def rows(self) -> list[ReportRow]:
        places = list(self.page)
        numbers = [self.upload.rows[at]["item"] for at in places if self.upload.rows[at]["item"]]
        items = Item.objects.select_related("bank__section__module", "current_version").in_bulk(numbers)
        here = {pk: ItemRow.of(item) for pk, item in items.items()}
        left = set(self.upload.left)
        return [_shown(at, self.upload.rows[at], at not in left, here) for at in places]


def _shown(place: int, row: Mapping[str, Any], is_ticked: bool, here: Mapping[int, ItemRow]) -> ReportRow:
    words = [(said(note), where(note) if note.line != row["line"] or note.column else "") for note in _notes(row)]
    words += [(sentence, "") for sentence in dict.fromkeys(page_words.on_page(text) for _path, text in row["wrong"])]
    return ReportRow(place, row, words, listed(row["lacks"]), is_ticked and row["can"], here.get(row["item"]))


def _notes(row: Mapping[str, Any]) -> list[Note]:
    return [Note(*note) for note in row["notes"]]
