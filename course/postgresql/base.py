"""Connections to PostgreSQL, which make moments at once. Django finds it by the file's name."""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql import base
from psycopg.types.datetime import TimestamptzLoader


class Moments(TimestamptzLoader):
    """Makes moments of what PostgreSQL says of them: a board reads thousands.

    psycopg takes its text apart by a pattern, so that any zone and style is read, and Django gives each its zone once
    more; Django's connections speak of UTC and in ISO 8601, which Python reads itself.
    """

    timezone = UTC

    def load(self, data: Any) -> datetime:
        return datetime.fromisoformat(str(data, "ascii"))


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with such moments."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", Moments)
        return connection
