"""Light or dark and the size of text, as a cookie holds them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.display import CHOICES, SIZES, THEMES, Display, read

words = st.one_of(st.text(), st.sampled_from([*THEMES, *SIZES]))
cookies = st.one_of(st.text(), st.sampled_from([*CHOICES]), st.builds("{}.{}".format, words, words))


@given(cookies)
def test_whatever_a_cookie_says_a_page_gets_words_of_ours_or_none(cookie):
    choice = read(cookie)
    assert choice.theme in ("", "light", "dark")
    assert choice.size in ("", "large", "larger")
    assert choice in (Display(), CHOICES.get(cookie))


@given(words, words)
def test_a_choice_comes_back_from_its_cookie(theme, size):
    choice = Display.of(theme, size)
    assert read(choice.cookie) == choice
    assert (choice.theme or "system", choice.size or "normal") == (
        theme if theme in THEMES else "system",
        size if size in SIZES else "normal",
    )


def test_there_are_nine_choices_and_the_plain_one_needs_no_cookie():
    assert len(CHOICES) == 9
    assert {choice.cookie for choice in CHOICES.values()} == {*CHOICES}
    assert Display.of("system", "normal").cookie == ""
    assert {len(f"{theme}.{size}") < 15 for theme, size in product(THEMES, SIZES)} == {True}


@pytest.mark.parametrize(
    "cookie", ["dark", "dark.", ".large", "Dark.large", "dark.large ", "dark.large.", "light.huge"]
)
def test_what_is_nearly_a_choice_is_none(cookie):
    assert read(cookie) == Display()
