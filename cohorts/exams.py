"""Exams under the terms of cohorts: begun under them, running, given up, moved, and when their keys are shown.

May import the apps on its left. What an exam is held to stands in terms.py, as rules over rows at hand.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.compiled import Compiled, Ids
from accounts.locking import atomic_once_more
from accounts.models import Anyone, Audit, User
from cohorts.grouped import COHORTS
from cohorts.models import Assignment, AttemptTerms, Cohort, Enrolment, ExamRule, Extension, Membership
from cohorts.models.terms import AttemptTermsQuerySet, extensions_of
from cohorts.terms import Rule, Terms, held_to
from lessons.models import Module
from quizzes.models import Attempt
from quizzes.models.clock import MORE_TIME
from quizzes.models.draws import exam_pools

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class OfLearner(TypedDict):
        used: int
        is_entrusted: bool
        learner_extensions: list[Extension]

    class Answered(TypedDict):
        answered: int
        items: int

    AskingAssignment = WithAnnotations[Assignment, OfLearner]
    Sitting = WithAnnotations[Attempt, Answered]


# What an exam begins under


@dataclass(frozen=True)
class Asking:
    """What asks one learner for the exam of a module, or offers it, and what that would hold an exam to now."""

    assignments: "list[AskingAssignment]"
    rules: list[Rule]
    at: datetime

    @property
    def terms(self) -> Terms:
        return held_to(self.rules, self.at)

    @property
    def allowing(self) -> "list[AskingAssignment]":
        """Return the assignments for which an exam begun now counts."""
        return [row for row, rule in zip(self.assignments, self.rules, strict=True) if rule.allows]

    @property
    def certifies(self) -> bool:
        """Whether a certificate, or one of a limited number of attempts, hangs on an exam begun now, or did before."""
        return any(row.certifies for row in self.allowing or self.assignments)

    @property
    def draws_kept(self) -> bool:
        """Whether an exam begun now asks what is kept for exams: it certifies, for staff who may see keys anyway."""
        return any(row.certifies and row.is_entrusted for row in self.allowing or self.assignments)

    def lay_down(self, sitting: Attempt) -> None:
        """Write the terms of an exam that begins now: for what asks and still allows it, it counts. One query."""
        rows = zip(self.assignments, self.rules, strict=True)
        AttemptTerms.objects.bulk_create(
            AttemptTerms(attempt=sitting, assignment=row, counts=rule.allows, extra_time=rule.extra_time or timedelta())
            for row, rule in rows
        )


def asking(learner: Anyone, module: Module, at: datetime) -> Asking:
    """Return what asks `learner` for the exam of `module` then, in cohorts that they are in. At most 2 queries.

    As long as a cohort whose staff may teach allows one, it is that cohort's alone: a cohort that learners make for
    themselves lengthens no exam of others.
    """
    rows = list(_asking(learner, module, at)) if learner.is_authenticated else []
    pairs = [(row, row.rule_for(next(iter(row.learner_extensions), None), row.used)) for row in rows]
    if any(row.is_entrusted and rule.allows for row, rule in pairs):
        pairs = [(row, rule) for row, rule in pairs if row.is_entrusted]
    return Asking([row for row, _ in pairs], [rule for _, rule in pairs], at)


def _asking(learner: User, module: Module, at: datetime) -> "Iterable[AskingAssignment]":
    extensions = Prefetch("extensions", Extension.objects.filter(enrolment__user=learner), to_attr="learner_extensions")
    here = Membership.objects.filter(enrolment__user=learner, from_at__lte=at, until_at=None)
    begun = AttemptTerms.objects.of(learner).filter(assignment=OuterRef("pk")).order_by().values("assignment")
    used = begun.annotate(number=Count("pk", filter=Q(counts=True)) + Sum("given_up")).values("number")
    rows = Assignment.objects.set_for(learner).with_exam(module, at).filter(cohort__in=here.values("enrolment__cohort"))
    entrusted = Exists(Cohort.objects.entrusted().filter(pk=OuterRef("cohort")))
    return rows.annotate(used=Coalesce(Subquery(used), 0), is_entrusted=entrusted).prefetch_related(extensions)


def terms_of(learner: Anyone, module: Module, at: datetime) -> Terms:
    """Return the Terms of an exam of `module` that `learner` begins then. At most 2 queries."""
    return asking(learner, module, at).terms


# Whose keys are not shown yet


@dataclass(frozen=True)
class Held:
    """One exam under one assignment on which something hangs, with what is still to come of that.

    `left` attempts (None: no limit); closed: its date has passed, or its cohort is in the archive.
    """

    terms: AttemptTerms
    is_running: bool
    is_closed: bool
    left: int | None
    has_passed: bool

    @property
    def keeps_keys(self) -> bool:
        """Whether its keys would serve in an exam that is still to come, or is open."""
        if self.is_running or self.is_closed:
            return self.is_running
        return not self.has_passed if self.left is None else self.left > 0

    @property
    def to_give_up(self) -> int:
        """Return how many attempts its learner can give up for its answers."""
        return 0 if self.is_running or self.is_closed else self.left or 0


def held_back(learner: User | None, at: datetime, outside: Cohort | None = None) -> dict[int, int]:
    """Return {id of an exam of which this person is shown no key then: attempts that they can give up for that}.

    As KEYS_HELD_BACK names it for quizzes (decision 0024): an exam on which something hangs shows its keys after the
    last attempt that its assignments allow, or once these are closed for the person, or what is left is given up.
    Without a number of attempts it shows them once one is passed. What the cohort `outside` has set is left out. One
    query, 2 where there is such an exam.
    """
    kept: dict[int, int] = {}
    for held in _held(learner, at):
        if held.keeps_keys and held.terms.assignment.cohort != outside:
            key = held.terms.attempt_id
            kept[key] = max(kept.get(key, 0), held.to_give_up)
    return kept


def _held(learner: User | None, at: datetime) -> list[Held]:
    """Return what is Held of the person's exams: one for each exam and assignment that certifies."""
    rows = list(AttemptTerms.objects.of(learner).select_related("assignment__cohort", "attempt"))
    rows = [row for row in rows if row.assignment.certifies]
    extensions = extensions_of(rows) if rows else {}
    by_assignment: dict[int, list[AttemptTerms]] = defaultdict(list)
    for row in rows:
        by_assignment[row.assignment_id].append(row)
    held = []
    for row in rows:
        others = by_assignment[row.assignment_id]
        used = sum(other.counts + other.given_up for other in others)
        rule = row.assignment.rule_for(extensions.get((row.assignment_id, row.attempt.learner_id)), used)
        held.append(
            Held(
                terms=row,
                is_running=any(other.attempt.is_open for other in others),
                is_closed=rule.is_past(at) or row.assignment.cohort.archived_at is not None,
                left=rule.attempts_left,
                has_passed=any(other.counts and other.attempt.has_passed for other in others),
            )
        )
    return held


@atomic_once_more
def give_up(learner: User, sitting: Attempt, at: datetime) -> bool:
    """Give up the attempts that are left after this exam, for its answers; False, and nothing changed, without any.

    Staff can give more afterwards. The learner's row is held, so that none is begun meanwhile.
    """
    User.objects.hold(learner.pk)
    given_up = [held for held in _held(learner, at) if held.terms.attempt_id == sitting.pk and held.to_give_up]
    for held in given_up:
        held.terms.given_up += held.to_give_up
        held.terms.save(update_fields=["given_up"])
    return bool(given_up)


def practised_sections(assignment: Assignment) -> int:
    """Return in how many sections its exam takes items practised too; 0 where nothing hangs on it. 3 queries."""
    if not assignment.certifies:
        return 0
    draws_kept = Cohort.objects.entrusted().filter(pk=assignment.cohort_id).exists()
    most = assignment.module.exam_per_section if draws_kept else 0
    pools = exam_pools(assignment.module)
    return sum(bool(pool.practised) and (not draws_kept or len(pool.kept) < most) for pool in pools)


# Running exams, for the staff of a cohort


def running(cohort: Cohort) -> "list[Sitting]":
    """Return the open exams that count in a cohort, the first to end first, with `answered` of `items`. One query.

    Of those who learn there now; what was answered is not among it.
    """
    rows = Attempt.objects.filter(pk__in=_terms_in(cohort).running().values("attempt")).select_related("module")
    answered = Count("responses", filter=Q(responses__saved_at__isnull=False) & ~Q(responses__answer=None))
    sittings = rows.annotate(answered=answered, items=Count("responses")).order_by("started_at", "pk")
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(sittings, key=lambda sitting: sitting.closes_at or never)


def running_counts(cohorts: Iterable[Cohort]) -> dict[int, int]:
    """Return {cohort id: how many exams that count in it are open}, as `running` has them. One query."""
    return dict(RUNNING(cohorts=[cohort.pk for cohort in cohorts]))


def _running(cohorts: Collection[int]) -> QuerySet[Any, Any]:
    learns = (
        Enrolment.objects.current()
        .learners()
        .filter(cohort=OuterRef("assignment__cohort"), user=OuterRef("attempt__learner"))
    )
    rows = AttemptTerms.objects.running().filter(Exists(learns), assignment__cohort__in=cohorts).order_by()
    counted = rows.values("assignment__cohort").annotate(count=Count("attempt", distinct=True))
    return counted.values_list("assignment__cohort", "count")


RUNNING = Compiled(_running, cohorts=Ids(COHORTS))


@atomic_once_more
def give_time(cohort: Cohort, ends: Mapping[int, datetime], by: User, at: datetime) -> int:
    """Add ten minutes to the running exams that still end as the page said; return how many, and note it. 8 queries.

    `ends` is {attempt id: end}: of a second press, or of two people at once, only the first finds these ends. Whoever
    does not learn there any more is given nothing.
    """
    count = _terms_in(cohort).filter(attempt__in=ends).add_time(ends, MORE_TIME, at)
    if count:
        Audit.record(by, "more time", f"cohort {cohort.pk}: ten minutes, running exams: {count}", at)
    return count


def _terms_in(cohort: Cohort) -> AttemptTermsQuerySet:
    """Return the terms, under what a cohort has set, of those who learn there now. No query."""
    people = cohort.enrolments.current().learners().values("user")
    return AttemptTerms.objects.filter(assignment__cohort=cohort, attempt__learner__in=people)


def running_of(assignment: Assignment, enrolment: Enrolment) -> Attempt | None:
    """Return the open exam of one learner that counts for an assignment, or None. One query."""
    rows = assignment.terms.of(enrolment.user).running().select_related("attempt")
    return next((row.attempt for row in rows), None)


# What a guest brings


def brought(user: User, sittings: Sequence[Attempt], at: datetime) -> int:
    """Settle what exams count that a guest began and `user` has from now on; return how many came as practice.

    Begun in a cohort, they count as they did there, as far as the attempts of the person go: those of the account
    stay, and of the guest's the first come first. Begun elsewhere they count for no cohort; such an exam is practice
    where a cohort of the account asks for one. At most 5 queries, and one for each that counts no more.
    """
    if not sittings:
        return 0
    rows = AttemptTerms.objects.of(user).select_related("assignment", "attempt").order_by("attempt__started_at", "pk")
    extensions = extensions_of(rows)
    came = {sitting.pk for sitting in sittings}
    used: dict[int, int] = defaultdict(int)
    for row in rows:
        used[row.assignment_id] += row.given_up + (row.counts and row.attempt_id not in came)
    counting = set()
    for row in rows:
        if row.attempt_id in came and row.counts:
            rule = row.assignment.rule_for(extensions.get((row.assignment_id, user.pk)), used[row.assignment_id])
            used[row.assignment_id] += 1
            if rule.allows:
                counting.add(row.attempt_id)
            else:
                AttemptTerms.objects.filter(pk=row.pk).update(counts=False)
    asked = Assignment.objects.set_for(user).filter(opens_at__lte=at).exclude(exam=ExamRule.NOT_ASKED)
    modules = set(asked.values_list("module", flat=True))
    return sum(sitting.module_id in modules and sitting.pk not in counting for sitting in sittings)
