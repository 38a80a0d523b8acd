"""The items to try inside a lesson, as they are asked: the same for everybody."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from lessons.models import Claim, Lesson
from quizzes.checks import open_check
from quizzes.models import Item, Response

register = template.Library()


@register.simple_tag(takes_context=True)
def checks_of(context: Mapping[str, Any], lesson: Lesson) -> dict[str, dict[str, Any]]:
    """Return {slug: check} of the items to try in a lesson. One query at most.

    What was chosen in another language and not sent comes in the address.
    """
    if not lesson.checks:
        return {}
    items = Item.objects.live().filter(bank__section=lesson.section, slug__in=lesson.checks)
    asked = context["request"].GET
    return {item.slug: open_check(item, asked=asked) for item in items.select_related("current_version")}


@register.simple_tag
def basis(response: Response, copy: str) -> SafeString:
    """Return the field that the page `copy` carries of an open item: what it sends says what it is based on."""
    value = escape(response.basis(copy))
    field = f'<input type="hidden" name="{response.name}-was" value="{value}" autocomplete="off">'
    return mark_safe(field)  # noqa: S308 - escaped, and the name is our own


@register.simple_tag
def as_of(responses: Iterable[Response]) -> str:
    """Return the name of a field that is another once one of these responses was written anew."""
    return "-".join(["as-of", *(str(response.revision) for response in responses)])


@register.filter
def at(mapping: Mapping[Any, Any], key: object) -> Any:
    """Return the value under `key`, or None."""
    return mapping.get(key)


@register.simple_tag
def items_on(claim: Claim) -> int:
    """Count the live items that touch a claim. One query."""
    return claim.items.of_sections().live().count()
