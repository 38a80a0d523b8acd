"""The parts of items that are drawn in Python: whatever an author writes is text."""

from html.parser import HTMLParser

import pytest
from django.template import Context

from quizzes.kinds import KINDS
from quizzes.templatetags import items

NASTY = """<b title="x">A & 'B'</b></label></option><script>alert(1)</script> {{ é }} “œ” &lt;"""


class Read(HTMLParser):
    """The elements of a part, with its text; each that has an end is closed in its turn."""

    def __init__(self, html):
        super().__init__()
        self.names, self.values, self.text, self.open = set(), {}, "", []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.values[dict(attrs).get("name")] = dict(attrs).get("value")
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
        (items.fields(Context(), "single", {"options": [OFFERED]}), {"label", "input", "span"}),
        (items.label_of(OFFERED), {"span"}),
    ],
)
def test_what_an_author_wrote_is_text(part, names):
    read = Read(part)
    assert (read.names, read.text) == (names, NASTY)


ROW = {"name": "q1-0", "text": NASTY, "cells": [OFFERED], "choices": [OFFERED], "places": [{**OFFERED, "number": "1"}]}
SHOWN = {
    "name": "q1",
    "value": NASTY,
    "unit": NASTY,
    "longest": 100,
    "options": [OFFERED],
    "labels": [OFFERED],
    **dict.fromkeys(("statements", "pairs", "entries"), [ROW]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_beside_what_is_asked_is_text(kind):
    """Of what is typed it is a value, of all others text."""
    drawn = items.fields(Context(), kind, SHOWN)
    read = Read(drawn)
    assert NASTY in (read.text if kind != "short" else read.values["q1"])
    assert not read.names & {"b", "script"}


@pytest.mark.parametrize(("is_shared", "is_off"), [(None, True), (True, True), (False, False)])
@pytest.mark.parametrize("kind", ["number", "short"])
def test_what_is_typed_is_completed_on_a_device_of_ones_own_alone(kind, is_shared, is_off):
    context = Context({} if is_shared is None else {"is_shared": is_shared})
    assert ('autocomplete="off"' in items.fields(context, kind, SHOWN)) == is_off


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
