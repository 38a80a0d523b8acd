"""Erasing people; what item statistics need stays, without a name. May import the apps on its left."""

from django.db import transaction

from accounts.models import User
from quizzes.models import Response


@transaction.atomic
def erase(people):
    """Erase the people of a QuerySet; how many.

    Readings, recalls, enrolments and certificates go with the row. Attempts keep choices and scores, and lose their
    learner, typed text and certainty.
    """
    responses = Response.objects.filter(attempt__learner__in=people)
    responses.filter(shown_version__kind="short").update(answer=None)
    responses.update(certainty=None)
    count = people.count()
    people.delete()
    return count


def erase_idle_guests(on):
    """Erase the guests whom nobody has been for 180 days before the date `on`; how many."""
    return erase(User.objects.idle_guests(on))
