"""What counts of everybody in some cohorts, grouped by the database: a row for each learner, and for each section.

What is read grows with the people, but neither with what they did nor with how often; only `journal` names single
facts, of the people of one page.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from accounts.names import sort_key
from cohorts.judging import STUCK_AFTER, Judge, Record
from cohorts.models import Extension, HandMark
from cohorts.models.assignments import AssignmentQuerySet
from cohorts.models.cohorts import EnrolmentQuerySet, known_name, shown_name
from lessons.models import Reading

PASSING = Q(score__gte=F("threshold"))
NO_MOMENT = Cast(Value(None), DateTimeField())  # PostgreSQL joins no rows in which a moment has no type

MEMBER = (
    *("pk", "cohort_id", "user_id", "user__name", "user__is_guest", "roster_name", "said_name"),
    *("school_number", "group_id", "group__name"),
)  # the fields of a Member, as a query names them


class Member(NamedTuple):
    """A learner's enrolment, as a list of thousands needs it; `user_id` is None of a place that nobody has taken."""

    pk: int
    cohort_id: int
    user_id: int | None
    name: str | None
    is_guest: bool | None
    roster_name: str
    said_name: str
    school_number: str
    group_id: int | None
    group: str | None

    @property
    def shown_name(self) -> str:
        """Return the name that the person chose; of a guest a short mark; of a place not taken an empty string."""
        return shown_name(self.name, bool(self.is_guest)) if self.name else ""

    @property
    def known_name(self) -> str:
        return known_name(self.roster_name, self.said_name, self.shown_name)

    @property
    def chosen_name(self) -> str:
        """Return the name that the person chose where staff know them by another; else an empty string."""
        return self.shown_name if self.shown_name != self.known_name else ""


class Fact(NamedTuple):
    """An attempt that counts, of which an exam has no section; or a reading, without score and threshold."""

    pk: int
    learner_id: int
    section_id: int | None
    score: Decimal | None
    threshold: Decimal | None
    submitted_at: datetime
    lesson_id: int | None

    @property
    def read_at(self) -> datetime:
        """When a reading was, which a journal lists by the same moment."""
        return self.submitted_at


class Standing(NamedTuple):
    """A learner, and what counts of their work."""

    member: Member
    record: Record

    def take(
        self,
        judge: Judge,
        section: int | None,
        exam: int | None,
        passes: int,
        fails: int,
        passed_at: datetime | None,
        last_at: datetime | None,
    ) -> None:
        """Take into the record what `_by_section` says of one section, or of the exam under one assignment.

        Whoever sat the exam alone has begun.
        """
        record = self.record
        if last_at and (record.last_at is None or record.last_at < last_at):
            record.last_at = last_at
        bit = judge.exams.get(exam, 0) if exam else judge.bits.get(section, 0) if section else 0
        record.has_begun |= exam is not None or bit > 0
        record.passed |= bit if passes else 0
        record.failed |= bit if fails >= STUCK_AFTER else 0
        if bit and passed_at:
            record.last_passed += ((bit, passed_at),)


def standings(
    assignments: AssignmentQuerySet, judges: Mapping[int, Judge], people: EnrolmentQuerySet, with_last: bool = False
) -> list[Standing]:
    """Return a Standing for each of `people`, enrolments as learners in the cohorts of `judges`, {cohort id: Judge}.

    `assignments` are all that the judges judge by. Only `with_last` records say when somebody was last at work. 4
    queries, whatever the number of learners.
    """
    by_pk = {member.pk: Standing(member, record) for member, record in _members(people, judges, with_last)}
    for pk, *facts in _by_section(assignments, people, judges, with_last):
        if standing := by_pk.get(pk):
            standing.take(judges[standing.member.cohort_id], *facts)
    for extension in Extension.objects.filter(assignment__in=assignments, enrolment__in=people):
        if standing := by_pk.get(extension.enrolment_id):
            standing.record.extensions += (extension,)
    for mark in HandMark.objects.filter(assignment__in=assignments, enrolment__in=people).current().values():
        if standing := by_pk.get(mark.enrolment_id):
            standing.record.by_hand += (mark,)
    return list(by_pk.values())


def members_in_order(people: EnrolmentQuerySet) -> list[Member]:
    """Return a Member for each of `people`, by the name that staff know them by; namesakes by enrolment. One query."""
    members = [Member._make(row) for row in people.values_list(*MEMBER)]
    return sorted(members, key=lambda member: (sort_key(member.known_name), member.pk))


def _members(
    people: EnrolmentQuerySet, judges: Mapping[int, Judge], with_last: bool
) -> Iterable[tuple[Member, Record]]:
    """Return members, each with a record of whether, or when last, they read a lesson of what is set. One query."""
    cohorts: dict[frozenset[int], list[int]] = defaultdict(list)
    for cohort, judge in judges.items():
        cohorts[frozenset(judge.bits)].append(cohort)
    read = Reading.objects.filter(learner=OuterRef("user"), lesson__withdrawn_at=None).order_by()
    whens = []
    for sections, keys in cohorts.items():
        theirs = read.filter(lesson__section__in=sections)
        last = Subquery(theirs.values("learner").annotate(last_at=Max("read_at")).values("last_at"))
        whens.append(When(cohort__in=keys, then=last if with_last else Exists(theirs)))
    has_read: Combinable = Case(*whens, default=None, output_field=DateTimeField() if with_last else BooleanField())
    for *fields, read_at in people.annotate(read=has_read).values_list(*MEMBER, "read"):
        member = Member._make(fields)
        last_at = read_at if with_last else None
        yield member, Record(has_joined=member.user_id is not None, has_begun=bool(read_at), last_at=last_at)


def _by_section(
    assignments: AssignmentQuerySet, people: EnrolmentQuerySet, judges: Mapping[int, Judge], with_last: bool
) -> Iterable[Any]:
    """Return rows (enrolment id, section id, assignment id, passed, failed, last passed at, last at) of what counts.

    How many quizzes of a section passed and failed, and how many exams under an assignment passed: a quiz has no
    assignment, and an exam no section. Moments are None unless they are asked for. One query.
    """
    asks_when = any(judge.asks_when for judge in judges.values())
    passed_at = Max("submitted_at", filter=PASSING) if asks_when else NO_MOMENT
    last_at = Max("submitted_at") if with_last else NO_MOMENT
    names = ("enrolment_id", "section_id", "exam_id")
    passes = Count("pk", filter=PASSING)
    quizzes = (
        assignments.quizzes()
        .filter(enrolment_id__in=people)
        .annotate(exam_id=Cast(Value(None), IntegerField()))
        .values(*names)
        .annotate(passes=passes, fails=Count("pk", filter=~PASSING), passed_at=passed_at, last_at=last_at)
    )
    exams = (
        assignments.exams_under()
        .filter(enrolment_id__in=people)
        .values(*names)
        .annotate(passes=passes, fails=Value(0, IntegerField()), passed_at=passed_at, last_at=last_at)
    )
    columns = (*names, "passes", "fails", "passed_at", "last_at")
    return quizzes.values_list(*columns).order_by().union(exams.values_list(*columns).order_by(), all=True)


def journal(assignments: AssignmentQuerySet, sections: Collection[int], learners: Sequence[int]) -> Iterable[Fact]:
    """Return a Fact for each attempt of these people that counts, and each live lesson of `sections`, by time.

    One query.
    """
    none = {name: Cast(Value(None), DecimalField(max_digits=5, decimal_places=4)) for name in ("score", "threshold")}
    no_lesson = Cast(Value(None), IntegerField())
    quizzes, exams = (
        rows.filter(learner__in=learners).annotate(lesson_id=no_lesson).values_list(*Fact._fields)
        for rows in (assignments.quizzes(), assignments.exams())
    )
    readings = (
        Reading.objects.filter(learner__in=learners, lesson__section__in=sections, lesson__withdrawn_at=None)
        .annotate(section_id=F("lesson__section_id"), submitted_at=F("read_at"), **none)
        .values_list(*Fact._fields)
    )
    return map(Fact._make, quizzes.union(exams, readings, all=True).order_by("submitted_at", "pk"))
