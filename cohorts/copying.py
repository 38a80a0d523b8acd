"""A cohort made from an earlier one: its staff, what was set and its notes, on new dates; none of its learners."""

from datetime import UTC, timedelta

from django.db import transaction

from cohorts import codes
from cohorts.models import STAFF, Assignment, Cohort, Enrolment, Note


def first_day(cohort):
    """The day on which the first thing that was set opened, in the cohort's time zone; None where nothing was set."""
    first = cohort.assignments.order_by("opens_at").values_list("opens_at", flat=True).first()
    return first and first.astimezone(cohort.zone).date()


def moved(moment, days, zone, new_zone):
    """The same time of day on the clocks of `new_zone`, so many days later than it was in `zone`, as UTC.

    An hour that the clocks leave out becomes the one after it; of an hour that comes twice it is the first. None stays.
    """
    if moment is None:
        return None
    local = moment.astimezone(zone).replace(tzinfo=new_zone, fold=0) + timedelta(days=days)
    return local.astimezone(UTC)


@transaction.atomic
def copy(cohort, name, time_zone, starts_on, at):
    """The new cohort, open to join. All dates move by the days from the first one to `starts_on`, at the same hour.

    What has been withdrawn since is not set again. As many queries whatever is set.
    """
    new = Cohort.objects.create(name=name, time_zone=time_zone, join_code=codes.draw())
    new.banks.set(cohort.banks.all())
    staff = cohort.enrolments.current().filter(role__in=STAFF).values_list("user", "role")
    Enrolment.objects.bulk_create(Enrolment(cohort=new, user_id=u, role=role, joined_at=at) for u, role in staff)
    notes = cohort.notes.filter(section__withdrawn_at=None)
    Note.objects.bulk_create(Note(cohort=new, section_id=note.section_id, text=note.text) for note in notes)
    first = first_day(cohort)
    _copy_assignments(cohort, new, (starts_on - first).days if first and starts_on else 0)
    return new


def _copy_assignments(cohort, new, days):
    """Every field goes over; sections that were withdrawn stay behind, and so does what was set of such alone."""
    rows = list(cohort.assignments.filter(module__withdrawn_at=None).prefetch_related("sections").order_by("pk"))
    rows = [row for row in rows if row.chosen() or not row.sections.all()]
    chosen = [row.chosen() for row in rows]
    for row in rows:
        length = row.due_at and row.due_at - row.opens_at
        row.pk, row._state.adding, row.cohort = None, True, new
        row.opens_at = moved(row.opens_at, days, cohort.zone, new.zone)
        row.due_at = moved(row.due_at, days, cohort.zone, new.zone)
        if length and row.due_at <= row.opens_at:  # both near an hour that the clocks leave out or repeat
            row.due_at = row.opens_at + length
    Assignment.objects.bulk_create(rows)
    link = Assignment.sections.through
    pairs = [(row, section) for row, sections in zip(rows, chosen, strict=True) for section in sections]
    link.objects.bulk_create(link(assignment_id=row.pk, section_id=section.pk) for row, section in pairs)
