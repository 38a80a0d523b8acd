"""Quizzes that staff set: for whom, who may begin one, what is due, and what came of it. Imports the tables."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.locking import atomic_once_more
from accounts.models import Anyone, User
from cohorts.members import Member
from cohorts.models import Cohort, HandMark, QuizAssignment
from cohorts.models.cohorts import EnrolmentQuerySet
from cohorts.quiz_marks import best_of
from quizzes.models import Attempt, Quiz
from quizzes.models.quizzes import NotBegun, QuizQuerySet

# For whom it is set


def seen_by(user: Anyone) -> QuizQuerySet:
    """Return the quizzes whose page `user` may open: their own, what is set for them, what they have sat. No query."""
    theirs = QuizAssignment.objects.set_for(user).values("quiz")
    sat = Attempt.objects.of(user).filter(quiz__isnull=False, is_trial=False).values("quiz")
    mine = Quiz.objects.edited_by(user).values("pk")
    return Quiz.objects.filter(Q(pk__in=theirs) | Q(pk__in=sat) | Q(pk__in=mine))


class NotOpen(NotBegun):
    answer = _("It cannot be begun now: see its dates.")


@atomic_once_more
def begin(learner: User, quiz: Quiz, at: datetime) -> Attempt:
    """Return the learner's open attempt of a quiz, or a new one. At most 15 queries.

    NotBegun, by its reason: none is set and open then, or as Attempt.start_own says. The cohorts are held, so that a
    date that their staff move at that moment holds or does not.
    """
    rows = QuizAssignment.objects.set_for(learner).filter(quiz=quiz)
    Cohort.objects.hold(*rows.values_list("cohort", flat=True))
    User.objects.hold(learner.pk)
    if sitting := Attempt.objects.of(learner).open().filter(quiz=quiz, retry_of=None, is_trial=False).first():
        return sitting
    rows = rows.open_at(at)
    if not rows.exists():
        raise NotOpen
    return Attempt.start_own(learner, quiz, at, due_at=rows.end())


def quizzes_of(cohort: Cohort) -> list[QuizAssignment]:
    """Return the quizzes that are set for a cohort, by opening, as its staff see them. One query."""
    return list(cohort.quiz_assignments.numbered().select_related("cohort"))


@dataclass(frozen=True)
class OwnQuiz:
    """A quiz as one of its learners has it: what they have sat of it, where it is set for them, and when it is."""

    quiz: Quiz
    sittings: list[Attempt]
    rows: list[QuizAssignment]
    counting: Set[int]  # ids of attempts that count in a cohort
    size: int  # how many items an attempt begun now asks
    at: datetime

    @property
    def is_empty(self) -> bool:
        """Whether it has nothing to ask."""
        return not self.size

    @property
    def is_learners(self) -> bool:
        """Whether it is set for this person, or they have sat it."""
        return bool(self.rows or self.sittings)

    @property
    def open_sitting(self) -> Attempt | None:
        return next((sitting for sitting in self.sittings if sitting.is_open), None)

    @property
    def handed_in(self) -> list[Attempt]:
        """Return what was handed in, the oldest first."""
        return [sitting for sitting in self.sittings if not sitting.is_open]

    @property
    def lost(self) -> list[Attempt]:
        """Return what was handed in and counts in no cohort."""
        return [sitting for sitting in self.handed_in if sitting.pk not in self.counting]

    @property
    def left(self) -> int | None:
        """Return how many attempts the learner may still begin; None where any number."""
        allowed = self.quiz.attempts_allowed
        return None if allowed is None else max(allowed - len(self.sittings), 0)

    @property
    def is_set(self) -> bool:
        """Whether it may be begun now, as far as dates go."""
        return any(row.is_open(self.at) for row in self.rows)

    @property
    def may_begin(self) -> bool:
        """Whether another attempt may be begun now."""
        return self.is_set and self.left != 0 and self.open_sitting is None and not self.is_empty


def own_quiz(quiz: Quiz, learner: User, at: datetime) -> OwnQuiz:
    """Return a quiz as this person has it. At most 7 queries."""
    sittings = Attempt.objects.of(learner).filter(quiz=quiz, retry_of=None, is_trial=False).order_by("started_at", "pk")
    rows = QuizAssignment.objects.set_for(learner).filter(quiz=quiz).select_related("cohort")
    setting = QuizAssignment.objects.filter(quiz=quiz)  # in an archived cohort too, where its staff still see it
    counting = setting.attempts().filter(learner=learner).values_list("pk", flat=True) if sittings else ()
    return OwnQuiz(quiz, list(sittings), list(rows.order_by("opens_at", "pk")), {*counting}, quiz.size(), at)


# What came of it


@dataclass
class Outcome:
    """What counts of one learner for a quiz in a cohort: a mark set by hand, or the best of all that were handed in."""

    member: Member
    sittings: list[Attempt] = field(default_factory=list)
    hand: HandMark | None = None

    @property
    def best(self) -> Attempt | None:
        """Return the attempt that counts, as `best_of` says; None where none was handed in."""
        return best_of(cast("list[Any]", self.sittings))

    def is_late(self, row: QuizAssignment, at: datetime) -> bool:
        """Return whether what counts came after the due date, or that has passed and none came; no mark by hand is."""
        return self.hand is None and row.is_late(self.best.submitted_at if self.best and self.best.submitted_at else at)


def outcomes(row: QuizAssignment, members: Sequence[Member]) -> list[Outcome]:
    """Return the Outcome of each of these members of its cohort, in their order. 2 queries."""
    by_hand = row.hand_marks.filter(enrolment__in=[member.pk for member in members]).current()
    lines = [Outcome(member, hand=by_hand.get((member.pk, None, row.pk))) for member in members]
    by_user = {line.member.user_id: line for line in lines if line.member.user_id}
    rows = QuizAssignment.objects.filter(pk=row.pk).attempts().filter(learner__in=by_user)
    for sitting in rows.order_by("submitted_at", "pk"):
        by_user[sitting.learner_id].sittings.append(sitting)
    return lines


def missing(row: QuizAssignment) -> EnrolmentQuerySet:
    """Return those who learn in its cohort now, handed in none that counts and have no mark by hand. No query."""
    done = QuizAssignment.objects.filter(pk=row.pk).attempts().values("learner")
    marked = row.hand_marks.standing().values("enrolment")
    return row.cohort.enrolments.current().learners().exclude(user__in=done).exclude(pk__in=marked)
