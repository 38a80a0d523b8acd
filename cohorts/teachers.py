"""Who teaches whom, as the setting TEACHERS_OF names it for lessons (docs/decisions/0016)."""

from django.db.models import QuerySet

from accounts.models import User
from cohorts.choices import STAFF
from cohorts.models import Enrolment


def teachers_of(user: User) -> QuerySet:
    """Return the ids of the staff of the cohorts that `user` is in now, to be asked as part of another query."""
    current = Enrolment.objects.current()
    staff = current.filter(role__in=STAFF, user__isnull=False, cohort__in=current.of(user).values("cohort"))
    return staff.values("user")
