"""Web addresses in plain text as links: nothing else of the text is markup. Imports neither the ORM nor a request."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

ADDRESS = re.compile(r"https?://[^\s<>\"'`\\{}|^«»“”‹›\u2000-\u200f\u2028-\u202f\u2060-\u2069\ufeff]+", re.I)
CLOSING = ".,;:!?…’*_~"  # what ends a sentence, and no address
BRACKETS = {")": "(", "]": "["}


def linked(text: str) -> SafeString:
    """Return the text as HTML, escaped but for links of addresses that begin with http:// or https://."""
    return mark_safe("".join(_parts(text)))  # noqa: S308 - each part is escaped


def _parts(text: str) -> Iterator[str]:
    end = 0
    for match in ADDRESS.finditer(text):
        address = _without_closing(match[0])
        if not _leads_somewhere(address):
            continue
        yield escape(text[end : match.start()])
        yield format_html('<a href="{0}" rel="nofollow noopener">{0}</a>', address)
        end = match.start() + len(address)
    yield escape(text[end:])


def _without_closing(address: str) -> str:
    """Return it without what belongs to the sentence: full stops, and brackets that it does not open."""
    while address and (address[-1] in CLOSING or _is_unopened(address)):
        address = address[:-1]
    return address


def _is_unopened(address: str) -> bool:
    last = address[-1]
    return last in BRACKETS and address.count(last) > address.count(BRACKETS[last])


def _leads_somewhere(address: str) -> bool:
    """Return whether it names a host, and nobody in front of it: what stands before an @ is taken for the host."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and "@" not in parts.netloc and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
