"""Lessons become HTML once, on load: text sanitised, claims' cards after the block that marks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from lessons.content.alphabet import in_order
from lessons.content.figures import Figure
from lessons.content.ledger import Term
from lessons.content.markdown import RENDERER, Drawing, Page, block_html
from lessons.content.module import Lesson, master
from lessons.figures import bars, places, ties, timeline
from lessons.models import Claim, Event, Label

__all__ = ["RENDERER", "lesson_document", "lesson_text", "sheet_document"]


@dataclass
class Ledger:
    """What the pages of a module show beside their text.

    `claims` is {key: Claim} with what a card shows, `terms` {slug: content Term}, `events` rows with their claims,
    `figures` {id: content Figure}, `outlines` those of the map or {}, `checked_on` the day of the module's check.
    """

    claims: Mapping[str, Claim]
    terms: Mapping[str, Term]
    events: Sequence[Event]
    figures: Mapping[str, Figure]
    outlines: dict[str, Any]
    checked_on: date

    def places(self, language: str) -> list[Term]:
        """Return the places of the glossary, by their name in that language."""
        return in_order((term for term in self.terms.values() if term.document["kind"] == "place"), language)


def lesson_document(lesson: Lesson) -> dict[str, Any]:
    """Return the `document` of a lesson as content.module read it: what lists of lessons show."""
    pages = lesson.pages
    return {
        "title": {language: page.title for language, page in pages.items()},
        "headings": {language: page.headings for language, page in pages.items()},
        "minutes": {language: page.minutes for language, page in pages.items()},
        "checks": [block.check for block in master(pages).blocks if block.check],
        "terms": list(master(pages).terms),
    }


def lesson_text(page: Page, ledger: Ledger) -> dict[str, Any]:
    """Return the fields of a LessonText but for its lesson and language.

    Words of the interface in cards and pictures are those of the catalogue on the day of the load.
    """
    return {"source": page.source, "parts": _parts(page, ledger)}


def _parts(page: Page, ledger: Ledger) -> list[dict[str, str]]:
    """Return [{"html": …}, {"check": slug}, …] of one language, neighbouring blocks joined."""
    claims = ledger.claims
    labels = {key: claim.stands for key, claim in claims.items()}
    parts: list[dict[str, str]] = []
    shown: set[str] = set()
    with translation.override(page.language):
        words = {label.value: str(label.label) for label in Label}
        for number, block in enumerate(page.blocks[1:]):
            if block.check:
                parts.append({"check": block.check})
                continue
            html = _figure(block.figure, number, ledger) if block.figure else block_html(block, labels, words)
            if number == 0:
                meta = {"minutes": page.minutes, "checked_on": ledger.checked_on, "labels": Label.values}
                html = html.replace("<p>", '<p class="lead">', 1) + render_to_string("lessons/_meta.html", meta)
            fresh = [key for key in dict.fromkeys(block.claims) if key not in shown]
            shown |= set(fresh)
            if fresh:
                html += render_to_string("lessons/_cards.html", {"claims": [claims[key] for key in fresh]})
            if parts and "html" in parts[-1]:
                parts[-1]["html"] += html
            else:
                parts.append({"html": html})
        if page.terms:
            used = [{"slug": slug, **ledger.terms[slug].document} for slug in page.terms]
            parts.append({"html": render_to_string("lessons/_words.html", {"terms": used})})
    return parts


def sheet_document(pages: Mapping[str, Page], labels: Mapping[str, str], module: str) -> dict[str, dict[str, str]]:
    """Return {language: {"title": …, "html": …}} of a sheet or of corrections; marks lead to the claims' own pages.

    `labels` is {key of a claim: its label}, `module` the module's slug.
    """
    sheet = {}
    for language, page in pages.items():
        with translation.override(language):
            words = {label.value: str(label.label) for label in Label}
            address = reverse("lessons:claims", args=[module]) + "{}/"
            html = "".join(block_html(block, labels, words, address) for block in page.blocks[1:])
            sheet[language] = {"title": page.title, "html": html}
    return sheet


def _figure(drawing: Drawing, number: int, ledger: Ledger) -> str:
    """Return the HTML of a picture with its table: a cut of the timeline, the map, or one of the module's own."""
    name, parameters, caption = drawing
    context: dict[str, Any] = {"caption": caption, "id": f"figure-{number}"}
    if name == "timeline":
        start, end, only = (parameters.get(key, "") for key in ("from", "to", "only"))
        context["picture"] = timeline.draw(ledger.events, start, end, only)
        return render_to_string("lessons/figures/timeline.html", context)
    if name == "map":
        context["picture"] = places.draw(ledger.outlines, ledger.places(translation.get_language()))
        return render_to_string("lessons/figures/map.html", context)
    figure = ledger.figures[name]
    rows = figure.document
    if figure.kind == "bars":
        context["picture"] = bars.draw(rows["bars"])
    else:
        context["picture"] = ties.draw(rows["actors"], rows["ties"], translation.get_language())
    context |= {"figure": rows, "claims": ledger.claims}
    return render_to_string(f"lessons/figures/{figure.kind}.html", context)
