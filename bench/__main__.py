"""`python -m bench`: seed, serve, measure, tell. Ends by itself within its bound, and leaves no process behind."""

import argparse
import errno
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg

from bench import stages
from bench.browser import Failed
from bench.cluster import Cluster, binaries
from bench.engine import Engine
from bench.peer import Peer
from bench.results import Loading, Results
from bench.table import report
from bench.tree import NotPossible, Tree

ROOT = Path(__file__).parent.parent
BOUND = {"small": 10, "big": 60}  # minutes
ROOM = {"small": 1, "big": 5}  # GB
FULL = 1_000_000  # bytes: with less free than that nothing goes on
ROUNDS = 7
RESERVE = {"small": 100, "big": 300}  # seconds for what an engine measures beside the slices
LOADING = 40  # seconds
PEER, LAST = 120, 15  # seconds for a peer, and of them for its last round
PUBLISHING = 10  # seconds before the bound at which everything stops
COPIES = 4  # of the case study: more than a thousand items
NO_POSTGRESQL = "PostgreSQL is not measured: there is none on this machine (apt-get install postgresql)."
STARTED = time.monotonic()


class OutOfTime(Exception):
    """The bound is reached: what was measured by now is all there is."""


def tell(words: str) -> None:
    """Say how far it is, with the time since the start."""
    passed = int(time.monotonic() - STARTED)
    print(f"[{passed // 60:2}:{passed % 60:02}] {words}", flush=True)


@dataclass
class Run:
    """One run of the bench: what is measured, with what, until when, and what was found so far."""

    tree: Tree
    size: str
    kept: Path
    rounds: int
    end: float
    peer: Peer | None = None
    results: list[Results] = field(default_factory=list)
    loading: Loading | None = None


def prepare(run: Run, stack: ExitStack) -> list[Engine]:
    """Return SQLite and PostgreSQL with the seed in them; one that is not possible is told instead."""
    run.tree.copy_content()
    run.tree.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0", database="sqlite:///:memory:")
    engines = []

    def add(results: Results, cluster: Cluster | None) -> None:
        say = partial(tell_of, results.engine)
        if cluster:
            database = cluster.create("bench")
            seed = run.tree.seed(run.size, database, say)
        else:
            file, seed = run.tree.seeded_file(run.size, run.kept, say)
            database = f"sqlite:///{file}"
        engines.append(Engine(results, run.tree, database, seed, say, cluster, run.rounds))

    for name in ("SQLite", "PostgreSQL"):
        run.results.append(Results(name))
        with noted(run.results[-1]):
            add(run.results[-1], cluster(stack, run.tree.var) if name == "PostgreSQL" else None)
    return engines


def cluster(stack: ExitStack, within: Path) -> Cluster:
    """Start a PostgreSQL below that folder, which ends with the stack.

    Its vacuum is off: it would fall into one slice or another.
    """
    folder = binaries()
    if folder is None:
        raise NotPossible(NO_POSTGRESQL)
    started = Cluster(folder, within, ("autovacuum=off",))
    stack.callback(started.end)
    return started


def tell_of(engine: str, words: str) -> None:
    tell(f"{engine}: {words}")


@contextmanager
def noted(results: Results) -> Iterator[None]:
    """Let what is not possible on one engine be told, and all the rest be measured."""
    try:
        yield
    except (Failed, NotPossible, RuntimeError, TimeoutError, psycopg.Error) as error:
        results.notes.append(str(error))
        tell_of(results.engine, str(error))


def measure_all(run: Run) -> None:
    """Measure one thing after another, each on both engines: where time ends early, both have the first."""
    tell(f"the tree {run.tree.root}, commit {run.tree.commit}, {run.size} data")
    with ExitStack() as stack:
        engines = prepare(run, stack)
        on_each(engines, Engine.statements)
        for number, engine in enumerate(engines):
            left = run.end - time.monotonic() - LOADING - RESERVE[run.size] * len(engines) - (PEER if run.peer else 0)
            with noted(engine.results):
                engine.slices(time.monotonic() + left / (len(engines) - number))
        with noted(run.results[0]):
            run.loading = load(run.tree)
        for measure in (Engine.statistics, Engine.writers, Engine.memory, Engine.processes):
            on_each(engines, measure)
        for engine in engines:
            if run.peer and not engine.cluster:
                with noted(run.peer.results):
                    run.peer.measure(engine, run.end - LAST)


def on_each(engines: list[Engine], measure: Callable[[Engine], None]) -> None:
    for engine in engines:
        with noted(engine.results):
            measure(engine)


def load(tree: Tree) -> Loading:
    copies = Tree(tree.root, tree.var / "loading")
    copies.var.mkdir()
    copies.copy_content(COPIES)
    tell(f"loading {copies.items} items")
    return Loading(copies.items, *stages.load(copies, copies.var / "course.sqlite3"))


# The command


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--tree", type=Path, default=ROOT, help="the folder of the product that is measured")
    parser.add_argument("--big", action="store_true", help="10,000 people with 1.2 million responses")
    parser.add_argument("--peer", action="store_true", help="Kolibri beside it, which is installed below --var")
    parser.add_argument("--var", type=Path, default=ROOT / "var" / "bench", help="where seeds and tables are kept")
    parser.add_argument("--minutes", type=int, help="the bound: 10, or 60 with --big; more on a crowded machine")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of slices; fewer where time is short")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Measure and tell; 0 even where a goal is missed, 1 where nothing could be measured."""
    chosen = options(arguments)
    size, tree, folder = "big" if chosen.big else "small", chosen.tree.resolve(), chosen.var.resolve()
    if not (tree / "course" / "settings.py").exists():
        print(f"{tree} is no tree of the product: it has no course/settings.py.")
        return 1
    kept = folder / "seeds" / tree.name
    kept.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(kept).free / 1e9) < ROOM[size]:
        print(f"There is too little room on the disk of {kept}: {free:.1f} GB are free, {ROOM[size]} are needed.")
        return 1
    bound = (chosen.minutes or BOUND[size]) * 60
    var = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
    var.chmod(0o711)  # PostgreSQL's user goes through it
    run = Run(Tree(tree, var), size, kept, chosen.rounds, STARTED + bound - PUBLISHING)
    run.peer = Peer(folder / "peer") if chosen.peer else None
    try:
        with interrupted(run.end):
            measure_all(run)
    except OutOfTime:
        tell(f"Time is over ({bound // 60} minutes): what was not measured by now is told as such.")
    except KeyboardInterrupt:
        tell("stopped: nothing is left running")
        return 130
    except (NotPossible, OSError) as error:
        if is_of_a_full_disk(error, var):
            print(f"The disk of {var} is full: make room there, or name another folder with --var.")
        elif isinstance(error, NotPossible):
            print(error)
        else:
            raise
        return 1
    finally:
        shutil.rmtree(var, ignore_errors=True)
    return publish(run, folder)


def is_of_a_full_disk(error: Exception, folder: Path) -> bool:
    """Whether it failed for want of room: it says so, however deep (shutil.Error has a list, and no number), or
    nothing more than a few files would fit on the disk of that folder."""
    return os.strerror(errno.ENOSPC) in str(error) or shutil.disk_usage(folder).free < FULL


@contextmanager
def interrupted(end: float) -> Iterator[None]:
    """Raise OutOfTime at that moment, and KeyboardInterrupt however one is told to stop: both end what was started."""

    def stop(error: type[BaseException], number: int, frame: object) -> None:
        raise error

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)}
    signal.signal(signal.SIGTERM, partial(stop, KeyboardInterrupt))
    signal.signal(signal.SIGHUP, partial(stop, KeyboardInterrupt))
    signal.signal(signal.SIGALRM, partial(stop, OutOfTime))
    signal.alarm(max(int(end - time.monotonic()), 1))
    try:
        yield
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def publish(run: Run, folder: Path) -> int:
    """Print the tables, and keep them in a file named by the moment."""
    now = datetime.now(UTC)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    head = f"# {run.size}, {now:%Y-%m-%d %H:%M} UTC, commit {run.tree.commit}, {os.cpu_count()} cores, load {load}"
    text = report(head, run.results, run.loading, run.peer.results if run.peer else None)
    print(text)
    file = folder / f"{now:%Y-%m-%d-%H%M}-{run.tree.root.name}-{run.size}.md"
    with suppress(OSError):
        file.write_text(text)
        print(f"kept in {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
