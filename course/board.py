"""Who of a cohort is where, computed from the facts: learners × the sections that are set. Seven queries in all."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from course import progress
from course.models import Enrolment, Extension, HandMark
from course.outlines import outline, with_lessons
from lessons.models import Reading, Section

STUCK_AFTER = 3
SHOWN = ("all", "not_started", "stuck", "late", "passed")
ORDERS = ("name", "last")


@dataclass
class Column:
    """A section that is set, by these assignments; `required` are those of them that may be late."""

    section: Section
    assignments: list
    required: list
    passed_count: int = 0

    @property
    def opens_at(self):
        """From when its attempts count: where a section is set twice, from the earlier opening."""
        return min(assignment.opens_at for assignment in self.assignments)

    @property
    def dues(self):
        return sorted({assignment.due_at for assignment in self.required if assignment.due_at})

    @property
    def is_required(self):
        return bool(self.required)


@dataclass
class Cell:
    """How one learner stands in one section.

    `extensions` are those of required work, None for each without one; `by_hand` are the marks set by hand that count,
    one for each assignment. Late: past the person's own date of required work, and not passed.
    """

    column: Column
    standing: progress.Standing
    extensions: list
    by_hand: list
    is_stuck: bool
    at: datetime

    @property
    def hand(self):
        return max(self.by_hand, key=lambda mark: mark.score, default=None)

    @property
    def state(self):
        by_hand = self.hand.score if self.hand else -1
        return progress.PASSED if by_hand >= self.column.section.threshold else self.standing.state

    @property
    def is_late(self):
        places = zip(self.column.required, self.extensions, strict=True)
        dues = [assignment.due_for(extension) for assignment, extension in places]
        return self.state != progress.PASSED and any(due < self.at for due in dues if due)

    @property
    def is_excused(self):
        """Excused from all required work that asks for the section."""
        return bool(self.extensions) and all(extension and extension.is_excused for extension in self.extensions)


@dataclass
class Row:
    """One learner; `last_at` is the last counted reading or attempt, None where there is none.

    `extensions` are the person's own, by the id of the assignment.
    """

    enrolment: Enrolment
    cells: list
    extensions: dict
    last_at: datetime | None
    late: list = field(init=False)
    stuck: list = field(init=False)

    def __post_init__(self):
        self.late = [cell for cell in self.cells if cell.is_late]
        self.stuck = [cell for cell in self.cells if cell.is_stuck and cell.state != progress.PASSED]

    @property
    def name(self):
        return self.enrolment.known_name

    @property
    def has_begun(self):
        return any(cell.state != progress.NONE for cell in self.cells)

    @property
    def has_passed_all(self):
        return all(cell.state == progress.PASSED for cell in self.cells)

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


def columns_of(module, assignments):
    """A Column for each live section of `module` that one of the assignments covers, in order. 2 queries.

    `section.live_lessons` holds its lessons. A section that the module calls optional is never required.
    """
    found = []
    for section in with_lessons(module.sections.all()):
        covering = [assignment for assignment in assignments if assignment.covers(section)]
        if covering:
            required = [assignment for assignment in covering if assignment.is_required and not section.is_optional]
            found.append(Column(section, covering, required))
    return found


def board_of(cohort, module, assignments, at):
    """The Board of the cohort's present learners at that time. 7 queries, whatever the number of learners."""
    return board_from(
        module,
        assignments,
        cohort.enrolments.current().learners(),
        cohort.assignments.filter(module=module).attempt_rows(),
        at,
    )


def board_from(module, assignments, people, attempts, at):
    """The Board of `people`, a QuerySet of enrolments, from the rows of attempts that count. 6 queries of its own."""
    columns = columns_of(module, assignments)
    outlines = [outline(column.section) for column in columns]
    shown = {column.section.pk for column in columns}
    readings = Reading.objects.counted(module).filter(learner__enrolments__in=people)
    readings = [row for row in readings if row.section_id in shown]
    attempts = list(attempts)
    quizzes = [row for row in attempts if row.section_id in shown]
    standings = progress.standings(outlines, readings, quizzes)
    failed = Counter((row.learner_id, row.section_id) for row in quizzes if row.score < row.threshold)
    extensions = Extension.objects.filter(assignment__in=assignments, enrolment__in=people).by_place()
    marks = HandMark.objects.filter(assignment__in=assignments, enrolment__in=people).current()
    last = _last(readings, attempts)
    rows = []
    for enrolment in people.select_related("user"):
        learner = enrolment.user_id
        own = standings.get(learner) or progress.untouched(outlines)
        extended = {each.pk: extensions.get((each.pk, enrolment.pk)) for each in assignments}
        cells = []
        for column in columns:
            key = column.section.pk
            by_hand = [marks.get((assignment.pk, enrolment.pk, key)) for assignment in column.assignments]
            cell = Cell(
                column=column,
                standing=own[key],
                extensions=[extended[assignment.pk] for assignment in column.required],
                by_hand=[mark for mark in by_hand if mark],
                is_stuck=failed[learner, key] >= STUCK_AFTER,
                at=at,
            )
            column.passed_count += cell.state == progress.PASSED
            cells.append(cell)
        rows.append(Row(enrolment, cells, extended, last.get(learner)))
    return Board(columns, rows)


def _last(readings, attempts):
    """{learner id: when the last of these was made}."""
    moments = [(row.learner_id, row.read_at) for row in readings]
    moments += [(row.learner_id, row.submitted_at) for row in attempts]
    last = {}
    for learner, moment in moments:
        last[learner] = max(moment, last.get(learner, moment))
    return last
