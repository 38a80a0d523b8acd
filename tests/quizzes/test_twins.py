"""Items of a bank that ask nearly the same, in both languages, and what comes near and is another question."""

import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.twins import ALIKE, asked_words, twins

WORDS = ["bridge", "boat", "ford", "pier", "office", "count", "noon", "toll", "gate", "lamp", "2019", "47", "the"]


def item(stem, key, language="en"):
    """A single item in one language."""
    options = [{"id": "a", "text": {language: key}}, {"id": "b", "text": {language: "none of their boats"}}]
    version = {"stem": {language: stem}, "options": options, "key": "a"}
    return SimpleNamespace(slug="", kind="single", version=version)


def filler(language):
    """Items on other things, so that the words of the two that are compared are rare."""
    stems = {
        "en": ["When did the market open?", "Who keeps the school?", "Where is the well?", "What does a ticket cost?"],
        "fr": ["Quand le marché ouvre-t-il ?", "Qui tient l’école ?", "Où est le puits ?", "Que coûte un billet ?"],
    }
    return [item(stem, f"{stem[:9]} {number}", language) for number, stem in enumerate(stems[language])]


def pairs(first, second, language="en"):
    return [(one, other) for one, other, _likeness in twins([first, *filler(language), second])]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "en",
            ("Who counted the boats at the old bridge in 2019?", "The river office"),
            ("At the old bridge, who counted boats in 2019?", "River office"),
        ),
        (
            "fr",
            ("Qui a compté les bateaux au vieux pont en 2019 ?", "L’Office du fleuve"),
            ("En 2019, au vieux pont, qui comptait des bateaux ?", "Office du fleuve"),
        ),
    ],
)
def test_an_item_that_asks_the_same_in_other_words_is_a_twin(language, first, second):
    assert pairs(item(*first, language), item(*second, language), language) == [(0, 5)]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "en",
            ("Who counted the boats at the old bridge in 2019?", "The river office"),
            ("Why did the river office close the old bridge?", "A pier had sunk"),
        ),
        (
            "en",
            ("Choose the label that fits each line.", "Fact"),
            ("Choose the line that fits the table.", "The one with 47 boats"),
        ),
        (
            "fr",
            ("Qui a compté les bateaux au vieux pont en 2019 ?", "L’Office du fleuve"),
            ("Pourquoi l’Office du fleuve a-t-il fermé le vieux pont ?", "Une pile a cédé"),
        ),
    ],
)
def test_another_question_on_the_same_thing_is_none(language, first, second):
    assert pairs(item(*first, language), item(*second, language), language) == []


def test_the_same_stem_with_another_key_is_none():
    first = item("What does the table show?", "More boats at noon than at dusk, by the river office’s count")
    second = item("What does the table show?", "The toll rose each year while the ferry’s fare stayed the same")
    assert pairs(first, second) == []


def test_the_same_lines_with_other_labels_are_another_question():
    statements = [
        {"id": "a", "text": {"en": "The old bridge opened in October"}},
        {"id": "b", "text": {"en": "47 boats"}},
    ]

    def labelled(one, other):
        version = {"stem": {"en": "Label each."}, "statements": statements, "key": {"a": one, "b": other}}
        return SimpleNamespace(slug="", kind="classify", version=version)

    assert pairs(labelled("fact", "estimate"), labelled("holds", "fails")) == []
    assert pairs(labelled("fact", "estimate"), labelled("fact", "estimate")) == [(0, 5)]


def test_two_items_alone_are_compared_too():
    assert [(one, other) for one, other, _ in twins([item("The bridge?", "A pier"), item("A bridge?", "The pier")])]
    assert twins([]) == twins([item("The bridge?", "A pier")]) == []


def test_twins_in_one_language_of_two_are_told_once():
    def both(french):
        options = [{"id": "a", "text": {"en": "A pier of the bridge", "fr": "Une pile du pont"}}]
        version = {"stem": {"en": "What sank at noon?", "fr": french}, "options": options, "key": "a"}
        return SimpleNamespace(slug="", kind="single", version=version)

    ((one, other, likeness),) = twins([both("Qu’est-ce qui a sombré ?"), both("Que vit-on ?")])
    assert (one, other, likeness) == (0, 1, pytest.approx(1))


def likeness_by_hand(items, one, other):
    """The weight of the words that two have over that of the words that either has."""
    bags = [asked_words(each, "en") for each in items]

    def weigh(words):
        return sum(math.log(1 + len(bags) / sum(word in bag for bag in bags)) for word in words)

    either = bags[one] | bags[other]
    return weigh(bags[one] & bags[other]) / weigh(either) if either else 0


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=8), max_size=8))
def test_what_is_found_quickly_is_what_comparing_all_finds(texts):
    items = [item(" ".join(words[:5]), " ".join(words[5:])) for words in texts]
    slow = {
        (one, other): likeness_by_hand(items, one, other)
        for other in range(len(items))
        for one in range(other)
        if likeness_by_hand(items, one, other) >= ALIKE
    }
    assert {(one, other): pytest.approx(likeness) for one, other, likeness in twins(items)} == slow


@given(st.data())
def test_twins_are_twins_in_whatever_order_the_bank_stands(data):
    drawn = data.draw(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=2, max_size=8))
    items = [item(" ".join(words), words[0]) for words in drawn]
    for number, each in enumerate(items):
        each.slug = str(number)

    def named(bank):
        return {frozenset((bank[one].slug, bank[other].slug)) for one, other, _ in twins(bank)}

    assert named(data.draw(st.permutations(items))) == named(items)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=5))
def test_a_bank_of_any_words_can_be_judged(texts):
    assert all(ALIKE <= likeness <= 1.000001 for _, _, likeness in twins([item(*text) for text in texts]))
