"""What counts of everybody in some cohorts, grouped by the database: a row for each learner, and for each section.

What is read grows with the people, but neither with what they did nor with how often.
"""

from collections.abc import Collection, Sequence
from functools import reduce
from itertools import product
from operator import or_
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from accounts.compiled import Compiled, Ids
from cohorts.journal import MOST_QUIZZES, MOST_SECTIONS
from cohorts.models import Assignment, Enrolment, QuizAssignment
from cohorts.models.assignments import AssignmentQuerySet
from cohorts.models.cohorts import EnrolmentQuerySet
from cohorts.unions import NO_MOMENT, Null, Number
from lessons.models import Reading

Sections = Sequence[tuple[Collection[int], Collection[int]]]  # which cohorts set which sections, by their ids
PASSING = Q(score__gte=F("threshold"))
COHORTS = 20  # on a page, each with its figures; of more, the queries are written anew
NONE, NEVER = Null(IntegerField()), Value(0, IntegerField())
THING = ("enrolment_id", "section_id", "exam_id", "set_quiz_id")  # whose, and of what, each row is


def by_section(
    assignments: AssignmentQuerySet,
    people: EnrolmentQuerySet,
    sections: Sections,
    set_quizzes: Collection[int] | None,
    with_last: bool,
    asks_when: bool,
) -> QuerySet[Any, Any]:
    """Return rows (enrolment, section, assignment, set quiz, passed, failed, last at, last passed at) of what counts.

    How many quizzes of a section passed and failed, how many exams under an assignment passed, and how many times a
    quiz of staff: each by its own id, the others being None. What was read has none of them. When somebody was last at
    work is None, and when something was last passed is left out, unless it is asked for.
    """
    last = {"last_at": Max("submitted_at") if with_last else NO_MOMENT}
    when = {"passed_at": Max("submitted_at", filter=PASSING)} if asks_when else {}
    no_when = dict.fromkeys(when, NO_MOMENT)
    columns = ("passes", "fails", *last, *when)
    quizzes = _counted(assignments.quizzes(), people, {**last, **when}, exam_id=NONE, set_quiz_id=NONE)
    quizzes = quizzes.annotate(fails=Number("pk", filter=~PASSING))
    exams = _counted(assignments.exams_under(), people, {**last, **when}, set_quiz_id=NONE).annotate(fails=NEVER)
    read = _readers(people, sections, with_last).annotate(section_id=NONE, exam_id=NONE, set_quiz_id=NONE, fails=NEVER)
    others = [
        exams.values_list(*THING, *columns),
        read.annotate(**no_when).values_list("pk", *THING[1:], *columns),
    ]
    if set_quizzes is not None:
        rows = QuizAssignment.objects.filter(pk__in=set_quizzes).attempts_by_place()
        ids = {"section_id": NONE, "exam_id": NONE, "set_quiz_id": F("assignment_id")}
        of_staff = _counted(rows, people, {**last, **no_when}, **ids).annotate(fails=NEVER)
        others.append(of_staff.values_list(*THING, *columns))
    return quizzes.values_list(*THING, *columns).order_by().union(*(rows.order_by() for rows in others), all=True)


def _counted(
    rows: QuerySet[Any, Any], people: EnrolmentQuerySet, moments: dict[str, Any], **ids: Any
) -> QuerySet[Any, Any]:
    """Return these people's attempts by what each is of, with how many passed; nobody is stuck in an exam."""
    rows = rows.filter(enrolment_id__in=people).annotate(**ids).values(*THING)
    return rows.annotate(passes=Number("pk", filter=PASSING), **moments)


def _readers(people: EnrolmentQuerySet, sections: Sections, with_last: bool) -> EnrolmentQuerySet:
    """Return people with when they last read a lesson of what is set, `last_at`; else those who have read one."""
    read = Reading.objects.filter(learner=OuterRef("user"), lesson__withdrawn_at=None).order_by()
    theirs = [(keys, read.filter(lesson__section__in=theirs)) for keys, theirs in sections]
    if not with_last:
        has_read = reduce(or_, (Q(Exists(rows), cohort__in=keys) for keys, rows in theirs))
        return people.filter(has_read).annotate(last_at=NO_MOMENT, passes=Value(1))
    lasts = ((keys, rows.values("learner").annotate(last_at=Max("read_at")).values("last_at")) for keys, rows in theirs)
    whens = (When(cohort__in=keys, then=Subquery(last)) for keys, last in lasts)
    return people.annotate(last_at=Case(*whens, default=None, output_field=DateTimeField()), passes=Value(0))


def learners_in(cohorts: Collection[int]) -> EnrolmentQuerySet:
    """Return who learns now in these cohorts."""
    return Enrolment.objects.filter(cohort__in=cohorts).current().learners()


def _of_cohorts(with_last: bool, asks_when: bool, has_quizzes: bool) -> Compiled[Any]:
    """Return `by_section` of everybody in cohorts that set the same sections."""

    def build(
        cohorts: Collection[int], sections: Collection[int], set_quizzes: Collection[int] | None = None
    ) -> QuerySet[Any, Any]:
        setting, people = Assignment.objects.filter(cohort__in=cohorts), learners_in(cohorts)
        return by_section(setting, people, [(cohorts, sections)], set_quizzes, with_last, asks_when)

    quizzes = {"set_quizzes": Ids(MOST_QUIZZES)} if has_quizzes else {}
    return Compiled(build, cohorts=Ids(COHORTS), sections=Ids(MOST_SECTIONS), **quizzes)


BY_SECTION = {shape: _of_cohorts(*shape) for shape in product((False, True), repeat=3)}
