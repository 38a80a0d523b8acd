"""Whether this machine's clock can be believed. A board without a battery wakes up in 1970, or years ahead.

May import the apps on its left.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Max, Model, QuerySet

from accounts.models import Audit
from cohorts.models import Certificate
from lessons.models import Module, Reading
from quizzes.models import Attempt, Recall

TIDIED = "tidied"
LONGEST_GAP = timedelta(days=45)  # without a tidying: a clock that jumps further may be wrong, and erases for good
DRIFT = timedelta(hours=1)  # what two machines' clocks may differ by


def gap(at: datetime) -> timedelta | None:
    """Return for how long nothing was done here before `at`, where that is more than 45 days; else None.

    Counted from the last tidying, whatever day it bears: one by a clock that ran ahead hides no later jump. Before the
    first one, from the newest attempt or reading. None of an empty site. At most 3 queries.
    """
    last = _last_tidying() or _newest_work()
    return at - last if last and at - last > LONGEST_GAP else None


def checked_after(at: datetime) -> date | None:
    """Return the day on which what is taught here was checked, where that is yet to come: the clock is behind."""
    days = (module.checked_on for module in Module.objects.live())
    return max((day for day in days if day > at.date()), default=None)


def faults(at: datetime) -> Iterator[str]:
    """Yield a sentence on each sign that the clock is wrong, or was when something was written. 6 queries."""
    if day := checked_after(at):
        yield f"The clock says {at:%d %B %Y}, and what is taught here was checked on {day:%d %B %Y}: it is behind."
    ahead = {
        "attempts": Attempt.objects.filter(started_at__gt=at + DRIFT).count(),
        "readings": Reading.objects.filter(read_at__gt=at + DRIFT).count(),
        "certificates": Certificate.objects.filter(issued_at__gt=at + DRIFT).count(),
        "tidyings": Audit.objects.filter(what=TIDIED, made_at__gt=at + DRIFT).count(),
        "items to review": Recall.objects.ahead_of(at).count(),
    }
    if any(ahead.values()):
        counts = ", ".join(f"{count} {what}" for what, count in ahead.items() if count)
        yield f"Dated later than now, {at:%d %B %Y %H:%M} UTC: {counts}. The clock was ahead then, or it is behind now."


def note_tidying(did: str, at: datetime) -> None:
    """Note that all was tidied, once a day: the next tidying compares its clock. At most 2 queries."""
    last = _last_tidying()
    if last is None or last.date() != at.date():
        Audit.record(None, TIDIED, did, at)


def _last_tidying() -> datetime | None:
    return Audit.objects.filter(what=TIDIED).order_by("-pk").values_list("made_at", flat=True).first()


def _newest_work() -> datetime | None:
    moments = [_newest(Attempt.objects.all(), "started_at"), _newest(Reading.objects.all(), "read_at")]
    return max((moment for moment in moments if moment), default=None)


def _newest(rows: QuerySet[Model], field: str) -> datetime | None:
    latest: datetime | None = rows.aggregate(latest=Max(field))["latest"]
    return latest
