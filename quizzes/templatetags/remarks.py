"""What a result says of answers that were marked again."""

from collections.abc import Iterable
from decimal import Decimal

from django import template

from quizzes.models import Attempt, Response
from quizzes.remarking import mean, share_of

register = template.Library()


@register.simple_tag
def held(attempt: Attempt, responses: Iterable[Response]) -> Decimal | None:
    """Return the mean of a passed attempt whose score is held at its threshold, else None. No query.

    See docs/decisions/0012.
    """
    shares = [share for share in map(share_of, responses) if share is not None]
    if not shares or attempt.score is None or attempt.score != attempt.threshold:
        return None
    return mean(shares) if mean(shares) < attempt.score else None
