"""What an attempt asks, and in which order: those items come first that the learner met least."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count

from accounts.models import User
from lessons.models import Module
from quizzes.models.items import Bank, Item, ItemVersion, Use
from quizzes.models.responses import Response


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


def draw(learner: User, bank: Bank, size: int, seed: int) -> list[Item]:
    """Return `size` items of the bank for a quiz, those least met in quizzes first, in mixed order. 2 queries."""
    items = {item.pk: item for item in Item.objects.filter(bank=bank).drawable(Use.QUIZ)}
    rng = generator(seed)
    drawn = least_met(items, times_met(learner, [Use.QUIZ], item__bank=bank), size, rng)
    rng.shuffle(drawn)
    return [items[key] for key in drawn]


def draw_exam(learner: User, module: Module, seed: int) -> list[Item]:
    """Return the module's number of items of each section that is not optional, in mixed order. 4 queries.

    Those least met in quizzes and exams come first; a section with fewer gives all that it has.
    """
    times = times_met(learner, [Use.QUIZ, Use.EXAM], item__bank__module=module)
    rng = generator(seed)
    drawn: list[int] = []
    for keys in exam_pool(module).values():
        drawn += least_met(keys, times, module.exam_per_section, rng)
    rng.shuffle(drawn)
    items = Item.objects.select_related("current_version").in_bulk(drawn)
    return [items[key] for key in drawn]


def exam_pool(module: Module) -> dict[int, list[int]]:
    """Return {section id: ids of its exam items} of the live sections that are not optional, in order. 2 queries."""
    sections = [row.pk for row in module.sections.live().order_by("position") if not row.is_optional]
    pool: dict[int, list[int]] = defaultdict(list)
    rows = Item.objects.live().filter(bank__section__in=sections).order_by("bank__section__position", "slug")
    for section, item, uses in rows.values_list("bank__section", "pk", "uses"):
        if Use.EXAM in uses:
            pool[section].append(item)
    return pool


def times_met(learner: User, uses: list[Use], **items: Any) -> dict[int, int]:
    """Return {item id: how often the learner met it in attempts of these uses}. One query."""
    met = Response.objects.filter(attempt__learner=learner, attempt__use__in=uses, attempt__is_trial=False, **items)
    return dict(met.values("item").annotate(times=Count("pk")).values_list("item", "times"))


def mix(missed: list[Item], others: list[Item], seed: int) -> list[Item]:
    """Return what is asked once more: the missed, and with three or more of them one other for every two. Pure."""
    rng = generator(seed)
    drawn = list(missed)
    if len(missed) >= 3:
        drawn += rng.sample(others, min(len(others), (len(missed) + 1) // 2))
    rng.shuffle(drawn)
    return drawn
