"""Connections to SQLite in a file: kept between requests, their writes in line. Django finds it by the file's name."""

import os
import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.db.models.expressions import Col

from course.sqlite3.line import Line

WRITES = re.compile(
    r"\s*(BEGIN (IMMEDIATE|EXCLUSIVE)|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|ANALYZE|VACUUM)\b", re.IGNORECASE
)
CONTEXT = Context(prec=15)  # of what SQLite keeps of a decimal
MADE_BY_TYPE = ("DateTimeField", "DateField")


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


def _moment(text: str) -> datetime:
    """Return a stored moment, which is in UTC, and says so only where no model wrote it."""
    try:
        return datetime.fromisoformat(f"{text}+00:00")
    except ValueError:
        return datetime.fromisoformat(text)


@lru_cache(10_000)
def _day(stored: bytes) -> date:
    return date.fromisoformat(stored.decode())


# What a column of these types holds: as above, or in Django's own words, each value takes five calls.
sqlite3.register_converter("datetime", lambda stored: _moment(stored.decode()))
sqlite3.register_converter("date", _day)


@lru_cache(10_000)
def _decimal(stored: float, digits: int, places: int) -> Decimal:
    """Return what a column of decimals of so many digits holds, as Django does."""
    number = CONTEXT.create_decimal_from_float(stored)
    return number.quantize(Decimal(1).scaleb(-places), context=Context(prec=digits))


class DatabaseOperations(operations.DatabaseOperations):
    """Django's own, but for what a board reads thousands of: moments, days and scores."""

    def get_db_converters(self, expression: Any) -> list[Any]:
        """Return what makes values of it; the connection itself has made moments and days of what is a column."""
        if isinstance(expression, Col) and expression.output_field.get_internal_type() in MADE_BY_TYPE:
            return []
        converters: list[Any] = super().get_db_converters(expression)
        return converters

    def get_decimalfield_converter(self, expression: Any) -> Any:
        """Return what makes a decimal, which is kept: there are few scores, and many who have each."""
        if not isinstance(expression, Col):
            return super().get_decimalfield_converter(expression)
        field: Any = expression.output_field
        digits, places = field.max_digits, field.decimal_places
        return lambda value, expression, connection: None if value is None else _decimal(value, digits, places)

    def convert_datetimefield_value(
        self, value: str | datetime | None, expression: object, connection: object
    ) -> datetime | None:
        """Return a stored moment, which is in UTC; Django asks settings and connection of each one where it is."""
        if isinstance(value, str):
            return _moment(value)
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
