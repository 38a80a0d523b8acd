"""The release before this one serves on while the tables are already those of this one (quality R16)."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# The migrations with which the former release was tagged; it reads and writes what they made.
FORMER = [(app, "0001_tables") for app in ("accounts", "lessons", "quizzes", "cohorts")]


@pytest.fixture
def former():
    """{table: {column: whether it holds something in each row}} of the former release."""
    state = MigrationExecutor(connection).loader.project_state(FORMER)
    return {
        model._meta.db_table: {field.column: not field.null for field in model._meta.local_concrete_fields}
        for app in {app for app, _name in FORMER}
        for model in state.apps.get_app_config(app).get_models(include_auto_created=True)
    }


def columns(table):
    with connection.cursor() as cursor:
        return {row.name: row for row in connection.introspection.get_table_description(cursor, table)}


@pytest.mark.django_db
def test_the_former_release_finds_each_of_its_columns(former):
    missing = {table: set(names) - set(columns(table)) for table, names in former.items()}
    assert {table: names for table, names in missing.items() if names} == {}


def columns_of(former):
    """(table.column, the column as it is, whether the former release fills it: None of one that it does not know)."""
    for table, known in former.items():
        for name, column in columns(table).items():
            yield f"{table}.{name}", column, known.get(name)


@pytest.mark.django_db
def test_a_row_that_the_former_release_writes_lacks_nothing(former):
    """Each column that it does not know may be empty, or the database itself fills it."""
    new = [(name, column) for name, column, is_filled in columns_of(former) if is_filled is None]
    assert new
    assert [name for name, column in new if not column.null_ok and column.default is None] == []


@pytest.mark.django_db
def test_what_the_former_release_leaves_empty_may_still_be_empty(former):
    empty = [(name, column) for name, column, is_filled in columns_of(former) if is_filled is False]
    assert empty
    assert [name for name, column in empty if not column.null_ok] == []
