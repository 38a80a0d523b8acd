"""Content that is not right: told by file and line, and nothing of it written."""

import os
from datetime import UTC, datetime

import pytest

from course.folders import read_folder
from course.loading import load
from course.written import ContentError
from lessons.models import Claim, Module
from quizzes.models import Item
from tests.content import ITEMS, NAMES, SECTION, broken, line_of, refused, row_counts, with_documents, write_module

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    """A valid case study, loaded once."""
    load(write_module(tmp_path), FIRST)
    return tmp_path


def move_the_key(folder, reason=""):
    broken(folder, "items", "  key = true\n", "")
    broken(folder, "items", '  id = "c"\n', '  id = "c"\n  key = true\n')
    broken(folder, "items", "objective = 1", f"objective = 1\n{reason}")


def test_a_changed_key_without_its_reason_is_refused_and_nothing_is_written(folder):
    move_the_key(folder)
    broken(folder, "items", "What holds of the arch?", "What is true of the arch?")
    broken(folder, "claims", "The bridge opened", "The new bridge opened")
    before = row_counts()
    with pytest.raises(ContentError) as caught:
        load(folder, LATER)
    refused(caught.value.problems, folder, "items", 1, "say why in change.en and change.fr")
    assert row_counts() == before
    assert Item.objects.get(slug="pier").current_version.document["key"] == "b"
    assert Claim.objects.get(key="M001").finding.startswith("The bridge opened")


def test_a_changed_key_with_its_reason_is_a_version_that_says_why(folder):
    move_the_key(folder, 'change.en = "We erred."\nchange.fr = "Nous avions tort."')
    assert load(folder, LATER)[1].versions == 1
    version = Item.objects.get(slug="pier").current_version
    assert (version.number, version.document["key"]) == (2, "c")
    assert version.reason == {"en": "We erred.", "fr": "Nous avions tort."}


@pytest.mark.parametrize(
    ("name", "old", "new", "at", "words"),
    [
        ("module", "threshold = 0.8", "threshold = 80", "threshold", "above 0 and up to 1"),
        ("references", '"press"', '"rumour"', "kind", "should be one of"),
        ("glossary", '"place"', '"river"', '"river"', "should be one of"),
        ("claims", '"confirmed"', '"perhaps"', "perhaps", "should be one of"),
        ("timeline", '"M001"', '"M009"', "M009", "no claim is called “M009”"),
        ("section", "draw = 5", "draw = 0", "draw", "between 1 and 40"),
        (
            "section",
            "draw = 5",
            "draw = 8",
            "title.en",
            "a quiz of this section draws 8 items, and 7 have the use quiz",
        ),
        ("items", '"the-bridge#who-counts"', '"the-bridge#x"', "the-bridge#x", "no passage “the-bridge#x”"),
        ("lesson_fr", "1 277", "1 278", "## Qui compte", "1277 where the French does not"),
    ],
)
def test_an_error_in_any_file_is_named_and_nothing_is_written(folder, name, old, new, at, words):
    broken(folder, "module", '"The bridge"', '"The other bridge"')
    broken(folder, "items", "What holds of the pier?", "What is true of the pier?")
    broken(folder, name, old, new)
    before = row_counts()
    with pytest.raises(ContentError) as caught:
        load(folder, LATER)
    line = line_of(folder, name, at)
    told = [f"{problem.path}:{problem.line}" for problem in caught.value.problems.errors if words in problem.text]
    assert told == [f"{folder / NAMES[name]}:{line}"]
    assert f"{folder / NAMES[name]}:{line}: " in str(caught.value)
    assert row_counts() == before
    assert Module.objects.get().document["title"]["en"] == "The bridge"


def test_a_first_load_with_an_error_leaves_an_empty_database(tmp_path):
    with pytest.raises(ContentError):
        load(write_module(tmp_path, sheet_fr=None), FIRST)
    assert set(row_counts().values()) == {0}


def test_a_lesson_offers_only_checks_of_its_section(folder):
    for name in ("lesson_en", "lesson_fr"):
        broken(folder, name, "item:try-a-label", "item:pier")
    *_, problems = read_folder(folder)
    assert [str(problem) for problem in problems] == [
        f"{folder / NAMES[name]}:9: no check of this section is called “pier”" for name in ("lesson_en", "lesson_fr")
    ]


def test_an_item_has_its_name_to_itself_in_the_whole_module(folder):
    (folder / SECTION).rename(folder / "02-who-pays")
    write_module(folder)
    (folder / "02-who-pays" / "items.toml").write_text(ITEMS.replace('"arch"', '"door"'), encoding="utf-8")
    *_, problems = read_folder(folder)
    path = folder / "02-who-pays" / "items.toml"
    told = {problem.text for problem in problems}
    assert "“pier” is an item of who-says-it already" in told
    assert "“door” is an item of who-says-it already" not in told
    assert {problem.path for problem in problems} == {str(path)}
    assert problems[0].line == 2


# Files that cannot be read


def a_folder(path):
    path.mkdir()


def a_link_to_itself(path):
    path.symlink_to(path.name)


def a_link_to_nothing(path):
    path.symlink_to("nowhere")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "people"])
@pytest.mark.parametrize("make_one", [a_folder, a_link_to_itself, a_link_to_nothing, os.mkfifo])
def test_what_stands_where_a_file_should_is_told_by_its_name(tmp_path, name, make_one):
    path = with_documents(tmp_path) / NAMES[name]
    path.unlink()
    make_one(path)
    with pytest.raises(ContentError) as caught:
        load(tmp_path, FIRST)
    assert (str(path), 1) in [(problem.path, problem.line) for problem in caught.value.problems.errors]


@pytest.mark.parametrize("make_one", [a_folder, a_link_to_itself, a_link_to_nothing, os.mkfifo])
@pytest.mark.parametrize("name", ["old.toml", "drafts.md", f"{SECTION}/.#items.toml"])
def test_what_an_editor_leaves_beside_the_files_is_no_failure(tmp_path, name, make_one):
    """Emacs, for one, marks a file that is open by a link to nothing."""
    make_one(write_module(tmp_path, people="") / name)
    with pytest.raises(ContentError) as caught:
        load(tmp_path, FIRST)
    refused(caught.value.problems, tmp_path, "people", 1, "“person” is missing")


def test_a_name_of_a_file_that_is_no_text_is_no_failure(tmp_path):
    (write_module(tmp_path) / os.fsdecode(b"not\xe9.md")).write_text("")
    assert load(tmp_path, FIRST)[1].made


@pytest.mark.parametrize("name", ["module", "items", "claims"])
@pytest.mark.parametrize(
    "value", ["9" * 5000, "-" + "9" * 5000, "[" * 5000, "{a=" * 5000, "[" * 5000 + "]" * 5000, "[\n" + "[" * 5000]
)
def test_what_the_parser_cannot_bear_is_told_by_its_line(tmp_path, name, value):
    path = write_module(tmp_path) / NAMES[name]
    path.write_text(f"{path.read_text()}\nmore = {value}\n")
    with pytest.raises(ContentError) as caught:
        load(tmp_path, FIRST)
    lines = path.read_text().split("\n")
    problem = next(problem for problem in caught.value.problems.errors if problem.path == str(path))
    assert lines[problem.line - 1] in (f"more = {value}", value[2:])
    assert "too long here, or too many" in problem.text


DATES = {
    "2019-02-30": "there is no 2019-02-30",
    "2023-02-29/2023-03": "there is no 2023-02-29",
    "2023/2021": "2023/2021 ends before it begins",
    "2019-10-02/2019-10-01": "ends before it begins",
    "0000": "write 2019, 2019-10",
    "0000-01": "write 2019, 2019-10",
    "9999-12": "write 2019, 2019-10",
    "٢٠١٩": "write 2019, 2019-10",
}


@pytest.mark.parametrize("name", ["references", "claims", "timeline"])
@pytest.mark.parametrize("date", DATES)
def test_a_date_that_no_calendar_has_is_refused(tmp_path, name, date):
    line = broken(write_module(tmp_path), name, 'date = "2019-10"', f'date = "{date}"')
    with pytest.raises(ContentError) as caught:
        load(tmp_path, FIRST)
    refused(caught.value.problems, tmp_path, name, line, DATES[date])


@pytest.mark.parametrize("query", ["from=2015-02-30", "from=2015&to=2012", "to=9999-12", "from=0000", "from=٢٠١٢"])
def test_a_picture_between_dates_that_no_calendar_has_is_refused(tmp_path, query):
    write_module(tmp_path)
    for name in ("lesson_en", "lesson_fr"):
        line = broken(tmp_path, name, "## ", f"![Years](figure:timeline?{query})\n\n## ")
    with pytest.raises(ContentError) as caught:
        load(tmp_path, FIRST)
    assert [(problem.line, problem.text[:11]) for problem in caught.value.problems.errors] == [
        (line, "from and to")
    ] * 2


def test_a_date_is_as_long_as_its_column(tmp_path):
    many = ", ".join(["2019-10-10/2020-10-10"] * 4)
    line = broken(write_module(tmp_path), "claims", 'date = "2019-10"', f'date = "{many}"')
    with pytest.raises(ContentError) as caught:
        load(tmp_path, FIRST)
    refused(caught.value.problems, tmp_path, "claims", line, "at most 80 characters")


def test_a_name_of_a_folder_or_file_is_as_long_as_its_column(tmp_path):
    """Longer ones are refused by PostgreSQL, and in no address on SQLite."""
    section = write_module(tmp_path) / SECTION
    for language in ("en", "fr"):
        broken(tmp_path, f"lesson_{language}", "{#missing}", f"{{#{'m' * 81}}}")
        (section / f"02-{'b' * 51}.{language}.md").write_text("# Title\n")
    section.rename(section := tmp_path / f"01-{'c' * 51}")
    problems = [str(problem) for problem in read_folder(tmp_path).problems.errors]
    assert f"{section / 'section.toml'}:1: the folder's name has more than 50 characters after its number" in problems
    file = section / f"02-{'b' * 51}.en.md"
    assert f"{file}:1: the file's name has more than 50 characters after its number" in problems
    assert any("an anchor has at most 80 characters; this one has 81" in problem for problem in problems)
