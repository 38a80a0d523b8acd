"""What is due of a learner: the dates that cohorts set, as they hold for them, until they are met."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import F, Max, OuterRef, Q, Subquery

from accounts.models import Anyone, User
from accounts.zones import zone
from cohorts.choices import Role
from cohorts.marks import RUNS_OUT_SOON, months_later
from cohorts.models import Enrolment
from cohorts.models.assignments import Assignment, AssignmentQuerySet
from cohorts.set_sections import SetSection, sections_by_learner, sections_of
from lessons.models import LiveQuerySet, Module, Section
from quizzes.models import Attempt, Use

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Pass(TypedDict):
        last_passed_at: datetime | None

    SectionWithPass = WithAnnotations[Section, Pass]

A_WEEK = timedelta(days=7)  # what is due by then goes before all else
PASSED = Q(use=Use.QUIZ, is_trial=False, score__gte=F("threshold"))


@dataclass(frozen=True)
class Due:
    """A date that a cohort sets for a section, as it holds for one learner; `row` as `by_section` returns it.

    Where it `is_exam`, it is that of the exam of the section's module, whichever of the sections. `last_passed_at` is
    when a quiz of the section, or an exam that counts there, last passed; None before.
    """

    row: SetSection
    section: Section
    last_passed_at: datetime | None
    at: datetime
    is_exam: bool = False

    @property
    def key(self) -> tuple[bool, int]:
        """Return what it is for: equal for two dates of one section, or of the exam of one module."""
        return self.is_exam, self.section.module_id if self.is_exam else self.section.pk

    @property
    def is_required(self) -> bool:
        return self.row.is_required and (self.is_exam or not self.section.is_optional)

    @property
    def is_done(self) -> bool:
        """Return whether it is passed, or marked as passing by hand for that cohort."""
        return self._is_passed_by_hand or self.last_passed_at is not None

    @property
    def _is_passed_by_hand(self) -> bool:
        score = None if self.is_exam else self.row.hand_score
        return score is not None and score >= self.section.threshold

    @property
    def valid_until(self) -> datetime | None:
        """Return until when it counts as done, where it is and the cohort has it run out; else None."""
        moments = [self.last_passed_at] if self.last_passed_at else []
        if self._is_passed_by_hand and self.row.hand_made_at:
            moments.append(self.row.hand_made_at)
        months = self.row.months_valid
        return months_later(max(moments), months) if months and moments else None

    @property
    def has_run_out(self) -> bool:
        return self.valid_until is not None and self.valid_until <= self.at

    @property
    def runs_out_soon(self) -> bool:
        return self.valid_until is not None and self.valid_until <= self.at + RUNS_OUT_SOON

    @property
    def is_late(self) -> bool:
        due_at = self.row.own_due_at
        return bool(due_at and due_at < self.at and self.is_required and not self.row.is_excused and not self.is_done)

    @property
    def date(self) -> datetime | None:
        """Return by when something is asked: the person's date or, once it is done, the end of what that is good for.

        None where nothing is: of what is optional, excused, without a date, or done for long.
        """
        if not self.is_required or self.row.is_excused:
            return None
        if self.is_done:
            return self.valid_until if self.runs_out_soon else None
        return self.row.own_due_at

    @property
    def has_no_hour(self) -> bool:
        """Return whether it is late or done: its date is then told as a day, without an hour."""
        return self.is_late or self.is_done

    @property
    def is_pressing(self) -> bool:
        """Return whether it goes before all else: late, run out, or so within a week."""
        return self.has_opened and self.date is not None and self.date <= self.at + A_WEEK

    @property
    def has_opened(self) -> bool:
        return self.row.opens_at <= self.at

    @property
    def is_today(self) -> bool:
        """Return whether its date is on this day, as the cohort counts days."""
        local = zone(self.row.time_zone)
        return self.date is not None and self.date.astimezone(local).date() == self.at.astimezone(local).date()


def named(dues: Iterable[Due]) -> list[Due]:
    """Return what a page names: of each section and exam that is open the closest date, the closest first. No query."""
    return [due for due in closest(dues) if due.has_opened]


def closest(dues: Iterable[Due]) -> list[Due]:
    """Return of each section with a date, and each such exam, the Due that comes first, in their order. No query."""
    dated = [(due.date, due.section.module_id, due.is_exam, due.section.position, due) for due in dues if due.date]
    first: dict[tuple[bool, int], Due] = {}
    for *_order, due in sorted(dated, key=lambda entry: entry[:4]):
        first.setdefault(due.key, due)
    return list(first.values())


def roles_and_modules(user: Anyone) -> list[tuple[str, int | None]]:
    """Return (role, id of a module that is set, None where none is) for each open cohort that `user` is in. One query.

    None of a visitor.
    """
    if not user.is_authenticated:
        return []
    places = Enrolment.objects.current().of(user).filter(cohort__archived_at=None)
    return list(places.values_list("role", "cohort__assignments__module").distinct())


def set_modules(roles: Iterable[tuple[str, int | None]]) -> set[int]:
    """Return of what `roles_and_modules` finds the modules that are set for a learner. No query."""
    return {module for role, module in roles if role == Role.LEARNER and module}


def dues_of(user: User, assignments: AssignmentQuerySet, modules: Iterable[Module], at: datetime) -> list[Due]:
    """Return a Due for all of `modules` that `assignments`, of cohorts of `user`, set for them. 2 queries."""
    wanted = list(modules)
    rows = sections_of(assignments.set_for(user).filter(module__in=wanted)) if wanted else []
    sections = list(with_last_pass(_live(rows), user))
    return [*dues_among(rows, sections, at), *exam_dues(rows, sections, at)]


def with_last_pass(sections: LiveQuerySet[Section], user: Anyone) -> LiveQuerySet[Section]:
    """Return these sections, each with when a quiz of it last passed for `user`, None before. No query.

    The module is named too: with it there is an index of one learner's attempts, where a database might else read
    everybody's attempts at that bank.
    """
    passed = Attempt.objects.of(user).filter(PASSED, module=OuterRef("module"), bank__section=OuterRef("pk"))
    last = passed.order_by("-submitted_at").values("submitted_at")[:1]
    return cast("LiveQuerySet[Section]", sections.annotate(last_passed_at=Subquery(last)))


def dues_among(rows: Iterable[SetSection], sections: Iterable[Section], at: datetime) -> list[Due]:
    """Return a Due for each of the `rows` whose section is among these, which are `with_last_pass`. No query."""
    known = {section.pk: section for section in cast("Iterable[SectionWithPass]", sections)}
    return [Due(row, section, section.last_passed_at, at) for row in rows if (section := known.get(row.section_id))]


def exam_dues(rows: Iterable[SetSection], sections: Iterable[Section], at: datetime) -> list[Due]:
    """Return a Due for each exam that the `rows` ask for together with one of these sections. No query."""
    known = {section.pk: section for section in sections}
    asking = {row.assignment_id: row for row in rows if row.asks_for_exam and row.section_id in known}
    return [Due(row, known[row.section_id], row.exam_passed_at, at, is_exam=True) for row in asking.values()]


def dues_by_learner(learners: Collection[int], at: datetime) -> dict[int, list[Due]]:
    """Return {id: the `dues_of` all modules} of these people (ids) for whom something is set. 3 queries."""
    rows = sections_by_learner(Assignment.objects.set_for_all(learners))
    sections = {section.pk: section for section in _live(row for theirs in rows.values() for row in theirs)}
    quizzes = Attempt.objects.filter(PASSED, learner__in=rows, bank__section__in=sections).order_by()
    passes = quizzes.values_list("learner", "bank__section").annotate(last=Max("submitted_at"))
    last = {(learner, section): moment for learner, section, moment in passes}
    return {
        learner: [
            *(
                Due(row, section, last.get((learner, section.pk)), at)
                for row in theirs
                if (section := sections.get(row.section_id))
            ),
            *exam_dues(theirs, sections.values(), at),
        ]
        for learner, theirs in rows.items()
    }


def _live(rows: Iterable[SetSection]) -> LiveQuerySet[Section]:
    return Section.objects.live().filter(pk__in={row.section_id for row in rows}).select_related("module")


def missing_of(assignment: Assignment, dues: Iterable[Due]) -> list[Section]:
    """Return the sections that the assignment asks for and that none of `dues` says are done, in order. No query.

    It has its sections at hand. What has run out is missing too.
    """
    of_sections = [due for due in dues if not due.is_exam]
    asked = {due.section.pk: due.section for due in of_sections if assignment.covers(due.section)}
    done = {due.section.pk for due in of_sections if due.is_done and not due.has_run_out}
    missing = [section for key, section in asked.items() if key not in done and not section.is_optional]
    return sorted(missing, key=lambda section: section.position)
