"""What is typed over what stood: ids follow what rows say, and texts that no page showed stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import retyped, typed
from quizzes.kinds import KINDS
from tests import make

LANGUAGES = ("en", "fr")
ROWS = {"single": "option", "multiple": "option", "order": "entry", "classify": "statement", "match": "pair"}


def exchanged(rows, part="text"):
    """The rows with that part of the first two in each other's place."""
    first, second, *rest = rows
    return [{**first, part: second[part]}, {**second, part: first[part]}, *rest]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_sent_as_it_was_is_as_it_was(kind):
    source = make.typed(kind)
    assert retyped.over(source, source, LANGUAGES) == source


@pytest.mark.parametrize("kind", KINDS)
def test_over_nothing_it_stands_as_it_was_typed(kind):
    assert retyped.over(make.typed(kind), {}, LANGUAGES) == make.typed(kind)


@pytest.mark.parametrize(("kind", "name"), ROWS.items())
def test_an_id_follows_what_its_row_says(kind, name):
    former = make.typed(kind)
    source = former | {name: exchanged(former[name])}
    if kind == "match":
        source[name] = exchanged(source[name], "match")
    again = retyped.over(source, former, LANGUAGES)[name]
    said = {row["id"]: row["text"] for row in former[name]}
    assert [row["id"] for row in again[:2]] == [former[name][1]["id"], former[name][0]["id"]]
    assert all(row["text"] == said[row["id"]] for row in again)


@given(st.permutations(range(4)))
def test_in_whatever_order_rows_are_typed_each_id_keeps_its_text(order):
    former = make.typed("order")["entry"]
    rows = [{**row, "text": former[at]["text"]} for row, at in zip(former, order, strict=True)]
    again = retyped.over(make.typed("order") | {"entry": rows}, make.typed("order"), LANGUAGES)["entry"]
    assert [row["id"] for row in again] == [former[at]["id"] for at in order]


def test_one_language_is_enough_to_follow_a_row_and_case_does_not_matter():
    former = make.typed("single")
    rows = [dict(row) for row in former["option"]]
    rows[0]["text"] = {"en": "Otherwise", "fr": "BETA  (fr)"}
    again = retyped.over(former | {"option": rows}, former, LANGUAGES)["option"]
    assert again[0]["id"] == "r1beta"
    assert again[1]["id"] not in {row["id"] for row in former["option"]}
    assert [row["id"] for row in again[2:]] == ["r2gamma", "r3delta"]


def test_texts_that_a_sign_alone_tells_apart_are_two():
    former = make.typed("single")
    rows = [{**former["option"][0], "text": make.both("5")}, {**former["option"][1], "text": make.both("−5")}]
    again = retyped.over(former | {"option": exchanged(rows)}, former | {"option": rows}, LANGUAGES)["option"]
    assert [row["id"] for row in again] == ["r1beta", "r0alpha"]


def test_a_text_that_is_put_right_keeps_its_id():
    former = make.typed("single")
    rows = [{**former["option"][0], "text": make.text("Alpha, put right")}, *former["option"][1:]]
    assert retyped.over(former | {"option": rows}, former, LANGUAGES)["option"] == rows


def test_statements_follow_their_labels():
    former = make.typed("classify")
    again = retyped.over(former | {"label": exchanged(former["label"])}, former, LANGUAGES)
    assert [row["id"] for row in again["label"]] == ["seen", "spoken"]
    assert [row["key"] for row in again["statement"]] == ["seen", "seen", "spoken", "spoken"]


def test_a_pair_with_the_partner_of_another_is_a_new_one():
    former = make.typed("match")
    again = retyped.over(former | {"pair": exchanged(former["pair"], "match")}, former, LANGUAGES)["pair"]
    assert not {row["id"] for row in again[:2]} & {row["id"] for row in former["pair"]}
    assert again[2:] == former["pair"][2:]
    rows = [{**former["pair"][0], "match": former["extra"][0]["text"]}, *former["pair"][1:]]
    assert retyped.over(former | {"pair": rows}, former, LANGUAGES)["pair"][0]["id"] != "r0alpha"


@pytest.mark.parametrize("kind", KINDS)
def test_texts_in_a_language_that_no_page_showed_stay(kind):
    former = make.typed(kind)
    seen = typed.read(kind, typed.fields(former), ["en"])
    assert "fr" not in seen["stem"]
    again = retyped.over(seen, former, ["en"])
    assert {name: text for name, text in typed.fields(again).items() if name.endswith("-fr")} == {
        name: text for name, text in typed.fields(former).items() if name.endswith("-fr")
    }
