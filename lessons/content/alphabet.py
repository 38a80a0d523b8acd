"""Words as sorting and searching take them. Pure."""

from collections.abc import Iterable
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
