"""What a class misses: of what its staff may see, the items that most learners did not get right, in counts alone.

And which of them somebody may ask again in a quiz of their own.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Case, Count, Q, TextField, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.privacy import is_few
from cohorts.models.assignments import AssignmentQuerySet
from cohorts.models.quizzes import QuizAssignmentQuerySet
from lessons.models import Module
from quizzes.item_statistics import WITH_OPTIONS, chosen_in
from quizzes.models import Bank, Item, ItemVersion, Response, Use
from quizzes.models.quizzes import askable
from quizzes.own_banks import address_of

MOST = 20  # items on a page
SEVERAL = 2  # people from whom on a wrong option is named


@dataclass
class Tally:
    """How many people answered an item, how many of them missed it, and {(version, option): how many chose that}."""

    people: int = 0
    missed: int = 0
    chosen: Counter[tuple[int, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class MissedItem:
    """An item that some of a class missed; `lure` is the wrong option that most chose, so many, if several did."""

    item: Item
    people: int
    missed: int
    lure: str
    lured: int


def missed_items(
    assignments: AssignmentQuerySet, quizzes: QuizAssignmentQuerySet, module: Module | None, with_exams: bool
) -> list[MissedItem]:
    """Return what was missed in attempts that count for what one cohort has set, by the most people first.

    Of each learner the first marked answer to an item, if it was given there; of fewer than five people nothing. Of
    `quizzes` that its staff made what is of that `module`, or of no section; everything where that is None. Keys of
    exams may be held back, so `with_exams` is for whoever may see keys anyway. 3 queries.
    """
    in_quizzes = Q(attempt__in=quizzes.attempts().values("pk"))
    if module:
        in_quizzes &= Q(item__bank__section=None) | Q(item__bank__module=module)
    tallies = _tallies(Q(attempt__in=assignments.attempts().values("pk")) | in_quizzes, with_exams)
    missed = {item: tally for item, tally in tallies.items() if tally.missed and not is_few(tally.people)}
    order = sorted(missed, key=lambda item: (-missed[item].missed, missed[item].people, item))[:MOST]
    items = Item.objects.select_related("current_version", "passage__section__module", "bank__section__module")
    by_pk = items.in_bulk(order)
    versions = ItemVersion.objects.in_bulk({version for item in order for version, _option in missed[item].chosen})
    return [_missed(by_pk[item], missed[item], versions) for item in order]


def _tallies(counting: Q, with_exams: bool) -> dict[int, Tally]:
    """Return {item id: Tally} of what counts. One query, whose rows grow with items and ways to answer them."""
    rows = Response.objects.filter(counting, is_first=True, score__isnull=False, item__withdrawn_at=None)
    if not with_exams:
        rows = rows.exclude(attempt__use=Use.EXAM)
    options = Case(When(shown_version__kind__in=WITH_OPTIONS, then=Cast("answer", TextField())))
    alike = rows.annotate(options=options).values("item", "shown_version", "options").order_by()
    counted = alike.annotate(people=Count("pk"), missed=Count("pk", filter=Q(score__lt=1)))
    tallies: dict[int, Tally] = {}
    for item, version, text, people, missed in counted.values_list(
        "item", "shown_version", "options", "people", "missed"
    ):
        tally = tallies.setdefault(item, Tally())
        tally.people += people
        tally.missed += missed
        for option in chosen_in(text):
            tally.chosen[version, option] += people
    return tallies


def _missed(item: Item, tally: Tally, versions: Mapping[int, ItemVersion]) -> MissedItem:
    """Return what is told of one item. No query."""
    wrong = [(chosen, pair) for pair, chosen in tally.chosen.items() if pair[1] not in item.version.keys]
    lured, (version, option) = max(wrong, default=(0, (0, "")))
    lure = versions[version].options[option] if lured >= SEVERAL else ""
    return MissedItem(item, tally.people, tally.missed, lure, lured)


# What is asked again


@dataclass(frozen=True)
class Offer:
    """A missed item for whoever may see keys: its page with the key, "" where its bank is not open to them.

    And why a quiz of theirs cannot ask it; "" where it can.
    """

    missed: MissedItem
    address: str
    hindrance: str


def offers(rows: list[MissedItem], user: User) -> list[Offer]:
    """Return an Offer for each of these. 2 queries."""
    items = [row.item for row in rows]
    opened = {*Bank.objects.seen_by(user).filter(pk__in={item.bank_id for item in items}).values_list("pk", flat=True)}
    asked = {item.pk for item in askable(Item.objects.filter(pk__in=[item.pk for item in items], bank__in=opened))}
    return [
        Offer(
            row,
            address_of(row.item) if row.item.bank_id in opened else "",
            "" if row.item.pk in asked else _hindrance(row.item, row.item.bank_id in opened),
        )
        for row in rows
    ]


def _hindrance(item: Item, is_open: bool) -> str:
    if not is_open:
        return _("It stands in a bank of somebody else: a quiz of yours cannot ask it.")
    if item.is_kept:
        return _("It is kept for exams: a quiz of your own cannot ask it.")
    return _("It cannot be asked now: its text is being changed, or its section is withdrawn.")
