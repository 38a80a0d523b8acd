"""What a learner's wrong answers have in common, and how they judge what may be printed. Pure.

A habit is a question that a careful reader asks: who says it, on which day, with which verb, of which base, and what
the other side replied. A wrong option says which one its choice misses.

Judging is told both ways: hits are statements that may be printed and were let through, false alarms those that may not
and were let through all the same. Who believes nothing has no false alarms and no hits (Graham 2023, quality L12).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lessons.content import HABITS
from quizzes.kinds import Answer, Version

HOLDS, FAILS = "holds", "fails"  # the labels of statements that may be printed, or may not
SILENT_BELOW = 5  # missed answers, or statements of either sort, below which nothing is said


@dataclass(frozen=True)
class Miss:
    """How often one habit was missed, of `total` wrong choices that tell which."""

    habit: str
    count: int
    total: int


def misses(rows: Iterable[tuple[Answer, Mapping[str, str]]]) -> list[Miss]:
    """Return a Miss for each habit that was missed, the most missed first; none below SILENT_BELOW.

    `rows` are pairs of an answer, the id of one option or the ids of several, and {wrong option: habit}.
    """
    counts: Counter[str] = Counter()
    for answer, habits in rows:
        chosen = answer if isinstance(answer, list) else [answer]
        counts.update(habits[option] for option in chosen if option in habits)
    total = counts.total()
    if total < SILENT_BELOW:
        return []
    missed = sorted(filter(counts.__getitem__, HABITS), key=lambda habit: -counts[habit])
    return [Miss(habit, counts[habit], total) for habit in missed]


@dataclass(frozen=True)
class Judgement:
    """Statements that may be printed (`holding`) or may not (`failing`), and how many of either were let through."""

    hits: int
    holding: int
    false_alarms: int
    failing: int

    @property
    def is_empty(self) -> bool:
        return not self.holding and not self.failing

    @property
    def is_silent(self) -> bool:
        """Whether there were too few of either to say how this learner judges."""
        return min(self.holding, self.failing) < SILENT_BELOW


def judges(version: Version) -> bool:
    """Return whether an item asks of each statement if it may be printed."""
    return {label["id"] for label in version.get("labels", [])} == {HOLDS, FAILS}


def judgement(rows: Iterable[tuple[Version, Answer]]) -> Judgement:
    """Return how the statements of these items, each with an answer or None, were judged; others are left out.

    What was left without a label was not let through.
    """
    let_through: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for version, answer in rows:
        if not judges(version):
            continue
        for statement, key in version["key"].items():
            asked[key] += 1
            let_through[key] += (answer or {}).get(statement) == HOLDS
    return Judgement(let_through[HOLDS], asked[HOLDS], let_through[FAILS], asked[FAILS])
