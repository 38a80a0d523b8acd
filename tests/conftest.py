"""The named cast, their browsers, the real case study, threads on a real database, and no silent skips."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils.translation import override

from course.front import showing
from lessons.models import Module
from lessons.rendered import RENDERED
from quizzes.explanations import EXPLAINED
from quizzes.models import kept_versions
from quizzes.models.kept_versions import KEPT
from tests import case_study, make, profiles


@pytest.fixture(autouse=True)
def in_english():
    """Every test begins in English, whatever the page before it was written in."""
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def nothing_kept():
    """Every test begins without what this process keeps of the rows of another one."""
    forget()


def forget():
    RENDERED.clear()
    showing._first_page.cache_clear()
    EXPLAINED.clear()
    KEPT.clear()


@pytest.fixture(autouse=True)
def versions_kept_at_once(request, monkeypatch):
    """A test in a transaction commits nothing: it keeps at once what a process keeps from then on."""
    marker = request.node.get_closest_marker("django_db")
    is_committed = "transactional_db" in request.fixturenames or marker and marker.kwargs.get("transaction")
    if not is_committed:
        monkeypatch.setattr(kept_versions, "on_commit", lambda keep: keep())


@pytest.fixture
def awa(db):
    """Awa learns."""
    return make.user("Awa")


@pytest.fixture
def bakary(db):
    """Bakary teaches."""
    return make.user("Bakary", may_teach_at=make.NOW)


@pytest.fixture
def celia(db):
    """Celia is a stranger to everybody's work."""
    return make.user("Celia")


@pytest.fixture
def danso(db):
    """Danso leads an onboarding."""
    return make.user("Danso", may_teach_at=make.NOW)


def browser_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_awa(awa):
    return browser_of(awa)


@pytest.fixture
def as_bakary(bakary):
    return browser_of(bakary)


@pytest.fixture
def as_celia(celia):
    return browser_of(celia)


@pytest.fixture
def as_danso(danso):
    return browser_of(danso)


@pytest.fixture
def guest(db):
    return make.guest()


@pytest.fixture
def as_guest(guest):
    return browser_of(guest)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Empty tables by DELETE after a test that commits: TRUNCATE makes files anew, which takes PostgreSQL seconds."""
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = lambda _, tables, **options: [f'DELETE FROM "{each}"' for each in tables]  # noqa: S608


@pytest.fixture(scope="session")
def case_study_kept(django_db_setup, django_db_blocker):
    """The real case study, loaded once in a session: parsing and rendering it takes seconds."""
    with django_db_blocker.unblock():
        return case_study.keep()


@pytest.fixture
def loaded(db, case_study_kept):
    """The real case study, as `load_content` writes it; its module."""
    case_study.write(case_study_kept)
    return Module.objects.get()


@pytest.fixture
def in_parallel(transactional_db, tmp_path, monkeypatch):
    """run(work, count): `work(number)` in so many threads that start together; what each returned, in order.

    SQLite's shared memory locks whole tables, as no real site does: there the threads work on a copy in a file, with
    the site's own options, and the copy comes back afterwards.
    """

    def run(work, count=16):
        together = Barrier(count, timeout=30)

        def one(number):
            try:
                connection.ensure_connection()
                together.wait()
                return work(number)
            finally:
                connection.close()

        if connection.vendor != "sqlite":
            return in_threads(one, count)
        file = tmp_path / "race.sqlite3"
        copy(connection.connection, file)
        with monkeypatch.context() as patch:
            patch.setitem(connections.settings, "default", {**connections.settings["default"], "NAME": str(file)})
            results = in_threads(one, count)
        copy(file, connection.connection)
        return results

    return run


def in_threads(work, count):
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def copy(source, target):
    """One SQLite database into another; each is a connection, or the path of a file."""
    opened = [sqlite3.connect(each) if not isinstance(each, sqlite3.Connection) else each for each in (source, target)]
    opened[0].backup(opened[1])
    for given, each in zip((source, target), opened, strict=True):
        if given is not each:
            each.close()


def pytest_configure(config):
    profiles.load()
    config.pluginmanager.import_plugin("tests.no_skips")
