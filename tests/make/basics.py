"""What all rows share: the time, numbers that no two have, words in both languages."""

import itertools
from datetime import UTC, datetime

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
numbers = itertools.count(1)


def text(words):
    return {"en": words, "fr": f"{words} (fr)"}


def both(value):
    return {"en": value, "fr": value}
