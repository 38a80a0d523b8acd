"""Eight processes write to one SQLite file: none is ever told that it is locked (quality R6)."""

import json
import subprocess
import sys
from statistics import median, quantiles

import pytest

from bench.serve import PATIENCE
from tests import make
from tests.faults.server import ROOT

WRITERS = 8


def write_at_once(given, section, saves, *options):
    """(seconds of every save, what failed) of eight writers, each in its own attempt, that start together."""
    attempts = [make.quiz(make.guest(), section) for _ in range(WRITERS)]
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writer", str(attempt.pk), str(saves), *options],
            cwd=ROOT,
            env=given,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for attempt in attempts
    ]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    told = [json.loads(writer.communicate(timeout=PATIENCE)[0]) for writer in writers]
    return [each for one in told for each in one["seconds"]], [each for one in told for each in one["failed"]]


def waits(seconds):
    """How long they waited, in words: quality P3 asks for a slowest twentieth of 5 times the median at most."""
    slow = quantiles(seconds, n=20)[-1]
    return (
        f"the slowest twentieth waited {slow / median(seconds):.1f} times the median and more "
        f"({1000 * median(seconds):.0f}, {1000 * slow:.0f}, at most {1000 * max(seconds):.0f} ms)"
    )


@pytest.mark.faults
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_eight_writers_never_find_sqlite_locked(given, section, tell):
    seconds, failed = write_at_once(given, section, 100)
    assert failed == []
    assert len(seconds) == 800
    tell(f"{len(seconds)} saves, 0 locked; {waits(seconds)}")


@pytest.mark.faults
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_with_django_s_own_options_many_would_find_it_locked(given, section, tell):
    """The control: it shows that the test above can fail."""
    seconds, failed = write_at_once(given, section, 100, "plain")
    assert set(failed) == {"database is locked"}
    tell(f"{len(seconds)} saves, {len(failed)} locked")
