"""What counts of everybody in some cohorts, grouped by the database: a row for each learner, and for each section.

What is read grows with the people, but neither with what they did nor with how often; only `journal` names single
facts, of the people of one page.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import reduce
from itertools import product
from operator import or_
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    Field,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from accounts.compiled import ID, Compiled, Ids
from accounts.folding import QUOTE, cut, folded
from accounts.names import sort_key
from accounts.pages import PAGE
from cohorts.judging import STUCK_AFTER, Judge, Record
from cohorts.models import Assignment, Enrolment, Extension, HandMark, QuizAssignment
from cohorts.models.assignments import AssignmentQuerySet, latest_by_thing
from cohorts.models.cohorts import EnrolmentQuerySet, known_name, shown_name
from lessons.models import Reading

Sections = Sequence[tuple[Collection[int], Collection[int]]]  # which cohorts set which sections, by their ids
PASSING = Q(score__gte=F("threshold"))
COHORTS = 20  # on a page, each with its figures; of more, the queries are written anew
MOST_SECTIONS, MOST_QUIZZES = 20, 10  # of a cohort; where there are more, the queries of a page are written anew


class Null(Cast):
    """NULL of a type, without which PostgreSQL joins no rows. Nothing is made of what is read there, which would cost.

    A union is read as its first query: in that one it stands only for whole numbers, or where all have no value.
    """

    def __init__(self, field: Field) -> None:
        super().__init__(Value(None), field)

    def get_db_converters(self, connection: object) -> list[Any]:
        return []


class Number(Count):
    """A Count as the database returns it: a whole number already, which Django makes one of once more."""

    def get_db_converters(self, connection: object) -> list[Any]:
        return []


NO_MOMENT = Null(DateTimeField())

MEMBER = (
    *("pk", "cohort_id", "user_id", "user__name", "user__is_guest", "roster_name", "said_name"),
    *("school_number", "group_id", "group__name", "user__time_zone"),
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
    time_zone: str | None

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

    @property
    def searched(self) -> str:
        """Return all that the person is looked for by: each name, and the number of the school."""
        return f"{self.roster_name} {self.said_name} {self.shown_name} {self.school_number}"


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


class Standing(NamedTuple):
    """A learner, and what counts of their work."""

    member: Member
    record: Record

    def take(
        self,
        judge: Judge,
        section: int | None,
        exam: int | None,
        set_quiz: int | None,
        passes: int,
        fails: int,
        last_at: datetime | None,
        passed_at: datetime | None = None,
    ) -> None:
        """Take into the record what `_by_section` says of a section, an exam, a quiz of staff, or of lessons.

        Whoever sat the exam or such a quiz alone has begun.
        """
        record = self.record
        if last_at and (record.last_at is None or record.last_at < last_at):
            record.last_at = last_at
        if set_quiz:
            bit = judge.quizzes.get(set_quiz, 0)
            record.handed_in |= bit
        else:
            bit = judge.exams.get(exam, 0) if exam else judge.bits.get(section, 0) if section else 0
        has_read = section is None and bool(passes or last_at)
        record.has_begun |= exam is not None or bit > 0 or has_read
        record.passed |= bit if passes else 0
        record.failed |= bit if fails >= STUCK_AFTER else 0
        if bit and passed_at:
            record.last_passed += ((bit, passed_at),)


def standings(
    assignments: AssignmentQuerySet,
    judges: Mapping[int, Judge],
    people: EnrolmentQuerySet,
    members: Iterable[Member],
    with_last: bool = False,
) -> list[Standing]:
    """Return a Standing for each of `members`, the learners `people` in the cohorts of `judges`, {cohort id: Judge}.

    `assignments` are all that the judges judge by. Only `with_last` records say when somebody was last at work. 3
    queries, whatever the number of learners.
    """
    quizzes, by_hand = _quizzes(judges), HandMark.objects.filter(enrolment__in=people)
    return _standings(
        judges,
        members,
        _by_section(assignments, people, _sections(judges), quizzes or None, with_last, _asks_when(judges)),
        Extension.objects.filter(assignment__in=assignments, enrolment__in=people),
        by_hand.filter(Q(assignment__in=assignments) | Q(quiz__in=quizzes)).current().values(),
    )


def standings_in(judges: Mapping[int, Judge], with_last: bool = False) -> list[Standing]:
    """Return the same of everybody who learns in the cohorts of `judges`, by all that is set there. 4 queries."""
    members = list(map(Member._make, MEMBERS(cohorts=judges))) if judges else []
    if not members:
        return []
    by_hand = latest_by_thing(BY_HAND_IN(cohorts=judges))
    rows = _by_section_in(judges, with_last)
    return _standings(judges, members, rows, EXTENSIONS_IN(cohorts=judges), by_hand.values())


def _by_section_in(judges: Mapping[int, Judge], with_last: bool) -> Iterable[Any]:
    """Return `_by_section` of these cohorts; where they do not all set the same sections, it is written anew."""
    sections, quizzes, asks_when = _sections(judges), _quizzes(judges), _asks_when(judges)
    if len(sections) > 1:
        setting, people = Assignment.objects.filter(cohort__in=judges), _learners(judges)
        return _by_section(setting, people, sections, quizzes or None, with_last, asks_when)
    theirs = {"cohorts": list(judges), "sections": sections[0][1]}
    query = BY_SECTION[with_last, asks_when, bool(quizzes)]
    return query(**theirs, set_quizzes=quizzes) if quizzes else query(**theirs)


def standings_of(setting: Setting, judge: Judge, members: Sequence[Member]) -> tuple[list[Standing], Facts]:
    """Return the same of some learners of that cohort, from all that each did, and that. 3 queries.

    It costs less than to group it where it is read anyway, to be shown.
    """
    facts = facts_of(setting, judge.bits, judge.quizzes, members)
    rows = (row for one in members for row in _summed(one.pk, facts.by_learner.get(one.user_id or 0, [])))
    whose = {**setting._asdict(), "places": [member.pk for member in members]}
    by_hand = latest_by_thing(BY_HAND(**whose, quizzes=list(judge.quizzes)))
    return _standings({setting.cohort: judge}, members, rows, EXTENSIONS(**whose), by_hand.values()), facts


def _standings(
    judges: Mapping[int, Judge],
    members: Iterable[Member],
    rows: Iterable[Any],
    extensions: Iterable[Extension],
    by_hand: Iterable[HandMark],
) -> list[Standing]:
    """Return a Standing for each of these, of whom `rows` say what `_by_section` does."""
    by_pk = {row.pk: Standing(row, Record(has_joined=row.user_id is not None)) for row in members}
    for pk, *facts in rows:
        if standing := by_pk.get(pk):
            standing.take(judges[standing.member.cohort_id], *facts)
    for extension in extensions:
        if standing := by_pk.get(extension.enrolment_id):
            standing.record.extensions += (extension,)
    for mark in by_hand:
        if standing := by_pk.get(mark.enrolment_id):
            standing.record.by_hand += (mark,)
    return list(by_pk.values())


def _summed(enrolment: int, facts: Iterable[Fact]) -> list[tuple[Any, ...]]:
    """Return what one learner did as `_by_section` has it: a row for each section, exam, set quiz, and all reading."""
    alike: dict[tuple[int | None, int | None, int | None], list[Fact]] = defaultdict(list)
    read_at = None
    for fact in facts:
        if fact.lesson_id:
            read_at = fact.submitted_at
        else:
            alike[fact.section_id, fact.exam_id, fact.set_quiz_id].append(fact)
    rows: list[tuple[Any, ...]] = [(enrolment, None, None, None, 0, 0, read_at)] if read_at else []
    for key, theirs in alike.items():
        passed = [fact.submitted_at for fact in theirs if fact.passes]
        fails = len(theirs) - len(passed) if key[0] else 0  # nobody is stuck in an exam
        rows.append((enrolment, *key, len(passed), fails, theirs[-1].submitted_at, max(passed, default=None)))
    return rows


def learners_in_order(cohort: int) -> list[Member]:
    """Return a Member for each who learns now in the cohort of that id, by the name that staff know them by.

    Namesakes by enrolment. One query.
    """
    return sorted(map(Member._make, LEARNERS(cohort=cohort)), key=_order)


def _order(member: Member) -> tuple[tuple[str, str], int]:
    """Return by what a learner's place is; of thousands, most stand on a roster, and need no more than its name."""
    return sort_key(member.roster_name or member.known_name), member.pk


def matching(members: Sequence[Member], words: str) -> list[Member]:
    """Return those in whose names or number of the school each of the words stands, whatever case and accents."""
    wanted = _bare(cut(words)).split()
    if not wanted:
        return list(members)
    known = ((member, _bare(member.searched)) for member in members)
    return [member for member, names in known if all(word in names for word in wanted)]


def _bare(text: str) -> str:
    """Return a text as names are looked for in it: its bare words, as if there were no apostrophe."""
    return folded(text).replace(QUOTE, "")


def _sections(judges: Mapping[int, Judge]) -> Sections:
    """Return which cohorts set which sections."""
    cohorts: dict[frozenset[int], list[int]] = defaultdict(list)
    for cohort, judge in judges.items():
        cohorts[frozenset(judge.bits)].append(cohort)
    return [(keys, sections) for sections, keys in cohorts.items()]


def _quizzes(judges: Mapping[int, Judge]) -> list[int]:
    return [pk for judge in judges.values() for pk in judge.quizzes]


def _asks_when(judges: Mapping[int, Judge]) -> bool:
    return any(judge.asks_when for judge in judges.values())


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


def _by_section(
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
    moments = {"last_at": Max("submitted_at") if with_last else NO_MOMENT}
    passed_at = {"passed_at": Max("submitted_at", filter=PASSING)} if asks_when else {}
    never_passed = dict.fromkeys(passed_at, NO_MOMENT)
    names = ("enrolment_id", "section_id", "exam_id", "set_quiz_id")
    passes, none = Number("pk", filter=PASSING), Null(IntegerField())
    quizzes = (
        assignments.quizzes()
        .filter(enrolment_id__in=people)
        .annotate(exam_id=none, set_quiz_id=none)
        .values(*names)
        .annotate(passes=passes, fails=Number("pk", filter=~PASSING), **moments, **passed_at)
    )
    exams = (
        assignments.exams_under()
        .filter(enrolment_id__in=people)
        .annotate(set_quiz_id=none)
        .values(*names)
        .annotate(passes=passes, fails=Value(0, IntegerField()), **moments, **passed_at)
    )
    columns = ("passes", "fails", *moments, *passed_at)
    readers = _readers(people, sections, with_last).annotate(
        section_id=none, exam_id=none, set_quiz_id=none, fails=Value(0), **never_passed
    )
    others = [exams.values_list(*names, *columns), readers.values_list("pk", *names[1:], *columns)]
    if set_quizzes is not None:
        of_staff = (
            QuizAssignment.objects.filter(pk__in=set_quizzes)
            .attempts_by_place()
            .filter(enrolment_id__in=people)
            .annotate(section_id=none, exam_id=none, set_quiz_id=F("assignment_id"))
            .values(*names)
            .annotate(passes=passes, fails=Value(0, IntegerField()), **moments, **never_passed)
        )
        others.append(of_staff.values_list(*names, *columns))
    return quizzes.values_list(*names, *columns).order_by().union(*(rows.order_by() for rows in others), all=True)


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


def _extensions(cohort: int, module: int, places: Collection[int]) -> QuerySet[Extension]:
    return Extension.objects.filter(assignment__cohort=cohort, assignment__module=module, enrolment__in=places)


def _by_hand(cohort: int, module: int, places: Collection[int], quizzes: Collection[int]) -> QuerySet[HandMark]:
    is_theirs = Q(assignment__cohort=cohort, assignment__module=module) | Q(quiz__in=quizzes)
    return HandMark.objects.filter(is_theirs, enrolment__in=places).by_time()


def _learners(cohorts: Collection[int]) -> EnrolmentQuerySet:
    return Enrolment.objects.filter(cohort__in=cohorts).current().learners()


def _of_cohorts(with_last: bool, asks_when: bool, has_quizzes: bool) -> Compiled[Any]:
    """Return `_by_section` of everybody in cohorts that set the same sections."""

    def build(
        cohorts: Collection[int], sections: Collection[int], set_quizzes: Collection[int] | None = None
    ) -> QuerySet[Any, Any]:
        setting, people = Assignment.objects.filter(cohort__in=cohorts), _learners(cohorts)
        return _by_section(setting, people, [(cohorts, sections)], set_quizzes, with_last, asks_when)

    quizzes = {"set_quizzes": Ids(MOST_QUIZZES)} if has_quizzes else {}
    return Compiled(build, cohorts=Ids(COHORTS), sections=Ids(MOST_SECTIONS), **quizzes)


# What the pages of several cohorts ask, of all who learn there.
MEMBERS = Compiled(lambda cohorts: _learners(cohorts).values_list(*MEMBER), cohorts=Ids(COHORTS))
BY_SECTION = {shape: _of_cohorts(*shape) for shape in product((False, True), repeat=3)}
EXTENSIONS_IN = Compiled(
    lambda cohorts: Extension.objects.filter(assignment__cohort__in=cohorts, enrolment__in=_learners(cohorts)),
    cohorts=Ids(COHORTS),
)
BY_HAND_IN = Compiled(
    lambda cohorts: HandMark.objects.filter(
        Q(assignment__cohort__in=cohorts) | Q(quiz__cohort__in=cohorts), enrolment__in=_learners(cohorts)
    ).by_time(),
    cohorts=Ids(COHORTS),
)

# What the pages of learners ask: of the whole cohort, and of a page of a hundred.
LEARNERS = Compiled(
    lambda cohort: Enrolment.objects.filter(cohort=cohort).current().learners().values_list(*MEMBER), cohort=ID
)
SETTING: dict[str, Any] = {"cohort": ID, "module": ID}
WHOSE: dict[str, Any] = {**SETTING, "learners": Ids(PAGE), "sections": Ids(MOST_SECTIONS)}
JOURNAL = Compiled(_journal, **WHOSE)
JOURNAL_WITH_QUIZZES = Compiled(_journal, **WHOSE, set_quizzes=Ids(MOST_QUIZZES))
SCORES = Compiled(
    lambda cohort, module, learners: Setting(cohort, module).assignments.attempt_rows(learners, cohort=cohort),
    **SETTING,
    learners=Ids(PAGE),
)
EXTENSIONS = Compiled(_extensions, **SETTING, places=Ids(PAGE))
BY_HAND = Compiled(_by_hand, **SETTING, places=Ids(PAGE), quizzes=Ids(MOST_QUIZZES))
