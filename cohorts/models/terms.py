"""Under which assignments an exam began: what it counts for, and how more time reaches it while it runs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Self

from django.db import models

from accounts.locking import atomic_once_more
from accounts.models import User
from cohorts.models.assignments import Assignment, Extension
from cohorts.terms import Rule, end_of
from quizzes.models import Attempt
from quizzes.models.clock import MORE_TIME

More = Callable[[Attempt], timedelta]


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

    def rules(self) -> "dict[int, list[Rule]]":
        """Return {attempt id: the Rules under which it counts}, as they stand now. 2 queries."""
        rows = list(self.counting().select_related("assignment", "attempt"))
        extensions = extensions_of(rows)
        rules: dict[int, list[Rule]] = defaultdict(list)
        for row in rows:
            extension = extensions.get((row.assignment_id, row.attempt.learner_id))
            rules[row.attempt_id].append(row.assignment.rule_for(extension))
        return rules

    def reach(self, at: datetime, more: timedelta = timedelta()) -> int:
        """Bring what staff have just given to these exams, as far as they run: a later end, or so much `more` time.

        Nothing is ever taken away. Return how many of them it reached. 7 queries, whatever their number.
        """
        return self._lengthen(at, lambda sitting: more, set_anew=True)

    def add_time(self, ends: Mapping[int, datetime], time: timedelta, at: datetime) -> int:
        """Add `time` to those of these exams that still end when `ends` {attempt id: end} says; return how many.

        Whoever presses twice gives once. Where time is over already, and nothing is handed in, it runs from `at`.
        """

        def more(sitting: Attempt) -> timedelta:
            if sitting.closes_at is None or ends.get(sitting.pk) != sitting.closes_at:
                return timedelta()
            return max(sitting.closes_at, at) + time - sitting.closes_at

        return self._lengthen(at, more, set_anew=False)

    @atomic_once_more
    def _lengthen(self, at: datetime, more: More, set_anew: bool) -> int:
        """Lock the running exams and their learners, and give each so much more; `set_anew` also moves later ends."""
        ids = list(self.running().values_list("attempt", flat=True))
        list(User.objects.filter(pk__in=Attempt.objects.filter(pk__in=ids).values("learner")).held())
        sittings = list(Attempt.objects.held().open().filter(pk__in=ids))
        rules = AttemptTerms.objects.filter(attempt__in=sittings).rules() if set_anew else {}
        changed = [sitting for sitting in sittings if _reaches(sitting, rules.get(sitting.pk), more(sitting))]
        if changed:
            Attempt.objects.bulk_update(changed, ["due_at", "extra_time"], batch_size=500)
            self.filter(attempt__in=changed).update(more_at=at)
        return len(changed)


class AttemptTerms(models.Model):
    """That an exam began under an assignment, and whether it counts for it: not where its attempts were used up.

    `given_up` are the attempts at the assignment that the learner gave up after this one, to see its answers; `more_at`
    is when staff last gave it more time.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="terms")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="terms")
    counts = models.BooleanField(default=True)
    given_up = models.PositiveSmallIntegerField(default=0)
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


def _reaches(sitting: Attempt, rules: Iterable[Rule] | None, more: timedelta) -> bool:
    """Give an open exam the end that its rules set now, if it is later, and so much more; return whether it changed.

    An exam to which its learner may still add ten minutes keeps at least these.
    """
    before = sitting.due_at, sitting.extra_time
    if sitting.due_at is None:
        return False
    if rules:
        end = end_of(list(rules), sitting.started_at)
        sitting.due_at = end and max(end, sitting.due_at)
    if more > timedelta():
        extra = sitting.extra_time
        sitting.extra_time = max(more, MORE_TIME) if extra is None else extra + more
    return before != (sitting.due_at, sitting.extra_time)
