"""Quizzes of staff, set for a cohort, and what counts for them there."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, Max, Min, OuterRef, Q, Window
from django.db.models.functions import DenseRank
from django.urls import reverse

from accounts.models import Anyone
from cohorts.choices import Role
from cohorts.models.cohorts import Cohort, Enrolment, Membership
from lessons.models import Module
from quizzes.models import Attempt, Quiz, Use
from quizzes.models.clock import GRACE


class QuizAssignmentQuerySet(models.QuerySet["QuizAssignment"]):
    def taught_by(self, user: Anyone) -> Self:
        """Return those of the cohorts that `user` teaches."""
        return self.filter(cohort__in=Cohort.objects.taught_by(user))

    def set_for(self, user: Anyone) -> Self:
        """Return what the cohorts that `user` learns in have set; nothing for a visitor, nor for their staff."""
        current = Enrolment.objects.current().learners()
        enrolments = current.of(user) if user.is_authenticated else current.none()
        return self.filter(cohort__enrolments__in=enrolments, cohort__archived_at=None)

    def numbered(self) -> Self:
        """Return them with their quizzes, by opening, each with its `number` in its cohort: Q1 is the first, and so on.

        A quiz has one number in its cohort, on every page. Rows of one quiz, as a join makes them, have the same.
        """
        order = ("opens_at", "pk")
        number = Window(DenseRank(), partition_by="cohort", order_by=order)
        return self.select_related("quiz").annotate(number=number).order_by(*order)

    def open_at(self, at: datetime) -> Self:
        """Return those that may be begun then: opened, and not closed."""
        return self.filter(Q(closes_at=None) | Q(closes_at__gte=at), opens_at__lte=at)

    def end(self) -> datetime | None:
        """Return the latest closing date of these; None where one of them never closes, or there is none. One query."""
        moments = list(self.values_list("closes_at", flat=True))
        return max((moment for moment in moments if moment), default=None) if None not in moments else None

    def attempts(self) -> models.QuerySet[Any, Any]:
        """Return the attempts that count for these, with `assignment_id`: a row for each cohort in which one does.

        Of those who learn there now: handed in while they were in, from the opening on and until it closes, with the
        grace that an attempt has at its end. No query.
        """
        rows = Attempt.objects.filter(quiz__assignments__in=self, use=Use.QUIZ, is_trial=False, score__isnull=False)
        rows = rows.annotate(
            assignment_id=F("quiz__assignments"),
            cohort_id=F("quiz__assignments__cohort"),
            opens_at=F("quiz__assignments__opens_at"),
            ends_at=F("quiz__assignments__closes_at"),
        )
        stays = Membership.objects.filter(
            Q(until_at=None) | Q(until_at__gt=OuterRef("submitted_at")),
            enrolment__cohort=OuterRef("cohort_id"),
            enrolment__user=OuterRef("learner"),
            enrolment__role=Role.LEARNER,
            enrolment__left_at=None,
            from_at__lte=OuterRef("submitted_at"),
        )
        in_time = Q(ends_at=None) | Q(submitted_at__lte=F("ends_at") + GRACE)
        return rows.filter(in_time, Exists(stays), opens_at__lte=F("submitted_at"))

    def attempts_by_place(self) -> models.QuerySet[Any, Any]:
        """Return the same, each with the `enrolment_id` by which it counts. No query."""
        rows = self.attempts().filter(
            learner__enrolments__cohort=F("cohort_id"),
            learner__enrolments__role=Role.LEARNER,
            learner__enrolments__left_at=None,
        )
        return rows.annotate(enrolment_id=F("learner__enrolments"))

    def begun(self) -> models.QuerySet[Any, Any]:
        """Return the open attempts of these quizzes, with `assignment_id`: a row for each that sets one. No query."""
        rows = Attempt.objects.open().filter(quiz__assignments__in=self, use=Use.QUIZ, is_trial=False)
        return rows.annotate(assignment_id=F("quiz__assignments"))


class QuizAssignment(models.Model):
    """A quiz that somebody made, set for a cohort.

    Before `opens_at` and after `closes_at` nobody begins it. An attempt ends by itself at the latest closing date that
    held for its learner when it began, or was set since. It is for practice, unless it `is_for_marks`: then its best
    attempt is a mark, which has its `weight` in a total. `module` says beside which sections it stands, where the
    cohort has several modules.
    """

    number: int  # of those that are `numbered`
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="quiz_assignments")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="assignments")
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    is_for_marks = models.BooleanField(default=False, db_default=False)
    weight = models.PositiveSmallIntegerField(default=1, db_default=1)
    module = models.ForeignKey(Module, on_delete=models.PROTECT, null=True, related_name="quiz_assignments")

    objects = QuizAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "quiz"], name="one_quiz_assignment_per_cohort_and_quiz"),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__gt=F("opens_at")), name="a_quiz_opens_before_it_is_due"
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")), name="a_quiz_opens_before_it_closes"
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(due_at=None) | Q(closes_at__gte=F("due_at")),
                name="a_quiz_closes_after_it_is_due",
            ),
        ]

    def __str__(self) -> str:
        return f"quiz {self.quiz_id} for {self.cohort_id}"

    def get_absolute_url(self) -> str:
        """Return the page of its dates and marks, for the staff of its cohort."""
        return reverse("cohorts:set_quiz", args=[self.cohort_id, self.pk])

    def handed_in(self) -> tuple[datetime | None, datetime | None]:
        """Return when the first and the last attempt that counts was handed in; None where there is none. One query."""
        rows = QuizAssignment.objects.filter(pk=self.pk).attempts()
        ends = rows.aggregate(first=Min("submitted_at"), last=Max("submitted_at"))
        return ends["first"], ends["last"]

    def reach(self) -> int:
        """Let open attempts of its learners go on until it closes, where that is later; return how many. One query.

        Nothing is taken away: whoever began keeps the end that they were told. The cohort is held by the caller.
        """
        learners = self.cohort.enrolments.current().learners().values("user")
        sittings = Attempt.objects.open().filter(quiz=self.quiz_id, use=Use.QUIZ, is_trial=False, learner__in=learners)
        if self.closes_at is None:
            return sittings.filter(due_at__isnull=False).update(due_at=None, extra_time=None)
        return sittings.filter(due_at__lt=self.closes_at).update(due_at=self.closes_at)

    def is_open(self, at: datetime) -> bool:
        """Return whether it may be begun then."""
        return self.opens_at <= at and (self.closes_at is None or at <= self.closes_at)

    def is_late(self, at: datetime) -> bool:
        """Return whether what is handed in then, or is missing then, is late."""
        return self.due_at is not None and at > self.due_at
