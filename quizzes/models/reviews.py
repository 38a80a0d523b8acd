"""The day's review as an attempt: over all modules, one open at a time. Imports the tables of attempts."""

from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q

from accounts.models import User
from quizzes.models.attempts import Attempt, Use

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Counts(TypedDict):
        items: int
        left: int

    OpenReview = WithAnnotations[Attempt, Counts]


def open_review(learner: User | AnonymousUser) -> "OpenReview | None":
    """Return the learner's open review of the day with its `items` and those `left`, in numbers, or None. One query."""
    reviews = Attempt.objects.of(learner).open().filter(use=Use.REVIEW, retry_of=None)
    left = Count("responses", filter=Q(responses__marked_at=None))
    return reviews.annotate(items=Count("responses"), left=left).first()
