"""Slices of acts and of the base page in turn, and what their ratios say. The figures are pure."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.acts import BASE, Act, Browsers
from bench.browser import Failed
from bench.cpu import Meter

SLICE = 0.08  # CPU seconds that a slice should last, so that it is more than a moment's noise
LONG = 50  # slices: what takes longer is not done twice to be warm; the first request of a process takes five
MOST = 30  # requests in a slice


@dataclass(frozen=True)
class Figure:
    """The median of some values, the least and the largest of them, and how many there were."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Figure":
        """ValueError of no values."""
        if not values:
            raise ValueError("no values were measured")
        return cls(median(values), min(values), max(values), len(values))


Parts = dict[str, tuple[float, int]]  # {part of an act: (CPU seconds, requests)}


def ratio(cost: float, before: float, after: float) -> float:
    """Return a cost over the mean of what the base page cost before and after it."""
    return cost / ((before + after) / 2)


@dataclass(frozen=True)
class Bench:
    """Where something is done, by whom, and what it costs there."""

    browsers: Browsers
    meter: Meter

    def run(self, act: Act, count: int) -> Parts:
        """Do an act so many times, step by step side by side, and return what each of its parts took."""
        total: Parts = defaultdict(lambda: (0.0, 0))
        running = [act.steps(self.browsers.of(person)) for person in act.crowd(count)]
        while True:
            before = self.meter.seconds()
            names = [step[0] for steps in running if (step := next(steps, None))]
            if not names:
                return dict(total)
            seconds, requests = total[names[0]]
            total[names[0]] = seconds + self.meter.seconds() - before, requests + len(names)

    def fitting(self, act: Act) -> int:
        """Prepare an act, do it once or, unless it takes long, twice, and return how often it fits into a slice."""
        if act.prepare:
            for person in act.people:
                act.prepare(self.browsers.of(person))
        for _ in range(2):  # the first warms it up
            cost = sum(seconds for seconds, _ in self.run(act, 1).values())
            if cost > LONG * SLICE:
                break
        return min(max(int(SLICE / max(cost, 1e-4)) + 1, act.least), MOST)


@dataclass
class Measured:
    """Ratios to the base page: of a request of each part of an act, and of all of its requests, for one time.

    The latter of a whole act under its own name. `base` is the milliseconds of the base page, of which so many are
    `in_a_slice`; `failed` says what could not be measured, and why.
    """

    request: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    time: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    base: list[float] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    rounds: int = 0
    in_a_slice: int = 0

    def add(self, act: Act, times: int, parts: Parts, before: float, after: float) -> None:
        """Take a slice of an act that was done so many times, between two of the base page, in seconds a request."""
        for part, (seconds, requests) in parts.items():
            self.request[act.named(part)].append(ratio(seconds / requests, before, after))
            self.time[act.named(part)].append(ratio(seconds / times, before, after))
        if len(parts) > 1:
            self.time[act.name].append(ratio(sum(seconds for seconds, _ in parts.values()) / times, before, after))


def measure(
    acts: Sequence[Act],
    product: Bench,
    base: Bench,
    rounds: int,
    until: float,
    tell: Callable[[str], None],
    unit: Act = BASE,
) -> Measured:
    """Measure each act in alternation with the base page, in so many rounds; fewer where `until` comes first.

    `until` is a moment of time.monotonic(). The first round is made whole in any case: no act is dropped but one that
    fails. `unit` takes the base page's part. It is fitted warm: a single request in a slice, on a worker that has just
    done something else, costs half as much again, and every ratio would be that much too small.
    """
    base.fitting(unit)
    of_unit = base.fitting(unit)
    measured = Measured(in_a_slice=of_unit)
    counts: dict[str, int] = {}

    def base_page() -> float:
        [(seconds, requests)] = base.run(unit, of_unit).values()
        measured.base.append(1000 * seconds / requests)
        return seconds / requests

    for number in range(rounds):
        if number and time.monotonic() > until:
            break
        tell(f"round {number + 1} of {rounds}")
        before = base_page()
        for act in acts:
            if act.name in measured.failed:
                continue
            try:
                counts[act.name] = counts.get(act.name) or product.fitting(act)
                parts = product.run(act, counts[act.name])
            except Failed as failure:
                measured.failed[act.name] = str(failure)
                product.meter.rest()
                continue
            after = base_page()
            measured.add(act, counts[act.name], parts, before, after)
            before = after
        measured.rounds += 1
    return measured
