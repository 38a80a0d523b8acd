"""Connections to SQLite in a file: kept between requests, their writes in line. Django finds it by the file's name."""

import os
import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.backends.sqlite3 import base, operations

from course.sqlite3.line import Line

WRITES = re.compile(
    r"\s*(BEGIN (IMMEDIATE|EXCLUSIVE)|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|ANALYZE|VACUUM)\b", re.IGNORECASE
)


class Connection(sqlite3.Connection):
    """A connection whose writes wait in line with those of all others, so that none is overtaken for long.

    In line stands a transaction that is begun as one that writes, or a statement outside of one. After `timeout`
    seconds it fails as SQLite's own wait does.
    """

    def __init__(self, database: str, timeout: float = 5.0, **options: Any) -> None:
        super().__init__(database, timeout, **options)
        self.timeout = timeout
        file = self.execute("PRAGMA database_list").fetchone()[2]  # none of a database in memory
        self.line = Line(file) if file else None

    def wait_to(self, statement: str) -> None:
        """Wait in line, where this statement begins to write."""
        if self.line is None or self.in_transaction or not WRITES.match(statement):
            return
        try:
            self.line.enter(self.timeout)
        except TimeoutError as error:
            raise sqlite3.OperationalError("database is locked") from error
        except OSError as error:
            raise sqlite3.OperationalError("unable to open database file") from error

    def let_on(self) -> None:
        """Let the next one write, unless a transaction goes on here."""
        if self.line and self.line.is_first and not self.in_transaction:
            self.line.leave()

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            self.let_on()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self.let_on()

    def close(self) -> None:
        super().close()
        if self.line:
            self.line.close()


class Cursor(base.SQLiteCursorWrapper):
    """A cursor of such a connection."""

    connection: Connection

    def execute(self, query: str, params: Any = None) -> Any:
        self.connection.wait_to(query)
        try:
            return super().execute(query, params)
        finally:
            self.connection.let_on()

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        self.connection.wait_to(query)
        try:
            return super().executemany(query, param_list)
        finally:
            self.connection.let_on()


class DatabaseOperations(operations.DatabaseOperations):
    """Django's own, but for moments: a board reads thousands."""

    def convert_datetimefield_value(
        self, value: str | datetime | None, expression: object, connection: object
    ) -> datetime | None:
        """Return a stored moment, which is in UTC; Django asks settings and connection of each one where it is."""
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with such connections; one that is kept is good as long as its file is the one of that name."""

    file: tuple[int, int] | None = None
    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "factory": Connection}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        connection: Connection = super().get_new_connection(conn_params)
        self.file = _identity(connection)
        return connection

    def create_cursor(self, name: str | None = None) -> Cursor:
        return self.connection.cursor(factory=Cursor)

    def is_usable(self) -> bool:
        """Return whether the file is still the one that was opened: another may have come in its place."""
        return self.file == _identity(self.connection)


def _identity(connection: Connection) -> tuple[int, int] | None:
    """Return what tells the file of a database from every other; None of one in memory, or that is not there."""
    if connection.line is None:
        return None
    try:
        file = os.stat(connection.line.database)
    except FileNotFoundError:
        return None
    return file.st_dev, file.st_ino
