"""When an item comes back, and how surely it is still known. Pure: wraps `fsrs`; imports neither the ORM nor a request.

FSRS-6 with its published default weights (https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm): a
memory has a stability, the days until recall has fallen to 0.90, and a difficulty from 1 to 10. Time is whole days in
the learner's zone, nothing is drawn by chance, and of several answers to an item on one day the first alone counts:
the others come fresh from its feedback and say nothing about memory.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

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
DECAY = -FSRS_DEFAULT_DECAY
FACTOR = RETENTION ** (1 / DECAY) - 1


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

    def still_mastered(self, on):
        """The same, mastered on the day `on` if it was by then: mastery is never taken away."""
        days = [day for day in (self.mastered_on, on) if day]
        return replace(self, mastered_on=min(days, default=None))


def rating(outcome, certainty=None):
    """fsrs's rating of an outcome (right, partly, wrong) and a certainty (1 unsure, 2 fairly sure, 3 sure, or None)."""
    if outcome != "right":
        return Rating.Again
    return Rating.Hard if certainty == UNSURE else Rating.Good


def recall(stability, days):
    """The probability, above 0 and at most 1, that an item is still known so many days after its last answer.

    FSRS-6's forgetting curve: (1 + (0.9^(-1/d) - 1) · t / S)^(-d), with d = 0.1542; 0.90 after S days.
    """
    return (1 + FACTOR * max(days, 0) / stability) ** DECAY


def days_above(stability, probability):
    """The whole days for which recall stays at or above `probability`: the forgetting curve solved for time."""
    return min(int(stability / FACTOR * (probability ** (1 / DECAY) - 1)), LONGEST)


def answered(memory, outcome, certainty, day, retention=RETENTION):
    """The Memory after an answer on that day; the same one where the day, or a later one, has counted already.

    `memory` is None for an item met for the first time. `retention` from 0.80 to 0.95, else ValueError.
    """
    if memory and day <= memory.last_on:
        return memory
    stability, difficulty, due_on = _reviewed(memory, rating(outcome, certainty), day, retention)
    if outcome != "right" and certainty == SURE:
        due_on = min(due_on, day + timedelta(days=SURE_AND_WRONG))
    found = Memory(
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
        return found
    found = replace(found, days_right=found.days_right + 1, gap=(day - memory.last_on).days if memory else 0)
    if found.mastered_on is None and found.days_right >= DAYS_RIGHT and found.gap >= LAST_GAP:
        found = replace(found, mastered_on=day)
    return found


def replayed(log, retention=RETENTION):
    """The Memory that a log of (outcome, certainty, day), in order, leaves; None of an empty one."""
    memory = None
    for outcome, certainty, day in log:
        memory = answered(memory, outcome, certainty, day, retention)
    return memory


def _reviewed(memory, grade, day, retention):
    """(stability, difficulty, due day) by fsrs."""
    now = _midnight(day)
    card = Card(card_id=0, due=now)  # without an id Card() sleeps a millisecond to find one
    if memory:
        card.state, card.step, card.last_review = State.Review, None, _midnight(memory.last_on)
        card.stability, card.difficulty = memory.stability, memory.difficulty
    card, _log = _scheduler(retention).review_card(card, grade, now)
    return card.stability, card.difficulty, card.due.date()


@cache
def _scheduler(retention):
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


def _midnight(day):
    return datetime.combine(day, time.min, UTC)


def capped(due_on, last_on, latest):
    """The day on which an item is due where it must come back by `latest` (None: no such day).

    A `latest` that is not after the last answer caps nothing.
    """
    return min(due_on, latest) if latest and latest > last_on else due_on


# The day's review


def arranged(waiting, most=MOST_A_DAY):
    """What is asked today, in order: at most so many, no two of one claim in a row.

    `waiting` are (recall, key, claims); the keys come back. The lowest recall comes first, and each time the lowest
    that shares no claim with the one before. What found no place that way is put in where its neighbours let it; what
    fits nowhere waits for the next time.
    """
    left = sorted(waiting, key=lambda each: each[:2])
    order = []
    while left and len(order) < most:
        fitting = next((each for each in left if not order or _apart(order[-1], each)), None)
        if fitting is None:
            break
        order.append(fitting)
        left.remove(fitting)
    for each in left:
        if len(order) >= most:
            break
        places = range(1, len(order) + 1)
        place = next((at for at in places if all(_apart(other, each) for other in order[at - 1 : at + 1])), None)
        if place:
            order.insert(place, each)
    return [key for _recall, key, _claims in order]


def _apart(one, other):
    return not set(one[2]) & set(other[2])


def week(due_days, today, done=0, most=MOST_A_DAY):
    """[(day, how many are asked on it)] for today and six days more, if each day's review is done.

    What is overdue stands on today; what is beyond a day's most moves on to the next. `done` were asked today already.
    """
    loads, waiting = [], 0
    for number in range(7):
        day = today + timedelta(days=number)
        waiting += sum(due <= day if number == 0 else due == day for due in due_days)
        asked = min(waiting, max(most - (done if number == 0 else 0), 0))
        loads.append((day, asked))
        waiting -= asked
    return loads
