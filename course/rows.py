"""Rows of content written many at a time and counted: a few statements for each table, however many rows it has."""

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from course.written import Written
from lessons import models as lessons
from lessons.content.source import checksum
from quizzes import models as quizzes

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Model)
Part = tuple[Model, str]  # what is part of a row, by a name of its own: its text in a language, its sheet
Live = TypeVar("Live", lessons.Section, lessons.Claim, lessons.Lesson, quizzes.Item)
Fields = Mapping[str, Any]

BATCH = 500  # rows in one statement; SQLite takes fewer


class Rows:
    """What one load writes at the moment `at`; `written` counts it.

    Rows are told apart by keys of the caller's: `former` is {key: row} of what the database holds.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.written = Written()
        self._counted: set[Model] = set()
        self._new: set[Model] = set()

    def put(self, model: type[Row], former: Mapping[Key, Row], wanted: Mapping[Key, Fields]) -> dict[Key, Row]:
        """Return {key: row} of the `wanted` fields: the former row, written only if something differs, or a new one."""
        rows = _written(model, former, wanted, self.count)
        new = [row for key, row in rows.items() if key not in former]
        self.written.made += len(new)
        self._counted.update(new)
        self._new.update(new)
        return rows

    def put_parts(self, model: type[Row], former: Mapping[Part, Row], wanted: Mapping[Part, Fields]) -> None:
        """Write parts as `put` does, and delete what is wanted no more: each counts as the row that it is part of."""
        owners = {row: whole for (whole, _name), row in former.items()}
        _written(model, former, wanted, lambda row: self.count(owners[row]))
        gone = former.keys() - wanted.keys()
        if gone:
            model._default_manager.filter(pk__in=[former[part].pk for part in gone]).delete()
        for whole, _name in gone | (wanted.keys() - former.keys()):
            self.count(whole)

    def join(self, name: str, wanted: Mapping[Row, Sequence[Model]]) -> None:
        """Make the many-to-many `name` of each row hold exactly those rows; at most one query where it does."""
        if not wanted:
            return
        field: Any = next(iter(wanted))._meta.get_field(name)
        link, near, far = field.remote_field.through, field.m2m_column_name(), field.m2m_reverse_name()
        joined: defaultdict[Any, set[Any]] = defaultdict(set)
        if known := [row.pk for row in wanted if row not in self._new]:
            for pk, other in link.objects.filter(**{f"{near}__in": known}).values_list(near, far):
                joined[pk].add(other)
        differing = [row for row, others in wanted.items() if joined[row.pk] != {other.pk for other in others}]
        if changed := [row for row in differing if row not in self._new]:
            link.objects.filter(**{f"{near}__in": [row.pk for row in changed]}).delete()
        pairs = [(row.pk, other.pk) for row in differing for other in dict.fromkeys(wanted[row])]
        _link(link._meta.db_table, (near, far), pairs)
        for row in changed:
            self.count(row)

    def withdraw(self, former: Mapping[Key, Live], left: Container[Key]) -> None:
        """Withdraw the former rows that the text files hold no more, all but those `left`."""
        rows = [row for key, row in former.items() if key not in left and row.withdrawn_at is None]
        if not rows:
            return
        model = type(rows[0])
        pks = {row.pk for row in rows}
        self._name(rows)
        self.written.items |= pks if model is quizzes.Item else set()
        self.written.lessons |= pks if model is lessons.Lesson else set()
        self.written.withdrawn += model._default_manager.filter(pk__in=pks).update(withdrawn_at=self.at)

    def drop(self, rows: QuerySet[Row], slugs: Iterable[str]) -> None:
        """Delete those of the rows that the text files hold no more; one query where there are none."""
        if gone := list(rows.exclude(slug__in=list(slugs))):
            self._name(gone)
            self.written.withdrawn += len(gone)
            rows.model._default_manager.filter(pk__in=[row.pk for row in gone]).delete()

    def count(self, row: Model) -> None:
        """Count a changed row, once."""
        self.written.changed += row not in self._counted
        self._counted.add(row)

    def _name(self, gone: Sequence[Model]) -> None:
        self.written.gone += sorted(f"{row._meta.model_name} {row}" for row in gone)


def _link(table: str, columns: Sequence[str], pairs: Sequence[tuple[Any, Any]]) -> None:
    """Write pairs of ids, which need no row made of each; one statement, none without pairs."""
    if pairs:
        into, near, far = map(connection.ops.quote_name, (table, *columns))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {into} ({near}, {far}) VALUES (%s, %s)", pairs)  # noqa: S608 - our names


def _written(
    model: type[Row], former: Mapping[Key, Row], wanted: Mapping[Key, Fields], changed: Callable[[Row], None]
) -> dict[Key, Row]:
    """Return {key: row} of the `wanted` fields, and tell `changed` each former row that was another."""
    new = {key: model(**fields) for key, fields in wanted.items() if key not in former}
    model._default_manager.bulk_create(new.values(), BATCH)
    differing: dict[Row, list[str]] = {}
    rows = {key: new[key] if key in new else former[key] for key in wanted}
    for key, row in rows.items():
        if key in former and (names := [name for name in wanted[key] if not _holds(row, name, wanted[key][name])]):
            differing[row] = names
            for name in names:
                setattr(row, name, wanted[key][name])
            changed(row)
    if differing:
        model._default_manager.bulk_update(differing, sorted({*chain(*differing.values())}), BATCH)
    return rows


def _holds(row: Model, name: str, value: Any) -> bool:
    """Return whether a row has that value; floats as the decimals of four places that they are stored as."""
    if isinstance(value, Model):
        return getattr(row, f"{name}_id") == value.pk
    stored = getattr(row, name)
    if isinstance(value, float):
        return float(stored) == round(value, 4)
    if isinstance(value, dict):
        return checksum(stored) == checksum(value)
    return stored == value
