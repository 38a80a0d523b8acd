"""What attempts of equal length say of a quiz or exam as a whole: its spread, and how far it can be relied on. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate

from accounts.privacy import is_few
from quizzes.statistics import SILENT_BELOW, UNIT, variance

RELIABLE, LONG_ENOUGH = 0.7, 10  # alpha, items


@dataclass
class Sittings:
    """Attempts of equal length, one of each learner: by slot [sum of scores, of squares], and {total: how many}."""

    slots: list[list[int]]
    totals: Counter[int] = field(default_factory=Counter)

    @property
    def length(self) -> int:
        """How many items each asks."""
        return len(self.slots)

    @property
    def count(self) -> int:
        return self.totals.total()

    @property
    def is_few(self) -> bool:
        """Whether nothing at all is said: they are of fewer than five people."""
        return is_few(self.count)

    @property
    def is_silent(self) -> bool:
        """Whether there are too few for any figure."""
        return self.count < SILENT_BELOW

    @property
    def mean(self) -> float:
        """The mean of the attempts' scores, from 0 to 1."""
        return sum(total * count for total, count in self.totals.items()) / (self.count * self.length * UNIT)

    @property
    def median(self) -> float:
        """The score in the middle, from 0 to 1; of two in the middle their mean."""
        low, high = (self._at((self.count + more) // 2) for more in (1, 2))
        return (low + high) / (2 * self.length * UNIT)

    def _at(self, rank: int) -> int:
        """Return the total of that rank, from 1 for the lowest."""
        totals = sorted(self.totals)
        ranks = accumulate(self.totals[total] for total in totals)
        return next(total for total, last in zip(totals, ranks, strict=True) if last >= rank)

    @property
    def _variance(self) -> Fraction | None:
        """The variance of the totals, in units of one item."""
        totals = self.totals.items()
        sums = (sum(total * count for total, count in totals), sum(total * total * count for total, count in totals))
        return variance(self.count, *sums)

    @property
    def deviation(self) -> float | None:
        """The standard deviation of the attempts' scores, from 0 to 1; None of fewer than two attempts."""
        spread = self._variance
        return None if spread is None else math.sqrt(spread) / self.length

    @property
    def alpha(self) -> float | None:
        """Cronbach's alpha by slot, at most 1: k / (k - 1) * (1 - sum of the slots' variances / variance of totals).

        Cronbach 1951, "Coefficient alpha and the internal structure of tests", Psychometrika 16, 297-334. Where items
        are drawn, what stands in one slot differs between attempts, as in Moodle's coefficient of internal consistency;
        alpha then tells of such draws and not of fixed items. None of one item, and where all totals are equal.
        """
        spread = self._variance
        if not spread or self.length < 2:
            return None
        of_slots = sum(variance(self.count, x, xx) or Fraction() for x, xx in self.slots)
        return float(Fraction(self.length, self.length - 1) * (1 - of_slots / spread))

    @property
    def error(self) -> float | None:
        """The standard error of measurement of a score, from 0 to 1: deviation * sqrt(1 - alpha); None without alpha.

        Lord and Novick 1968; Crocker and Algina 1986, on reliability.
        """
        if self.alpha is None or self.deviation is None:
            return None
        return self.deviation * math.sqrt(1 - self.alpha)

    @property
    def is_reliable(self) -> bool:
        """Whether it is reliable enough for pass or fail."""
        return self.alpha is not None and self.alpha >= RELIABLE and self.length >= LONG_ENOUGH and not self.is_silent


def sittings_of(attempts: Iterable[Sequence[int]]) -> list[Sittings]:
    """Return Sittings for each length of these attempts, each the scores of its slots in UNIT; the commonest first.

    One pass: memory grows with lengths and different totals, not with attempts.
    """
    by_length: dict[int, Sittings] = {}
    for scores in attempts:
        sittings = by_length.setdefault(len(scores), Sittings([[0, 0] for _ in scores]))
        sittings.totals[sum(scores)] += 1
        for slot, score in zip(sittings.slots, scores, strict=True):
            slot[0] += score
            slot[1] += score * score
    return sorted(by_length.values(), key=lambda sittings: (-sittings.count, -sittings.length))
