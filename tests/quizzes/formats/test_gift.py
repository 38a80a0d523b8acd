"""GIFT as people write it: blank lines, markup, escapes, weights, gaps, comments."""

from fractions import Fraction

import pytest

from quizzes.formats.base import Loss, Outcome, Question, Refusal
from quizzes.formats.gift import Gift
from quizzes.formats.marking import weight
from quizzes.formats.reading import report


def rows(text, language="en"):
    return report(text.encode(), "bank.txt", language).rows


def one(text):
    (row,) = rows(text)
    assert row.question, row.notes
    return row.question


def told(row):
    return [note.what for note in row.notes]


def words(pieces):
    return [piece.text["en"] for piece in pieces]


def test_questions_part_at_blank_lines_and_nowhere_else():
    found = rows("// of rivers\n::R::Which\nriver?{\n=Niger\n~Congo}\n  \n::S::Is it long?{T}\n\n\n")
    assert [(row.line, row.title) for row in found] == [(2, "Which river?"), (7, "Is it long?")]


def test_a_single_has_its_key_reasons_and_explanation():
    asked = one("Where?{=Mali#Yes. ~Chad#Further east. ####It lies west.}")
    assert (asked.kind, words(asked.pieces)) == ("single", ["Mali", "Chad"])
    assert [piece.weight for piece in asked.pieces] == [1, 0]
    assert [piece.feedback["en"] for piece in asked.pieces] == ["Yes.", "Further east."]
    assert asked.explanation == {"en": "It lies west."}


def test_escaped_signs_are_letters():
    asked = one(r"A \{b\} \: c\=d?{=1\#2 ~3\~4\\ ~five\nsix}")
    assert asked.stem == {"en": "A {b} : c=d?"}
    assert words(asked.pieces) == ["1#2", "3~4\\", "five\nsix"]


@pytest.mark.parametrize(
    ("text", "stem", "told_of"),
    [
        ("[html]<p>A <em>b</em></p><p>c&nbsp;d</p>{T}", "A b\nc\u00a0d", [Loss.FORMATTING]),
        ("[markdown]A **b**\\nc{T}", "A b c", [Loss.FORMATTING]),
        ("[plain]A <em>b</em>{T}", "A <em>b</em>", []),
        ("[moodle]A\\nb{T}", "A\nb", []),
        ("x < 3 and y > 2{T}", "x < 3 and y > 2", []),
        ("[html]<![CDATA[x]]> <![ <b>{T}", "<![CDATA[x]]> <![", [Loss.FORMATTING]),
        ("[html]a<!-- b --> <Jean> c<!-- d{T}", "a <Jean> c", []),
        ('[html]see <a href\\="https\\://a.example/">there</a>{T}', "see there (https://a.example/)", []),
    ],
)
def test_markup_becomes_plain_text_and_what_is_lost_is_told(text, stem, told_of):
    (row,) = rows(text)
    assert row.question.stem == {"en": stem}
    assert told(row) == told_of


@pytest.mark.parametrize(("stem", "reads"), [("A", True), (r"A \\", True), ("A \\", False), (r"A \\\\", True)])
def test_a_brace_after_shielded_strokes_begins_the_answers(stem, reads):
    assert Gift().reads(f"{stem}{{T}}") == reads


def test_the_place_of_answers_after_shielded_strokes():
    (row,) = rows("::Q::A \\\\{}")
    assert [(note.what, note.column) for note in row.notes] == [(Refusal.ESSAY, 10)]


@pytest.mark.parametrize(("form", "lost"), [("a -> b", [Loss.ARROW]), ("a → b", [])])
def test_an_arrow_in_an_accepted_form_is_told(form, lost):
    question = Question("short", {"en": "What?"}, accepted={"en": (form,), "fr": ("x -> y",)})
    assert Gift().loses(question, ["en"]) == lost


def test_a_gap_inside_the_sentence_stands_in_the_stem():
    asked = one("Bamako lies {=in Mali ~in Chad} since long.")
    assert asked.stem == {"en": "Bamako lies ____ since long."}


def test_several_gaps_become_a_question_each():
    first, second = rows("{=Bamako} lies on the {=Niger}.")
    assert (first.question.stem, second.question.stem) == ({"en": "____ lies on the …."}, {"en": "… lies on the ____."})
    assert told(first) == told(second) == [Loss.GAPS]
    assert first.question.accepted == {"en": ("Bamako",)}


@pytest.mark.parametrize(
    ("answers", "value", "tolerance"),
    [
        ("#3:2", "3", "2"),
        ("#1..5", "3", "2"),
        ("#=3.14:0.01", "3.14", "0.01"),
        ("#-1..2", "0.5", "1.5"),
        ("#7", "7", "0"),
    ],
)
def test_numbers_and_their_tolerance(answers, value, tolerance):
    asked = one(f"How many?{{{answers}}}")
    assert (asked.kind, asked.value, asked.tolerance) == ("number", value, tolerance)


def test_what_is_half_right_is_told_and_a_usual_mistake_keeps_its_reason():
    (row,) = rows("How many?{#=7:0 =%50%8:0 =%0%70#Ten times. ~#Count again.}")
    assert told(row) == [Loss.PARTIAL]
    assert [piece.text["en"] for piece in row.question.pieces] == ["8", "70"]
    assert row.question.other == {"en": "Count again."}


def test_forms_of_a_short_answer_in_part_right_are_told():
    (row,) = rows("Who?{=HRF =%50%Human Rights =%0%*#The note says so. =Hum*}")
    assert row.question.accepted == {"en": ("HRF",)}
    assert row.question.other == {"en": "The note says so."}
    assert told(row) == [Loss.PARTIAL, Loss.WILDCARD]


def test_pairs_with_a_spare_partner_and_pairs_that_share_one():
    asked = one("Match.{=Mali -> Bamako =Chad -> N'Djamena = -> Dakar}")
    assert asked.kind == "match"
    assert [piece.partner["en"] for piece in asked.pieces] == ["Bamako", "N'Djamena"]
    assert asked.spares == ({"en": "Dakar"},)
    (row,) = rows("Match.{=Niger -> river =Bani -> river =Bamako -> town}")
    assert (row.question.kind, told(row)) == ("classify", [Loss.GROUPED])


def test_true_and_false_are_two_options_that_stay_in_place():
    asked = one("It is so.{FALSE#It is not.#Right.}")
    assert [(piece.text["en"], piece.weight, piece.feedback) for piece in asked.pieces] == [
        ("True", 0, {"en": "It is not."}),
        ("False", 1, {"en": "Right."}),
    ]
    assert not asked.shuffle
    (row,) = rows("C'est vrai.{T}", "fr")
    assert row.question.pieces[0].text == {"fr": "Vrai"}


def test_all_of_the_above_keeps_its_place():
    (row,) = rows("Which?{~A ~B =All of the above}")
    assert (row.question.shuffle, told(row)) == (False, [Loss.STAYS])


def test_categories_ids_and_tags_in_comments():
    found = rows(
        "$CATEGORY: $course$/top/Mali/a//b\n\n// [id:q7] [tag:level:apply] [tag:claim:M038] [tag:x\\]y]\nSo?{T}"
    )
    asked = found[0].question
    assert (asked.category, asked.number, asked.identity) == (("Mali", "a/b"), "q7", "id:q7")
    assert (asked.level, asked.claims, asked.tags) == ("apply", ("M038",), ("x]y",))


@pytest.mark.parametrize(
    ("text", "what", "line", "column"),
    [
        ("What do you think?{}", Refusal.ESSAY, 1, 19),
        ("::n::Read this first.", Refusal.NO_QUESTION, 1, 1),
        ("Which?{=one ~two", Refusal.BRACES, 1, 7),
        ("Two lines\nand one?{~%50%a ~b}", Refusal.WEIGHTS, 2, 9),
        ("Which?{~a ~b}", Refusal.NO_KEY, 1, 7),
        ("Which?{=a =b ~c}", Refusal.TWO_KEYS, 1, 7),
        ("Which?{=a}{=b} x {", Refusal.BRACES, 1, 7),
        ("Which?{=only ~}", Refusal.FEW, 1, 7),
        ("Which?{=a ~A}", Refusal.SAME, 1, 7),
        ("Which?{" + "~x".join(f"{i}" for i in range(10)) + " =k}", Refusal.MANY, 1, 7),
        ("How many?{#many}", Refusal.NOT_A_NUMBER, 1, 10),
        ("How many?{#1e99999999}", Refusal.NOT_A_NUMBER, 1, 10),
        ("Match.{=a->b =c}", Refusal.NO_ARROW, 1, 7),
        ("{=a ~b}", Refusal.NO_STEM, 1, 1),
        ("x" * 20_001 + "{T}", Refusal.TOO_LONG, 1, 20_002),
        ("x" * 100_001 + "{T}", Refusal.TOO_LONG, 1, 1),
        ("{T} and " * 31, Refusal.MANY, 1, 1),
    ],
)
def test_what_cannot_be_taken_says_why_and_where(text, what, line, column):
    row = rows(text)[0]
    assert row.outcome == Outcome.REFUSED
    assert [(note.what, note.line, note.column) for note in row.notes] == [(what, line, column)]


@pytest.mark.parametrize(
    ("answers", "lost"),
    [
        ("~%50%a ~%50%b ~%-50%c", []),
        ("~%33.333%a ~%33.333%b ~%33.333%d ~%-33.33333%c", []),
        ("~%50%a ~%50%b ~c", [Loss.WEIGHTS]),
        ("~%70%a ~%30%b ~%-50%c", [Loss.WEIGHTS]),
    ],
)
def test_weights_of_our_own_marking_are_kept_and_others_told(answers, lost):
    (row,) = rows(f"Which?{{{answers}}}")
    assert row.question.kind == "multiple"
    assert told(row) == lost


@pytest.mark.parametrize("text", ["", "many", "1e99999999", "nan", "inf"])
def test_a_weight_that_is_none_counts_nothing(text):
    assert weight(text) == Fraction(0)


def test_an_order_is_marked_by_its_pairs_or_else_told():
    text = "Order.{>ALL ALL VERTICAL %s SHOW none\nfirst\nsecond\nthird\n}"
    (row,) = rows(text % "RELATIVE_ALL_PREVIOUS_AND_NEXT")
    assert (row.question.kind, words(row.question.pieces), told(row)) == ("order", ["first", "second", "third"], [])
    (row,) = rows(text % "ABSOLUTE_POSITION")
    assert told(row) == [Loss.GRADING]


def test_a_question_that_stands_twice_is_taken_once():
    found = rows("Which?{=a ~b}\n\nWho?{=c ~d}\n\nWhich?{=a ~b}")
    assert [row.outcome for row in found] == [Outcome.KEPT, Outcome.KEPT, Outcome.REFUSED]
    assert [(note.what, note.detail) for note in found[2].notes] == [(Refusal.TWICE, "1")]


def test_gaps_written_as_in_texts_with_gaps_are_read_as_such():
    market, count, sold = rows("{1:SA:=Mopti~=Mobti} lies on the {2:MC:Congo~=Bani#It does.} with {:NM:=3:1} quays.")
    assert market.question.accepted == {"en": ("Mopti", "Mobti")}
    assert (count.question.kind, words(count.question.pieces)) == ("single", ["Congo", "Bani"])
    assert [piece.weight for piece in count.question.pieces] == [0, 1]
    assert count.question.pieces[1].feedback == {"en": "It does."}
    assert (sold.question.kind, sold.question.value, sold.question.tolerance) == ("number", "3", "1")
    assert told(market) == told(count) == told(sold) == [Loss.GAPS]


def test_signs_shielded_in_such_a_gap_are_letters():
    assert one(r"The sum is {1:SA:=a\=b\~c}.").accepted == {"en": ("a=b~c",)}
    (row,) = rows("It is {1:ESSAY:=long}.")
    assert [(note.what, note.detail) for note in row.notes] == [(Refusal.UNKNOWN_TYPE, "ESSAY")]
