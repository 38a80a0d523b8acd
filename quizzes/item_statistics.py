"""Statistics of items and quizzes from what was answered, for those who may teach. Imports the tables.

What counts is each learner's first marked response to an item in a quiz or exam (`Response.is_first`), as it is marked
now; trials and what counts for nobody are left out, and what an erased person answered stays.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from lessons.models import Module, Section
from quizzes.kinds.base import letter
from quizzes.models import Attempt, Bank, Item, ItemVersion, Quiz, Response, Use
from quizzes.models.attempt_queries import AttemptQuerySet
from quizzes.models.items import BankQuerySet, ItemQuerySet
from quizzes.reliability import Sittings, sittings_of
from quizzes.statistics import UNIT, URGENCY, Answers, Flag, Group, ItemStatistics, flags_of, statistics_of

WITH_OPTIONS = ("single", "multiple")  # kinds
AT_ONCE = 2000  # rows in memory
ITEMS_AT_ONCE = 100  # of them, each with all of its text

# One grouped read of the responses, beside the sums of the attempts that they belong to: Django's queries join no
# grouped query to another. To count what is alike takes a database less time than to sum squares, and is exact.
GROUPS = """
    WITH sitting AS (
        SELECT attempt_id, CAST(ROUND(SUM(score) * 10000) AS integer) AS total, COUNT(*) AS items
        FROM quizzes_response WHERE score IS NOT NULL{of_attempts} GROUP BY attempt_id
    ), first AS (
        SELECT
            response.shown_version_id AS version, response.language, sitting.items - 1 AS others,
            CAST(ROUND(response.score * 10000) AS integer) AS score, sitting.total,
            CASE WHEN shown.kind IN {kinds} THEN CAST(response.answer AS text) END AS answer
        FROM quizzes_response AS response
        JOIN sitting ON sitting.attempt_id = response.attempt_id
        JOIN quizzes_itemversion AS shown ON shown.id = response.shown_version_id
        WHERE response.is_first AND response.score IS NOT NULL{of_items}
    )
    SELECT version, language, others, score, total, answer, COUNT(*)
    FROM first GROUP BY version, total, score, answer, others, language
"""
IN_ITEMS = " AND {table}item_id IN ({items})"
IN_ATTEMPTS = " AND attempt_id IN (SELECT attempt_id FROM quizzes_response WHERE is_first{of_items})"


def groups_of(items: QuerySet[Item] | None = None) -> Iterator[Group]:
    """Yield the first responses to these items, or to all, in Groups, as the database counts them. One query.

    What is read grows with items, languages, and ways to answer and to stand in the rest, and not with responses.
    """
    of_items, of_attempts, keys = "", "", ()
    if items is not None:
        asked, keys = items.order_by().values("pk").query.sql_with_params()
        of_items = IN_ITEMS.format(table="response.", items=asked)
        of_attempts = IN_ATTEMPTS.format(of_items=IN_ITEMS.format(table="", items=asked))
    with connection.chunked_cursor() as cursor:
        query = GROUPS.format(kinds=WITH_OPTIONS, of_items=of_items, of_attempts=of_attempts)
        cursor.execute(query, [*keys, *keys])
        while rows := cursor.fetchmany(AT_ONCE):
            for version, language, others, score, total, answer, people in rows:
                yield Group(version, language, others, score, total, chosen_in(answer), people)


@lru_cache(maxsize=4096)
def chosen_in(text: str | None) -> tuple[str, ...]:
    """Return the ids of the options in an answer as it stands in the database; none where nothing was chosen."""
    answer = json.loads(text) if text else None
    return tuple(answer) if isinstance(answer, list) else (answer,) if answer else ()


class Share(NamedTuple):
    """So many of so many people."""

    people: int
    of: int

    @property
    def width(self) -> str:
        """Return how long its bar is, as SVG has it in every language."""
        return f"{100 * self.people / self.of:.1f}%" if self.of else "0%"


@dataclass(frozen=True)
class Choice:
    """An option as it was shown: its letter on paper, whether it is a key now, and who chose it.

    `shares` are of the upper, the middle and the lower third.
    """

    letter: str
    text: str
    is_key: bool
    chosen: int
    shares: list[Share]


@dataclass(frozen=True)
class Studied:
    """A version of an item that has its current one at hand, and what first responses say of it."""

    item: Item
    version: ItemVersion
    statistics: ItemStatistics

    @property
    def answers(self) -> Answers:
        return self.statistics.whole

    @property
    def address(self) -> str:
        """The page of its figures, below its section or in its owner's bank, which are at hand. No query."""
        if section := self.item.bank.section:
            return reverse("quizzes:item_statistics", args=[section.module.slug, section.slug, self.item.slug])
        return reverse("quizzes:own_item_statistics", args=[self.item.bank_id, self.item.pk])

    @property
    def is_current(self) -> bool:
        """Whether it is what learners are asked now."""
        return self.version.pk == self.item.current_version_id

    @cached_property
    def flags(self) -> list[tuple[Flag, str]]:
        """What stands out, the most urgent first, each with the letter of its option, if it is of one."""
        options, keys = list(self.version.options), self._keys
        distractors = [option for option in options if option not in keys]
        guessing = self.version.rules.guessing(self.version.document)
        rows = flags_of(self.statistics, distractors, guessing, bool(self.item.easy))
        return [(flag, letter(options.index(flag.option)) if flag.option else "") for flag in rows]

    @property
    def urgency(self) -> int:
        """Its order among others: 0 with the most urgent flag, more with less urgent ones, and last without any."""
        order = list(dict.fromkeys(URGENCY.values()))
        return min((order.index(flag.urgency) for flag, _letter in self.flags), default=len(order))

    @property
    def choices(self) -> list[Choice]:
        """The options with who chose them; empty of a kind that has none."""
        sizes = self.statistics.thirds
        return [
            Choice(
                letter=letter(index),
                text=text,
                is_key=option in self._keys,
                chosen=self.statistics.choosing(option),
                shares=list(map(Share, self.statistics.choosing_by_third(option), sizes)),
            )
            for index, (option, text) in enumerate(self.version.options.items())
        ]

    @property
    def _keys(self) -> list[str]:
        """Return the ids that are right now: what an earlier version showed is marked by the current key too."""
        return self.item.version.keys


def of_bank(bank: Bank) -> list[Studied]:
    """Return the current version of each live item of a bank, the most urgent flags first. 2 queries.

    Of an owner's those have none that were never finished.
    """
    return _in_order(_each(bank.items.live(), groups_of(Item.objects.filter(bank=bank))))


def of_quiz(quiz: Quiz, banks: BankQuerySet) -> list[Studied]:
    """Return the same of what a quiz of somebody's asks of these banks, always or in an attempt before. 3 queries.

    What counts of an item is answered on the whole site, wherever it was asked first.
    """
    asked = Response.objects.filter(attempt__quiz=quiz, attempt__use=Use.QUIZ, attempt__is_trial=False)
    rows = Item.objects.filter(Q(quizzes=quiz) | Q(pk__in=asked.values("item")), bank__in=banks.values("pk"))
    keys = set(rows.values_list("pk", flat=True))  # as a subquery it is nested deeper than SQLite reads
    items = Item.objects.filter(pk__in=keys)
    return _in_order(_each(items.live().select_related("bank__section__module"), groups_of(items))) if keys else []


def of_sections(sections: QuerySet[Section]) -> tuple[list[Studied], Counter[Module]]:
    """Return the same of those items of these sections that stand out, and {module: how many items it has in all}.

    With sections and modules. 2 queries, over every response. What does not stand out is let go: the text of all items
    takes several times what is counted of them.
    """
    items = Item.objects.live().filter(bank__section__in=sections)
    rows, modules = [], Counter[Module]()
    for row in _each(items.select_related("bank__section__module"), groups_of()):
        if section := row.item.bank.section:
            modules[section.module] += 1
        if row.flags:
            rows.append(row)
    return _in_order(rows), modules


def _each(items: ItemQuerySet, groups: Iterator[Group]) -> Iterator[Studied]:
    """Yield the current version of each of these items, as they stand in a bank."""
    statistics = statistics_of(groups)
    whole = items.filter(current_version__isnull=False).select_related("current_version")
    for item in whole.in_order().iterator(ITEMS_AT_ONCE):
        yield _studied(item, item.version, statistics)


def _in_order(rows: Iterable[Studied]) -> list[Studied]:
    return sorted(rows, key=lambda row: row.urgency)


def in_figures(rows: Sequence[Studied]) -> dict[str, Any]:
    """Return what a page shows of these: all, those with enough answers for rates, and those that stand out."""
    return {
        "rows": rows,
        "shown": [row for row in rows if not row.answers.is_silent],
        "flagged": [row for row in rows if row.flags],
    }


def of_versions(item: Item) -> list[Studied]:
    """Return the current version of an item, and each earlier one that counts, the latest first. 2 queries."""
    statistics = statistics_of(groups_of(Item.objects.filter(pk=item.pk)))
    rows = [_studied(item, version, statistics) for version in item.versions.order_by("-number")]
    return [row for row in rows if row.is_current or row.answers.count]


def _studied(item: Item, version: ItemVersion, statistics: Mapping[int, ItemStatistics]) -> Studied:
    return Studied(item, version, statistics.get(version.pk, ItemStatistics()))


# Quizzes and exams as a whole


def quizzes_of(bank: Bank) -> list[Sittings]:
    """Return each learner's first quiz from that bank, as Sittings by length, the commonest first. One query."""
    return _sittings(Attempt.objects.filter(bank=bank, use=Use.QUIZ))


def sittings_of_quiz(quiz: Quiz) -> list[Sittings]:
    """Return each learner's first attempt of a quiz of somebody's, as Sittings by length, likewise. One query."""
    return _sittings(Attempt.objects.filter(quiz=quiz, use=Use.QUIZ))


def exams_of(module: Module) -> list[Sittings]:
    """Return each learner's first exam of that module, as Sittings by length, the commonest first. One query."""
    return _sittings(Attempt.objects.filter(module=module, use=Use.EXAM))


def _sittings(attempts: AttemptQuerySet) -> list[Sittings]:
    """Return the first of these attempts of each learner as Sittings; one in which an item counts for nobody is none.

    Of whoever was erased nobody knows which was the first: theirs are left out. Read row by row, and not kept.
    """
    handed_in = attempts.filter(is_trial=False, score__isnull=False, learner__isnull=False)
    turn = Window(RowNumber(), partition_by=F("learner"), order_by=("submitted_at", "pk"))
    firsts = handed_in.annotate(turn=turn).filter(turn=1).values("pk")
    rows = Response.objects.filter(attempt__in=firsts).order_by("attempt", "position")
    scores = rows.values_list("attempt", "score").iterator(AT_ONCE)
    sat = ([score for _attempt, score in alike] for _attempt, alike in groupby(scores, key=itemgetter(0)))
    return sittings_of([int(score * UNIT) for score in row if score is not None] for row in sat if None not in row)
