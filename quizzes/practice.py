"""What a learner's practice tells: how sure they were, which habits they miss, how they judge. Imports the tables."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, JSONField, Q, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import User
from quizzes.certainty import Sureness, surenesses
from quizzes.habits import FAILS, HOLDS, Judgement, Miss, judgement, misses
from quizzes.models import Response, Use

MOST = 300  # answers, the latest: what somebody missed a year ago says little of today
SURE, MISSED, JUDGED = "sure", "missed", "judged"  # what a row tells
COLUMNS = ("what", "level", "right", "count", "chosen", "document")


@dataclass(frozen=True)
class Practice:
    """A Sureness for each level of certainty, the habits missed, the most missed first, and how statements were judged.

    Trials are left out, and of habits and judging exams too, which may hold their keys back.
    """

    levels: list[Sureness]
    misses: list[Miss]
    judged: Judgement


def practice_of(learner: User) -> Practice:
    """Return what this learner's marked answers tell. One query, of at most 2 * MOST rows and one for each level."""
    marked = Response.objects.filter(attempt__learner=learner, attempt__is_trial=False, score__isnull=False)
    wrong = marked.filter(score__lt=1, item__document__has_key="habits", answer__isnull=False)
    asked = marked.filter(marked_version__document__labels__0__id__in=(HOLDS, FAILS))
    missed, judged = (
        _latest(wrong, MISSED, "item__document__habits"),
        _latest(asked, JUDGED, "marked_version__document"),
    )
    rows = list(_by_level(marked).union(missed, judged, all=True))
    return Practice(
        surenesses((level, right, count) for what, level, right, count, _chosen, _document in rows if what == SURE),
        misses((chosen, document) for what, *_counts, chosen, document in rows if what == MISSED),
        judgement((document, chosen) for what, *_counts, chosen, document in rows if what == JUDGED),
    )


def _by_level(marked: QuerySet[Response]) -> QuerySet[Response, Any]:
    """Return a row for each level of certainty that was given: how many were right, of how many."""
    nothing = Cast(Value(None), JSONField())
    levels = marked.filter(certainty__isnull=False).order_by().values(level=F("certainty"))
    counted = levels.annotate(right=Count("pk", filter=Q(score=1)), count=Count("pk"))
    return counted.annotate(what=Value(SURE, CharField()), chosen=nothing, document=nothing).values_list(*COLUMNS)


def _latest(marked: QuerySet[Response], what: str, document: str) -> QuerySet[Response, Any]:
    """Return a row for each of the latest of these that are no exam's: the answer, and what it is compared with."""
    latest = marked.exclude(attempt__use=Use.EXAM).order_by("-marked_at", "-pk").values("pk")[:MOST]
    none = Cast(Value(None), IntegerField())
    return (
        Response.objects.filter(pk__in=latest)
        .annotate(what=Value(what, CharField()), level=none, right=none, count=none)
        .annotate(chosen=F("answer"), document=F(document))
        .values_list(*COLUMNS)
    )
