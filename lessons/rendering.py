"""Lessons become HTML once, on load: text sanitised, claims' cards after the block that marks them."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from lessons.content import LANGUAGES
from lessons.content.markdown import RENDERER, block_html
from lessons.figures import timeline
from lessons.models import Label

__all__ = ["RENDERER", "lesson_document", "sheet_document"]


def lesson_document(lesson, claims, terms, events, as_of):
    """The `document` of a lesson as content.module read it.

    `claims` is {key: Claim} with what a card shows, `terms` {slug: content Term}, `events` rows with their claims,
    `as_of` the day of the module's check. Words of the interface in the cards are those of the catalogue on the day of
    the load.
    """
    pages = lesson.pages
    return {
        "title": {language: pages[language].title for language in LANGUAGES},
        "source": {language: pages[language].source for language in LANGUAGES},
        "headings": {language: pages[language].headings for language in LANGUAGES},
        "minutes": {language: pages[language].minutes for language in LANGUAGES},
        "labels": sorted({claims[key].stands for key in lesson.claims}),
        "parts": {language: _parts(pages[language], claims, terms, events, as_of) for language in LANGUAGES},
    }


def _parts(page, claims, terms, events, as_of):
    """[{"html": …}, {"check": slug}, …] of one language, neighbouring blocks joined."""
    labels = {key: claim.stands for key, claim in claims.items()}
    parts, shown = [], set()
    with translation.override(page.language):
        words = {label: str(label.label) for label in Label}
        for number, block in enumerate(page.blocks[1:]):
            if block.check:
                parts.append({"check": block.check})
                continue
            html = _figure(block, number, events) if block.figure else block_html(block, labels, words)
            if number == 0:
                meta = {"minutes": page.minutes, "as_of": as_of, "labels": Label.values}
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
            used = [{"slug": slug, **terms[slug].document} for slug in page.terms]
            parts.append({"html": render_to_string("lessons/_words.html", {"terms": used})})
    return parts


def sheet_document(pages, claims, module):
    """{language: {"title": …, "html": …}} of a facilitator's sheet; its marks lead to the claims' own pages.

    `claims` is {key: claim} with `stands`, `module` the module's slug.
    """
    labels = {key: claim.stands for key, claim in claims.items()}
    sheet = {}
    for language, page in pages.items():
        with translation.override(language):
            words = {label: str(label.label) for label in Label}
            address = reverse("claims", args=[module]) + "{}/"
            html = "".join(block_html(block, labels, words, address) for block in page.blocks[1:])
            sheet[language] = {"title": page.title, "html": html}
    return sheet


def _figure(block, number, events):
    """The picture that a block asks for: a timeline, cut to its period."""
    _, period, caption = block.figure
    picture = timeline.draw(events, period.get("from", ""), period.get("to", ""))
    context = {"picture": picture, "caption": caption, "id": f"figure-{number}"}
    return render_to_string("lessons/figures/timeline.html", context)
