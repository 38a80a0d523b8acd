"""What pages of owners' banks show: counts, rows of a list, hits of a search. Imports the tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Q
from django.urls import reverse

from accounts.folding import cut
from accounts.models import User
from lessons.content.search import has_all, terms_of, words_of
from quizzes.models import Bank, Item
from quizzes.models.items import BankQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Counts(TypedDict):
        item_count: int
        draft_count: int

    CountedBank = WithAnnotations[Bank, Counts]


def counted(banks: BankQuerySet) -> BankQuerySet:
    """Return the banks with `item_count`, of live items, and how many of them are drafts, as `draft_count`."""
    live = Q(items__withdrawn_at=None)
    return banks.annotate(
        item_count=Count("items", filter=live, distinct=True),
        draft_count=Count("items", filter=live & ~Q(items__draft=[]), distinct=True),
    )


@dataclass(frozen=True)
class ItemRow:
    """One question of a list: what it asks, of which kind, whose it is, and where it stands."""

    item: Item
    stem: str
    kind: str
    language: str
    address: str
    bank: str

    @classmethod
    def of(cls, item: Item) -> "ItemRow":
        """Return the row of an item with its bank, section and module, and current version at hand. No query."""
        version, bank = item.current_version, item.bank
        typed = item.source.get("stem", {})
        language = version.language if version else next((code for code in typed if typed[code].strip()), "")
        stem = typed.get(language, "") if item.draft else version.stem if version else ""
        if bank.section:
            address = reverse("quizzes:item", args=[bank.section.module.slug, bank.section.slug, item.slug])
        else:
            address = reverse("quizzes:own_item", args=[bank.pk, item.pk])
        kind = item.source.get("kind") or (version.kind if version else "")
        return cls(item, stem, kind, language, address, bank.title or (bank.section.title if bank.section else ""))

    @property
    def heading(self) -> str:
        """Nothing is found by a heading."""
        return ""

    @property
    def words(self) -> str:
        """The words by which it is found: of the question, and of what it shows to choose from."""
        version = self.item.current_version
        return _words(tuple(_texts(self.item.source or (version and version.document))), self.language)


@lru_cache(maxsize=2048)
def _words(texts: tuple[str, ...], language: str) -> str:
    """Return the words of these texts as the index of search holds them: folding every bank takes a second."""
    return words_of(texts, language)


def _texts(document: object) -> Iterable[str]:
    """Yield every text of a JSON document: of a version what a learner may read, in each language."""
    if isinstance(document, dict):
        for name, part in document.items():
            if name not in ("id", "kind"):
                yield from _texts(part)
    elif isinstance(document, list):
        for part in document:
            yield from _texts(part)
    elif isinstance(document, str):
        yield document


def hits(user: User, query: str) -> list[ItemRow]:
    """Return the live questions of all banks that `user` may use that have every word, one's own first. One query.

    Banks are small and SQLite folds no letter, so the words are compared here.
    """
    terms = terms_of(cut(query))
    if not terms:
        return []
    rows = Item.objects.live().filter(bank__in=Bank.objects.seen_by(user))
    rows = rows.select_related("bank__section__module", "current_version", "author").order_by("bank", "pk")
    matching = [row for row in map(ItemRow.of, rows) if has_all(row, terms)]
    return sorted(matching, key=lambda row: (row.item.bank.section_id is not None, row.item.bank.owner_id != user.pk))
