"""Several cohorts side by side, in figures: the same rows as on each cohort's own board. Nine queries in all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext_lazy as _

from accounts.privacy import is_few
from cohorts.board import CountedAttempt, DatedReading, Extensions, HandMarks, columns_among, rows_of
from cohorts.models import Assignment, Cohort, Enrolment, Extension, HandMark
from lessons.models import Module, Reading, Section
from quizzes.outlines import with_lessons

if TYPE_CHECKING:
    from quizzes.outlines import SectionWithLessons

Key = TypeVar("Key")
Fact = TypeVar("Fact", DatedReading, CountedAttempt)

# What a board can show, with its word.
FIGURES = {"not_started": _("Not started"), "stuck": _("Stuck"), "late": _("Overdue"), "passed": _("All passed")}


@dataclass
class CohortFigures:
    """One cohort: its learners, and {shown: how many}; no counts below five learners or where nothing is set."""

    cohort: Cohort
    modules: list[Module]
    learner_count: int
    next_due_at: datetime | None
    counts: dict[str, int]

    @property
    def is_too_small(self) -> bool:
        return self.learner_count > 0 and is_few(self.learner_count)

    @property
    def board_shows_the_same(self) -> bool:
        """Whether the cohort's board, which shows one module at a time, has these very learners."""
        return len(self.modules) == 1


@dataclass
class Facts:
    """What is known of everybody: readings by learner, quizzes by cohort and learner, extensions, marks set by hand."""

    readings: dict[int | None, list[DatedReading]]
    quizzes: dict[tuple[int, int | None], list[CountedAttempt]]
    extensions: Extensions
    marks: HandMarks


def figures_of(cohorts: Sequence[Cohort], at: datetime) -> list[CohortFigures]:
    """Return CohortFigures for each cohort, in their order. 9 queries, however many cohorts, learners or modules."""
    assignments: dict[int, list[Assignment]] = defaultdict(list)
    enrolments: dict[int, list[Enrolment]] = defaultdict(list)
    rows = Assignment.objects.filter(cohort__in=cohorts).select_related("module").prefetch_related("sections")
    rows = rows.order_by("pk")
    for row in rows:
        assignments[row.cohort_id].append(row)
    modules = [row.module for row in rows]
    present = Enrolment.objects.current().learners().filter(cohort__in=cohorts)
    for enrolment in present:
        enrolments[enrolment.cohort_id].append(enrolment)
    sections = with_lessons(Section.objects.filter(module__in=modules))
    facts = Facts(
        _grouped(
            (row.learner_id, row)
            for row in Reading.objects.counted(*modules).filter(learner__in=present.values("user"))
        ),
        _grouped(
            ((row.cohort_id, row.learner_id), row)
            for row in Assignment.objects.filter(cohort__in=cohorts).quizzes_by_cohort()
        ),
        Extension.objects.filter(assignment__cohort__in=cohorts).by_enrolment(),
        HandMark.objects.filter(assignment__cohort__in=cohorts).current(),
    )
    return [_figures(cohort, assignments[cohort.pk], enrolments[cohort.pk], sections, facts, at) for cohort in cohorts]


def _grouped(pairs: Iterable[tuple[Key, Fact]]) -> dict[Key, list[Fact]]:
    """Return {key: rows}, with none for a key that is not there."""
    by_key: dict[Key, list[Fact]] = defaultdict(list)
    for key, row in pairs:
        by_key[key].append(row)
    return by_key


def _figures(
    cohort: Cohort,
    assignments: Sequence[Assignment],
    enrolments: Sequence[Enrolment],
    sections: "Iterable[SectionWithLessons]",
    facts: Facts,
    at: datetime,
) -> CohortFigures:
    dues = [row.due_at for row in assignments if row.due_at and row.due_at >= at]
    modules = list({row.module_id: row.module for row in assignments}.values())
    figures = CohortFigures(cohort, modules, len(enrolments), min(dues, default=None), {})
    columns = columns_among(sections, assignments)
    if is_few(len(enrolments)) or not columns:
        return figures
    shown = {column.section.pk for column in columns}
    readings: list[DatedReading] = []
    quizzes: list[CountedAttempt] = []
    for enrolment in enrolments:
        if enrolment.user_id:
            readings += [row for row in facts.readings[enrolment.user_id] if row.section_id in shown]
            quizzes += [row for row in facts.quizzes[cohort.pk, enrolment.user_id] if row.section_id in shown]
    rows = rows_of(columns, assignments, enrolments, readings, quizzes, facts.extensions, facts.marks, at)
    figures.counts = {figure: sum(row.is_among(figure) for row in rows) for figure in FIGURES}
    return figures
