"""The clock of an attempt: the server's, with a grace at its end and a little more time for whoever may add it."""

from datetime import datetime, timedelta
from math import ceil

from django.db import models
from django.db.models import Q

OPEN = Q(submitted_at=None, expired_at=None)
GRACE = timedelta(seconds=30)
MORE_TIME = timedelta(minutes=10)


class Timed(models.Model):
    """Something with a beginning, perhaps a deadline, and one end: submitted, or expired with what was saved in time.

    `extra_time` is added to `due_at`; while it is null the learner may still add to it, once.
    """

    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    extra_time = models.DurationField(null=True)
    submitted_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether it is neither submitted nor expired."""
        return self.submitted_at is None and self.expired_at is None

    @property
    def closes_at(self) -> datetime | None:
        """When time ends by the server's clock, extra time included; None without a deadline."""
        return self.due_at and self.due_at + (self.extra_time or timedelta())

    def is_over(self, at: datetime) -> bool:
        """Return whether nothing is taken any more: the deadline and its grace of 30 seconds lie behind."""
        return self.closes_at is not None and at > self.closes_at + GRACE

    def takes(self, at: datetime) -> bool:
        """Return whether it takes answers then: it is open, and its time is not over."""
        return self.is_open and not self.is_over(at)

    def seconds_left(self, at: datetime) -> int | None:
        """Return the whole seconds until time ends, negative from then on; None without a deadline."""
        return None if self.closes_at is None else ceil((self.closes_at - at).total_seconds())

    @property
    def may_extend(self) -> bool:
        """Whether the learner may add ten minutes: there is a deadline, and nothing was added to it yet."""
        return self.is_open and self.due_at is not None and self.extra_time is None
