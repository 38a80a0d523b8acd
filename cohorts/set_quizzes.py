"""Quizzes that staff set: for whom, who may begin one, what is due, and what came of it. Imports the tables."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.locking import atomic_once_more
from accounts.models import Anyone, User
from cohorts.models import Cohort, QuizAssignment
from cohorts.models.cohorts import EnrolmentQuerySet
from cohorts.records import Member
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
    return list(cohort.quiz_assignments.select_related("quiz", "cohort").order_by("opens_at", "pk"))


@dataclass(frozen=True)
class OwnQuiz:
    """A quiz as one of its learners has it: what they have sat of it, where it is set for them, and when it is."""

    quiz: Quiz
    sittings: list[Attempt]
    rows: list[QuizAssignment]
    counting: Set[int]  # ids of attempts that count in a cohort
    is_empty: bool  # it has nothing to ask
    at: datetime

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
    counting = rows.attempts().filter(learner=learner).values_list("pk", flat=True)
    return OwnQuiz(quiz, list(sittings), list(rows.order_by("opens_at", "pk")), {*counting}, not quiz.size(), at)


# What came of it


@dataclass
class Outcome:
    """What counts of one learner for a quiz in a cohort: the best attempt, how many were handed in, the first one."""

    member: Member
    sittings: list[Attempt] = field(default_factory=list)

    @property
    def best(self) -> Attempt | None:
        """Return the attempt that counts: one that passed before others, then the best score, the first of equals.

        None where none was handed in. What passes may have been changed between two attempts.
        """
        return max(self.sittings, key=lambda one: (one.has_passed, one.score or Decimal(0)), default=None)

    @property
    def first_at(self) -> datetime | None:
        """Return when one was handed in first."""
        return self.sittings[0].submitted_at if self.sittings else None

    def is_late(self, row: QuizAssignment, at: datetime) -> bool:
        """Return whether the first one came after the due date, or that has passed and none came."""
        return row.is_late(self.first_at or at)


def outcomes(row: QuizAssignment, members: Sequence[Member]) -> list[Outcome]:
    """Return the Outcome of each of these members of its cohort, in their order. One query."""
    lines = [Outcome(member) for member in members]
    by_user = {line.member.user_id: line for line in lines if line.member.user_id}
    rows = QuizAssignment.objects.filter(pk=row.pk).attempts().filter(learner__in=by_user)
    for sitting in rows.order_by("submitted_at", "pk"):
        by_user[sitting.learner_id].sittings.append(sitting)
    return lines


def missing(row: QuizAssignment) -> EnrolmentQuerySet:
    """Return those who learn in its cohort now and have handed in none that counts. No query."""
    done = QuizAssignment.objects.filter(pk=row.pk).attempts().values("learner")
    return row.cohort.enrolments.current().learners().exclude(user__in=done)
