"""A QR code as SVG inside the page: the content security policy refuses data: addresses and style attributes."""

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def qr(text: str) -> SafeString:
    """Draw the code of `text`, dark on light in either theme, hidden from readers: the text itself stands beside it."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True)
    return mark_safe(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308 - numbers and our own words
