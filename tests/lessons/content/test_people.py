"""Who is named, and why; whoever asked to be taken out is found wherever they still stand."""

import pytest

from lessons.content.module import read_module
from lessons.content.source import Problems
from tests.content import broken, line_of, refused, write_module

GAUGER = '[[person]]\nname = "Ama Sow"\nreason = "record"\n'
NAMED = ("The Gazette reported it.", "The Gazette reported it, says Ama Sow.")


def read(folder):
    problems = Problems()
    read_module(folder, problems)
    return problems


def test_somebody_named_with_a_reason_is_taken(tmp_path):
    write_module(tmp_path, people=GAUGER)
    broken(tmp_path, "claims", *NAMED)
    assert read(tmp_path) == []


def test_somebody_who_is_named_nowhere_is_told(tmp_path):
    (problem,) = read(write_module(tmp_path, people=GAUGER)).warnings
    assert "“Ama Sow” is named nowhere" in problem.text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('reason = "record"\n', "", "“reason” is missing"),
        ('"record"', '"fame"', "should be one of: office, head, author, record"),
        ('name = "Ama Sow"\n', "", "“name” is missing"),
        ("reason", "why", "nothing is known of a key “why”"),
    ],
)
def test_a_wrong_entry_is_refused(tmp_path, old, new, words):
    write_module(tmp_path, people=GAUGER)
    broken(tmp_path, "claims", *NAMED)
    broken(tmp_path, "people", old, new)
    assert any(words in problem.text for problem in read(tmp_path).errors)


def test_whoever_asked_to_be_taken_out_is_found_in_every_text(tmp_path):
    write_module(tmp_path, people=GAUGER.replace('reason = "record"', "removed = true"))
    assert read(tmp_path) == []
    line = broken(tmp_path, "claims", *NAMED)
    refused(read(tmp_path), tmp_path, "claims", line, "“Ama Sow” asked to be taken out")
    broken(tmp_path, "lesson_en", "\n\n", "\n\nAma Sow counts. ")
    assert len(read(tmp_path).errors) == 2


def test_a_person_of_the_glossary_has_a_reason(tmp_path):
    write_module(tmp_path)
    broken(tmp_path, "glossary", 'kind = "organisation"', 'kind = "person"')
    (problem,) = read(tmp_path).errors
    assert (problem.line, "“reason” is missing" in problem.text) == (line_of(tmp_path, "glossary", "[[term]]"), True)
