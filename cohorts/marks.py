"""Marks of an assignment: learners × what is asked, by the assignment's rule, with who is done, and when."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from cohorts.choices import ExamRule, WhichAttempt
from cohorts.models import Assignment, Enrolment, Extension, HandMark
from lessons.models import Section
from quizzes.progress import ScoredRow

DONE, NOT_DONE, OVERDUE, EXCUSED, EXPIRED = "done", "not_done", "overdue", "excused", "expired"
RUNS_OUT_SOON = timedelta(days=42)  # before what is done has run out, pages say so


class AttemptRow(ScoredRow, Protocol):
    """An attempt that counts, by the id of its page."""

    @property
    def pk(self) -> int: ...


Row = TypeVar("Row", bound=AttemptRow)


def counting(rows: Sequence[Row], which: str) -> Row | None:
    """Return which of one learner's attempts, oldest first, counts: best (of equals the first), latest or first.

    None where there is none.
    """
    if not rows:
        return None
    if which == WhichAttempt.BEST:
        return max(rows, key=lambda row: row.score)
    return rows[-1] if which == WhichAttempt.LATEST else rows[0]


@dataclass
class Mark:
    """One learner's mark for a section, or for the exam where `section` is None.

    `row` is the attempt that counts, `rows` are all; `hand` is the latest mark set by hand, which goes before it.
    """

    section: Section | None
    rows: Sequence[AttemptRow]
    row: AttemptRow | None
    hand: HandMark | None

    @property
    def score(self) -> Decimal | None:
        """Return the score from 0 to 1; None where there is no mark."""
        counted = self.hand or self.row
        return counted.score if counted else None

    @property
    def threshold(self) -> Decimal | None:
        """Return the score that passes, as it was copied to the attempt; None for an exam that nobody took."""
        if self.row:
            return self.row.threshold
        return self.section.threshold if self.section else None

    @property
    def has_passed(self) -> bool:
        return self.passed_at is not None

    @property
    def passing(self) -> list[AttemptRow]:
        """Return the attempts that passed, oldest first."""
        return [row for row in self.rows if row.score >= row.threshold]

    @property
    def passed_at(self) -> datetime | None:
        """Return when it was first passed; None before. Passing stays passed."""
        return min(self.passed, default=None)

    @property
    def passed(self) -> list[datetime]:
        """Return each time that it was passed, by an attempt or the mark set by hand."""
        moments = [row.submitted_at for row in self.passing]
        if self.hand and self.section and self.hand.score >= self.section.threshold:
            moments.append(self.hand.made_at)
        return moments

    def holds(self, at: datetime, months: int | None) -> bool:
        """Return whether it was passed by then, within the `months` before; None: whenever it was."""
        return any(moment <= at and (months is None or at < months_later(moment, months)) for moment in self.passed)


@dataclass
class GradeRow:
    """One learner of an assignment, with a Mark for each thing on its sheet; `asked` are those of required things."""

    assignment: Assignment
    enrolment: Enrolment
    marks: list[Mark]
    extension: Extension | None
    asked: list[Mark] = field(init=False)

    def __post_init__(self) -> None:
        exam = self.assignment.exam == ExamRule.REQUIRED
        self.asked = [mark for mark in self.marks if (exam if mark.section is None else not mark.section.is_optional)]

    @property
    def name(self) -> str:
        return self.enrolment.known_name

    @property
    def due_at(self) -> datetime | None:
        """Return when it is due for this person, or None."""
        return self.assignment.due_for(self.extension)

    def missing(self, at: datetime) -> list[Mark]:
        """Return what is asked and not passed, or not any more."""
        return [mark for mark in self.asked if not mark.holds(at, self.assignment.months_valid)]

    @property
    def done_at(self) -> datetime | None:
        """Return when all that is asked was passed; None before, and where nothing is asked."""
        return done_at(self.asked, self.assignment.months_valid)

    @property
    def valid_until(self) -> datetime | None:
        """Return until when it counts as done: the assignment's months after `done_at`, or None."""
        months = self.assignment.months_valid
        return months_later(self.done_at, months) if months and self.done_at else None

    def runs_out_soon(self, at: datetime) -> bool:
        """Return whether it counts as done for six weeks more at most, or no more."""
        return self.valid_until is not None and self.valid_until <= at + RUNS_OUT_SOON

    def status(self, at: datetime) -> str:
        """Return done, expired, excused, overdue or not_done, as at that time. Only required work is ever overdue."""
        if self.done_at:
            return EXPIRED if self.valid_until and self.valid_until <= at else DONE
        if self.extension and self.extension.is_excused:
            return EXCUSED
        return OVERDUE if self.assignment.is_required and self.due_at and self.due_at < at else NOT_DONE


@dataclass
class GradeSheet:
    """The marks of an assignment: `heads` are its live sections in order, and None for the exam."""

    assignment: Assignment
    heads: list[Section | None]
    lines: list[GradeRow]


def done_at(marks: Sequence[Mark], months: int | None) -> datetime | None:
    """Return when all of these were passed; None before, and where there is none.

    What is passed for good was done when the last of it was first passed. What holds for `months` was done at the
    latest moment at which each had been passed within the months before: passing again renews it.
    """
    moments = sorted(moment for mark in marks for moment in mark.passed)
    done = [moment for moment in moments if all(mark.holds(moment, months) for mark in marks)]
    return next(iter(done if months is None else reversed(done)), None)


def months_later(moment: datetime, months: int) -> datetime:
    """Return the same day and hour so many months later; the month's last day where it has no such day."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def sheet_of(assignment: Assignment, people: Sequence[Enrolment]) -> GradeSheet:
    """Return the GradeSheet of `people`, enrolments of its cohort with their users. 4 queries.

    `assignment` has its module and its sections at hand.
    """
    heads = heads_of(assignment)
    return GradeSheet(assignment, heads, lines_of(assignment, heads, people))


def lines_of(assignment: Assignment, heads: Sequence[Section | None], people: Sequence[Enrolment]) -> list[GradeRow]:
    """Return the line of each of `people` under these heads, in their order. 3 queries."""
    learners = [enrolment.user_id for enrolment in people if enrolment.user_id]
    by_head: dict[tuple[int, int | None], list[AttemptRow]] = {}
    for row in Assignment.objects.filter(pk=assignment.pk).attempt_rows(learners):
        by_head.setdefault((row.learner_id, row.section_id), []).append(row)
    by_hand = assignment.hand_marks.filter(enrolment__in=people).current()
    extensions = assignment.extensions.filter(enrolment__in=people).by_enrolment()
    lines = []
    for enrolment in people:
        marks = []
        for section in heads:
            key = section.pk if section else None
            attempts = by_head.get((enrolment.user_id, key), []) if enrolment.user_id else []
            hand = by_hand.get((assignment.pk, enrolment.pk, section.pk)) if section else None
            marks.append(Mark(section, attempts, counting(attempts, assignment.counts), hand))
        lines.append(GradeRow(assignment, enrolment, marks, extensions.get((assignment.pk, enrolment.pk))))
    return lines


def heads_of(assignment: Assignment) -> list[Section | None]:
    """Return the live sections that are set, in order, and None for the exam where one is asked. One query."""
    sections = assignment.module.sections.live().select_related("module").order_by("position")
    heads: list[Section | None] = [section for section in sections if assignment.covers(section)]
    return heads if assignment.exam == ExamRule.NOT_ASKED else [*heads, None]


def grade_row_of(assignment: Assignment, enrolment: Enrolment) -> GradeRow:
    """Return the GradeRow of one learner. 4 queries."""
    return sheet_of(assignment, [enrolment]).lines[0]
