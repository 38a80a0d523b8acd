"""The quote sheet as text: a row in a section, and what the module says of all."""

import pytest

from lessons.content.markdown import block_html
from lessons.content.module import read_module
from lessons.content.source import Problems
from tests.content import LESSON_EN, LESSON_FR, NAMES, broken, line_of, refused, with_quotes, write_module


def read(folder):
    problems = Problems()
    return read_module(folder, problems), problems


def test_a_section_gives_its_row(tmp_path):
    module, problems = read(with_quotes(tmp_path))
    assert problems == []
    quote = module.sections[0].quote
    assert (quote.claim, quote.item, quote.document["stamp"]) == ("M001", "try-a-label", "correct")
    assert quote.document["line"]["fr"] == "Il a ouvert en octobre 2019."
    assert module.quotes["answer"] == {"en": "Now you know.", "fr": "Vous le savez."}


def test_a_module_without_a_sheet_says_nothing_of_one(tmp_path):
    module, problems = read(write_module(tmp_path))
    assert problems == []
    assert (module.quotes, module.sections[0].quote) == ({}, None)


REFUSALS = {
    "a claim that is not there": ('claim = "M001"', 'claim = "M099"', "M099", "no claim is called “M099”"),
    "a stamp of its own": ('stamp = "correct"', 'stamp = "print"', "print", "one of: stands, named, correct"),
    "a line in one language": ('line.fr = "Il a ouvert en octobre 2019."\n', "", "line.en", "“line.fr” is missing"),
    "a year in one language": (" en octobre 2019", " cet automne", "line.en", "2019"),
    "words that are quoted otherwise": ("« enfin »", "« tard »", "sentence.en", "is quoted as"),
    "a key of its own": ('stamp = "correct"', 'stamp = "correct"\nby = "me"', "by =", "nothing is known of a key"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_row_that_cannot_be_shown_is_refused_with_its_line(tmp_path, name):
    old, new, where, words = REFUSALS[name]
    with_quotes(tmp_path)
    broken(tmp_path, "section", old, new)
    _, problems = read(tmp_path)
    if name == "a year in one language":
        assert any(words in error.text for error in problems.errors)
        return
    refused(problems, tmp_path, "section", line_of(tmp_path, "section", where), words)


def test_rows_and_what_they_are_for_come_together(tmp_path):
    with_quotes(tmp_path)
    broken(tmp_path, "module", "[quotes]", "[sheet]")
    _, problems = read(tmp_path)
    assert any("both or neither" in error.text for error in problems.errors)


MARK = "\n\nSee [the sheet](quotes:).\n"


def test_a_lesson_leads_to_the_sheet(tmp_path):
    with_quotes(tmp_path)
    for language, text in (("en", LESSON_EN), ("fr", LESSON_FR)):
        (tmp_path / NAMES[f"lesson_{language}"]).write_text(text + MARK, encoding="utf-8")
    module, problems = read(tmp_path)
    assert problems == []
    block = module.sections[0].lessons[0].pages["en"].blocks[-1]
    assert 'href="../../quotes/"' in block_html(block, {}, {})


def test_without_a_sheet_no_lesson_leads_to_one(tmp_path):
    write_module(tmp_path, lesson_en=LESSON_EN + MARK, lesson_fr=LESSON_FR + MARK)
    _, problems = read(tmp_path)
    assert {error.text for error in problems.errors} == {"the module has no quote sheet to which “quotes:” could lead"}
    assert [error.line for error in problems.errors] == [16, 16]


def test_a_lesson_leads_to_its_quiz(tmp_path):
    mark = "\n\nNow take [the quiz](quiz:).\n"
    write_module(tmp_path, lesson_en=LESSON_EN + mark, lesson_fr=LESSON_FR + mark)
    module, problems = read(tmp_path)
    assert problems == []
    assert 'href="../#quiz"' in block_html(module.sections[0].lessons[0].pages["fr"].blocks[-1], {}, {})


@pytest.mark.parametrize("link", ["(quotes:)", "(<quotes:>)", "(quiz:)", "( quiz: )", '(quiz: "Now")'])
def test_a_facilitators_sheet_leads_to_neither(tmp_path, link):
    with_quotes(tmp_path)
    (tmp_path / NAMES["sheet_en"]).write_text(f"# Sheet\n\nSee [it]{link}.\n", encoding="utf-8")
    _, problems = read(tmp_path)
    refused(problems, tmp_path, "sheet_en", 3, "only a lesson leads to the quiz or the quote sheet")


def test_what_is_told_of_a_link_leads_nowhere(tmp_path):
    text = "# S\n\nWrite `[the quiz](quiz:)`.\n"
    write_module(tmp_path, sheet_en=text, sheet_fr=text)
    assert read(tmp_path)[1] == []
