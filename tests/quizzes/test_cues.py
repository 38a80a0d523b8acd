"""Words and form alone: a classifier finds a bank that gives its keys away, and nothing where there is nothing."""

import json
import math
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lessons.content.languages import KNOWN, rules
from lessons.content.module import read_module
from lessons.content.source import Problems
from quizzes import cues
from quizzes.banks import read_bank
from quizzes.cues import Choice, Prediction, Tally, cues_of, judge, loss, predict, train
from quizzes.statistics import wilson
from tests.content import NAMES, write_module
from tests.profiles import rounds

# The single items of the course as they were when a reader found that their tone gives the keys away.
# {bank: [{slug, key (index of an option), stem, options}]}, texts by language; under the licence of content/.
AS_THEY_WERE = json.loads((Path(__file__).parent / "banks_passed_by_tone.json").read_text())
NEUTRAL = "qx"  # a language without a file
SYLLABLES = ("ba", "ko", "li", "mu", "ne", "sa", "to", "wi")
WORDS = [first + second for first in SYLLABLES for second in SYLLABLES]
# Each judges a module whole, and a smaller seed is no simpler one.
FEW = settings(max_examples=rounds(50, 8), phases=[Phase.reuse, Phase.generate])


def seeded(seed):
    return random.Random(seed)  # noqa: S311


def drawn(seed, banks=2, items=60, options=4, key=None, mark=None):
    """Choices of drawn words; `key` is the index of each key, drawn where it is None; `mark` changes the key's text."""
    draw = seeded(seed)
    made = []
    for number in range(banks * items):
        texts = [" ".join(draw.sample(WORDS, 5)) for _ in range(options)]
        right = draw.randrange(options) if key is None else key
        if mark:
            texts[right] = mark(texts[right])
        made.append(Choice(f"bank-{number % banks}", f"item-{number}", draw.choice(WORDS), tuple(texts), right))
    return made


def as_they_were(language):
    return [
        Choice(bank, item["slug"], item["stem"][language], tuple(o[language] for o in item["options"]), item["key"])
        for bank, items in AS_THEY_WERE.items()
        for item in items
    ]


def with_semicolon(text):
    return text.replace(" ", "; ", 1)


def choice(*options, stem="", key=0):
    return Choice("bank", "item", stem, options, key)


# What is found


@pytest.mark.parametrize(
    ("language", "least"),
    [("en", 0.50), ("fr", 0.50)],  # measured when this was written: 92.5 of 171, 54 %; 100 of 171, 58 %
)
def test_the_banks_that_could_be_passed_by_tone_are_found(language, least):
    tally = judge(as_they_were(language), language)
    assert tally.singles == 171
    assert tally.chance == pytest.approx(0.25)
    assert tally.share >= least
    assert tally.is_too_much
    assert len(tally.banks()) == 9


@FEW
@given(seed=st.integers(), options=st.integers(2, 5))
def test_keys_that_always_have_a_semicolon_are_found(seed, options):
    tally = judge(drawn(seed, options=options, mark=with_semicolon), NEUTRAL)
    assert tally.hits == tally.singles == 120
    assert tally.is_too_much
    assert all(prediction.cues[0] == "+ semicolon" for prediction in tally.predictions)


@FEW
@given(seed=st.integers())
def test_keys_that_are_always_longer_are_found_however_long_they_are(seed):
    tally = judge(drawn(seed, mark=lambda text: " ".join([text] * 60)), NEUTRAL)
    assert tally.hits == tally.singles
    assert all(math.isfinite(prediction.of_key) for prediction in tally.predictions)


@FEW
@given(seed=st.integers())
def test_the_option_of_which_the_others_are_variants_is_found(seed):
    """Each distractor changes another word of the key, so the key is most like all of them."""
    draw = seeded(seed)
    asked = []
    for number in range(120):
        words = draw.sample(WORDS, 9)
        variants = [words[:at] + [words[6 + at]] + words[at + 1 : 6] for at in range(3)]
        texts = [" ".join(option) for option in (words[:6], *variants)]
        asked.append(Choice(f"bank-{number % 2}", f"item-{number}", "", tuple(texts), 0))
    assert judge(asked, NEUTRAL).share > 0.9


@FEW
@given(seed=st.integers())
def test_options_that_cross_two_changes_are_not_found(seed):
    draw = seeded(seed)
    asked = []
    for number in range(120):
        one, other, *rest = draw.sample(WORDS, 7)
        texts = [" ".join([a, *rest[2:], b]) for a in (one, rest[0]) for b in (other, rest[1])]
        asked.append(Choice(f"bank-{number % 2}", f"item-{number}", "", tuple(texts), draw.randrange(4)))
    assert_by_chance(judge(asked, NEUTRAL))


def assert_by_chance(tally):
    """Within five standard errors: one seed in two million is further off."""
    low, high = wilson(tally.hits, tally.singles, z=5)
    assert low <= tally.chance <= high


@FEW
@given(seed=st.integers(), options=st.integers(2, 5))
def test_drawn_keys_are_found_by_chance(seed, options):
    tally = judge(drawn(seed, options=options), NEUTRAL)
    assert tally.chance == pytest.approx(1 / options)
    assert_by_chance(tally)


@FEW
@given(seed=st.integers())
def test_where_the_key_stands_in_the_file_is_no_cue(seed):
    assert_by_chance(judge(drawn(seed, key=0), NEUTRAL))


def test_what_only_the_bank_itself_shows_is_not_known():
    """Each bank has a word of its own in all its keys; whoever learns from the other has not met it."""
    asked = [
        replace(
            one, options=tuple(f"{text} {one.bank if at == one.key else 'none'}" for at, text in enumerate(one.options))
        )
        for one in drawn(1)
    ]
    plain = [
        replace(one, options=tuple(text.replace("bank-0", "yes").replace("bank-1", "yes") for text in one.options))
        for one in asked
    ]
    assert judge(plain, NEUTRAL).share == 1
    own = [prediction for prediction in judge(asked, NEUTRAL).predictions if "+ word bank-0" in prediction.cues]
    assert own == []


# The same again


def test_the_same_banks_give_the_same_figures():
    asked = drawn(3)
    assert judge(asked, NEUTRAL) == judge(asked, NEUTRAL)


def test_figures_do_not_hang_on_how_python_hashes():
    code = (
        "from tests.quizzes.test_cues import drawn, judge\n"
        "print([prediction.probabilities for prediction in judge(drawn(3), 'en').predictions])"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1] != ""


@FEW
@given(seed=st.integers())
def test_the_order_of_options_does_not_matter(seed):
    draw = seeded(seed)
    asked = drawn(seed, items=50, mark=lambda text: with_semicolon(text) if draw.random() < 0.5 else text)
    turned = []
    for one in asked:
        order = draw.sample(range(4), 4)
        turned.append(replace(one, options=tuple(one.options[at] for at in order), key=order.index(one.key)))
    for one, other in zip(judge(asked, NEUTRAL).predictions, judge(turned, NEUTRAL).predictions, strict=True):
        probability = dict(zip(other.choice.options, other.probabilities, strict=True))
        assert [probability[text] for text in one.choice.options] == pytest.approx(one.probabilities, abs=1e-6)


# What is judged


def test_fewer_than_a_hundred_singles_are_not_judged():
    asked = drawn(1, items=50)
    assert judge(asked, NEUTRAL).singles == 100
    assert judge(asked[1:], NEUTRAL) is None
    assert judge([], NEUTRAL) is None


def test_a_bank_without_another_to_learn_from_is_not_judged():
    assert judge(drawn(1, banks=1, items=120), NEUTRAL) is None


def test_two_options_are_found_by_chance_in_every_second_item():
    """True and false, true in seven of ten: told so, it is 20 points more than by chance."""
    asked = [
        Choice(f"bank-{number % 2}", f"item-{number}", "", ("True", "False"), int(number % 20 >= 14))
        for number in range(100)
    ]
    tally = judge(asked, "en")
    assert (tally.chance, tally.share) == (0.5, 0.7)
    assert tally.is_too_much
    few = [replace(one, key=int(number % 20 >= 12)) for number, one in enumerate(asked)]
    assert judge(few, "en").share == 0.6
    assert not judge(few, "en").is_too_much


@pytest.fixture
def banks(tmp_path):
    """The bank of the bridge: five singles and three of another kind."""
    module = read_module(write_module(tmp_path), Problems())
    section = module.sections[0]
    path = tmp_path / NAMES["items"]
    items = read_bank(path, Problems(), module.claims, module.terms, 2, section.anchors())
    return {section.slug: items}


def test_choices_are_the_single_items_in_one_language(banks):
    asked = cues.choices(banks, "fr")
    assert [one.slug for one in asked] == ["pier", "arch", "deck", "rail", "toll"]
    options = tuple(f"{word} du sujet pier" for word in ("amber", "birch", "cedar"))
    assert asked[0] == Choice("who-says-it", "pier", "Que vaut-il du sujet pier\u202f?", options, 1)


def test_an_item_without_a_text_or_a_key_is_no_choice(banks):
    assert cues.choices(banks, NEUTRAL) == []
    items = banks["who-says-it"]
    del items[0].version["stem"]["fr"]
    del items[1].version["options"][2]["text"]["fr"]
    items[2].version["key"] = ""
    assert [one.slug for one in cues.choices(banks, "fr")] == ["rail", "toll"]
    assert [one.slug for one in cues.choices(banks, "en")] == ["pier", "arch", "rail", "toll"]


# Cues


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("semicolon", "They say so; he denies it"),
        ("colon", "One thing: the day"),
        ("commas", "They say so, he denies it"),
        ("quotation", "They say “so” there"),
        ("quotation", "They say « so » there"),
        ("digits", "In 2019 they say so"),
        ("capitals", "They ask Mali of it"),
        ("length", "They say all of it at length and again"),
    ],
)
def test_a_cue_of_form_is_seen_in_any_language(name, text):
    option, other = cues_of(choice(text, "They say it to us"), rules(NEUTRAL))
    assert option[name] == -other[name] > 0


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("en", "hedge", "It may be so"),
        ("en", "absolute", "It is always so"),
        ("en", "negative", "It is not so"),
        ("en", "reason", "It is so because of it"),
        ("fr", "hedge", "Cela peut aider"),
        ("fr", "absolute", "Cela aide toujours"),
        ("fr", "negative", "Cela ne nous aide pas"),
        ("fr", "reason", "Cela aide puisqu’il vient"),
    ],
)
def test_a_cue_of_a_language_is_seen_in_it(language, name, text):
    pair = choice(text, "Once it was")
    option, other = cues_of(pair, rules(language))
    assert option[name] == -other[name] > 0
    assert all(name not in option for option in cues_of(pair, rules(NEUTRAL)))


def test_a_month_is_no_hedge():
    assert all("hedge" not in option for option in cues_of(choice("In May 2022", "In June 2022"), rules("en")))


def test_words_are_folded_and_numbers_are_none():
    first, second = cues_of(choice("L’État, en 2019", "Hier"), rules("fr"))
    assert [name for name in first if name.startswith("word ") and first[name] > 0] == ["word l'etat", "word en"]
    assert second["word hier"] > 0


def test_words_shared_with_the_stem_and_with_other_options_are_shares():
    """The first has both words of the stem; it shares one of three with the second, none with the third."""
    first, second, third = cues_of(choice("ba ko", "ba li", "mu ne", stem="ko ba"), rules(NEUTRAL))
    name = "like the stem"
    assert [one.get(name, 0) - third[name] for one in (first, second, third)] == pytest.approx([2, 1, 0])
    name = "like the others"
    assert [one.get(name, 0) - third[name] for one in (first, second, third)] == pytest.approx([1 / 2, 1 / 2, 0])


@given(options=st.lists(st.text(max_size=30), min_size=2, max_size=5))
def test_cues_are_differences_so_they_add_up_to_nothing(options):
    """And options without a word, or without any text, break nothing."""
    if any(options):
        each = cues_of(choice(*options), rules("en"))
        assert all(abs(math.fsum(option.get(name, 0) for option in each)) < 1e-7 for name in each[0])


# How it learns


ROWS = st.lists(
    st.tuples(
        st.lists(st.lists(st.tuples(st.integers(0, 2), st.floats(-2, 2)), max_size=3), min_size=2, max_size=4),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=5,
)


@given(rows=ROWS, weights=st.lists(st.floats(-2, 2), min_size=3, max_size=3), at=st.integers(0, 2))
def test_the_slope_is_that_of_the_loss(rows, weights, at):
    step = 1e-5
    above, below = ([weight + sign * step * (at == n) for n, weight in enumerate(weights)] for sign in (1, -1))
    rise = (loss(rows, above)[0] - loss(rows, below)[0]) / (2 * step)
    assert loss(rows, weights)[1][at] == pytest.approx(rise, abs=1e-6)


@FEW
@given(seed=st.integers())
def test_whoever_has_learnt_is_no_worse_than_whoever_knows_nothing(seed):
    """Where an option is sixty times as long, at random, a step of the usual length leads uphill, and is taken back."""
    draw = seeded(seed)
    seen = []
    for one in drawn(seed):
        at = draw.randrange(4)
        texts = (text if index != at else " ".join([text] * 60) for index, text in enumerate(one.options))
        long = replace(one, options=tuple(texts))
        seen.append((long, cues_of(long, rules(NEUTRAL))))
    weights = train([(cues, one.key) for one, cues in seen])
    losses = [-math.log(predict(one, cues, weights).of_key) for one, cues in seen]
    assert sum(losses) / len(losses) <= math.log(4)


def test_the_descent_has_come_to_its_end():
    """Ten times as many steps change no weight of the course's own banks by as much as 0.01."""
    seen = [(cues_of(one, rules("en")), one.key) for one in as_they_were("en")]
    weights = train(seen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cues, "STEPS", 10 * cues.STEPS)
        assert train(seen) == pytest.approx(weights, abs=0.01)
    assert max(map(abs, weights.values())) > 1


def test_a_cue_of_one_item_alone_is_left_out():
    seen = [
        (cues_of(choice("ba ko", "li mu"), rules(NEUTRAL)), 0),
        (cues_of(choice("ba ne", "sa to"), rules(NEUTRAL)), 0),
    ]
    weights = train(seen)
    assert weights["word ba"] > 0
    assert "word ko" not in weights


# Counting


def prediction(*probabilities, key=0, bank="bank"):
    options = tuple(map(str, range(len(probabilities))))
    return Prediction(Choice(bank, f"{probabilities[key]}", "", options, key), probabilities, ())


@pytest.mark.parametrize(
    ("probabilities", "hit"),
    [((0.4, 0.3, 0.3), 1), ((0.3, 0.4, 0.3), 0), ((0.4, 0.4, 0.2), 1 / 2), ((0.25,) * 4, 1 / 4), ((0.2, 0.4, 0.4), 0)],
)
def test_options_that_are_equally_likely_share_the_hit(probabilities, hit):
    assert prediction(*probabilities).hit == hit


def test_banks_come_worst_first_and_hits_surest_first():
    tally = Tally([prediction(0.6, 0.4, bank="a"), prediction(0.3, 0.7, bank="a"), prediction(0.9, 0.1, bank="b")])
    assert {bank: one.share for bank, one in tally.banks().items()} == {"b": 1, "a": 0.5}
    assert list(tally.banks()) == ["b", "a"]
    assert [one.choice.slug for one in tally.surest()] == ["0.9", "0.6"]
    assert (tally.hits, tally.singles, tally.chance) == (2, 3, 0.5)
    assert tally.interval == wilson(2, 3)


def test_every_language_that_has_words_for_faults_has_words_for_cues():
    assert all(rules(code).hedge.pattern != rules(NEUTRAL).hedge.pattern for code in KNOWN)
    assert all(rules(code).reason.pattern != rules(NEUTRAL).reason.pattern for code in KNOWN)
