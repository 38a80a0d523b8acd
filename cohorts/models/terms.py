"""Under which assignments an exam began: what it counts for, and how more time reaches it while it runs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Self

from django.db import models

from accounts.locking import atomic_once_more
from accounts.models import User
from cohorts.models.assignments import Assignment, Extension
from cohorts.terms import Rule, end_of
from quizzes.models import Attempt
from quizzes.models.clock import MORE_TIME

Ruled = tuple["AttemptTerms", Rule]


class AttemptTermsQuerySet(models.QuerySet["AttemptTerms"]):
    def of(self, learner: User | None) -> Self:
        """Return those of one person's exams, trials left out; none of a place that nobody has taken."""
        return self.filter(attempt__learner=learner, attempt__is_trial=False) if learner else self.none()

    def counting(self) -> Self:
        """Return those by which an exam counts for an assignment."""
        return self.filter(counts=True)

    def running(self) -> Self:
        """Return those by which an exam that is open counts."""
        return self.counting().filter(attempt__submitted_at=None, attempt__expired_at=None)

    def by_attempt(self) -> "dict[int, list[Ruled]]":
        """Return {attempt id: the terms by which it counts, each with its Rule as it stands now}. 2 queries."""
        rows = list(self.counting().select_related("assignment", "attempt"))
        extensions = extensions_of(rows)
        ruled: dict[int, list[Ruled]] = defaultdict(list)
        for row in rows:
            extension = extensions.get((row.assignment_id, row.attempt.learner_id))
            ruled[row.attempt_id].append((row, row.assignment.rule_for(extension)))
        return ruled

    @atomic_once_more
    def reach(self, at: datetime) -> int:
        """Bring what staff have just given to these exams, as far as they run: a later end, or more time.

        Nothing is ever taken away, and what was taken back and is given again adds nothing. Return how many of them
        it reached. 7 queries, whatever their number.
        """
        sittings = self._hold_running()
        ruled = AttemptTerms.objects.filter(attempt__in=sittings).by_attempt()
        changed = [sitting for sitting in sittings if _reaches(sitting, ruled[sitting.pk])]
        rows = [row for sitting in changed for row, _ in ruled[sitting.pk]]
        for row in rows:
            row.more_at = at
        Attempt.objects.bulk_update(changed, ["due_at", "extra_time"], batch_size=500)
        AttemptTerms.objects.bulk_update(rows, ["extra_time", "more_at"], batch_size=500)
        return len(changed)

    @atomic_once_more
    def add_time(self, ends: Mapping[int, datetime], time: timedelta, at: datetime) -> int:
        """Add `time` to those of these exams that still end when `ends` {attempt id: end} says; return how many.

        Whoever presses twice gives once. Where time is over already, and nothing is handed in, it runs from `at`.
        5 queries, whatever their number.
        """
        changed = []
        for sitting in self._hold_running():
            end = sitting.closes_at
            if end and ends.get(sitting.pk) == end:
                _give(sitting, max(end, at) + time - end)
                changed.append(sitting)
        Attempt.objects.bulk_update(changed, ["extra_time"], batch_size=500)
        self.filter(attempt__in=changed).update(more_at=at)
        return len(changed)

    def _hold_running(self) -> list[Attempt]:
        """Lock those of these exams that run, after their learners, and return them. 3 queries."""
        ids = list(self.running().values_list("attempt", flat=True))
        list(User.objects.filter(pk__in=Attempt.objects.filter(pk__in=ids).values("learner")).held())
        return list(Attempt.objects.held().open().filter(pk__in=ids))


class AttemptTerms(models.Model):
    """That an exam began under an assignment, and whether it counts for it: not where its attempts were used up.

    `given_up` are the attempts at the assignment that the learner gave up after this one, to see its answers. Of
    `extra_time` it has as much by extensions, the longest that stood since it began; `more_at` is when staff last gave
    it more time.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="terms")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="terms")
    counts = models.BooleanField(default=True)
    given_up = models.PositiveSmallIntegerField(default=0)
    extra_time = models.DurationField(default=timedelta)
    more_at = models.DateTimeField(null=True)

    objects = AttemptTermsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "assignment"], name="one_terms_per_attempt_and_assignment")
        ]

    def __str__(self) -> str:
        return f"attempt {self.attempt_id} under assignment {self.assignment_id}"


def extensions_of(rows: Iterable[AttemptTerms]) -> dict[tuple[int, int | None], Extension]:
    """Return {(assignment id, learner id): Extension} for the learners of these terms, attempts at hand. One query."""
    assignments, learners = {row.assignment_id for row in rows}, {row.attempt.learner_id for row in rows}
    extensions = Extension.objects.filter(assignment__in=assignments, enrolment__user__in=learners - {None})
    return {(row.assignment_id, row.enrolment.user_id): row for row in extensions.select_related("enrolment")}


def _reaches(sitting: Attempt, ruled: Collection[Ruled]) -> bool:
    """Give an open exam what its rules set now: an end, if it is later, and extra time, as far as it is longer.

    Return whether that changed it. Its terms note how much extra time it has by them.
    """
    before = sitting.due_at, sitting.extra_time
    if sitting.due_at is None or not ruled:
        return False
    end = end_of([rule for _, rule in ruled], sitting.started_at)
    sitting.due_at = end and max(end, sitting.due_at)
    had = max(row.extra_time for row, _ in ruled)
    longest = max(rule.extra_time or timedelta() for _, rule in ruled)
    if longest > had:
        had += _give(sitting, longest - had)
        for row, _ in ruled:
            row.extra_time = had
    return before != (sitting.due_at, sitting.extra_time)


def _give(sitting: Attempt, more: timedelta) -> timedelta:
    """Give an exam more time, and return how much: whose learner may still add ten minutes gets at least these."""
    added = max(more, MORE_TIME) if sitting.extra_time is None else more
    sitting.extra_time = (sitting.extra_time or timedelta()) + added
    return added
