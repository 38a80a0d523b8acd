"""What was measured on one engine, and the table of quality P1 to P8 that follows from it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.acts import ATTEMPT, WITH_SCRIPT
from bench.slices import Figure, Measured

NOT_MEASURED = "not measured"


@dataclass
class Results:
    """What was measured on one engine so far; what is empty was not.

    `counts` is {act: (statements, bytes)}; `learner` and `staff` name pages among them. `writers` is {what: of each run
    (median, slowest twentieth, longest) in milliseconds}, `memory` {after what: MB of the largest worker}, `nodes`
    {servers: CPU seconds a request in each run}. `statistics` are ratios to the GROUP BY, `growth` MB of it.
    """

    engine: str
    measured: Measured = field(default_factory=Measured)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    learner: Sequence[str] = ()
    staff: Sequence[str] = ()
    writers: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    nodes: dict[str, list[float]] = field(default_factory=dict)
    statistics: list[float] = field(default_factory=list)
    growth: float = 0
    responses: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Loading:
    """CPU seconds that it takes to load so many items, and to find them unchanged."""

    items: int
    first: Sequence[float]
    unchanged: Sequence[float]


@dataclass(frozen=True)
class Row:
    """A line of the table. `holds` is None where it was not measured, or where there is no goal."""

    key: str
    what: str
    goal: str
    figure: str
    spread: str
    holds: bool | None

    @property
    def verdict(self) -> str:
        return {True: "yes", False: "**no**", None: NOT_MEASURED if self.goal else ""}[self.holds]


def at_most(key: str, what: str, limit: float, values: Sequence[float], unit: str = " ×", digits: int = 1) -> Row:
    """Return the row of a goal that the median of these values keeps to."""
    goal = f"≤ {limit:g}{unit}"
    if not values:
        return Row(key, what, goal, NOT_MEASURED, "", None)
    figure = Figure.of(values)
    spread = f"{figure.low:.{digits}f} – {figure.high:.{digits}f}" if figure.count > 1 else ""
    return Row(key, what, goal, f"{figure.median:.{digits}f}{unit}", spread, figure.median <= limit)


def at_least(key: str, what: str, limit: float, values: Sequence[float], unit: str = " ×") -> Row:
    """Return the row of a goal that the median of these values reaches."""
    row = at_most(key, what, limit, values, unit, digits=2)
    holds = None if row.holds is None else Figure.of(values).median >= limit
    return Row(key, what, f"≥ {limit:g}{unit}", row.figure, row.spread, holds)


def informing(key: str, what: str, values: Sequence[float], unit: str = " ×", digits: int = 1) -> Row:
    """Return a row that has no goal."""
    row = at_most(key, what, 0, values, unit, digits)
    return Row(key, what, "", row.figure, row.spread, None)


def rows(results: Results) -> Iterator[Row]:
    """Yield the table of one engine. Loading has a row of its own, since it hangs on no engine's page."""
    request, whole = results.measured.request, results.measured.time
    yield at_most("P1", "lesson, visitor", 2, request.get("lesson, visitor", []))
    yield at_most("P1", "lesson, learner", 2, request.get("lesson", []))
    yield at_most("P1", "quiz page(s) with ten items", 3, whole.get(f"{ATTEMPT}: page", []))
    yield at_most("P2", "whole attempt of ten items", 14, whole.get(ATTEMPT, []))
    yield at_most("P2", "its statements", 40, _statements(results, [ATTEMPT]), "", 0)
    yield informing("P2", "the same with the script", whole.get(WITH_SCRIPT, []))
    yield informing("P2", "its statements", _statements(results, [WITH_SCRIPT]), "", 0)
    yield at_most("P3", "submitting ten answers", 3, request.get(f"{ATTEMPT}: submit", []))
    for what in ("autosave", "submit"):
        runs = results.writers.get(what, [])
        yield at_most("P3", f"8 at once, {what}: p95 to median", 5, [p95 / p50 for p50, p95, _ in runs])
    yield _worst("P4", "statements of a learner's page", 8, results.learner, results)
    yield _worst("P4", "statements of an instructor's page", 12, results.staff, results)
    yield at_most("P5", "board of 500", 30, request.get("board of 500", []))
    yield at_most("P5", "gradebook of 500", 30, request.get("gradebook of 500", []))
    yield at_most("P5", "staff home of 500", 30, request.get("staff home of 500", []))
    for size in ("5000", "10000"):
        if f"board of {size}" in request:
            yield at_most("P5", f"board of {size}, paged", 30, request[f"board of {size}"])
    for word in ("wagner", "mali"):
        yield at_most("search", f"“{word}”", 5, request.get(f"search {word}", []))
    yield at_most("P6", f"statistics over {results.responses:,} responses, to a GROUP BY", 8, results.statistics)
    yield at_most("P6", "memory that they take", 10, [results.growth] if results.statistics else [], " MB", 0)
    yield at_least("P7", "two processes, by CPU", 1.8, throughput(results.nodes, "one", "two", 2))
    if "nodes" in results.nodes:
        yield at_least("P7", "a second node, by CPU", 0.8, throughput(results.nodes, "two", "nodes", 1))
    yield _memory("a worker after ordinary use", 90, results.memory, "ordinary use")
    yield _memory("a worker after the largest board", 120, results.memory, "the largest board")


def loading_rows(loading: Loading | None) -> Iterator[Row]:
    """Yield the rows of loading; of the first load the seconds are counted for a thousand of its items."""
    first = [seconds * 1000 / loading.items for seconds in loading.first] if loading else []
    yield at_most("P8", f"load 1,000 items (of {loading.items if loading else 0:,})", 5, first, " s")
    yield at_most("P8", "load them unchanged", 1, loading.unchanged if loading else [], " s", 2)


def throughput(nodes: Mapping[str, Sequence[float]], before: str, after: str, times: int) -> list[float]:
    """Return how much `times` as many processes serve, by their CPU: all of that if a request costs no more there.

    Run by run. On a machine with a core for each process this is their throughput, until the database is full.
    """
    pairs = zip(nodes.get(before, []), nodes.get(after, []), strict=True)
    return [times * one / other for one, other in pairs]


def _statements(results: Results, names: Sequence[str]) -> list[float]:
    return [float(results.counts[name][0]) for name in names if name in results.counts]


def _worst(key: str, what: str, limit: int, names: Sequence[str], results: Results) -> Row:
    measured = [name for name in names if name in results.counts]
    worst = max(measured, key=lambda name: results.counts[name][0], default="")
    row = at_most(key, what, limit, _statements(results, [worst]), "", 0)
    over = [name for name in measured if results.counts[name][0] > limit]
    return Row(key, what, row.goal, row.figure, ", ".join(over) or worst, row.holds)


def _memory(what: str, limit: float, memory: Mapping[str, float], after: str) -> Row:
    row = at_most("memory", what, limit, [memory[after]] if after in memory else [], " MB", 0)
    base = f"the base page alone: {memory['the base page']:.0f} MB" if "the base page" in memory else ""
    return Row(row.key, row.what, row.goal, row.figure, base, row.holds)
