"""Rows written many at a time: how many statements a load takes hangs on no number of sections, lessons or items."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from course.loading import load
from lessons.models import Module
from quizzes.models import Item
from tests.content import SECTION, broken, single, write_module

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
LATER = FIRST + timedelta(days=7)
MOST_STATEMENTS = 60


def bridges(folder, sections, items):
    """Write the case study with so many sections more, each with a lesson and so many items."""
    write_module(folder)
    for number in range(2, sections + 2):
        part = folder / f"{number:02}-part-{number}"
        part.mkdir(exist_ok=True)
        for path in (folder / SECTION).iterdir():
            text = path.read_text(encoding="utf-8").replace("[check](item:try-a-label)\n", "")
            (part / path.name).write_text(text, encoding="utf-8")
        bank = "\n".join(single(f"coin-{number}-{item}", "abc"[item % 3]) for item in range(items))
        (part / "items.toml").write_text(bank, encoding="utf-8")
    return folder


def statements(folder, at=FIRST):
    """What a load writes, and how many statements it takes."""
    with CaptureQueriesContext(connection) as queries:
        _, written = load(folder, at)
    return written, len(queries)


def forget_fingerprint():
    """Let the next load compare row by row, as after a new release."""
    Module.objects.update(fingerprint="")


def test_a_first_load_takes_as_many_statements_for_many_items_as_for_few(tmp_path):
    few, many = bridges(tmp_path / "few", 1, 5), bridges(tmp_path / "many", 4, 12)
    broken(many, "module", 'slug = "bridge"', 'slug = "bridges"')
    (of_few, taken), (of_many, as_many) = statements(few), statements(many)
    assert (of_few.versions, of_many.versions) == (8 + 5, 8 + 4 * 12)
    assert taken == as_many <= MOST_STATEMENTS


def test_an_unchanged_folder_takes_one_statement(tmp_path):
    folder = bridges(tmp_path, 3, 12)
    load(folder, FIRST)
    written, taken = statements(folder, LATER)
    assert (bool(written), taken) == (False, 1)


def test_comparing_row_by_row_takes_as_many_statements_for_many_items_as_for_few(tmp_path):
    taken = []
    for sections, items in ((1, 5), (4, 12)):
        folder = bridges(tmp_path, sections, items)
        load(folder, FIRST)
        forget_fingerprint()
        written, count = statements(folder, LATER)
        assert not written
        taken.append(count)
    assert taken[0] == taken[1] <= MOST_STATEMENTS


def test_what_changed_in_every_item_takes_as_many_statements_as_in_one(tmp_path):
    """Other stems, feedback and claims: versions, fields and links."""
    folder, taken = bridges(tmp_path, 1, 20), []
    load(folder, FIRST)
    bank = folder / "02-part-2" / "items.toml"
    for old, new, most, versions in (("holds of the", "is true of the", 1, 1), ("of the coin", "of that coin", -1, 20)):
        text = bank.read_text(encoding="utf-8").replace(old, new, most)
        text = text.replace('claims = ["M001", "M002"]', 'claims = ["M001"]', most)
        bank.write_text(text.replace("Look at amber", "Look well at amber", most), encoding="utf-8")
        written, count = statements(folder, LATER)
        assert (written.versions, written.made) == (versions, 0)
        taken.append(count)
    assert taken[0] == taken[1] <= MOST_STATEMENTS
    assert not Item.objects.filter(slug__startswith="coin", current_version__number=1).exists()
