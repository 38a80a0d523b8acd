"""What a learner is asked again today, and what is probably still known. May import the apps on its left."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery

from accounts.compiled import ID, Compiled
from accounts.models import Anyone
from accounts.zones import zone
from cohorts.models import Assignment
from lessons.models import Module, Section
from quizzes import progress, schedule
from quizzes.models import Item, Recall
from quizzes.models.recalls import Known, known_by

SECONDS = 30  # an item takes about so long, so that a full review is a visit of ten minutes


def known_to(user: Anyone, at: datetime) -> list[Known]:
    """Return the Known rows of what the day's review may ask, of all modules that one may see. One query.

    What a cohort of the learner has set comes back by the day of its next date: computed here, since recalls know of
    no cohort, and stored nowhere.
    """
    if not user.is_authenticated:
        return []
    local = zone(user.time_zone)
    return [known_by(row, local) for row in KNOWN(user=user.pk, at=at)]


def _known(user: Anyone, at: datetime) -> QuerySet[Any, Any]:
    covering = Q(sections=None) | Q(sections=OuterRef("item__bank__section"))
    dates = Assignment.objects.set_for(user).filter(covering, module=OuterRef("item__bank__module"), due_at__gte=at)
    recalls = Recall.objects.of(user).reviewable().filter(item__bank__module__in=Module.objects.seen_by(user))
    latest_at = Subquery(dates.order_by("due_at").values("due_at")[:1])
    return recalls.annotate(latest_at=latest_at).for_known("latest_at")


KNOWN = Compiled(_known, user=ID, at=DateTimeField())


@dataclass(frozen=True)
class DueItems:
    """What is due, of the Known rows of one learner, on the learner's day."""

    known: list[Known]
    today: date

    @cached_property
    def due(self) -> list[Known]:
        return [row for row in self.known if row.due_on <= self.today]

    @property
    def done(self) -> int:
        """Return how many items were met again today, in whatever use: they count for the day's most."""
        return sum(row.first_on < row.last_on == self.today for row in self.known)

    @property
    def count(self) -> int:
        """Return how many the day's review asks at most."""
        return min(len(self.due), max(schedule.MOST_A_DAY - self.done, 0))

    @property
    def minutes(self) -> int:
        return minutes(self.count)

    @property
    def next_on(self) -> date | None:
        """Return the next day on which something is due; None where nothing is known."""
        return min((row.due_on for row in self.known if row.due_on > self.today), default=None)

    @property
    def next_count(self) -> int:
        """Return how many that day asks at most."""
        return min(sum(row.due_on == self.next_on for row in self.known), schedule.MOST_A_DAY)

    @property
    def week(self) -> list[tuple[date, int]]:
        """Return [(day, how many are asked)] for seven days from today."""
        return schedule.week([row.due_on for row in self.known], self.today, self.done)


def minutes(items: int) -> int:
    """Return how long so many items take, in whole minutes, at least one."""
    return max(round(items * SECONDS / 60), 1)


def chosen(load: DueItems) -> list[int]:
    """Return the ids of the items of today's review, in order. One query."""
    claims: dict[int, set[int]] = {row.item_id: set() for row in load.due}
    for item, claim in Item.claims.through.objects.filter(item__in=claims).values_list("item_id", "claim_id"):
        claims[item].add(claim)
    waiting = [
        (schedule.recall(row.stability, (load.today - row.last_on).days), row.item_id, claims[row.item_id])
        for row in load.due
    ]
    return schedule.arranged(waiting, load.count)


def items_of(keys: Sequence[int]) -> list[Item]:
    """Return the items of these ids in that order, with what starting an attempt of them needs. One query."""
    items = Item.objects.select_related("current_version").in_bulk(keys)
    return [items[key] for key in keys]


@dataclass(frozen=True)
class Ahead:
    """A day to come back on, and how many items it asks at most."""

    day: date
    count: int

    @property
    def minutes(self) -> int:
        return minutes(self.count)


def days_ahead(known: Iterable[Known], today: date, most: int = 4) -> list[Ahead]:
    """Return the next days after today on which something of these rows is due, at most so many."""
    counts = Counter(row.due_on for row in known if row.due_on > today)
    return [Ahead(day, min(counts[day], schedule.MOST_A_DAY)) for day in sorted(counts)[:most]]


@dataclass(frozen=True)
class Remembered:
    """A section of which items were met before today, and how many of them are probably still known."""

    section: Section
    still: int
    met: int


def remembered(known: Iterable[Known], today: date) -> list[Remembered]:
    """Return a Remembered for each section of these rows, by module and position. One query.

    What was met today is left out: the formula knows all of it, what was missed a moment ago too.
    """
    by_section: dict[int, list[Known]] = {}
    for row in known:
        if row.last_on < today:
            by_section.setdefault(row.section_id, []).append(row)
    sections = Section.objects.filter(pk__in=[key for key in by_section if key]).select_related("module")
    return [
        Remembered(section, round(progress.still_known(by_section[section.pk], today)), len(by_section[section.pk]))
        for section in sections.order_by("module", "position")
    ]
