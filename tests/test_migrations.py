"""A release before this one serves on while the tables are already those of this one (quality R16)."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

APPS = ["accounts", "lessons", "quizzes", "cohorts"]
# The last migrations of each release, by app in that order; it reads and writes what they made.
FORMER = {
    "0.1.0": ["0001_tables"] * 4,
    "0.2.0": [
        "0005_former_names_that_look_alike",
        "0008_pages_of_the_front_door",
        "0003_the_former_release_answers_too",
        "0004_extra_time_by_extensions",
    ],
}
# Rules of tables that a former release writes too, and why it keeps them without knowing them.
KEPT = {
    "a_bank_of_a_section_has_its_module": "each of its banks is a section's, written with its module",
    "a_bank_of_no_section_has_a_title": "each of its banks is a section's",
    "one_open_attempt_per_learner_and_quiz": "it writes no quiz of somebody's, and of nulls there may be any number",
    "at_most_100_points_are_taken_off": "it writes none, and the column begins with 0",
    "an_assignment_closes_after_it_is_due": (
        "it writes no closing date; beyond one that was set by this release it moves no due date, and is refused whole"
    ),
    "one_enrolment_per_cohort_and_school_number": "it writes none, and rows without a number are left out",
    "a_hand_mark_is_of_a_section_or_of_a_quiz": "each of its marks has an assignment and a section, and no quiz",
    "one_note_per_cohort_without_section": "each of its notes has a section",
}


def state_of(migrations):
    return MigrationExecutor(connection).loader.project_state(migrations)


def models_of(state):
    return [model for app in APPS for model in state.apps.get_app_config(app).get_models(include_auto_created=True)]


@pytest.fixture(params=FORMER)
def former_models(request):
    """The tables of a former release, as models."""
    return models_of(state_of(list(zip(APPS, FORMER[request.param], strict=True))))


@pytest.fixture
def former(former_models):
    """{table: {column: whether it holds something in each row}} of a former release."""
    return {
        model._meta.db_table: {field.column: not field.null for field in model._meta.local_concrete_fields}
        for model in former_models
    }


def rules(models):
    """{table: names of its constraints}, and {table: its columns in which no two rows are alike}."""
    named = {model._meta.db_table: {rule.name for rule in model._meta.constraints} for model in models}
    unique = {
        model._meta.db_table: {field for field in model._meta.local_concrete_fields if field.unique} for model in models
    }
    return named, unique


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


@pytest.mark.django_db
def test_the_former_release_keeps_each_rule_that_is_new(former_models):
    loader = MigrationExecutor(connection).loader
    (before, _), (now, _) = rules(former_models), rules(models_of(state_of(loader.graph.leaf_nodes())))
    new = {name for table, names in before.items() for name in now[table] - names}
    assert new
    assert new <= KEPT.keys()


@pytest.mark.django_db
def test_a_column_in_which_no_two_rows_are_alike_may_be_empty_where_the_former_release_does_not_know_it(former_models):
    loader = MigrationExecutor(connection).loader
    (_, before), (_, now) = rules(former_models), rules(models_of(state_of(loader.graph.leaf_nodes())))
    known = {table: {field.column for field in fields} for table, fields in before.items()}
    new = [field for table, columns in known.items() for field in now[table] if field.column not in columns]
    assert new
    assert [field.name for field in new if not field.null or field.has_db_default()] == []
