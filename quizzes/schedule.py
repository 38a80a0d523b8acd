"""When an item comes back, and how surely it is still known. Pure: wraps `fsrs`; imports neither the ORM nor a request.

FSRS-6 with its published default weights (https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm): a
memory has a stability, the days until recall has fallen to 0.90, and a difficulty from 1 to 10. Time is whole days in
the learner's zone, nothing is drawn by chance, and of several answers to an item on one day the first alone counts:
the others come fresh from its feedback and say nothing about memory.
"""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TypeVar, cast

from fsrs import Card, Rating, Scheduler, State
from fsrs.scheduler import FSRS_DEFAULT_DECAY

from quizzes.certainty import SURE, UNSURE

RETENTION = 0.90
RETENTIONS = (0.80, 0.95)
FADES_BELOW = 0.80
DAYS_RIGHT, LAST_GAP = 3, 7  # mastered: right on so many days, the last so many days after the answer before it
SURE_AND_WRONG = 3  # days: a confident error comes back by then
MOST_A_DAY = 20
LONGEST = 36_500  # days, as fsrs has it
EARLIEST = date(2026, 1, 1)  # before this course was begun nobody answered: a clock that says so was wrong
DECAY = -FSRS_DEFAULT_DECAY
FACTOR = RETENTION ** (1 / DECAY) - 1

Key = TypeVar("Key", bound=Hashable)
Waiting = tuple[float, Key, Collection[Hashable]]  # the recall of an item, its key, its claims


@dataclass(frozen=True)
class Memory:
    """What is known of one learner's memory of one item: the columns of a recall.

    `days_right` counts the days whose first answer was right; `gap` is the days between the last such answer and the
    answer before it, whatever that was; `fades_on` is the first day on which recall is below 0.80.
    """

    stability: float
    difficulty: float
    first_on: date
    last_on: date
    due_on: date
    fades_on: date
    days_right: int = 0
    gap: int = 0
    mastered_on: date | None = None

    def is_misdated(self, day: date) -> bool:
        """Return whether the last answer has a day that cannot be so, seen from that one: a clock was wrong.

        A day ahead is no fault: the learner may have moved to another zone.
        """
        return self.last_on < EARLIEST or self.last_on > day + timedelta(days=1)

    def as_of(self, day: date) -> "Memory":
        """Return the same with that day in place of days that cannot be so; it has no gap then.

        Where the day itself can be so, it lasts no longer than the days since the item was first met, at least one: a
        gap of years that a wrong clock made says nothing of memory.
        """
        mastered_on = self.mastered_on and min(self.mastered_on, day)
        met_for = (day - max(self.first_on, EARLIEST)).days
        stability = self.stability if day < EARLIEST else min(self.stability, max(met_for, 1))
        first_on = min(self.first_on, day)
        return replace(self, stability=stability, first_on=first_on, last_on=day, mastered_on=mastered_on)

    def counts(self, day: date) -> bool:
        """Return whether an answer on that day counts: none on it, nor on a later day, has counted already."""
        return day > self.last_on or self.is_misdated(day)

    def still_mastered(self, on: date | None) -> "Memory":
        """Return the same, mastered on the day `on` if it was by then: mastery is never taken away."""
        days = [day for day in (self.mastered_on, on) if day]
        return replace(self, mastered_on=min(days, default=None))


def rating(outcome: str | None, certainty: int | None = None) -> Rating:
    """Return fsrs's rating of an outcome (right, partly, wrong) and a certainty (1 unsure to 3 sure, or None)."""
    if outcome != "right":
        return Rating.Again
    return Rating.Hard if certainty == UNSURE else Rating.Good


def recall(stability: float, days: float) -> float:
    """Return the probability, above 0 and at most 1, that an item is still known so many days after its last answer.

    FSRS-6's forgetting curve: (1 + (0.9^(-1/d) - 1) · t / S)^(-d), with d = 0.1542; 0.90 after S days.
    """
    return (1 + FACTOR * max(days, 0) / stability) ** DECAY


def days_above(stability: float, probability: float) -> int:
    """Return the whole days for which recall stays at or above `probability`: the forgetting curve solved for time."""
    return min(int(stability / FACTOR * (probability ** (1 / DECAY) - 1)), LONGEST)


def answered(
    memory: Memory | None, outcome: str | None, certainty: int | None, day: date, retention: float = RETENTION
) -> Memory:
    """Return the Memory after an answer on that day; the same one where the day, or a later one, has counted already.

    `memory` is None for an item met for the first time. Where its last answer was dated by a wrong clock, it counts as
    one of this day: the item does not wait for a day far away, and no gap of years masters it. `retention` from 0.80
    to 0.95, else ValueError.
    """
    if memory and not memory.counts(day):
        return memory
    if memory and memory.is_misdated(day):
        memory = memory.as_of(day)
    stability, difficulty, due_on = _reviewed(memory, rating(outcome, certainty), day, retention)
    if outcome != "right" and certainty == SURE:
        due_on = min(due_on, day + timedelta(days=SURE_AND_WRONG))
    after = Memory(
        stability=stability,
        difficulty=difficulty,
        first_on=memory.first_on if memory else day,
        last_on=day,
        due_on=due_on,
        fades_on=day + timedelta(days=days_above(stability, FADES_BELOW) + 1),
        days_right=memory.days_right if memory else 0,
        gap=memory.gap if memory else 0,
        mastered_on=memory.mastered_on if memory else None,
    )
    if outcome != "right":
        return after
    after = replace(after, days_right=after.days_right + 1, gap=(day - memory.last_on).days if memory else 0)
    if after.mastered_on is None and after.days_right >= DAYS_RIGHT and after.gap >= LAST_GAP:
        after = replace(after, mastered_on=day)
    return after


def replayed(log: Iterable[tuple[str | None, int | None, date]], retention: float = RETENTION) -> Memory | None:
    """Return the Memory that a log of (outcome, certainty, day), in order, leaves; None of an empty one."""
    memory = None
    for outcome, certainty, day in log:
        memory = answered(memory, outcome, certainty, day, retention)
    return memory


def _reviewed(memory: Memory | None, grade: Rating, day: date, retention: float) -> tuple[float, float, date]:
    """Return (stability, difficulty, due day) by fsrs."""
    now = _midnight(day)
    card = Card(card_id=0, due=now)  # without an id Card() sleeps a millisecond to find one
    if memory:
        card.state, card.step, card.last_review = State.Review, None, _midnight(memory.last_on)
        card.stability, card.difficulty = memory.stability, memory.difficulty
    card, _log = _scheduler(retention).review_card(card, grade, now)
    # A card that was reviewed has both.
    return cast(float, card.stability), cast(float, card.difficulty), card.due.date()


@cache
def _scheduler(retention: float) -> Scheduler:
    least, most = RETENTIONS
    if not least <= retention <= most:
        raise ValueError(f"A retention is from {least} to {most}, not {retention}.")
    return Scheduler(
        desired_retention=retention,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST,
        enable_fuzzing=False,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def capped(due_on: date, last_on: date, latest: date | None) -> date:
    """Return the day on which an item is due where it must come back by `latest` (None: no such day).

    A `latest` that is not after the last answer caps nothing.
    """
    return min(due_on, latest) if latest and latest > last_on else due_on


# The day's review


def arranged(waiting: Iterable[Waiting[Key]], most: int = MOST_A_DAY) -> list[Key]:
    """Return the keys of what is asked today, in order: at most `most`, no two of one claim in a row.

    The lowest recall comes first, and after it each time the lowest that shares no claim with the one before. What is
    left over that way is put in where its neighbours let it; what fits nowhere waits for the next time.
    """
    left = sorted(waiting, key=lambda item: item[:2])
    order: list[Waiting[Key]] = []
    while left and len(order) < most:
        fitting = next((item for item in left if not order or _apart(order[-1], item)), None)
        if fitting is None:
            break
        order.append(fitting)
        left.remove(fitting)
    for item in left:
        if len(order) >= most:
            break
        gaps = range(1, len(order) + 1)
        index = next((at for at in gaps if all(_apart(other, item) for other in order[at - 1 : at + 1])), None)
        if index:
            order.insert(index, item)
    return [key for _recall, key, _claims in order]


def _apart(one: Waiting[Key], other: Waiting[Key]) -> bool:
    return not set(one[2]) & set(other[2])


def week(
    due_days: Collection[date], today: date, done: int = 0, most: int = MOST_A_DAY, days: int = 7
) -> list[tuple[date, int]]:
    """Return [(day, how many are asked on it)] for so many days from today, if each day's review is done.

    What is overdue stands on today; what is beyond a day's most moves on to the next. `done` were asked today already.
    """
    loads, waiting = [], 0
    for number in range(days):
        day = today + timedelta(days=number)
        waiting += sum(due <= day if number == 0 else due == day for due in due_days)
        asked = min(waiting, max(most - (done if number == 0 else 0), 0))
        loads.append((day, asked))
        waiting -= asked
    return loads
