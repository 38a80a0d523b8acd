"""Words as sorting and searching take them. Pure."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Protocol, TypeVar

from accounts.folding import folded


class HasDocument(Protocol):
    """A term of the glossary, as content or as a row."""

    @property
    def document(self) -> dict[str, Any]: ...


Entry = TypeVar("Entry", bound=HasDocument)


def in_order(terms: Iterable[Entry], language: str) -> list[Entry]:
    """Return terms of the glossary by their name in that language, whatever its accents and case."""
    return sorted(terms, key=lambda term: folded(term.document["name"][language]))


def by_letter(terms: Iterable[Entry], language: str) -> list[tuple[str, list[Entry]]]:
    """Return [(letter, its terms)] in order, each letter without accents; what begins with none stands under "#"."""

    def letter(term: Entry) -> str:
        first = folded(term.document["name"][language])[:1].upper()
        return first if first.isalpha() else "#"

    return [(first, list(group)) for first, group in groupby(in_order(terms, language), key=letter)]
