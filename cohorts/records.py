"""How learners stand: what counts of each, from facts or grouped by the database, with marks by hand and extensions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from accounts.compiled import Compiled, Ids
from accounts.pages import PAGE
from cohorts.grouped import BY_SECTION, COHORTS, Sections, by_section, learners_in
from cohorts.journal import MOST_QUIZZES, SETTING, Fact, Facts, Setting, facts_of
from cohorts.judging import STUCK_AFTER, Judge, Record
from cohorts.members import MEMBER, Member
from cohorts.models import Assignment, Extension, HandMark
from cohorts.models.assignments import AssignmentQuerySet, latest_by_thing
from cohorts.models.cohorts import EnrolmentQuerySet


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
        """Take into the record what `by_section` says of a section, an exam, a quiz of staff, or of lessons.

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
        by_section(assignments, people, _sections(judges), quizzes or None, with_last, _asks_when(judges)),
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
    """Return `by_section` of these cohorts; where they do not all set the same sections, it is written anew."""
    sections, quizzes, asks_when = _sections(judges), _quizzes(judges), _asks_when(judges)
    if len(sections) > 1:
        setting, people = Assignment.objects.filter(cohort__in=judges), learners_in(judges)
        return by_section(setting, people, sections, quizzes or None, with_last, asks_when)
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
    """Return a Standing for each of these, of whom `rows` say what `by_section` does."""
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
    """Return what one learner did as `by_section` has it: a row for each section, exam, set quiz, and all reading."""
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


def _extensions(cohort: int, module: int, places: Collection[int]) -> QuerySet[Extension]:
    return Extension.objects.filter(assignment__cohort=cohort, assignment__module=module, enrolment__in=places)


def _by_hand(cohort: int, module: int, places: Collection[int], quizzes: Collection[int]) -> QuerySet[HandMark]:
    is_theirs = Q(assignment__cohort=cohort, assignment__module=module) | Q(quiz__in=quizzes)
    return HandMark.objects.filter(is_theirs, enrolment__in=places).by_time()


# What the pages of several cohorts ask of all who learn there, and those of one of a page of a hundred.
MEMBERS = Compiled(lambda cohorts: learners_in(cohorts).values_list(*MEMBER), cohorts=Ids(COHORTS))
EXTENSIONS_IN = Compiled(
    lambda cohorts: Extension.objects.filter(assignment__cohort__in=cohorts, enrolment__in=learners_in(cohorts)),
    cohorts=Ids(COHORTS),
)
BY_HAND_IN = Compiled(
    lambda cohorts: HandMark.objects.filter(
        Q(assignment__cohort__in=cohorts) | Q(quiz__cohort__in=cohorts), enrolment__in=learners_in(cohorts)
    ).by_time(),
    cohorts=Ids(COHORTS),
)
EXTENSIONS = Compiled(_extensions, **SETTING, places=Ids(PAGE))
BY_HAND = Compiled(_by_hand, **SETTING, places=Ids(PAGE), quizzes=Ids(MOST_QUIZZES))
