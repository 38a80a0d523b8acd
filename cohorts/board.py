"""Who of a cohort is where, computed from the facts: learners × the sections that are set, and quizzes of staff.

Those are judged of whom something is asked (decisions 0031 and 0063), from what the database groups: the people of one
page by name, or everybody. What stands in cells is fetched for one page.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple, cast

from django.db.models import DateField, Q, QuerySet

from accounts.compiled import Compiled, Ids
from accounts.names import sort_key
from accounts.pages import PAGE
from accounts.zones import zone as zone_of
from cohorts.journal import MOST_SECTIONS, Fact, Facts, Setting, facts_of
from cohorts.judging import SHOWN, Column, Judge, Judgement, Record, columns_among, count_among, quiz_bits
from cohorts.marks import AttemptRow, Mark
from cohorts.members import Member, learners_in_order, matching
from cohorts.models import Assignment, Cohort, Extension, HandMark, QuizAssignment
from cohorts.models.cohorts import EnrolmentQuerySet
from cohorts.quiz_board import QuizCell, cells_of
from cohorts.records import standings, standings_of
from lessons.models import Module
from quizzes import progress, schedule
from quizzes.models import Recall, Response
from quizzes.models.recalls import known_of
from quizzes.outlines import outlines_of

MOST_ATTEMPTS = 500  # of a page, whose answers are asked by a query that is written once
MOST_COLUMNS = 13  # side by side on a desk, each with a glyph, a number and a clock
ORDERS = ("name", "last", "passed")  # and one for each section, and each quiz of staff


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
        if self.standing.passed is None and self.is_passed:
            return progress.PASSED
        return self.standing.state

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
    def is_excused(self) -> bool:
        return bool(self.judgement.excused & self.column.bit)


@dataclass
class Row:
    """One learner; `attempts` are the rows of all that count, oldest first; `quizzes` are cells of quizzes of staff.

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
    quizzes: list[QuizCell] = field(default_factory=list)

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing of these sections presses, so that what is due for review is worth a word."""
        judgement = self.judgement
        presses = judgement.is_silent or judgement.stuck or judgement.late or judgement.soon
        return judgement.has_joined and judgement.has_begun and not presses

    @property
    def stuck(self) -> list[Cell]:
        return self._cells(self.judgement.stuck)

    @property
    def late(self) -> list[Cell]:
        return self._cells(self.judgement.late & ~self.judgement.run_out)

    @property
    def run_out(self) -> list[Cell]:
        return self._cells(self.judgement.run_out)

    @property
    def soon(self) -> list[Cell]:
        return self._cells(self.judgement.soon)

    def _cells(self, bits: int) -> list[Cell]:
        return [cell for cell in self.cells if bits & cell.column.bit] if bits else []


class Judged(NamedTuple):
    """A learner, what counts of their work, and what follows from it."""

    member: Member
    record: Record
    judgement: Judgement


@dataclass
class Roll:
    """Who learns in a cohort, or in one group of it: the enrolments as a query, and a Member of each, by name.

    `groups` are the ids and names of the groups that have learners, of the whole cohort.
    """

    people: EnrolmentQuerySet
    members: list[Member]
    groups: list[tuple[int, str]] = field(default_factory=list)

    def board(
        self, setting: Setting, columns: list[Column], at: datetime, quizzes: Sequence[QuizAssignment] = ()
    ) -> "Board":
        """Return the Board of them all, judged by what is set and quizzes of staff. 3 queries."""
        judge, cohorts = Judge(columns, at, quizzes), {member.cohort_id for member in self.members}
        judges = dict.fromkeys(cohorts, judge)
        known = standings(setting.assignments, judges, self.people, self.members, True) if cohorts else []
        return Board(self, setting, columns, [Judged(*one, judge.of(one.record)) for one in known], at, None, quizzes)

    def part(
        self,
        setting: Setting,
        columns: list[Column],
        at: datetime,
        members: Sequence[Member],
        quizzes: Sequence[QuizAssignment] = (),
    ) -> "Board":
        """Return the Board of these few alone, judged in the same way, with what they did. 3 queries."""
        judge = Judge(columns, at, quizzes)
        known, facts = standings_of(setting, judge, members)
        return Board(self, setting, columns, [Judged(*one, judge.of(one.record)) for one in known], at, facts, quizzes)


@dataclass
class Board:
    """The sections that are set, with their lessons, and who of the roll is judged, in its order, by this `setting`.

    `facts` are what these did, if it was read to judge them. `quizzes` of staff stand behind the sections. `counts` are
    how many of SHOWN there are on the roll; where not everybody is judged, of those alone that names tell.
    `passed_quizzes` are how many passed each quiz, where everybody is.
    """

    roll: Roll
    setting: Setting
    columns: list[Column]
    people: list[Judged]
    at: datetime
    facts: Facts | None = None
    quizzes: Sequence[QuizAssignment] = ()
    counts: dict[str, int] = field(init=False)
    passed_quizzes: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        members = self.roll.members
        self.counts = {"all": len(members), "not_joined": sum(member.user_id is None for member in members)}
        if self.is_whole:
            alike = Counter(one.judgement for one in self.people)
            for column in self.columns:
                column.passed_count = sum(count for how, count in alike.items() if not how.missing & column.bit)
            self.passed_quizzes = [
                sum(count for how, count in alike.items() if how.passed & bit)
                for bit in quiz_bits(self.quizzes).values()
            ]
            self.counts = {shown: count_among(alike, shown) for shown in SHOWN}

    @property
    def is_broad(self) -> bool:
        """Whether its columns, that of groups among them, are more than fit a desk."""
        return len(self.columns) + len(self.quizzes) + bool(self.roll.groups) > MOST_COLUMNS

    @property
    def is_whole(self) -> bool:
        """Whether everybody on the roll is judged."""
        return len(self.people) == len(self.roll.members)

    def among(self, shown: str, order: str = "name", words: str = "") -> list[Judged]:
        """Return those whom the filter shows and whose names or number have all these words.

        By name, namesakes by enrolment; or with the longest away, the fewest sections passed or, by the section of an
        order `s3`, those first who are stuck in it or have not passed it; by the quiz of staff of an order `q3`, those
        who have not handed it in, then those who have not passed it.
        """
        wanted = {member.pk for member in matching([one.member for one in self.people], words)}
        people = [one for one in self.people if one.judgement.is_among(shown) and one.member.pk in wanted]
        if order == "last":
            people.sort(key=lambda one: one.record.last_at.timestamp() if one.record.last_at else 0)
        elif order == "passed":
            people.sort(key=lambda one: -one.judgement.missing_sections)
        elif bit := next((column.bit for column in self.columns if column.order == order), 0):
            people.sort(key=lambda one: (not one.judgement.stuck & bit, not one.judgement.missing & bit))
        elif bit := dict(zip(quiz_orders(self.quizzes), quiz_bits(self.quizzes).values(), strict=True)).get(order, 0):
            people.sort(key=lambda one: (bool(one.judgement.handed_in & bit), bool(one.judgement.passed & bit)))
        return people

    def rows(self, people: Iterable[Judged]) -> list[Row]:
        """Return the Row of each of these people, in their order. One query, none if what they did is at hand."""
        people = list(people)
        outlines = [column.outline for column in self.columns if column.outline]
        facts = self.facts or self._facts(people)
        all_facts = [fact for theirs in facts.by_learner.values() for fact in theirs]
        sittings: dict[tuple[int, int], list[AttemptRow]] = defaultdict(list)
        for fact in all_facts:
            if fact.set_quiz_id:
                sittings[fact.learner_id, fact.set_quiz_id].append(cast(AttemptRow, fact))
        readings = [fact for fact in all_facts if fact.lesson_id]
        quizzes = [fact for fact in all_facts if fact.section_id and not fact.lesson_id]
        standings = progress.section_progress(
            outlines, cast(list[progress.ReadingRow], readings), cast(list[progress.QuizRow], quizzes)
        )
        rows = []
        for one in people:
            learner = one.member.user_id
            standing = standings.get(learner) or progress.untouched(outlines)
            row = self._row(one, facts.by_learner.get(learner or 0, []), standing)
            by_hand = {(mark.enrolment_id, mark.section_id, mark.quiz_id): mark for mark in one.record.by_hand}
            row.quizzes = cells_of(self.quizzes, one.member, sittings, by_hand, facts.begun, self.at)
            rows.append(row)
        return rows

    def _facts(self, people: Iterable[Judged]) -> Facts:
        """Return what these people did. One query."""
        sections = {column.key for column in self.columns}
        return facts_of(self.setting, sections, quiz_bits(self.quizzes), [one.member for one in people])

    def _row(self, one: Judged, facts: Sequence[Fact], standing: Mapping[int, progress.SectionProgress]) -> Row:
        attempts = list({fact.pk: fact for fact in facts if not (fact.lesson_id or fact.set_quiz_id)}.values())
        extensions = {row.assignment_id: row for row in one.record.extensions}
        marks = self._marks(one.record, attempts, extensions)
        return Row(
            member=one.member,
            judgement=one.judgement,
            cells=[
                Cell(column, standing[column.key], one.judgement, mark)
                for column, mark in zip(self.columns, marks, strict=True)
            ],
            extensions=extensions,
            attempts=attempts,
            last_at=max((fact.submitted_at for fact in facts), default=None),
        )

    def _marks(self, record: Record, attempts: Iterable[Fact], extensions: Mapping[int, Extension]) -> list[Mark]:
        """Return one learner's mark for each column."""
        by_section: dict[int | None, list[Fact]] = defaultdict(list)
        for fact in attempts:
            by_section[fact.section_id].append(fact)
        return [
            column.mark_of(cast(list[AttemptRow], by_section.get(column.key, [])), column.marked_in(record), extensions)
            for column in self.columns
        ]

    def add_memory(self, rows: Sequence[Row], zone: tzinfo) -> None:
        """Add to these rows what is known of their learners' memory, as on this day in `zone`. 2 queries.

        Of items that they met in the attempts that count alone: nothing tells of what was done while away. From then
        on their cells may be mastered or fading, and say how many items are due. Only what can be said is read: what is
        due of those at rest, and all of those who have mastered an item.
        """
        today = self.at.astimezone(zone).date()
        latest = {column.key: column.next_due(self.at, zone) for column in self.columns}
        lines = {row.member.user_id: row for row in rows if row.attempts}
        asked = RECALLS(
            today=today,
            learners=list(lines),
            resting=[learner for learner, row in lines.items() if row.is_at_rest],
            sections=list(latest),
            ending=[section for section, day in latest.items() if day and day <= today],
        )
        zones = {learner: zone_of(row.member.time_zone or "") for learner, row in lines.items()}
        recalls = {row[:2]: known_of(row, zones[row[0]]) for row in asked}
        met = _met(lines[learner] for learner in {learner for learner, _item in recalls})
        places = {column.key: at for at, column in enumerate(self.columns)}
        for pair, known in recalls.items():
            if pair in met:
                row = lines[known.learner_id]
                standing = row.cells[places[known.section_id]].standing
                standing.today = today
                standing.recalls.append(known)
                is_back = schedule.capped(known.due_on, known.last_on, latest[known.section_id]) <= today
                row.due_count += is_back and row.is_at_rest


def _recalls(
    today: date,
    learners: Collection[int],
    resting: Collection[int],
    sections: Collection[int],
    ending: Collection[int],
) -> QuerySet[Any, Any]:
    """Return what is due of those at rest, and all of those who have mastered an item, of what review may ask.

    Where both is true it comes twice.
    """
    of_sections = Recall.objects.filter(item__bank__section__in=sections)
    is_due = Q(due_on__lte=today) | Q(item__bank__section__in=ending)
    masters = of_sections.filter(learner__in=learners, mastered_on__isnull=False).values("learner")
    parts = (of_sections.filter(is_due, learner__in=resting), of_sections.filter(learner__in=masters))
    due, mastered = (rows.reviewable().for_known() for rows in parts)
    return due.union(mastered, all=True)  # apart: in one condition neither database would look up whose they are


def _met(rows: Iterable[Row]) -> set[tuple[int, int]]:
    """Return pairs (learner id, item id) of what these people met in the attempts that count. One query.

    Paired here: as a condition of the query for recalls each would be looked up among all responses to its item.
    """
    whose = {fact.pk: fact.learner_id for row in rows for fact in row.attempts}
    return {(whose[attempt], item) for attempt, item in ANSWERED(attempts=list(whose))}


RECALLS = Compiled(
    _recalls,
    today=DateField(),
    learners=Ids(PAGE),
    resting=Ids(PAGE),
    sections=Ids(MOST_SECTIONS),
    ending=Ids(MOST_SECTIONS),
)
ANSWERED = Compiled(
    lambda attempts: Response.objects.filter(attempt__in=attempts).values_list("attempt_id", "item_id"),
    attempts=Ids(MOST_ATTEMPTS),
)


def columns_of(module: Module, assignments: Sequence[Assignment]) -> list[Column]:
    """Return a Column for each live section of `module` that one of the assignments covers, in order. One query."""
    outlines = outlines_of(module)
    columns = columns_among(outlines, assignments)
    for column in columns:
        column.outline = outlines[column.section]
    return columns


def quiz_orders(quizzes: Sequence[QuizAssignment]) -> list[str]:
    """Return for each quiz of staff the name of the order in which those come first who have not handed it in."""
    return [f"q{number}" for number in range(1, len(quizzes) + 1)]


def roll_of(cohort: Cohort, group: int | None = None, enrolment: int | None = None) -> Roll:
    """Return the Roll of the cohort's present learners: all, those of that group if it has any, or one. One query."""
    people, members = cohort.enrolments.current().learners(), learners_in_order(cohort.pk)
    if enrolment:
        people, members = people.filter(pk=enrolment), [member for member in members if member.pk == enrolment]
    groups = {member.group_id: member.group for member in members if member.group_id and member.group}
    if group in groups:
        people = people.filter(group=group)
        members = [member for member in members if member.group_id == group]
    return Roll(people, members, sorted(groups.items(), key=lambda pair: sort_key(pair[1])))


def board_of(
    cohort: Cohort,
    module: Module,
    assignments: Sequence[Assignment],
    at: datetime,
    enrolment: int | None = None,
    quizzes: Sequence[QuizAssignment] = (),
) -> Board:
    """Return the Board of all of the cohort's present learners, or of that one enrolment, as at that time.

    `assignments` are what is set for the cohort, with their sections at hand; `quizzes` of staff stand behind these. 5
    queries.
    """
    roll, setting = roll_of(cohort, enrolment=enrolment), Setting(cohort.pk, module.pk)
    columns = columns_of(module, assignments)
    if enrolment:
        return roll.part(setting, columns, at, roll.members, quizzes)
    return roll.board(setting, columns, at, quizzes)
