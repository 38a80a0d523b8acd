"""The quote sheet: sentences of the article that somebody wants to quote, and what becomes of each.

A row fills when its learner has answered the last item of the section's lab: the sheet is computed from the answers.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import models
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
    """Return the module's sheet as this learner has filled it, None where it has none. 2 queries, 1 for a visitor."""
    if not module.document.get("quotes"):
        return None
    live = models.Q(section=None) | models.Q(section__withdrawn_at=None)
    annexes = list(module.annexes.filter(live, part=Part.QUOTE).select_related("section").order_by("section__position"))
    quoted = [(annex.section, annex.document) for annex in annexes if annex.section]
    answered = _answered(user, module, [row["item"] for _section, row in quoted], is_trial)
    rows = [QuoteRow(module, section, row, row["item"] in answered) for section, row in quoted]
    return QuoteSheet(next((annex.document for annex in annexes if annex.section is None), {}), rows)


def _answered(user: Anyone, module: Module, items: list[str], is_trial: bool) -> set[str]:
    """Return which of these items, by their slugs, the learner has answered, rightly or not."""
    if not user.is_authenticated:
        return set()
    theirs = Response.objects.filter(attempt__learner=user, attempt__is_trial=is_trial, marked_at__isnull=False)
    return set(
        theirs.filter(item__bank__section__module=module, item__slug__in=items).values_list("item__slug", flat=True)
    )
