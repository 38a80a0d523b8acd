"""How long a sentence is, and forms that a reader of French as a second language does not meet."""

import pytest

from lessons.content.wording import sentences, wording

LONG = " ".join(["mot"] * 29)


@pytest.mark.parametrize(
    "text",
    [
        "qu’il fût venu",
        "Il eût fallu partir.",
        "bien qu’il connût la ville",
        "avant qu’elle ne vît la suite",
        "pour qu’il parlât",
        "qu’ils fussent là",
        "qu’ils vinssent",
        "« enfin » (notre traduction)",
        "nous traduisons ainsi",
    ],
)
def test_a_form_to_avoid_is_told(text):
    assert len(wording(text, "fr")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "en août, le coût du goût",
        "il connaît, paraît, naît, plaît et disparaît",
        "le dégât, le mât, l’appât et le bât",
        "ils passent, laissent, chassent et ramassent",
        "un surcoût, un ragoût",
        "ci-gît un roi",
        "la boîte, le maître et l’île",
    ],
)
def test_an_ordinary_word_is_not(text):
    assert wording(text, "fr") == []


def test_a_sentence_of_more_than_28_words_is_told_in_french_alone():
    (told,) = wording(f"Bref. {LONG.capitalize()}. Fin.", "fr")
    assert "a sentence of 29 words" in told
    assert wording(LONG, "en") == []
    assert wording(LONG.removesuffix(" mot"), "fr") == []


def test_marks_and_the_addresses_of_links_are_no_words():
    text = " ".join(["mot"] * 27) + " [Moura](term:moura).[^M123]"
    assert wording(text, "fr") == []


def test_a_language_without_rules_is_taken_as_it_is():
    assert wording(f"{LONG} (notre traduction)", "ar") == []


def test_sentences_end_at_their_marks_and_lines():
    assert len(sentences("Un. Deux ! « Trois ? » Quatre\ncinq")) == 5
