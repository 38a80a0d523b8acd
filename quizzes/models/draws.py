"""What an attempt asks, and in which order: those items come first that the learner met least."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection
from django.db.models import QuerySet

from accounts.compiled import ID, Compiled, Parameter
from accounts.models import User
from lessons.models import Module
from quizzes.models.items import Bank, Item, ItemVersion, Use
from quizzes.models.kept_versions import versions

Drawn = TypeVar("Drawn")
# Written out, since every start asks it: Django took longer to write it than the database to answer it.
MET = """
    SELECT response.item_id, COUNT(*) FROM quizzes_attempt AS attempt
    JOIN quizzes_response AS response ON response.attempt_id = attempt.id
    WHERE attempt.learner_id = %s AND attempt.is_trial = %s AND attempt.use IN ({})
    GROUP BY response.item_id
"""


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


def _pool(bank: Parameter) -> QuerySet[Item, tuple[int, int, list[str]]]:
    return Item.objects.whole().filter(bank=bank).order_by("slug").values_list("pk", "current_version", "uses")


POOL = Compiled(_pool, bank=ID)


def draw(learner: User, bank: Bank, size: int, seed: int) -> list[ItemVersion]:
    """Return the versions of `size` items for a quiz, those least met in quizzes first, in mixed order.

    2 queries, and one for versions not read yet.
    """
    pool = {key: version for key, version, uses in POOL(bank=bank.pk) if Use.QUIZ in uses}
    rng = generator(seed)
    drawn = least_met(pool, times_met(learner, [Use.QUIZ]), size, rng)
    rng.shuffle(drawn)
    return _versions(drawn, pool)


def draw_exam(learner: User, module: Module, seed: int, certifies: bool = False) -> list[ItemVersion]:
    """Return the versions of so many items of each section that is not optional, in mixed order. 4 queries.

    One that certifies takes first what is kept for that; no other takes any of it. Of each kind those least met in
    quizzes and exams come first; a section with fewer gives all that it has.
    """
    times = times_met(learner, [Use.QUIZ, Use.EXAM])
    rng = generator(seed)
    drawn: list[int] = []
    for pool in exam_pools(module):
        size = module.exam_per_section
        kept = least_met(pool.kept, times, size, rng) if certifies else []
        drawn += [*kept, *least_met(pool.practised, times, size - len(kept), rng)]
    rng.shuffle(drawn)
    return in_order(drawn)


def in_order(drawn: Sequence[int]) -> list[ItemVersion]:
    """Return the current versions of the items of these ids. One query, and one for versions not read yet."""
    return _versions(drawn, dict(Item.objects.filter(pk__in=drawn).values_list("pk", "current_version")))


def _versions(drawn: Sequence[int], current: Mapping[int, int]) -> list[ItemVersion]:
    """Return the versions of drawn items by {id: id of its version}. One query for those that were not read yet."""
    kept = versions(current[key] for key in drawn)
    return [kept[current[key]] for key in drawn]


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


def times_met(learner: User, uses: list[Use]) -> dict[int, int]:
    """Return {item id: how often the learner met it in attempts of these uses, one or more}. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MET.format(", ".join(["%s"] * len(uses))), [learner.pk, False, *uses])
        return dict(cursor.fetchall())


def mix(missed: list[Drawn], others: list[Drawn], seed: int) -> list[Drawn]:
    """Return what is asked once more: the missed, and with three or more of them one other for every two. Pure."""
    rng = generator(seed)
    drawn = list(missed)
    if len(missed) >= 3:
        drawn += rng.sample(others, min(len(others), (len(missed) + 1) // 2))
    rng.shuffle(drawn)
    return drawn
