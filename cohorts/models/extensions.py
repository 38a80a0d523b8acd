"""What holds for one person instead of what is set for all."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction

from accounts.models import Audit, User
from cohorts.models.cohorts import Enrolment


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def by_enrolment(self) -> "dict[tuple[int, int], Extension]":
        """Return {(assignment id, enrolment id): Extension}. One query."""
        return {(row.assignment_id, row.enrolment_id): row for row in self}


class Extension(models.Model):
    """One person's later date, extra time or excuse, with its reason."""

    assignment = models.ForeignKey("cohorts.Assignment", on_delete=models.CASCADE, related_name="extensions")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="extensions")
    due_at = models.DateTimeField(null=True)
    extra_time = models.DurationField(null=True)
    exam_attempts = models.PositiveSmallIntegerField(null=True)
    is_excused = models.BooleanField(default=False)
    reason = models.TextField(max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "enrolment"], name="one_extension_per_person_and_assignment")
        ]

    def __str__(self) -> str:
        return f"enrolment {self.enrolment_id} in assignment {self.assignment_id}"

    @property
    def extra_minutes(self) -> int | None:
        return int(self.extra_time / timedelta(minutes=1)) if self.extra_time else None

    def remove(self, by: User, at: datetime) -> None:
        """Take it back, and note who did so: what is set for everybody holds again."""
        with transaction.atomic():
            Audit.record(by, "extension", f"{self}: removed", at)
            self.delete()
