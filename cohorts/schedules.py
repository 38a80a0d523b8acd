"""The dates of a module's sections in one table: an assignment for each of them, read together and written at once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo

from django.db.models import Exists, OuterRef

from accounts.locking import atomic_once_more
from cohorts.choices import LateRule
from cohorts.copying import moved
from cohorts.models import Assignment, AttemptTerms, Certificate, Cohort, Extension, HandMark
from lessons.models import Module, Section


@dataclass(frozen=True)
class Closing:
    """What holds for late work: closed so many days after the due date (None: never), and its late rule."""

    days: int | None = None
    late_rule: str = LateRule.FULL
    late_points: int = 0

    def closes_at(self, due_at: datetime | None, zone: tzinfo) -> datetime | None:
        """Return when something closes that is due then: at the same hour on the clocks of `zone`, or None."""
        if due_at is None or self.days is None:
            return None
        return max(due_at, moved(due_at, self.days, zone, zone))  # of an hour that comes twice `moved` takes the first


@dataclass(frozen=True)
class Entry:
    """What a line of a schedule sets: fields of an Assignment."""

    opens_at: datetime
    due_at: datetime | None
    is_required: bool
    closes_at: datetime | None
    late_rule: str
    late_points: int


@dataclass
class Line:
    """A section, or, without one, all of them together; `assignment` is what is set for just that, if anything.

    `holds_more` where later dates, marks by hand, exams or certificates hang on it, which would go with it.
    """

    section: Section | None
    assignment: Assignment | None = None
    holds_more: bool = False

    @property
    def name(self) -> str:
        return f"s{self.section.pk}" if self.section else "all"


@dataclass
class Schedule:
    """The lines of a module for a cohort: its live sections in order, then all of them together.

    `others` are assignments of the module that no line stands for: over several sections, or over one once more.
    """

    cohort: Cohort
    module: Module
    lines: list[Line]
    others: list[Assignment]

    @property
    def is_new(self) -> bool:
        """Return whether none of it is set yet."""
        return not any(line.assignment for line in self.lines)

    def is_set_elsewhere(self, section: Section) -> bool:
        """Return whether an assignment over several sections covers it."""
        return any(row.covers(section) for row in self.others)

    @property
    def closing(self) -> Closing | None:
        """Return the rule for late work that all lines have; None where they have several, or none can say it."""
        rows = [line.assignment for line in self.lines if line.assignment and line.assignment.due_at]
        rules = {_closing(row, self.cohort.zone) for row in rows} or {Closing()}
        return rules.pop() if len(rules) == 1 else None


def schedule_of(cohort: Cohort, module: Module) -> Schedule:
    """Return the Schedule of a module for a cohort. 4 queries.

    A line stands for the first assignment over its section alone, whoever made it; the last line for the first one
    over the whole module.
    """
    rows = list(cohort.assignments.filter(module=module).select_related("module").with_sections().order_by("pk"))
    alone: dict[int | None, Assignment] = {}
    for row in rows:
        keys = [section.pk for section in row.sections.all()]
        if len(keys) <= 1:
            alone.setdefault(keys[0] if keys else None, row)
    more = _with_more(rows)
    sections = module.sections.live().select_related("module").order_by("position")
    lines = [*(Line(section, alone.get(section.pk)) for section in sections), Line(None, alone.get(None))]
    for line in lines:
        line.holds_more = line.assignment is not None and line.assignment.pk in more
    stood_for = {line.assignment.pk for line in lines if line.assignment}
    return Schedule(cohort, module, lines, [row for row in rows if row.pk not in stood_for])


def _with_more(rows: Sequence[Assignment]) -> set[int]:
    """Return the ids of those on which something hangs that would go with them. One query."""
    hanging = [Extension.objects, HandMark.objects, AttemptTerms.objects, Certificate.objects]
    exists = [Exists(kind.filter(assignment=OuterRef("pk"))) for kind in hanging]
    condition = exists[0] | exists[1] | exists[2] | exists[3]
    return set(Assignment.objects.filter(condition, pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def _closing(row: Assignment, zone: tzinfo) -> Closing | None:
    """Return the Closing that says what holds for late work of an assignment with a due date, or None."""
    if row.closes_at is None or row.due_at is None:
        return Closing(None, row.late_rule, row.less_points)
    days = (row.closes_at.astimezone(zone).date() - row.due_at.astimezone(zone).date()).days
    rule = Closing(days, row.late_rule, row.less_points)
    return rule if rule.closes_at(row.due_at, zone) == row.closes_at else None


def entry(
    line: Line, opens_at: datetime, due_at: datetime | None, is_required: bool, closing: Closing | None, zone: tzinfo
) -> Entry:
    """Return what a line sets; without a Closing its assignment keeps its own, which moves along with the due date.

    Seconds, which no form shows, stay as they are where the minute is the same.
    """
    row = line.assignment or Assignment()
    opens_at = _same(row.opens_at, opens_at) or opens_at
    due_at = _same(row.due_at, due_at) or due_at
    if closing:
        return Entry(
            opens_at, due_at, is_required, closing.closes_at(due_at, zone), closing.late_rule, closing.late_points
        )
    apart = row.closes_at - row.due_at if row.closes_at and row.due_at else None
    closes_at = due_at + apart if due_at and apart is not None else None
    return Entry(opens_at, due_at, is_required, closes_at, row.late_rule, row.late_points)


def _same(stands: datetime | None, typed: datetime | None) -> datetime | None:
    """Return the moment that stands, if it was typed again without its seconds; else None."""
    is_same = stands and typed and stands.replace(second=0, microsecond=0) == typed
    return stands if is_same else None


@atomic_once_more
def save(schedule: Schedule, entries: Mapping[str, Entry], at: datetime) -> int:
    """Write the entries of a schedule {name of its line: Entry}; what its other lines stand for is deleted.

    The cohort is held, and the schedule read since. What stands already is not written again; how many exams that run
    got a later end. At most 25 queries, however many lines.
    """
    new: list[tuple[Assignment, Section | None]] = []
    changed, gone = [], []
    for line in schedule.lines:
        row, values = line.assignment, entries.get(line.name)
        if values is None:
            gone += [row.pk] if row else []
        elif row is None:
            new.append((Assignment(cohort=schedule.cohort, module=schedule.module, **asdict(values)), line.section))
        elif any(getattr(row, name) != value for name, value in asdict(values).items()):
            for name, value in asdict(values).items():
                setattr(row, name, value)
            changed.append(row)
    leaving = Assignment.objects.filter(pk__in=gone)
    leaving.hand_marks_over()
    leaving.delete()
    Assignment.objects.bulk_create(row for row, _section in new)
    link = Assignment.sections.through
    link.objects.bulk_create(
        link(assignment_id=row.pk, section_id=section.pk) for row, section in new if section is not None
    )
    Assignment.objects.bulk_update(changed, [*Entry.__annotations__])
    return AttemptTerms.objects.filter(assignment__in=changed).reach(at) if changed else 0


def weekly(first: datetime, weeks: int, count: int) -> list[datetime]:
    """Return so many dates on a clock without a zone, each so many weeks after the one before."""
    return [first + timedelta(weeks=weeks * number) for number in range(count)]
