"""Links by which a colleague comes onto the staff of a cohort."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.locking import atomic_once_more
from accounts.models import Audit, User
from accounts.models.ways_in import hash_of, new_code
from cohorts.choices import STAFF, Role
from cohorts.models.cohorts import Cohort, Enrolment

USER = settings.AUTH_USER_MODEL
INVITATION_LIFE = timedelta(days=7)
STAFF_CHOICES = [(role.value, role.label) for role in (Role.INSTRUCTOR, Role.LEAD)]


class StaffInvitationQuerySet(models.QuerySet["StaffInvitation"]):
    def open(self, at: datetime) -> Self:
        """Return those that still open their cohort: for seven days, neither used nor taken back."""
        rows = self.filter(used_at=None, revoked_at=None, made_at__lte=at, made_at__gt=at - INVITATION_LIFE)
        return rows.filter(cohort__archived_at=None)

    def by_code(self, code: str, at: datetime) -> "StaffInvitation | None":
        """Return the open one of this code, with its cohort and who made it, else None. One query."""
        rows = self.open(at).filter(code_hash=hash_of(code))
        return rows.select_related("cohort", "made_by").first()


class StaffInvitation(models.Model):
    """A link that makes one person of the staff of a cohort, for seven days and once; only its hash is kept.

    `press` is the form that made it, once (cohorts.forms.once).
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=12, choices=STAFF_CHOICES)
    code_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    press = models.CharField(max_length=32, null=True, unique=True, editable=False)

    objects = StaffInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=STAFF), name="an_invitation_is_for_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.cohort_id}"

    @property
    def ends_at(self) -> datetime:
        return self.made_at + INVITATION_LIFE

    @classmethod
    @atomic_once_more
    def make(cls, cohort: Cohort, role: str, by: User, at: datetime, press: str | None) -> str | None:
        """Return the code of a new invitation, to be shown once, and note who made it; None where `press` made one."""
        Cohort.objects.hold(cohort.pk)
        if press and cls.objects.filter(press=press).exists():
            return None
        code = new_code()
        row = cls.objects.create(cohort=cohort, role=role, code_hash=hash_of(code), made_by=by, made_at=at, press=press)
        Audit.record(by, "invitation", f"cohort {cohort.pk}: invitation {row.pk} as {role}", at)
        return code

    @atomic_once_more
    def revoke(self, by: User, at: datetime) -> bool:
        """Take it back, and note who did so; False where it opens nothing any more."""
        done = StaffInvitation.objects.open(at).filter(pk=self.pk).update(revoked_at=at)
        if done:
            Audit.record(by, "invitation", f"cohort {self.cohort_id}: invitation {self.pk} taken back", at)
        return bool(done)

    @atomic_once_more
    def accept(self, user: User, at: datetime) -> Enrolment | None:
        """Put `user` on the staff, and note it; None, and nothing changed, where it opens nothing, or not to them.

        A guest has no way back in, and whoever is on the staff keeps their role. Whoever learns in the cohort does so
        no more.
        """
        Cohort.objects.hold(self.cohort_id)
        held = User.objects.hold(user.pk)[0]
        existing = self.cohort.enrolments.current().of(user).first()
        if held.is_guest or (existing and existing.is_staff):
            return None
        if not StaffInvitation.objects.open(at).filter(pk=self.pk).update(used_at=at):
            return None
        row = self.cohort.join(user, at)
        row.role = self.role
        row.save(update_fields=["role"])
        Audit.record(user, "role", f"enrolment {row.pk}: {self.role}, by invitation {self.pk}", at)
        return row
