"""Points as people give and read them: of 100 or of 20, by the language of the page. Imports no table."""

import re
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from functools import lru_cache

from django.utils.translation import get_language

from lessons.content.languages import rules

PLACES = {100: 0, 20: 2}  # of points of one mark; a total of 100 has one place more
TOTAL_PLACES = {100: 1, 20: 2}
STEPS = {100: Decimal(1), 20: Decimal("0.25")}  # in which a mark is set by hand
NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")


def points_of(score: Decimal, whole: int) -> Decimal:
    """Return a score from 0 to 1 as points of `whole`, 100 or 20, rounded down: 0.7999 is 79 of 100, 15.99 of 20."""
    return (score * whole).quantize(Decimal(1).scaleb(-PLACES[whole]), ROUND_DOWN)


def total_points(score: Fraction, whole: int) -> Decimal:
    """Return an exact score from 0 to 1 as points of `whole`, rounded down to a tenth of 100, or a hundredth of 20."""
    places = TOTAL_PLACES[whole]
    return Decimal(score * whole * 10**places // 1).scaleb(-places)


def in_words(points: Decimal) -> str:
    """Return points with the decimal mark of the language of the page, and without zeros behind it: 15.5, 15,5."""
    text = f"{points:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", rules(get_language() or "").decimal_mark)


@lru_cache(10_000)
def written(score: Decimal, whole: int, language: str) -> str:
    """Return a score as points of `whole`, as the language of the page writes them, which is `language`."""
    return in_words(points_of(score, whole))


def read(text: str, whole: int) -> Decimal | None:
    """Return the score of points of `whole` as somebody typed them, "15,5" or "15.5"; None where these are none.

    Whole points of 100; whole, half or quarter points of 20.
    """
    text = text.strip()
    if not NUMBER.fullmatch(text):
        return None
    points = Decimal(text.replace(",", "."))
    return None if points > whole or points % STEPS[whole] else points / whole
