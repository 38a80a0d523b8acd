"""A cohort made from an earlier one: its staff, what was set, how it is marked, its notes; none of its learners.

Quizzes go along whose owners do: nobody else sets them.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo

from django.db.models import Q

from accounts.locking import atomic_once_more
from accounts.models import User
from cohorts import codes
from cohorts.models import STAFF, Assignment, Cohort, Enrolment, Group, Membership, Note, QuizAssignment, Weight
from cohorts.models.assignments import AssignmentQuerySet
from cohorts.models.quizzes import QuizAssignmentQuerySet


def first_day(cohort: Cohort) -> date | None:
    """Return the day on which the first thing that a copy sets opened, in the cohort's zone; None where nothing is.

    One query.
    """
    work, quizzes = (rows.order_by().values_list("opens_at") for rows in (_assignments(cohort), _quizzes(cohort)))
    first = min((moment for (moment,) in work.union(quizzes)), default=None)
    return first.astimezone(cohort.zone).date() if first else None


def _assignments(cohort: Cohort) -> AssignmentQuerySet:
    """Return the assignments that a copy has: not those of which all was withdrawn. No query."""
    rows = cohort.assignments.filter(module__withdrawn_at=None)
    return rows.filter(Q(sections=None) | Q(sections__withdrawn_at=None)).distinct()


def _quizzes(cohort: Cohort) -> QuizAssignmentQuerySet:
    """Return the quizzes that a copy has: those of its staff. No query."""
    staff = cohort.enrolments.current().filter(role__in=STAFF)
    return cohort.quiz_assignments.filter(quiz__owner__in=staff.values("user"))


def moved(moment: datetime, days: int, zone: tzinfo, new_zone: tzinfo) -> datetime:
    """Return the same time of day on the clocks of `new_zone`, so many days later than it was in `zone`, as UTC.

    An hour that the clocks leave out becomes the one after it; of an hour that comes twice it is the first.
    """
    local = moment.astimezone(zone).replace(tzinfo=new_zone, fold=0) + timedelta(days=days)
    return local.astimezone(UTC)


@atomic_once_more
def copy(
    cohort: Cohort,
    name: str,
    time_zone: str,
    starts_on: date | None,
    at: datetime,
    press: str | None = None,
    ends_on: date | None = None,
) -> Cohort:
    """Return a new cohort, open to join. All dates move by the days from the first to `starts_on`, at the same hour.

    Its groups are there by name, without anybody in them. What has been withdrawn since is not set again. As many
    queries whatever is set. The staff are held, so that nobody
    is put on the new one who is erased, or leaves, meanwhile. What `press` made before is returned as it is.
    """
    Cohort.objects.hold(cohort.pk)
    if press and (made := Cohort.objects.filter(press=press).first()):
        return made
    current = cohort.enrolments.current().filter(role__in=STAFF)
    staff = {person.pk for person in User.objects.filter(pk__in=current.values("user")).held()}
    alike = {name: getattr(cohort, name) for name in ("name_order", "points", "missing_is_zero")}
    alike |= {"name": name, "time_zone": time_zone, "ends_on": ends_on, "press": press}
    new = Cohort.objects.create(join_code=codes.draw(), code_made_at=at, **alike)
    new.banks.set(cohort.banks.all())
    roles = current.filter(user__in=staff).values_list("user", "role")
    rows = [Enrolment(cohort=new, user_id=user, role=role, joined_at=at) for user, role in roles]
    Membership.objects.bulk_create(Membership(enrolment=row, from_at=at) for row in Enrolment.objects.bulk_create(rows))
    notes = cohort.notes.filter(section__isnull=False, section__withdrawn_at=None)
    Note.objects.bulk_create(
        Note(cohort=new, section_id=note.section_id, text=note.text, written_at=note.written_at) for note in notes
    )
    Group.objects.bulk_create(Group(cohort=new, name=group.name) for group in cohort.groups.order_by("pk"))
    _copy_weights(cohort, new)
    first = first_day(cohort)
    days = (starts_on - first).days if first and starts_on else 0
    _copy_assignments(cohort, new, days)
    _copy_quizzes(cohort, new, days)
    return new


def _copy_weights(cohort: Cohort, new: Cohort) -> None:
    """Copy what weighs how much, but for withdrawn sections and modules."""
    weights = cohort.weights.filter(module__withdrawn_at=None, section__withdrawn_at=None)
    Weight.objects.bulk_create(
        Weight(cohort=new, module_id=row.module_id, section_id=row.section_id, weight=row.weight) for row in weights
    )


def _copy_assignments(cohort: Cohort, new: Cohort, days: int) -> None:
    """Copy assignments with all fields, without withdrawn sections; skip those that have only such."""
    rows = list(_assignments(cohort).with_sections().order_by("pk"))
    chosen = [row.chosen() for row in rows]
    for row in rows:
        row.pk, row._state.adding, row.cohort, row.press = None, True, new, None
        _move(row, days, cohort.zone, new.zone)
    Assignment.objects.bulk_create(rows)
    link = Assignment.sections.through
    pairs = [(row, section) for row, sections in zip(rows, chosen, strict=True) for section in sections]
    link.objects.bulk_create(link(assignment_id=row.pk, section_id=section.pk) for row, section in pairs)


def _copy_quizzes(cohort: Cohort, new: Cohort, days: int) -> None:
    """Copy the quizzes that are set as they count. 2 queries."""
    rows = list(_quizzes(cohort).select_related("module").order_by("pk"))
    for row in rows:
        row.pk, row._state.adding, row.cohort = None, True, new
        row.module = row.module if row.module and row.module.withdrawn_at is None else None
        _move(row, days, cohort.zone, new.zone)
    QuizAssignment.objects.bulk_create(rows)


def _move(row: Assignment | QuizAssignment, days: int, zone: tzinfo, new_zone: tzinfo) -> None:
    """Move its dates by so many days; not saved.

    What came after its opening still does: both may be near an hour that the clocks leave out or repeat.
    """
    opens = row.opens_at
    row.opens_at = moved(opens, days, zone, new_zone)
    for name in ("due_at", "closes_at"):
        if moment := getattr(row, name):
            later = moved(moment, days, zone, new_zone)
            setattr(row, name, later if later > row.opens_at else row.opens_at + (moment - opens))
    if row.due_at and row.closes_at:
        row.closes_at = max(row.due_at, row.closes_at)
