"""Rows of one table, written in some of their columns: new ones, and those that are held. Imports Django only."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def rewrite(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write these columns, by the names of their fields, of rows of one model. One query, none without rows.

    It is one UPDATE from a list of values. Django's `bulk_update` weighs every row in every column; an upsert prepares
    all columns of each row, and would bring back what somebody has deleted.
    """
    if not rows:
        return
    fields = _fields(rows[0], columns)
    with connection.cursor() as cursor:
        cursor.execute(_update(rows[0], fields, len(rows)), _values(rows, fields))


def write_new(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write new rows of one model with these columns, by the names of their fields. One query, none without rows.

    The others are null, or what the table gives them. Django's `bulk_create` prepares each of them in each row.
    """
    if not rows:
        return
    _key, *fields = _fields(rows[0], columns)
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column or "") for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(rows[0]._meta.db_table)} ({names}) VALUES {places}",  # noqa: S608 - our names
            _values(rows, fields),
        )


def _values(rows: Sequence[models.Model], fields: "Sequence[models.Field[Any, Any]]") -> list[Any]:
    """Return what the database takes for these fields, row by row."""
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]


def _fields(row: models.Model, columns: Sequence[str]) -> "list[models.Field[Any, Any]]":
    """Return the key's field, then those of the columns in the order of the table."""
    return [row._meta.pk, *(field for field in row._meta.concrete_fields if field.name in columns)]


def _update(row: models.Model, fields: "Sequence[models.Field[Any, Any]]", count: int) -> str:
    """Return the statement. PostgreSQL takes the types of all values from those of the first row."""
    quote = connection.ops.quote_name
    table, (key, *columns) = quote(row._meta.db_table), [quote(field.column or "") for field in fields]
    is_typed = connection.vendor == "postgresql"
    first = ", ".join(f"%s::{field.db_type(connection)}" if is_typed else "%s" for field in fields)
    others = f", ({', '.join(['%s'] * len(fields))})" * (count - 1)
    changes = ", ".join(f"{column} = written.column{number}" for number, column in enumerate(columns, 2))
    values = f"(VALUES ({first}){others}) AS written"
    return f"UPDATE {table} SET {changes} FROM {values} WHERE {table}.{key} = written.column1"  # noqa: S608 - our names
