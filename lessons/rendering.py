"""Lessons become HTML once, on load: text sanitised, claims' cards after the block that marks them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from lessons.content.alphabet import in_order
from lessons.content.documents import Document
from lessons.content.figures import Figure
from lessons.content.ledger import Term
from lessons.content.markdown import RENDERER, block_html
from lessons.content.module import Lesson, master
from lessons.content.page import Block, Drawing, Page
from lessons.figures import bars, multiples, places, ranges, spans, ties, timeline
from lessons.models import Acts, Claim, Event, Label
from lessons.templatetags.cards import Named, card_text, cards, words

__all__ = ["RENDERER", "lesson_document", "lesson_text", "plain_renderer", "sheet_document"]


@dataclass
class Ledger:
    """What the pages of a module show beside their text.

    `claims` is {key: Claim} with what a card shows, `terms` {slug: content Term}, `events` rows with their claims,
    `figures` {id: content Figure}, `outlines` those of the map or {}, `checked_on` the day of the module's check.
    A card is rendered once in each language, however many lessons show it.
    """

    claims: Mapping[str, Claim]
    terms: Mapping[str, Term]
    events: Sequence[Event]
    figures: Mapping[str, Figure]
    outlines: dict[str, Any]
    checked_on: date
    _cards: dict[tuple[str, str], str] = field(default_factory=dict)

    def card(self, key: str, language: str) -> str:
        """Return what the card of a claim says in the language of the page, which is that one."""
        if (key, language) not in self._cards:
            self._cards[key, language] = card_text(self.claims[key], "h3")
        return self._cards[key, language]

    def places(self, language: str) -> list[Term]:
        """Return the places of the glossary, by their name in that language."""
        return in_order((term for term in self.terms.values() if term.document["kind"] == "place"), language)


def lesson_document(lesson: Lesson, objectives: Sequence[int]) -> dict[str, Any]:
    """Return the `document` of a lesson as content.module read it: what lists of lessons show.

    `objectives` are the section's, by their numbers, that items on the lesson ask for.
    """
    pages = lesson.pages
    return {
        "title": {language: page.title for language, page in pages.items()},
        "headings": {language: page.headings for language, page in pages.items()},
        "minutes": {language: page.minutes for language, page in pages.items()},
        "checks": [block.check for block in master(pages).blocks if block.check],
        "objectives": list(objectives),
        "terms": list(master(pages).terms),
    }


def lesson_text(page: Page, ledger: Ledger, documents: Mapping[str, Document]) -> dict[str, Any]:
    """Return the fields of a LessonText but for its lesson and language; `documents` are those of its section.

    Words of the interface in cards and pictures are those of the catalogue on the day of the load.
    """
    return {"source": page.source, "parts": _parts(page, ledger, documents)}


def _parts(page: Page, ledger: Ledger, documents: Mapping[str, Document]) -> list[dict[str, str]]:
    """Return the parts of one language as LessonText holds them, neighbouring blocks joined."""
    claims = ledger.claims
    labels = {key: claim.stands for key, claim in claims.items()}
    named = _named(page)
    parts: list[dict[str, str]] = []
    shown: set[str] = set()
    with translation.override(page.language):
        of_labels = _words_of_labels()
        for number, block in enumerate(page.blocks[1:]):
            if block.check:
                parts.append({"check": block.check})
                continue
            if block.document:
                html = _document(documents[block.document])
            elif block.box:
                html = _box(block.box, number)
            elif block.figure:
                html = _figure(block.figure, number, ledger)
            else:
                html = block_html(block, labels, of_labels)
            if number == 0:
                html = html.replace("<p>", '<p class="lead">', 1)
            if block.step:
                parts.append({"step": block.step, "html": html})
                html = ""
            # The cards of what a document bears on would tell what its reader is to find.
            marked = [] if block.document else block.claims
            fresh = [key for key in dict.fromkeys(marked) if key not in shown]
            shown |= set(fresh)
            if fresh:
                html += cards(
                    [(claims[key], ledger.card(key, page.language), _once_a_step(named[key])) for key in fresh]
                )
            if parts and parts[-1].keys() == {"html"}:
                parts[-1]["html"] += html
            elif html:
                parts.append({"html": html})
        if page.terms:
            used = [(slug, ledger.terms[slug].document, _once_a_step(named[slug])) for slug in page.terms]
            parts.append({"foot": "words", "html": words(used)})
    return parts


def _named(page: Page) -> dict[str, list[Named]]:
    """Return {claim or term: where the text names it}, in order; a picture that shows a claim does not."""
    named: dict[str, list[Named]] = defaultdict(list)
    step = 0
    for block in page.blocks:
        step += bool(block.step)
        for key, name in block.named:
            named[key].append(Named(name, step))
    return named


def _once_a_step(named: Sequence[Named]) -> list[Named]:
    """Return the first of each step: the ways back from what stands once on the page."""
    by_step = {one.step: one for one in reversed(named)}
    return [by_step[step] for step in sorted(by_step)]


def sheet_document(pages: Mapping[str, Page], labels: Mapping[str, str], module: str) -> dict[str, dict[str, str]]:
    """Return {language: {"title": …, "html": …}} of a sheet.

    `labels` is {key of a claim: its label}, `module` the module's slug.
    """
    sheet = {}
    for language, page in pages.items():
        with translation.override(language):
            html = "".join(map(plain_renderer(labels, module), page.blocks[1:]))
            sheet[language] = {"title": page.title, "html": html}
    return sheet


def plain_renderer(labels: Mapping[str, str], module: str) -> Callable[[Block], str]:
    """Return what makes HTML of the blocks of a page without cards: their marks lead to the claims' own pages.

    In the language that is active when it is asked for.
    """
    of_labels, address = _words_of_labels(), reverse("lessons:claims", args=[module]) + "{}/"
    return lambda block: block_html(block, labels, of_labels, address)


def _words_of_labels() -> dict[str, str]:
    return {label.value: str(label.label) for label in Label}


def _document(document: Document) -> str:
    """Return a document as a card, to which the items below it lead."""
    context = {"document": document.document, "claims": document.claims, "is_in_lesson": True}
    return render_to_string("lessons/_document.html", context)


def _box(asked: str, number: int) -> str:
    """Return a box to write in; `number` tells it from others on the page."""
    return render_to_string("lessons/_box.html", {"asked": asked, "number": number})


def _figure(drawing: Drawing, number: int, ledger: Ledger) -> str:
    """Return the HTML of a picture and what says the same: a cut of the timeline, the map, or one of the module's."""
    name, parameters, caption = drawing
    context: dict[str, Any] = {"caption": caption, "id": f"figure-{number}"}
    if name == "timeline":
        start, end, only = (parameters.get(key, "") for key in ("from", "to", "only"))
        events = timeline.chosen(ledger.events, start, end, only)
        context |= {"events": events, "rows": timeline.by_years(events), "kinds": timeline.kinds(events, Acts.values)}
        return render_to_string("lessons/figures/timeline.html", context)
    if name == "map":
        language = translation.get_language()
        picture = places.draw(ledger.outlines, ledger.places(language), language, ledger.events)
        context |= {"picture": picture, "is_alone": True}
        return render_to_string("lessons/figures/map.html", context)
    figure = ledger.figures[name]
    context |= {"figure": figure.document, "claims": ledger.claims}
    context["picture"] = _picture(figure.kind, figure.document, translation.get_language())
    return render_to_string(f"lessons/figures/{figure.kind}.html", context)


def _picture(kind: str, rows: dict[str, Any], language: str) -> Any:
    """Return where the parts of a picture stand; None of a table, which the browser lays out."""
    match kind:
        case "bars":
            return bars.draw(rows["bars"])
        case "ranges":
            return ranges.draw(rows["ranges"])
        case "spans":
            return spans.draw(rows["spans"], rows["points"], language)
        case "multiples":
            return multiples.draw(rows["panels"], language)
        case "ties":
            return ties.draw(rows["actors"], rows["ties"], language)
    return None
