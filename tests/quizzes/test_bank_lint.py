"""What an author is warned of about a bank as a whole: twins, and a habit that gives keys away."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content.languages import rules
from quizzes.bank_lint import COUNTED, LEAST_OF_A_HABIT, MOST_OF_A_HABIT, bank_flaws, habit_flaws
from quizzes.cues import cues_of
from tests.quizzes.test_cues import AS_THEY_WERE, FEW, choice, drawn, with_semicolon

NEUTRAL = "qx"  # a language without a file


def written(choices, language=NEUTRAL):
    """Items with a key in each slot by turns, of what test_cues draws."""
    return [_item(f"i{number}", one.stem, one.options, one.key, language) for number, one in enumerate(choices)]


def _item(slug, stem, texts, key, language):
    options = [{"id": letter, "text": {language: text}} for letter, text in zip("abcdef", texts, strict=False)]
    version = {"stem": {language: stem}, "options": options, "key": "abcdef"[key], "shuffle": True}
    return SimpleNamespace(slug=slug, kind="single", version=version)


def habits(items):
    return [str(flaw) for flaw in habit_flaws(items)]


def test_a_bank_that_gives_its_keys_away_is_told_by_what():
    (words,) = habits(written(drawn(1, items=20, mark=with_semicolon)))
    assert words == (
        "the key can be told without reading in 40 of 40 items, most often since it has more semicolons than the other "
        "options: make options alike in this (qx)"
    )


def test_a_word_that_keys_have_more_often_is_named():
    (words,) = habits(written(drawn(1, items=20, mark=lambda text: f"{text} maybe".replace(text.split()[0], "", 1))))
    assert "since it has more occurrences of “maybe” than the other options" in words


def test_what_keys_have_less_of_is_named():
    items = []
    for one in drawn(3, items=20):
        texts = [text if number == one.key else f"{text}: {text.split()[0]}" for number, text in enumerate(one.options)]
        items.append(SimpleNamespace(stem=one.stem, options=texts, key=one.key))
    (words,) = habits(written(items))
    assert "since it has fewer " in words


@pytest.mark.parametrize(("count", "told"), [(LEAST_OF_A_HABIT - 1, 0), (LEAST_OF_A_HABIT, 1)])
def test_a_bank_of_fewer_than_thirty_singles_is_not_judged(count, told):
    assert len(habits(written(drawn(2, banks=1, items=count, mark=with_semicolon)))) == told


def test_of_a_large_bank_two_hundred_singles_tell():
    (words,) = habits(written(drawn(2, banks=1, items=MOST_OF_A_HABIT + 1, mark=with_semicolon)))
    assert "in 101 of 101 items" in words


@FEW
@given(seed=st.integers(), options=st.integers(2, 5))
def test_a_bank_whose_keys_are_drawn_is_told_nothing(seed, options):
    assert habits(written(drawn(seed, banks=1, items=LEAST_OF_A_HABIT, options=options))) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_banks_that_could_be_passed_by_tone_are_told(language):
    items = [
        _item(item["slug"], item["stem"][language], [text[language] for text in item["options"]], item["key"], language)
        for bank in AS_THEY_WERE.values()
        for item in bank
    ]
    (words,) = habits(items)
    assert "since it has more semicolons than" in words


def test_every_cue_has_words():
    loud = choice("Perhaps nobody, because: not; 9, “so” Bamako", "the pier", "a pier", stem="the pier")
    named = {cue for cues in cues_of(loud, rules("en")) for cue in cues}
    assert {cue for cue in named if not cue.startswith("word ")} == set(COUNTED)


def test_items_of_a_bank_may_be_of_different_languages():
    texts = ["the longest of them", "a pier", "a bank"]
    french = [_item(f"f{number}", f"Quai {number}", texts, 0, "fr") for number in range(10)]
    english = [_item(f"e{number}", f"Pier {number}", texts, number % 3, "en") for number in range(9)]
    told = [str(flaw) for slug, flaw in bank_flaws([*english, *french]) if "longest" in str(flaw)]
    assert told == ["the longest option is the key in 10 of 10 items: shorten keys, or say more in distractors (fr)"]


def test_of_several_twins_each_later_one_names_the_nearest():
    one, other = drawn(5, banks=1, items=2)
    items = written([one, other, one, one, one])
    told = [(slug, flaw.values["twin"]) for slug, flaw in bank_flaws(items)]
    assert told == [("i2", "i0"), ("i3", "i0"), ("i4", "i0")]


def test_a_twin_is_told_at_the_stem_of_the_later_item():
    first, second = drawn(5, banks=1, items=2)
    items = written([first, second, first])
    told = [(slug, str(flaw), flaw.at) for slug, flaw in bank_flaws(items)]
    assert told == [("i2", "this asks nearly the same as “i0”: ask something else, or take one of them out", "stem")]
