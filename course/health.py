"""Two addresses for machines that watch the site: does the process live, and can it serve (architecture 7)."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lessons.models import Module


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers. No query, no session."""
    return _plain("ok", 200)


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the site can teach: "ready", or 503 with the first thing that is missing."""
    missing = what_is_missing()
    return _plain(missing or "ready", 503 if missing else 200)


def what_is_missing() -> str:
    """Return a few words on it, or nothing. At most 4 queries; it reads the names of the migrations from the disk."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not is_migrated():
            return "migrations are not applied: manage.py migrate"
        if not Module.objects.live().exists():
            return "no module is loaded: manage.py load_content"
    except Error:
        return "the database does not answer"
    return ""


def is_migrated() -> bool:
    """Return whether every migration is applied. 2 queries, and it reads the names of the migrations from the disk."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
