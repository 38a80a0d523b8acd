"""The statement whose a form is, by which what was typed in it can come back to be sent again."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.unsent import WHOSE, statement

register = template.Library()


@register.simple_tag(takes_context=True)
def whose(context: Mapping[str, Any], address: str = "") -> SafeString:
    """Return the hidden field for a form that is sent to the page's own address, or to `address`.

    Only in forms that hold nothing secret and change no account (docs/decisions/0020).
    """
    request = context["request"]
    value = statement(request.user, address or request.path_info)
    return format_html('<input type="hidden" name="{}" value="{}">', WHOSE, value)
