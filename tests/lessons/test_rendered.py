"""Rendered pages: the most that a process keeps of them, and which goes first."""

import secrets

from lessons.rendered import Rendered, RenderedPage


def page():
    return RenderedPage(secrets.token_bytes(1000))


def test_the_page_longest_unused_goes_first():
    pages = Rendered(most=2 * page().size + 100)
    first, second, third = page(), page(), page()
    pages.put("first", first)
    pages.put("second", second)
    assert pages.get("first") is first
    pages.put("third", third)
    assert (pages.get("first"), pages.get("second"), pages.get("third")) == (first, None, third)


def test_a_page_put_again_takes_its_room_once():
    pages = Rendered(most=2 * page().size + 100)
    for _ in range(5):
        pages.put("first", page())
    pages.put("second", page())
    assert pages.get("first")
    assert pages.get("second")


def test_a_page_that_is_too_large_is_not_kept():
    pages = Rendered(most=100)
    pages.put("first", page())
    assert pages.get("first") is None
    pages.put("first", page())
    assert pages.get("first") is None


def test_nothing_is_left_once_they_are_cleared():
    pages = Rendered(1024)
    pages.put("first", page())
    pages.clear()
    assert pages.get("first") is None
