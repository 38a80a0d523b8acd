"""Documents as text: every kind, and what no card may show is refused with file and line."""

import pytest

from lessons.content.documents import MOST_QUOTED, READERS
from lessons.content.markdown import read_page
from lessons.content.module import read_module
from lessons.content.source import Problems
from tests.content import DOCUMENTS, broken, line_of, refused, with_documents, write_module

ALL = ("the-count", "the-owners", "the-days", "the-speech", "the-pictures")


def read(folder):
    problems = Problems()
    return read_module(folder, problems), problems


def test_every_kind_is_read(tmp_path):
    module, problems = read(with_documents(tmp_path, *ALL))
    assert problems == []
    documents = module.sections[0].documents
    assert tuple(documents) == ALL
    assert {document.document["kind"] for document in documents.values()} == set(READERS)
    count = documents["the-count"].document
    assert count["rows"][0]["cells"][1] == {"en": "101", "fr": "101"}
    assert (count["module"], count["sources"][0]["opened"]) == ("bridge", "2026-10-01")


def test_a_translation_has_the_spaces_of_its_language(tmp_path):
    with_documents(tmp_path, *ALL)
    broken(tmp_path, "documents", "Il ouvre enfin", "Il ouvre enfin !")
    module, problems = read(tmp_path)
    assert problems == []
    speech = module.sections[0].documents["the-speech"].document
    assert speech["translation"] == {"fr": "Il ouvre enfin\u202f!"}


def test_a_document_is_searched_by_all_that_it_says(tmp_path):
    module, _ = read(with_documents(tmp_path, *ALL))
    documents = module.sections[0].documents
    said = {slug: document.text("fr") for slug, document in documents.items()}
    assert "Bateaux par mois" in said["the-count"]
    assert "Octobre 2019" in said["the-count"]
    assert "Vieux Gué" in said["the-owners"]
    assert "La dernière pierre." in said["the-days"]
    assert "It opens at last" in said["the-speech"]
    assert "Un bac au quai" in said["the-pictures"]
    assert not any("River Gazette" in text for text in said.values())


def test_a_lesson_has_the_claims_of_its_documents_and_takes_time_for_its_items(tmp_path):
    module, _ = read(with_documents(tmp_path, "the-speech"))
    (page, _other) = module.sections[0].lessons[0].pages.values()
    assert page.documents == ["the-speech"]
    (block,) = [block for block in page.blocks if block.document]
    assert block.claims == ["M001"]
    assert block.text == ""
    (plain,) = read(write_module(tmp_path / "plain"))[0].sections[0].lessons
    assert page.words == plain.pages["en"].words
    assert page.looked_at == 4 + 4 + 5 + 3  # its title, the words, who said them, what it does not say


def test_a_lesson_with_documents_takes_a_minute_for_each_of_its_items():
    """In one without them half a minute, for a question on what was just read."""
    checks = "".join(f"[check](item:one-{number})\n\n" for number in range(6))
    plain, lab = (
        read_page("03-lab.en.md", f"# Lab\n\n{'word ' * 280}\n\n{shown}{checks}", "en", Problems())
        for shown in ("", "[document](document:the-count)\n\n")
    )
    assert (plain.minutes, lab.minutes) == (5, 8)
    lab.looked_at = 280
    assert lab.minutes == 10


def test_a_section_without_documents_needs_no_file(tmp_path):
    module, problems = read(write_module(tmp_path))
    assert problems == []
    assert module.sections[0].documents == {}


REFUSALS = {
    "a document that was read nowhere": (
        'references = ["gazette-2019"]\nclaims = ["M001"]',
        'references = []\nclaims = ["M001"]',
        "references = []",
        "one reference at least",
    ),
    "what is invented, and was read": (
        'claims = ["M002"]',
        "invented = true",
        'references = ["gazette-2019"]',
        "has neither references nor claims",
    ),
    "what is invented, and bears on a claim": (
        'references = ["gazette-2019"]\nclaims = ["M001"]',
        'invented = true\nclaims = ["M001"]',
        'claims = ["M001"]',
        "has neither references nor claims",
    ),
    "what is not invented, and was read nowhere": (
        'references = ["gazette-2019"]\nclaims = ["M001"]',
        'invented = false\nreferences = []\nclaims = ["M001"]',
        "references = []",
        "one reference at least",
    ),
    "a source of another module": (
        '["gazette-2019"]\nclaims = ["M001"]',
        '["herald"]\nclaims = ["M001"]',
        "herald",
        "is called “herald”",
    ),
    "a document that bears on nothing": ('claims = ["M002"]', "claims = []", "claims", "on one claim at least"),
    "a claim that is not there": ('claims = ["M002"]', 'claims = ["M099"]', "M099", "no claim is called “M099”"),
    "a kind of its own": ('kind = "table"', 'kind = "film"', "film", "one of: table, names, dates"),
    "a card that keeps silent": (
        'silent.en = "Who counted at night."\nsilent.fr = "Qui comptait la nuit."\n',
        "",
        "[[document]]",
        "“silent” is missing",
    ),
    "a row from elsewhere": ('source = "gazette-2019"', 'source = "herald"', "herald", "is none of the references"),
    "a row of another width": (
        '["October 2019", "101"]',
        '["October 2019"]',
        "October 2019",
        "for each of the 2 columns",
    ),
    "numbers that differ": ('["Octobre 2019", "101"]', '["Octobre 2019", "cent"]', "cells.en", "101"),
    "names in one language": (
        'names.fr = ["Office du fleuve", "Vieux Gué"]',
        'names.fr = ["Office du fleuve"]',
        "names.en",
        "different names, as many in each language",
    ),
    "a name twice": (
        'names.fr = ["Office du fleuve", "Vieux Gué"]',
        'names.fr = ["Vieux Gué", "Vieux Gué"]',
        "names.en",
        "different names, as many in each language",
    ),
    "a name of nobody": (
        'names.en = ["River Office", "Old Ford"]',
        'names.en = ["River Office", " "]',
        "names.en",
        "different names, as many in each language",
    ),
    "a translation into a language of nobody": (
        'translation.fr = "Il ouvre enfin"',
        'translation.fr = "Il ouvre enfin"\ntranslation.de = "Endlich"',
        "translation",
        "but that of the words: fr",
    ),
    "a translation that is no text": (
        'translation.fr = "Il ouvre enfin"',
        "translation.fr = 5",
        "translation",
        "but that of the words: fr",
    ),
    "no day of any calendar": ('date = "2019-10-01"', 'date = "2019-09-31"', "2019-09-31", "there is no 2019-09-31"),
    "days that run back": ('date = "2019-09"', 'date = "2019-11"', "[[document.date]]", "in their order"),
    "a translation into the same language": (
        'translation.fr = "Il ouvre enfin"',
        'translation.en = "It opens at last"',
        "translation",
        "but that of the words: fr",
    ),
    "words in no language": (
        'language = "en"',
        'language = "English"',
        'language = "English"',
        "is no code of a language",
    ),
    "a picture without its day": ('  taken.fr = "En 2014"\n', "", "taken.en", "“taken.fr” is missing"),
    "a key of its own": (
        'id = "the-count"',
        'id = "the-count"\nimage = "boats.png"',
        "image",
        "nothing is known of a key",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_no_card_may_show_is_refused_with_its_line(tmp_path, name):
    old, new, where, words = REFUSALS[name]
    with_documents(tmp_path, *ALL)
    broken(tmp_path, "documents", old, new)
    _, problems = read(tmp_path)
    refused(problems, tmp_path, "documents", line_of(tmp_path, "documents", where), words)


def test_what_is_invented_was_read_nowhere_and_bears_on_no_claim(tmp_path):
    with_documents(tmp_path, *ALL)
    broken(tmp_path, "documents", 'references = ["gazette-2019"]\nclaims = ["M001"]', "invented = true")
    module, problems = read(tmp_path)
    assert problems == []
    documents = module.sections[0].documents
    made_up = documents["the-owners"]
    assert (made_up.claims, made_up.document["sources"], made_up.document["invented"]) == ([], [], True)
    assert [name for name in ALL if "invented" in documents[name].document] == ["the-owners"]


def test_no_row_of_what_is_invented_was_read_somewhere(tmp_path):
    with_documents(tmp_path, *ALL)
    broken(tmp_path, "documents", 'references = ["gazette-2019"]\nclaims = ["M002"]', "invented = true")
    _, problems = read(tmp_path)
    refused(problems, tmp_path, "documents", line_of(tmp_path, "documents", "source = "), "is none of the references")


def test_a_source_that_was_not_opened_shows_nothing(tmp_path):
    with_documents(tmp_path, *ALL)
    broken(tmp_path, "references", 'read = "page"', 'read = "address"')
    _, problems = read(tmp_path)
    assert len(problems.errors) == len(ALL)
    assert {"was not opened" in error.text for error in problems.errors} == {True}


def test_a_source_without_an_address_shows_nothing(tmp_path):
    with_documents(tmp_path, *ALL)
    url = 'url = "https://www.river-gazette.net/bridge"'
    broken(tmp_path, "references", url, 'offline.en = "On paper."\noffline.fr = "Sur papier."')
    _, problems = read(tmp_path)
    assert len(problems.errors) == len(ALL)
    assert {"has no address" in error.text for error in problems.errors} == {True}


@pytest.mark.parametrize("count", [MOST_QUOTED, MOST_QUOTED + 1])
def test_a_card_quotes_at_most_twenty_five_words(tmp_path, count):
    with_documents(tmp_path, *ALL)
    broken(tmp_path, "documents", "It opens at last", " ".join(["word"] * count))
    _, problems = read(tmp_path)
    assert [error.text[:2] for error in problems.errors] == (["26"] * 2 if count > MOST_QUOTED else [])


@pytest.mark.parametrize("marks", ["« {} »", "“{}”", '\\"{}\\"'])
def test_words_quoted_in_a_table_count_too(tmp_path, marks):
    with_documents(tmp_path, *ALL)
    long = marks.format(" ".join(["mot"] * 26))
    broken(tmp_path, "documents", 'cells.fr = ["Octobre 2019"', f'cells.fr = ["Octobre 2019 : {long}"')
    _, problems = read(tmp_path)
    assert [error.text for error in problems.errors] == ["26 words are quoted (fr); a card quotes at most 25"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_lesson_names_documents_that_are_there_in_both_languages(tmp_path, language):
    with_documents(tmp_path, "the-count")
    broken(tmp_path, f"lesson_{language}", "document:the-count", "document:the-film")
    _, problems = read(tmp_path)
    texts = [error.text for error in problems.errors]
    assert "no document of this section is called “the-film”" in texts
    assert "the documents differ from the English" in texts


def test_a_document_stands_on_a_line_of_its_own(tmp_path):
    with_documents(tmp_path, "the-count")
    line = broken(tmp_path, "lesson_en", "[document](document:the-count)", "See [it](document:the-count).")
    _, problems = read(tmp_path)
    refused(problems, tmp_path, "lesson_en", line, "a document stands on a line of its own")


def test_a_document_stands_in_one_place(tmp_path):
    with_documents(tmp_path, "the-count", "the-count")
    _, problems = read(tmp_path)
    refused(problems, tmp_path, "documents", 1, "“the-count” stands twice")


def test_a_sheet_shows_no_document(tmp_path):
    with_documents(tmp_path, "the-count", sheet_en="# Sheet\n\n[document](document:the-count)\n")
    _, problems = read(tmp_path)
    assert "only a lesson has figures, items to try and the like" in [error.text for error in problems.errors]


def test_two_documents_of_one_name_are_refused(tmp_path):
    with_documents(tmp_path, *ALL, documents=DOCUMENTS.replace('"the-owners"', '"the-count"'))
    _, problems = read(tmp_path)
    assert "“the-count” stands already in line 2" in [error.text for error in problems.errors]


def test_a_lesson_may_have_a_box_to_write_in_in_both_languages(tmp_path):
    write_module(tmp_path)
    broken(tmp_path, "lesson_en", "[check]", "[Your line](write:)\n\n[check]")
    _, problems = read(tmp_path)
    assert [error.text for error in problems.errors] == ["the boxes to write in differ from the English"]
    broken(tmp_path, "lesson_fr", "[check]", "[Votre phrase](write:)\n\n[check]")
    module, problems = read(tmp_path)
    assert problems == []
    boxes = [block.box for block in module.sections[0].lessons[0].pages["fr"].blocks if block.box]
    assert boxes == ["Votre phrase"]


@pytest.mark.parametrize("mark", ["See [it](write:).", "[one](write:) [two](write:)"])
def test_a_box_stands_alone(tmp_path, mark):
    write_module(tmp_path)
    line = broken(tmp_path, "lesson_en", "[check]", f"{mark}\n\n[check]")
    _, problems = read(tmp_path)
    told = [(error.line, error.text) for error in problems.errors]
    assert (line, "a box to write in stands on a line of its own: [Your line](write:)") in told
