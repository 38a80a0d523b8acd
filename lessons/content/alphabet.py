"""Words as sorting and searching take them. Pure."""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from accounts import folding


class HasDocument(Protocol):
    """A term of the glossary, as content or as a row."""

    @property
    def document(self) -> dict[str, Any]: ...


Entry = TypeVar("Entry", bound=HasDocument)


def search_key(text: str) -> str:
    """Return the text as search compares it, its apostrophes straight too: L’Élève is l'eleve."""
    return folding.folded(text).replace("’", "'")


def in_order(terms: Iterable[Entry], language: str) -> list[Entry]:
    """Return terms of the glossary by their name in that language, whatever its accents and case."""
    return sorted(terms, key=lambda term: search_key(term.document["name"][language]))
