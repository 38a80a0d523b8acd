"""The real case study as rows: loaded once for all tests, and put into each test's empty database as it was."""

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from course.loading import load
from lessons.models import Passage

FOLDER = settings.CONTENT_DIR / "mali"


class RolledBack(Exception):
    """Ends the transaction in which the rows were made."""


def models():
    """The tables that content fills, with those between them; what a row points at is checked at the commit."""
    rows = [*apps.get_app_config("lessons").get_models(), *apps.get_app_config("quizzes").get_models()]
    return rows + [field.remote_field.through for model in rows for field in model._meta.local_many_to_many]


def read():
    """[(table, its rows)] as `load_content` writes them; the database stays as it was."""
    found = []
    try:
        with transaction.atomic():
            load(FOLDER, timezone.now())
            found = [(model, list(model._base_manager.all())) for model in models()]
            raise RolledBack
    except RolledBack:
        return [(model, rows) for model, rows in found if rows]


def write(tables):
    """Put the rows into an empty database, under the same numbers."""
    with transaction.atomic():
        for model, rows in tables:
            model._base_manager.bulk_create(rows)
        Passage.objects.index()
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _ in tables]):
            with connection.cursor() as cursor:
                cursor.execute(statement)
