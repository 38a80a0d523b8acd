"""Marks of quizzes of staff in a cohort: beside which module a quiz stands, and what makes a learner's mark.

Practice quizzes have marks too, which are shown and weigh nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.db.models import Exists, F, FilteredRelation, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.compiled import ID, Compiled
from cohorts.marks import AttemptRow, Mark, Reckoning
from cohorts.models import Assignment, Cohort, Enrolment, HandMark, QuizAssignment
from lessons.models import Module

Row = TypeVar("Row", bound=AttemptRow)
Sittings = Mapping[tuple[int, int], Sequence[AttemptRow]]  # by (learner id, id of a QuizAssignment), oldest first
ByHand = Mapping[tuple[int, int | None, int | None], HandMark]  # as HandMarkQuerySet.current has them
PASSING = Q(score__gte=F("threshold"))


class Sitting(NamedTuple):
    """An attempt that counts, as an AttemptRow."""

    pk: int
    learner_id: int
    score: Decimal
    threshold: Decimal
    submitted_at: datetime


def best_of(rows: Sequence[Row]) -> Row | None:
    """Return which of one learner's attempts counts: one that passed before others, then the best, the first of equals.

    None where there is none. What passes may have been changed between two attempts.
    """
    return max(rows, key=lambda row: (row.score >= row.threshold, row.score), default=None)


def short_of(number: int) -> str:
    """Return how the column of the quiz of that number, of those of staff, is headed where room is scarce."""
    return _("Q%(number)s") % {"number": number}


def quizzes_beside(cohort: Cohort, module: Module | None, assignments: Sequence[Assignment]) -> list[QuizAssignment]:
    """Return the quizzes that stand beside a module of a cohort, by opening. One query.

    Each beside one alone, so that no mark counts twice: the one that it names, or, where the cohort does not set that
    one, the first of its `assignments`, all that it sets. Without a module, where nothing is set, all of them.
    """
    rows = NUMBERED(cohort=cohort.pk)
    for row in rows:
        row.cohort = cohort
    return [row for row in rows if _is_beside(row, module, assignments)]


NUMBERED = Compiled(lambda cohort: QuizAssignment.objects.filter(cohort=cohort).numbered(), cohort=ID)


def _is_beside(row: QuizAssignment, module: Module | None, assignments: Sequence[Assignment]) -> bool:
    modules = [one.module_id for one in assignments]
    return module is None or module.pk == (row.module_id if row.module_id in modules else modules[0])


def sittings_of(quizzes: Collection[QuizAssignment], learners: Collection[int]) -> Sittings:
    """Return what counts of these quizzes, and of these people. One query, none without quizzes."""
    sittings: dict[tuple[int, int], list[AttemptRow]] = defaultdict(list)
    if quizzes:
        names = ("pk", "learner_id", "score", "threshold", "submitted_at", "assignment_id")
        rows = _attempts(quizzes).filter(learner__in=learners).order_by("submitted_at", "pk")
        for row in rows.values_list(*names, named=True):
            sittings[row.learner_id, row.assignment_id].append(row)
    return sittings


def marks_of_one(
    place: Enrolment, module: Module | None, assignments: Sequence[Assignment]
) -> list[tuple[QuizAssignment, Mark]]:
    """Return what `quizzes_beside` does, each with the Mark of one learner of the cohort. 2 queries."""
    theirs = FilteredRelation("quiz__attempts", condition=Q(quiz__attempts__learner=place.user_id or 0))
    counting = QuizAssignment.objects.attempts().filter(pk=OuterRef("sat__pk"), assignment_id=OuterRef("pk"))
    rows = place.cohort.quiz_assignments.numbered().annotate(sat=theirs)
    names = {f"sat_{name}": F(f"sat__{name}") for name in Sitting._fields}
    quizzes: dict[int, QuizAssignment] = {}
    sittings: dict[tuple[int, int], list[Sitting]] = defaultdict(list)
    for row in rows.annotate(counts=Exists(counting), **names).order_by(
        "opens_at", "pk", "sat__submitted_at", "sat__pk"
    ):
        quizzes.setdefault(row.pk, row)
        if row.counts and place.user_id:
            sitting = Sitting._make(getattr(row, name) for name in names)
            sittings[place.user_id, row.pk].append(sitting)
    beside = [row for row in quizzes.values() if _is_beside(row, module, assignments)]
    by_hand = place.hand_marks.filter(quiz__isnull=False).current() if beside else {}
    return list(zip(beside, marks_of(beside, place.pk, place.user_id, sittings, by_hand), strict=True))


def mark_of_one(place: Enrolment, row: QuizAssignment, by_hand: Iterable[HandMark]) -> Mark:
    """Return the Mark of one learner for one quiz; `by_hand` are all that were set for it, the latest first.

    One query, none where nobody took the place.
    """
    sittings = sittings_of([row], [place.user_id]) if place.user_id else {}
    hand = next((mark for mark in by_hand if mark.taken_back_at is None), None)
    return _mark(row, sittings.get((place.user_id or 0, row.pk), ()), hand)


def marks_of(
    quizzes: Sequence[QuizAssignment], enrolment: int, learner: int | None, sittings: Sittings, by_hand: ByHand
) -> list[Mark]:
    """Return the Mark for each of these quizzes at one place; `learner` is None where nobody took it. No query."""
    return [
        _mark(row, sittings.get((learner, row.pk), ()) if learner else (), by_hand.get((enrolment, None, row.pk)))
        for row in quizzes
    ]


def _mark(quiz: QuizAssignment, rows: Sequence[AttemptRow], hand: HandMark | None) -> Mark:
    rule = Reckoning(due_at=quiz.due_at, is_required=quiz.is_for_marks, threshold=quiz.quiz.threshold)
    return Mark(None, rows, best_of(rows), hand, rule)


def best_scores(quizzes: Collection[QuizAssignment]) -> QuerySet[Any, Any]:
    """Return rows with learner_id, assignment_id and `best`, the score that counts, of all who have one. No query."""
    rows = _attempts(quizzes).values("learner_id", "assignment_id")
    return rows.annotate(best=Coalesce(Max("score", filter=PASSING), Max("score"))).order_by()


def _attempts(quizzes: Collection[QuizAssignment]) -> QuerySet[Any, Any]:
    return QuizAssignment.objects.filter(pk__in=[row.pk for row in quizzes]).attempts()


def handed_in(quizzes: Collection[QuizAssignment]) -> set[tuple[int, int]]:
    """Return pairs (enrolment id, id of a QuizAssignment) of which something counts, a mark by hand too. One query.

    By the place, since one that nobody has taken may be marked by hand.
    """
    keys = [row.pk for row in quizzes]
    marked = HandMark.objects.standing().filter(quiz__in=keys).order_by().values_list("enrolment", "quiz")
    rows = QuizAssignment.objects.filter(pk__in=keys).attempts_by_place().order_by()
    return set(rows.values_list("enrolment_id", "assignment_id").union(marked))


def begun_by(quizzes: Collection[QuizAssignment], learners: Collection[int]) -> set[tuple[int, int]]:
    """Return pairs (learner id, id of a QuizAssignment) of these people's open attempts. One query."""
    rows = QuizAssignment.objects.filter(pk__in=[row.pk for row in quizzes]).begun()
    return set(rows.filter(learner__in=learners).values_list("learner_id", "assignment_id"))
