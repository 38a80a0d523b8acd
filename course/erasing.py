"""Erasing people; what item statistics need stays, without a name. May import the apps on its left."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Audit, SignIn, User
from cohorts.models import Cohort, Enrolment, Role
from cohorts.models.cohorts import EnrolmentQuerySet
from quizzes.models import Response


@transaction.atomic
def erase(people: QuerySet[User]) -> int:
    """Erase these people; return how many.

    Readings, recalls, enrolments and certificates go with the row. Attempts keep choices and scores, and lose their
    learner, typed text and certainty. A report keeps its text, so that the mistake can be put right. All their
    browsers are signed out.
    """
    responses = Response.objects.filter(attempt__learner__in=people)
    responses.filter(shown_version__kind="short").update(answer=None)
    responses.update(certainty=None)
    count = people.count()
    SignIn.objects.filter(user__in=people).end()
    people.delete()
    return count


@transaction.atomic
def erase_one(person: User, at: datetime, by: User | None = None) -> list[Cohort]:
    """Erase one person at once and log it without a name; return [], or the cohorts that stand in the way.

    Those are the ones whose learners would be left without an instructor: then nothing is changed. A cohort in which
    nobody else is closes. `by` is the editor who does it, None where people erase themselves.
    """
    enrolments = Enrolment.objects.current().of(person)
    locked = Cohort.objects.select_for_update().filter(pk__in=enrolments.values("cohort"), archived_at=None)
    cohorts = list(locked.order_by("name", "pk"))
    if needing := [cohort for cohort in cohorts if _needs(cohort, person)]:
        return needing
    for cohort in cohorts:
        if not _others(cohort, person).exists():
            Cohort.objects.filter(pk=cohort.pk).update(archived_at=at, join_code=None)
    Audit.record(by, "erased", "a guest" if person.is_guest else "a person", at)
    erase(User.objects.filter(pk=person.pk))
    return []


def _others(cohort: Cohort, person: User) -> EnrolmentQuerySet:
    """Return the current enrolments of everybody else."""
    return cohort.enrolments.current().exclude(user=person)


def _needs(cohort: Cohort, person: User) -> bool:
    """Return whether the cohort has learners, and this person as its last instructor."""
    teaches = cohort.enrolments.current().of(person).filter(role=Role.INSTRUCTOR).exists()
    others = _others(cohort, person)
    return (
        teaches and others.learners().exists() and not others.filter(role=Role.INSTRUCTOR, user__isnull=False).exists()
    )


def erase_idle_guests(on: date) -> int:
    """Erase the guests whom nobody has been for 180 days before the date `on`; return how many."""
    return erase(User.objects.idle_guests(on))
