"""Classical test theory: what first answers say of an item, and what stands out in it (quality S1 and S2). Pure.

Scores are whole numbers of ten-thousandths, as they are stored, so that every sum is exact; only roots are not.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import add
from typing import NamedTuple

from accounts.privacy import is_few

UNIT = 10_000  # a score of 1
NORMAL = 1.959964  # the normal quantile of an interval of 95 %
ONE_SIDED = 1.645  # the normal quantile of a test of one side at 5 %
SILENT_BELOW, INDICATIVE_BELOW = 30, 100  # people
IDLE_FROM = 50  # people from whom on anything is said of a wrong option
WEAK, HARD, EASY, NEAR_GUESSING, IDLE = 0.2, Fraction(1, 5), Fraction(19, 20), Fraction(1, 20), Fraction(1, 20)


class Estimate(NamedTuple):
    """A figure with the ends of its interval of 95 %."""

    value: float
    low: float
    high: float


def wilson(hits: float, count: int, z: float = NORMAL) -> tuple[float, float]:
    """Return the score interval of a share, each end from 0 to 1; `z` is the normal quantile, here for 95 %.

    Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22, 209-212.
    """
    share, square = hits / count, z * z
    middle = share + square / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return (middle - half) / (1 + square / count), (middle + half) / (1 + square / count)


def fisher(correlation: float, count: int) -> tuple[float, float]:
    """Return the interval of 95 % of a correlation in `count` pairs, at least 4, each end from -1 to 1.

    Fisher 1921, "On the 'probable error' of a coefficient of correlation deduced from a small sample", Metron 1, 3-32:
    the inverse hyperbolic tangent of it is nearly normal, with the standard error 1 / sqrt(count - 3).
    """
    if abs(correlation) >= 1:
        return correlation, correlation
    middle, half = math.atanh(correlation), NORMAL / math.sqrt(count - 3)
    return math.tanh(middle - half), math.tanh(middle + half)


def excess(hits: int, count: int, others_hits: int, others: int) -> float:
    """Return by how many standard errors the share hits/count is above others_hits/others; 0 where nothing differs.

    The z-test of two proportions with the pooled share: Fleiss, Levin and Paik 2003, Statistical Methods for Rates and
    Proportions, 3rd edition, on comparing two proportions. z = (p1 - p2) / sqrt(p (1 - p) (1/n1 + 1/n2)), and p is the
    share of both together.
    """
    if not count or not others:
        return 0.0
    pooled = (hits + others_hits) / (count + others)
    error = math.sqrt(pooled * (1 - pooled) * (1 / count + 1 / others))
    return (hits / count - others_hits / others) / error if error else 0.0


def variance(count: int, total: int, squares: int) -> Fraction | None:
    """Return the variance of a sample, divided by count - 1, from the sums of scores and of their squares, in UNIT.

    None of fewer than two.
    """
    return Fraction(count * squares - total * total, count * (count - 1) * UNIT * UNIT) if count > 1 else None


# One item


class Group(NamedTuple):
    """First responses to one version that are alike, each of another one of the `people`.

    In language, in the number of `others` that count in their attempt, in `score` and in `total`, the sum of all scores
    of the attempt, both in UNIT; and in the ids of the options in the `answer`: none where nothing was chosen, or the
    item has no options.
    """

    version: int
    language: str
    others: int
    score: int
    total: int
    answer: tuple[str, ...]
    people: int

    @property
    def band(self) -> int | None:
        """The mean score of the others in whole hundredths, rounded down; None without others."""
        return (self.total - self.score) * 100 // (self.others * UNIT) if self.others else None


@dataclass
class Answers:
    """First responses to one version: how many people, and what their scores and those of the other items sum up to.

    `sums` is {number of others: [people, x, xx, t, tt, xt]}: of the scores x in UNIT, of the sums t of the others'
    scores, of their squares and of the products.
    """

    right: int = 0
    wrong: int = 0
    sums: dict[int, list[int]] = field(default_factory=dict)

    def take(self, group: Group) -> None:
        """Count a group in; it is done a hundred thousand times for one page."""
        _version, _language, others, score, total, _answer, people = group
        rest, x = total - score, people * score
        y = people * rest
        sums = self.sums.get(others) or self.sums.setdefault(others, [0] * 6)
        sums[0] += people
        sums[1] += x
        sums[2] += x * score
        sums[3] += y
        sums[4] += y * rest
        sums[5] += x * rest
        if score == UNIT:
            self.right += people
        elif not score:
            self.wrong += people

    def merge(self, other: "Answers") -> None:
        """Count what another one has counted."""
        self.right += other.right
        self.wrong += other.wrong
        for others, sums in other.sums.items():
            mine = self.sums.setdefault(others, [0] * 6)
            mine[:] = map(add, mine, sums)

    @property
    def count(self) -> int:
        """How many people."""
        return self._sum(0)

    def _sum(self, at: int) -> int:
        return sum(sums[at] for sums in self.sums.values())

    @property
    def partly(self) -> int:
        """How many were neither right nor wrong as a whole."""
        return self.count - self.right - self.wrong

    @property
    def is_few(self) -> bool:
        """Whether nothing at all is said: they are of fewer than five people."""
        return is_few(self.count)

    @property
    def is_silent(self) -> bool:
        """Whether there are too few for any rate."""
        return self.count < SILENT_BELOW

    @property
    def is_indicative(self) -> bool:
        """Whether there are so few that rates still move, and are shown with how far."""
        return self.count < INDICATIVE_BELOW

    @property
    def mean(self) -> Fraction:
        """The mean score, exact; there is at least one response."""
        return Fraction(self._sum(1), self.count * UNIT)

    @property
    def facility(self) -> Estimate:
        """The mean score, from 0 to 1, with Wilson's interval; there is at least one response.

        Lord and Novick 1968, Statistical Theories of Mental Test Scores, and Crocker and Algina 1986, Introduction to
        Classical and Modern Test Theory, on item difficulty; Moodle calls it the facility index. Where scores may be
        partial the interval is too wide rather than too narrow: no score from 0 to 1 varies more than right and wrong.
        """
        return Estimate(float(self.mean), *wilson(self._sum(1) / UNIT, self.count))

    @property
    def deviation(self) -> float | None:
        """The standard deviation of the scores, as `variance` has it; None of fewer than two."""
        spread = variance(self.count, self._sum(1), self._sum(2))
        return None if spread is None else math.sqrt(spread)

    @property
    def discrimination(self) -> Estimate | None:
        """The item-rest correlation: Pearson's, of the item's score with the mean of the attempt's other items.

        Corrected by leaving the item out of what it is compared with (Crocker and Algina 1986, on item analysis;
        Moodle's discrimination index compares with the rest too). With Fisher's interval. None where everybody has the
        same score, in the item or in the rest, and below four pairs.
        """
        pairs, x, xx = 0, 0, 0
        rest, squares, products = Fraction(), Fraction(), Fraction()
        for others, sums in self.sums.items():
            if others:
                pairs, x, xx = map(add, (pairs, x, xx), sums)
                rest += Fraction(sums[3], others)
                squares += Fraction(sums[4], others * others)
                products += Fraction(sums[5], others)
        spread = (pairs * xx - x * x) * (pairs * squares - rest * rest)
        if pairs < 4 or not spread:
            return None
        correlation = max(-1.0, min(1.0, float(pairs * products - x * rest) / math.sqrt(spread)))
        return Estimate(correlation, *fisher(correlation, pairs))


class Thirds(NamedTuple):
    """How many in the upper, the middle and the lower third of learners."""

    upper: int = 0
    middle: int = 0
    lower: int = 0


def thirds_of(bands: Mapping[int, int]) -> dict[int, int]:
    """Return {band: 0 for the upper third, 1 for the middle, 2 for the lower}, of {band: how many}.

    Learners of one band stay together, where the middle one of them stands: thirds may differ in size.
    """
    total, below = sum(bands.values()), 0
    thirds = {}
    for band in sorted(bands):
        twice = 2 * below + bands[band]  # twice the rank of the middle one, without a half
        thirds[band] = 2 if 3 * twice < 2 * total else 1 if 3 * twice <= 4 * total else 0
        below += bands[band]
    return thirds


@dataclass
class ItemStatistics:
    """What first responses say of one version, by language; and {answer: {band: how many people chose it}}.

    A key of answer and band in one would take three times the memory, of which this is all that a million responses
    need.
    """

    by_language: dict[str, Answers] = field(default_factory=dict)
    chosen: dict[tuple[str, ...], dict[int | None, int]] = field(default_factory=dict)

    def take(self, group: Group) -> None:
        """Count a group in."""
        self.by_language.setdefault(group.language, Answers()).take(group)
        band, bands = group.band, self.chosen.setdefault(group.answer, {})
        bands[band] = bands.get(band, 0) + group.people

    @cached_property
    def whole(self) -> Answers:
        """The responses in all languages; nothing is counted in afterwards."""
        whole = Answers()
        for answers in self.by_language.values():
            whole.merge(answers)
        return whole

    @property
    def languages(self) -> dict[str, Answers]:
        """The same by language; empty where one of them is of fewer than five people, or all are of one language.

        Nothing of few may be told by what is missing in the sum. Blank answers, of no language, are in the whole alone.
        """
        named = {language: answers for language, answers in sorted(self.by_language.items()) if language}
        return named if len(named) > 1 and not any(answers.is_few for answers in named.values()) else {}

    @property
    def has_rates_by_language(self) -> bool:
        """Whether rates are said by language: only where each has enough, or the whole would tell that of the few."""
        return not any(answers.is_silent for answers in self.languages.values())

    @property
    def thirds(self) -> Thirds:
        """How many learners each third has, by the mean of their other items; all 0 where nobody had others."""
        return self._in_thirds(self.chosen.values())

    def choosing(self, option: str) -> int:
        """Return how many chose that option."""
        return sum(sum(bands.values()) for answer, bands in self.chosen.items() if option in answer)

    def choosing_by_third(self, option: str) -> Thirds:
        """Return how many of each third chose that option."""
        return self._in_thirds(bands for answer, bands in self.chosen.items() if option in answer)

    @property
    def blank(self) -> int:
        """How many chose no option; of an item without options all."""
        return sum(self.chosen.get((), {}).values())

    @cached_property
    def _third_of(self) -> dict[int, int]:
        total = Counter[int]()
        for band, people in _with_others(self.chosen.values()):
            total[band] += people
        return thirds_of(total)

    def _in_thirds(self, chosen: Iterable[Mapping[int | None, int]]) -> Thirds:
        counts = [0, 0, 0]
        for band, people in _with_others(chosen):
            counts[self._third_of[band]] += people
        return Thirds(*counts)


def _with_others(chosen: Iterable[Mapping[int | None, int]]) -> Iterator[tuple[int, int]]:
    """Yield (band, how many people) of those whose attempt had others."""
    return ((band, people) for bands in chosen for band, people in bands.items() if band is not None)


def statistics_of(groups: Iterable[Group]) -> dict[int, ItemStatistics]:
    """Return {version: ItemStatistics} of these groups, in one pass; memory grows with versions, not with groups."""
    statistics: dict[int, ItemStatistics] = defaultdict(ItemStatistics)
    for group in groups:
        statistics[group.version].take(group)
    return dict(statistics)


# What is to be done about an item

RED, AMBER, NOTE = "red", "amber", "note"
URGENCY = {
    "key": RED,  # weaker learners do better: check the key
    "hard": RED,
    "guessed": RED,
    "weak": AMBER,
    "idle": AMBER,
    "lures": AMBER,  # it draws the upper third rather than the lower
    "easy": NOTE,
}


class Flag(NamedTuple):
    """What stands out; of one wrong option its id, and how many `chosen` of how many `people`.

    Of one that draws the better learners, `thirds` of how many learners in `sizes` chose it.
    """

    what: str
    option: str = ""
    chosen: int = 0
    people: int = 0
    thirds: Thirds = Thirds()
    sizes: Thirds = Thirds()

    @property
    def urgency(self) -> str:
        return URGENCY[self.what]


def flags_of(
    statistics: ItemStatistics, distractors: Collection[str] = (), guessing: Fraction | None = None, easy: bool = False
) -> list[Flag]:
    """Return what stands out in an item, the most urgent first; nothing below SILENT_BELOW people (quality S2).

    `guessing` is the mean score of answers at random, None where it is not known. `easy`: it is so on purpose.
    """
    answers = statistics.whole
    if answers.is_silent:
        return []
    flags = []
    discrimination = answers.discrimination
    if discrimination and discrimination.value < 0:
        flags.append(Flag("key"))
    if answers.mean < HARD:
        flags.append(Flag("hard"))
    elif guessing is not None and answers.mean <= guessing + NEAR_GUESSING:
        flags.append(Flag("guessed"))
    if discrimination and 0 <= discrimination.value < WEAK:
        flags.append(Flag("weak"))
    flags += [flag for option in distractors if (flag := _distractor(statistics, option))]
    if answers.mean > EASY and not easy:
        flags.append(Flag("easy"))
    return flags


def _distractor(statistics: ItemStatistics, option: str) -> Flag | None:
    """Return what stands out in a wrong option: hardly anybody chooses it, or the better learners do.

    Nothing below IDLE_FROM people. The better ones do where the upper third chooses it more than the lower one by more
    than chance does in one of twenty options that all learners choose alike.
    """
    people, chosen = statistics.whole.count, statistics.choosing(option)
    if people < IDLE_FROM:
        return None
    if chosen < IDLE * people:
        return Flag("idle", option, chosen, people)
    thirds, sizes = statistics.choosing_by_third(option), statistics.thirds
    if excess(thirds.upper, sizes.upper, thirds.lower, sizes.lower) > ONE_SIDED:
        return Flag("lures", option, chosen, people, thirds, sizes)
    return None
