"""The end of a cohort: archived once its day is over, and erased half a year later. May import the apps on its left."""

from datetime import date, datetime, timedelta

from accounts.locking import atomic_once_more
from accounts.models import Audit
from cohorts.models import Cohort

KEPT = timedelta(days=180)  # in the archive, before names, marks and notes are erased
SOON = timedelta(days=42)  # before its day, its staff are told to take out what they need
LEAST, MOST, USUAL = timedelta(days=1), timedelta(days=5 * 365), timedelta(days=365)


def erased_on(cohort: Cohort) -> date | None:
    """Return the day on which what its staff know is erased; None where nobody has said when it ends."""
    return cohort.ends_on + KEPT if cohort.ends_on else None


def is_close(cohort: Cohort, at: datetime) -> bool:
    """Return whether its day is SOON, or over, in its own zone."""
    return cohort.ends_on is not None and cohort.ends_on - SOON <= at.astimezone(cohort.zone).date()


def is_over(cohort: Cohort, at: datetime) -> bool:
    """Return whether its day is over, in its own zone."""
    return cohort.ends_on is not None and cohort.ends_on < at.astimezone(cohort.zone).date()


def archive_ended(at: datetime) -> int:
    """Archive the cohorts whose day is over, and note it; return how many. A query for all, 3 for each that ends."""
    ending = Cohort.objects.filter(ends_on__lte=at.date() + LEAST, archived_at=None)
    return sum(_archive(cohort, at) for cohort in ending.order_by("pk"))


@atomic_once_more
def _archive(cohort: Cohort, at: datetime) -> bool:
    held = next(iter(Cohort.objects.hold(cohort.pk)), None)
    if held is None or held.archived_at or not is_over(held, at):
        return False
    held.archive(at)
    Audit.record(None, "archived", f"cohort {held.pk}: its day is over", at)
    return True


def erase_ended(at: datetime) -> int:
    """Erase the cohorts that ended KEPT ago, and note it without a name; return how many."""
    ended = Cohort.objects.filter(ends_on__lte=at.date() + LEAST - KEPT, erased_at=None, archived_at__isnull=False)
    return sum(_erase(cohort, at) for cohort in ended.order_by("pk"))


@atomic_once_more
def _erase(cohort: Cohort, at: datetime) -> bool:
    """Erase roster, marks by hand, notes and dates: whatever is the cohort's own.

    What its learners did stays theirs, and so do their certificates: what these were issued for stays, without a name
    that leads anywhere.
    """
    held = next(iter(Cohort.objects.hold(cohort.pk)), None)
    if held is None or held.archived_at is None or not is_over(held, at - KEPT):
        return False
    Audit.record(None, "erased", f"cohort {held.pk}: half a year after its day", at)
    held.enrolments.all().delete()
    held.assignments.filter(certificates=None).delete()
    if not held.assignments.exists():
        held.delete()
        return True
    held.notes.all().delete()
    held.groups.all().delete()
    held.weights.all().delete()
    held.banks.clear()
    held.name, held.erased_at = "–", at
    held.save(update_fields=["name", "erased_at"])
    return True
