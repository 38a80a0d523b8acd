"""What a result says of answers that were marked again."""

from django import template

from quizzes.remarking import mean, share_of

register = template.Library()


@register.simple_tag
def held(attempt, responses):
    """The mean of a passed attempt whose score is held at its threshold (docs/decisions/0012), else None. No query."""
    shares = [share for share in map(share_of, responses) if share is not None]
    if not shares or attempt.score is None or attempt.score != attempt.threshold:
        return None
    return mean(shares) if mean(shares) < attempt.score else None
