"""One engine, SQLite or PostgreSQL, and what is measured on it: each method lays its figures down."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from bench import stages
from bench.acts import ATTEMPT, CREW, GROUP_BY, STATISTICS, Act, Browsers, Seed, reading, teaching, working
from bench.cluster import Cluster
from bench.cpu import Meter, largest, memory
from bench.results import Results
from bench.serve import Server, until
from bench.slices import Bench, measure
from bench.tree import NotPossible, Tree

READ_IN_AN_ATTEMPT = ("page", "end page", "result")
STATISTICS_ROUNDS, STATISTICS_SECONDS = 5, 30


@dataclass
class Engine:
    """The product of `tree` on the database of that address, which holds the seed; `cluster` is PostgreSQL's."""

    results: Results
    tree: Tree
    database: str
    seed: Seed
    tell: Callable[[str], None]
    cluster: Cluster | None = None
    rounds: int = 1
    sitters: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.pages, self.staff = reading(self.seed), teaching(self.seed)
        self.sitters = iter(self.seed.sitters)
        self.results.responses = self.seed.rows["responses"]
        self.results.staff = [act.name for act in self.staff]
        self.results.learner = [act.name for act in self.pages]
        self.results.learner += [f"{ATTEMPT}: {part}" for part in READ_IN_AN_ATTEMPT]

    def take(self, count: int) -> list[str]:
        """Return so many learners who have done nothing in this run yet."""
        return [next(self.sitters) for _ in range(count)]

    @contextmanager
    def serving(self, settings: str = "course.settings", processes: int | None = None) -> Iterator[Server]:
        """Serve the tree until it is not needed any more; NotPossible where it does not start."""
        options = ("--workers", str(processes)) if processes else ()
        server = Server(
            self.tree.root,
            self.tree.environment(self.database, settings),
            self.tree.var / f"{settings}.log",
            options=options,
            python=self.tree.python,
        )
        try:
            until(server.listens)
            until(lambda: len(server.workers()) >= (processes or 1))
            yield server
        except ChildProcessError as words:
            raise NotPossible(f"The product does not start: {str(words).strip().splitlines()[-1]}") from words
        finally:
            server.end()

    @contextmanager
    def benches(self) -> Iterator[tuple[Bench, Bench]]:
        """Serve the product and the base page, by one process each: a second that is cold would fall into a slice."""
        with self.serving(processes=1) as product, self.serving("bench_site.base", 1) as base:
            of_product, of_base = (
                Bench(Browsers(self.seed, server.port), Meter(server, self.cluster)) for server in (product, base)
            )
            yield of_product, of_base

    def acts(self) -> Sequence[Act]:
        return [*self.pages, *working(self.seed, self.take(CREW)), *self.staff]

    # What is measured

    def statements(self) -> None:
        """Count statements and bytes, on a server of its own: counting costs."""
        self.tell("statements")
        with self.serving("bench_site.counting") as server:
            self.results.counts = stages.count(self.acts(), Browsers(self.seed, server.port))

    def slices(self, end: float) -> None:
        """Measure every act in turn with the base page, round by round, until the moment `end`."""
        with self.benches() as (product, base):
            self.results.measured = measured = measure(self.acts(), product, base, self.rounds, end, self.tell)
            self.results.memory["the base page"] = largest(base.meter.server)
        if measured.rounds < self.rounds:
            self.results.notes.append(f"time was short: {self.rounds - measured.rounds} rounds were dropped")

    def statistics(self) -> None:
        """Measure what is computed over all responses in turn with one plain GROUP BY, and the memory that it takes."""
        self.tell("statistics")
        acts = [act for act in self.staff if act.name == STATISTICS]
        with self.benches() as (product, base):
            product.fitting(acts[0])
            [worker] = product.meter.server.workers()
            before, end = memory(worker), time.monotonic() + STATISTICS_SECONDS
            measured = measure(acts, product, base, STATISTICS_ROUNDS, end, lambda words: None, GROUP_BY)
            self.results.growth = memory(worker) - before
        self.results.statistics = measured.request[STATISTICS]

    def writers(self) -> None:
        """Let eight processes write at once, twice each way."""
        self.tell("eight writers at once")
        with self.serving() as server:
            for what in ("autosave", "submit") * 2:
                seconds = stages.write_at_once(what, self.seed, server.port, self.take(stages.WRITERS))
                self.results.writers.setdefault(what, []).append(stages.twentieths(seconds))

    def memory(self) -> None:
        """Weigh a worker after each page of learners, and then after the largest board."""
        self.tell("memory")
        boards = [act for act in self.staff if act.name.startswith("board of ")]
        with self.serving(processes=1) as server:
            self.results.memory["ordinary use"] = stages.visit(self.pages, self.seed, server)
            self.results.memory["the largest board"] = stages.visit(boards[-1:], self.seed, server)

    def processes(self) -> None:
        """Read at once with one process, with two, and on PostgreSQL with a second node of two."""
        self.tell("more processes")
        readers = self.take(stages.READERS)
        with self.serving(processes=1) as one, self.serving(processes=2) as two, ExitStack() as stack:
            servers = {"one": [one], "two": [two]}
            if self.cluster:
                servers["nodes"] = [two, stack.enter_context(self.serving(processes=2))]
            for number in range(3):
                for name, used in servers.items():
                    cost = stages.read_at_once(self.seed, used, readers)
                    if number:  # the first warms them up
                        self.results.nodes.setdefault(name, []).append(cost)
