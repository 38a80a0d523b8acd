"""CPU and memory of processes, as the kernel tells them."""

import os
import subprocess
from time import process_time

from bench import cpu
from bench.serve import children


def test_work_shows_in_the_seconds_of_a_process():
    before, began = cpu.of_process(os.getpid()), process_time()
    while process_time() - began < 0.05:
        pass
    assert cpu.of_process(os.getpid()) - before >= 0.04


def test_a_process_that_has_ended_counts_nothing():
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    assert cpu.of_process(ended.pid) == 0


def test_the_cpu_of_a_parallel_worker_that_has_ended_stays_in_the_sum():
    """Here this process is the postmaster, and its child such a worker."""
    before = cpu.of_database(os.getpid())
    with subprocess.Popen(["sh", "-c", "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done"]) as worker:
        assert worker.pid in children(os.getpid())
        worker.wait()
    assert worker.pid not in children(os.getpid())
    assert cpu.of_database(os.getpid()) - before >= 0.01


def test_a_process_holds_some_megabytes():
    assert 5 < cpu.memory(os.getpid()) < 5000
