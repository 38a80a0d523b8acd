"""Move what a guest did to the account that the guest signs in to. May import the apps on its left."""

from dataclasses import dataclass
from datetime import datetime

from accounts.locking import ChangedMeanwhile, PersonGone, atomic_once_more
from accounts.models import Audit, User
from cohorts.models import Cohort, Enrolment
from cohorts.places import resolve_guest
from lessons.models import Reading
from quizzes.first_attempts import mark_firsts
from quizzes.models import Attempt, Report, Response
from quizzes.replay import replay


@dataclass(frozen=True)
class Moved:
    """How many lessons the account had not read before, how many attempts came, and how many of them were open."""

    readings: int
    attempts: int
    handed_in: int


@atomic_once_more
def move(guest: User, user: User, at: datetime) -> Moved | None:
    """Give all that the guest did to `user` and delete the guest; return what came, or None where it was done before.

    Of two readings of a lesson the earlier stays. The guest's open attempts are submitted, so that none stands beside
    an open one of the account. Queries grow with the open attempts and with the cohorts that both are in.
    """
    if not _hold(guest, user):
        return None
    handed_in = sum(attempt.submit(at) for attempt in Attempt.objects.of(guest).open())
    moved = Moved(_move_readings(guest, user), _move_attempts(guest, user), handed_in)
    mark_firsts(Response.objects.filter(attempt__learner=user))
    Report.objects.filter(reporter=guest).update(reporter=user)
    Audit.objects.filter(who=guest).update(who=user)
    User.objects.filter(pk=user.pk, changed_at=None).update(changed_at=guest.changed_at)
    _move_enrolments(guest, user)
    # Recalls are computed from the responses: the guest's go with the guest, and the user's are computed anew.
    User.objects.filter(pk=guest.pk).delete()
    replay(user)
    return moved


def _hold(guest: User, user: User) -> bool:
    """Lock the cohorts of both, then both, then their enrolments; return whether the guest is still one.

    PersonGone where the account is there no more. 4 queries.
    """
    enrolments = Enrolment.objects.filter(user__in=[guest, user])
    held = {cohort.pk for cohort in Cohort.objects.hold(*enrolments.values_list("cohort", flat=True))}
    people = {person.pk: person for person in User.objects.filter(pk__in=[guest.pk, user.pk]).held()}
    if user.pk not in people:
        raise PersonGone
    if not {row.cohort_id for row in enrolments.select_for_update().order_by("pk")} <= held:
        raise ChangedMeanwhile
    return guest.pk in people and people[guest.pk].is_guest


def _move_readings(guest: User, user: User) -> int:
    """Move the guest's readings; return how many lessons that adds to the account."""
    readings = {reading.lesson_id: reading for reading in Reading.objects.of(user)}
    late, gained = [], 0
    for reading in Reading.objects.of(guest):
        other = readings.get(reading.lesson_id)
        if other is None:
            gained += 1
        else:
            late.append(reading.pk if reading.read_at >= other.read_at else other.pk)
    Reading.objects.filter(pk__in=late).delete()
    Reading.objects.of(guest).update(learner=user)
    return gained


def _move_attempts(guest: User, user: User) -> int:
    """Move the guest's attempts, all closed by now; return how many. A check sent twice keeps its id once."""
    attempts = Attempt.objects.of(guest)
    sent = Attempt.objects.of(user).filter(client_id__isnull=False)
    attempts.filter(client_id__in=sent.values("client_id")).update(client_id=None)
    return attempts.update(learner=user)


def _move_enrolments(guest: User, user: User) -> None:
    """Move the guest's enrolments; where the account is or was in the cohort, its row takes what the guest's held."""
    enrolments = {row.cohort_id: row for row in Enrolment.objects.of(user)}
    for row in Enrolment.objects.of(guest).filter(cohort__in=enrolments):
        resolve_guest(row, enrolments[row.cohort_id])
    Enrolment.objects.of(guest).exclude(cohort__in=enrolments).update(user=user)
