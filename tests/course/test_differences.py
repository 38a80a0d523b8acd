"""What differs between two texts: nothing lost, nothing invented, what stays is left out."""

from hypothesis import given
from hypothesis import strategies as st

from course.differences import GONE, NEW, SAME, differences

LINES = st.lists(st.text("ab ", max_size=6), max_size=6)


def test_one_word_is_struck_out_and_said_anew():
    before = "# A bridge\n\nIt opened in 2015 near Ségou.\n\nBoats pass."
    after = before.replace("2015", "2013")
    assert differences(before, after) == [
        [(SAME, "It opened in "), (GONE, "2015 "), (NEW, "2013 "), (SAME, "near Ségou.")]
    ]


def test_a_line_that_comes_or_goes_stands_whole():
    assert differences("one\ntwo", "one") == [[(GONE, "two")]]
    assert differences("one", "one\ntwo") == [[(NEW, "two")]]


def test_lines_with_little_in_common_stand_one_after_the_other():
    assert differences("Amber is a stone", "Nobody counted any boats") == [
        [(GONE, "Amber is a stone"), (NEW, "Nobody counted any boats")]
    ]


def said(lines, *steps):
    return ["".join(words for step, words in line if step in steps) for line in lines]


@given(LINES, LINES)
def test_every_word_is_that_of_one_text_or_of_both(before, after):
    lines = differences("\n".join(before), "\n".join(after))
    old, new = "\n".join(before).splitlines(), "\n".join(after).splitlines()
    assert all(line in old for line in said(lines, SAME, GONE) if line)
    assert all(line in new for line in said(lines, SAME, NEW) if line)
    for line in set(old) - set(new) - {""}:
        assert line in said(lines, SAME, GONE)
    for line in set(new) - set(old) - {""}:
        assert line in said(lines, SAME, NEW)


@given(LINES)
def test_a_text_does_not_differ_from_itself(lines):
    assert differences("\n".join(lines), "\n".join(lines)) == []
