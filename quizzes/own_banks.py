"""What pages of owners' banks show: counts, rows of a list, hits of a search; how a bank ends. Imports the tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.folding import cut
from accounts.models import User
from lessons.content.search import has_all, terms_of, words_of
from quizzes.models import Bank, Item, ItemVersion, Quiz, Response
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


def address_of(item: Item) -> str:
    """Return the page of an item with its key, below its section or in its owner's bank, at hand. No query."""
    if section := item.bank.section:
        return reverse("quizzes:item", args=[section.module.slug, section.slug, item.slug])
    return reverse("quizzes:own_item", args=[item.bank_id, item.pk])


# Of the live questions of a bank, those that a page can show alone.
STATES = {"drafts": ~Q(draft=[]), "flagged": Q(is_flagged=True)}
STATE_WORDS = {"": pgettext_lazy("questions", "All"), "drafts": _("Drafts"), "flagged": _("To be looked at")}


def counted_by_state(bank: Bank) -> dict[str, int]:
    """Return how many questions a bank has, as "", and how many live ones are in each of STATES. One query."""
    counts = {name: Count("pk", filter=Q(withdrawn_at=None) & state) for name, state in STATES.items()}
    totals = bank.items.aggregate(every=Count("pk"), **counts)
    return {"": totals.pop("every"), **totals}


def next_by_state(item: Item) -> dict[str, int]:
    """Return, for each of STATES, the number of the next live question of its bank in it, where there is another.

    After the last comes the first again. One query.
    """
    others = Q(withdrawn_at=None) & ~Q(pk=item.pk)
    firsts = {name: Min("pk", filter=others & state) for name, state in STATES.items()}
    behind = {f"{name}_behind": Min("pk", filter=others & state & Q(pk__gt=item.pk)) for name, state in STATES.items()}
    numbers = item.bank.items.aggregate(**firsts, **behind)
    return {name: numbers[f"{name}_behind"] or numbers[name] for name in STATES if numbers[name]}


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
        kind = item.source.get("kind") or (version.kind if version else "")
        title = bank.title or (bank.section.title if bank.section else "")
        return cls(item, stem, kind, language, address_of(item), title)

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
            if name not in ("id", "kind", "file"):
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


# How a bank ends


@dataclass(frozen=True)
class Ties:
    """What keeps a bank from being deleted: with whom it is shared, whether a quiz asks of it, whether one answered."""

    cohorts: list[str]
    is_asked: bool
    is_answered: bool

    def __bool__(self) -> bool:
        return bool(self.cohorts) or self.is_asked or self.is_answered


def ties_of(bank: Bank) -> Ties:
    """Return what keeps a bank from being deleted. 3 queries.

    While it is shared, a colleague may be choosing from it: only what is shared with nobody is its owner's to end.
    """
    asking = Quiz.objects.filter(Q(items__bank=bank) | Q(rules__bank=bank))
    names = bank.cohorts.order_by("name", "pk").values_list("name", flat=True)
    return Ties(list(names), asking.exists(), Response.objects.filter(item__bank=bank).exists())


def end_banks(banks: QuerySet[Bank]) -> None:
    """Delete the items of these banks that nobody ever answered, then the banks without items. At most 10 queries.

    What was answered stays as old attempts show it; without an owner or a cohort no page lists it. The owners' rows are
    held by the caller.
    """
    keys = list(banks.values_list("pk", flat=True))
    if not keys:
        return
    unanswered = list(Item.objects.filter(bank__in=keys, responses=None).values_list("pk", flat=True))
    Item.objects.filter(pk__in=unanswered).update(current_version=None)
    ItemVersion.objects.filter(item__in=unanswered).delete()
    Item.objects.filter(pk__in=unanswered).delete()
    Bank.objects.filter(pk__in=keys, items=None).delete()
