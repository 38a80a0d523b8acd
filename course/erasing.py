"""Erasing people; what item statistics need stays, without a name. May import the apps on its left."""

from datetime import date, datetime

from django.db.models import Q

from accounts.locking import ChangedMeanwhile, atomic_once_more
from accounts.models import Audit, SignIn, User
from accounts.models.users import UserQuerySet
from cohorts.models import Cohort, Enrolment, Role
from cohorts.models.cohorts import EnrolmentQuerySet
from cohorts.quizzes import delete_unused
from quizzes.kinds import TYPED
from quizzes.models import Attempt, Bank, Quiz, Response
from quizzes.own_banks import end_banks
from quizzes.schedule import EARLIEST


@atomic_once_more
def erase(people: UserQuerySet) -> int:
    """Erase these people; return how many.

    Readings, recalls, enrolments and certificates go with the row. Attempts keep choices and scores, and lose their
    learner, typed text and certainty. A report keeps its text, so that the mistake can be put right. A bank stays with
    the cohorts that it is shared with, without its owner; one that nobody shares goes, but for what was answered and
    what a quiz asks that is set or somebody else's. A quiz stays where it is set or was sat (docs/decisions/0056,
    0058). All browsers of these people are signed out.

    Their rows are locked first: what they sent meanwhile is either written before, and erased, or refused.
    """
    keys = [person.pk for person in people.held()]
    list(Enrolment.objects.filter(user__in=keys).select_for_update().order_by("pk"))
    attempts = Attempt.objects.filter(learner__in=keys).select_for_update(no_key=True).order_by("pk")
    responses = Response.objects.filter(attempt__in=[attempt.pk for attempt in attempts.only("pk")])
    responses.filter(shown_version__kind__in=TYPED).update(answer=None)
    responses.update(certainty=None)
    delete_unused(Quiz.objects.filter(owner__in=keys))
    kept = Quiz.objects.filter(Q(assignments__isnull=False) | ~Q(owner__in=keys))
    in_use = Bank.objects.filter(Q(rules__quiz__in=kept) | Q(items__quizzes__in=kept)).order_by().values("pk")
    end_banks(Bank.objects.filter(owner__in=keys, cohorts=None).exclude(pk__in=in_use))
    SignIn.objects.filter(user__in=keys).end()
    User.objects.filter(pk__in=keys).delete()
    return len(keys)


@atomic_once_more
def erase_one(person: User, at: datetime, by: User | None = None) -> list[Cohort]:
    """Erase one person at once and log it without a name; return [], or the cohorts that stand in the way.

    Those are the ones whose learners would be left without an instructor: then nothing is changed. A cohort in which
    nobody else is closes. `by` is the editor who does it, None where people erase themselves. PersonGone where the
    person is there no more.
    """
    current = Cohort.objects.of(person).filter(archived_at=None)
    held = Cohort.objects.hold(*current.values_list("pk", flat=True))
    User.objects.hold(person.pk)
    cohorts = list(current.order_by("name", "pk"))
    if {cohort.pk for cohort in cohorts} - {cohort.pk for cohort in held}:
        raise ChangedMeanwhile
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
    """Erase the guests whom nobody has been for 180 days before the date `on`; return how many.

    Who was seen before this course was begun was seen by a clock that was wrong, nobody knows when: as if today.
    """
    User.objects.filter(is_guest=True, last_seen_on__lt=EARLIEST).update(last_seen_on=on)
    return erase(User.objects.idle_guests(on))
