"""The article that a module reads: its paragraphs in our lines, and one wording for each of its quotations."""

import pytest

from lessons.content.module import read_module
from lessons.content.source import Problems
from tests.content import broken, line_of, refused, write_module

QUOTED = ('note.en = "The Gazette reported it."', 'note.en = "“At long last,” the Gazette wrote."')


def read(folder):
    problems = Problems()
    return read_module(folder, problems), problems


def test_each_paragraph_has_its_line_and_its_claims(tmp_path):
    module, problems = read(write_module(tmp_path))
    assert problems == []
    article = module.document["article"]
    assert article["reference"] == "gazette-2019"
    (paragraph,) = article["paragraphs"]
    assert paragraph["claims"] == ["M001", "M002"]
    assert paragraph["summary"]["en"] == "A bridge opens, and boats go under it."


def test_a_module_may_read_no_article(tmp_path):
    module, problems = read(write_module(tmp_path, article=None, quotations=None))
    assert (module.document["article"], problems) == ({}, [])


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ('"gazette-2019"', '"gazette"', "", "nothing in references.toml is called “gazette”"),
        ('["M001", "M002"]', '["M001"]', "reference =", "no paragraph has the claim “M002”"),
        ('"M002"]', '"M002", "O01"]', "", "“O01” is no claim of the article"),
        ('"M002"]', '"M002", "M009"]', "", "“M009” is no claim of the article"),
        ('"At last the bridge"', '"At last the bridge was open to all"', "", "at most 6 words"),
        ('summary.fr = "Un pont', 'text.fr = "Un pont', "summary.en", "“summary.fr” is missing"),
    ],
)
def test_a_wrong_paragraph_is_told_with_its_line(tmp_path, old, new, at, words):
    write_module(tmp_path)
    line = broken(tmp_path, "article", old, new)
    _, problems = read(tmp_path)
    line = line_of(tmp_path, "article", at) if at else line
    assert (problems.errors[0].line, words in problems.errors[0].text) == (line, True), problems.errors


def test_a_quotation_has_one_wording_in_each_language(tmp_path):
    write_module(tmp_path)
    line = broken(tmp_path, "claims", *QUOTED)
    broken(tmp_path, "claims", 'note.fr = "La Gazette l’a rapporté."', 'note.fr = "« À la fin », écrit la Gazette."')
    _, problems = read(tmp_path)
    refused(problems, tmp_path, "claims", line, "“at long last” is quoted as “enfin” (fr, quotations.toml)")


@pytest.mark.parametrize("french", ["« Enfin », écrit-elle.", "Elle écrit : « enfin... »", "Elle écrit « Enfin. »"])
def test_capitals_and_outer_signs_do_not_matter(tmp_path, french):
    write_module(tmp_path)
    broken(tmp_path, "claims", *QUOTED)
    broken(tmp_path, "claims", 'note.fr = "La Gazette l’a rapporté."', f'note.fr = "{french}"')
    assert read(tmp_path)[1] == []


def test_a_lessons_quotations_are_compared_too(tmp_path):
    write_module(tmp_path)
    broken(tmp_path, "lesson_en", "\n\n", "\n\nIt opened “at long last”. ")
    broken(tmp_path, "lesson_fr", "\n\n", "\n\nIl a ouvert « à la fin ». ")
    _, problems = read(tmp_path)
    assert ["quotations.toml" in problem.text for problem in problems.errors] == [True]


def test_a_quotation_is_short(tmp_path):
    write_module(tmp_path)
    broken(tmp_path, "quotations", "at long last", "at long last " * 9)
    _, problems = read(tmp_path)
    assert "at most 25 words" in problems.errors[0].text


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [("“at long last”", "at long last", "en"), ("« enfin »", "enfin", "fr"), ("« enfin »", "« en » « fin »", "fr")],
)
def test_a_quotation_stands_in_quotation_marks(tmp_path, old, new, language):
    write_module(tmp_path)
    line = broken(tmp_path, "quotations", old, new)
    _, problems = read(tmp_path)
    words_en = line_of(tmp_path, "quotations", "words.en")
    assert [(problem.line, problem.text) for problem in problems.errors] == [
        (words_en, f"“words.{language}” is one quotation, in quotation marks")
    ], line
