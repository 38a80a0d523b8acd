"""What an exam is held to, by the assignments under which it begins: its end, its attempts. Pure: imports no table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rule:
    """One assignment's part in it, for one learner: `attempts` includes those of an extension; None is no limit.

    `used` are the attempts that were begun under it and count, and those that the learner gave up.
    """

    due_at: datetime | None
    minutes: int | None
    extra_time: timedelta | None
    attempts: int | None
    used: int = 0

    @property
    def attempts_left(self) -> int | None:
        return None if self.attempts is None else max(self.attempts - self.used, 0)

    @property
    def allows(self) -> bool:
        """Return whether an exam begun now counts for it."""
        return self.attempts_left is None or self.attempts_left > 0

    def is_past(self, at: datetime) -> bool:
        return self.due_at is not None and self.due_at <= at

    def ends(self, at: datetime) -> datetime | None:
        """Return when an exam begun then ends: after its minutes, and by a due date to come; None for never."""
        ends = [at + timedelta(minutes=self.minutes)] if self.minutes else []
        ends += [self.due_at] if self.due_at and self.due_at > at else []
        return min(ends, default=None)


@dataclass(frozen=True)
class Terms:
    """How an exam is held. None is no limit: of time, and of attempts.

    No extra time (None) is time that the learner may still add to, once; zero is a limit in minutes.
    """

    due_at: datetime | None = None
    extra_time: timedelta | None = None
    attempts: int | None = None
    attempts_left: int | None = None

    @property
    def may_start(self) -> bool:
        return self.attempts_left is None or self.attempts_left > 0

    @property
    def closes_at(self) -> datetime | None:
        """Return when it would have to be handed in; None without a deadline."""
        return self.due_at and self.due_at + (self.extra_time or timedelta())


def held_to(rules: Sequence[Rule], at: datetime) -> Terms:
    """Return the Terms of an exam that begins then under these rules; without one nothing limits it.

    An exam may be started when one assignment still allows it, or none limits it. Of those that allow it the latest
    end and the longest extra time hold: each assignment judges by its own date what was late. A due date that has
    passed ends no exam, but the number of attempts holds on.
    """
    allowing = [rule for rule in rules if rule.allows]
    held = allowing or rules
    if not held:
        return Terms()
    extra = max((rule.extra_time for rule in held if rule.extra_time), default=None)
    if extra is None and any(rule.minutes for rule in held):
        extra = timedelta()
    without_limit = any(rule.attempts_left is None for rule in held)
    most = max(held, key=lambda rule: rule.attempts_left or 0)
    return Terms(
        due_at=end_of(allowing, at),
        extra_time=extra,
        attempts=None if without_limit else most.attempts,
        attempts_left=None if without_limit else most.attempts_left,
    )


def end_of(rules: Sequence[Rule], at: datetime) -> datetime | None:
    """Return when an exam begun then under these rules ends, without extra time: the latest end; None for never."""
    current = [rule for rule in rules if not rule.is_past(at)]
    ends = [rule.ends(at) for rule in current or rules]
    moments = [end for end in ends if end]
    return max(moments) if moments and len(moments) == len(ends) else None
