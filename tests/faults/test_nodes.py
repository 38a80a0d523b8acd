"""Two nodes on one PostgreSQL, no disk in common: one reloads or is gone, and nobody notices (quality R17)."""

import random
import shutil
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from socket import create_connection
from threading import Event

import pytest

from bench.serve import until
from tests.faults.browser import Browser, Learner

LEARNERS = 6


class Proxied(Browser):
    """A browser behind a proxy: each request goes to the next node, and on to another where that one refuses."""

    def __init__(self, ports):
        super().__init__(ports[0])
        self.ports, self.taken, self.refused = ports, Counter(), Counter()

    def hold(self, *arguments, **options):
        for _ in self.ports:
            self.port = self.ports[(self.ports.index(self.port) + 1) % len(self.ports)]
            try:
                held = super().hold(*arguments, **options)
            except ConnectionRefusedError:
                self.refused[self.port] += 1
            else:
                self.taken[self.port] += 1
                return held
        raise ConnectionRefusedError


class Work:
    """What one learner does at all nodes in turn: read a page of the quiz, save an answer."""

    def __init__(self, ports, section, number):
        self.learner, self.chance = Learner(ports[0], section), random.Random(number)  # noqa: S311 - no secret
        self.learner.browser = Proxied(ports)
        self.learner.start()
        self.learner.look_up()
        self.turns = 0

    def go_on(self, enough):
        while not enough.is_set():
            self.take_turns()

    def take_turns(self):
        """Whatever is answered otherwise than well, or not at all, fails."""
        browser, address = self.learner.browser, self.learner.address
        for _ in browser.ports:
            answers, fields = self.learner.answers(self.learner.responses[:1], self.chance)
            saved = self.learner.save(answers, fields, autosave=True)
            # An odd number of requests, so that each node is asked for each.
            assert [saved.status, browser.get(address).status, browser.get(self.learner.home).status] == [200] * 3
        self.turns += 1


def refuses(port):
    with suppress(ConnectionRefusedError), create_connection(("127.0.0.1", port)):
        return False
    return True


@pytest.fixture
def nodes(serve, var_dir, tmp_path):
    """Two servers, each with a folder of its own; in both lie the collected files, and one key."""
    return [serve(folder=shutil.copytree(var_dir, tmp_path / name)) for name in ("one", "two")]


@pytest.mark.faults
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nodes_that_reload_in_turn_or_are_gone_fail_nobody(nodes, section, tell):
    ports = [node.port for node in nodes]
    everybody = [Work(ports, section, number) for number in range(LEARNERS)]
    enough = Event()
    with ThreadPoolExecutor(LEARNERS) as pool:
        running = [pool.submit(work.go_on, enough) for work in everybody]

        def each_goes_on(turns=2):
            """Wait until everybody has taken so many turns again; a failure of one is ours."""
            then = [work.turns + turns for work in everybody]
            until(
                lambda: (
                    [one.result() for one in running if one.done()]
                    or all(work.turns >= wanted for work, wanted in zip(everybody, then, strict=True))
                )
            )

        try:
            each_goes_on()
            for node in nodes:
                old = node.workers()
                node.signal(signal.SIGHUP)
                until(lambda node=node, old=old: not set(old) & set(node.workers()))
                each_goes_on()
        finally:
            enough.set()
        [one.result() for one in running]
    taken = [sum(work.learner.browser.taken[port] for work in everybody) for port in ports]
    assert min(taken) > 0
    assert [work.learner.browser.refused.total() for work in everybody] == [0] * LEARNERS
    nodes[0].end()
    until(
        lambda: refuses(ports[0])
    )  # its workers are killed too, and hold on to what they had taken until they are gone
    for work in everybody:
        work.take_turns()
        assert work.learner.browser.refused[ports[0]] > 0
    assert [work.learner.lost() for work in everybody] == [[]] * LEARNERS
    tell(f"{taken} requests at two nodes around a reload of each, 0 failed; one gone, 0 failed, 0 answers lost")
