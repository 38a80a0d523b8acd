"""What was predicted of memory against what was seen of it, and certainty against outcome (quality L7 and L8)."""

from dataclasses import dataclass

from django.db.models import Avg, Case, Count, IntegerField, Q, Value, When

from accounts.privacy import is_few
from quizzes import certainty
from quizzes.models import Response

EDGES = (0.6, 0.7, 0.8, 0.9)  # a schedule that asks near 0.90 leaves nothing to see in fifths of the whole range
APART, ALARM_FROM = 0.10, 200


@dataclass(frozen=True)
class Bin:
    """Responses whose recall was predicted from `low` to below `high`: their mean prediction and how many were right.

    `count` responses of `people` learners; nobody is counted for an erased learner.
    """

    low: float
    high: float
    predicted: float | None = None
    right: int = 0
    count: int = 0
    people: int = 0

    @property
    def is_silent(self):
        """Of fewer than five people nothing is told, not even how many responses there are."""
        return is_few(self.people)

    @property
    def observed(self):
        return self.right / self.count if self.count else None

    @property
    def is_alarming(self):
        """Whether prediction and observation differ by more than .10 at 200 responses or more."""
        enough = self.count >= ALARM_FROM and not self.is_silent
        return enough and abs(self.predicted - self.observed) > APART + 1e-9


def bins(module):
    """Five Bins, from the least to the surest recall, of the module's responses with a prediction. One query.

    A prediction stands on the first answer of a day to an item that was met on another day, whatever the use; trials
    are left out. Computed in the database: memory does not grow with the responses.
    """
    steps = [When(predicted_recall__lt=edge, then=Value(number)) for number, edge in enumerate(EDGES)]
    rows = (
        Response.objects.filter(
            item__bank__module=module,
            attempt__is_trial=False,
            predicted_recall__isnull=False,
            score__isnull=False,
        )
        .values(bin=Case(*steps, default=Value(len(EDGES)), output_field=IntegerField()))
        .annotate(
            predicted=Avg("predicted_recall"),
            right=Count("pk", filter=Q(score=1)),
            count=Count("pk"),
            people=Count("attempt__learner", distinct=True),
        )
    )
    found = {row.pop("bin"): row for row in rows.order_by()}
    limits = zip((0.0, *EDGES), (*EDGES, 1.0), strict=True)
    return [Bin(low, high, **found.get(number, {})) for number, (low, high) in enumerate(limits)]


def sureness_of(learner):
    """A Sureness for each level of certainty that the learner gave, trials left out. One query."""
    given = Response.objects.filter(
        attempt__learner=learner, attempt__is_trial=False, certainty__isnull=False, score__isnull=False
    )
    rows = given.values("certainty").annotate(right=Count("pk", filter=Q(score=1)), count=Count("pk")).order_by()
    return certainty.surenesses(rows.values_list("certainty", "right", "count"))
