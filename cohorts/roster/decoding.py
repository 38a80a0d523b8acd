"""From the bytes of a list to its text. Pure."""

import re

from accounts.decoding import HEAD, Text, decoded
from cohorts.roster.faults import MOST_BYTES, Unreadable, What

MARKUP = re.compile(r"\s*(?:<(?:!doctype|html|\?xml|table|head)\b|BEGIN:V|[\[{]\s*[\[{\"])", re.I)


def decode(data: bytes) -> Text:
    """Return the Text of a list; Unreadable where it is too large, no text, or the text of another kind of file."""
    if len(data) > MOST_BYTES:
        raise Unreadable(What.TOO_LARGE)
    text = decoded(data)
    if text is None or "\0" in text.text or MARKUP.match(text.text[:HEAD]):
        raise Unreadable(What.NOT_TEXT)
    return text
