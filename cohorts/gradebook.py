"""The gradebook of a cohort: everybody's mark for each section of a module that is set, and for its exam; totals.

Marks of one page are made from the attempts themselves. Figures of a class rest on what the database groups, as far as
a maximum says it; a test holds the two to one another.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from statistics import median
from typing import Any

from django.db.models import Max

from accounts.folding import QUOTE, cut, folded
from accounts.names import sort_key
from accounts.privacy import is_few
from cohorts.choices import ExamRule, WhichAttempt
from cohorts.lateness import is_late
from cohorts.marks import MISSING, AttemptRow, Mark, leading, mark_of, requires
from cohorts.models import Assignment, Cohort, Extension, HandMark
from cohorts.models.assignments import AssignmentQuerySet
from cohorts.points import points_of, total_points
from cohorts.records import Member, members_in_order
from lessons.models import Module, Section

LIGHTEST, HEAVIEST = 0, 10
TEN_THOUSAND = 10_000  # scores have four places


@dataclass
class Head:
    """A column: a section, or the exam where it is None; by whose rule it is marked, and how much it weighs."""

    section: Section | None
    leads: Assignment
    weight: int

    @property
    def key(self) -> int | None:
        """Return the id of the section; None for the exam."""
        return self.section.pk if self.section else None

    @property
    def is_required(self) -> bool:
        return requires(self.leads, self.section)

    @property
    def is_a_maximum(self) -> bool:
        """Return whether the mark is the best score as it is."""
        return self.leads.counts == WhichAttempt.BEST and not self.leads.less_points


@dataclass(frozen=True, slots=True)
class Total:
    """A mean of `count` marks by their weights: exact, as a fraction from 0 to 1."""

    score: Fraction
    count: int

    def points(self, whole: int) -> Decimal:
        """Return it as points of `whole`, rounded down."""
        return total_points(self.score, whole)


@dataclass(frozen=True, slots=True)
class Figure:
    """Mean and median of what `count` learners have, in points, rounded down."""

    count: int
    mean: Decimal
    median: Decimal


@dataclass
class Line:
    """One learner: a mark for each head, and the total; None where nothing counts yet."""

    member: Member
    marks: list[Mark]
    total: Total | None

    @property
    def late_count(self) -> int:
        return sum(mark.is_late for mark in self.marks)


@dataclass
class Gradebook:
    """What is marked in a cohort and a module, and who learns there, in order of their names.

    `setting` are the `assignments` as a query.
    `by_hand` are the marks set by hand that count, by (enrolment id, section id); `extensions` those of each person.
    """

    cohort: Cohort
    setting: AssignmentQuerySet
    assignments: Sequence[Assignment]
    heads: list[Head]
    members: list[Member]
    by_hand: Mapping[tuple[int, int], HandMark]
    extensions: Mapping[int, Mapping[int, Extension]]
    at: datetime
    weights: dict[int | None, int] = field(init=False)

    def __post_init__(self) -> None:
        self.weights = {head.key: head.weight for head in self.heads}

    @cached_property
    def groups(self) -> list[tuple[int, str]]:
        """Return (id, name) of each group that somebody is in."""
        named = {member.group_id: member.group for member in self.members if member.group_id and member.group}
        return sorted(((key, name) for key, name in named.items() if key), key=lambda pair: sort_key(pair[1]))

    @property
    def weighs_alike(self) -> bool:
        """Return whether all marks have the same weight in the total."""
        return len({head.weight for head in self.heads}) == 1

    @property
    def unnumbered_count(self) -> int:
        """Return how many have no number of the school."""
        return sum(not member.school_number for member in self.members)

    def in_group(self, group: int | None) -> list[Member]:
        """Return everybody, or those of the group of that id, in their order."""
        return [member for member in self.members if group is None or member.group_id == group]

    def total(self, marks: Iterable[Mark]) -> Total | None:
        return total_of(marks, self.weights, self.at, self.cohort.missing_is_zero)

    def lines(self, members: Sequence[Member]) -> list[Line]:
        """Return the Line of each of these, in their order. One query."""
        learners = [member.user_id for member in members if member.user_id]
        by_head: dict[tuple[int | None, int | None], list[AttemptRow]] = defaultdict(list)
        for row in self.setting.attempt_rows(learners):
            by_head[row.learner_id, row.section_id].append(row)
        return [self._line(member, by_head) for member in members]

    def _line(self, member: Member, by_head: Mapping[tuple[int | None, int | None], Sequence[AttemptRow]]) -> Line:
        extensions = self.extensions.get(member.pk, {})
        marks = []
        for head in self.heads:
            rows = by_head.get((member.user_id, head.key), []) if member.user_id else []
            hand = self.by_hand.get((member.pk, head.key)) if head.key else None
            marks.append(mark_of(head.section, head.leads, rows, hand, extensions))
        return Line(member, marks, self.total(marks))

    def figures(self, members: Sequence[Member], lines: Sequence[Line] | None = None) -> list[Figure | None]:
        """Return the Figure of these people's totals, and of each head; None where fewer than five have any.

        `lines` are those of all of them, if they are at hand: then no query, else one.
        """
        whole = self.cohort.points
        if lines is None and not all(head.is_a_maximum for head in self.heads):
            lines = self.lines(members)
        if lines is not None:
            totals = [line.total for line in lines]
            columns = list(zip(*([mark.score for mark in line.marks] for line in lines), strict=True))
        else:
            scores = self._scores(members)
            totals = [self._total_of_scores(member, row) for member, row in zip(members, scores, strict=True)]
            columns = list(zip(*scores, strict=True))
        figures = [_figure([total.score for total in totals if total], whole, total_points)]
        for column in columns or [()] * len(self.heads):
            figures.append(_figure([score for score in column if score is not None], whole, points_of))
        return figures

    def _scores(self, members: Sequence[Member]) -> list[list[Decimal | None]]:
        """Return for each of these people the score of each head, where each is the best one. One query."""
        names = ("enrolment_id", "section_id")
        quizzes, exams = (
            rows.values(*names).annotate(best=Max("score")).values_list(*names, "best").order_by()
            for rows in (self.setting.quizzes(), self.setting.exams())
        )
        best = {(enrolment, section): score for enrolment, section, score in quizzes.union(exams, all=True)}
        best |= {key: mark.score for key, mark in self.by_hand.items()}
        return [[best.get((member.pk, head.key)) for head in self.heads] for member in members]

    def _total_of_scores(self, member: Member, scores: Sequence[Decimal | None]) -> Total | None:
        extensions = self.extensions.get(member.pk, {})
        counted = []
        for head, score in zip(self.heads, scores, strict=True):
            if score is None and self.cohort.missing_is_zero and head.is_required:
                extension = extensions.get(head.leads.pk)
                score = Decimal(0) if is_late(self.at, head.leads.due_for(extension)) else None
            if score is not None:
                counted.append((head.weight, score))
        return _weighted(counted)


def total_of(
    marks: Iterable[Mark], weights: Mapping[int | None, int], at: datetime, missing_is_zero: bool
) -> Total | None:
    """Return the Total of these marks, weighed by {section id, None for the exam: weight}; None where none counts.

    Where `missing_is_zero`, required work that is due and was not handed in is a mark of 0, but for those excused.
    """
    counted = []
    for mark in marks:
        score = mark.score
        if score is None and missing_is_zero and mark.rule.is_required and mark.standing(at) == MISSING:
            score = Decimal(0)
        if score is not None:
            counted.append((weights.get(mark.section.pk if mark.section else None, 1), score))
    return _weighted(counted)


def _weighted(counted: Iterable[tuple[int, Decimal]]) -> Total | None:
    """Return the Total of pairs (weight, score); what weighs nothing is not among its marks."""
    heavy = [(weight, score) for weight, score in counted if weight]
    if not heavy:
        return None
    weighed = sum(int(score * TEN_THOUSAND) * weight for weight, score in heavy)
    return Total(Fraction(weighed, TEN_THOUSAND * sum(weight for weight, _ in heavy)), len(heavy))


def _figure(scores: Sequence[Any], whole: int, in_points: Any) -> Figure | None:
    """Return mean and median of scores in points; None of fewer than five."""
    if is_few(len(scores)):
        return None
    mean = sum(scores) / len(scores)
    return Figure(len(scores), in_points(mean, whole), in_points(median(scores), whole))


def gradebook_of(cohort: Cohort, module: Module, assignments: Sequence[Assignment], at: datetime) -> Gradebook:
    """Return the Gradebook of the cohort's present learners in a module, as at that time. 5 queries.

    `assignments` are what is set for the cohort, with their sections at hand.
    """
    mine = [row for row in assignments if row.module_id == module.pk]
    weights = weights_of(cohort, module)
    heads = [
        Head(section, leading(mine, section), weights.get(section.pk, 1))
        for section in module.sections.live().select_related("module").order_by("position")
        if any(row.covers(section) for row in mine)
    ]
    if any(row.exam != ExamRule.NOT_ASKED for row in mine):
        heads.append(Head(None, leading(mine, None), weights.get(None, 1)))
    people = cohort.enrolments.current().learners()
    setting = cohort.assignments.filter(module=module)
    extensions: dict[int, dict[int, Extension]] = defaultdict(dict)
    for row in Extension.objects.filter(assignment__in=setting, enrolment__in=people):
        extensions[row.enrolment_id][row.assignment_id] = row
    return Gradebook(
        cohort=cohort,
        setting=setting,
        assignments=mine,
        heads=heads,
        members=members_in_order(people),
        by_hand=HandMark.objects.filter(enrolment__in=people).current(),
        extensions=extensions,
        at=at,
    )


def weights_of(cohort: Cohort, module: Module) -> dict[int | None, int]:
    """Return {section id, None for the exam: how much its mark weighs}, as far as somebody set it. One query."""
    return dict(cohort.weights.filter(module=module).values_list("section", "weight"))


def matching(members: Iterable[Member], words: str) -> list[Member]:
    """Return those in whose names or number each of the words stands, whatever case and accents."""
    wanted = _bare(cut(words)).split()
    if not wanted:
        return list(members)
    named = ((member, _bare(f"{member.known_name} {member.chosen_name} {member.school_number}")) for member in members)
    return [member for member, names in named if all(word in names for word in wanted)]


def _bare(text: str) -> str:
    """Return a text as names are looked for in it: its bare words, as if there were no apostrophe."""
    return folded(text).replace(QUOTE, "")
