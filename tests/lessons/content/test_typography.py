"""French spaces are set once, whatever the author typed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lessons.content.languages import rules
from lessons.content.languages.fr import typeset

THIN, HARD = "\u202f", "\u00a0"
FRENCH = st.text(st.sampled_from(list("ab 1234567890.,:;!?«»%’()\n" + THIN + HARD)), max_size=40)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Qui ? Lui ! Non ;", f"Qui{THIN}? Lui{THIN}! Non{THIN};"),
        ("Il dit : non", f"Il dit{HARD}: non"),
        ("Deux temps :", f"Deux temps{HARD}:"),
        ("« Oui »", f"«{HARD}Oui{HARD}»"),
        ("«Oui»", f"«{HARD}Oui{HARD}»"),
        ("« Qui ? »", f"«{HARD}Qui{THIN}?{HARD}»"),
        ("32 % du blé", f"32{THIN}% du blé"),
        ("1 277 civils", f"1{THIN}277 civils"),
        ("1 234 567 francs", f"1{THIN}234{THIN}567 francs"),
        ("le 23 août 2012", "le 23 août 2012"),
        ("en 2012 300 personnes", "en 2012 300 personnes"),
        ("à 10:30", "à 10:30"),
        ("https://a.example", "https://a.example"),
        ("(voir ci-dessous)", "(voir ci-dessous)"),
    ],
)
def test_french_gets_the_spaces_of_the_imprimerie_nationale(typed, printed):
    assert typeset(typed) == printed


def test_english_stays_as_it_was_typed():
    assert rules("en").typeset("« Who ? » 1 277 : 32 %") == "« Who ? » 1 277 : 32 %"


@given(FRENCH)
@example("1 277 : « 32 % » ?")
@example("? ?")
@example("«»")
def test_setting_a_text_twice_changes_nothing_more(text):
    once = typeset(text)
    assert typeset(once) == once


@given(FRENCH)
def test_only_spaces_ever_change(text):
    def bare(words):
        return "".join(letter for letter in words if letter not in (" ", THIN, HARD))

    assert bare(typeset(text)) == bare(text)
