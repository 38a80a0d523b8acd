"""Who of a cohort is where, computed from the facts: learners × the sections that are set.

Everybody is judged, from what the database groups (decision 0031); what stands in cells is fetched for one page.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple, cast

from django.db.models import Q

from accounts.folding import QUOTE, cut, folded
from accounts.names import sort_key
from cohorts.judging import SHOWN, Column, Judge, Judgement, Record, columns_among, count_among
from cohorts.marks import AttemptRow, Mark, mark_of
from cohorts.models import Assignment, Cohort, Extension, HandMark
from cohorts.models.assignments import AssignmentQuerySet
from cohorts.records import Fact, Member, journal, standings
from lessons.models import Module
from quizzes import progress, schedule
from quizzes.models import Recall, Response
from quizzes.outlines import outline, with_lessons

if TYPE_CHECKING:
    from quizzes.outlines import SectionWithLessons

ORDERS = ("name", "last", "passed")  # and one for each section


@dataclass
class Cell:
    """How one learner stands in one section: `judgement` says what is judged, `standing` what else is shown.

    `mark` is what the cohort marks it with, of the attempts that count.
    """

    column: Column
    standing: progress.SectionProgress
    judgement: Judgement
    mark: Mark

    @property
    def hand(self) -> HandMark | None:
        return self.mark.hand

    @property
    def state(self) -> str:
        return progress.PASSED if self.is_passed and not self.standing.is_passed else self.standing.state

    @property
    def is_passed(self) -> bool:
        return bool(self.judgement.passed & self.column.bit)

    @property
    def has_run_out(self) -> bool:
        return bool(self.judgement.run_out & self.column.bit)

    @property
    def is_late(self) -> bool:
        return bool(self.judgement.late & self.column.bit)

    @property
    def is_stuck(self) -> bool:
        return bool(self.judgement.stuck & self.column.bit)

    @property
    def is_due_soon(self) -> bool:
        return bool(self.judgement.soon & self.column.bit)

    @property
    def is_excused(self) -> bool:
        return bool(self.judgement.excused & self.column.bit)


@dataclass
class Row:
    """One learner; `attempts` are the rows of all that count, oldest first.

    `last_at` is the last counted reading or attempt, None where there is none; `extensions` are the person's own, by
    the id of the assignment; `due_count` items of these sections are due for review, of somebody `is_at_rest` and once
    what is known of memory was added.
    """

    member: Member
    judgement: Judgement
    cells: list[Cell]
    extensions: dict[int, Extension]
    attempts: list[Fact]
    last_at: datetime | None
    due_count: int = 0

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing of these sections presses, so that what is due for review is worth a word."""
        judgement = self.judgement
        presses = judgement.is_silent or judgement.stuck or judgement.late or judgement.soon
        return judgement.has_joined and judgement.has_begun and not presses

    @property
    def stuck(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_stuck]

    @property
    def late(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_late and not cell.has_run_out]

    @property
    def run_out(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.has_run_out]

    @property
    def soon(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_due_soon]


class Judged(NamedTuple):
    """A learner, what counts of their work, and what follows from it."""

    member: Member
    record: Record
    judgement: Judgement

    def answers_to(self, words: Sequence[str]) -> bool:
        """Return whether each of these words, as `_searched`, stands in a name or in the school's number."""
        member = self.member
        names = (member.roster_name, member.said_name, member.shown_name, member.school_number)
        known = _searched(" ".join(names))
        return all(word in known for word in words)


@dataclass
class Board:
    """The sections that are set, with their lessons, and everybody who learns, judged by `assignments`.

    `counts` are how many of SHOWN. `groups` are the ids and names of the groups that have learners, of the whole
    cohort; `people` may be those of one group.
    """

    assignments: AssignmentQuerySet
    columns: list[Column]
    people: list[Judged]
    at: datetime
    groups: list[tuple[int, str]] = field(default_factory=list)
    counts: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        alike = Counter(one.judgement for one in self.people)
        for column in self.columns:
            column.passed_count = sum(count for judgement, count in alike.items() if not judgement.missing & column.bit)
        self.counts = {shown: count_among(alike, shown) for shown in SHOWN}

    def among(self, shown: str, order: str = "name", words: str = "") -> list[Judged]:
        """Return those whom the filter shows and whose names or number have all these words.

        By name, namesakes by enrolment; or with the longest away, the fewest sections passed or, by the section of an
        order `s3`, those first who are stuck in it or have not passed it.
        """
        people = [one for one in self.people if one.judgement.is_among(shown)]
        if asked := _searched(cut(words)).split():
            people = [one for one in people if one.answers_to(asked)]
        people.sort(key=lambda one: (sort_key(one.member.known_name), one.member.pk))
        if order == "last":
            people.sort(key=lambda one: one.record.last_at.timestamp() if one.record.last_at else 0)
        elif order == "passed":
            people.sort(key=lambda one: -one.judgement.missing_sections)
        elif bit := next((column.bit for column in self.columns if column.order == order), 0):
            people.sort(key=lambda one: (not one.judgement.stuck & bit, not one.judgement.missing & bit))
        return people

    def rows(self, people: Iterable[Judged]) -> list[Row]:
        """Return the Row of each of these people, in their order. One query."""
        people = list(people)
        outlines = [outline(cast("SectionWithLessons", column.section)) for column in self.columns]
        shown = {column.section.pk for column in self.columns}
        facts: dict[int | None, list[Fact]] = {one.member.user_id: [] for one in people}
        for fact in journal(self.assignments, shown, [learner for learner in facts if learner]):
            facts[fact.learner_id].append(fact)
        readings = [fact for theirs in facts.values() for fact in theirs if fact.lesson_id]
        attempts = {learner: [fact for fact in theirs if not fact.lesson_id] for learner, theirs in facts.items()}
        quizzes = [fact for theirs in attempts.values() for fact in theirs if fact.section_id in shown]
        standings = progress.section_progress(
            outlines, cast(list[progress.ReadingRow], readings), cast(list[progress.QuizRow], quizzes)
        )
        rows = []
        for member, record, judgement in people:
            learner = member.user_id
            standing = standings.get(learner) or progress.untouched(outlines)
            extensions = {row.assignment_id: row for row in record.extensions}
            rows.append(
                Row(
                    member=member,
                    judgement=judgement,
                    cells=[
                        Cell(column, standing[column.section.pk], judgement, mark)
                        for column, mark in zip(
                            self.columns, self._marks(record, attempts[learner], extensions), strict=True
                        )
                    ],
                    extensions=extensions,
                    attempts=attempts[learner],
                    last_at=max((fact.submitted_at for fact in facts[learner]), default=None),
                )
            )
        return rows

    def _marks(self, record: Record, attempts: Iterable[Fact], extensions: Mapping[int, Extension]) -> list[Mark]:
        """Return one learner's mark for each column."""
        by_section: dict[int | None, list[Fact]] = defaultdict(list)
        for fact in attempts:
            by_section[fact.section_id].append(fact)
        return [
            mark_of(
                column.section,
                column.leads,
                cast(list[AttemptRow], by_section[column.section.pk]),
                column.marked_in(record),
                extensions,
            )
            for column in self.columns
        ]

    def add_memory(self, rows: Sequence[Row], zone: tzinfo) -> None:
        """Add to these rows what is known of their learners' memory, as on this day in `zone`. 2 queries.

        Of items that they met in the attempts that count alone: nothing tells of what was done while away. From then
        on their cells may be mastered or fading, and say how many items are due. Only what can be said is read: what is
        due of those at rest, and all of those who have mastered an item.
        """
        today = self.at.astimezone(zone).date()
        latest = {column.section.pk: column.next_due(self.at, zone) for column in self.columns}
        ending = [section for section, day in latest.items() if day and day <= today]
        lines = {row.member.user_id: row for row in rows if row.attempts}
        resting = [learner for learner, row in lines.items() if row.is_at_rest]
        theirs = Recall.objects.filter(learner__in=lines, item__bank__section__in=latest)
        is_due = Q(due_on__lte=today) | Q(item__bank__section__in=ending)
        masters = theirs.filter(mastered_on__isnull=False).values("learner")
        recalls = theirs.filter(Q(is_due, learner__in=resting) | Q(learner__in=masters)).reviewable().known()
        met = _met(lines[learner] for learner in {known.learner_id for known in recalls})
        cells = {(row.member.user_id, cell.column.section.pk): cell for row in rows for cell in row.cells}
        for known in recalls:
            if (known.learner_id, known.item_id) in met:
                standing, row = cells[known.learner_id, known.section_id].standing, lines[known.learner_id]
                standing.today = today
                standing.recalls.append(known)
                is_back = schedule.capped(known.due_on, known.last_on, latest[known.section_id]) <= today
                row.due_count += is_back and row.is_at_rest


def _met(rows: Iterable[Row]) -> set[tuple[int, int]]:
    """Return pairs (learner id, item id) of what these people met in the attempts that count. One query.

    Paired here: as a condition of the query for recalls each would be looked up among all responses to its item.
    """
    whose = {fact.pk: fact.learner_id for row in rows for fact in row.attempts}
    answered = Response.objects.filter(attempt__in=whose).values_list("attempt_id", "item_id")
    return {(whose[attempt], item) for attempt, item in answered}


def _searched(text: str) -> str:
    """Return a text as names are looked for in it: its bare words, as if there were no apostrophe."""
    return folded(text).replace(QUOTE, "")


def columns_of(module: Module, assignments: Sequence[Assignment]) -> list[Column]:
    """Return a Column for each live section of `module` that one of the assignments covers, in order. 2 queries."""
    return columns_among(with_lessons(module.sections.all()), assignments)


def board_of(
    cohort: Cohort,
    module: Module,
    assignments: Sequence[Assignment],
    at: datetime,
    group: int | None = None,
    enrolment: int | None = None,
) -> Board:
    """Return the Board of the cohort's present learners, of that group or that one enrolment, as at that time.

    `assignments` are what is set for the cohort, with their sections at hand. 6 queries.
    """
    people = cohort.enrolments.current().learners()
    if enrolment:
        people = people.filter(pk=enrolment)
    counting, columns = cohort.assignments.filter(module=module), columns_of(module, assignments)
    judge = Judge(columns, at)
    known = standings(counting, {cohort.pk: judge}, people, with_last=True)
    groups = {member.group_id: member.group for member, _record in known if member.group_id and member.group}
    if group in groups:
        known = [standing for standing in known if standing.member.group_id == group]
    judged = [Judged(*standing, judge.of(standing.record)) for standing in known]
    return Board(counting, columns, judged, at, sorted(groups.items(), key=lambda pair: sort_key(pair[1])))
