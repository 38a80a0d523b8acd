"""What a search has found, drawn by functions: a node of a template for each text of sixty hits was a fifth of it."""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from lessons.models import Module
from lessons.templatetags.content_tags import label, marked
from lessons.views.search import ClaimHit, LessonHit, Row

register = template.Library()


@register.simple_tag
def lesson_hits(lessons: Iterable[LessonHit]) -> SafeString:
    """Return a line for each lesson: its number, its title, which leads to the passage, and an excerpt."""
    lines = (
        f'<li><span class="no num">{hit.number}</span><div><h3><a href="{escape(hit.address)}">{escape(hit.title)}</a>'
        f"</h3><p>{marked(hit.excerpt)}</p></div></li>"
        for hit in lessons
    )
    return mark_safe("".join(lines))  # noqa: S308 - each text is escaped


@register.simple_tag
def claim_hits(claims: Iterable[ClaimHit], module: Module) -> SafeString:
    """Return each claim: an excerpt, its label, and its key, which leads to its page."""
    page = reverse("lessons:claims", args=[module.slug])
    lines = (
        f"<div><dt>{marked(hit.excerpt)}</dt>"
        f'<dd>{label(hit.stands)} <a href="{page}{hit.key}/">{hit.key}</a></dd></div>'
        for hit in claims
    )
    return mark_safe("".join(lines))  # noqa: S308 - each text is escaped, a key is a word


@register.simple_tag
def entry_hits(entries: Iterable[Row], module: Module) -> SafeString:
    """Return each entry of the glossary: its term, which leads to it, and what it says."""
    page = reverse("lessons:glossary", args=[module.slug])
    lines = (
        f'<div><dt><a href="{page}#{hit.anchor}">{escape(hit.title)}</a></dt><dd>{escape(hit.text)}</dd></div>'
        for hit in entries
    )
    return mark_safe("".join(lines))  # noqa: S308 - each text is escaped, an anchor is a word
