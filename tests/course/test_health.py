"""The two addresses for machines: whether the process lives, and whether it can serve."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests import make


class Away:
    """A database that does not answer."""

    def __call__(self, execute, sql, params, many, context):
        raise OperationalError("server closed the connection")


def test_healthz_answers_without_database_session_or_language(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.status_code == 200
    assert response.text == "ok"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_healthz_answers_while_the_database_is_away(client, db):
    with connection.execute_wrapper(Away()):
        assert client.get("/healthz").status_code == 200


def test_readyz_is_ready_with_tables_and_a_module(client, db, django_assert_max_num_queries):
    make.module()
    with django_assert_max_num_queries(4):
        response = client.get("/readyz")
    assert (response.status_code, response.text) == (200, "ready")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_readyz_misses_a_database_that_is_away(client, db):
    with connection.execute_wrapper(Away()):
        response = client.get("/readyz")
    assert (response.status_code, response.text) == (503, "the database does not answer")


def test_readyz_misses_a_migration(client, db):
    make.module()
    [last] = MigrationLoader(connection).graph.leaf_nodes("cohorts")
    MigrationRecorder(connection).record_unapplied(*last)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "manage.py migrate" in response.text


@pytest.mark.parametrize("fields", [None, {"withdrawn_at": make.NOW}], ids=["none", "withdrawn"])
def test_readyz_misses_a_module(client, db, fields):
    if fields:
        make.module(**fields)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "manage.py load_content" in response.text


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probes_are_not_sent_to_https_and_take_no_posts(client, db, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
    make.module()
    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    assert client.post(address, secure=True).status_code == 405
    assert client.get("/en/").status_code == 301
