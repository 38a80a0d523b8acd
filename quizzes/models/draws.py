"""What an attempt asks, and in which order: those items come first that the learner met least."""

import random
from collections import defaultdict

from django.db.models import Count

from quizzes.models.items import Item, Use
from quizzes.models.responses import Response


def chance(seed):
    """A source of chance that gives the same for the same seed."""
    return random.Random(seed)  # noqa: S311 - no secret hangs on it


def shuffled(version, seed):
    """The version's pieces in the order that this attempt shows, kept from then on; as authored where order matters."""
    pieces = version.rules.pieces(version.document)
    if version.document["shuffle"]:
        chance(f"{seed}:{version.item_id}").shuffle(pieces)
    return pieces


def least_met(keys, times, size, luck):
    """`size` of these ids: first those with the fewest of `times` {id: how often met}, chance among equals. Pure."""
    drawn = list(keys)
    luck.shuffle(drawn)
    drawn.sort(key=lambda key: times.get(key, 0))
    return drawn[:size]


def draw(learner, bank, size, seed):
    """`size` items of the bank for a quiz, those least met in quizzes first, in mixed order. 2 queries."""
    items = {item.pk: item for item in Item.objects.filter(bank=bank).drawable(Use.QUIZ)}
    luck = chance(seed)
    drawn = least_met(items, times_met(learner, [Use.QUIZ], item__bank=bank), size, luck)
    luck.shuffle(drawn)
    return [items[key] for key in drawn]


def draw_exam(learner, module, seed):
    """Of each section that is not optional the module's number of items, in mixed order. 4 queries.

    Those least met in quizzes and exams come first; a section with fewer gives all that it has.
    """
    times = times_met(learner, [Use.QUIZ, Use.EXAM], item__bank__module=module)
    luck, drawn = chance(seed), []
    for keys in exam_pool(module).values():
        drawn += least_met(keys, times, module.exam_per_section, luck)
    luck.shuffle(drawn)
    items = Item.objects.select_related("current_version").in_bulk(drawn)
    return [items[key] for key in drawn]


def exam_pool(module):
    """{section id: ids of its items for an exam} of the live sections that are not optional, in order. 2 queries."""
    sections = [row.pk for row in module.sections.live().order_by("position") if not row.is_optional]
    pool = defaultdict(list)
    rows = Item.objects.live().filter(bank__section__in=sections).order_by("bank__section__position", "slug")
    for section, item, uses in rows.values_list("bank__section", "pk", "uses"):
        if Use.EXAM in uses:
            pool[section].append(item)
    return pool


def times_met(learner, uses, **items):
    """{item id: how often the learner met it in attempts of these uses}. One query."""
    met = Response.objects.filter(attempt__learner=learner, attempt__use__in=uses, attempt__is_trial=False, **items)
    return dict(met.values("item").annotate(times=Count("pk")).values_list("item", "times"))


def mix(missed, others, seed):
    """What is asked once more: the missed, and with three or more of them one other for every two. Pure."""
    luck = chance(seed)
    drawn = list(missed)
    if len(missed) >= 3:
        drawn += luck.sample(others, min(len(others), (len(missed) + 1) // 2))
    luck.shuffle(drawn)
    return drawn
