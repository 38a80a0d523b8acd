"""Text files that know their lines: whoever writes them is told file, line and what to do."""

import datetime
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content.source import Problems, checksum, read_text, read_toml, unique

BOTH = "en = 'a', fr = 'b'"


def read(folder, text):
    """The top entry of a file with that text, and its problems."""
    path, problems = folder / "some.toml", Problems()
    path.write_text(text, encoding="utf-8")
    return read_toml(path, problems), problems


# Each question that an entry answers, with a text that it refuses: (question, text, line, words of the message).
REFUSALS = {
    "a missing key": (lambda e: e.string("b"), "a = 'x'\n", 1, "“b” is missing"),
    "a number where a text belongs": (lambda e: e.string("b"), "\nb = 3\n", 2, "should be a text in quotation marks"),
    "an empty text": (lambda e: e.string("b"), "\n\nb = ' '\n", 3, "“b” is empty"),
    "a slug with a capital": (lambda e: e.slug("b"), "\nb = 'No'\n", 2, "small letters, digits and single hyphens"),
    "a slug with two hyphens": (lambda e: e.slug("b"), "\nb = 'a--b'\n", 2, "“a--b”: use small letters"),
    "a slug with a line's end": (lambda e: e.slug("b"), '\nb = "a\\n"\n', 2, "use small letters"),
    "a slug too long for a column": (lambda e: e.slug("b"), f"\nb = '{'a' * 51}'\n", 2, "it has at most 50"),
    "a number that is none": (lambda e: e.share("b"), "\nb = nan\n", 2, "should be a number from 0 to 1, not nan"),
    "degrees without end": (lambda e: e.degrees("lat"), "\nlat = inf\n", 2, "should be degrees, such as 14.5, not inf"),
    "a latitude beyond the pole": (lambda e: e.degrees("lat"), "\nlat = 90.5\n", 2, "between -90 and 90"),
    "a longitude of many digits": (lambda e: e.degrees("lon"), f"\nlon = {'9' * 4000}\n", 2, "between -180 and 180"),
    "a text with NUL": (lambda e: e.string("b"), '\nb = "a\\u0000b"\n', 2, "a letter is broken"),
    "a text with NUL in eight digits": (lambda e: e.string("b"), '\nb = "\\\\\\U00000000"\n', 2, "a letter is broken"),
    "a text with a lost letter": (lambda e: e.string("b"), '\nb = "A\ufffdssata"\n', 2, "a letter is broken"),
    "a word outside the list": (lambda e: e.one_of("b", ("x", "y")), "\nb = 'z'\n", 2, "should be one of: x, y"),
    "a fraction where a whole number belongs": (lambda e: e.whole("b", 1, 5), "\nb = 2.5\n", 2, "a whole number"),
    "a truth where a whole number belongs": (lambda e: e.whole("b", 0, 5), "\nb = true\n", 2, "a whole number"),
    "a number too small": (lambda e: e.whole("b", 1, 5), "\nb = 0\n", 2, "should lie between 1 and 5"),
    "a number too large": (lambda e: e.whole("b", 1, 5), "\nb = 6\n", 2, "should lie between 1 and 5"),
    "a share in per cent": (lambda e: e.share("b"), "\nb = 80\n", 2, "should lie above 0 and up to 1"),
    "a share of nothing": (lambda e: e.share("b"), "\nb = 0.0\n", 2, "should lie above 0 and up to 1"),
    "a share in words": (lambda e: e.share("b"), "\nb = 'all'\n", 2, "a number from 0 to 1"),
    "a flag in words": (lambda e: e.flag("b"), "\nb = 'yes'\n", 2, "should be true or false"),
    "a missing flag that was asked for": (lambda e: e.flag("b", required=True), "a = 1\n", 1, "“b” is missing"),
    "a day in quotation marks": (lambda e: e.day("b"), "\nb = '2026-11-23'\n", 2, "a date without quotation marks"),
    "a day with an hour": (lambda e: e.day("b"), "\nb = 2026-11-23T10:00:00\n", 2, "a date without quotation marks"),
    "a text where a list belongs": (lambda e: e.strings("b"), "\nb = 'x'\n", 2, "should be a list of texts"),
    "a list with a number": (lambda e: e.strings("b"), "\nb = ['x', 1]\n", 2, "should be a list of texts"),
    "a list that repeats": (lambda e: e.strings("b"), "\nb = ['x', 'x']\n", 2, "names something twice"),
    "a text in no language": (lambda e: e.text("b"), "\nb = 'x'\n", 2, "a text in each language: b.en and b.fr"),
    "a text without French": (lambda e: e.text("b"), "\nb.en = 'x'\n", 2, "“b.fr” is missing or empty"),
    "a text with an empty English": (lambda e: e.text("b"), "\nb.en = ' '\nb.fr = 'x'\n", 2, "“b.en” is missing or"),
    "a text of no languages": (lambda e: e.text("b"), "\nb = {}\n", 2, "“b.en” is missing or empty"),
    "an optional text of no languages": (lambda e: e.text("b", required=False), "\nb = {}\n", 2, "“b.en” is missing"),
    "a third language": (lambda e: e.text("b"), f"\nb = {{{BOTH}, de = 'c'}}\n", 2, "the languages are en, fr"),
    "texts that differ in a number": (lambda e: e.text("b"), "\nb.en = 'in 2012'\nb.fr = 'jadis'\n", 2, "2012"),
    "lists in no language": (lambda e: e.texts("b"), "\nb = ['x']\n", 2, "lists of texts in each language"),
    "a list in one language that is a text": (lambda e: e.texts("b"), "\nb.en = 'x'\n", 2, "lists of texts in each"),
    "a list in one language with a number": (lambda e: e.texts("b"), "\nb.en = [1]\n", 2, "lists of texts in each"),
    "a list in a third language": (lambda e: e.texts("b"), "\nb.de = ['x']\n", 2, "lists of texts in each language"),
    "a value where a table belongs": (lambda e: e.entry("b"), "\nb = 1\n", 2, "should be a table [b]"),
    "a missing table": (lambda e: e.entry("b"), "a = 1\n", 1, "“b” is missing"),
    "one table where several belong": (lambda e: e.entries("b"), "\n[b]\n", 2, "one or more tables [[b]]"),
    "texts where tables belong": (lambda e: e.entries("b"), "\nb = ['x']\n", 2, "one or more tables [[b]]"),
    "no tables": (lambda e: e.entries("b"), "a = 1\n", 1, "“b” is missing"),
    "an id used twice": (
        lambda e: unique(e.entries("b")),
        "[[b]]\nid = 'x'\n\n[[b]]\nid = 'x'\n",
        5,
        "“x” stands already in line 2",
    ),
    "a key that nothing asks for": (lambda e: e.done(), "\n\nb = 1\n", 3, "nothing is known of a key “b”"),
    "a header that nothing asks for": (lambda e: e.done(), "\n\n[[bs]]\nid = 'x'\n", 3, "is it misspelt"),
    "a key that nothing asks for in a table": (
        lambda e: [row.done() for row in e.entries("b")],
        "[[b]]\n\n[[b]]\nid = 'x'\n",
        4,
        "a key “id” of [[b]]; is it misspelt, or below the wrong header?",
    ),
}


@pytest.mark.parametrize(("ask", "text", "line", "words"), REFUSALS.values(), ids=REFUSALS)
def test_a_file_is_refused_with_its_line_and_what_to_do(tmp_path, ask, text, line, words):
    entry, problems = read(tmp_path, text)
    ask(entry)
    assert [(problem.path, problem.line) for problem in problems] == [(str(tmp_path / "some.toml"), line)]
    assert words in problems[0].text
    assert problems.errors == problems


def test_a_missing_file_is_named(tmp_path):
    problems = Problems()
    assert read_text(tmp_path / "some.md", problems) is None
    assert str(problems[0]) == f"{tmp_path / 'some.md'}:1: this file is missing"


def test_a_file_of_another_encoding_is_to_be_saved_as_utf_8(tmp_path):
    path, problems = tmp_path / "some.md", Problems()
    path.write_bytes("Qui dit ça ?".encode("latin-1"))
    assert read_text(path, problems) is None
    assert str(problems[0]) == f"{path}:1: this file is not UTF-8 (byte 8); save it as UTF-8"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    path, problems = tmp_path / "some.md", Problems()
    path.write_bytes(b"\xef\xbb\xbf# T")
    assert read_text(path, problems) == "# T"
    assert problems == []


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = \nc = 2\n", 2), ("a = 1\n\nb = [", 3)])
def test_a_file_that_is_not_toml_is_refused_with_its_line_and_read_as_empty(tmp_path, text, line):
    entry, problems = read(tmp_path, text)
    assert problems[0].line == line
    assert "this is not TOML" in problems[0].text
    assert entry.data == {}


def test_a_wrong_value_gives_a_harmless_one_so_that_one_reading_finds_every_problem(tmp_path):
    entry, problems = read(tmp_path, "n = 9\ns = 2\nlist = 1\nword = 'z'\n")
    assert entry.whole("n", 1, 5, 3) == 3
    assert entry.share("s", 0.8) == 0.8
    assert entry.strings("list") == []
    assert entry.one_of("word", ("x",)) is None
    assert entry.text("missing") == {"en": "", "fr": ""}
    assert [problem.line for problem in problems] == [1, 2, 3, 4, 1]


def test_what_is_right_is_read_without_a_problem(tmp_path):
    entry, problems = read(
        tmp_path,
        "name = 'x'\nday = 2026-11-23\nshare = 1\nno = false\nwords.en = ['a']\nwords.fr = ['b ?']\n"
        "said.en = 'Who?'\nsaid.fr = 'Qui ?'\n[exam]\nper = 2\n[[row]]\nid = 'r'\n  [[row.cell]]\n  id = 'c'\n",
    )
    assert entry.slug("name") == "x"
    assert entry.day("day") == datetime.date(2026, 11, 23)
    assert entry.share("share") == 1
    assert entry.flag("no", default=True) is False
    assert entry.texts("words") == {"en": ["a"], "fr": ["b\u202f?"]}
    assert entry.texts("none") == {}
    assert entry.text("said") == {"en": "Who?", "fr": "Qui\u202f?"}
    assert entry.text("note", required=False) == {}
    assert entry.entry("exam").whole("per", 1, 5) == 2
    (row,) = entry.entries("row")
    assert row.slug("id") == "r"
    assert [cell.slug("id") for cell in row.entries("cell")] == ["c"]
    assert entry.entries("others", required=False) == []
    for each in (entry, row):
        each.done()
    assert problems == []


def test_the_tables_of_a_table_know_their_own_lines(tmp_path):
    one, other = "  [[item.option]]\n  id = 'a'\n", "  [[item.option]]\n  id = 'b'\n"
    entry, _ = read(tmp_path, f"[[item]]\n{one}[[item]]\n{one}{other}")
    lines = [[option.line("id") for option in item.entries("option")] for item in entry.entries("item")]
    assert lines == [[3], [6, 8]]


def test_a_missing_table_is_never_reported_in_the_table_of_a_neighbour(tmp_path):
    entry, problems = read(tmp_path, "[[item]]\nslug = 'a'\n[[item]]\nslug = 'b'\n  [[item.option]]\n  id = 'x'\n")
    entry.entries("item")[0].entries("option")
    assert [problem.line for problem in problems] == [1]


def test_an_id_that_is_no_text_is_nobodys_double(tmp_path):
    entry, problems = read(tmp_path, "[[b]]\nid = ['x']\n[[b]]\nid = ['x']\n")
    unique(entry.entries("b"))
    assert problems == []


def test_a_warning_says_so_and_is_no_error():
    problems = Problems()
    problems.warn("some.toml", 3, "too long")
    problems.error("some.toml", 4, "too short")
    assert [str(problem) for problem in problems] == ["some.toml:3: warning: too long", "some.toml:4: too short"]
    assert [problem.line for problem in problems.warnings] == [3]
    assert [problem.line for problem in problems.errors] == [4]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda each: st.dictionaries(st.text(), each)
)


@given(st.dictionaries(st.text(), JSON), st.randoms(use_true_random=False))
def test_a_checksum_does_not_hang_on_the_order_of_keys(document, luck: random.Random):
    keys = list(document)
    luck.shuffle(keys)
    assert checksum({key: document[key] for key in keys}) == checksum(document)


def test_another_text_has_another_checksum():
    assert len({checksum("a"), checksum("b"), checksum(["a"]), checksum({"a": 1}), checksum({"a": 2})}) == 5


@pytest.mark.parametrize(
    "mark",
    ["[^M001]", "[^1]", "**the** one", "*the* one", "a `b", "[x](term:y)", "<b>x</b>", "[M001]", "{#a}", "<!-- x"],
)
def test_marks_where_text_is_plain_are_warned_of(tmp_path, mark):
    """Only lessons and sheets are Markdown; a card, an item or a term shows what stands in its file."""
    entry, problems = read(tmp_path, f"\na.en = 'The word {mark}'\na.fr = 'Le mot'\n")
    entry.text("a")
    assert [(problem.line, problem.warning) for problem in problems.warnings] == [(2, True)]
    assert "is shown as it stands; only lessons and sheets have marks" in problems.warnings[0].text


@pytest.mark.parametrize("text", ["2*3", "snake_case", "3 < 5", "AT&T", "(a) [b]", "#1", "a – b"])
def test_signs_of_plain_text_are_not(tmp_path, text):
    entry, problems = read(tmp_path, f"\na.en = '{text}'\na.fr = '{text}'\n")
    entry.text("a")
    assert problems == []
