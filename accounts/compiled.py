"""Queries of which a process asks the same again and again: Django writes the SQL of each anew, at more than it costs.

All that it hangs on in Django: a compiler returns its SQL, and then knows the columns of its rows.
"""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigAutoField, Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
ID = BigAutoField()  # of a parameter: an id, or another whole number


class Parameter(Expression):
    """Stands in a query for a value with which it is asked, by its name."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class Written(Generic[Row]):
    """A query with Parameters as it is written for one connection, with all that its rows are made of."""

    def __init__(self, query: "QuerySet[Any, Row]", connection: Any) -> None:
        self._compiler: Any = query.query.get_compiler(connection=connection)
        self._sql, self._places = self._compiler.as_sql()
        fields = [column[0] for column in self._compiler.select[: self._compiler.col_count]]
        converters = self._compiler.get_converters(fields)
        self._compiler.get_converters = lambda expressions: converters
        cast(Any, query.query).get_compiler = lambda using: self._compiler
        self._locks = query.query.select_for_update
        self._rows = cast(Iterable[Row], query._iterable_class(cast(Any, query)))

    def ask(self, values: dict[str, object]) -> list[Row]:
        """Return the rows for these values. One query; TransactionManagementError as Django's own."""
        if self._locks and not self._compiler.connection.in_atomic_block:
            raise TransactionManagementError("rows are locked in a transaction alone")
        places = tuple(values[place.name] if isinstance(place, Parameter) else place for place in self._places)
        self._compiler.as_sql = lambda: (self._sql, places)
        return list(self._rows)


class Compiled(Generic[Row]):
    """A query that each connection writes once: `build` makes it of a Parameter for each of these fields.

    It returns what `build` would: instances with all that is selected and annotated, or values; and it locks what
    `build` locks. What changes the SQL is no parameter: a condition, a null, how many values an `IN` has.
    """

    def __init__(self, build: "Callable[..., QuerySet[Any, Row]]", **fields: "Field[Any, Any]") -> None:
        self._build = build
        self._parameters = {name: Parameter(name, field) for name, field in fields.items()}
        self._written: WeakKeyDictionary[Any, Written[Row]] = WeakKeyDictionary()

    def __call__(self, **values: object) -> list[Row]:
        """Return the rows for a value of each field, as the database takes it: an id, a text, a number. One query."""
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._written.get(connection)
        if written is None:
            written = self._written[connection] = Written(self._build(**self._parameters), connection)
        return written.ask(values)
