"""What pages show of whoever runs the site: what OPERATOR_FILE says of the topics of course.operator."""

from collections.abc import Iterable

from django import template
from django.conf import settings

from course.operator import TOPICS
from lessons.models.base import in_language_of_page

register = template.Library()


@register.simple_tag
def gaps() -> list[str]:
    """Return in words the topics of which the operator has said nothing."""
    return [str(words) for topic, words in TOPICS.items() if topic not in settings.OPERATOR]


@register.simple_tag
def lacks(topics: Iterable[tuple[str, str]]) -> bool:
    """Return whether the operator says nothing of one of the topics, given with the words under which they stand."""
    return any(topic not in settings.OPERATOR for topic, _words in topics)


@register.simple_tag
def says(topic: str) -> str:
    """Return what the operator says of a topic in the language of the page, or an empty string."""
    return in_language_of_page(settings.OPERATOR.get(topic, {}))
