"""What single learners did that counts, fact by fact, for the people of one page."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import DecimalField, F, IntegerField, QuerySet

from accounts.compiled import ID, Compiled, Ids
from accounts.pages import PAGE
from cohorts.members import Member
from cohorts.models import Assignment, QuizAssignment
from cohorts.models.assignments import AssignmentQuerySet
from cohorts.unions import Null
from lessons.models import Reading

MOST_SECTIONS, MOST_QUIZZES = 20, 10  # of a cohort; where there are more, the queries of a page are written anew


class Setting(NamedTuple):
    """What a cohort sets of a module, by the ids of both."""

    cohort: int
    module: int

    @property
    def assignments(self) -> AssignmentQuerySet:
        return Assignment.objects.filter(cohort=self.cohort, module=self.module)


class Fact(NamedTuple):
    """An attempt that counts; or a reading, without score and threshold.

    An exam has no section, and is there once for each assignment for which it counts, which is its `exam_id`; nor has a
    quiz of staff, whose `set_quiz_id` is that of its QuizAssignment.
    """

    pk: int
    learner_id: int
    section_id: int | None
    score: Decimal | None
    threshold: Decimal | None
    submitted_at: datetime
    lesson_id: int | None
    exam_id: int | None
    set_quiz_id: int | None

    @property
    def read_at(self) -> datetime:
        """When a reading was, which a journal lists by the same moment."""
        return self.submitted_at

    @property
    def passes(self) -> bool:
        return self.score is not None and self.threshold is not None and self.score >= self.threshold


class Facts(NamedTuple):
    """What some learners did, and what they have begun.

    By the user's id, the oldest first; and pairs (user's id, id of a QuizAssignment) of quizzes of staff that are open.
    """

    by_learner: dict[int, list[Fact]]
    begun: set[tuple[int, int]]


def facts_of(setting: Setting, sections: Collection[int], quizzes: Collection[int], members: Iterable[Member]) -> Facts:
    """Return the Facts of these members, as the journal has them. One query."""
    facts = Facts({row.user_id: [] for row in members if row.user_id}, set())
    whose = {**setting._asdict(), "learners": list(facts.by_learner), "sections": sections}
    rows = JOURNAL_WITH_QUIZZES(**whose, set_quizzes=quizzes) if quizzes else JOURNAL(**whose)
    for fact in map(Fact._make, rows):
        if fact.set_quiz_id and fact.score is None:
            facts.begun.add((fact.learner_id, fact.set_quiz_id))
        else:
            facts.by_learner[fact.learner_id].append(fact)
    return facts


def _journal(
    learners: Collection[int],
    sections: Collection[int],
    set_quizzes: Collection[int] | None = None,
    *,
    cohort: int,
    module: int,
) -> QuerySet[Any, Any]:
    """Return rows of a Fact for each attempt of these people that counts, and each live lesson of `sections`, by time.

    Of the quizzes of staff with these ids of a QuizAssignment also open attempts, without score and moment.
    """
    assignments = Setting(cohort, module).assignments
    none, no_score = Null(IntegerField()), Null(DecimalField(max_digits=5, decimal_places=4))
    quizzes, exams = (
        rows.filter(learner__in=learners).annotate(lesson_id=none, set_quiz_id=none)
        for rows in (assignments.quizzes(cohort).annotate(exam_id=none), assignments.exams_under(cohort))
    )
    readings = (
        Reading.objects.filter(learner__in=learners, lesson__section__in=sections, lesson__withdrawn_at=None)
        .annotate(section_id=F("lesson__section_id"), submitted_at=F("read_at"), score=no_score)
        .annotate(threshold=no_score, exam_id=none, set_quiz_id=none)
    )
    others = [exams, readings]
    if set_quizzes is not None:
        of_staff = QuizAssignment.objects.filter(pk__in=set_quizzes)
        others += [
            rows.filter(learner__in=learners)
            .annotate(section_id=none, lesson_id=none, exam_id=none, set_quiz_id=F("assignment_id"))
            .order_by()
            for rows in (of_staff.attempts(), of_staff.begun())
        ]
    parts = [rows.values_list(*Fact._fields) for rows in (quizzes, *others)]
    return parts[0].union(*parts[1:], all=True).order_by("submitted_at", "pk")


# What the pages of learners ask, each for a page of a hundred.
SETTING: dict[str, Any] = {"cohort": ID, "module": ID}
WHOSE: dict[str, Any] = {**SETTING, "learners": Ids(PAGE), "sections": Ids(MOST_SECTIONS)}
JOURNAL = Compiled(_journal, **WHOSE)
JOURNAL_WITH_QUIZZES = Compiled(_journal, **WHOSE, set_quizzes=Ids(MOST_QUIZZES))
SCORES = Compiled(
    lambda cohort, module, learners: Setting(cohort, module).assignments.attempt_rows(learners, cohort=cohort),
    **SETTING,
    learners=Ids(PAGE),
)
