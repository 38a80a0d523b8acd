"""Certainty beside an answer: its three radios, and its points once the answer is marked."""

from django import template

from quizzes import certainty

register = template.Library()


@register.simple_tag
def certainties(response):
    """[(level, points where right, points where not, whether it is chosen)], and the field's name for each."""
    name = certainty.field(response.name)
    return [
        (name, level, certainty.RIGHT[level], certainty.WRONG[level], response.certainty == level)
        for level in certainty.LEVELS
    ]


@register.filter
def certainty_points(response):
    """The certainty points of a marked response; None where it has none."""
    return certainty.points(response.outcome, response.certainty)


@register.simple_tag
def tally_of(responses):
    return certainty.tally(responses)


@register.filter
def of_100(share):
    """A share from 0 to 1 in whole points of 100, rounded to the nearest: it decides nothing, as a score does."""
    return round(share * 100)


@register.filter
def signed(points):
    """A number of points with a real minus sign."""
    return str(points).replace("-", "−")
