"""Reload and stop by a service manager's signals: whatever was begun is answered (quality R17)."""

import json
import random
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from bench.serve import until
from tests.faults.browser import CutOff, Learner

LEARNERS = 6
HELD = 3  # fewer than the threads of one worker, which may get them all


def learning(server, section):
    learner = Learner(server.port, section)
    learner.start()
    learner.look_up()
    return learner


class Work:
    """What one learner does until the site is gone: save an answer, again and again."""

    def __init__(self, learner, number):
        self.learner, self.chance = learner, random.Random(number)  # noqa: S311 - no secret hangs on it
        self.saved = 0

    def go_on(self, stopping):
        """Every request is answered well; once it is `stopping` one that came too late may find nobody."""
        while True:
            answers, fields = self.learner.answers(self.learner.responses[:1], self.chance)
            try:
                answer = self.learner.save(answers, fields, autosave=True)
            except (CutOff, ConnectionRefusedError):
                assert stopping.is_set()
                return
            assert answer.status == 200, answer
            self.saved += 1


def hold(server, learner):
    """A save whose last byte is still to come, in a worker's hands: (held request, what it will have saved)."""
    answers, fields = learner.answers(learner.responses[:5], random.Random(learner.attempt.pk))  # noqa: S311 - as above
    held = learner.browser.hold("POST", learner.address, fields)
    return held, answers


@pytest.mark.faults
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_reload_and_stop_answer_whatever_was_begun(serve, section, tell):
    server = serve()
    everybody = [Work(learning(server, section), number) for number in range(LEARNERS)]
    slow = [learning(server, section) for _ in range(HELD)]
    stopping = Event()
    with ThreadPoolExecutor(LEARNERS) as pool:
        running = [pool.submit(work.go_on, stopping) for work in everybody]

        def each_saves(count):
            """Wait until everybody has saved so often again; a failure of one is ours."""
            then = [work.saved + count for work in everybody]
            until(
                lambda: (
                    [one.result() for one in running if one.done()]
                    or all(work.saved >= wanted for work, wanted in zip(everybody, then, strict=True))
                )
            )

        try:
            each_saves(3)
            old = server.workers()
            server.signal(signal.SIGHUP)
            until(lambda: not set(old) & set(server.workers()))
            each_saves(3)
            reloaded = sum(work.saved for work in everybody)
            held = [hold(server, learner) for learner in slow]
            each_saves(3)  # they came later, so the held ones are taken up
        finally:
            stopping.set()
            server.signal(signal.SIGTERM)
        until(server.is_closing)
        answers = [request.finish() for request, _ in held]
        [one.result() for one in running]
    assert [answer.status for answer in answers] == [302] * HELD
    for learner, (_, given) in zip(slow, held, strict=True):
        learner.acknowledge(given)
    assert [learner.lost() for learner in [*slow, *(work.learner for work in everybody)]] == [[]] * (LEARNERS + HELD)
    assert server.wait() == 0
    tell(
        f"{reloaded} requests around a reload, 0 failed; {HELD} in hand at SIGTERM, all answered; "
        f"{sum(work.saved for work in everybody)} acknowledged answers, 0 lost"
    )


@pytest.mark.faults
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_server_writes_json_and_no_address_of_whoever_sends_nonsense(serve):
    """Its own lines, which the application never sees (quality R13, R14)."""
    server = serve()
    for request in (
        b"NONSENSE\r\n\r\n",
        b"GET /en/join/SECRET-CODE/ HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(request)
            assert connection.recv(100).startswith(b"HTTP/1.1 4")
    server.signal(signal.SIGTERM)
    server.wait()
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert [line["message"] for line in lines if "request" in line["message"]] == ["Invalid request"] * 3
    assert "127.0.0.1" not in server.log.read_text()
    assert "SECRET" not in server.log.read_text()
