"""Parts of an item: a label on offer, and what is said of it beside what was answered."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lessons.templatetags.content_tags import label, once, points
from quizzes.explanations import explanation_of
from quizzes.models import Response

register = template.Library()


@register.simple_tag
def explanation(response: Response, leads_back: bool = False) -> SafeString:
    """Return the explanation of the response's item with its claims, and its passage.

    The passage `leads_back` for whoever the attempt is of, where it has a page.
    """
    said = explanation_of(response)
    address = said.address_from(response) if leads_back else said.address
    words = _("Read the passage: %(heading)s") % {"heading": said.heading}
    return format_html('{}<p><a href="{}">{}</a>{}</p>', said.html, address, words, said.report)


@register.simple_tag
def outcome(response: Response, is_told: bool = False) -> SafeString:
    """Return how a marked response turned out: what is right in part with its points, the others say it by the word."""
    shown = points(response.score) if response.outcome == "partly" and response.score is not None else None
    return once(
        "quizzes/_outcome.html",
        outcome=response.outcome,
        is_blank=response.answer is None,
        points=shown,
        is_told=bool(is_told),
    )


@register.simple_tag
def label_of(choice: Mapping[str, str]) -> SafeString:
    """Return one of the labels of an item: its own text, or the label of a claim with that id."""
    return format_html('<span class="label">{}</span>', choice["text"]) if choice["text"] else label(choice["id"])
