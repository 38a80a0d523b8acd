"""Several cohorts side by side, in figures: judged as on each cohort's own board. Eight queries in all."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.privacy import is_few
from cohorts.judging import Judge, Judgement, columns_among, count_among
from cohorts.models import Assignment, Cohort, Enrolment
from cohorts.records import standings
from lessons.models import Section
from quizzes.outlines import with_lessons

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


def figures_of(cohorts: Sequence[Cohort], at: datetime) -> list[CohortFigures]:
    """Return CohortFigures for each cohort, in their order. 8 queries, however many cohorts, learners or modules."""
    counting = Assignment.objects.filter(cohort__in=cohorts)
    assignments: dict[int, list[Assignment]] = defaultdict(list)
    for row in counting.with_sections().order_by("pk"):
        assignments[row.cohort_id].append(row)
    sections = with_lessons(Section.objects.filter(module__in=counting.values("module")))
    judges = {cohort.pk: Judge(columns_among(sections, assignments[cohort.pk]), at) for cohort in cohorts}
    people = Enrolment.objects.current().learners().filter(cohort__in=cohorts)
    alike: dict[int, Counter[Judgement]] = defaultdict(Counter)
    for member, record in standings(counting, judges, people):
        alike[member.cohort_id][judges[member.cohort_id].of(record)] += 1
    return [_figures(cohort, assignments[cohort.pk], judges[cohort.pk], alike[cohort.pk]) for cohort in cohorts]


def _figures(
    cohort: Cohort, assignments: Sequence[Assignment], judge: Judge, alike: Counter[Judgement]
) -> CohortFigures:
    """Return the figures of a cohort whose learners are judged as `alike` counts them."""
    dues = [row.due_at for row in assignments if row.due_at and row.due_at >= judge.at]
    modules = {row.module_id for row in assignments}
    figures = CohortFigures(cohort, len(modules), alike.total(), min(dues, default=None), {})
    if judge.columns and not is_few(figures.learner_count):
        figures.counts = {shown: count_among(alike, shown) for shown in FIGURES}
    return figures
