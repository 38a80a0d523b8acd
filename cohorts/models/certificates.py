"""What is certified to whom."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Anyone
from cohorts.models.assignments import Assignment
from lessons.models import Module
from quizzes.models import Attempt
from quizzes.models.attempt_queries import SCORED

USER = settings.AUTH_USER_MODEL


def _behind() -> models.QuerySet[Attempt]:
    """Return what each certificate of the query around it rests on: its module's quizzes and exams until its issue."""
    return Attempt.objects.filter(
        learner=OuterRef("user"),
        module=OuterRef("module"),
        use__in=SCORED,
        is_trial=False,
        submitted_at__lte=OuterRef("issued_at"),
    )


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def of(self, user: Anyone) -> Self:
        """Return the certificates that were issued to `user`; none of a visitor."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def current(self) -> Self:
        """Return those that are neither revoked nor replaced; they may have expired."""
        return self.filter(revoked_at=None, replaced_at=None)

    def valid(self, at: datetime) -> Self:
        """Return those that hold at that time."""
        return self.current().filter(Q(expires_at=None) | Q(expires_at__gt=at))

    def running_out(self, at: datetime, by: datetime) -> Self:
        """Return those that hold at that time, and will no longer `by` then."""
        return self.valid(at).filter(expires_at__lte=by)

    def resting_on(self, attempts: Collection[int]) -> Self:
        """Return those that rest on one of these attempts (ids)."""
        return self.filter(Exists(_behind().filter(pk__in=attempts)))

    def remarked(self) -> Self:
        """Return those that rest on a quiz or exam of which answers were marked again since the issue."""
        return self.filter(Exists(_behind().filter(responses__remarks__made_at__gt=OuterRef("issued_at"))))


class Certificate(models.Model):
    """What was certified to whom by which rule, copied on the day of issue.

    `name_public_at` is since when its public page shows the name, None where it only answers a name that is typed.
    """

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="certificates")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="certificates")
    assignment = models.ForeignKey(Assignment, on_delete=models.SET_NULL, null=True, related_name="certificates")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="certificates")
    document = models.JSONField()
    public_id = models.CharField(max_length=32, unique=True)
    name_shown = models.CharField(max_length=120)
    name_public_at = models.DateTimeField(null=True)
    as_of = models.DateField()
    checksum = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "module", "assignment"],
                condition=Q(revoked_at=None, replaced_at=None, assignment__isnull=False),
                name="one_current_certificate_per_assignment",
            ),
            models.UniqueConstraint(
                fields=["user", "module"],
                condition=Q(revoked_at=None, replaced_at=None, assignment=None),
                name="one_current_certificate_of_a_lone_learner",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def hours(self) -> int:
        """Return how many whole hours it took, by what was computed at the issue; 0 for less than an hour and a half.

        0 too where nothing was computed.
        """
        minutes: int = self.document.get("workload", {}).get("minutes", 0)
        return round(minutes / 60) if minutes >= 90 else 0

    def show_name(self, shows: bool, at: datetime) -> None:
        """Let its public page show the name to whoever has its address, or only answer one that is typed. One query."""
        self.name_public_at = (self.name_public_at or at) if shows else None
        self.save(update_fields=["name_public_at"])

    @property
    def was_remarked(self) -> bool:
        """Whether answers that it rests on were marked again since its issue; it stays valid. One query."""
        return Certificate.objects.filter(pk=self.pk).remarked().exists()
