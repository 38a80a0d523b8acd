"""The gradebook of a cohort: everybody's mark for each section of a module that is set, and for its exam; totals.

Behind these stand the quizzes of its staff: those for marks are in the total, those for practice are not.

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

from django.db.models import Max, Value

from accounts.names import sort_key
from accounts.privacy import is_few
from cohorts.choices import ExamRule, WhichAttempt
from cohorts.journal import SCORES, Setting
from cohorts.lateness import is_late
from cohorts.marks import MISSING, AttemptRow, Mark, Marker, leading, marker, requires
from cohorts.members import Member, learners_in_order
from cohorts.models import Assignment, Cohort, Extension, HandMark, QuizAssignment
from cohorts.points import points_of, total_points
from cohorts.quiz_marks import ByHand, Sittings, best_scores, marks_of, quizzes_beside, sittings_of
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

    @cached_property
    def mark_of(self) -> Marker:
        return marker(self.section, self.leads)

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
    """One learner: a mark for each head, and for each quiz of staff; the total, None where nothing counts yet."""

    member: Member
    marks: list[Mark]
    quizzes: list[Mark]
    total: Total | None

    @property
    def all_marks(self) -> list[Mark]:
        """Return the marks in the order of their columns."""
        return [*self.marks, *self.quizzes]

    @property
    def late_count(self) -> int:
        return sum(mark.is_late for mark in self.all_marks)


@dataclass
class Gradebook:
    """What is marked in a cohort and a module, and who learns there, in order of their names.

    Without a module nothing but `quizzes`.
    `by_hand` are the marks set by hand that count; `extensions` those of each person.
    """

    cohort: Cohort
    module: Module | None
    setting: Setting
    assignments: Sequence[Assignment]
    heads: list[Head]
    quizzes: list[QuizAssignment]
    members: list[Member]
    by_hand: ByHand
    extensions: Mapping[int, Mapping[int, Extension]]
    at: datetime
    weights: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Say what each column weighs: nothing where a quiz is for practice."""
        self.weights = [head.weight for head in self.heads]
        self.weights += [row.weight if row.is_for_marks else 0 for row in self.quizzes]

    @cached_property
    def groups(self) -> list[tuple[int, str]]:
        """Return (id, name) of each group that somebody is in."""
        named = {member.group_id: member.group for member in self.members if member.group_id and member.group}
        return sorted(((key, name) for key, name in named.items() if key), key=lambda pair: sort_key(pair[1]))

    @property
    def weighs_alike(self) -> bool:
        """Return whether all marks have the same weight in the total, practice aside."""
        return len({head.weight for head in self.heads} | {row.weight for row in self.for_marks}) <= 1

    @property
    def for_marks(self) -> list[QuizAssignment]:
        """Return the quizzes whose marks are in the total."""
        return [row for row in self.quizzes if row.is_for_marks]

    @property
    def unnumbered_count(self) -> int:
        """Return how many have no number of the school."""
        return sum(not member.school_number for member in self.members)

    def in_group(self, group: int | None) -> list[Member]:
        """Return everybody, or those of the group of that id, in their order."""
        return [member for member in self.members if group is None or member.group_id == group]

    def lines(self, members: Sequence[Member]) -> list[Line]:
        """Return the Line of each of these, in their order. One query, 2 with quizzes."""
        learners = [member.user_id for member in members if member.user_id]
        by_head: dict[tuple[int | None, int | None], list[AttemptRow]] = defaultdict(list)
        for row in SCORES(**self.setting._asdict(), learners=learners):
            by_head[row.learner_id, row.section_id].append(row)
        sittings = sittings_of(self.quizzes, learners)
        return [self._line(member, by_head, sittings) for member in members]

    def _line(
        self,
        member: Member,
        by_head: Mapping[tuple[int | None, int | None], Sequence[AttemptRow]],
        sittings: Sittings,
    ) -> Line:
        extensions = self.extensions.get(member.pk, {})
        marks = []
        for head in self.heads:
            rows = by_head.get((member.user_id, head.key), []) if member.user_id else []
            hand = self.by_hand.get((member.pk, head.key, None)) if head.key else None
            marks.append(head.mark_of(rows, hand, extensions))
        quizzes = marks_of(self.quizzes, member.pk, member.user_id, sittings, self.by_hand)
        weighed = zip(self.weights, [*marks, *quizzes], strict=True)
        return Line(member, marks, quizzes, total_of(weighed, self.at, self.cohort.missing_is_zero))

    def figures(self, members: Sequence[Member], lines: Sequence[Line] | None = None) -> list[Figure | None]:
        """Return the Figure of these people's totals, and of each column; None where fewer than five have any.

        `lines` are those of all of them, if they are at hand: then no query, else one.
        """
        whole = self.cohort.points
        if lines is None and not all(head.is_a_maximum for head in self.heads):
            lines = self.lines(members)
        if lines is not None:
            totals = [line.total for line in lines]
            columns = list(zip(*([mark.score for mark in line.all_marks] for line in lines), strict=True))
        else:
            scores = self._scores(members)
            totals = [self._total_of_scores(member, row) for member, row in zip(members, scores, strict=True)]
            columns = list(zip(*scores, strict=True))
        figures = [_figure([total.score for total in totals if total], whole, total_points)]
        for column in columns or [()] * len(self.weights):
            figures.append(_figure([score for score in column if score is not None], whole, points_of))
        return figures

    def _scores(self, members: Sequence[Member]) -> list[list[Decimal | None]]:
        """Return for each of these people the score of each column, where each is the best one. One query."""
        names = ("enrolment_id", "section_id")
        rows, *others = (
            rows.values(*names).annotate(best=Max("score")).values_list(*names, "best", Value(0)).order_by()
            for rows in (self.setting.assignments.quizzes(), self.setting.assignments.exams())
        )
        if self.quizzes:
            others.append(best_scores(self.quizzes).values_list("learner_id", "assignment_id", "best", Value(1)))
        best: dict[int, dict[tuple[int | None, int | None], Decimal]] = {0: {}, 1: {}}  # 1: quizzes of staff
        for who, what, score, kind in rows.union(*others, all=True):
            best[kind][who, what] = score
        by_hand = {key: mark.score for key, mark in self.by_hand.items()}
        return [
            [
                *(by_hand.get((pk, head.key, None), best[0].get((pk, head.key))) for head in self.heads),
                *(by_hand.get((pk, None, row.pk), best[1].get((user, row.pk))) for row in self.quizzes),
            ]
            for pk, user in ((member.pk, member.user_id) for member in members)
        ]

    def _total_of_scores(self, member: Member, scores: Sequence[Decimal | None]) -> Total | None:
        extensions = self.extensions.get(member.pk, {})
        counted = []
        dues = [head.leads.due_for(extensions.get(head.leads.pk)) if head.is_required else None for head in self.heads]
        dues += [row.due_at for row in self.quizzes]
        for weight, due, score in zip(self.weights, dues, scores, strict=True):
            if score is None and self.cohort.missing_is_zero and is_late(self.at, due):
                counted.append((weight, Decimal(0)))
            elif score is not None:
                counted.append((weight, score))
        return _weighted(counted)


def total_of(weighed: Iterable[tuple[int, Mark]], at: datetime, missing_is_zero: bool) -> Total | None:
    """Return the Total of pairs (weight, mark); None where none counts.

    Where `missing_is_zero`, required work that is due and was not handed in is a mark of 0, but for those excused.
    """
    counted = []
    for weight, mark in weighed:
        score = mark.score
        if score is None and missing_is_zero and mark.rule.is_required and mark.standing(at) == MISSING:
            score = Decimal(0)
        if score is not None:
            counted.append((weight, score))
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


def gradebook_of(cohort: Cohort, module: Module | None, assignments: Sequence[Assignment], at: datetime) -> Gradebook:
    """Return the Gradebook of the cohort's present learners in a module, as at that time. 6 queries.

    `assignments` are all that is set for the cohort, with their sections at hand. Without a module, where nothing is
    set, it has the quizzes of its staff alone.
    """
    mine = [row for row in assignments if module and row.module_id == module.pk]
    people = cohort.enrolments.current().learners()
    setting = Setting(cohort.pk, module.pk if module else 0)  # nothing is set of a module 0
    extensions: dict[int, dict[int, Extension]] = defaultdict(dict)
    for row in Extension.objects.filter(assignment__in=setting.assignments, enrolment__in=people):
        extensions[row.enrolment_id][row.assignment_id] = row
    return Gradebook(
        cohort=cohort,
        module=module,
        setting=setting,
        assignments=mine,
        heads=_heads(cohort, module, mine) if module else [],
        quizzes=quizzes_beside(cohort, module, assignments),
        members=learners_in_order(cohort.pk),
        by_hand=HandMark.objects.filter(enrolment__in=people).current(),
        extensions=extensions,
        at=at,
    )


def _heads(cohort: Cohort, module: Module, assignments: Sequence[Assignment]) -> list[Head]:
    """Return the columns of a module that these assignments set. 2 queries."""
    weights = weights_of(cohort, module)
    heads = [
        Head(section, leading(assignments, section), weights.get(section.pk, 1))
        for section in module.sections.live().select_related("module").order_by("position")
        if any(row.covers(section) for row in assignments)
    ]
    if any(row.exam != ExamRule.NOT_ASKED for row in assignments):
        heads.append(Head(None, leading(assignments, None), weights.get(None, 1)))
    return heads


def weights_of(cohort: Cohort, module: Module) -> dict[int | None, int]:
    """Return {section id, None for the exam: how much its mark weighs}, as far as somebody set it. One query."""
    return dict(cohort.weights.filter(module=module).values_list("section", "weight"))
