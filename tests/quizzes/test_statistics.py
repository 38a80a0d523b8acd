"""What first answers say of an item: equal to plain sums done otherwise, by hand, and true to what made the answers."""

import math
import statistics as plain
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.cues import ROUNDING
from quizzes.models.draws import generator
from quizzes.statistics import (
    UNIT,
    Answers,
    Flag,
    Group,
    ItemStatistics,
    Thirds,
    excess,
    fisher,
    flags_of,
    statistics_of,
    thirds_of,
    wilson,
)

SCORES = st.sampled_from([0, 1666, 3333, 5000, 6666, 10_000])
# Of each attempt the item's score, the scores of the other items, the language, and the option.
SAT = st.tuples(
    SCORES, st.lists(SCORES, max_size=4), st.sampled_from(["en", "fr"]), st.sampled_from([("a",), ("b",), ()])
)


def studied(sat):
    """The statistics of version 1, of attempts (score, scores of the others, language, answer)."""
    alike = Counter((1, language, len(rest), score, score + sum(rest), answer) for score, rest, language, answer in sat)
    return statistics_of(Group(*key, count) for key, count in alike.items()).get(1, ItemStatistics())


def rows(*counts):
    """Attempts of two items: (score, the other's score, how many) in points of 1, each with the option `a` or `b`."""
    return [
        (round(score * UNIT), [round(rest * UNIT)], "en", ("a",) if score == 1 else ("b",))
        for score, rest, count in counts
        for _ in range(count)
    ]


def what(flags):
    return [flag.what for flag in flags]


# Equal to an independent computation


@given(sat=st.lists(SAT, min_size=1, max_size=40))
def test_figures_are_those_of_plain_lists(sat):
    answers = studied(sat).whole
    scores = [Fraction(score, UNIT) for score, *_ in sat]
    assert (answers.count, answers.right, answers.wrong) == (len(sat), scores.count(1), scores.count(0))
    assert answers.partly == sum(0 < score < 1 for score in scores)
    assert answers.mean == plain.mean(scores)
    assert answers.facility.value == pytest.approx(plain.fmean(scores), abs=1e-9)
    expected = plain.stdev(scores) if len(sat) > 1 else None
    assert answers.deviation == (expected if expected is None else pytest.approx(expected, abs=1e-9))


@given(sat=st.lists(SAT, min_size=1, max_size=40))
def test_discrimination_is_the_correlation_with_the_mean_of_the_others(sat):
    figures = studied(sat).whole.discrimination
    pairs = [(score / UNIT, plain.mean(Fraction(one, UNIT) for one in rest)) for score, rest, *_ in sat if rest]
    item, rest = [one for one, _ in pairs], [other for _, other in pairs]
    if len(pairs) < 4 or len(set(item)) == 1 or len(set(rest)) == 1:
        assert figures is None
        return
    assert figures.value == pytest.approx(plain.correlation(item, [float(one) for one in rest]), abs=1e-9)
    assert -1 <= figures.low <= figures.value + ROUNDING
    assert figures.value - ROUNDING <= figures.high <= 1


@given(sat=st.lists(SAT, min_size=1, max_size=40))
def test_languages_are_apart_and_together_the_whole(sat):
    figures = studied(sat)
    for language in {language for _, _, language, _ in sat}:
        alone = studied([row for row in sat if row[2] == language]).whole
        assert figures.by_language[language] == alone
    assert figures.whole == studied([(score, rest, "en", answer) for score, rest, _, answer in sat]).whole


@given(sat=st.lists(SAT, min_size=1, max_size=40))
def test_choices_are_counted_by_thirds(sat):
    figures = studied(sat)
    for option in ("a", "b"):
        assert figures.choosing(option) == sum(answer == (option,) for *_, answer in sat)
    bands = Counter(sum(rest) * 100 // (len(rest) * UNIT) for _, rest, *_ in sat if rest)
    thirds = thirds_of(bands)
    assert figures.thirds == Thirds(
        *(sum(count for band, count in bands.items() if thirds[band] == at) for at in range(3))
    )
    upper = [answer for _, rest, _, answer in sat if rest and thirds[sum(rest) * 100 // (len(rest) * UNIT)] == 0]
    assert figures.choosing_by_third("a").upper == upper.count(("a",))


@given(bands=st.dictionaries(st.integers(0, 100), st.integers(1, 50), min_size=1))
def test_thirds_rise_with_the_score_and_mirror(bands):
    thirds = thirds_of(bands)
    assert [thirds[band] for band in sorted(bands)] == sorted(thirds.values(), reverse=True)
    mirrored = thirds_of({100 - band: count for band, count in bands.items()})
    assert all(mirrored[100 - band] == 2 - third for band, third in thirds.items())


def test_thirds_by_hand():
    assert thirds_of({10: 1, 20: 1, 30: 1}) == {10: 2, 20: 1, 30: 0}
    assert thirds_of({50: 9}) == {50: 1}
    assert thirds_of({0: 10, 50: 10, 100: 10}) == {0: 2, 50: 1, 100: 0}
    assert thirds_of({}) == {}
    assert thirds_of({0: 2, 1: 1}) == {0: 1, 1: 0}  # whose middle one stands on the cut is in the middle
    assert thirds_of({0: 1, 1: 2}) == {0: 2, 1: 1}


def test_several_options_count_each():
    figures = studied([(UNIT, [UNIT], "en", ("a", "b")), (0, [UNIT], "en", ("b", "c")), (0, [0], "en", ())])
    assert [figures.choosing(option) for option in "abcd"] == [1, 2, 1, 0]


# By hand


def test_an_item_by_hand():
    """Eight learners; 5 right. Item 1 1 1 1 1 0 0 0, rest 1 1 .5 .5 0 .5 0 0.

    Means .625 and .4375; sum of products 3 - 8 * .625 * .4375 = .8125; of squares 5 - 3.125 = 1.875 and
    2.75 - 1.53125 = 1.21875.
    """
    item, rest = [1, 1, 1, 1, 1, 0, 0, 0], [1, 1, 0.5, 0.5, 0, 0.5, 0, 0]
    answers = studied(
        [(one * UNIT, [round(other * UNIT)], "en", ()) for one, other in zip(item, rest, strict=True)]
    ).whole
    assert answers.mean == Fraction(5, 8)
    assert answers.deviation == pytest.approx(math.sqrt(1.875 / 7), abs=1e-12)
    assert answers.discrimination.value == pytest.approx(0.8125 / math.sqrt(1.875 * 1.21875), abs=1e-12)


def test_intervals_by_hand():
    """atanh(.5) = .5493; 1.96 / sqrt(28 - 3) = .3920; tanh(.1573) = .1560, tanh(.9413) = .7358."""
    assert fisher(0.5, 28) == pytest.approx((0.1560, 0.7358), abs=1e-4)
    assert (fisher(1.0, 9), fisher(-1.0, 9)) == ((1, 1), (-1, -1))


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_the_literature(hits, count, low, high):
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, table I."""
    assert wilson(hits, count) == pytest.approx((low, high), abs=5e-5)


@given(count=st.integers(1, 1000), data=st.data())
def test_an_interval_holds_its_share_and_mirrors(count, data):
    hits = data.draw(st.integers(0, count))
    low, high = wilson(hits, count)
    assert -ROUNDING < low < hits / count + ROUNDING
    assert hits / count - ROUNDING < high < 1 + ROUNDING
    assert wilson(count - hits, count) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(
    "sat",
    [
        rows((1, 0, 20), (1, 1, 20)),  # everybody right
        rows((1, 1, 20), (0, 1, 20)),  # everybody the same in the rest
        rows((1, 1, 2), (0, 0, 1)),  # three pairs
        [(UNIT, [], "en", ("a",)), (0, [], "en", ("b",))] * 20,  # nothing else was asked
        [],
    ],
)
def test_nothing_is_told_apart_where_nothing_differs(sat):
    assert studied(sat).whole.discrimination is None


def test_one_answer_spreads_over_nothing():
    assert studied(rows((1, 1, 1))).whole.deviation is None


# What is silent


def test_rates_begin_at_thirty_and_are_indicative_to_ninety_nine():
    sizes = {count: studied(rows((1, 1, count))).whole for count in (4, 5, 29, 30, 99, 100)}
    assert [count for count, one in sizes.items() if one.is_few] == [4]
    assert [count for count, one in sizes.items() if one.is_silent] == [4, 5, 29]
    assert [count for count, one in sizes.items() if one.is_indicative] == [4, 5, 29, 30, 99]


def test_a_language_of_few_is_not_told_by_what_is_missing():
    def languages(**counts):
        return list(
            studied([(UNIT, [0], code, ("a",)) for code, many in counts.items() for _ in range(many)]).languages
        )

    assert languages(fr=5, en=40) == ["en", "fr"]
    assert languages(fr=4, en=40) == []
    assert languages(en=40) == []


def test_what_was_left_open_hides_no_language_and_is_none():
    sat = [(UNIT, [0], code, ("a",)) for code in ["en"] * 30 + ["fr"] * 30]
    figures = studied([*sat, (0, [0], "", ())])
    assert (list(figures.languages), figures.whole.count) == (["en", "fr"], 61)
    assert studied([*sat[:30], *[(0, [0], "", ())] * 9]).languages == {}


@pytest.mark.parametrize(("french", "rates"), [(30, True), (29, False)])
def test_rates_by_language_are_told_where_each_has_thirty(french, rates):
    figures = studied([(UNIT, [0], code, ("a",)) for code in ["en"] * 30 + ["fr"] * french])
    assert list(figures.languages) == ["en", "fr"]
    assert figures.has_rates_by_language == rates


# Flags


def flags(sat, distractors=(), guessing=None, **options):
    return what(flags_of(studied(sat), distractors, guessing, **options))


def test_a_good_item_has_no_flag():
    assert flags(rows((1, 1, 25), (0, 0, 15)), "b", Fraction(1, 4)) == []


@pytest.mark.parametrize(
    ("sat", "expected"),
    [
        (rows((1, 0, 20), (0, 1, 20)), ["key"]),
        (rows((1, 0, 10), (1, 1, 11), (0, 1, 10), (0, 0, 10)), ["weak"]),
        (rows((1, 1, 7), (0, 0, 33)), ["hard"]),
        (rows((1, 1, 8), (0, 0, 32)), []),
        (rows((1, 1, 39), (0, 0, 1)), ["easy"]),
        (rows((1, 1, 38), (0, 0, 2)), []),
        (rows((1, 1, 40)), ["easy"]),
        (rows((0.5, 1, 20), (0.25, 0, 20)), []),
    ],
)
def test_flags_have_fixed_bounds(sat, expected):
    assert flags(sat) == expected


def test_a_correlation_of_nought_is_weak_and_no_reason_to_doubt_the_key():
    assert flags(rows((1, 1, 10), (1, 0, 10), (0, 1, 10), (0, 0, 10))) == ["weak"]


def test_as_good_as_guessing():
    def at(right, guessing):
        return flags(rows((1, 1, right), (0, 0, 100 - right)), guessing=guessing)

    assert at(30, Fraction(1, 4)) == ["guessed"]
    assert at(31, Fraction(1, 4)) == []
    assert at(45, Fraction(1, 2)) == ["guessed"]
    assert at(25, None) == []
    assert at(19, Fraction(1, 4)) == ["hard"]  # once is enough


def test_what_is_easy_on_purpose_is_not_told():
    assert flags(rows((1, 1, 39), (0, 0, 1)), easy=True) == []


def test_nothing_is_flagged_below_thirty():
    assert flags(rows((1, 0, 14), (0, 1, 15)), "b") == []
    assert flags(rows((1, 0, 15), (0, 1, 15)), "b") != []


def choosing(*counts):
    """Attempts of two items: (option, score of the other item, how many); `a` is the key."""
    return [
        (UNIT if option == "a" else 0, [round(rest * UNIT)], "en", (option,))
        for option, rest, count in counts
        for _ in range(count)
    ]


def test_an_option_that_hardly_anybody_chooses_is_idle_from_fifty_people_on():
    def of(idle, people):
        return choosing(("a", 1, people - 10 - idle), ("b", 0, 10), ("c", 0, idle))

    assert flags_of(studied(of(2, 50)), "bc") == [Flag("idle", "c", 2, 50)]
    assert flags_of(studied(of(3, 50)), "bc") == []
    assert flags_of(studied(of(3, 60)), "bc") == []  # five of a hundred
    assert flags_of(studied(of(2, 49)), "bc") == []
    assert flags_of(studied(of(0, 50)), "bc") == [Flag("idle", "c", 0, 50)]


def test_an_option_that_draws_the_upper_third():
    sat = choosing(("a", 1, 12), ("b", 1, 8), ("a", 0.5, 20), ("a", 0, 17), ("b", 0, 3))
    assert flags_of(studied(sat), "b")[-1] == Flag("lures", "b", 11, 60, Thirds(8, 0, 3), Thirds(20, 20, 20))
    by_chance = choosing(("a", 1, 13), ("b", 1, 7), ("a", 0.5, 20), ("a", 0, 17), ("b", 0, 3))
    assert "lures" not in flags(by_chance, "b")
    of_many = choosing(("a", 1, 18), ("b", 1, 8), ("a", 0.5, 24), ("a", 0, 7), ("b", 0, 3))
    assert studied(of_many).thirds == Thirds(26, 24, 10)
    assert "lures" not in flags(of_many, "b")  # 8 of 26 are as many as 3 of 10


@pytest.mark.parametrize(("people", "is_told"), [(49, False), (50, True)])
def test_what_draws_the_upper_third_is_told_from_fifty_people_on(people, is_told):
    sat = choosing(("a", 1, 5), ("b", 1, 10), ("a", 0.5, people - 30), ("a", 0, 15))
    assert ("lures" in flags(sat, "b")) == is_told


def test_an_excess_by_hand():
    """8 of 20 and 3 of 20: .25 / sqrt(.275 * .725 * .1) = 1.770."""
    assert excess(8, 20, 3, 20) == pytest.approx(1.770, abs=1e-3)
    assert excess(3, 20, 8, 20) == pytest.approx(-1.770, abs=1e-3)
    assert [excess(*counts) for counts in ((0, 0, 3, 20), (3, 20, 0, 0), (0, 9, 0, 9), (9, 9, 9, 9))] == [0] * 4


def false_alarms(people, cohorts):
    """The share of wrong options said to draw the upper third, where all learners choose among three of them alike."""
    alarms = 0
    for seed in range(cohorts):
        rng = generator(seed)
        scores = model(rng, people, [0] * 9)
        sat = [(0, [one * UNIT for one in rest], "en", (rng.choice("bcd"),)) for rest in scores]
        alarms += flags(sat, "bcd").count("lures")
    return alarms / (3 * cohorts)


def test_what_all_choose_alike_is_hardly_ever_said_to_draw_the_upper_third():
    assert false_alarms(60, 200) < 0.06


def test_the_most_urgent_comes_first_and_says_how_urgent_it_is():
    sat = choosing(("a", 1, 1), ("b", 1, 25), ("a", 0, 6), ("c", 0, 28))
    figures = flags_of(studied(sat), "bcd", Fraction(1, 4))
    assert what(figures) == ["key", "hard", "lures", "idle"]
    assert [flag.urgency for flag in figures] == ["red", "red", "amber", "amber"]


# Known parameters come back


def model(rng, count, difficulties):
    """Scores of people whose ability is normal: right with the logistic probability of ability less difficulty."""
    people = (rng.gauss(0, 1) for _ in range(count))
    return [[int(rng.random() < 1 / (1 + math.exp(hard - able))) for hard in difficulties] for able in people]


def true_figures(difficulties, item):
    """(facility, item-rest correlation) of that model, by summing over abilities: given one, items are independent."""
    steps = [one / 50 for one in range(-300, 301)]
    weights = [math.exp(-able * able / 2) for able in steps]
    total = math.fsum(weights)

    def expected(values):
        return math.fsum(weight * value for weight, value in zip(weights, values, strict=True)) / total

    chances = [[1 / (1 + math.exp(hard - able)) for able in steps] for hard in difficulties]
    means = [expected(row) for row in chances]
    others = [one for one in range(len(difficulties)) if one != item]

    def together(one, other):
        if one == other:
            return means[one] * (1 - means[one])
        return expected([a * b for a, b in zip(chances[one], chances[other], strict=True)]) - means[one] * means[other]

    covariance = sum(together(item, one) for one in others)
    rest = sum(together(one, other) for one in others for other in others)
    return means[item], covariance / math.sqrt(together(item, item) * rest)


def test_known_parameters_lie_within_the_intervals_in_at_least_ninety_of_a_hundred_cohorts():
    difficulties = [-1.5, -1, -0.5, 0, 0, 0.5, 1, 1.5]
    facility, discrimination = true_figures(difficulties, 3)
    hits = Counter()
    for seed in range(100):
        people = model(generator(seed), 200, difficulties)
        sat = [(one[3] * UNIT, [score * UNIT for at, score in enumerate(one) if at != 3], "en", ()) for one in people]
        answers = studied(sat).whole
        hits["facility"] += answers.facility.low <= facility <= answers.facility.high
        hits["discrimination"] += answers.discrimination.low <= discrimination <= answers.discrimination.high
    assert hits["facility"] >= 90
    assert hits["discrimination"] >= 90


def test_answers_can_be_counted_together():
    one, other = studied(rows((1, 1, 2))).whole, studied(rows((0, 0, 3))).whole
    both = Answers()
    both.merge(one)
    both.merge(other)
    assert both == studied(rows((1, 1, 2), (0, 0, 3))).whole
