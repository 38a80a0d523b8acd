"""What pages of the front door show of whoever runs the site."""

from collections.abc import Iterable

from django import template
from django.conf import settings

from course.operator import FACTS, Operator
from lessons.models.base import language_of

register = template.Library()


@register.simple_tag
def gaps() -> list[str]:
    """Return in words what pages ask of whoever runs this copy, and they have not said."""
    return [str(words) for fact, words in FACTS.items() if fact not in settings.OPERATOR]


@register.simple_tag
def lacks(operator: Operator, facts: Iterable[tuple[str, str]]) -> bool:
    """Return whether the operator says nothing of one of the facts, given with the words under which they stand."""
    return any(fact not in operator for fact, _words in facts)


@register.simple_tag
def says(operator: Operator, fact: str) -> str:
    """Return what the operator says of a fact in the language of the page, or an empty string."""
    texts = operator.get(fact, {})
    return texts.get(language_of(texts), "")
