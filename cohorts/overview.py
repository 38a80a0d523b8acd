"""Several cohorts side by side, in figures: judged as on each cohort's own board. Eight queries in all."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.compiled import Compiled, Ids
from accounts.privacy import is_few
from cohorts.board import Judged
from cohorts.grouped import COHORTS
from cohorts.judging import Judge, Judgement, columns_among, count_among
from cohorts.models import Assignment, Cohort, QuizAssignment
from cohorts.records import standings_in
from lessons.models import Section

# What a board can show, with its word.
FIGURES = {
    "not_joined": _("Not joined"),
    "not_started": _("Not begun"),
    "stuck": _("Stuck"),
    "late": _("Overdue"),
    "passed": _("All passed"),
}


@dataclass
class CohortFigures:
    """One cohort: its learners, and {shown: how many}; no counts below five learners or where nothing is set."""

    cohort: Cohort
    module_count: int
    learner_count: int
    next_due_at: datetime | None
    counts: dict[str, int]

    @property
    def is_too_small(self) -> bool:
        return self.learner_count > 0 and is_few(self.learner_count)

    @property
    def board_shows_the_same(self) -> bool:
        """Whether the cohort's board, which shows one module at a time, has these very learners."""
        return self.module_count == 1


@dataclass
class JudgedCohort:
    """A cohort with what is set in it, and who learns there, judged as on its board; nobody unless `is_counted`."""

    cohort: Cohort
    assignments: list[Assignment]
    quizzes: list[QuizAssignment]
    judge: Judge
    people: list[Judged]
    is_counted: bool

    @cached_property
    def alike(self) -> Counter[Judgement]:
        """How many stand in the same way."""
        return Counter(one.judgement for one in self.people)


def _sections(cohorts: Collection[int]) -> QuerySet[Section]:
    """Return the live sections of the modules that are set in these cohorts, in order, with their modules."""
    modules = Assignment.objects.filter(cohort__in=cohorts).values("module")
    return Section.objects.live().filter(module__in=modules).select_related("module").order_by("module", "position")


def _quizzes(cohorts: Collection[int]) -> QuerySet[QuizAssignment]:
    return QuizAssignment.objects.filter(cohort__in=cohorts).select_related("quiz").order_by("opens_at", "pk")


SECTIONS = Compiled(_sections, cohorts=Ids(COHORTS))
QUIZZES = Compiled(_quizzes, cohorts=Ids(COHORTS))


def judged(
    cohorts: Sequence[Cohort], at: datetime, counted: Collection[Cohort], with_last: bool = False
) -> list[JudgedCohort]:
    """Return a JudgedCohort for each, in their order, with the people of those that are to be `counted`.

    Records say when somebody was last at work only `with_last`. Quizzes of staff are those of the whole cohort, by
    opening. 8 queries, however many cohorts, learners or modules.
    """
    if not cohorts:
        return []
    assignments: dict[int, list[Assignment]] = defaultdict(list)
    for row in Assignment.objects.filter(cohort__in=cohorts).with_sections().order_by("pk"):
        assignments[row.cohort_id].append(row)
    keys = [cohort.pk for cohort in cohorts]
    ordered = SECTIONS(cohorts=keys)
    quizzes: dict[int, list[QuizAssignment]] = defaultdict(list)
    for quiz in QUIZZES(cohorts=keys):
        quizzes[quiz.cohort_id].append(quiz)
    judges = {
        cohort.pk: Judge(columns_among(ordered, assignments[cohort.pk]), at, quizzes[cohort.pk]) for cohort in cohorts
    }
    known: dict[int, list[Judged]] = defaultdict(list)
    judging = {row.pk: judges[row.pk] for row in counted}
    for member, record in standings_in(judging, with_last):
        known[member.cohort_id].append(Judged(member, record, judges[member.cohort_id].of(record)))
    return [
        JudgedCohort(row, assignments[row.pk], quizzes[row.pk], judges[row.pk], known[row.pk], row in counted)
        for row in cohorts
    ]


def figures_of(cohorts: Sequence[Cohort], at: datetime) -> list[CohortFigures]:
    """Return CohortFigures for each cohort, in their order. 8 queries, however many cohorts, learners or modules."""
    return [_figures(row) for row in judged(cohorts, at, counted=cohorts)]


def _figures(row: JudgedCohort) -> CohortFigures:
    dues = [work.due_at for work in row.assignments if work.due_at and work.due_at >= row.judge.at]
    modules = {work.module_id for work in row.assignments}
    figures = CohortFigures(row.cohort, len(modules), len(row.people), min(dues, default=None), {})
    if row.judge.columns and not is_few(figures.learner_count):
        figures.counts = {shown: count_among(row.alike, shown) for shown in FIGURES}
    return figures
