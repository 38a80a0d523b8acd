"""Each item says beside itself whether its answer is saved, and nothing sticks to the edge of a phone's screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_autosave import AT, quiz, status, tick  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser


def test_each_item_says_beside_itself_how_it_stands(quiz, context):  # noqa: F811
    def of(position):
        return quiz.locator(f"#i{position} > .saved")

    expect(of(1)).to_have_text("")
    tick(quiz, 1)
    expect(of(1)).to_contain_text(AT)
    context.set_offline(True)
    tick(quiz, 2)
    expect(of(2)).to_have_class("saved is-wrong")
    # Below the last field: of an item with a document and six statements the first is a screen away.
    quiz.locator("#i2 input:not([type=hidden]), #i2 select").last.scroll_into_view_if_needed()
    expect(of(2)).to_be_in_viewport()
    expect(of(1)).to_contain_text(AT)
    expect(of(1)).to_have_class("saved")
    expect(of(3)).to_have_text("")
    context.set_offline(False)
    expect(of(2)).to_contain_text(AT)
    expect(of(2)).to_have_class("saved")
    quiz.reload()
    expect(of(2)).to_contain_text(AT)
    expect(of(3)).to_have_text("")


def test_nothing_sticks_to_the_edge_of_the_screen_while_all_is_well(quiz):  # noqa: F811
    tick(quiz, 1)
    expect(status(quiz)).to_contain_text(AT)
    sticks = "place => ['sticky', 'fixed'].includes(getComputedStyle(place).position)"
    assert not quiz.evaluate(f"[...document.querySelectorAll('*')].some({sticks})")
