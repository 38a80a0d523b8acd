"""What is measured beside the slices: statements, writers at once, memory, more processes, loading. Each one stage."""

from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median, quantiles

from bench.acts import LANGUAGE, Act, Browsers, Seed
from bench.browser import Failed
from bench.clients import Task, at_once
from bench.cpu import Meter, largest
from bench.serve import Server
from bench.tree import Tree

WRITERS, SAVES = 8, 50  # processes that write at once, and how often each saves
READERS, TIMES = 4, 6  # processes that read at once, and how often each reads every page
VISITS = 3  # of each page, by which memory is measured
Counts = dict[str, tuple[int, int]]  # {act: (statements, bytes of its body as sent)}


def count(acts: Sequence[Act], browsers: Browsers) -> Counts:
    """Return what each act asks the database and sends; of an act of many steps their sum too.

    Everybody has been here before on that day: whoever comes for the first time is written down.
    """
    for person in dict.fromkeys(act.people[0] for act in acts):
        browsers.of(person).get(LANGUAGE)
    return counted(acts, browsers)


def counted(acts: Sequence[Act], browsers: Browsers) -> Counts:
    """Return the same of people as they are."""
    counts: Counts = {}
    for act in acts:
        browser = browsers.of(act.people[0])
        try:
            if act.prepare:
                act.prepare(browser)
            steps = [(act.named(part), answer.statements or 0, answer.size) for part, answer in act.steps(browser)]
        except Failed:
            continue  # the slices say so
        for name, statements, size in steps:
            counts[name] = max(counts.get(name, (0, 0)), (statements, size))
        if len(steps) > 1:
            counts[act.name] = (sum(step[1] for step in steps), sum(step[2] for step in steps))
    return counts


# Eight writers


def _cookies(seed: Seed, people: Sequence[str]) -> list[dict[str, str]]:
    return [{seed.rows["session_cookie"]: seed.rows["sessions"][person]} for person in people]


def write_at_once(what: str, seed: Seed, port: int, sitters: Sequence[str]) -> list[float]:
    """Let eight processes, each with its share of these learners, `autosave` or `submit`; the seconds of each."""
    share = len(sitters) // WRITERS
    shares = [sitters[number * share : (number + 1) * share] for number in range(WRITERS)]
    sections = [seed.section(number) for number in range(1, len(seed.rows["sections"]) + 1)]
    addresses = sections if what == "submit" else sections[3:4]
    return at_once([Task(port, what, _cookies(seed, share), addresses, SAVES) for share in shares])


def twentieths(seconds: Sequence[float]) -> tuple[float, float, float]:
    """Return the median of some times, what the slowest twentieth waits at least, and the longest; in milliseconds."""
    return 1000 * median(seconds), 1000 * quantiles(seconds, n=20)[-1], 1000 * max(seconds)


# Memory


def visit(acts: Sequence[Act], seed: Seed, server: Server) -> float:
    """Visit each of these pages three times; MB of the largest worker afterwards."""
    browsers = Browsers(seed, server.port)
    for act in acts:
        browser = browsers.of(act.people[0])
        try:
            if act.prepare:
                act.prepare(browser)
            for _ in range(VISITS):
                list(act.steps(browser))
        except Failed:
            continue  # the slices say so
    browsers.close()
    return largest(server)


# More processes


def read_at_once(seed: Seed, servers: Sequence[Server], sitters: Sequence[str]) -> float:
    """Let four processes read lessons and pages of their own at these servers; CPU seconds of the workers a request."""
    addresses = [seed.section(2) + seed.rows["lesson"] + "/", seed.section(2), seed.module, seed.section(3)]
    meters = [Meter(server) for server in servers]
    before = sum(meter.seconds() for meter in meters)
    tasks = [
        Task(servers[number % len(servers)].port, "read", _cookies(seed, [sitters[number]]), addresses, TIMES)
        for number in range(READERS)
    ]
    requests = len(at_once(tasks)) + READERS  # each reads one page before it is ready
    return (sum(meter.seconds() for meter in meters) - before) / requests


# Loading


def load(tree: Tree, file: Path) -> tuple[list[float], list[float]]:
    """Load content into an empty database, then unchanged three times; CPU seconds of each."""
    database = f"sqlite:///{file}"
    tree.run("manage.py", "migrate", "--verbosity", "0", database=database)

    def seconds() -> float:
        before = getrusage(RUSAGE_CHILDREN)
        tree.run("manage.py", "load_content", "--yes", "--verbosity", "0", database=database)
        after = getrusage(RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return [seconds()], [seconds() for _ in range(3)]
