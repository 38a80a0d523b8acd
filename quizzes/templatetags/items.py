"""Parts of an item: a label on offer, and what is said of it beside what was answered."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lessons.templatetags.content_tags import label
from quizzes.explanations import explanation_of
from quizzes.models import Response

register = template.Library()


@register.simple_tag
def explanation(response: Response) -> SafeString:
    """Return the explanation of the response's item, with its claims and its passage."""
    return explanation_of(response).html


@register.simple_tag
def label_of(choice: Mapping[str, str]) -> SafeString:
    """Return one of the labels of an item: its own text, or the label of a claim with that id."""
    return format_html('<span class="label">{}</span>', choice["text"]) if choice["text"] else label(choice["id"])
