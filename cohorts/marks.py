"""Marks: one for each learner and section of a cohort, and an assignment's sheet of them, with who is done, and when.

Where several assignments set a section, one leads (decision 0045): by its rule the attempts that count make the mark.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Protocol, TypeVar

from cohorts.choices import ExamRule, WhichAttempt
from cohorts.lateness import is_late, taken_off
from cohorts.models import Assignment, Enrolment, Extension, HandMark
from cohorts.models.assignments import precedence
from lessons.models import Section
from quizzes.progress import ScoredRow

DONE, NOT_DONE, OVERDUE, EXCUSED, EXPIRED = "done", "not_done", "overdue", "excused", "expired"
MARKED, MISSING, TO_COME = "marked", "missing", "to_come"
RUNS_OUT_SOON = timedelta(days=42)  # before what is done has run out, pages say so


class AttemptRow(ScoredRow, Protocol):
    """An attempt that counts, by the id of its page."""

    @property
    def pk(self) -> int: ...


Row = TypeVar("Row", bound=AttemptRow)
Marker = Callable[[Sequence[AttemptRow], "HandMark | None", Mapping[int, Extension]], "Mark"]


def counting(rows: Sequence[Row], which: str, score: "Callable[[Row], Decimal]" = attrgetter("score")) -> Row | None:
    """Return which of one learner's attempts, oldest first, counts: best (of equals the first), latest or first.

    None where there is none. `score` says how much an attempt is worth.
    """
    if not rows:
        return None
    if which == WhichAttempt.BEST:
        return max(rows, key=score)
    return rows[-1] if which == WhichAttempt.LATEST else rows[0]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """By what rule one learner's attempts make a mark: which counts, and the points of 100 taken off after `due_at`.

    `due_at` is the person's own date at the assignment that leads, or None; there it may be excused, or not required.
    `threshold` is what passes, where no section says it: of a quiz of staff.
    """

    counts: str = WhichAttempt.BEST
    late_points: int = 0
    due_at: datetime | None = None
    is_excused: bool = False
    is_required: bool = True
    threshold: Decimal | None = None

    def score(self, row: AttemptRow) -> Decimal:
        """Return how much an attempt is worth, from 0 to 1."""
        if self.late_points and is_late(row.submitted_at, self.due_at):
            return taken_off(row.score, self.late_points)
        return row.score


@dataclass
class Mark:
    """One learner's mark for a section, or for the exam or a quiz of staff where `section` is None.

    `row` is the attempt that counts, `rows` are all; `hand` is the latest mark set by hand, which goes before it.
    """

    section: Section | None
    rows: Sequence[AttemptRow]
    row: AttemptRow | None
    hand: HandMark | None
    rule: Reckoning = Reckoning()

    @property
    def score(self) -> Decimal | None:
        """Return the score from 0 to 1, less what is taken off for lateness; None where there is no mark."""
        if self.hand:
            return self.hand.score
        return self.rule.score(self.row) if self.row else None

    @property
    def is_late(self) -> bool:
        """Return whether the attempt that makes the mark was handed in after the person's own date."""
        return self.hand is None and self.row is not None and is_late(self.row.submitted_at, self.rule.due_at)

    def standing(self, at: datetime) -> str:
        """Return marked, excused, missing (due and not handed in) or to_come, as at that time."""
        if self.hand or self.row:
            return MARKED
        if self.rule.is_excused:
            return EXCUSED
        return MISSING if is_late(at, self.rule.due_at) else TO_COME

    @property
    def threshold(self) -> Decimal | None:
        """Return the score that passes, as it was copied to the attempt; None for an exam that nobody took."""
        return self.row.threshold if self.row else self._threshold_now

    @property
    def _threshold_now(self) -> Decimal | None:
        return self.section.threshold if self.section else self.rule.threshold

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
        threshold = self._threshold_now
        if self.hand and threshold is not None and self.hand.score >= threshold:
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
    def was_done_late(self) -> bool:
        """Return whether it was done, and first of all after the person's own date."""
        first = done_at(self.asked, None)
        return first is not None and is_late(first, self.due_at)

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


def leading(assignments: Iterable[Assignment], section: Section | None) -> Assignment:
    """Return by whose rule a section is marked of those of a cohort that set it: the first due, then the oldest.

    Without a section: of those that ask for the exam. Their sections are at hand; ValueError where none is among them.
    """
    if section is None:
        return min((row for row in assignments if row.exam != ExamRule.NOT_ASKED), key=precedence)
    return min((row for row in assignments if row.covers(section)), key=precedence)


def marker(section: Section | None, leads: Assignment) -> Marker:
    """Return what makes a learner's Mark for a section, or the exam.

    Of the rows that count, oldest first, the mark set by hand, and the person's extensions by the id of the assignment.
    `leads` is the assignment by whose rule it is. No query.
    """

    def rule_for(extension: Extension | None) -> Reckoning:
        return Reckoning(
            counts=leads.counts,
            late_points=leads.less_points,
            due_at=leads.due_for(extension),
            is_excused=extension is not None and extension.is_excused,
            is_required=requires(leads, section),
        )

    key, rule_of_all = leads.pk, rule_for(None)  # made once: few have an extension

    def mark_of(rows: Sequence[AttemptRow], hand: HandMark | None, extensions: Mapping[int, Extension]) -> Mark:
        extension = extensions.get(key)
        rule = rule_for(extension) if extension else rule_of_all
        return Mark(section, rows, counting(rows, rule.counts, rule.score) if rows else None, hand, rule)

    return mark_of


def requires(leads: Assignment, section: Section | None) -> bool:
    """Return whether an assignment asks for a section that it sets, or, without one, for the exam."""
    is_asked = leads.exam == ExamRule.REQUIRED if section is None else not section.is_optional
    return leads.is_required and is_asked


def sheet_of(assignment: Assignment, people: Sequence[Enrolment]) -> GradeSheet:
    """Return the GradeSheet of `people`, enrolments of its cohort with their users. 6 queries.

    `assignment` has its module and its sections at hand.
    """
    heads = heads_of(assignment)
    return GradeSheet(assignment, heads, lines_of(assignment, heads, people))


def lines_of(
    assignment: Assignment,
    heads: Sequence[Section | None],
    people: Sequence[Enrolment],
    beside: Sequence[Assignment] | None = None,
) -> list[GradeRow]:
    """Return the line of each of `people` under these heads, in their order. 3 queries, 5 without `beside`.

    A section's mark is the cohort's, whatever set it; an exam counts for the assignment under which it began. `beside`
    is all that the cohort sets of the module, this assignment too, with sections at hand.
    """
    learners = [enrolment.user_id for enrolment in people if enrolment.user_id]
    setting = Assignment.objects.filter(cohort=assignment.cohort_id, module=assignment.module_id)
    rules = list(setting.with_sections()) if beside is None else beside
    markers = [marker(section, leading(rules, section) if section else assignment) for section in heads]
    by_head: dict[tuple[int, int | None], list[AttemptRow]] = {}
    for row in setting.attempt_rows(learners, exams=Assignment.objects.filter(pk=assignment.pk)):
        by_head.setdefault((row.learner_id, row.section_id), []).append(row)
    by_hand = HandMark.objects.filter(enrolment__in=people).current()
    extensions: dict[int, dict[int, Extension]] = {}
    for extension in Extension.objects.filter(assignment__in=rules, enrolment__in=people):
        extensions.setdefault(extension.enrolment_id, {})[extension.assignment_id] = extension
    lines = []
    for enrolment in people:
        of_person = extensions.get(enrolment.pk, {})
        marks = []
        for section, mark_of in zip(heads, markers, strict=True):
            key = section.pk if section else None
            attempts = by_head.get((enrolment.user_id, key), []) if enrolment.user_id else []
            hand = by_hand.get((enrolment.pk, section.pk, None)) if section else None
            marks.append(mark_of(attempts, hand, of_person))
        lines.append(GradeRow(assignment, enrolment, marks, of_person.get(assignment.pk)))
    return lines


def heads_of(assignment: Assignment) -> list[Section | None]:
    """Return the live sections that are set, in order, and None for the exam where one is asked. One query."""
    sections = assignment.module.sections.live().select_related("module").order_by("position")
    heads: list[Section | None] = [section for section in sections if assignment.covers(section)]
    return heads if assignment.exam == ExamRule.NOT_ASKED else [*heads, None]


def grade_row_of(assignment: Assignment, enrolment: Enrolment, beside: Sequence[Assignment] | None = None) -> GradeRow:
    """Return the GradeRow of one learner; `beside` as `lines_of` takes it. 4 queries, 6 without."""
    return lines_of(assignment, heads_of(assignment), [enrolment], beside)[0]
