"""The day's review as an attempt: over all modules, one open at a time. Imports the tables of attempts."""

from django.db.models import Count, Q

from quizzes.models.attempts import Attempt, Use


def open_review(learner):
    """The learner's open review of the day, with how many items it has and has `left`; None without one. One query."""
    found = Attempt.objects.of(learner).open().filter(use=Use.REVIEW, retry_of=None)
    left = Count("responses", filter=Q(responses__marked_at=None))
    return found.annotate(items=Count("responses"), left=left).first()
