"""What cohorts have set of sections, for one person or for many, as each is to read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.compiled import ID, Compiled
from accounts.models import Anyone
from cohorts.choices import ExamRule, LateRule
from cohorts.lateness import closing_date, due_date
from cohorts.models import Assignment
from cohorts.models.assignments import AssignmentQuerySet, precedence
from lessons.models import Module


@dataclass(frozen=True)
class SetSection:
    """A section that is set for one person, who is shown `label`.

    `own_due_at` and `own_closes_at` heed their extension: the latter is when the last assignment of the cohort closes
    that sets the section, since its mark is made of what counts for any. `late_points` of 100 are taken off what comes
    late.
    `asks_for_exam` together with the sections; `exam_passed_at` is when one that counts for that was passed last.
    `hand_score` is the mark set by hand that counts for it in the cohort, of which `points` are how many marks are; of
    what sets the section there, one `leads`: what is true of the section alone is said once.
    """

    assignment_id: int
    section_id: int
    leads: bool
    opens_at: datetime
    own_due_at: datetime | None
    own_closes_at: datetime | None
    late_points: int
    is_required: bool
    is_excused: bool
    hand_score: Decimal | None
    hand_made_at: datetime | None
    months_valid: int | None
    asks_for_exam: bool
    exam_passed_at: datetime | None
    title: str
    cohort_name: str
    points: int
    time_zone: str

    @property
    def label(self) -> str:
        """Return whose work it is: the cohort's, with the title that it was given, if any."""
        return f"{self.cohort_name}, {self.title}" if self.title else self.cohort_name


SET = Compiled(lambda user: Assignment.objects.set_for(user).section_rows(), user=ID)
SET_IN = Compiled(
    lambda user, module: Assignment.objects.filter(module=module).set_for(user).section_rows(), user=ID, module=ID
)


def sections_set_for(user: Anyone, module: Module | None = None) -> list[SetSection]:
    """Return what is set for somebody of a module, or of all, the first due first; nothing for a visitor. One query.

    One for each assignment and section; what a cohort's staff say of a section is the same in all of its own.
    """
    if not user.is_authenticated:
        return []
    rows = SET_IN(user=user.pk, module=module.pk) if module else SET(user=user.pk)
    return [section for _learner, section in _with_whose(rows)]


def sections_of(assignments: AssignmentQuerySet) -> list[SetSection]:
    """Return the same of some of what is `set_for` one person. One query."""
    return [section for _learner, section in _with_whose(assignments.section_rows())]


def sections_by_learner(assignments: AssignmentQuerySet) -> dict[int, list[SetSection]]:
    """Return {id of a person: the same} of what is `set_for_all` of some people. One query."""
    sections: dict[int, list[SetSection]] = {}
    for learner, section in _with_whose(assignments.section_rows()):
        sections.setdefault(learner, []).append(section)
    return sections


def _with_whose(rows: Iterable[Any]) -> list[tuple[int, SetSection]]:
    """Return (id of a person, SetSection) of `section_rows`, the first due first."""
    ordered = sorted(rows, key=precedence)
    leading: dict[tuple[int, int], int] = {}
    for row in ordered:
        leading.setdefault((row.cohort_id, row.section_id), row.pk)
    ordered.sort(key=lambda row: row.pk)
    closings: dict[tuple[int, int, int], list[datetime | None]] = {}
    for row in ordered:
        closings.setdefault((row.learner, row.cohort_id, row.section_id), []).append(_closing(row))
    sections = [
        (
            row.learner,
            _set_section(
                row,
                leads=leading[row.cohort_id, row.section_id] == row.pk,
                closes_at=_last(closings[row.learner, row.cohort_id, row.section_id]),
            ),
        )
        for row in ordered
    ]
    return sorted(sections, key=lambda pair: (pair[1].own_due_at is None, pair[1].own_due_at or pair[1].opens_at))


def _closing(row: Any) -> datetime | None:
    """Return when an assignment closes for the person of that row, or None where it never does."""
    return closing_date(row.closes_at, row.due_at, due_date(row.due_at, row.later, row.is_excused))


def _last(closings: Iterable[datetime | None]) -> datetime | None:
    """Return when the last of these closes; None where one never does."""
    moments = list(closings)
    return None if None in moments else max(moment for moment in moments if moment)


def _set_section(row: Any, leads: bool, closes_at: datetime | None) -> SetSection:
    own_due_at = due_date(row.due_at, row.later, row.is_excused)
    return SetSection(
        assignment_id=row.pk,
        section_id=row.section_id,
        leads=leads,
        opens_at=row.opens_at,
        own_due_at=own_due_at,
        own_closes_at=closes_at,
        late_points=row.late_points if row.late_rule == LateRule.LESS else 0,
        is_required=row.is_required,
        is_excused=row.is_excused,
        hand_score=row.hand_score,
        hand_made_at=row.hand_made_at,
        months_valid=row.months_valid,
        asks_for_exam=row.exam == ExamRule.REQUIRED,
        exam_passed_at=row.exam_passed_at,
        title=row.title,
        cohort_name=row.cohort_name,
        points=row.cohort_points,
        time_zone=row.time_zone,
    )
