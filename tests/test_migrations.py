"""Each release before this one serves on while the tables are already those of this one (quality R16)."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# The migrations with which each release was tagged; it reads and writes what they made.
RELEASES = {
    "0.1.0": {"accounts": "0001_tables", "lessons": "0001_tables", "quizzes": "0001_tables", "cohorts": "0001_tables"},
    "0.2.0": {
        "accounts": "0005_former_names_that_look_alike",
        "lessons": "0008_pages_of_the_front_door",
        "quizzes": "0003_the_former_release_answers_too",
        "cohorts": "0004_extra_time_by_extensions",
    },
}
APPS = list(RELEASES["0.1.0"])
# What was laid on tables of a released version since, and why nothing that it writes breaks it.
KEPT = {
    "accounts_user.look_key": "it leaves it empty, and empty ones are not compared",
    "quizzes_bank.press": "it leaves it empty, and empty ones are not compared",
    "cohorts_cohort.press": "it leaves it empty, and empty ones are not compared",
    "cohorts_assignment.press": "it leaves it empty, and empty ones are not compared",
    "a_bank_of_a_section_has_its_module": "its banks all have a module: the column could not be empty",
    "a_bank_of_no_section_has_a_title": "it makes banks by loading content alone, each of a section",
    "one_open_attempt_per_learner_and_quiz": (
        "its attempts are of no quiz of an owner's; those of a guest who signs in are handed in before they move"
    ),
    "at_most_100_points_are_taken_off": "it leaves the default, 0, and copies none of another assignment",
    "one_enrolment_per_cohort_and_school_number": (
        "it leaves the number empty, which is not compared, and moves no enrolment to another cohort"
    ),
    "a_hand_mark_is_of_a_section_or_of_a_quiz": (
        "its marks all have an assignment and a section, which could not be empty, and it changes neither"
    ),
    "one_note_per_cohort_without_section": "its notes all have a section: the column could not be empty",
}
# What it may meet all the same, each written in docs/deploying.md, "Going back": an error page, and nothing written.
REFUSED = {"an_assignment_closes_after_it_is_due": "a date due later than the closing that the new release has set"}
# Tables to which rows lead that it does not know and so does not take along: what it deletes there is refused.
LED_TO = {
    "accounts_user": "REFUSED: whoever is erased, or has signed in from a guest's session",
    "quizzes_bank": "it deletes none",
    "quizzes_item": "it deletes none",
    "quizzes_attempt": "it deletes none",
    "lessons_module": "it deletes none",
    "lessons_section": "it deletes none",
    "lessons_lesson": "it deletes none",
    "lessons_claim": "it deletes none",
    "cohorts_cohort": "it deletes none",
    "cohorts_assignment": "REFUSED: an assignment that is taken back",
    "cohorts_certificate": "REFUSED: whoever is erased, with the certificates",
    "cohorts_enrolment": "REFUSED: whoever is erased, or moves to a place of the same cohort",
}


def tables(nodes=None):
    """{table: its model} of the apps after these migrations, or after all."""
    state = MigrationExecutor(connection).loader.project_state(nodes)
    models = [m for app in APPS for m in state.apps.get_app_config(app).get_models(include_auto_created=True)]
    return {model._meta.db_table: model for model in models}


@pytest.fixture(params=RELEASES)
def released(request):
    """{table: its model} of the former release."""
    return tables(list(RELEASES[request.param].items()))


@pytest.fixture
def former(released):
    """{table: {column: whether it holds something in each row}} of the former release."""
    return {
        table: {field.column: not field.null for field in model._meta.local_concrete_fields}
        for table, model in released.items()
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


def constraints(model):
    """{name: what it asks} of a table, a unique column under the name of both."""
    unique = [field for field in model._meta.local_concrete_fields if field.unique and not field.primary_key]
    names = {f"{model._meta.db_table}.{field.column}": True for field in unique}
    return names | {constraint.name: constraint.deconstruct() for constraint in model._meta.constraints}


def constraints_since(released):
    """Names of what was laid on its tables since, or changed; a set."""
    now = tables()
    return {
        name
        for table, model in released.items()
        for name, asked in constraints(now[table]).items()
        if constraints(model).get(name) != asked
    }


@pytest.mark.django_db
def test_of_each_constraint_since_it_is_known_why_the_former_release_keeps_it(released):
    assert constraints_since(released) - set(KEPT) - set(REFUSED) == set()


@pytest.mark.django_db
def test_no_reason_is_left_of_a_constraint_that_is_gone():
    since = [constraints_since(tables(list(nodes.items()))) for nodes in RELEASES.values()]
    assert set(KEPT) | set(REFUSED) == set.union(*since)


@pytest.mark.django_db
def test_it_is_known_what_the_former_release_may_not_be_able_to_delete(released):
    """Each table to which a foreign key leads that it does not know."""
    led_to = set()
    for table, model in tables().items():
        known = {field.column for field in released[table]._meta.local_concrete_fields} if table in released else set()
        keys = [field for field in model._meta.local_concrete_fields if field.remote_field]
        led_to |= {key.remote_field.model._meta.db_table for key in keys if key.column not in known}
    assert led_to & set(released) - set(LED_TO) == set()
