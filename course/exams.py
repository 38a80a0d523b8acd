"""What an exam is held to: deadline, extra time and number of attempts, from what the learner's cohorts have set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import OuterRef, Prefetch, Subquery

from accounts.locking import atomic_once_more
from accounts.models import Anyone, User
from cohorts.models import Assignment, Enrolment, Extension
from cohorts.models.assignments import counts_from
from lessons.models import Module
from quizzes.models import Attempt

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class OfLearner(TypedDict):
        joined_at: datetime
        learner_extensions: list[Extension]

    AskingAssignment = WithAnnotations[Assignment, OfLearner]


@dataclass(frozen=True)
class Terms:
    """How an exam that begins now would be held. None is no limit: of time, and of attempts.

    No extra time (None) is time that the learner may still add to, once; zero is a limit in minutes.
    """

    due_at: datetime | None = None
    extra_time: timedelta | None = None
    attempts: int | None = None
    attempts_left: int | None = None

    @property
    def may_start(self) -> bool:
        return self.attempts_left is None or self.attempts_left > 0

    @property
    def closes_at(self) -> datetime | None:
        """Return when it would have to be handed in; None without a deadline."""
        return self.due_at and self.due_at + (self.extra_time or timedelta())


@dataclass(frozen=True)
class Rule:
    """One assignment's part in it, for one learner."""

    due_at: datetime | None
    minutes: int | None
    extra_time: timedelta | None
    attempts: int | None
    attempts_left: int | None

    def is_past(self, at: datetime) -> bool:
        return self.due_at is not None and self.due_at <= at

    def ends(self, at: datetime) -> datetime | None:
        """Return when an exam begun then ends: after its minutes, and by a due date to come; None for never."""
        ends = [at + timedelta(minutes=self.minutes)] if self.minutes else []
        ends += [self.due_at] if self.due_at and self.due_at > at else []
        return min(ends, default=None)


def terms_of(learner: Anyone, module: Module, exams: Sequence[Attempt], at: datetime) -> Terms:
    """Return the Terms of an exam of `module` that `learner` begins then, after these `exams`. At most 2 queries.

    An exam may be started when one assignment still allows it, or none limits it. Of those that allow it the latest
    end and the longest extra time hold: each assignment judges by its own date what was late. A due date that has
    passed ends no exam, but the number of attempts holds on.
    """
    rules = [_rule(row, exams) for row in _asking(learner, module, at)]
    allowing = [rule for rule in rules if rule.attempts_left is None or rule.attempts_left > 0]
    held = allowing or rules
    if not held:
        return Terms()
    current = [rule for rule in allowing if not rule.is_past(at)]
    ends = [rule.ends(at) for rule in current or allowing]
    moments = [end for end in ends if end]
    extra = max((rule.extra_time for rule in held if rule.extra_time), default=None)
    if extra is None and any(rule.minutes for rule in held):
        extra = timedelta()
    without_limit = any(rule.attempts_left is None for rule in held)
    most = max(held, key=lambda rule: rule.attempts_left or 0)
    return Terms(
        due_at=max(moments) if moments and len(moments) == len(ends) else None,
        extra_time=extra,
        attempts=None if without_limit else most.attempts,
        attempts_left=None if without_limit else most.attempts_left,
    )


def _asking(learner: Anyone, module: Module, at: datetime) -> "list[AskingAssignment]":
    """Return what asks for the exam or offers it, with the learner's joining and extensions, none or one. 2 queries."""
    extensions = Prefetch(
        "extensions", Extension.objects.filter(enrolment__user=learner.pk), to_attr="learner_extensions"
    )
    joined = Enrolment.objects.filter(user=learner.pk, cohort=OuterRef("cohort")).values("joined_at")
    rows = Assignment.objects.set_for(learner).with_exam(module, at)
    return list(rows.annotate(joined_at=Subquery(joined)).prefetch_related(extensions))


def _rule(row: "AskingAssignment", exams: Sequence[Attempt]) -> Rule:
    extension = row.learner_extensions[0] if row.learner_extensions else Extension()
    since = counts_from(row.opens_at, row.joined_at)
    attempts = row.exam_attempts and row.exam_attempts + (extension.exam_attempts or 0)
    taken = sum(exam.started_at >= since for exam in exams)
    return Rule(
        due_at=row.due_for(extension),
        minutes=row.exam_minutes,
        extra_time=extension.extra_time,
        attempts=attempts,
        attempts_left=None if attempts is None else max(attempts - taken, 0),
    )


@atomic_once_more
def start(learner: User, module: Module, at: datetime, is_trial: bool = False) -> Attempt | None:
    """Return the learner's open exam, or a new one; None where none allows another, or there is nothing to ask.

    A trial, in a preview, is held to nothing.

    The learner's row is held, so that of several at once none gets past the number of attempts.
    """
    if is_trial:
        return Attempt.start_exam(learner, module, at, is_trial=True)
    User.objects.hold(learner.pk)
    exams = list(Attempt.objects.of(learner).exams(module))
    if exams and exams[-1].is_open:
        return exams[-1]
    terms = terms_of(learner, module, exams, at)
    if not terms.may_start:
        return None
    return Attempt.start_exam(learner, module, at, terms.due_at, terms.extra_time)
