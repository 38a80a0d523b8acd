"""Numbers: read as people type them in either language, right within the tolerance, usual slips answered."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import KINDS, NotOnOffer
from quizzes.kinds.number import number, spoken
from tests.content import parsed

NUMBER = KINDS["number"]


def version_of(value=119, tolerance=1, mistake=54):
    text = f"""[[item]]
kind = "number"
value = {value}
tolerance = {tolerance}
unit.en = "per cent"
unit.fr = "pour cent"
feedback.en = "Divide by the earlier year."
feedback.fr = "Divisez par la première année."
[[item.mistake]]
value = {mistake}
feedback.en = "That divides by the later year."
feedback.fr = "Vous divisez par la seconde année."
"""
    return parsed(text)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3.5", "3.5"),
        ("3,5", "3.5"),
        (" 14 ", "14"),
        ("014", "14"),
        ("1 277", "1277"),
        ("1\u202f277", "1277"),
        ("+54 %", "54"),
        ("-2", "-2"),
        ("−2", "-2"),
        ("0,0", "0"),
        ("-0", "0"),
        ("9" * 20, "9" * 20),
        ("9" * 21, None),
        (".5", "0.5"),
        ("1.277,50", None),
        ("1,277,000", "1277000"),
        ("١٢", "12"),
        ("１２", "12"),
        ("٣٫٥", "3.5"),
        ("١٬٢٧٧", "1277"),
        ("–3", "-3"),
        ("—3", "-3"),
        ("12 pour cent", "12"),
        ("12 Percent", "12"),
        ("12 per cent.", "12"),
        ("12％", "12"),
        ("12\u200f", "12"),
        ("1’277", "1277"),
        ("1‘277", "1277"),
        ("1`277", "1277"),
        ("1´277", "1277"),
        ("1ˈ277", "1277"),
        ("« 3 »", "3"),
        ("“3,5”", "3.5"),
        ('"-3"', "-3"),
        ("3‰", None),
        ("3 ‱", None),
        ("10²", None),
        ("3½", None),
        ("①", None),
        ("1" + " " * 70 + "2", None),
    ],
)
def test_people_type_numbers_in_many_ways(typed, read):
    if read is None:
        with pytest.raises(NotOnOffer):
            number(typed)
    else:
        assert number(typed) == read


@pytest.mark.parametrize("text", [".174", "0,174", "-0.250"])
def test_a_leading_nought_parts_no_thousands_and_what_was_read_is_read_again(text):
    read = number(text, whole=True)
    assert abs(float(read)) < 1
    assert number(spoken(read, "fr"), whole=True) == read


def test_a_group_of_three_is_thousands_where_a_large_number_is_asked_for():
    assert number("1,277", whole=True) == "1277"
    assert number("1.277", whole=True) == "1277"
    assert number("1,277") == "1.277"
    assert number("1277,5", whole=True) == "1277.5"


@pytest.mark.parametrize(("value", "read"), [(999, "1.277"), (1000, "1277")])
def test_a_large_number_is_one_of_a_thousand_or_more(value, read):
    version, _, _ = version_of(value=value)
    assert NUMBER.read(version, [], {"q1": "1,277"}, "q1") == read


@pytest.mark.parametrize("typed", ["many", "1e5", "NaN", "Infinity", "1 or 2", "12/4", "9" * 30, "12 mm", "--2", "."])
def test_what_is_no_number_is_refused(typed):
    version, _, _ = version_of()
    with pytest.raises(NotOnOffer):
        NUMBER.read(version, [], {"q1": typed}, "q1")


@pytest.mark.parametrize(("typed", "read"), [("14 jours", "14"), ("14 Days", "14"), ("14 mois", None)])
def test_the_items_own_unit_may_stand_behind_the_number(typed, read):
    version = version_of()[0] | {"unit": {"en": "days", "fr": "jours"}}
    if read:
        assert NUMBER.read(version, [], {"q1": typed}, "q1") == read
    else:
        with pytest.raises(NotOnOffer):
            NUMBER.read(version, [], {"q1": typed}, "q1")


@pytest.mark.parametrize(("given_", "share"), [("119", 1), ("118", 1), ("120", 1), ("117.9", 0), ("54", 0)])
def test_a_number_is_right_within_the_tolerance(given_, share):
    version, _, _ = version_of()
    assert NUMBER.mark(version, given_) == share


@given(st.decimals(-10_000, 10_000, places=2), st.sampled_from(["en", "fr"]))
def test_what_a_page_shows_is_what_it_sends(value, language):
    version, _, _ = version_of()
    answer = number(f"{value}")
    shown = NUMBER.show(version, [], answer, "q1", language)
    assert NUMBER.read(version, [], {"q1": shown["value"]}, "q1") == answer
    assert Decimal(answer) == value
    assert NUMBER.mark(version, answer) in (0, 1)


def test_the_page_tells_neither_value_nor_tolerance():
    one, other = version_of()[0], version_of(value=7, tolerance=0)[0]
    assert NUMBER.show(one, [], None, "q1", "en") == NUMBER.show(other, [], None, "q1", "en")


def test_a_usual_slip_gets_its_own_feedback_and_another_the_common_one():
    version, feedback, _ = version_of()
    assert "later" in NUMBER.review(version, feedback, [], "54", "en")["feedback"]
    assert "première" in NUMBER.review(version, feedback, [], "3", "fr")["feedback"]


def test_nothing_typed_is_no_answer():
    version, _, _ = version_of()
    assert NUMBER.read(version, [], {"q1": "  "}, "q1") is None
    assert NUMBER.read(version, [], {}, "q1") is None
    assert NUMBER.gaps(version, None) == 1


def test_a_mistake_within_the_tolerance_is_refused():
    _, _, problems = version_of(mistake=118)
    assert any("within the tolerance" in problem.text for problem in problems)


def test_french_writes_a_comma():
    assert spoken("3.5", "fr") == "3,5"
    assert spoken(None, "fr") == ""


def test_only_a_number_can_be_marked():
    version, _, _ = version_of()
    assert not NUMBER.accepts(version, "many")
    assert not NUMBER.accepts(version, "NaN")
    assert not NUMBER.accepts(version, ["1"])


def test_a_number_without_usual_mistakes_is_warned_of():
    version, _, _ = version_of()
    assert list(NUMBER.lint(version)) == []
    assert [str(flaw) for flaw in NUMBER.lint(version | {"mistakes": []})] == [
        "no usual mistake has feedback of its own: add the one that is made most"
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": "8" * 400}, "“value” has 400 signs; an answer has at most 20"),
        ({"value": "1e300"}, "“value” has 301 signs"),
        ({"value": "inf"}, "“value” should be a number, not inf"),
        ({"tolerance": "nan"}, "“tolerance” should be a number, not nan"),
        ({"tolerance": -1}, "a tolerance is 0 or more"),
        ({"mistake": "-inf"}, "“value” should be a number, not -inf"),
    ],
)
def test_a_number_that_nobody_could_type_or_that_no_answer_meets_is_refused(change, words):
    _, _, problems = version_of(**change)
    assert any(words in problem.text for problem in problems.errors)
