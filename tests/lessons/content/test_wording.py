"""How long a sentence is, and forms that a reader of French as a second language does not meet."""

import pytest

from lessons.content.wording import sentences, unspelt, wording

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


@pytest.mark.parametrize(
    "text",
    [
        "La Mission de l’ONU (MINUSMA) part. La MINUSMA est partie.",
        "La MINUSMA (la mission de l’ONU) part.",
        "Le [Haut-Commissariat (HCDH, ou OHCHR)](term:ohchr) parle.",
        "[MINUSMA](term:minusma) (la mission) part.",
        "La mission de l’ONU, la MINUSMA, part.",
        "L’[ACLED](term:acled), une ONG, compte.",
        "Selon l’ONG ACLED.",
        "# La MINUSMA\n\nL’ONU, la BBC et une ONG.",
        "La revue *CTC Sentinel*, et la résolution ES-11/1.[^M001]",
        "BARKHANES en capitales, le XIXe siècle",
    ],
)
def test_an_acronym_beside_its_words_is_taken(text):
    assert unspelt(text, "fr") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("La MINUSMA part en 2023 (en juin).", "MINUSMA"),
        ("Le groupe (GSIM) et le HCDH.", "HCDH"),
        ("Selon l’OCDE. L’Organisation (OCDE) le dit.", "OCDE"),
        ("La MINUSMA. La Mission (MINUSMA). La MINUSMA.", "MINUSMA"),
        ("Vinrent MINUSMA, HCDH (le bureau).", "MINUSMA"),
    ],
)
def test_an_acronym_met_without_its_words_is_told_once(text, name):
    told = [f"“{name}” stands here for the first time: give its words, and it in parentheses"] if name else []
    assert unspelt(text, "fr") == told


def test_nothing_has_to_be_spelt_out_in_a_language_without_such_a_rule():
    assert unspelt("MINUSMA", "en") == []
