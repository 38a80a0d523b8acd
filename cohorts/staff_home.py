"""The day of whoever teaches: each cohort in a few figures and names, judged as on its board, and what comes first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from heapq import nsmallest
from itertools import accumulate
from typing import NamedTuple

from accounts.names import sort_key
from accounts.privacy import is_few
from cohorts.board import Judged
from cohorts.exams import running_counts
from cohorts.judging import SHOWN, SOON, Column, count_among
from cohorts.models import Assignment, Cohort
from cohorts.overview import JudgedCohort, judged
from lessons.models import Module, Section
from quizzes.models import Quiz

WEEK = timedelta(days=7)
NAMED = 3  # people of a cohort who stand here by name
MOST_COUNTED = 1000  # learners whose work is read for one page
# What may come first, the most pressing before; the first four are filters of a board.
URGENCIES = ("stuck", "late", "silent", "not_joined", "unset", "empty", "uncounted", "calm")


@dataclass(frozen=True)
class Urgent:
    """Somebody who is stuck in these columns, or, without any, silent for so many days.

    `late_count` sections are late, `late_quizzes` of staff, and the exam if `is_exam_late`. `extendable` is the
    assignment of the first section or exam, to give a later date for, or None.
    """

    one: Judged
    stuck: list[Column]
    days: int
    late_count: int
    late_quizzes: int
    is_exam_late: bool
    extendable: Assignment | None


@dataclass(frozen=True)
class Strip:
    """The sections of one module that are set; `here` is the one that is due next, or None."""

    module: Module
    columns: list[Column]
    here: Column | None


@dataclass
class CohortToday:
    """One cohort today: `counts` are how many of SHOWN, `here_count` were at work within a WEEK.

    `urgent` are up to NAMED people, those who are stuck first; `more` are {stuck or silent: how many beside them}.
    Where so many learn that nobody is judged, it says nothing of people but their number, `learner_count`.
    """

    row: JudgedCohort
    learner_count: int
    running_count: int = 0
    counts: dict[str, int] = field(init=False)
    urgent: list[Urgent] = field(init=False)
    more: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        alike = self.row.alike
        self.counts = {shown: count_among(alike, shown) for shown in SHOWN}
        for column in self.row.judge.columns:
            column.passed_count = self.counts["all"] - self.missing_count(column)
        stuck = [one for one in self.row.people if one.judgement.stuck]
        silent = [one for one in self.row.people if one.judgement.is_silent and not one.judgement.stuck]
        named = _first_by_name(stuck, NAMED)
        named += _first_by_name(silent, NAMED - len(named))
        self.urgent = [self._urgent(one) for one in named]
        self.more = {"stuck": max(len(stuck) - NAMED, 0)}
        self.more["silent"] = len(stuck) + len(silent) - len(named) - self.more["stuck"]

    @property
    def cohort(self) -> Cohort:
        return self.row.cohort

    @property
    def at(self) -> datetime:
        return self.row.judge.at

    @property
    def is_small(self) -> bool:
        """Whether so few learn here that nothing is counted beyond what the board says of each by name."""
        return is_few(self.learner_count)

    @property
    def is_counted(self) -> bool:
        return self.row.is_counted

    @property
    def joined_count(self) -> int:
        return self.counts["all"] - self.counts["not_joined"]

    @property
    def here_count(self) -> int:
        begin = self.at - WEEK
        return sum(bool(one.record.last_at and one.record.last_at >= begin) for one in self.row.people)

    def missing_count(self, column: Column) -> int:
        """Return how many have not passed a section, or whose passing has run out."""
        return sum(count for judgement, count in self.row.alike.items() if judgement.missing & column.bit)

    def stuck_count(self, column: Column) -> int:
        return sum(count for judgement, count in self.row.alike.items() if judgement.stuck & column.bit)

    def strips(self) -> list[Strip]:
        """Return a Strip for each module of which sections are set."""
        columns: dict[Module, list[Column]] = {}
        for column in self.row.judge.columns:
            columns.setdefault(column.section.module, []).append(column)
        return [Strip(module, theirs, self._next_due(theirs)) for module, theirs in columns.items()]

    def _next_due(self, columns: Iterable[Column]) -> Column | None:
        coming = [column for column in columns if column.dues and column.dues[-1] >= self.at]
        return min(coming, key=lambda column: min(due for due in column.dues if due >= self.at), default=None)

    def _urgent(self, one: Judged) -> Urgent:
        judgement, columns = one.judgement, self.row.judge.columns
        late = [column for column in columns if judgement.late & ~judgement.run_out & column.bit]
        days = (self.at - one.record.last_at).days if one.record.last_at else 0
        extendable = next((row for column in late for row in column.required if row.due_at), None)
        exam = self.row.judge.late_exam(judgement)
        stuck = [column for column in columns if judgement.stuck & column.bit]
        late_quizzes = judgement.late_quizzes
        return Urgent(one, stuck, days, len(late), late_quizzes, exam is not None, extendable or exam)


@dataclass(frozen=True)
class First:
    """What to do first: one of URGENCIES, in which cohort, of how many people.

    `column` is where most of those who are stuck are, None of anything else.
    """

    what: str
    today: CohortToday
    count: int
    column: Column | None = None


class Due(NamedTuple):
    """What is due next, a section or a quiz of staff, and its day.

    And how many learners of the cohorts where it is have not passed the section, or not handed in the quiz.
    """

    what: Section | Quiz
    day: date
    missing_count: int

    @property
    def section(self) -> Section | None:
        """Return the section, or None where it is a quiz."""
        return self.what if isinstance(self.what, Section) else None

    @property
    def order(self) -> tuple[date, bool, int]:
        """Return by what dues are in order: on one day sections go before quizzes."""
        section = self.section
        return self.day, section is None, section.position if section else self.what.pk


class Opening(NamedTuple):
    """A section that opens within SOON, and when first."""

    section: Section
    opens_at: datetime


@dataclass
class StaffHome:
    """The cohorts of one page, with all that is said of them together."""

    cohorts: list[CohortToday]
    at: datetime

    @property
    def has_more(self) -> bool:
        """Whether exams run now, or a section opens soon."""
        return bool(self.openings) or any(today.running_count for today in self.cohorts)

    @property
    def learner_count(self) -> int:
        return sum(today.learner_count for today in self.cohorts)

    @property
    def first(self) -> First:
        """Return the most pressing thing, where it touches most people."""
        urgent = [First(what, today, _count(what, today)) for what in URGENCIES for today in self.cohorts]
        pressing = [one for one in urgent if one.count]
        first = max(pressing, key=lambda one: (-URGENCIES.index(one.what), one.count))
        return replace(first, column=_most_stuck(first.today)) if first.what == "stuck" else first

    @cached_property
    def next_due(self) -> Due | None:
        """Return what is due next within SOON in any cohort that is counted, by days in its zone; None without any."""
        coming = []
        for today in filter(lambda today: today.is_counted, self.cohorts):
            for column in today.row.judge.columns:
                due = min((due for due in column.dues if today.at <= due < today.at + SOON), default=None)
                if due:
                    day = due.astimezone(today.cohort.zone).date()
                    coming.append(Due(column.section, day, today.missing_count(column)))
            for row in today.row.quizzes:
                if row.due_at and today.at <= row.due_at < today.at + SOON:
                    bit = today.row.judge.quizzes[row.pk]
                    missing = sum(not one.judgement.handed_in & bit for one in today.row.people)
                    coming.append(Due(row.quiz, row.due_at.astimezone(today.cohort.zone).date(), missing))
        if not coming:
            return None
        first = min(coming, key=lambda due: due.order)
        alike = [due for due in coming if (due.what, due.day) == (first.what, first.day)]
        return first._replace(missing_count=sum(due.missing_count for due in alike))

    @property
    def openings(self) -> list[Opening]:
        """Return the sections that open within SOON, the first to open first."""
        opening: dict[Section, datetime] = {}
        for today in self.cohorts:
            for column in today.row.judge.columns:
                if today.at < column.opens_at <= today.at + SOON:
                    opening[column.section] = min(opening.get(column.section, column.opens_at), column.opens_at)
        ordered = sorted(opening.items(), key=lambda pair: (pair[1], pair[0].position))
        return [Opening(*pair) for pair in ordered]


def staff_home(sizes: Mapping[Cohort, int], at: datetime) -> StaffHome:
    """Return the StaffHome of the cohorts of `sizes`, {cohort: how many learn there}, in their order.

    MOST_COUNTED learners are judged, the smallest cohorts first. 9 queries, however many cohorts and learners.
    """
    cohorts = list(sizes)
    running = running_counts(cohorts)
    rows = judged(cohorts, at, _counted(sizes), with_last=True)
    return StaffHome([CohortToday(row, sizes[row.cohort], running.get(row.cohort.pk, 0)) for row in rows], at)


def _counted(sizes: Mapping[Cohort, int]) -> list[Cohort]:
    """Return the cohorts of which everybody is judged."""
    smallest_first = sorted(sizes, key=lambda cohort: sizes[cohort])
    together = accumulate(sizes[cohort] for cohort in smallest_first)
    return [cohort for cohort, learners in zip(smallest_first, together, strict=True) if learners <= MOST_COUNTED]


def _first_by_name(people: Iterable[Judged], count: int) -> list[Judged]:
    """Return so many of them, the first by name; of namesakes whose place is older."""
    if not count:
        return []
    return nsmallest(count, people, key=lambda one: (sort_key(one.member.known_name), one.member.pk))


def _count(what: str, today: CohortToday) -> int:
    """Return how many people of a cohort something touches; 1 of what touches the cohort as a whole."""
    if what == "unset":
        return not (today.row.assignments or today.row.quizzes)
    if what == "empty":
        return not today.learner_count
    if what == "uncounted":
        return not today.is_counted
    return 1 if what == "calm" else today.counts[what]


def _most_stuck(today: CohortToday) -> Column:
    return max(today.row.judge.columns, key=today.stuck_count)
