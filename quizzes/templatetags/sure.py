"""Certainty beside an answer: its three radios, and its points once the answer is marked."""

from collections.abc import Iterable

from django import template

from quizzes import certainty
from quizzes.models import Response

register = template.Library()


@register.simple_tag
def certainties(response: Response) -> list[tuple[str, int, int, int, bool]]:
    """Return [(field's name, level, points where right, points where not, whether it is chosen)]."""
    name = certainty.field(response.name)
    return [
        (name, level, certainty.RIGHT[level], certainty.WRONG[level], response.certainty == level)
        for level in certainty.LEVELS
    ]


@register.filter
def certainty_points(response: Response) -> int | None:
    """Return the certainty points of a marked response; None where it has none."""
    return certainty.points(response.outcome, response.certainty)


@register.simple_tag
def tally_of(responses: Iterable[Response]) -> certainty.Tally:
    """Return the Tally of these marked responses."""
    return certainty.tally(responses)


@register.filter
def of_100(share: float) -> int:
    """Return a share from 0 to 1 in whole points of 100, rounded to the nearest: unlike a score it decides nothing."""
    return round(share * 100)


@register.filter
def signed(points: int) -> str:
    """Return a number of points with a real minus sign."""
    return str(points).replace("-", "−")
