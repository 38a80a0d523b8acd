"""Many rows of a model at once: as fast as the engine takes them, and with whatever columns the tree's model has."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

Row = dict[str, Any]  # {column's attribute: value}; JSON comes as text already


def as_json(value: Any) -> str | None:
    """Return a value as its column holds it: what many rows share is written out once."""
    return None if value is None else json.dumps(value, cls=DjangoJSONEncoder)


class Table:
    """The table of a model. What a row leaves out has the model's default, or else that of the database."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model, self.key = model, model._meta.pk.attname
        self.fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
        # A default of the database is for the database to fill in.
        self.defaults = {
            field.attname: field.get_db_prep_save(field.get_default(), connection)
            for field in self.fields
            if not field.primary_key and field.db_default is NOT_PROVIDED
        }
        self.next_id = (model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1

    def insert(self, rows: Sequence[Row]) -> range:
        """Write rows that have the same columns; return their ids, which follow one another. KeyError for no column."""
        ids = range(self.next_id, self.next_id + len(rows))
        self.next_id += len(rows)
        named = {name for row in rows[:1] for name in row}
        if unknown := named - {field.attname for field in self.fields}:
            raise KeyError(f"{self.model.__name__} has no {unknown}")
        written = {self.key, *self.defaults, *named}
        fields = [field for field in self.fields if field.attname in written]
        names = [field.attname for field in fields]
        table = connection.ops.quote_name(self.model._meta.db_table)
        columns = ", ".join(connection.ops.quote_name(field.column or "") for field in fields)
        whole = (self.defaults | {self.key: pk} | row for pk, row in zip(ids, rows, strict=True))
        values = ([row[name] for name in names] for row in whole)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for value in values:
                        copy.write_row(value)
            else:
                marks = ", ".join(["%s"] * len(names))
                adapted = ([ADAPT.get(type(part), as_it_is)(part) for part in value] for value in values)
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(adapted))  # noqa: S608
        return ids


def as_it_is(value: Any) -> Any:
    return value


# As Django writes them for SQLite, which has no types of its own for these.
ADAPT: dict[type, Callable[[Any], Any]] = {
    datetime: connection.ops.adapt_datetimefield_value,
    date: date.isoformat,
    Decimal: str,
    bool: int,
}


def go_on_counting(*written: type[models.Model]) -> None:
    """Let the database number the next rows of these models after those that came with their numbers."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(statement)
