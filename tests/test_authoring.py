"""What docs/authoring.md promises: its example loads, and it names every key, kind and value that the readers know."""

import re
from pathlib import Path

import pytest
from django.test import Client

from course.folders import read_folder
from course.loading import load
from lessons import content
from lessons.content import documents, languages
from lessons.content.ledger import REFERENCE_KINDS, TERM_KINDS
from lessons.content.pictures import FILLS, READERS
from lessons.content.timeline import PRECISIONS
from quizzes.banks import USES
from quizzes.kinds import KINDS
from tests import make

GUIDE = (Path(__file__).parent.parent / "docs" / "authoring.md").read_text()
FILE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.M | re.S)


@pytest.fixture
def example(tmp_path):
    """The folder that the guide's files make."""
    for name, text in FILE.findall(GUIDE):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "tiny"


def test_the_example_has_neither_errors_nor_warnings(example):
    *_, problems = read_folder(example)
    assert [str(problem) for problem in problems] == []


def test_the_example_loads_and_its_lesson_opens(example, db):
    module, written = load(example, make.NOW)
    assert written.made
    lesson = module.sections.get().lessons.get()
    for language in languages.KNOWN:
        address = lesson.get_absolute_url().replace("/en/", f"/{language}/")
        page = Client().get(address)
        assert page.status_code == 200
        assert "<figure" in page.text
    _, again = load(example, make.NOW)
    assert not again


@pytest.mark.parametrize(
    "words",
    [
        content.LABELS,
        content.VERDICTS,
        content.ORIGINS,
        content.CHECKED,
        content.LEVELS,
        content.ACTS,
        content.RESERVED_SLUGS,
        content.STAMPS,
        content.HABITS,
        tuple(documents.READERS),
        PRECISIONS,
        TERM_KINDS,
        REFERENCE_KINDS,
        USES,
        FILLS,
        tuple(READERS),
        tuple(KINDS),
    ],
)
def test_the_guide_names_every_word_that_is_allowed(words):
    assert [word for word in words if not re.search(rf"\b{word}\b", GUIDE)] == []
