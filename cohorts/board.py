"""Who of a cohort is where, computed from the facts: learners × the sections that are set. Seven queries in all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Protocol, cast

from cohorts.marks import months_later
from cohorts.models import Assignment, Cohort, Enrolment, Extension, HandMark
from cohorts.models.cohorts import EnrolmentQuerySet
from lessons.models import Module, Reading
from quizzes import progress, schedule
from quizzes.models import Recall
from quizzes.outlines import outline, with_lessons

if TYPE_CHECKING:
    from quizzes.outlines import SectionWithLessons

Extensions = Mapping[tuple[int, int], Extension]  # by assignment and enrolment
HandMarks = Mapping[tuple[int, int, int], HandMark]  # by assignment, enrolment and section
STUCK_AFTER = 3
SHOWN = ("all", "not_started", "stuck", "late", "passed")
ORDERS = ("name", "last")


class DatedReading(progress.ReadingRow, Protocol):
    """That a learner read a lesson, and when."""

    @property
    def read_at(self) -> datetime: ...


class CountedAttempt(progress.ScoredRow, Protocol):
    """A quiz that counts, or an exam, which has no section."""

    @property
    def pk(self) -> int: ...
    @property
    def learner_id(self) -> int | None: ...
    @property
    def section_id(self) -> int | None: ...


@dataclass
class Column:
    """A section that is set, by these assignments; `required` are those of them that may be late."""

    section: "SectionWithLessons"
    assignments: list[Assignment]
    required: list[Assignment]
    passed_count: int = 0

    @property
    def opens_at(self) -> datetime:
        """Return from when its attempts count: where a section is set twice, from the earlier opening."""
        return min(assignment.opens_at for assignment in self.assignments)

    @property
    def dues(self) -> list[datetime]:
        return sorted({assignment.due_at for assignment in self.required if assignment.due_at})

    @property
    def is_required(self) -> bool:
        return bool(self.required)

    def next_due(self, at: datetime, zone: tzinfo) -> date | None:
        """Return the day in `zone` by which required work is due next; None where no date is to come."""
        coming = [due for due in self.dues if due >= at]
        return min(coming).astimezone(zone).date() if coming else None


@dataclass
class Cell:
    """How one learner stands in one section.

    `extensions` are those of required work, None for each without one; `by_hand` are the marks set by hand that count,
    one for each assignment. Late: past the person's own date of required work, and not passed, or no more: what holds
    for some months runs out after them. `attempts` are the rows of those that count, on the page of one learner alone.
    """

    column: Column
    standing: progress.SectionProgress
    extensions: list[Extension | None]
    by_hand: list[HandMark]
    is_stuck: bool
    at: datetime
    attempts: list[CountedAttempt] = field(default_factory=list)

    @property
    def hand(self) -> HandMark | None:
        return max(self.by_hand, key=lambda mark: mark.score, default=None)

    @property
    def is_passed(self) -> bool:
        """Whether a quiz passed it, or a mark set by hand says so, whatever has been forgotten since."""
        return self.standing.is_passed or any(self._passes(mark) for mark in self.by_hand)

    @property
    def state(self) -> str:
        return progress.PASSED if self.is_passed and not self.standing.is_passed else self.standing.state

    @property
    def is_late(self) -> bool:
        pairs = zip(self.column.required, self.extensions, strict=True)
        dues = [assignment.due_for(extension) for assignment, extension in pairs]
        return self.has_run_out or (not self.is_passed and any(due < self.at for due in dues if due))

    @property
    def has_run_out(self) -> bool:
        """Whether it was passed, and no longer holds for some required work."""
        return self.is_passed and any(not self._holds(assignment) for assignment in self.column.required)

    def _holds(self, assignment: Assignment) -> bool:
        """Return whether passing holds for that assignment: for ever, or for months from the latest time."""
        by_hand = [mark.made_at for mark in self.by_hand if mark.assignment_id == assignment.pk and self._passes(mark)]
        by_quiz = [self.standing.last_passed.submitted_at] if self.standing.last_passed else []
        months, moments = assignment.months_valid, by_hand + by_quiz
        return not months or not moments or self.at < months_later(max(moments), months)

    def _passes(self, mark: HandMark) -> bool:
        return mark.score >= self.column.section.threshold

    @property
    def is_excused(self) -> bool:
        """Whether the learner is excused from all required work that asks for the section."""
        return bool(self.extensions) and all(extension and extension.is_excused for extension in self.extensions)


@dataclass
class Row:
    """One learner; `last_at` is the last counted reading or attempt, None where there is none.

    `extensions` are the person's own, by the id of the assignment; `due_count` items of these sections are due for
    review, once what is known of memory was added.
    """

    enrolment: Enrolment
    cells: list[Cell]
    extensions: dict[int, Extension | None]
    last_at: datetime | None
    due_count: int = 0
    late: list[Cell] = field(init=False)
    stuck: list[Cell] = field(init=False)

    def __post_init__(self) -> None:
        self.late = [cell for cell in self.cells if cell.is_late]
        self.stuck = [cell for cell in self.cells if cell.is_stuck and not cell.is_passed]

    @property
    def name(self) -> str:
        return self.enrolment.known_name

    @property
    def has_begun(self) -> bool:
        return any(cell.state != progress.NONE for cell in self.cells)

    @property
    def has_passed_all(self) -> bool:
        return all(cell.is_passed and not cell.has_run_out for cell in self.cells)

    def is_among(self, shown: str) -> bool:
        """Return whether the row belongs to what the filter shows, one of SHOWN."""
        return {
            "not_started": not self.has_begun,
            "stuck": bool(self.stuck),
            "late": bool(self.late),
            "passed": self.has_passed_all,
        }.get(shown, True)


@dataclass
class Board:
    """The sections that are set and the learners, from the rows of the attempts that count."""

    columns: list[Column]
    rows: list[Row]
    attempts: Sequence[CountedAttempt]

    def among(self, shown: str) -> list[Row]:
        return [row for row in self.rows if row.is_among(shown)]

    def sorted(self, shown: str, order: str) -> list[Row]:
        """Return the rows that the filter shows, by name, or with the longest away first."""
        rows = sorted(self.among(shown), key=lambda row: row.name.casefold())
        if order == "last":
            rows.sort(key=lambda row: row.last_at.timestamp() if row.last_at else 0)
        return rows

    def add_memory(self, rows: Iterable[Row], at: datetime, zone: tzinfo) -> None:
        """Add to these rows what is known of their learners' memory on that day in `zone`. One query.

        Of items that they met in the attempts that count alone: nothing tells of what was done while away. For the
        rows of one page: from then on their cells may be mastered or fading, and say how many items are due.
        """
        today = at.astimezone(zone).date()
        cells = {
            (row.enrolment.user_id, cell.column.section.pk): (row, cell)
            for row in rows
            for cell in row.cells
            if row.enrolment.user_id
        }
        learners, sections = {key for key, _ in cells}, {key for _, key in cells}
        met = Recall.objects.met_in(attempt.pk for attempt in self.attempts if attempt.learner_id in learners)
        for known in met.filter(item__bank__section__in=sections).reviewable().known():
            row, cell = cells[known.learner_id, known.section_id]
            cell.standing.today = today
            cell.standing.recalls.append(known)
            latest = cell.column.next_due(at, zone)
            row.due_count += schedule.capped(known.due_on, known.last_on, latest) <= today


def columns_of(module: Module, assignments: Sequence[Assignment]) -> list[Column]:
    """Return a Column for each live section of `module` that one of the assignments covers, in order. 2 queries."""
    return columns_among(with_lessons(module.sections.all()), assignments)


def columns_among(sections: "Iterable[SectionWithLessons]", assignments: Sequence[Assignment]) -> list[Column]:
    """Return the same of sections that have their `live_lessons`. No query if assignments have their sections.

    A section that the module calls optional is never required.
    """
    columns = []
    for section in sections:
        covering = [assignment for assignment in assignments if assignment.covers(section)]
        if covering:
            required = [assignment for assignment in covering if assignment.is_required and not section.is_optional]
            columns.append(Column(section, covering, required))
    return columns


def board_of(cohort: Cohort, module: Module, assignments: Sequence[Assignment], at: datetime) -> Board:
    """Return the Board of the cohort's present learners at that time. 7 queries, whatever the number of learners."""
    return board_from(
        module,
        assignments,
        cohort.enrolments.current().learners(),
        cohort.assignments.filter(module=module).attempt_rows(),
        at,
    )


def board_from(
    module: Module,
    assignments: Sequence[Assignment],
    people: EnrolmentQuerySet,
    attempts: Iterable[CountedAttempt],
    at: datetime,
) -> Board:
    """Return the Board of these enrolments from rows of `attempt_rows`. 6 queries of its own."""
    columns = columns_of(module, assignments)
    shown = {column.section.pk for column in columns}
    counted = Reading.objects.counted(module).filter(learner__enrolments__in=people)
    readings = [row for row in counted if row.section_id in shown]
    extensions = Extension.objects.filter(assignment__in=assignments, enrolment__in=people).by_enrolment()
    marks = HandMark.objects.filter(assignment__in=assignments, enrolment__in=people).current()
    enrolments, counting = people.select_related("user"), list(attempts)
    rows = rows_of(columns, assignments, enrolments, readings, counting, extensions, marks, at)
    return Board(columns, rows, counting)


def rows_of(
    columns: Sequence[Column],
    assignments: Sequence[Assignment],
    enrolments: Iterable[Enrolment],
    readings: Sequence[DatedReading],
    attempts: Sequence[CountedAttempt],
    extensions: Extensions,
    marks: HandMarks,
    at: datetime,
) -> list[Row]:
    """Return a Row for each of the enrolments, from the rows of readings and attempts that count, oldest first.

    `marks` are those set by hand that count. No query if `enrolments` is a list.
    """
    outlines = [outline(column.section) for column in columns]
    shown = {column.section.pk for column in columns}
    quizzes = cast(list[progress.QuizRow], [row for row in attempts if row.section_id in shown])  # hence no exam
    standings = progress.section_progress(outlines, readings, quizzes)
    failed = Counter((row.learner_id, row.section_id) for row in quizzes if row.score < row.threshold)
    last = _last(readings, attempts)
    rows = []
    for enrolment in enrolments:
        standing = standings.get(enrolment.user_id) or progress.untouched(outlines)
        extended = {row.pk: extensions.get((row.pk, enrolment.pk)) for row in assignments}
        cells = []
        for column in columns:
            key = column.section.pk
            by_hand = [marks.get((assignment.pk, enrolment.pk, key)) for assignment in column.assignments]
            cell = Cell(
                column=column,
                standing=standing[key],
                extensions=[extended[assignment.pk] for assignment in column.required],
                by_hand=[mark for mark in by_hand if mark],
                is_stuck=failed[enrolment.user_id, key] >= STUCK_AFTER,
                at=at,
            )
            column.passed_count += cell.is_passed and not cell.has_run_out
            cells.append(cell)
        rows.append(Row(enrolment, cells, extended, last.get(enrolment.user_id) if enrolment.user_id else None))
    return rows


def _last(readings: Iterable[DatedReading], attempts: Iterable[CountedAttempt]) -> dict[int | None, datetime]:
    """Return {learner id: when the last of these was made}."""
    moments = [(row.learner_id, row.read_at) for row in readings]
    moments += [(row.learner_id, row.submitted_at) for row in attempts]
    last: dict[int | None, datetime] = {}
    for learner, moment in moments:
        last[learner] = max(moment, last.get(learner, moment))
    return last
