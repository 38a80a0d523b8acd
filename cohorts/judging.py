"""How a learner stands in the sections that are set: one rule, for the page of one person and for ten thousand people.

Sections are columns, and what is true of some of them is a whole number with a bit for each (decision 0031): to judge
somebody takes some operations on such numbers, so that everybody can be judged to show the hundred of one page. An exam
that an assignment requires has a bit too, behind those of all columns, and behind these each quiz of staff that is set.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from cohorts.marks import Marker, leading, marker, months_later, requires
from cohorts.models import Assignment, Extension, HandMark, QuizAssignment
from lessons.models import Section
from quizzes.progress import Outline

STUCK_AFTER = 3
SOON = timedelta(days=7)
SILENT_AFTER = timedelta(days=14)
FIRST_EXAM, FIRST_QUIZ = 1 << 256, 1 << 512  # the bits from here on are exams, and quizzes of staff
EXAMS = FIRST_QUIZ - FIRST_EXAM  # the bits of all exams

# What a list of learners can be cut to.
SHOWN = ("all", "not_joined", "not_started", "stuck", "silent", "late", "soon", "passed")


@dataclass
class Column:
    """A section that is set, by these assignments; `required` are those of them that may be late.

    `bit` is its own in a Judgement; `passed_count` are the learners whose passing holds; `outline` has its lessons,
    where they are needed.
    """

    section: Section
    assignments: list[Assignment]
    required: list[Assignment]
    bit: int = 1
    passed_count: int = 0
    outline: Outline | None = None

    @cached_property
    def key(self) -> int:
        """The id of the section."""
        return self.section.pk

    @property
    def opens_at(self) -> datetime:
        """Return from when its attempts count: where a section is set twice, from the earlier opening."""
        return min(assignment.opens_at for assignment in self.assignments)

    @property
    def dues(self) -> list[datetime]:
        """Return when required work of it is due for everybody, the earliest first: from that on it is late."""
        return sorted({assignment.due_at for assignment in self.required if assignment.due_at})

    @property
    def is_required(self) -> bool:
        return bool(self.required)

    @cached_property
    def leads(self) -> Assignment:
        """The one of the assignments by whose rule the section is marked."""
        return leading(self.assignments, self.section)

    @cached_property
    def mark_of(self) -> Marker:
        """What makes a learner's mark for the section."""
        return marker(self.section, self.leads)

    @property
    def order(self) -> str:
        """Return the name of the order in which those come first who have not passed it."""
        return f"s{self.section.position}"

    def marked_in(self, record: "Record") -> HandMark | None:
        """Return the record's mark set by hand that counts for the section, or None."""
        if not record.by_hand:
            return None
        return next((mark for mark in record.by_hand if mark.section_id == self.key), None)

    def next_due(self, at: datetime, zone: tzinfo) -> date | None:
        """Return the day in `zone` by which required work is due next; None where no date is to come."""
        coming = [due for due in self.dues if due >= at]
        return min(coming).astimezone(zone).date() if coming else None


def columns_among(sections: Iterable[Section], assignments: Sequence[Assignment]) -> list[Column]:
    """Return a Column for each of the sections, live ones in order, that an assignment covers. No query.

    Assignments have their sections at hand. A section that the module calls optional is never required.
    """
    columns: list[Column] = []
    for section in sections:
        covering = [assignment for assignment in assignments if assignment.covers(section)]
        if covering:
            required = [assignment for assignment in covering if assignment.is_required and not section.is_optional]
            columns.append(Column(section, covering, required, bit=1 << len(columns)))
    return columns


def exams_among(columns: Iterable[Column]) -> list[Assignment]:
    """Return the assignments of these columns that require their module's exam, by id."""
    asking = {row.pk: row for column in columns for row in column.assignments if requires(row, None)}
    return [asking[key] for key in sorted(asking)]


def quiz_bits(quizzes: Iterable[QuizAssignment]) -> dict[int, int]:
    """Return {id of a quiz of staff that is set: its bit in a Judgement}."""
    return {row.pk: FIRST_QUIZ << number for number, row in enumerate(quizzes)}


@dataclass(slots=True)
class Record:
    """What counts of one learner: columns passed by a quiz, and those with STUCK_AFTER failed ones or more.

    Quizzes of staff are among what was passed; those `handed_in`, passed or not, are due no more.

    `has_joined`: somebody has taken the place. `has_begun`: a lesson was read, or a quiz or an exam handed in.
    `last_passed` are pairs (bit, when it was last passed), kept where something that is set holds for some months.
    `by_hand` are the marks set by hand that count, one for each section and quiz; `extensions` are the person's own.
    `last_at` is when they were last at work, if asked for.
    """

    passed: int = 0
    failed: int = 0
    handed_in: int = 0
    has_joined: bool = True
    has_begun: bool = False
    last_passed: tuple[tuple[int, datetime], ...] = ()
    by_hand: tuple[HandMark, ...] = ()
    extensions: tuple[Extension, ...] = ()
    last_at: datetime | None = None


class Judgement(NamedTuple):
    """How one learner stands, in bits of columns, exams and quizzes of staff; whether they are here and at work.

    Passed: by a quiz, an exam or a mark set by hand, whatever has been forgotten since; run out: passed, and no longer
    holding for some required work. Late: past the person's own date of required work and not passed, or run out. Soon:
    by the person's own date due within SOON, and not passed. Excused: from all required work that asks for it.
    `missing` are those not passed, or run out. Silent: begun, nothing done for SILENT_AFTER, and required work that has
    opened is missing; False where it was not asked when they were last at work.

    A quiz of staff is late, or soon, until it is `handed_in` or marked by hand: passing may be out of reach. It is
    never missing.
    """

    has_joined: bool
    has_begun: bool
    is_silent: bool
    passed: int
    run_out: int
    late: int
    soon: int
    stuck: int
    excused: int
    missing: int
    handed_in: int

    @property
    def is_exam_late(self) -> bool:
        """Whether the date of a required exam has gone by, and it was never passed."""
        return bool(self.late & ~self.run_out & EXAMS)

    @property
    def has_exam_run_out(self) -> bool:
        return self.run_out >= FIRST_EXAM

    @property
    def is_exam_due_soon(self) -> bool:
        return bool(self.soon & EXAMS)

    @property
    def late_quizzes(self) -> int:
        """Return how many quizzes of staff are past their date, and not handed in."""
        return (self.late // FIRST_QUIZ).bit_count()

    @property
    def missing_sections(self) -> int:
        """Return how many sections are not passed, or have run out."""
        return (self.missing & (FIRST_EXAM - 1)).bit_count()

    def is_among(self, shown: str) -> bool:
        """Return whether the learner belongs to what a filter of SHOWN shows; not_started are those who have joined."""
        is_among = {
            "not_joined": not self.has_joined,
            "not_started": self.has_joined and not self.has_begun,
            "stuck": bool(self.stuck),
            "silent": self.is_silent,
            "late": bool(self.late),
            "soon": bool(self.soon),
            "passed": not self.missing,
        }
        return is_among.get(shown, True)


def count_among(alike: Counter[Judgement], shown: str) -> int:
    """Return how many of these, counted by their judgement, a filter shows."""
    return sum(count for judgement, count in alike.items() if judgement.is_among(shown))


class Judge:
    """Judges any number of learners in these columns, as at one moment. No query.

    `exams` are {id of an assignment that requires the exam: its bit}, `quizzes` those of the quizzes of staff.
    """

    def __init__(self, columns: Sequence[Column], at: datetime, quizzes: Collection[QuizAssignment] = ()):
        self.columns, self.at = columns, at
        self.bits = {column.key: column.bit for column in columns}
        self._asking = exams_among(columns)
        self.exams = {row.pk: FIRST_EXAM << number for number, row in enumerate(self._asking)}
        self.quizzes = quiz_bits(quizzes)
        self._marked_by_hand: dict[tuple[int | None, int | None], tuple[int, Decimal]] = {
            **{(column.key, None): (column.bit, column.section.threshold) for column in columns},
            **{(None, row.pk): (self.quizzes[row.pk], row.quiz.threshold) for row in quizzes},
        }
        self._dues_of_quizzes = [(row.due_at, self.quizzes[row.pk]) for row in quizzes if row.due_at]
        self._all = sum(self.bits.values()) + sum(self.exams.values())
        required = {row.pk: row for row in (*(row for column in columns for row in column.required), *self._asking)}
        self._required = [(row, self._asked_by(row)) for row in required.values()]
        self._limited = [(row, asked) for row, asked in self._required if row.months_valid]
        self._opened = sum(column.bit for column in columns if column.is_required and column.opens_at <= at)
        self._opened += sum(self.exams[row.pk] for row in self._asking if row.opens_at <= at)
        self._overdue, self._soon = self._past({}), self._ahead({})

    @property
    def asks_when(self) -> bool:
        """Whether it must know when each was last passed: something holds for some months alone."""
        return bool(self._limited)

    def of(self, record: Record) -> Judgement:
        """Return how the learner of that record stands."""
        passed, handed_in = record.passed, record.handed_in
        for mark in record.by_hand:
            passed |= self._passes(mark)
            handed_in |= self.quizzes.get(mark.quiz_id or 0, 0)
        run_out = self._run_out(record, passed) if self._limited else 0
        extensions = {row.assignment_id: row for row in record.extensions}
        overdue = self._past(extensions) if extensions else self._overdue
        soon = self._ahead(extensions) if extensions else self._soon
        missing = self._all & ~passed | run_out
        excused = self._excused(extensions) if extensions else 0
        is_away = record.last_at is not None and record.last_at < self.at - SILENT_AFTER
        return Judgement(
            has_joined=record.has_joined,
            has_begun=record.has_begun or passed > 0,
            is_silent=is_away and bool(missing & self._opened & ~excused),
            passed=passed,
            run_out=run_out,
            late=run_out | overdue & ~(passed | handed_in),
            soon=soon & ~(passed | handed_in),
            stuck=record.failed & ~passed,
            excused=excused,
            missing=missing,
            handed_in=handed_in,
        )

    def late_exam(self, judgement: Judgement) -> Assignment | None:
        """Return an assignment whose exam is late for the learner of that judgement, or None."""
        late = judgement.late & ~judgement.run_out
        return next((row for row in self._asking if late & self.exams[row.pk]), None)

    def _asked_by(self, assignment: Assignment) -> int:
        sections = sum(column.bit for column in self.columns if assignment in column.required)
        return sections + self.exams.get(assignment.pk, 0)

    def _past(self, extensions: Mapping[int, Extension]) -> int:
        """Return the columns and exams with required work, and quizzes, whose date for this person has gone by."""
        return self._due_between(None, self.at, extensions)

    def _ahead(self, extensions: Mapping[int, Extension]) -> int:
        """Return the columns and exams with required work, and quizzes, that are due for this person within SOON."""
        return self._due_between(self.at, self.at + SOON, extensions)

    def _due_between(self, begin: datetime | None, end: datetime, extensions: Mapping[int, Extension]) -> int:
        dues = [(row.due_for(extensions.get(row.pk)), asked) for row, asked in self._required]
        columns = 0
        for due, asked in (*dues, *self._dues_of_quizzes):
            if due and due < end and (begin is None or due >= begin):
                columns |= asked
        return columns

    def _excused(self, extensions: Mapping[int, Extension]) -> int:
        excused = asked_still = 0
        for assignment, asked in self._required:
            extension = extensions.get(assignment.pk)
            if extension and extension.is_excused:
                excused |= asked
            else:
                asked_still |= asked
        return excused & ~asked_still

    def _passes(self, mark: HandMark) -> int:
        """Return the bit of what a mark set by hand passes, a column or a quiz; 0 where it passes none that is set."""
        bit, threshold = self._marked_by_hand.get((mark.section_id, mark.quiz_id), (0, 1))
        return bit if mark.score >= threshold else 0

    def _run_out(self, record: Record, passed: int) -> int:
        """Return the columns and exams that were passed, and whose latest pass no longer holds for required work."""
        run_out = 0
        for assignment, asked in self._limited:
            for bit in (*self.bits.values(), *self.exams.values()):
                if asked & passed & bit and not self._holds(record, assignment, bit):
                    run_out |= bit
        return run_out

    def _holds(self, record: Record, assignment: Assignment, bit: int) -> bool:
        """Return whether what was passed holds for that assignment: for its months from the latest time."""
        moments = [mark.made_at for mark in record.by_hand if self._passes(mark) == bit]
        moments += [moment for key, moment in record.last_passed if key == bit]
        months = assignment.months_valid
        return not months or not moments or self.at < months_later(max(moments), months)
