"""What pages of owners' banks say in words: the languages of a bank."""

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language_info

register = template.Library()


@register.simple_tag
def language_names(codes: Iterable[str]) -> str:
    """Return the names of languages in that of the page, with commas; of one that Django does not know its code."""
    return ", ".join(_name(code) for code in codes)


def _name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
