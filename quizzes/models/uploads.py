"""Files of questions that an owner looks at before anything is made of them."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models

from accounts.models import User
from quizzes.models.items import Bank

LIFE = timedelta(days=7)
MOST = 5  # of one owner


class UploadQuerySet(models.QuerySet["Upload"]):
    def of(self, user: User) -> Self:
        """Return the files that `user` brought, into banks that they write."""
        return self.filter(owner=user, bank__in=Bank.objects.edited_by(user))

    def forget_old(self, at: datetime) -> int:
        """Delete what was brought more than a week ago, taken or not; return how many."""
        return self.filter(made_at__lt=at - LIFE).delete()[0]

    def leave_latest(self, user: User) -> None:
        """Delete all of `user` but the latest few: each holds a whole file. 2 queries."""
        kept = list(self.filter(owner=user).order_by("-pk").values_list("pk", flat=True)[:MOST])
        self.filter(owner=user).exclude(pk__in=kept).delete()


class Upload(models.Model):
    """A file of questions with the report on it: nothing is made before its owner takes it, and then once.

    `data` is the file packed by zlib, empty once it was taken; `rows` are those of quizzes.incoming, `left` the places
    of those not to be taken. `made` are the numbers of the items that came of it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=12)
    checksum = models.CharField(max_length=64)
    data = models.BinaryField()
    rows = models.JSONField()
    notes = models.JSONField()
    left = models.JSONField(default=list)
    made = models.JSONField(default=list)
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def counts(self) -> dict[str, Any]:
        """Return how many rows have each outcome, and how many are to be taken, of these how many as drafts."""
        left = set(self.left)
        taken = [row for at, row in enumerate(self.rows) if row["can"] and at not in left]
        outcomes = [row["outcome"] for row in self.rows]
        counts = {name: outcomes.count(name) for name in ("kept", "degraded", "refused", "here")}
        return counts | {"all": len(outcomes), "take": len(taken), "drafts": sum(bool(row["lacks"]) for row in taken)}
