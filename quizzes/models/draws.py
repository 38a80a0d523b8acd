"""What an attempt asks, and in which order: those items come first that the learner met least."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, F

from accounts.models import User
from lessons.models import Module
from quizzes.models.items import Bank, Item, ItemVersion, Use
from quizzes.models.responses import Response

Drawn = TypeVar("Drawn")


def generator(seed: int | str) -> random.Random:
    """Return a generator of random numbers: the same ones for the same seed."""
    return random.Random(seed)  # noqa: S311 - no secret hangs on it


def shuffled(version: ItemVersion, seed: int) -> list[str]:
    """Return the version's pieces in the order that this attempt shows: as authored where order matters."""
    pieces = version.rules.pieces(version.document)
    if version.document["shuffle"]:
        generator(f"{seed}:{version.item_id}").shuffle(pieces)
    return pieces


def least_met(keys: Iterable[int], times: Mapping[int, int], size: int, rng: random.Random) -> list[int]:
    """Return `size` of these ids, those with the fewest of `times` {id: how often met} first. Pure.

    Among equals `rng` decides.
    """
    drawn = list(keys)
    rng.shuffle(drawn)
    drawn.sort(key=lambda key: times.get(key, 0))
    return drawn[:size]


def draw(learner: User, bank: Bank, size: int, seed: int) -> list[ItemVersion]:
    """Return the versions of `size` items for a quiz, those least met in quizzes first, in mixed order. 3 queries."""
    rows = Item.objects.whole().filter(bank=bank).order_by("slug").values_list("pk", "uses")
    pool = [key for key, uses in rows if Use.QUIZ in uses]
    rng = generator(seed)
    drawn = least_met(pool, times_met(learner, [Use.QUIZ], item__bank=bank), size, rng)
    rng.shuffle(drawn)
    return in_order(drawn)


def draw_exam(learner: User, module: Module, seed: int, certifies: bool = False) -> list[ItemVersion]:
    """Return the versions of so many items of each section that is not optional, in mixed order. 4 queries.

    One that certifies takes first what is kept for that; no other takes any of it. Of each kind those least met in
    quizzes and exams come first; a section with fewer gives all that it has.
    """
    times = times_met(learner, [Use.QUIZ, Use.EXAM], item__bank__module=module)
    rng = generator(seed)
    drawn: list[int] = []
    for pool in exam_pools(module):
        size = module.exam_per_section
        kept = least_met(pool.kept, times, size, rng) if certifies else []
        drawn += [*kept, *least_met(pool.practised, times, size - len(kept), rng)]
    rng.shuffle(drawn)
    return in_order(drawn)


def in_order(drawn: Sequence[int]) -> list[ItemVersion]:
    """Return the current versions of the items of these ids. One query."""
    current = ItemVersion.objects.filter(item__in=drawn, item__current_version=F("pk"))
    versions = {version.item_id: version for version in current}
    return [versions[key] for key in drawn]


@dataclass(frozen=True)
class Pool:
    """The ids of one section's exam items: those that are kept for exams that certify, and those practised too."""

    kept: list[int]
    practised: list[int]

    def size(self, most: int, certifies: bool) -> int:
        """Return how many of them an exam asks that takes at most so many."""
        return min(len(self.practised) + (len(self.kept) if certifies else 0), most)


def exam_pools(module: Module) -> list[Pool]:
    """Return the Pools of the live sections that are not optional and have exam items, in order. 2 queries."""
    sections = [row.pk for row in module.sections.live().order_by("position") if not row.is_optional]
    pools: dict[int | None, Pool] = {}
    items = Item.objects.whole().filter(bank__section__in=sections).order_by("bank__section__position", "slug")
    for item in items.select_related("bank").only("uses", "bank__section"):
        if Use.EXAM in item.uses:
            pool = pools.setdefault(item.bank.section_id, Pool([], []))
            (pool.kept if item.is_kept else pool.practised).append(item.pk)
    return list(pools.values())


def times_met(learner: User, uses: list[Use], **items: Any) -> dict[int, int]:
    """Return {item id: how often the learner met it in attempts of these uses}. One query."""
    attempts = learner.attempts.filter(use__in=uses, is_trial=False)
    met = Response.objects.filter(attempt__in=attempts, **items)
    return dict(met.values("item").annotate(times=Count("pk")).values_list("item", "times"))


def mix(missed: list[Drawn], others: list[Drawn], seed: int) -> list[Drawn]:
    """Return what is asked once more: the missed, and with three or more of them one other for every two. Pure."""
    rng = generator(seed)
    drawn = list(missed)
    if len(missed) >= 3:
        drawn += rng.sample(others, min(len(others), (len(missed) + 1) // 2))
    rng.shuffle(drawn)
    return drawn
