"""Who of a cohort is where, computed from the facts: learners × the sections that are set. Six queries in all."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from course import progress
from course.models import Enrolment
from course.outlines import outline, with_lessons
from lessons.models import Reading, Section
from quizzes import schedule
from quizzes.models import Attempt, Recall

STUCK_AFTER = 3
SHOWN = ("all", "not_started", "stuck", "late", "passed")
ORDERS = ("name", "last")


@dataclass
class Column:
    """A section that is set: from when its attempts count, and the dates by which required work is due."""

    section: Section
    opens_at: datetime
    dues: list
    is_required: bool
    passed_count: int = 0

    def is_overdue(self, at):
        return any(due < at for due in self.dues)

    def next_due(self, at, zone):
        """The day in `zone` by which required work is due next; None where no date is to come."""
        coming = [due for due in self.dues if due >= at]
        return min(coming).astimezone(zone).date() if coming else None


@dataclass
class Cell:
    """How one learner stands in one section. Late: past the date of required work, and not passed."""

    column: Column
    standing: progress.Standing
    is_late: bool
    is_stuck: bool

    @property
    def state(self):
        return self.standing.state


@dataclass
class Row:
    """One learner; `last_at` is the last counted reading or attempt, None where there is none.

    `due_count` items of these sections are due for review, once what is known of memory was added.
    """

    enrolment: Enrolment
    cells: list
    last_at: datetime | None
    due_count: int = 0
    late: list = field(init=False)
    stuck: list = field(init=False)

    def __post_init__(self):
        self.late = [cell for cell in self.cells if cell.is_late]
        self.stuck = [cell for cell in self.cells if cell.is_stuck]

    @property
    def name(self):
        """The learner's own name here; of a place that nobody has taken, the name on the roster."""
        return self.enrolment.shown_name or self.enrolment.roster_name or _("No name yet")

    @property
    def has_begun(self):
        return any(cell.state != progress.NONE for cell in self.cells)

    @property
    def has_passed_all(self):
        return all(cell.standing.is_passed for cell in self.cells)

    def is_among(self, shown):
        """Whether the row belongs to what the filter shows, one of SHOWN."""
        return {
            "not_started": not self.has_begun,
            "stuck": bool(self.stuck),
            "late": bool(self.late),
            "passed": self.has_passed_all,
        }.get(shown, True)


@dataclass
class Board:
    columns: list
    rows: list

    def among(self, shown):
        return [row for row in self.rows if row.is_among(shown)]

    def sorted(self, shown, order):
        """The rows that the filter shows, by name, or with the longest away first."""
        rows = sorted(self.among(shown), key=lambda row: str(row.name).casefold())
        if order == "last":
            rows.sort(key=lambda row: row.last_at.timestamp() if row.last_at else 0)
        return rows

    def add_memory(self, rows, at, zone):
        """Add to these rows what is known of their learners' memory on that day in `zone`. One query.

        For the rows of one page: from then on their cells may be mastered or fading, and say how many items are due.
        """
        today = at.astimezone(zone).date()
        places = {
            (row.enrolment.user_id, cell.column.section.pk): (row, cell)
            for row in rows
            for cell in row.cells
            if row.enrolment.user_id
        }
        learners, sections = {key for key, _ in places}, {key for _, key in places}
        held = Recall.objects.filter(learner__in=learners, item__bank__section__in=sections).reviewable()
        for known in held.known():
            row, cell = places[known.learner_id, known.section_id]
            cell.standing.today = today
            cell.standing.recalls.append(known)
            latest = cell.column.next_due(at, zone)
            row.due_count += schedule.capped(known.due_on, known.last_on, latest) <= today


def columns_of(module, assignments):
    """A Column for each live section of `module` that one of the assignments covers, in order. 2 queries."""
    return columns_among(with_lessons(module.sections.all()), assignments)


def columns_among(sections, assignments):
    """The same of sections that have their `live_lessons`. No query if the assignments' sections are prefetched.

    Where a section is set twice it counts from the earlier opening.
    """
    found = []
    for section in sections:
        covering = [assignment for assignment in assignments if assignment.covers(section)]
        if covering:
            required = [assignment for assignment in covering if assignment.is_required]
            dues = sorted({assignment.due_at for assignment in required if assignment.due_at})
            opens_at = min(assignment.opens_at for assignment in covering)
            found.append(Column(section, opens_at, dues, bool(required)))
    return found


def board_of(cohort, module, assignments, at):
    """The Board of the cohort's present learners at that time. 5 queries, whatever the number of learners.

    A quiz counts when it was handed in after joining and after the section opened; a reading whenever it was made.
    """
    columns = columns_of(module, assignments)
    enrolments = list(cohort.enrolments.current().learners().select_related("user"))
    return Board(columns, rows_of(columns, enrolments, *_facts(cohort, module, columns), at))


def rows_of(columns, enrolments, readings, quizzes, at):
    """A Row for each of the enrolments, from the readings and quizzes that count for them, each
    learner's oldest first. No query."""
    outlines = [outline(column.section) for column in columns]
    standings = progress.standings(outlines, readings, quizzes)
    failed = Counter((row.learner_id, row.section_id) for row in quizzes if row.score < row.threshold)
    last = _last(readings, quizzes)
    rows = []
    for enrolment in enrolments:
        learner = enrolment.user_id
        own = standings.get(learner) or progress.untouched(outlines)
        places = [(column, column.section.pk) for column in columns]
        cells = [_cell(column, own[key], failed[learner, key], at) for column, key in places]
        rows.append(Row(enrolment, cells, last.get(learner)))
    return rows


def _last(readings, quizzes):
    """{learner id: when the last of these was made}."""
    moments = [(row.learner_id, row.read_at) for row in readings]
    moments += [(row.learner_id, row.submitted_at) for row in quizzes]
    last = {}
    for learner, moment in moments:
        last[learner] = max(moment, last.get(learner, moment))
    return last


def _cell(column, standing, failed, at):
    passed = standing.is_passed
    column.passed_count += passed
    return Cell(
        column=column,
        standing=standing,
        is_late=not passed and column.is_overdue(at),
        is_stuck=not passed and failed >= STUCK_AFTER,
    )


def _facts(cohort, module, columns):
    """The readings and quizzes that count for the cohort's present learners. 2 queries."""
    opening = {column.section.pk: column.opens_at for column in columns}
    present = cohort.enrolments.current().learners()
    readings = Reading.objects.counted(module).filter(learner__enrolments__in=present)
    quizzes = Attempt.objects.counted(module).filter(
        learner__enrolments__in=present, submitted_at__gte=F("learner__enrolments__joined_at")
    )
    return (
        [row for row in readings if row.section_id in opening],
        [row for row in quizzes if row.section_id in opening and row.submitted_at >= opening[row.section_id]],
    )
