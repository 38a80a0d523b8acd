"""The day's review as an attempt: over all modules, one open at a time. Imports the tables of attempts."""

import secrets

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from quizzes.models.attempts import Attempt, Use


def open_review(learner):
    """The learner's open review of the day, with how many items it has and has `left`; None without one. One query."""
    found = Attempt.objects.of(learner).open().filter(use=Use.REVIEW, retry_of=None)
    left = Count("responses", filter=Q(responses__marked_at=None))
    return found.annotate(items=Count("responses"), left=left).first()


def start_review(learner, items, at):
    """A review of these items in this order, or the one that is open. Two starts at once get the same. 4 queries."""
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(learner=learner, use=Use.REVIEW, seed=secrets.randbits(32), started_at=at)
            attempt.fix(items)
    except IntegrityError:
        return open_review(learner)
    return attempt
