"""The parts of items that are drawn in Python: whatever an author writes is text."""

from html.parser import HTMLParser

import pytest

from quizzes.templatetags import items

NASTY = """<b title="x">A & 'B'</b></label></option><script>alert(1)</script> {{ é }} “œ” &lt;"""


class Read(HTMLParser):
    """The elements of a part, with its text; each that has an end is closed in its turn."""

    def __init__(self, html):
        super().__init__()
        self.names, self.text, self.open = set(), "", []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        if tag != "input":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


OFFERED = {"name": "q1", "value": "0", "chosen": True, "text": NASTY, "id": "own"}


@pytest.mark.parametrize(
    ("part", "names"),
    [
        (items.choices([OFFERED]), {"label", "input", "span"}),
        (items.label_of(OFFERED), {"span"}),
    ],
)
def test_what_an_author_wrote_is_text(part, names):
    read = Read(part)
    assert (read.names, read.text) == (names, NASTY)


ROW = {"name": "q1-0", "text": NASTY, "cells": [OFFERED], "choices": [OFFERED], "places": [{**OFFERED, "number": "1"}]}


@pytest.mark.parametrize("part", [items.statements, items.pairs, items.places])
def test_what_stands_beside_what_is_asked_is_text(part):
    read = Read(part([ROW]))
    assert NASTY in read.text
    assert not read.names & {"b", "script"}


OPTION = {"text": NASTY, "feedback": NASTY, "chosen": True, "is_key": False, "is_right": False}


@pytest.mark.parametrize(
    "part",
    [
        items.marked_choice({"given": NASTY, "feedback": NASTY, "right": "Gao"}, "wrong"),
        items.marked_choices([OPTION], "wrong"),
    ],
)
def test_what_is_said_of_an_option_is_text(part):
    read = Read(part)
    assert read.text.count(NASTY) == 2
    assert not read.names & {"b", "script"}


@pytest.mark.parametrize("is_right", [True, False])
def test_what_stands_in_a_marked_line_is_text(is_right):
    row = {"text": NASTY, "feedback": NASTY, "is_right": is_right}
    read = Read(items.marked_row(row, NASTY, NASTY))
    assert read.text.count(NASTY) == (2 if is_right else 4)
    assert "script" not in read.names
