"""Two languages give the same numbers and dates, each read by its own rules."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content import parity
from lessons.content.languages import en, fr
from lessons.content.languages.fr import typeset
from lessons.content.parity import values


def differences(english, french):
    return parity.differences({"en": english, "fr": french})


EQUAL = [
    ("1,277 civilians", "1 277 civils"),
    ("1,277 civilians", "1\u202f277 civils"),
    ("1,277 civilians", "1\u00a0277 civils"),
    ("1,234,567 francs", "1 234 567 francs"),
    ("1,234.5 km", "1 234,5 km"),
    ("the 19th century", "le XIXe siècle"),
    ("the 19th century", "le XIXᵉ siècle"),
    ("the 4th Republic", "la IVe République"),
    ("the 9th and 14th", "les IXes et XIVes"),
    ("on 1 May 2012", "le 1er mai 2012"),
    ("the 1st item", "le 1er point"),
    ("3.5 per cent", "3,5 %"),
    ("3.50 per cent", "3,5 %"),
    ("10 or 100", "10 ou 100"),
    ("in 2012, 300 people", "en 2012, 300 personnes"),
    ("in 2012 300 people", "en 2012 300 personnes"),
    ("on 18 August 2020", "le 18 août 2020"),
    ("in March 2012", "en mars 2012"),
    ("March 2012", "Mars 2012"),
    ("(May 2013)", "(mai 2013)"),
    ("“May 2013”", "« mai 2013 »"),
    ("mid-March 2013", "mi-mars 2013"),
    ("It may rain. May they cross?", "Il peut pleuvoir. Peuvent-ils passer ?"),
    ("a soldier marches, in august company", "un soldat marche, en auguste compagnie"),
    ("[^M038] none", "aucun [^M039]"),
    ("[x](term:g5) {#top-10}", "[y](https://a.example/2020) {#haut-11}"),
    ("", ""),
]


@pytest.mark.parametrize(("english", "french"), EQUAL)
def test_the_same_said_in_both_languages_is_equal(english, french):
    assert differences(english, french) == []


@pytest.mark.parametrize(
    ("english", "french", "told"),
    [
        ("in 2012", "en 2013", ["the English says 2012 where the French does not", "the French says 2013 where"]),
        ("1,277 boats", "1277,5 bateaux", ["the English says 1277 ", "the French says 1277.5 "]),
        ("1,277 boats", "1,277 bateau", ["the English says 1277 ", "the French says 1.277 "]),
        ("100 boats", "des bateaux", ["the English says 100 where the French does not"]),
        ("boats", "10 bateaux", ["the French says 10 where the English does not"]),
        ("2 and 2", "2", ["the English says 2 where"]),
        ("the 19th century", "le XVIIIe siècle", ["the English says 19 ", "the French says 18 "]),
        ("3 May 2012", "3 mars 2012", ["the English says May where", "the French says March where"]),
        ("May 2012", "mars 2012", ["the English says May where", "the French says March where"]),
        ("on 3 May", "le 3", ["the English says May where"]),
    ],
)
def test_what_only_one_language_says_is_found_and_named(english, french, told):
    found = differences(english, french)
    assert [sentence.startswith(words) for sentence, words in zip(found, told, strict=True)] == [True] * len(told)


def test_may_counts_as_a_month_beside_a_day_or_a_year_and_not_as_a_verb():
    assert values("They may leave. May they?", "en") == {}
    assert values("May 2012", "en") == {("month", 5): 1, Decimal(2012): 1}
    assert values("12 May", "en") == {("month", 5): 1, Decimal(12): 1}


@pytest.mark.parametrize("number", range(12))
def test_every_month_is_known_in_both_languages(number):
    english, french = en.MONTHS[number], fr.MONTHS[number]
    assert differences(f"on 7 {english} 2012", f"le 7 {french} 2012") == []
    assert differences(f"on 7 {english} 2012", f"le 7 {fr.MONTHS[number - 1]} 2012") != []


def grouped(number, mark):
    return f"{number:,}".replace(",", mark)


@given(st.integers(0, 10**9), st.sampled_from([" ", "\u202f", "\u00a0", ""]), st.integers(0, 999))
def test_a_number_is_one_value_however_each_language_writes_it(whole, mark, thousandths):
    english = f"{whole:,}.{thousandths:03}"
    french = f"{grouped(whole, mark)},{thousandths:03}"
    assert differences(f"about {english} boats", f"environ {french} bateaux") == []
    assert differences(f"about {english} boats", f"environ {grouped(whole + 1, mark)} bateaux") != []


@given(st.integers(0, 10**9))
def test_setting_french_spaces_changes_no_value(whole):
    text = f"environ {grouped(whole, ' ')} bateaux : 32 % ?"
    assert values(typeset(text), "fr") == values(text, "fr")


@pytest.mark.parametrize("name", ["WCAG 2.2", "CC BY-SA 4.0", "Moodle 4.3", "version 0.1.0", "Version 1.2"])
def test_a_version_is_a_name_and_written_alike(name):
    assert differences(f"It is {name}.", f"C’est {name}.") == []


def test_an_amount_after_capitals_is_a_number():
    assert differences("EUR 1.5 million", "1,5 million d’euros") == []
    assert differences("EUR 1.5 million", "des millions d’euros") != []
