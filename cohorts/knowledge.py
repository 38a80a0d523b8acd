"""What a class knows, in counts alone: how sure it was beside what was right, and what it would have let through.

Of quizzes that count (decision 0009) each learner's first answer to an item: exams ask no certainty and may hold keys
back. How long somebody was at work is not among it: an attempt stays open while its learner is away (decision 0057). Of
how long quizzes were open it says a few words (decision 0065).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import repeat
from typing import TYPE_CHECKING

from django.db.models import Case, Count, F, Q, TextField, Value, When, Window
from django.db.models.functions import Cast, RowNumber
from django.utils.translation import gettext_lazy as _

from accounts.privacy import is_few
from cohorts.models.assignments import AssignmentQuerySet
from cohorts.models.quizzes import QuizAssignmentQuerySet
from quizzes.certainty import LEVELS
from quizzes.habits import FAILS, HOLDS, Judgement, judgement
from quizzes.kinds import Answer, Version
from quizzes.models import Attempt, ItemVersion, Response
from quizzes.models.responses import ResponseQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Level:
    """Of `count` answers that `people` learners gave at one level of certainty, `right` were wholly right."""

    level: int
    right: int = 0
    count: int = 0
    people: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether nothing is said, not even how many answers there are: they are of fewer than five people."""
        return is_few(self.people)


@dataclass(frozen=True)
class Knowledge:
    """The three levels, from unsure to sure, and how `judges` learners judged what may be printed."""

    levels: list[Level]
    judged: Judgement
    judges: int

    @property
    def has_levels(self) -> bool:
        """Whether some level can be told."""
        return not all(level.is_silent for level in self.levels)

    @property
    def has_judged(self) -> bool:
        """Whether it can be told how statements were judged."""
        return not is_few(self.judges)


def knowledge_of(assignments: AssignmentQuerySet) -> Knowledge:
    """Return what the learners of these assignments, of one cohort, know. 4 queries.

    What is read grows with items and ways to answer them, not with people.
    """
    first = Response.objects.filter(
        attempt__in=assignments.quizzes().values("pk"), is_first=True, score__isnull=False
    ).order_by()
    asked = first.filter(marked_version__document__labels__0__id__in=(HOLDS, FAILS))
    judges = asked.aggregate(people=Count("attempt__learner", distinct=True))["people"]
    return Knowledge(_levels(first), judgement(_judged(asked)), judges)


def _levels(responses: ResponseQuerySet) -> list[Level]:
    """Return a Level for each, empty where nobody gave it. One query."""
    counted = responses.filter(certainty__isnull=False).values("certainty")
    rows = counted.annotate(
        right=Count("pk", filter=Q(score=1)), count=Count("pk"), people=Count("attempt__learner", distinct=True)
    )
    known = {level: counts for level, *counts in rows.values_list("certainty", "right", "count", "people")}
    return [Level(level, *known.get(level, ())) for level in LEVELS]


def _judged(responses: ResponseQuerySet) -> Iterator[tuple[Version, Answer]]:
    """Yield (document of the version, answer) of each response. 2 queries: equal answers are one row of the first."""
    alike = responses.annotate(text=Cast("answer", TextField())).values("marked_version", "text")
    rows = list(alike.annotate(times=Count("pk")).values_list("marked_version", "text", "times"))
    versions = ItemVersion.objects.in_bulk({version for version, _text, _times in rows})
    for version, text, times in rows:
        yield from repeat((versions[version].document, json.loads(text or "null")), times)


# How long a quiz was open

SPANS = [
    (timedelta(minutes=15), _("minutes")),
    (timedelta(hours=1), _("within an hour")),
    (timedelta(days=1), _("within a day")),
]
LONGEST = _("more days")


@dataclass(frozen=True)
class Span:
    """So many `people` took a quiz from beginning to end in a time that the words say, breaks included."""

    words: "StrPromise"
    people: int

    @property
    def is_silent(self) -> bool:
        """Whether nothing is said: they are fewer than five."""
        return is_few(self.people)


def spans_of(assignments: AssignmentQuerySet, quizzes: QuizAssignmentQuerySet) -> list[Span]:
    """Return how many learners took which time, the shortest first, in quizzes that count for what a cohort set.

    Of each learner the first attempt of each quiz: who sat several may be in several. One query.
    """
    counting = assignments.quizzes().values("pk").union(quizzes.attempts().values("pk"), all=True)
    turn = Window(RowNumber(), partition_by=[F("learner"), F("bank"), F("quiz")], order_by=["submitted_at", "pk"])
    firsts = Attempt.objects.filter(pk__in=counting).annotate(turn=turn).filter(turn=1).values("pk")
    took = [When(submitted_at__lt=F("started_at") + limit, then=Value(at)) for at, (limit, _words) in enumerate(SPANS)]
    rows = Attempt.objects.filter(pk__in=firsts).order_by().annotate(span=Case(*took, default=Value(len(SPANS))))
    people = dict(rows.values("span").annotate(people=Count("learner", distinct=True)).values_list("span", "people"))
    return [Span(words, people.get(at, 0)) for at, words in enumerate([*(words for _, words in SPANS), LONGEST])]
