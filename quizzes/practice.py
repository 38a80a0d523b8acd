"""What a learner's practice tells of their habits and of how they judge. Imports the tables."""

from django.db.models import QuerySet

from accounts.models import User
from quizzes.habits import FAILS, HOLDS, Judgement, Miss, judgement, misses
from quizzes.models import Response, Use

MOST = 300  # answers, the latest: what somebody missed a year ago says little of today


def habits_of(learner: User) -> list[Miss]:
    """Return which habits the learner missed in practice, the most missed first. One query."""
    wrong = _practice(learner).filter(score__lt=1, item__document__has_key="habits", answer__isnull=False)
    return misses(wrong.values_list("answer", "item__document__habits")[:MOST])


def judgement_of(learner: User) -> Judgement:
    """Return how the learner judged in practice whether a statement may be printed. One query."""
    asked = _practice(learner).filter(marked_version__document__labels__0__id__in=(HOLDS, FAILS))
    return judgement(asked.values_list("marked_version__document", "answer")[:MOST])


def _practice(learner: User) -> QuerySet[Response]:
    """Return the marked responses of checks, quizzes and reviews, the latest first; an exam may hold its keys back."""
    mine = Response.objects.filter(attempt__learner=learner, attempt__is_trial=False, score__isnull=False)
    return mine.exclude(attempt__use=Use.EXAM).order_by("-marked_at", "-pk")
