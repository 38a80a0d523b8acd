"""Rows of the seed: what they name is written, what they leave out has its default, whoever fills it."""

from datetime import date
from decimal import Decimal

import pytest

from bench.inside.bench_site.bulk import Table, as_json, go_on_counting
from lessons.models import Module
from tests import make

pytestmark = pytest.mark.django_db
ROW = {"slug": "river", "threshold": Decimal("0.8"), "as_of": date(2026, 10, 1)}


def test_what_a_row_leaves_out_has_its_default():
    Table(Module).insert([ROW])
    row = Module.objects.get()
    assert (row.document, row.fingerprint, row.visibility, row.withdrawn_at) == ({}, "", "public", None)


def test_what_the_database_would_fill_is_written_where_a_row_names_it():
    Table(Module).insert([ROW | {"document": as_json({"title": "Bridges"})}])
    assert Module.objects.get().document == {"title": "Bridges"}


def test_the_next_row_has_the_next_number():
    [pk] = Table(Module).insert([ROW])
    go_on_counting(Module)
    assert make.module().pk == pk + 1


def test_a_name_that_is_no_column_is_refused_and_nothing_is_written():
    with pytest.raises(KeyError, match="Module has no {'depth'}"):
        Table(Module).insert([ROW | {"depth": 3}])
    assert not Module.objects.exists()
