"""CPU time and memory of processes, as the kernel counts them. Needs Linux (/proc)."""

import contextlib
import os
import time
from pathlib import Path

from bench.cluster import Cluster
from bench.serve import PATIENCE, Process, children

TICK = os.sysconf("SC_CLK_TCK")
# Of PostgreSQL's processes those are left out that work for everybody, in their own time.
NOT_SERVING = ("checkpointer", "background writer", "walwriter", "logical replication", "autovacuum", "startup")
REST = 0.5  # seconds
PAUSE, PAUSES = 0.002, 25  # seconds, and how many of them at most, until a server has come to rest


def of_process(pid: int) -> float:
    """Return the seconds that the threads of a process have run; 0 where it has ended."""
    total = 0
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int(task.joinpath("schedstat").read_text().split()[0])
    return total / 1e9


def of_database(postmaster: int) -> float:
    """Return the seconds of what serves connections: backends, and their parallel workers, which end with their query.

    Of those that have ended the kernel keeps the sum, in its father's name, to a hundredth of a second.
    """
    total = 0.0
    for pid in children(postmaster):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            title = Path(f"/proc/{pid}/cmdline").read_text()
            if not any(name in title for name in NOT_SERVING):
                total += of_process(pid)
    fields = Path(f"/proc/{postmaster}/stat").read_text().rsplit(")", 1)[1].split()
    return total + (int(fields[13]) + int(fields[14])) / TICK


class Meter:
    """The CPU seconds of a server's workers and, where there is one, of its PostgreSQL."""

    def __init__(self, server: Process, cluster: Cluster | None = None) -> None:
        self.server, self.postmaster = server, cluster.pid if cluster else None

    def workers(self) -> float:
        return sum(of_process(pid) for pid in self.server.workers())

    def seconds(self) -> float:
        """Return the sum once it rests: after an answer is sent a worker still closes what it opened."""
        last = self._now()
        for _ in range(PAUSES):
            time.sleep(PAUSE)
            if abs((now := self._now()) - last) < 1e-5:
                return now
            last = now
        return last

    def rest(self) -> None:
        """Wait until nothing runs any more of what a client has given up, or patience ends."""
        end = time.monotonic() + PATIENCE
        before = self._now()
        while time.monotonic() < end:
            time.sleep(REST)
            if (now := self._now()) - before < REST / 10:
                return
            before = now

    def _now(self) -> float:
        return self.workers() + (of_database(self.postmaster) if self.postmaster else 0)


def memory(pid: int) -> float:
    """Return the megabytes that a process holds: its own pages, and its share of those that it shares (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"/proc/{pid}/smaps_rollup has no line Pss")


def largest(server: Process) -> float:
    """Return the megabytes of the largest worker."""
    return max(memory(pid) for pid in server.workers())
