"""Real servers on real databases, and a line of figures from each test."""

import tempfile
from pathlib import Path

import environ
import pytest
from django.db import connections

from bench import cluster as clusters
from tests import make
from tests.faults.server import Server, environment, manage

FIGURES = []


def pytest_terminal_summary(terminalreporter):
    for line in FIGURES:
        terminalreporter.write_line(line)


@pytest.fixture
def tell(request):
    """tell(words): a line of figures, printed when all is over."""
    return lambda words: FIGURES.append(f"{request.node.name}: {words}")


@pytest.fixture(scope="session")
def var_dir(tmp_path_factory):
    """Where the servers of a session keep what they make; static files are collected."""
    folder = tmp_path_factory.mktemp("var")
    manage(environment(folder, f"sqlite:///{folder}/none.sqlite3"), "collectstatic", "--noinput")
    return folder


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL of our own."""
    folder = clusters.binaries()
    if folder is None:
        pytest.skip("no PostgreSQL server on this machine: apt-get install postgresql")
    cluster = clusters.Cluster(folder, Path(tempfile.gettempdir()))
    yield cluster
    cluster.end()


@pytest.fixture(scope="session")
def sqlite(var_dir):
    return migrated(var_dir, f"sqlite:///{var_dir}/course.sqlite3")


@pytest.fixture(scope="session")
def postgresql(var_dir, cluster):
    return migrated(var_dir, cluster.create("faults"))


def migrated(var_dir, address):
    manage(environment(var_dir, address), "migrate")
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, django_db_blocker, monkeypatch):
    """The address of a database with tables, a real one; this process reads and writes it too."""
    address = request.getfixturevalue(request.param)
    own = connections.configure_settings({"default": environ.Env.db_url_config(address)})
    own["default"]["TEST"] = {}
    if request.param == "sqlite":  # as course.settings has it
        own["default"]["ENGINE"] = "course.sqlite3"
        own["default"]["OPTIONS"] = {"timeout": 20, "transaction_mode": "IMMEDIATE"}
    with django_db_blocker.unblock(), monkeypatch.context() as patch:
        patch.setitem(connections.settings, "default", own["default"])
        connections["default"] = connections.create_connection("default")
        yield address
        connections["default"].close()
    connections["default"] = connections.create_connection("default")


@pytest.fixture
def given(var_dir, database):
    """The environment of a process on that database."""
    return environment(var_dir, database)


@pytest.fixture
def serve(given, tmp_path):
    """serve(application, folder): a server, with a folder of its own where one is given; ended with the test."""
    servers = []

    def start(application="course.wsgi", folder=None):
        apart = {"VAR_DIR": str(folder)} if folder else {}
        servers.append(Server(given | apart, tmp_path / f"server-{len(servers)}.log", application))
        return servers[-1]

    yield start
    for server in servers:
        server.end()


@pytest.fixture
def section(database):
    """A section whose quiz has two pages, of both kinds of items."""
    place = make.section(draw=8)
    make.lesson(place)
    for number in range(10):
        make.item(place, kind="classify" if number % 3 == 2 else "single")
    return place
