"""Versions of items, as this process has read them: a version never changes, so there is nothing to read again."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.transaction import on_commit

from lessons.rendered import Rendered
from quizzes.models.items import ItemVersion

MOST = 3 * 1024 * 1024  # bytes that one process keeps, about: some three hundred versions
BYTES = 5  # that a document takes in memory for each character of its JSON (measured: 4.5)
COLUMNS = [field.attname for field in ItemVersion._meta.concrete_fields]


@dataclass(frozen=True)
class Row:
    """The columns of a version. Its document is shared by whoever asks, and only ever read."""

    values: tuple[Any, ...]
    size: int


KEPT: Rendered[Row] = Rendered(MOST)


def versions(keys: Iterable[int]) -> dict[int, ItemVersion]:
    """Return {id: version}, each a row of its own. One query for what this process has not read yet, else none.

    It keeps what was read in a transaction once that is committed: a version that was made in it and rolled back would
    stand for the next one, to which SQLite gives the same id.
    """
    rows = {key: KEPT.get(key) for key in set(keys)}
    if unread := [key for key, row in rows.items() if row is None]:
        for version in ItemVersion.objects.filter(pk__in=unread):
            size = BYTES * len(json.dumps(version.document, ensure_ascii=False))
            row = rows[version.pk] = Row(tuple(getattr(version, name) for name in COLUMNS), size)
            on_commit(partial(KEPT.put, version.pk, row))
    return {key: ItemVersion.from_db(DEFAULT_DB_ALIAS, COLUMNS, row.values) for key, row in rows.items() if row}
