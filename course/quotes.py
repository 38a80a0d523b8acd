"""The quote sheet: sentences of the article that somebody wants to quote, and what becomes of each.

A row fills when its learner has answered the last item of the section's lab: the sheet is computed from the answers.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Anyone
from lessons.models import Module, Part, Section
from quizzes.models import Response


class Stamp(models.TextChoices):
    STANDS = "stands", _("As it stands")
    NAMED = "named", _("With its name")
    CORRECT = "correct", _("Correct first")
    UPDATE = "update", _("Update first")
    LEAVE = "leave", _("Leave out")


@dataclass(frozen=True)
class QuoteRow:
    """A sentence of the article, decided where `is_filled`; `document` as the loader writes it."""

    module: Module
    section: Section
    document: dict[str, Any]
    is_filled: bool

    @property
    def stamp(self) -> str:
        return str(Stamp(self.document["stamp"]).label)

    def get_absolute_url(self) -> str:
        """Return where it is decided: the item in its lab."""
        lesson = reverse("lessons:lesson", args=[self.module.slug, self.section.slug, self.document["lesson"]])
        return f"{lesson}#check-{self.document['item']}"


@dataclass(frozen=True)
class QuoteSheet:
    """The rows in the order of their sections; `document` has the lead above them, and the answer that they give."""

    document: dict[str, Any]
    rows: list[QuoteRow]

    @property
    def filled_count(self) -> int:
        return sum(row.is_filled for row in self.rows)

    @property
    def is_full(self) -> bool:
        return self.filled_count == len(self.rows)

    @property
    def stamps(self) -> list[tuple[str, int]]:
        """Return [(stamp in words, rows that have it)] of what is decided, in the order of the stamps."""
        counts = Counter(row.document["stamp"] for row in self.rows if row.is_filled)
        return [(str(stamp.label), counts[stamp]) for stamp in Stamp if counts[stamp]]


def quote_sheet(user: Anyone, module: Module, is_trial: bool = False) -> QuoteSheet | None:
    """Return the module's sheet as this learner has filled it, None where it has none. One query."""
    if not module.document.get("quotes"):
        return None
    live = Q(section=None) | Q(section__withdrawn_at=None)
    rows = module.annexes.filter(live, part=Part.QUOTE).select_related("section").order_by("section__position")
    annexes = list(rows.alias(item=KT("document__item")).annotate(is_filled=_has_answered(user, is_trial)))
    filled = [QuoteRow(module, row.section, row.document, row.is_filled) for row in annexes if row.section]
    return QuoteSheet(next((row.document for row in annexes if row.section is None), {}), filled)


def _has_answered(user: Anyone, is_trial: bool) -> Combinable:
    """Return whether the learner has answered, rightly or not, the `item` of that slug in an annex's module."""
    if not user.is_authenticated:
        return Value(False)
    theirs = Response.objects.filter(attempt__learner=user, attempt__is_trial=is_trial, marked_at__isnull=False)
    return Exists(theirs.filter(item__bank__section__module=OuterRef("module"), item__slug=OuterRef("item")))
