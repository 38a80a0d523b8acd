"""Who teaches whom and where: what TEACHERS_OF and other settings name that apps on the left ask.

See docs/decisions/0016, 0029, 0056 and 0060.
"""

from django.db.models import QuerySet
from django.urls import ResolverMatch

from accounts.models import User
from cohorts.choices import STAFF
from cohorts.models import Cohort, Enrolment, QuizAssignment


def teachers_of(user: User) -> QuerySet:
    """Return the ids of the staff of the cohorts that `user` is in now, to be asked as part of another query."""
    current = Enrolment.objects.current()
    staff = current.filter(role__in=STAFF, user__isnull=False, cohort__in=current.of(user).values("cohort"))
    return staff.values("user")


def banks_shared_with(user: User) -> QuerySet:
    """Return the ids of the banks that are shared with the cohorts that `user` teaches, for another query."""
    return Cohort.banks.through.objects.filter(cohort__in=Cohort.objects.taught_by(user)).values("bank")


def attempts_shown_to(user: User) -> QuerySet:
    """Return the ids of the attempts at quizzes of staff whose answers `user` may read, for another query."""
    return QuizAssignment.objects.taught_by(user).attempts().values("pk")


def opens_as_staff(user: User, page: ResolverMatch) -> bool:
    """Return whether this page opens to `user` as staff: one of a cohort, or a look over several. One query.

    None for a page of another app, or that names no cohort.
    """
    if page.app_name != "cohorts":
        return False
    if page.url_name == "cohorts":
        return Cohort.objects.taught_by(user).filter(archived_at=None).exists()
    if page.url_name == "overview":
        return Cohort.objects.led_by(user).exists()
    return "cohort_id" in page.kwargs and Cohort.objects.taught_by(user).filter(pk=page.kwargs["cohort_id"]).exists()
