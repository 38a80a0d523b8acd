"""A file of SQLite: connections that are kept, and writers who wait in line, whatever database the other tests use."""

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.backends.sqlite3 import base as django_sqlite3
from django.db.models import DecimalField, Max, Min, Subquery
from django.db.models.expressions import Col
from django.db.models.functions import Coalesce
from django.db.transaction import Atomic

from course.sqlite3 import upkeep
from course.sqlite3.line import Line
from quizzes.models import Attempt
from tests import make
from tests.faults.server import until

PATIENCE = 30  # seconds; nothing waits as long unless it waits for ever
BRIEF = 0.05  # seconds after which a writer gives up, where it is to give up


@pytest.fixture
def file(tmp_path, monkeypatch, django_db_blocker):
    """A database with one table, behind the alias "file"."""
    path = tmp_path / "course.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (words TEXT)")
    setting(monkeypatch, path, PATIENCE)
    with django_db_blocker.unblock():
        yield path
    connections["file"].close()
    del connections["file"]


def setting(monkeypatch, path, seconds):
    """Open the file as the site does, but that a writer waits so many seconds."""
    database = {"ENGINE": "course.sqlite3", "NAME": str(path), "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    database["OPTIONS"] = {
        "timeout": seconds,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL",
    }
    monkeypatch.setitem(connections.settings, "file", connections.configure_settings({"default": database})["default"])
    connections["file"] = connections.create_connection("file")


def atomic():
    return Atomic("file", savepoint=True, durable=False)


def write(words):
    with connections["file"].cursor() as cursor:
        cursor.execute("INSERT INTO notes VALUES (%s)", [words])


def written():
    with connections["file"].cursor() as cursor:
        return [words for (words,) in cursor.execute("SELECT words FROM notes ORDER BY rowid").fetchall()]


def is_free(path):
    """Whether the next one in line could write."""
    line = Line(str(path))
    try:
        line.enter(BRIEF)
    except TimeoutError:
        return False
    finally:
        line.close()
    return True


def in_a_thread(pool, work):
    """Begin `work` in another thread, with a connection of its own that is closed with it."""

    def run():
        try:
            return work()
        finally:
            connections["file"].close()

    return pool.submit(run)


class Interrupted(Exception):
    """What breaks a transaction off."""


# In line


def test_a_transaction_holds_the_line_until_its_end_and_does_not_wait_for_itself(file):
    with atomic():
        write("Awa")
        with atomic():
            write("Bakary")
        assert not is_free(file)
    assert is_free(file)
    with suppress(Interrupted), atomic():
        write("Celia")
        assert not is_free(file)
        raise Interrupted
    assert is_free(file)
    assert written() == ["Awa", "Bakary"]


def test_a_statement_by_itself_waits_too_and_reading_does_not(file):
    write("before")
    with ThreadPoolExecutor(1) as pool:
        with atomic():
            write("Awa")
            other = in_a_thread(pool, lambda: write("Bakary"))
            assert in_a_thread(ThreadPoolExecutor(1), written).result(PATIENCE) == ["before"]
            assert not other.done()
        other.result(PATIENCE)
    assert is_free(file)
    assert written() == ["before", "Awa", "Bakary"]


@pytest.mark.parametrize("statement", ["INSERT INTO notes VALUES (%s, 2)", "UPDATE nothing SET words = %s"])
def test_a_statement_that_fails_lets_the_next_one_write(file, statement):
    with pytest.raises(OperationalError), connections["file"].cursor() as cursor:
        cursor.execute(statement, ["Awa"])
    assert is_free(file)


def test_who_comes_first_is_served_first(file):
    """Five wait for one who writes; each begins to wait when the one before does."""
    with ThreadPoolExecutor(5) as pool:
        with atomic():
            waiting = []
            for number in range(5):
                waiting.append(in_a_thread(pool, lambda number=number: write(number)))
                stands_in_line(file, number + 1)
        for one in waiting:
            one.result(PATIENCE)
    assert written() == ["0", "1", "2", "3", "4"]


def stands_in_line(file, count):
    """Wait until so many wait for the lock of this file's line, as the kernel lists them."""
    number = os.stat(f"{file}-line").st_ino
    until(lambda: len(re.findall(rf"-> FLOCK .*:{number} ", Path("/proc/locks").read_text())) == count)


def test_a_process_that_is_killed_while_it_writes_lets_the_next_one_write(file):
    hold = f"from course.sqlite3.line import Line; Line({str(file)!r}).enter(9); print('in', flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"in\n"
    assert not is_free(file)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    write("Awa")
    assert written() == ["Awa"]


def test_who_waits_too_long_is_told_that_it_is_locked_and_can_write_later(file, monkeypatch):
    setting(monkeypatch, file, BRIEF)
    line = Line(str(file))
    line.enter(BRIEF)
    for writing in (lambda: write("Awa"), lambda: atomic().__enter__()):
        with pytest.raises(OperationalError, match="^database is locked$"):
            writing()
    connections["file"].close()
    assert written() == []
    line.close()
    write("Awa")
    with atomic():
        write("Bakary")
    assert is_free(file)
    assert written() == ["Awa", "Bakary"]


def test_where_another_program_holds_the_database_the_line_goes_on(file, monkeypatch):
    setting(monkeypatch, file, BRIEF)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="^database is locked$"):
            write("Awa")
        assert is_free(file)


def test_without_a_file_for_the_line_nothing_is_written_and_reading_goes_on(file):
    line = file.with_name("course.sqlite3-line")
    line.mkdir()
    with pytest.raises(OperationalError, match="unable to open database file"):
        write("Awa")
    assert written() == []
    line.rmdir()
    write("Awa")
    assert stat.S_IMODE(line.stat().st_mode) == 0o600


def test_a_database_in_memory_has_no_line(file, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    before = list(tmp_path.iterdir())
    setting(monkeypatch, "file:alone?mode=memory&cache=shared", PATIENCE)
    with connections["file"].cursor() as cursor:
        cursor.execute("CREATE TABLE notes (words TEXT)")
    write("Awa")
    assert written() == ["Awa"]
    assert list(tmp_path.iterdir()) == before
    connections["file"].connection.close()


# Kept


def next_request():
    connections["file"].close_if_unusable_or_obsolete()


def test_a_connection_is_kept_from_request_to_request(file):
    write("Awa")
    opened = connections["file"].connection
    next_request()
    assert written() == ["Awa"]
    assert connections["file"].connection is opened


@pytest.mark.parametrize("way", ["replaced", "deleted"])
def test_a_kept_connection_does_not_go_on_with_a_file_that_is_there_no_more(file, tmp_path, way):
    write("Awa")
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE notes (words TEXT)")
        connection.execute("INSERT INTO notes VALUES ('Bakary')")
        connection.commit()
    for path in (file, *tmp_path.glob("course.sqlite3-*")):
        path.unlink()
    if way == "replaced":
        other.rename(file)
        next_request()
        assert written() == ["Bakary"]
    else:
        next_request()
        with pytest.raises(OperationalError, match="no such table"):
            written()


# Now and then


def test_statistics_are_gathered_of_tables_that_nobody_has_read(file):
    with connections["file"].cursor() as cursor:
        cursor.execute("CREATE INDEX by_words ON notes (words)")
        for words in ("Awa", "Bakary", "Celia"):
            write(words)
    connections["file"].close()
    upkeep.gather_statistics(connections["file"])
    with connections["file"].cursor() as cursor:
        assert cursor.execute("SELECT idx, stat FROM sqlite_stat1").fetchall() == [("by_words", "3 1")]


def test_the_log_is_emptied_though_connections_are_kept(file):
    """What was erased is overwritten in the file, and in the log it stands no more."""
    with connections["file"].cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=ON")
        write("a secret of Awa")
        cursor.execute("DELETE FROM notes")
        assert b"a secret" in Path(f"{file}-wal").read_bytes()
        upkeep.empty_log(connections["file"])
    assert b"a secret" not in Path(f"{file}-wal").read_bytes() + file.read_bytes()


@pytest.mark.django_db
def test_tidying_does_both(monkeypatch):
    done = []
    for name in ("gather_statistics", "empty_log"):
        monkeypatch.setattr(upkeep, name, lambda connection, name=name: done.append((name, connection.alias)))
    call_command("tidy", verbosity=0)
    assert done == [("gather_statistics", "default"), ("empty_log", "default")]


NIGHT = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("stored", ["2026-11-30 23:59:59", "2026-11-30 23:59:59.000000", NIGHT.replace(tzinfo=None)])
def test_a_moment_is_read_as_the_utc_that_it_was_written_in(file, stored):
    moment = connections["file"].ops.convert_datetimefield_value(stored, None, None)
    assert moment == NIGHT
    assert moment.utcoffset() == timedelta(0)


def test_no_moment_is_none(file):
    assert connections["file"].ops.convert_datetimefield_value(None, None, None) is None


def test_moments_come_back_from_a_table_with_all_their_microseconds(file):
    written = datetime(2026, 3, 29, 1, 30, 0, 7, tzinfo=UTC)
    with connections["file"].cursor() as cursor:
        cursor.execute("CREATE TABLE moments (at datetime)")
        cursor.execute("INSERT INTO moments VALUES (%s)", [written.replace(tzinfo=None)])
        cursor.execute("SELECT at FROM moments")
        stored = cursor.fetchone()[0]
    assert connections["file"].ops.convert_datetimefield_value(stored, None, None) == written


@pytest.fixture
def columns(file):
    """What a table's columns of these types give back for what is put into them, beside what Django makes of it."""
    field = DecimalField(max_digits=5, decimal_places=4)
    column, ops = Col("kept", field, field), connections["file"].ops
    with connections["file"].cursor() as cursor:
        cursor.execute("CREATE TABLE kept (moment datetime, day date, score decimal)")

    def kept(name, value):
        with connections["file"].cursor() as cursor:
            cursor.execute(f"INSERT INTO kept ({name}) VALUES (%s)", [value])  # noqa: S608 - our own column
            cursor.execute(f"SELECT {name} FROM kept WHERE rowid = last_insert_rowid()")  # noqa: S608
            found = cursor.fetchone()[0]
        if name != "score":
            return found
        django = django_sqlite3.DatabaseOperations(connections["file"]).get_db_converters(column)
        (ours,), (theirs,) = ops.get_db_converters(column), django
        assert str(ours(found, column, None)) == str(theirs(found, column, None))
        return ours(found, column, None)

    return kept


@pytest.mark.parametrize("score", ["0", "1", "0.5", "0.1234", "0.9999", "0.3333", "0.0001", "9.9999", None])
def test_a_score_is_the_decimal_that_django_makes_of_it(columns, score):
    columns("score", score)
    columns("score", score)  # kept from the first time


@pytest.mark.parametrize("zone", ["", "+00:00", "+02:00"])
def test_a_column_of_moments_is_in_utc_unless_it_says_a_zone(columns, zone):
    written = "2026-11-30 23:59:59.000007"
    assert columns("moment", written + zone) == datetime.fromisoformat(f"{written}{zone or '+00:00'}")
    assert columns("moment", None) is None


def test_a_column_of_days_gives_days(columns):
    assert columns("day", date(2026, 2, 28)) == columns("day", "2026-02-28") == date(2026, 2, 28)
    assert columns("day", None) is None


@pytest.mark.django_db
def test_moments_and_scores_are_the_same_wherever_they_are_read_from(awa):
    """A column, an expression, a subquery, and a union whose first query has the column."""
    attempt = make.quiz(awa, make.section(draw=1), right=0, at=make.NOW + timedelta(microseconds=7))
    rows = Attempt.objects.filter(pk=attempt.pk)
    inner = Subquery(rows.values("submitted_at"))
    (row,) = rows.annotate(latest=Max("submitted_at"), inner=inner, later=Coalesce("submitted_at", "started_at"))
    assert row.submitted_at == row.latest == row.inner == row.later == attempt.submitted_at
    assert row.submitted_at.utcoffset() == timedelta(0)
    pairs = rows.values_list("submitted_at", "score")
    assert set(pairs.union(pairs)) == set(pairs) == {(attempt.submitted_at, attempt.score)}
    assert rows.aggregate(first=Min("submitted_at"), best=Max("score")) == {
        "first": attempt.submitted_at,
        "best": attempt.score,
    }
