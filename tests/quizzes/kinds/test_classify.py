"""A label for each of several statements: a claim's labels or the item's own."""

from fractions import Fraction

import pytest

from quizzes.kinds import KINDS, NotOnOffer
from tests.content import classify, parsed

RULES = KINDS["classify"]
TEXT = classify("gate")
OWN = """
  [[item.label]]
  id = "seen"
  text.en = "Seen"
  text.fr = "Vu"

  [[item.label]]
  id = "told"
  text.en = "Told"
  text.fr = "Dit"
"""
WITH_OWN = (TEXT + OWN).replace('labels = ["fact", "attributed"]\n', "").replace('"fact"', '"seen"')
WITH_OWN = WITH_OWN.replace('"attributed"', '"told"')


def test_an_item_is_read_with_a_label_for_each_statement():
    version, feedback, problems = parsed(TEXT)
    assert problems == []
    assert version["labels"] == [{"id": "fact"}, {"id": "attributed"}]
    assert version["key"] == {"s1": "fact", "s2": "attributed"}
    assert version["statements"][0] == {"id": "s1", "text": {"en": "amber of the gate", "fr": "amber du sujet gate"}}
    assert version["shuffle"] is True
    assert feedback["s2"] == {"en": "Look at birch again.", "fr": "Revoyez birch."}


def test_an_item_may_have_labels_of_its_own():
    version, _, problems = parsed(WITH_OWN)
    assert problems == []
    assert version["labels"][1] == {"id": "told", "text": {"en": "Told", "fr": "Dit"}}
    assert version["key"] == {"s1": "seen", "s2": "told"}


@pytest.mark.parametrize(
    ("text", "old", "new", "told"),
    [
        (TEXT, '["fact", "attributed"]', '["fact", "attributed", "rumour"]', "“rumour” is no label of a claim (fact, "),
        (TEXT, '["fact", "attributed"]', '["fact"]', "name at least two labels"),
        (TEXT, 'labels = ["fact", "attributed"]\n', "", "“labels” is missing"),
        (TEXT, 'key = "attributed"', 'key = "estimate"', "“key” is “estimate”; it should be one of: fact, attributed"),
        (TEXT, '  key = "attributed"\n', "", "“key” is missing"),
        (TEXT, '  feedback.fr = "Revoyez birch."\n', "", "“feedback.fr” is missing or empty"),
        (TEXT, 'id = "s2"', 'id = "s1"', "two tables [[item.statement]] have the same id"),
        (TEXT, "birch of the gate", "amber of the gate", "two of these read the same: “amber of the gate”"),
        (
            TEXT,
            'key = "fact"',
            'key = "fact"\n  weight = 2',
            "nothing is known of a key “weight” of [[item.statement]]",
        ),
        (TEXT, "labels = ", "shuffle = 1\nlabels = ", "“shuffle” should be true or false"),
        (WITH_OWN, 'id = "told"', 'id = "seen"', "two tables [[item.label]] have the same id"),
        (WITH_OWN, 'text.en = "Told"', 'text.en = "Seen"', "two of these read the same: “seen”"),
        (WITH_OWN, 'text.fr = "Dit"', "", "“text.fr” is missing or empty"),
        (WITH_OWN, 'id = "told"', 'id = "told"\n  key = "x"', "nothing is known of a key “key” of [[item.label]]"),
    ],
)
def test_an_item_that_is_not_right_is_refused(text, old, new, told):
    assert old in text
    *_, problems = parsed(text.replace(old, new, 1))
    assert any(problem.text.startswith(told) for problem in problems), problems


def test_labels_of_its_own_are_two_or_more():
    *_, problems = parsed(WITH_OWN[: WITH_OWN.rindex("\n  [[item.label]]")])
    assert "an item of this kind has 2 to 6 tables [[item.label]]; this one has 1" in [each.text for each in problems]


def test_a_fault_of_a_statement_is_told_on_its_own_line():
    *_, problems = parsed(TEXT.replace('key = "attributed"', 'key = "estimate"'))
    assert [problem.line for problem in problems] == [TEXT[: TEXT.index('key = "attributed"')].count("\n") + 1]


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        ({"s1": "fact", "s2": "attributed"}, 1),
        ({"s1": "fact"}, Fraction(1, 2)),
        ({"s1": "fact", "s2": "fact"}, Fraction(1, 2)),
        ({"s1": "attributed", "s2": "fact"}, 0),
    ],
)
def test_the_mark_is_the_share_placed_right(answer, share):
    assert RULES.mark(parsed(TEXT)[0], answer) == share


@pytest.mark.parametrize(("answer", "gaps"), [(None, 2), ({"s2": "fact"}, 1), ({"s1": "fact", "s2": "fact"}, 0)])
def test_every_statement_without_a_label_is_a_gap(answer, gaps):
    assert RULES.gaps(parsed(TEXT)[0], answer) == gaps


def test_a_page_shows_the_statements_in_the_learners_order_with_the_labels_chosen():
    shown = RULES.show(parsed(WITH_OWN)[0], ["s2", "s1"], {"s2": "seen"}, "q7", "fr")
    assert [(row["name"], row["text"]) for row in shown["statements"]] == [
        ("q7-0", "birch du sujet gate"),
        ("q7-1", "amber du sujet gate"),
    ]
    assert [(cell["value"], cell["text"], cell["chosen"]) for cell in shown["statements"][0]["cells"]] == [
        ("0", "Vu", True),
        ("1", "Dit", False),
    ]
    assert [cell["chosen"] for cell in shown["statements"][1]["cells"]] == [False, False]


def test_positions_are_read_as_the_labels_that_stood_there():
    version, order = parsed(TEXT)[0], ["s2", "s1"]
    assert RULES.read(version, order, {"q7-0": "1"}, "q7") == {"s2": "attributed"}
    assert RULES.read(version, order, {"q7-0": "1", "q7-1": "0"}, "q7") == {"s2": "attributed", "s1": "fact"}
    with pytest.raises(NotOnOffer):
        RULES.read(version, order, {"q7-0": "1", "q7-1": "2"}, "q7")


def test_a_label_that_the_item_no_longer_has_cannot_be_marked():
    version = parsed(TEXT)[0]
    assert RULES.accepts(version, {"s1": "attributed"})
    assert not RULES.accepts(version, {"s1": "estimate"})


def test_a_review_tells_each_statement_apart():
    version, feedback, _ = parsed(TEXT)
    review = RULES.review(version, feedback, ["s2", "s1"], {"s2": "fact"}, "en")
    assert (review["right_count"], review["count"]) == (0, 2)
    assert review["rows"][0] == {
        "text": "birch of the gate",
        "given": {"id": "fact", "text": ""},
        "key": {"id": "attributed", "text": ""},
        "is_right": False,
        "feedback": "Look at birch again.",
    }
    assert review["rows"][1]["given"] is None


def test_an_author_is_warned_where_every_statement_has_the_same_label():
    version = parsed(TEXT)[0]
    assert list(RULES.lint(version)) == []
    same = version | {"key": {"s1": "fact", "s2": "fact"}}
    assert [str(flaw) for flaw in RULES.lint(same)] == ["every statement has the same label: give one of them another"]
