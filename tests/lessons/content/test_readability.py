"""How heavy a text is to read, and which words it is about, in each language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content.readability import LEAST_WORDS, content_words, is_heavy, lix

HEAVY = {
    "en": (
        "Considering contemporaneous intergovernmental communications concerning counterterrorism cooperation, which "
        "characterisation of transitional authorities’ institutional responsibilities regarding parliamentary "
        "ratification procedures appears substantively defensible?"
    ),
    "fr": (
        "Considérant les communications intergouvernementales contemporaines relatives à la coopération "
        "antiterroriste, quelle caractérisation des responsabilités institutionnelles des autorités transitoires "
        "concernant les procédures parlementaires de ratification paraît substantiellement défendable ?"
    ),
}
PLAIN = {
    "en": (
        "On 10 January 2020 a march took place in Bamako. The police counted 900 people, the organisers several "
        "thousand. Which line says so without taking a side?"
    ),
    "fr": (
        "Le 10 janvier 2020, une marche a eu lieu à Bamako. La police a compté 900 personnes, les organisateurs "
        "plusieurs milliers. Quelle ligne le dit sans prendre parti ?"
    ),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("…", 0),
        ("The bridge is open.", 4),  # four words a sentence, none of more than six letters
        ("The bridge is open. Nobody counted.", 6 / 2 + 100 / 6),  # “counted” is long
        ("The count: nine boats. How many?", 6 / 3),  # a colon ends a sentence
        ("L’examen a-t-il eu lieu ?", 7),  # l, examen, a, t, il, eu, lieu
        ("Open... or not?", 3 / 2),
    ],
)
def test_it_is_words_a_sentence_and_the_share_of_long_words(text, expected):
    assert lix(text) == pytest.approx(expected)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_heavy_is_told_from_what_is_plain_in_both_languages(language):
    assert is_heavy(HEAVY[language])
    assert not is_heavy(PLAIN[language])


def test_a_short_text_is_never_heavy():
    words = ["Characterisation"] * (LEAST_WORDS - 1)
    assert not is_heavy(" ".join(words))
    assert is_heavy(" ".join([*words, "Characterisation"]))


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("The bridges of the river were opened in 2019.", "en", {"bridge", "river", "opened", "2019"}),
        ("Les ponts du fleuve n’ont été ouverts qu’en 2019.", "fr", {"pont", "fleuve", "ouvert", "2019"}),
        ("Congress, a glass, gas", "en", {"congress", "glass", "gas"}),
        ("What is it?", "en", set()),
        ("Qu’est-ce que c’est ?", "fr", set()),
    ],
)
def test_a_text_is_about_its_words_without_those_of_grammar(text, language, words):
    assert content_words(text, language) == words


@given(text=st.text(max_size=200), language=st.sampled_from(["en", "fr", "bm"]))
def test_any_text_can_be_judged(text, language):
    assert lix(text) >= 0
    assert is_heavy(text) in (True, False)
    assert all(content_words(text, language))


@given(text=st.text(alphabet="ab .?", min_size=1, max_size=60))
def test_what_stands_around_a_text_makes_it_no_heavier(text):
    assert lix(f" “{text}” ") == pytest.approx(lix(text))
