"""Move what a guest did to the account that the guest signs in to. May import the apps on its left."""

from dataclasses import dataclass
from datetime import datetime

from accounts.locking import ChangedMeanwhile, PersonGone, atomic_once_more
from accounts.models import Audit, SecurityEvent, User
from cohorts.exams import brought
from cohorts.intervals import without
from cohorts.models import Cohort, Enrolment
from cohorts.places import resolve_guest
from lessons.models import Reading
from quizzes.first_attempts import mark_firsts
from quizzes.models import Attempt, Report, Response, Use
from quizzes.replay import replay


@dataclass(frozen=True)
class Moved:
    """How many lessons the account had not read before, how many attempts came, and how many of them were open.

    `practice` are the exams that came without counting, where a cohort of the account asks for one.
    """

    readings: int
    attempts: int
    handed_in: int
    practice: int = 0


@atomic_once_more
def move(guest: User, user: User, at: datetime) -> Moved | None:
    """Give all that the guest did to `user` and delete the guest; return what came, or None where it was done before.

    Of two readings of a lesson the earlier stays. The guest's open attempts are submitted, so that none stands beside
    an open one of the account. Queries grow with the open attempts and with the cohorts that both are in.
    """
    if not _hold(guest, user):
        return None
    handed_in = sum(attempt.submit(at) for attempt in Attempt.objects.of(guest).open())
    exams = list(Attempt.objects.of(guest).filter(use=Use.EXAM, is_trial=False))
    # Before the attempts: until these have moved, one can tell what the account did by itself.
    _move_enrolments(guest, user, at)
    readings, attempts = _move_readings(guest, user), _move_attempts(guest, user)
    moved = Moved(readings, attempts, handed_in, brought(user, exams, at))
    mark_firsts(Response.objects.filter(attempt__learner=user))
    Report.objects.filter(reporter=guest).update(reporter=user)
    Audit.objects.filter(who=guest).update(who=user)
    User.objects.filter(pk=user.pk, changed_at=None).update(changed_at=guest.changed_at)
    # Recalls are computed from the responses: the guest's go with the guest, and the user's are computed anew.
    User.objects.filter(pk=guest.pk).delete()
    SecurityEvent.objects.record(user, SecurityEvent.What.MERGED, at.date())
    replay([user], at)
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


def _move_enrolments(guest: User, user: User, at: datetime) -> None:
    """Move the guest's enrolments; where the account is or was in the cohort, its row takes what the guest's held.

    What the account handed in while it was in no cohort itself stays its own, also where the guest was in one.
    """
    enrolments = {row.cohort_id: row for row in Enrolment.objects.of(user)}
    quizzes = Attempt.objects.of(user).filter(use=Use.QUIZ, submitted_at__isnull=False)
    private = {moment for moment in quizzes.values_list("submitted_at", flat=True) if moment}
    for row in Enrolment.objects.of(guest):
        if row.cohort_id in enrolments:
            resolve_guest(row, enrolments[row.cohort_id], private, at)
        else:
            row.keep(without(row.intervals(), private))
    Enrolment.objects.of(guest).exclude(cohort__in=enrolments).update(user=user)
