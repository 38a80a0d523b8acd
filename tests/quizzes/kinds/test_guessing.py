"""What answers at random bring on average: as all possible ones do together."""

from fractions import Fraction
from itertools import permutations, product

import pytest

from quizzes.kinds import KINDS

PIECES = [{"id": each} for each in "abc"]
CASES = {
    "single": ({"options": PIECES, "key": "a"}, list("abc")),
    "classify": (
        {"labels": [{"id": label} for label in "wxyz"], "statements": PIECES, "key": {"a": "w", "b": "w", "c": "x"}},
        [dict(zip("abc", labels, strict=True)) for labels in product("wxyz", repeat=3)],
    ),
    "match": (
        {"pairs": PIECES, "choices": [*PIECES, {"id": "extra"}]},
        [dict(zip("abc", partners, strict=True)) for partners in product(["a", "b", "c", "extra"], repeat=3)],
    ),
    "order": (
        {"entries": PIECES, "key": {"a": 2, "b": 3, "c": 1}},
        [dict(zip("abc", places, strict=True)) for places in permutations((1, 2, 3))],
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_guessing_is_the_mean_of_all_answers(kind):
    version, answers = CASES[kind]
    marks = [KINDS[kind].mark(version, answer) for answer in answers]
    assert KINDS[kind].guessing(version) == sum(marks, Fraction()) / len(marks)


def test_nobody_can_say_where_it_hangs_on_what_somebody_writes_or_ticks():
    assert {kind for kind in KINDS if kind not in CASES} == {"multiple", "number", "short"}
    assert [KINDS[kind].guessing({}) for kind in ("multiple", "number", "short")] == [None] * 3
