"""Write the whole database as one file, and read it back into an empty one (quality R15). Reads every app's tables.

The file is gzip over lines of JSON: a header (format, time, applied migrations); for each table an object with its
fields, then an array for each row; at last the manifest: rows and SHA-256 of each table, and of all lines before.
It holds no SQL: a backup of SQLite restores into PostgreSQL and the other way round. The checksums find accidents, not
a forger.
"""

import base64
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Cast
from django.utils.duration import duration_string

from lessons.models import Passage

FORMAT = 1
CHUNK = 500  # rows in memory at a time
CHUNK_OF_FILES = 20  # of a table that holds files, such as pictures of 100 KB
STEP = 20_000  # rows between two words of progress
# A session signs its bearer in, and a rate limit is kept for an hour only: neither belongs in a file that is kept. When
# commands last ran is true of this database alone.
LEFT_OUT = {
    "sessions.Session",
    "accounts.SignIn",
    "accounts.RateLimitBucket",
    "accounts.RateLimitPepper",
    "course.LastRun",
}
MADE_BY_MIGRATE = ["auth.Permission", "contenttypes.ContentType"]  # there in an empty database; a restore replaces them


Report = Callable[[str], object]  # takes one line of progress
Header = dict[str, Any]  # as it stands in the file, with `fields`, {label: its columns}


class Total(TypedDict):
    """How many lines, and their SHA-256 in hex."""

    rows: int
    sha256: str


Manifest = dict[str, Total]  # by the label of the table


class BackupError(Exception):
    """Why nothing was written, as a sentence."""


def back_up(path: Path, at: datetime, report: Report = print, using: str = "default") -> Manifest:
    """Write a new file `path` (mode 0600) with the database as it is now; return its manifest.

    Written under another name, read back, then renamed: a file of that name is always a whole backup.
    """
    if path.exists():
        raise BackupError(f"{path} is there already, and a backup overwrites nothing.")
    if not path.parent.is_dir():
        raise BackupError(f"{path.parent} is no folder.")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file) as zipped:
                manifest = _write(zipped, connections[using], at, report)
            file.flush()
            os.fsync(file.fileno())
        verify(Path(name))
        if path.exists():
            raise BackupError(f"{path} came meanwhile, and a backup overwrites nothing.")
        os.rename(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return manifest


def restore(path: Path, report: Report = print, using: str = "default") -> Manifest:
    """Fill an empty, migrated database from a backup, all or nothing; return the manifest, which it now equals."""
    header, manifest = verify(path)
    connection = connections[using]
    try:
        with transaction.atomic(using=using, durable=True):
            _check_migrations(header, connection)
            _check_fields(header["fields"])
            _check_empty(connection)
            for label in MADE_BY_MIGRATE:
                rows = apps.get_model(label)._base_manager.using(using)
                rows._raw_delete(using)
            _insert(path, connection, report)
            Passage.objects.using(using).index()
            connection.check_constraints()
            _compare(connection, manifest)
            _reset_sequences(connection)
    except (DatabaseError, ValidationError, ValueError) as error:
        raise BackupError(f"The database refuses a row ({type(error).__name__}). Nothing was written.") from error
    finally:
        ContentType.objects.clear_cache()
    return manifest


def verify(path: Path) -> tuple[Header, Manifest]:
    """Return (header, manifest) of a whole backup, read without a database; BackupError where it is damaged."""
    try:
        return _verify(path)
    except (LookupError, TypeError, AttributeError) as error:
        raise BackupError(f"{path} holds a line that no backup has: it is damaged.") from error


def _verify(path: Path) -> tuple[Header, Manifest]:
    header: Header | None = None
    manifest: Manifest | None = None
    label, whole = "", Sum()
    sums: dict[str, Sum] = {}
    for line, value in _lines(path):
        if header is None:
            header = {**_header(path, value), "fields": {}}
        elif isinstance(value, list):
            sums[label].add(line)
        elif "table" in value:
            label = value["table"]
            sums[label], header["fields"][label] = Sum(), value["fields"]
        elif manifest is not None or value["sha256"] != whole.total()["sha256"]:
            raise BackupError(f"{path} is not as it was written: it is damaged.")
        else:
            manifest = value["manifest"]
        whole.add(line)
    if header is None or manifest is None:
        raise BackupError(f"{path} ends before its manifest: it is cut off.")
    if wrong := _differences(manifest, {label: rows.total() for label, rows in sums.items()}):
        raise BackupError(f"{path} does not hold what its manifest says: {wrong}.")
    return header, manifest


def tables() -> dict[str, type[models.Model]]:
    """Return {label: model} of the tables that a backup holds, those of many-to-many fields among them."""
    return {
        model._meta.label: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in LEFT_OUT
    }


class Sum:
    """Lines counted and hashed as they pass."""

    def __init__(self) -> None:
        self.rows, self.hash = 0, hashlib.sha256()

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.hash.update(line)

    def total(self) -> Total:
        return {"rows": self.rows, "sha256": self.hash.hexdigest()}


# Out


def _write(file: gzip.GzipFile, connection: BaseDatabaseWrapper, at: datetime, report: Report) -> Manifest:
    manifest: Manifest = {}
    whole = Sum()

    def put(line: bytes) -> None:
        file.write(line)
        whole.add(line)

    with _snapshot(connection):
        put(_encoded({"backup": FORMAT, "made_at": at.isoformat(), "migrations": sorted(_applied(connection))}))
        for label, model in tables().items():
            put(_encoded({"table": label, "fields": _fields(model)}))
            rows = Sum()
            for line in _rows(model, connection):
                put(line)
                rows.add(line)
                if rows.rows % STEP == 0:
                    report(f"{label}: {rows.rows:,} rows …")
            manifest[label] = rows.total()
    file.write(_encoded({"manifest": manifest, "sha256": whole.total()["sha256"]}))
    return manifest


@contextmanager
def _snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Hold a read transaction: all that is read in it is the database at one moment, and nobody waits for it.

    SQLite's is begun by hand, since the site's own transactions take the write lock (course/settings.py).
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(using=connection.alias, durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _fields(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _applied(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    return list(MigrationRecorder(connection).applied_migrations())


def _rows(model: type[models.Model], connection: BaseDatabaseWrapper) -> Iterator[bytes]:
    """Yield the table's rows as lines, by primary key, a chunk in memory at a time.

    JSON is read as text, which alone tells JSON's null from a missing value.
    """
    fields = model._meta.concrete_fields
    columns = [Cast(field.attname, models.TextField()) if _is_json(field) else field.attname for field in fields]
    rows = model._base_manager.using(connection.alias).order_by("pk").values_list(*columns)
    for row in rows.iterator(_chunk(model)):
        yield _encoded([_plain(field, value) for field, value in zip(fields, row, strict=True)])


def _chunk(model: type[models.Model]) -> int:
    """Return how many rows of a table are held in memory at a time."""
    has_files = any(isinstance(field, models.BinaryField) for field in model._meta.concrete_fields)
    return CHUNK_OF_FILES if has_files else CHUNK


def _encoded(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _is_json(field: models.Field) -> bool:
    return isinstance(field, models.JSONField)


def _plain(field: models.Field, value: Any) -> object:
    """Return the value as JSON holds it, the same from either database; a JSON field's stands in a list of one."""
    if value is None:
        return None
    if _is_json(field):
        return [json.loads(value)]
    if isinstance(field, models.BinaryField):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(field, models.DecimalField):
        return f"{value:.{field.decimal_places}f}"
    return value if isinstance(value, str | int | float) else str(value)


# In


def _lines(path: Path) -> Iterator[tuple[bytes, Any]]:
    """Yield (line, its value) of the file; BackupError where it cannot be read to the end."""
    try:
        with gzip.open(path, "rb") as file:
            for line in file:
                yield line, json.loads(line)
    except FileNotFoundError:
        raise BackupError(f"{path}: no such file.") from None
    except (EOFError, gzip.BadGzipFile, zlib.error, ValueError) as error:
        raise BackupError(f"{path} is cut off, damaged or no backup ({error}).") from error


def _header(path: Path, value: Any) -> Header:
    if not isinstance(value, dict) or "backup" not in value:
        raise BackupError(f"{path} is no backup.")
    if value["backup"] != FORMAT:
        raise BackupError(f"{path} has the format {value['backup']}; this release reads {FORMAT}.")
    return value


def _check_migrations(header: Header, connection: BaseDatabaseWrapper) -> None:
    theirs, ours = {tuple(pair) for pair in header["migrations"]}, set(_applied(connection))
    if theirs != ours:
        names = ", ".join(".".join(pair) for pair in sorted(theirs ^ ours)[:5])
        raise BackupError(
            f"The backup and this database differ in their migrations ({names} …): take the release that made the "
            "backup, run manage.py migrate, restore, and then update."
        )


def _check_fields(fields: Mapping[str, list[str]]) -> None:
    ours = {label: _fields(model) for label, model in tables().items()}
    if fields != ours:
        names = sorted(label for label in fields.keys() | ours.keys() if fields.get(label) != ours.get(label))
        raise BackupError(f"The backup and this release differ in their tables: {', '.join(names)}.")


def _check_empty(connection: BaseDatabaseWrapper) -> None:
    """Refuse a database that holds anything; on PostgreSQL its tables are locked first, so that it stays so."""
    models_of_all = [*tables().values(), *map(apps.get_model, LEFT_OUT)]
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models_of_all)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
    full = [
        model._meta.label
        for model in models_of_all
        if model._meta.label not in MADE_BY_MIGRATE and model._base_manager.using(connection.alias).exists()
    ]
    if full:
        raise BackupError(f"This database is not empty ({', '.join(full)}): restore into a new one.")


def _insert(path: Path, connection: BaseDatabaseWrapper, report: Report) -> None:
    model, done = models.Model, 0
    batch: list[list[Any]] = []
    for _, value in _lines(path):
        if isinstance(value, list):
            batch.append(value)
        if batch and (len(batch) == _chunk(model) or not isinstance(value, list)):
            _insert_rows(model, batch, connection)
            done += len(batch)
            batch = []
            if done % STEP == 0:
                report(f"{model._meta.label}: {done:,} rows …")
        if isinstance(value, dict) and "table" in value:
            model, done = tables()[value["table"]], 0


def _insert_rows(model: type[models.Model], rows: list[list[Any]], connection: BaseDatabaseWrapper) -> None:
    fields = model._meta.concrete_fields
    made = [
        model(**{field.attname: _value(field, value) for field, value in zip(fields, row, strict=True)}) for row in rows
    ]
    if not any(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) for field in fields):
        model._base_manager.using(connection.alias).bulk_create(made)
        return
    for row_made in made:  # of a package's table: in bulk its moments would be those of the restore
        row_made.save_base(raw=True, force_insert=True, using=connection.alias)


def _value(field: models.Field, value: Any) -> object:
    """Return the value that a field takes for what JSON held."""
    if value is None:
        return None
    if _is_json(field):
        return models.Value(None, models.JSONField()) if value[0] is None else value[0]
    return field.to_python(value)


def _compare(connection: BaseDatabaseWrapper, manifest: Manifest) -> None:
    """Read every table again as a backup would: what the database now holds is what the manifest says, or an error."""
    totals: Manifest = {}
    for label, model in tables().items():
        rows = Sum()
        for line in _rows(model, connection):
            rows.add(line)
        totals[label] = rows.total()
    if wrong := _differences(manifest, totals):
        raise BackupError(f"What was restored differs from the manifest: {wrong}. Nothing was written.")


def _differences(manifest: Manifest, totals: Manifest) -> str:
    """Return what differs, in words; empty where nothing does."""
    return "; ".join(
        f"{label}: {_in_words(manifest.get(label))} in the manifest, {_in_words(totals.get(label))} found"
        for label in sorted(manifest.keys() | totals.keys())
        if manifest.get(label) != totals.get(label)
    )


def _in_words(total: Total | None) -> str:
    return f"{total['rows']} rows ({total['sha256'][:8]})" if total else "no table"


def _reset_sequences(connection: BaseDatabaseWrapper) -> None:
    """Let the next id on PostgreSQL come after the greatest one; SQLite does that by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables().values())):
            cursor.execute(statement)
