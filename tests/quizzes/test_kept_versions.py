"""What a process keeps of versions, and rows written in one statement."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from quizzes.models import Response
from quizzes.models.kept_versions import KEPT, versions
from quizzes.models.responses import AS_ASKED, AS_MARKED
from quizzes.models.rewriting import rewrite, write_new
from tests import make


@pytest.fixture
def sitting(awa):
    """An open quiz of Awa's."""
    return make.quiz(awa, make.case_study().sections.get())


def test_a_version_is_read_once_in_a_process(sitting, django_assert_num_queries):
    key = sitting.responses.first().shown_version_id
    KEPT.clear()
    with django_assert_num_queries(1):
        first = versions([key])[key]
    with django_assert_num_queries(0):
        again = versions([key, key])[key]
    assert again == first
    assert (again.kind, again.document, again.made_at) == (first.kind, first.document, first.made_at)


def test_each_who_asks_has_a_row_of_their_own(sitting):
    """What one request hangs on a version, such as its item, no other one sees."""
    key = sitting.responses.first().shown_version_id
    versions([key])[key].item.slug = "changed"
    assert versions([key])[key].item.slug != "changed"


@pytest.mark.django_db(transaction=True)
def test_a_version_that_is_rolled_back_is_not_kept():
    """SQLite gives its id to the next version that is made."""
    lost = make_version_and_roll_back()
    assert versions([lost.pk]) == {}


@pytest.mark.django_db(transaction=True)
def test_a_version_is_kept_once_what_read_it_is_committed(django_assert_num_queries):
    version = make.item().current_version
    with transaction.atomic():
        versions([version.pk])
    with django_assert_num_queries(0):
        assert versions([version.pk]) == {version.pk: version}


def make_version_and_roll_back():
    """Return a version that was made, read in the transaction that made it, and rolled back."""
    with transaction.atomic():
        version = make.item().current_version
        assert versions([version.pk]) == {version.pk: version}
        transaction.set_rollback(True)
    return version


def test_versions_that_are_not_there_are_left_out(sitting):
    assert versions([0]) == {}


def test_what_is_written_anew_is_those_columns_of_those_rows_alone(sitting):
    rows = list(sitting.responses.order_by("position"))
    untouched = rows.pop()
    for row in rows:
        row.answer, row.certainty, row.language = {"a": row.position}, 2, "fr"
    rows[0].answer = rows[0].certainty = None
    rewrite(rows, ["answer", "certainty"])
    stored = list(sitting.responses.order_by("position"))
    assert [row.answer for row in stored] == [None, *({"a": row.position} for row in rows[1:]), untouched.answer]
    assert [row.certainty for row in stored] == [None, *(2 for row in rows[1:]), untouched.certainty]
    assert all(row.language != "fr" for row in stored)


def test_every_type_of_a_mark_is_written_as_the_database_keeps_it(sitting):
    """The first row holds nothing, from which no type can be read."""
    first, *others = sitting.responses.order_by("position")
    first.score = first.is_first = first.predicted_recall = first.marked_at = first.marked_version = None
    for number, row in enumerate(others, 1):
        row.score, row.is_first, row.predicted_recall = Decimal("0.3333"), bool(number % 2), 0.1 + number
        row.marked_at = make.NOW + timedelta(microseconds=number)
        row.marked_version = row.shown_version
    rewrite([first, *others], AS_MARKED)
    for row, stored in zip([first, *others], sitting.responses.order_by("position"), strict=True):
        names = ["score", "is_first", "predicted_recall", "marked_at", "marked_version_id"]
        assert [getattr(stored, name) for name in names] == [getattr(row, name) for name in names]
    assert sitting.responses.filter(score=None, is_first=None, marked_at=None).get() == first


def test_no_answer_is_null_and_no_json(sitting):
    row = sitting.responses.first()
    row.answer = None
    rewrite([row], ["answer"])
    assert sitting.responses.filter(pk=row.pk, answer__isnull=True).exists()


def test_a_row_that_is_deleted_does_not_come_back(sitting):
    row = sitting.responses.first()
    Response.objects.filter(pk=row.pk).delete()
    rewrite([row], ["certainty"])
    assert not Response.objects.filter(pk=row.pk).exists()


def test_a_new_row_is_as_the_table_has_it_where_no_column_is_named(sitting, django_assert_num_queries):
    *others, last = sitting.responses.order_by("position")
    Response.objects.filter(pk=last.pk).delete()
    last.answer, last.certainty, last.revision = "a", 2, 7
    with django_assert_num_queries(1):
        write_new([last], AS_ASKED)
    stored = sitting.responses.get(position=last.position)
    assert [getattr(stored, name) for name in AS_ASKED] == [getattr(last, name) for name in AS_ASKED]
    assert (stored.answer, stored.certainty, stored.revision) == (None, None, 0)
    assert (stored.saved_from, stored.saved_count) == ("", 0)
    assert sitting.responses.count() == len(others) + 1


def test_without_rows_nothing_is_asked(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        rewrite([], ["certainty"])
        write_new([], AS_ASKED)
