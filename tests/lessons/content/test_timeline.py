"""The timeline as text: the periods that cut it, and the lessons that they lead to."""

import pytest

from lessons.content.module import read_module
from lessons.content.source import Problems
from tests.content import TIMELINE, write_module

PERIODS = """\
[[period]]
from = 1960
to = 2012
title.en = "Before the bridge"
title.fr = "Avant le pont"

[[period]]
from = 2013
to = 2019
title.en = "The bridge"
title.fr = "Le pont"
lessons = ["who-says-it/the-bridge"]

"""


def read(folder, text):
    write_module(folder, timeline=text)
    problems = Problems()
    return read_module(folder, problems).timeline, problems


def test_periods_are_read_in_their_order_with_their_lessons(tmp_path):
    timeline, problems = read(tmp_path, PERIODS + TIMELINE)
    assert problems == []
    assert [period.document["first"] for period in timeline.periods] == [1960, 2013]
    assert timeline.periods[1].document["lessons"] == ["who-says-it/the-bridge"]
    assert 2012 in timeline.periods[0]
    assert 2013 not in timeline.periods[0]


def test_a_timeline_may_have_no_periods(tmp_path):
    timeline, problems = read(tmp_path, TIMELINE)
    assert (timeline.periods, problems) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("from = 2013", "from = 2012", 8, "begins after the one before it has ended"),
        ("to = 2012", "to = 1959", 3, "1960 to 1959 ends before it begins"),
        ("to = 2019", "to = 2018", 16, "no period has the year 2019"),
        ("to = 2012", 'to = "2012"', 3, "“to” should be a whole number"),
        ("the-bridge", "the-ferry", 12, "no lesson is called “who-says-it/the-ferry”"),
        ('title.fr = "Le pont"\n', "", 10, "“title.fr” is missing"),
        ("from = 1960", "from = 1960\nuntil = 1961", 3, "nothing is known of a key “until”"),
    ],
)
def test_periods_that_do_not_cut_the_timeline_are_refused_with_file_and_line(tmp_path, old, new, line, words):
    assert old in PERIODS
    _, problems = read(tmp_path, PERIODS.replace(old, new) + TIMELINE)
    assert [problem.line for problem in problems.errors if words in problem.text] == [line], problems
    assert problems[0].path.endswith("timeline.toml")
