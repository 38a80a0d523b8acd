"""Moodle's XML as Moodle and converters write it; what would harm is refused in a word."""

import base64

import pytest

from quizzes.formats.base import Loss, Outcome, Refusal, Unreadable, Whole
from quizzes.formats.reading import report

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 20).decode()
KEY = '<answer fraction="100"><text>Mali</text><feedback><text>Yes.</text></feedback></answer>'
OTHER = '<answer fraction="0"><text>Chad</text><feedback><text>No.</text></feedback></answer>'


def question(kind, inside, stem="Where?", more=""):
    return (
        f'<question type="{kind}"><name><text>n</text></name><questiontext format="html"><text>{stem}</text>{more}'
        f"</questiontext>{inside}</question>"
    )


def bank(*questions):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(questions) + "\n</quiz>").encode()


def rows(*questions, language="en"):
    return report(bank(*questions), "bank.xml", language).rows


def one(*questions, language="en"):
    (row,) = rows(*questions, language=language)
    assert row.question, row.notes
    return row


def told(row):
    return [note.what for note in row.notes]


def test_nested_categories_go_with_their_questions():
    named = '<question type="category"><category><text>$course$/top/Mali/a//b</text></category></question>'
    assert one(named, question("multichoice", KEY + OTHER)).question.category == ("Mali", "a/b")


def test_tags_number_and_explanation_are_read():
    more = (
        "<generalfeedback><text>Why.</text></generalfeedback><idnumber>q7</idnumber><tags><tag><text>objective:2</text>"
        "</tag><tag><text>level:apply</text></tag><tag><text>rests-on:M038</text></tag><tag><text>rivers</text></tag></tags>"
    )
    asked = one(question("multichoice", KEY + OTHER + more)).question
    assert (asked.explanation, asked.number, asked.objective, asked.level) == ({"en": "Why."}, "q7", 2, "apply")
    assert (asked.rests_on, asked.tags) == (("M038",), ("rivers",))


def test_languages_in_spans_are_told_apart_and_plain_words_are_of_all():
    stem = "&lt;span lang=&quot;en&quot; class=&quot;multilang&quot;&gt;Where?&lt;/span&gt;"
    stem += "&lt;span lang=&quot;fr&quot; class=&quot;multilang&quot;&gt;Où ?&lt;/span&gt;"
    asked = one(question("multichoice", KEY + OTHER, stem)).question
    assert asked.stem == {"en": "Where?", "fr": "Où ?"}
    assert asked.pieces[0].text == {"en": "Mali", "fr": "Mali"}


def test_texts_without_a_language_are_of_the_one_that_is_named():
    assert one(question("multichoice", KEY + OTHER), language="fr").question.languages == ("fr",)


def test_html_becomes_plain_and_what_is_lost_is_told():
    stem = "<![CDATA[<p>Read <b>this</b>: x<sup>2</sup></p><ul><li>one</li><li>two</li></ul><script>bad()</script>]]>"
    row = one(question("multichoice", KEY + OTHER, stem))
    assert row.question.stem == {"en": "Read this: x²\n– one\n– two"}
    assert [(note.what, note.detail) for note in row.notes] == [(Loss.FORMATTING, "b"), (Loss.MEDIA, "script")]


def test_a_picture_is_kept_by_its_name_with_what_stands_for_it():
    stem = '<![CDATA[Where? <img src="@@PLUGINFILE@@/map.png" alt="A map"><img src="@@PLUGINFILE@@/no.png">]]>'
    row = one(question("multichoice", KEY + OTHER, stem, f'<file name="map.png" encoding="base64">{PNG}</file>'))
    (picture,) = row.question.pictures
    assert (picture.name, picture.alternative, len(picture.data)) == ("map.png", {"en": "A map"}, 28)
    assert [(note.what, note.detail) for note in row.notes] == [(Loss.PICTURE_MISSING, "no.png")]


@pytest.mark.parametrize(
    ("image", "data", "what"),
    [
        ('<img src="https://a.example/x.png" alt="x">', PNG, Loss.PICTURE_AWAY),
        ('<img src="@@PLUGINFILE@@/map.png">', PNG, Loss.PICTURE_SILENT),
        ('<img src="@@PLUGINFILE@@/map.png" alt="x">', "bm90IGE=", Loss.PICTURE_BAD),
        ('<img src="@@PLUGINFILE@@/map.png" alt="x">', "!!", Loss.PICTURE_BAD),
    ],
)
def test_a_picture_that_cannot_be_kept_is_named(image, data, what):
    file = f'<file name="map.png" encoding="base64">{data}</file>'
    assert told(one(question("multichoice", KEY + OTHER, f"<![CDATA[Where? {image}]]>", file))) == [what]


def test_a_number_has_tolerance_unit_and_usual_mistakes():
    inside = (
        '<answer fraction="100"><text>3.5</text><tolerance>0.5</tolerance></answer>'
        '<answer fraction="0"><text>35</text><tolerance>0</tolerance>'
        "<feedback><text>Ten times.</text></feedback></answer>"
        '<answer fraction="0"><text>*</text><feedback><text>Count.</text></feedback></answer>'
        "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit>"
        "<unit><multiplier>1000</multiplier><unit_name>m</unit_name></unit></units>"
    )
    row = one(question("numerical", inside))
    asked = row.question
    assert (asked.value, asked.tolerance, asked.unit, asked.other) == ("3.5", "0.5", {"en": "km"}, {"en": "Count."})
    assert [(piece.text["en"], piece.feedback["en"]) for piece in asked.pieces] == [("35", "Ten times.")]
    assert [(note.what, note.detail) for note in row.notes] == [(Loss.UNITS, "m")]


def test_shuffling_hints_penalty_and_worth():
    inside = KEY + OTHER + "<shuffleanswers>0</shuffleanswers><penalty>0.25</penalty><defaultgrade>3.0</defaultgrade>"
    row = one(question("multichoice", inside + "<hint><text>Look west.</text></hint>"))
    assert not row.question.shuffle
    assert told(row) == [Loss.HINTS, Loss.PENALTY, Loss.GRADING]


def test_pairs_and_orders():
    pairs = "".join(
        f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
        for left, right in [("Mali", "Bamako"), ("Chad", "N’Djamena"), ("", "Dakar")]
    )
    asked = one(question("matching", pairs)).question
    assert (asked.kind, asked.spares) == ("match", ({"en": "Dakar"},))
    entries = "".join(f'<answer fraction="1"><text>{word}</text></answer>' for word in ("one", "two", "three"))
    row = one(question("ordering", f"<gradingtype>ABSOLUTE_POSITION</gradingtype>{entries}"))
    assert (row.question.kind, told(row)) == ("order", [Loss.GRADING])


def test_each_gap_of_a_text_becomes_a_question_or_is_refused_alone():
    stem = (
        "{1:SHORTANSWER:=Bamako#Yes~*#No} lies on the {2:MULTICHOICE_S:=Niger~Congo}; {1:NUMERICAL:=2:0.5}; {1:XX:=a}"
    )
    found = rows(question("cloze", "", stem))
    assert [row.question and row.question.kind for row in found] == ["short", "single", "number", None]
    assert found[1].question.stem == {"en": "… lies on the ____; …; …"}
    assert found[0].question.other == {"en": "No"}
    assert found[3].notes[0].what == Refusal.UNKNOWN_TYPE


@pytest.mark.parametrize(
    ("kind", "inside", "what"),
    [
        ("essay", "", Refusal.ESSAY),
        ("description", "", Refusal.NO_QUESTION),
        ("calculated", KEY, Refusal.UNKNOWN_TYPE),
        ("multichoice", OTHER + KEY.replace("100", "0"), Refusal.NO_KEY),
        ("multichoice", OTHER + KEY.replace("100", "50"), Refusal.NO_FULL),
        ("multichoice", KEY, Refusal.FEW),
        ("truefalse", '<answer fraction="0"><text>true</text></answer>', Refusal.NO_KEY),
        ("numerical", KEY, Refusal.NOT_A_NUMBER),
        ("cloze", "", Refusal.NO_GAPS),
    ],
)
def test_what_cannot_be_taken_says_why_with_its_line(kind, inside, what):
    first, second = rows(question("multichoice", KEY + OTHER), question(kind, inside))
    assert first.outcome == Outcome.KEPT
    assert [(note.what, note.line, note.column) for note in second.notes] == [(what, 4, 1)]


@pytest.mark.parametrize(
    ("stem", "what"), [("{1:SA:=a} " * 31, Refusal.MANY), ("{1:SA:=a} " + "x" * 20_000, Refusal.TOO_LONG)]
)
def test_a_text_of_too_many_gaps_or_signs_is_refused(stem, what):
    (row,) = rows(question("cloze", "", stem))
    assert [note.what for note in row.notes] == [what]


def test_names_of_html_make_no_xml_and_are_put_right_and_told():
    stem = "A&nbsp;river &eacute; R&D <![CDATA[x &nbsp; y]]>"
    done = report(bank(question("multichoice", KEY + OTHER, stem)), "bank.xml", "en")
    assert done.rows[0].question.stem == {"en": "A\u00a0river é R&D x \u00a0 y"}
    assert [(note.what, note.detail) for note in done.notes] == [(Whole.ENTITIES, "3")]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz></quiz>', Whole.DECLARES),
        (b'<!DOCTYPE quiz SYSTEM "http://a.example/x.dtd"><quiz></quiz>', Whole.DECLARES),
        (b"<quiz><question>", Whole.NOT_XML),
        (b"<html></html>", Whole.NOT_MOODLE),
        (b"<quiz>" + b"<a>" * 50 + b"</a>" * 50 + b"</quiz>", Whole.TOO_DEEP),
        (b"<quiz></quiz>", Whole.EMPTY),
        (b"<quiz>" + b"<![CDATA[" * 2000, Whole.NOT_XML),
    ],
)
def test_a_file_that_harms_or_cannot_be_read_is_refused_whole(data, what):
    with pytest.raises(Unreadable) as refused:
        report(data, "bank.xml", "en")
    assert refused.value.note.what == what


def test_a_fault_in_the_file_has_line_and_column():
    with pytest.raises(Unreadable) as refused:
        report(b"<quiz>\n<question>\n  </quiz>", "bank.xml", "en")
    assert (refused.value.note.line, refused.value.note.column) == (3, 5)
