"""What is late on this site: commands that should have run, mail, attempts. May import the apps on its left.

`manage.py watch` tells the operator, and the editors' desk shows it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Outbox
from course.health import what_is_missing
from course.models import LastRun
from quizzes.models import Attempt

READY, TIDY, BACKUP, MAIL, ATTEMPTS = "ready", "tidy", "backup", "mail", "attempts"
LONGEST = {TIDY: timedelta(hours=3), BACKUP: timedelta(days=2)}  # from one run to the next
NEW = timedelta(days=2)  # until then, what never ran yet is not late
WAITING = timedelta(hours=1)  # of a mail
OPEN_STILL = timedelta(hours=3)  # of an attempt whose time is over
Looked = Mapping[str, str]  # {what was looked at: what is late with it, as a sentence; or nothing}


def look(at: datetime) -> Looked:
    """Return what is late, and whether the site is ready; while it is not, that alone. At most 9 queries."""
    try:
        missing = what_is_missing()
        if not missing:
            return {READY: "", **lateness(last_runs(), at)}
    except Error:
        missing = "the database does not answer"
    return {READY: _("The site cannot serve: %(missing)s.") % {"missing": missing}}


def last_runs() -> dict[str, datetime]:
    """Return when `tidy` and `backup` last came to their end; without what never ran. One query."""
    return dict(LastRun.objects.values_list("command", "ended_at"))


def in_words(runs: Mapping[str, datetime], at: datetime) -> list[str]:
    """Return how long ago each command ran, or that it never did."""
    sentences = {
        TIDY: (_("“tidy” ran %(time)s ago."), _("“tidy” never ran here.")),
        BACKUP: (_("A backup was made %(time)s ago."), _("No backup was made here.")),
    }
    return [
        ran % {"time": timesince(runs[command], at, depth=1)} if command in runs else never
        for command, (ran, never) in sentences.items()
    ]


def lateness(runs: Mapping[str, datetime], at: datetime) -> Looked:
    """Return what is late with all but being ready, knowing the last `runs`. At most 4 queries."""
    return {
        TIDY: _("“tidy” has not run for %(time)s.") % {"time": time} if (time := _gap(runs, TIDY, at)) else "",
        BACKUP: _("No backup has succeeded for %(time)s.") % {"time": time} if (time := _gap(runs, BACKUP, at)) else "",
        MAIL: _mail(at),
        ATTEMPTS: _attempts(at),
    }


def _gap(runs: Mapping[str, datetime], command: str, at: datetime) -> str:
    """Return in words for how long a command has not run, where that is too long. One query where it never ran.

    A run that is dated to come, by a clock that was ahead, is none that anybody can count from.
    """
    last = runs.get(command)
    since, longest = (last, LONGEST[command]) if last else (_noted_since() or at, NEW)
    return timesince(since, at, depth=1) if abs(at - since) > longest else ""


def _noted_since() -> datetime | None:
    """Return since when this database notes runs at all: from the migration that made their table."""
    applied = MigrationRecorder(connection).migration_qs.filter(app=LastRun._meta.app_label)
    first: datetime | None = applied.order_by("applied").values_list("applied", flat=True).first()
    return first


def _mail(at: datetime) -> str:
    """Return in words how many mails wait for too long."""
    count = Outbox.objects.waiting().wanted().filter(made_at__lt=at - WAITING).count()
    if not count:
        return ""
    words = ngettext(
        "%(count)s mail has waited for more than an hour to be sent.",
        "%(count)s mails have waited for more than an hour to be sent.",
        count,
    )
    return words % {"count": count}


def _attempts(at: datetime) -> str:
    """Return in words how many attempts `tidy` should have handed in: hours ago, and not of whoever was erased."""
    over = at - OPEN_STILL
    rows = Attempt.objects.open().filter(due_at__lt=over, learner__isnull=False).only("due_at", "extra_time")
    count = sum(attempt.is_over(over) for attempt in rows)
    if not count:
        return ""
    words = ngettext(
        "%(count)s attempt whose time ended more than 3 hours ago was not handed in.",
        "%(count)s attempts whose time ended more than 3 hours ago were not handed in.",
        count,
    )
    return words % {"count": count}
