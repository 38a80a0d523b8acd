"""What a guest did goes over to the account that the guest signs in to. May import the apps on its left."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from course.models import Enrolment
from lessons.models import Reading
from quizzes.models import Attempt, Report, Response, Use


@dataclass(frozen=True)
class Moved:
    """How many lessons the account had not read before, how many attempts came, and how many of them were open."""

    readings: int
    attempts: int
    handed_in: int


@transaction.atomic
def move(guest, user, at):
    """Give all that the guest did to `user` and delete the guest; what came over, or None where somebody else did it.

    Of two readings of a lesson the earlier stays. The guest's open attempts are submitted, so that none stands beside
    an open one of the account. Queries grow with the open attempts alone.
    """
    if not User.objects.select_for_update().filter(pk=guest.pk, is_guest=True).exists():
        return None
    handed_in = sum(attempt.submit(at) for attempt in Attempt.objects.of(guest).open())
    moved = Moved(_move_readings(guest, user), _move_attempts(guest, user), handed_in)
    _mark_firsts(user)
    Report.objects.filter(reporter=guest).update(reporter=user)
    _move_places(guest, user)
    # Recalls are computed from the responses: the guest's go with the guest.
    User.objects.filter(pk=guest.pk).delete()
    return moved


def _move_readings(guest, user):
    """Move the guest's readings; how many lessons that adds to the account."""
    own = {reading.lesson_id: reading for reading in Reading.objects.of(user)}
    late, gained = [], 0
    for reading in Reading.objects.of(guest):
        other = own.get(reading.lesson_id)
        gained += other is None
        if other:
            late.append(max(other, reading, key=lambda each: (each.read_at, each is reading)).pk)
    Reading.objects.filter(pk__in=late).delete()
    Reading.objects.of(guest).update(learner=user)
    return gained


def _move_places(guest, user):
    """Move the guest's places in cohorts; where the account has one too, what staff set for the guest goes over to it.

    Of two extensions of one assignment the account's own stays.
    """
    own = {place.cohort_id: place for place in Enrolment.objects.filter(user=user)}
    for place in Enrolment.objects.filter(user=guest):
        if place.cohort_id not in own:
            Enrolment.objects.filter(pk=place.pk).update(user=user)
            continue
        other = own[place.cohort_id]
        place.hand_marks.update(enrolment=other)
        taken = other.extensions.values_list("assignment", flat=True)
        place.extensions.exclude(assignment__in=list(taken)).update(enrolment=other)


def _move_attempts(guest, user):
    """Move the guest's attempts, all closed by now; how many. A check sent twice keeps its id once."""
    attempts = Attempt.objects.of(guest)
    sent = Attempt.objects.of(user).filter(client_id__isnull=False)
    attempts.filter(client_id__in=sent.values("client_id")).update(client_id=None)
    return attempts.update(learner=user)


def _mark_firsts(user):
    """Say anew which response was the learner's first marked one to its item, in the order of marking. 2 queries."""
    marked = Response.objects.filter(
        attempt__learner=user,
        attempt__use__in=[Use.QUIZ, Use.EXAM],
        attempt__is_trial=False,
        marked_at__isnull=False,
    )
    met, changed = set(), []
    for response in marked.order_by("marked_at", "attempt_id", "position"):
        is_first = response.item_id not in met
        if response.score is not None:
            met.add(response.item_id)
        if response.is_first != is_first:
            response.is_first = is_first
            changed.append(response)
    Response.objects.bulk_update(changed, ["is_first"], batch_size=500)
