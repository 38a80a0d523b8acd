"""What was predicted of memory against what was seen of it (quality L7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Case, Count, IntegerField, Q, Value, When

from accounts.privacy import is_few
from lessons.models import Module
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
    def is_silent(self) -> bool:
        """Whether nothing is said, not even how many responses there are: they are of fewer than five people."""
        return is_few(self.people)

    @property
    def observed(self) -> float | None:
        """The share of right answers; None without responses."""
        return self.right / self.count if self.count else None

    @property
    def is_alarming(self) -> bool:
        """Whether prediction and observation differ by more than .10 at 200 responses or more."""
        if self.predicted is None or self.observed is None or self.count < ALARM_FROM or self.is_silent:
            return False
        return abs(self.predicted - self.observed) > APART + 1e-9


def bins(module: Module) -> list[Bin]:
    """Return five Bins, from the least to the surest recall, of the module's responses with a prediction. One query.

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
    figures = {row["bin"]: row for row in rows.order_by()}
    limits = zip((0.0, *EDGES), (*EDGES, 1.0), strict=True)
    return [_bin(low, high, figures.get(number)) for number, (low, high) in enumerate(limits)]


def _bin(low: float, high: float, row: Mapping[str, Any] | None) -> Bin:
    return Bin(low, high, row["predicted"], row["right"], row["count"], row["people"]) if row else Bin(low, high)
