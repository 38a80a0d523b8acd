"""Queries of which a process asks the same again and again: Django writes the SQL of each anew, at more than it costs.

All that it hangs on in Django: a compiler returns its SQL, and then knows the columns of its rows.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, repeat
from typing import Any, Generic, NamedTuple, TypeVar, cast
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigAutoField, DateTimeField, Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
ID = BigAutoField()  # of a parameter: an id, or another whole number
ROOMS = (1, 10, 100)  # for how many ids a query is written: PostgreSQL takes each for some rows, as it plans


class Place(str):
    """Where a query's SQL takes a value: the name of that value."""

    __slots__ = ()


class Parameter(Expression):
    """Stands in a query for a value with which it is asked, by its name; for a person too, who is known."""

    is_authenticated = True

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.place = Place(name)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self.place]


class Parameters(Expression):
    """Stands in a query for all ids of an `IN`."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(output_field=ID)
        self.places = [Place(f"{name} {at}") for at in range(most)]

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return f"({', '.join('%s' for _ in self.places)})", self.places


class Ids(NamedTuple):
    """The ids of an `IN`, as a field of Compiled; more than `most` are rare."""

    most: int

    def room_for(self, count: int) -> int | None:
        """Return for how many ids a query is written that is asked with so many; None where it is written anew."""
        return next((room for room in (*ROOMS, self.most) if count <= room <= self.most), None)


class Written(Generic[Row]):
    """A query with Parameters as it is written for one connection, with all that its rows are made of."""

    def __init__(self, query: "QuerySet[Any, Row]", lists: Mapping[str, Parameters], connection: Any) -> None:
        self._lists = {name: parameters.places for name, parameters in lists.items()}
        self._compiler: Any = query.query.get_compiler(connection=connection)
        self._sql, values = self._compiler.as_sql()
        # Raw SQL has the Parameter itself among its values.
        places = [value.place if isinstance(value, Parameter) else value for value in values]
        self._names = [place if isinstance(place, Place) else str(at) for at, place in enumerate(places)]
        self._constants = {str(at): place for at, place in enumerate(places)}
        fields = [column[0] for column in self._compiler.select[: self._compiler.col_count]]
        converters = self._compiler.get_converters(fields)
        self._compiler.get_converters = lambda expressions: converters
        cast(Any, query.query).get_compiler = lambda using: self._compiler
        self._locks = query.query.select_for_update
        self._rows = cast(Iterable[Row], query._iterable_class(cast(Any, query)))

    def ask(self, values: dict[str, Any]) -> list[Row]:
        """Return the rows for these values. One query; TransactionManagementError as Django's own."""
        if self._locks and not self._compiler.connection.in_atomic_block:
            raise TransactionManagementError("rows are locked in a transaction alone")
        for name, places in self._lists.items():
            values |= zip(places, chain(values[name], repeat(0)), strict=False)
        asked = tuple(map({**self._constants, **values}.__getitem__, self._names))
        self._compiler.as_sql = lambda: (self._sql, asked)
        return list(self._rows)


class Compiled(Generic[Row]):
    """A query that each connection writes once: `build` makes it of a Parameter for each of these fields.

    It returns what `build` would: instances with all that is selected and annotated, or values; and it locks what
    `build` locks. What changes the SQL is no parameter: a condition, a null, how many values an `IN` has. Of Ids it is
    one of a few numbers, filled up with 0, which no row has; for more than the most the query is written anew.
    """

    def __init__(self, build: "Callable[..., QuerySet[Any, Row]]", **fields: "Field[Any, Any] | Ids") -> None:
        self._build = build
        self._ids = {name: field for name, field in fields.items() if isinstance(field, Ids)}
        self._fields = {name: field for name, field in fields.items() if not isinstance(field, Ids)}
        self._moments = {name: field for name, field in self._fields.items() if isinstance(field, DateTimeField)}
        self._written: WeakKeyDictionary[Any, dict[tuple[int | None, ...], Written[Row]]] = WeakKeyDictionary()

    def __call__(self, **values: Any) -> list[Row]:
        """Return the rows for a value of each field, as the database takes it: an id, a text, a number, a list of ids.

        Or a moment. One query.
        """
        rooms = tuple(ids.room_for(len(values[name])) for name, ids in self._ids.items())
        if None in rooms:
            return list(self._build(**values))
        connection = connections[DEFAULT_DB_ALIAS]
        kept = self._written.setdefault(connection, {})
        if rooms not in kept:
            lists = {name: Parameters(name, room or 0) for name, room in zip(self._ids, rooms, strict=True)}
            single = {name: Parameter(name, field) for name, field in self._fields.items()}
            kept[rooms] = Written(self._build(**single, **lists), lists, connection)
        for name, field in self._moments.items():
            values[name] = field.get_db_prep_value(values[name], connection)
        return kept[rooms].ask(values)
