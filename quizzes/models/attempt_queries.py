"""Which attempts: a learner's, the open ones, those that count. Imports the clock; Attempt itself for types alone."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F

from accounts.locking import PersonGone
from accounts.models import User
from lessons.models import Module
from quizzes.models.clock import GRACE, OPEN
from quizzes.models.items import SCORED, Use

if TYPE_CHECKING:
    from quizzes.models.attempts import Attempt


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def of(self, user: User | AnonymousUser) -> Self:
        """Return the attempts of one learner; none of a visitor."""
        return self.filter(learner=user) if user.is_authenticated else self.none()

    def open(self) -> Self:
        """Return those that are neither submitted nor expired."""
        return self.filter(OPEN)

    def exams(self, module: Module, is_trial: bool = False) -> Self:
        """Return the exams of a module, open or handed in, the oldest first; or the trials of a preview alone."""
        return self.filter(use=Use.EXAM, module=module, is_trial=is_trial).order_by("started_at", "pk")

    def counted(self, modules: Collection[Module], use: Use = Use.QUIZ) -> models.QuerySet["Attempt", Any]:
        """Return (pk, learner_id, section_id, score, threshold, submitted_at) of what was handed in. One query."""
        return (
            self.filter(use=use, module__in=modules, is_trial=False, submitted_at__isnull=False)
            .order_by("submitted_at", "pk")
            .annotate(section_id=F("bank__section_id"))
            .values_list("pk", "learner_id", "section_id", "score", "threshold", "submitted_at", named=True)
        )

    def held(self) -> Self:
        """Lock the learner's row and the attempt's, in this order; none where nobody is its learner.

        PostgreSQL locks the tables in the order of `of`, and takes no outer join: hence the condition.
        """
        rows = self.filter(learner__name_key__isnull=False).select_related("learner")
        return rows.select_for_update(of=("learner", "self"), no_key=True).order_by("pk")

    def expire(self, at: datetime) -> int:
        """Hand in what was saved in time of each open one whose time is over; return how many. 9 queries for each.

        Of whoever was erased an attempt stays open; one whose learner goes just now waits for the next time.
        """
        count = 0
        for attempt in self.open().filter(due_at__lt=at - GRACE, learner__isnull=False):
            with suppress(PersonGone):
                count += attempt.is_over(at) and attempt.expire(at)
        return count

    def on_the_way(self, module: Module, is_trial: bool = False) -> "models.QuerySet[Attempt]":
        """Return the quizzes and exams of the module, by time, each with its `section_id`. One query.

        Of the bank comes what names its section: a section's document is long.
        """
        rows = self.filter(use__in=SCORED, module=module, is_trial=is_trial).annotate(section_id=F("bank__section_id"))
        return rows.select_related("bank__section").defer("bank__section__document").order_by("submitted_at", "pk")
