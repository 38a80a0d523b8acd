"""How far a quiz can be relied on: equal to plain lists, by hand, and true to what made the answers."""

import math
import statistics as plain
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.models.draws import generator
from quizzes.reliability import sittings_of
from quizzes.statistics import UNIT

SCORES = st.sampled_from([0, 1666, 5000, 10_000])
ATTEMPTS = st.integers(1, 6).flatmap(
    lambda length: st.lists(st.lists(SCORES, min_size=length, max_size=length), min_size=1, max_size=30)
)


def one(attempts):
    [sittings] = sittings_of(attempts)
    return sittings


@given(attempts=ATTEMPTS)
def test_figures_are_those_of_plain_lists(attempts):
    sittings, length = one(attempts), len(attempts[0])
    scores = [plain.mean(Fraction(score, UNIT) for score in row) for row in attempts]
    assert (sittings.length, sittings.count) == (length, len(attempts))
    assert sittings.mean == pytest.approx(float(plain.mean(scores)), abs=1e-9)
    assert sittings.median == pytest.approx(float(plain.median(scores)), abs=1e-9)
    if len(attempts) == 1:
        assert (sittings.deviation, sittings.alpha, sittings.error) == (None, None, None)
        return
    assert sittings.deviation == pytest.approx(plain.stdev(scores), abs=1e-9)
    if len(set(scores)) == 1 or length == 1:
        assert (sittings.alpha, sittings.error) == (None, None)
        return
    slots = [plain.variance(Fraction(row[at], UNIT) for row in attempts) for at in range(length)]
    totals = plain.variance(score * length for score in scores)
    alpha = float(length / Fraction(length - 1) * (1 - sum(slots) / totals))
    assert sittings.alpha == pytest.approx(alpha, abs=1e-9)
    assert sittings.alpha <= 1
    assert sittings.error == pytest.approx(plain.stdev(scores) * math.sqrt(1 - alpha), abs=1e-9)


def test_a_quiz_by_hand():
    """Three slots of four learners: 111, 110, 100, 000. Slots vary by 1/4, 1/3, 1/4 and totals 3 2 1 0 by 5/3.

    So alpha is 3/2 * (1 - (5/6) / (5/3)) = .75, the deviation sqrt(5/3) / 3, and the error half of that.
    """
    quiz = one([[UNIT, UNIT, UNIT], [UNIT, UNIT, 0], [UNIT, 0, 0], [0, 0, 0]])
    assert quiz.alpha == pytest.approx(0.75, abs=1e-12)
    assert (quiz.mean, quiz.median) == (0.5, 0.5)
    assert quiz.deviation == pytest.approx(math.sqrt(5 / 3) / 3, abs=1e-12)
    assert quiz.error == pytest.approx(math.sqrt(5 / 3) / 6, abs=1e-12)


def test_lengths_are_apart_and_the_commonest_comes_first():
    sittings = sittings_of([[0, UNIT], [UNIT], [UNIT, UNIT], [0, 0, 0]])
    assert [(quiz.length, quiz.count) for quiz in sittings] == [(2, 2), (3, 1), (1, 1)]
    assert sittings_of([]) == []


def alike(length, right, wrong):
    """Attempts all right or all wrong: alpha is 1."""
    return one([[UNIT] * length] * right + [[0] * length] * wrong)


def test_reliable_takes_ten_items_thirty_people_and_an_alpha_of_070():
    assert alike(10, 15, 15).is_reliable
    assert not alike(9, 15, 15).is_reliable
    assert not alike(10, 15, 14).is_reliable
    assert not alike(10, 30, 0).is_reliable  # all alike
    rng = generator(1)
    assert not one([[rng.choice((0, UNIT)) for _ in range(10)] for _ in range(60)]).is_reliable


def test_few_and_silent():
    sizes = {count: alike(2, count, 0) for count in (4, 5, 29, 30)}
    assert [count for count, quiz in sizes.items() if quiz.is_few] == [4]
    assert [count for count, quiz in sizes.items() if quiz.is_silent] == [4, 5, 29]


def test_alpha_of_parallel_items_is_what_their_common_part_makes_it():
    """Ten items that are each the person's own answer with probability .6, else a coin: they correlate by .36.

    Alpha of the model is 10 * .36 / (1 + 9 * .36) = .849 (Spearman and Brown); the mean of 100 cohorts comes near it.
    """
    alphas = []
    for seed in range(100):
        rng = generator(seed)
        people = [rng.choice((0, UNIT)) for _ in range(100)]
        alphas.append(
            one([[own if rng.random() < 0.6 else rng.choice((0, UNIT)) for _ in range(10)] for own in people]).alpha
        )
    assert plain.mean(alphas) == pytest.approx(3.6 / 4.24, abs=0.01)
    assert sum(abs(alpha - 3.6 / 4.24) < 0.06 for alpha in alphas) >= 90
