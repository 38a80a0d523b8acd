"""Before and after: how learners answered the same item in a quiz that was set first, and in quizzes later on.

Counts of what counts for the cohort, from what is stored anyway (decision 0065); exams are left out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.privacy import is_few
from cohorts.models import Cohort, QuizAssignment
from lessons.models import Section
from quizzes.models import Attempt, Item, Response

AT_ONCE = 2000  # rows in memory


class Answered(NamedTuple):
    """The first answers of one learner to one item: in the quiz before, handed in then, and in those after.

    An attempt after was `begun` then: None where there is none. Right is wholly right.
    """

    learner: int
    item: int
    was_right: bool
    handed_in: datetime
    is_right: bool
    begun: datetime | None

    @property
    def is_pair(self) -> bool:
        """Whether the attempt after was begun once the one before was handed in."""
        return self.begun is not None and self.begun > self.handed_in


@dataclass
class Compared:
    """How many answers of which `people` were right before and after, by (before, after)."""

    answers: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    people: set[int] = field(default_factory=set)

    def add(self, other: "Compared") -> None:
        """Count those of another item in."""
        self.answers += other.answers
        self.people |= other.people

    @property
    def is_silent(self) -> bool:
        """Whether nothing is said: they are of fewer than five people."""
        return is_few(len(self.people))

    @property
    def both(self) -> int:
        return self.answers[True, True]

    @property
    def later(self) -> int:
        """How many were wrong, then right."""
        return self.answers[False, True]

    @property
    def earlier(self) -> int:
        """How many were right, then wrong."""
        return self.answers[True, False]

    @property
    def neither(self) -> int:
        return self.answers[False, False]


def compare(rows: Iterable[Answered]) -> dict[int, Compared]:
    """Return {item: Compared} of each item that was answered before, empty where nobody answered it after. Pure."""
    compared: dict[int, Compared] = {}
    for row in rows:
        item = compared.setdefault(row.item, Compared())
        if row.is_pair:
            item.answers[row.was_right, row.is_right] += 1
            item.people.add(row.learner)
    return compared


@dataclass
class ComparedSection:
    """The items of one section (None: of banks of staff) that can be told, and how many are of too few learners.

    `whole` sums up what is shown, and no more: else it would tell of the few.
    """

    section: Section | None
    whole: Compared = field(default_factory=Compared)
    items: list[tuple[Item, Compared]] = field(default_factory=list)
    silent: int = 0

    def take(self, item: Item, compared: Compared) -> None:
        """Count an item of it in."""
        if compared.is_silent:
            self.silent += 1
        else:
            self.whole.add(compared)
            self.items.append((item, compared))


def sections_compared(before: QuizAssignment, after: QuizAssignment | None) -> list[ComparedSection]:
    """Return, in order, each section whose items the learners of a cohort met in the quiz `before`. 2 queries.

    Compared with another quiz that is set there, or else with the quizzes of its sections. Those come first that most
    got wrong after.
    """
    compared = compare(_answered(before, _after(before.cohort, after)))
    items = Item.objects.select_related("current_version", "bank__section__module").in_bulk(compared)
    sections: dict[int | None, ComparedSection] = {}
    for item in sorted(items.values(), key=_place):
        row = sections.setdefault(item.bank.section_id, ComparedSection(item.bank.section))
        row.take(item, compared[item.pk])
    for row in sections.values():
        row.items.sort(key=lambda pair: -(pair[1].earlier + pair[1].neither))
    return list(sections.values())


def _place(item: Item) -> tuple[bool, int, int, int]:
    section = item.bank.section
    return section is None, section.module_id if section else 0, section.position if section else 0, item.pk


def _after(cohort: Cohort, after: QuizAssignment | None) -> QuerySet[Attempt]:
    if after is None:
        return cohort.assignments.all().quizzes()
    return QuizAssignment.objects.filter(pk=after.pk).attempts()


def _answered(before: QuizAssignment, after: QuerySet[Attempt]) -> Iterator[Answered]:
    """Yield what each learner answered first, before and after, of the items that they met before. One query."""
    counting = QuizAssignment.objects.filter(pk=before.pk).attempts()
    either = counting.values("pk").union(after.values("pk"), all=True)
    marked = Response.objects.filter(attempt__in=either, score__isnull=False, item__withdrawn_at=None)
    first = Window(  # in the quiz before, and in those after: all of these are of one other quiz, or of none
        RowNumber(),
        partition_by=[F("attempt__learner"), F("item"), F("attempt__quiz")],
        order_by=["attempt__submitted_at", "attempt"],
    )
    firsts = marked.annotate(turn=first).filter(turn=1).values("pk")
    was = Q(attempt__quiz=before.quiz_id)
    pairs = Response.objects.filter(pk__in=firsts).order_by().values("attempt__learner", "item")
    counted = pairs.annotate(
        was_right=Count("pk", filter=was & Q(score=1)),
        handed_in=Max("attempt__submitted_at", filter=was),
        is_right=Count("pk", filter=~was & Q(score=1)),
        begun=Max("attempt__started_at", filter=~was),
    ).filter(handed_in__isnull=False)
    names = ("attempt__learner", "item", "was_right", "handed_in", "is_right", "begun")
    for learner, item, was_right, handed_in, is_right, begun in counted.values_list(*names).iterator(AT_ONCE):
        yield Answered(learner, item, bool(was_right), handed_in, bool(is_right), begun)
