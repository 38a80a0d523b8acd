"""Several cohorts side by side, in figures: the same rows as on each cohort's own board. Nine queries in all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.privacy import is_few
from cohorts.board import columns_among, rows_of
from cohorts.models import Assignment, Cohort, Enrolment, Extension, HandMark
from cohorts.models.assignments import counts_from
from lessons.models import Module, Reading, Section
from quizzes.models import Attempt
from quizzes.outlines import with_lessons

if TYPE_CHECKING:
    from quizzes.outlines import SectionWithLessons

# What a board can show, with its word.
FIGURES = {"not_started": _("Not started"), "stuck": _("Stuck"), "late": _("Overdue"), "passed": _("All passed")}


# Readings and quizzes by learner, extensions and marks by hand by their places.
Facts = tuple[
    dict[int, list[Any]], dict[int, list[Any]], dict[tuple[int, int], Extension], dict[tuple[int, int, int], HandMark]
]


@dataclass
class Line:
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
        """Return whether the cohort's board, which shows one module at a time, has these very learners."""
        return len(self.modules) == 1


def lines_of(cohorts: list[Cohort], at: datetime) -> list[Line]:
    """Return a Line for each of the cohorts, in their order. 9 queries, however many cohorts, learners or modules."""
    assignments: dict[int, list[Assignment]] = defaultdict(list)
    enrolments: dict[int, list[Enrolment]] = defaultdict(list)
    rows = Assignment.objects.filter(cohort__in=cohorts).select_related("module").prefetch_related("sections")
    for row in rows.order_by("pk"):
        assignments[row.cohort_id].append(row)
    modules = {row.module_id: row.module for each in assignments.values() for row in each}
    present = Enrolment.objects.current().learners().filter(cohort__in=cohorts)
    for enrolment in present:
        enrolments[enrolment.cohort_id].append(enrolment)
    sections = with_lessons(Section.objects.filter(module__in=modules))
    readings = _by_learner(Reading.objects.counted(*modules.values()).filter(learner__in=present.values("user")))
    quizzes = _by_learner(Attempt.objects.counted(*modules.values()).filter(learner__in=present.values("user")))
    extensions = Extension.objects.filter(assignment__cohort__in=cohorts).by_place()
    marks = HandMark.objects.filter(assignment__cohort__in=cohorts).current()
    facts: Facts = (readings, quizzes, extensions, marks)
    return [_line(cohort, assignments[cohort.pk], enrolments[cohort.pk], sections, facts, at) for cohort in cohorts]


def _by_learner(rows: Iterable[Any]) -> dict[int, list[Any]]:
    rows_of_learner: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        rows_of_learner[row.learner_id].append(row)
    return rows_of_learner


def _line(
    cohort: Cohort,
    assignments: list[Assignment],
    enrolments: list[Enrolment],
    sections: "list[SectionWithLessons]",
    facts: Facts,
    at: datetime,
) -> Line:
    readings, quizzes, extensions, marks = facts
    dues = [row.due_at for row in assignments if row.due_at and row.due_at >= at]
    modules = list({row.module_id: row.module for row in assignments}.values())
    line = Line(cohort, modules, len(enrolments), min(dues, default=None), {})
    columns = columns_among(sections, assignments)
    if is_few(len(enrolments)) or not columns:
        return line
    opening = {column.section.pk: column.opens_at for column in columns}
    people = [enrolment for enrolment in enrolments if enrolment.user_id]
    read = [row for each in people for row in readings[each.user_id or 0] if row.section_id in opening]
    done = [
        row
        for each in people
        for row in quizzes[each.user_id or 0]
        if row.section_id in opening and row.submitted_at >= counts_from(opening[row.section_id], each.joined_at or at)
    ]
    rows = rows_of(columns, assignments, enrolments, read, done, extensions, marks, at)
    line.counts = {shown: sum(row.is_among(shown) for row in rows) for shown in FIGURES}
    return line
