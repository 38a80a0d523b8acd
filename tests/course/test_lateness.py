"""What is late: commands that should run by themselves, mail, attempts, and a site that cannot serve."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts.models import Outbox
from course.lateness import ATTEMPTS, BACKUP, MAIL, READY, TIDY, last_runs, look
from course.models import LastRun
from tests import make
from tests.conftest import browser_of
from tests.course.test_health import Away

pytestmark = pytest.mark.django_db
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
NOW = make.NOW


class GoesAt(Away):
    """A database that goes away when a table is asked for."""

    def __init__(self, table):
        self.table = table

    def __call__(self, execute, sql, params, many, context):
        if self.table in sql:
            return super().__call__(execute, sql, params, many, context)
        return execute(sql, params, many, context)


def since(moment):
    """The site notes runs from that moment on."""
    MigrationRecorder(connection).migration_qs.filter(app="course").update(applied=moment)


@pytest.fixture
def in_order():
    """A site that teaches, and on which nothing is late."""
    make.module()
    since(NOW - 90 * DAY)
    LastRun.note(TIDY, NOW)
    LastRun.note(BACKUP, NOW)


def late(at=NOW):
    return {concern: words for concern, words in look(at).items() if words}


def mail(user, made_at, **fields):
    """A mail to somebody who wants it."""
    return make.mail(make.reads_mail(user), str(made_at), made_at, **fields)


def test_where_all_is_in_order_each_thing_was_looked_at(in_order, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        assert look(NOW) == dict.fromkeys([READY, TIDY, BACKUP, MAIL, ATTEMPTS], "")


@pytest.mark.parametrize(
    ("command", "longest", "words"),
    [(TIDY, 3 * HOUR, "“tidy” has not run for 3"), (BACKUP, 2 * DAY, "No backup has succeeded for 2")],
)
def test_a_command_is_late_once_its_time_is_over(in_order, command, longest, words):
    for other in {TIDY, BACKUP} - {command}:
        LastRun.note(other, NOW + longest)
    assert late(NOW + longest) == {}
    [(concern, sentence)] = late(NOW + longest + SECOND).items()
    assert concern == command
    assert words in sentence


def test_what_never_ran_is_not_late_on_a_site_younger_than_two_days(in_order):
    LastRun.objects.all().delete()
    since(NOW - 2 * DAY)
    assert late() == {}
    since(NOW - 2 * DAY - SECOND)
    assert late().keys() == {TIDY, BACKUP}


def test_a_run_by_a_clock_that_was_ahead_counts_for_nothing(in_order):
    LastRun.note(TIDY, NOW + 3650 * DAY)
    assert late().keys() == {TIDY}


def test_mail_is_late_after_an_hour_unless_it_was_sent(in_order, awa):
    mail(awa, NOW - HOUR)
    mail(awa, NOW - 2 * HOUR, sent_at=NOW)
    assert late() == {}
    mail(awa, NOW - HOUR - SECOND)
    assert late()[MAIL] == "1 mail has waited for more than an hour to be sent."
    mail(awa, NOW - 5 * HOUR)
    assert late()[MAIL].startswith("2 mails have")


def test_an_attempt_that_nobody_handed_in_is_late_three_hours_after_its_end(in_order, awa, celia):
    module = make.case_study().sections.get().module
    make.exam(awa, module, due_at=NOW - 4 * HOUR, extra_time=HOUR)
    make.quiz(celia, module.sections.get())
    assert late() == {}
    assert "1 attempt whose time ended" in late(NOW + 31 * SECOND)[ATTEMPTS]
    awa.delete()
    assert late(NOW + 31 * SECOND) == {}


@pytest.mark.parametrize("prepare", [lambda: None, make.module], ids=["no module", "no migration"])
def test_of_a_site_that_cannot_serve_nothing_else_is_said(prepare):
    if prepare():
        [last] = MigrationLoader(connection).graph.leaf_nodes("cohorts")
        MigrationRecorder(connection).record_unapplied(*last)
    assert look(NOW).keys() == {READY}
    assert late()[READY].startswith("The site cannot serve: ")


def test_a_database_that_is_away_or_goes_meanwhile_is_told(in_order):
    for away in (Away(), GoesAt("course_lastrun")):
        with connection.execute_wrapper(away):
            assert look(NOW) == {READY: "The site cannot serve: the database does not answer."}


# Who notes it


def test_tidy_notes_that_it_ran_and_not_that_it_refused(in_order, monkeypatch):
    LastRun.objects.all().delete()
    call_command("tidy", verbosity=0)
    first = last_runs()[TIDY]
    monkeypatch.setattr(timezone, "now", lambda: first + 60 * DAY)
    call_command("tidy", verbosity=0)
    assert last_runs() == {TIDY: first}
    call_command("tidy", verbosity=0, clock_is_right=True)
    assert last_runs() == {TIDY: first + 60 * DAY}


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_noted_after_it_succeeded_alone(tmp_path, capsys):
    file = tmp_path / "one.jsonl.gz"
    call_command("backup", str(file), verbosity=0)
    first = last_runs()[BACKUP]
    with pytest.raises(CommandError, match="there already"):
        call_command("backup", str(file), verbosity=0)
    assert last_runs() == {BACKUP: first}
    call_command("backup", str(tmp_path / "two.jsonl.gz"), verbosity=0)
    assert last_runs()[BACKUP] > first
    assert capsys.readouterr().err == ""


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_a_database_that_takes_no_note_is_a_backup(tmp_path, capsys):
    def read_only(execute, sql, params, many, context):
        if "lastrun" in sql:
            raise DatabaseError("cannot execute INSERT in a read-only transaction")
        return execute(sql, params, many, context)

    file = tmp_path / "one.jsonl.gz"
    with connection.execute_wrapper(read_only):
        call_command("backup", str(file), verbosity=0)
    assert file.exists()
    assert "takes no note" in capsys.readouterr().err


# The editors' desk


def test_the_desk_says_what_is_late_and_when_commands_ran(in_order, awa, django_assert_max_num_queries):
    as_ely = browser_of(make.user("Ely", is_staff=True))
    as_ely.get("/en/")
    since(timezone.now() - 90 * DAY)
    LastRun.note(TIDY, timezone.now() - 2 * HOUR)
    LastRun.note(BACKUP, timezone.now() - 3 * DAY)
    mail(awa, NOW)
    with django_assert_max_num_queries(12):
        page = as_ely.get("/en/admin/").text.replace("\xa0", " ")
    assert "<b>Late: No backup has succeeded for 3 days. 1 mail has waited" in page
    assert "“tidy” ran 2 hours ago. A backup was made 3 days ago." in page
    LastRun.objects.all().delete()
    Outbox.objects.all().delete()
    since(timezone.now())
    page = as_ely.get("/en/admin/").text
    assert "Late:" not in page
    assert "“tidy” never ran here. No backup was made here." in page
