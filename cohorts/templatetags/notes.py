"""What staff wrote, as their learners read it."""

from django import template
from django.conf import settings
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from cohorts import links

register = template.Library()


@register.filter
def as_note(text: str) -> SafeString:
    """Return plain text in paragraphs, its web addresses as links; as text where links could harm."""
    if settings.ADDRESSES_AS_TEXT:
        return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - it escapes
    return mark_safe(linebreaks(links.linked(text)))  # noqa: S308 - escaped but for links of our own
