"""Out, in, and out again: a file that left comes back as it was."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.formats.items import draft_of, question_of
from tests.quizzes.formats.questions import KINDS, LANGUAGES, questions, read_back, written

ENDINGS = {"moodle": "bank.xml", "gift": "bank.txt", "csv": "bank.csv"}
ABOUT = ("name", "number", "level", "objective", "claims", "rests_on", "passage", "tags", "category", "pictures")
FORMATS = pytest.mark.parametrize("name", ENDINGS)


def banks(languages):
    return st.tuples(questions(languages, number="q1"), questions(languages, number="q2"))


@FORMATS
@pytest.mark.parametrize("languages", [("en",), ("fr",), LANGUAGES], ids="-".join)
@given(data=st.data())
def test_a_file_that_left_comes_back_and_leaves_as_it_was(name, languages, data):
    bank = data.draw(banks(languages))
    first = written(name, bank, languages)
    again = read_back(first, ENDINGS[name], languages[0])
    assert written(name, again, languages) == first
    assert [question.kind for question in again] == [question.kind for question in bank]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_moodle_s_xml_holds_all_that_we_say(kind, data):
    question = data.draw(questions(kinds=[kind]))
    assert read_back(written("moodle", [question])) == [question]


@given(questions())
def test_an_item_that_leaves_and_comes_back_asks_the_same(question):
    draft = draft_of(question, LANGUAGES)
    about = {key: getattr(question, key) for key in ABOUT}
    back = question_of(draft.kind, draft.version, draft.document, {}, **about)
    assert draft_of(back, LANGUAGES) == draft
    assert replace(back, pieces=(), spares=()) == replace(question, pieces=(), spares=())
    assert sorted(map(str, back.pieces)) == sorted(map(str, question.pieces))
