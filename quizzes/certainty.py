"""How sure a learner is of an answer: three levels, their points, and how often they are right. Pure.

Certainty-based marking after Gardner-Medwin (https://tmedwin.net/cbm/): right 1, 2 or 3, wrong 0, -2 or -6. It pays to
say what one believes: "fairly sure" from two thirds on, "sure" from four fifths. Partly right is not right here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

UNSURE, FAIRLY, SURE = LEVELS = (1, 2, 3)
RIGHT = {UNSURE: 1, FAIRLY: 2, SURE: 3}
WRONG = {UNSURE: 0, FAIRLY: -2, SURE: -6}
SILENT_BELOW = 10


class Answered(Protocol):
    """A marked response, as certainty sees it."""

    @property
    def outcome(self) -> str | None: ...

    @property
    def certainty(self) -> int | None: ...


def field(name: str) -> str:
    """Return the name of the field beside that of an answer."""
    return f"{name}-sure"


def read(posted: Mapping[str, Any], name: str) -> int | None:
    """Return the level that was posted beside the answer `name`; None where there was none, or no such level."""
    value = posted.get(field(name))
    return int(value) if value in {"1", "2", "3"} else None


def points(outcome: str | None, level: int | None) -> int | None:
    """Return the certainty points of an answer: from -6 to 3; None without a level, or where it counts for nobody."""
    if level is None or outcome in (None, "void"):
        return None
    return RIGHT[level] if outcome == "right" else WRONG[level]


@dataclass(frozen=True)
class Tally:
    """The points of `count` answers beside which a certainty was given, and the most that they could bring."""

    points: int
    count: int

    @property
    def most(self) -> int:
        """The points of as many answers, sure and right."""
        return RIGHT[SURE] * self.count


def tally(responses: Iterable[Answered]) -> Tally:
    """Return the Tally of these marked responses."""
    marks = [points(response.outcome, response.certainty) for response in responses]
    counted = [mark for mark in marks if mark is not None]
    return Tally(sum(counted), len(counted))


@dataclass(frozen=True)
class Sureness:
    """How often answers of one level were right: `right` of `count`."""

    level: int
    right: int
    count: int

    @property
    def is_silent(self) -> bool:
        """Whether these are too few to say anything."""
        return self.count < SILENT_BELOW

    @property
    def share(self) -> float:
        """The share of right answers; 0 without answers."""
        return self.right / self.count if self.count else 0


def surenesses(rows: Iterable[tuple[int, int, int]]) -> list[Sureness]:
    """Return a Sureness for each level, of rows (level, right, count)."""
    counts = {level: (right, count) for level, right, count in rows}
    return [Sureness(level, *counts.get(level, (0, 0))) for level in LEVELS]
