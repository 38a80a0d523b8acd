"""PostgreSQL restarts while learners read and save: 503 with the form kept, then all is well again (quality R6)."""

import random
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from time import monotonic

import pytest
from django.db import connection

from bench.serve import until
from tests.faults.browser import Browser, Learner
from tests.faults.server import Server, environment

LEARNERS = 8
THREADS = 8
RESTARTS = 4


@dataclass(frozen=True)
class Request:
    """One request, when it began and ended, and the status of its answer."""

    began: float
    ended: float
    status: int


class Work:
    """What one learner does until told to stop: read a page, save an answer by script or a page by its form."""

    def __init__(self, learner, chance):
        self.learner, self.chance = learner, chance
        self.requests = []
        self.page = [each for each in learner.responses if each.page == 1]

    def go_on(self, enough):
        while not enough.is_set():
            self.take_turns()

    def take_turns(self):
        self.send(lambda: self.learner.browser.get(self.learner.address))
        self.save([self.chance.choice(self.page)], autosave=True)
        self.save(self.page, autosave=False)

    def send(self, send):
        began = monotonic()
        answer = send()
        self.requests.append(Request(began, monotonic(), answer.status))
        return answer

    def save(self, responses, autosave):
        """Send until it is acknowledged: what comes back as kept, or, as the script does, the same again."""
        answers, typed = self.learner.answers(responses, self.chance)
        answer = self.send(lambda: self.learner.save(answers, typed, autosave))
        while not answer.went_well:
            assert answer.status == 503, answer
            assert sorted(answer.returned) == sorted(typed)
            kept = answer.returned
            answer = self.send(lambda kept=kept: self.learner.save(answers, kept, autosave))

    def since(self, moment):
        """How many requests began after that and went well."""
        return sum(each.began > moment and each.status in (200, 302) for each in self.requests)

    def refused(self):
        return sum(each.status == 503 for each in self.requests)


@pytest.mark.faults
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_restart_under_load_refuses_politely_and_loses_nothing(cluster, serve, section, tell):
    server = serve()
    everybody = [learning(server, section, number) for number in range(LEARNERS)]
    connection.close()  # our own: it would be cut off too
    enough, away = Event(), []
    with ThreadPoolExecutor(LEARNERS) as pool:
        running = [pool.submit(work.go_on, enough) for work in everybody]

        def each(holds):
            """Wait until that holds of everybody's work; a failure of one is ours."""
            until(lambda: [one.result() for one in running if one.done()] or all(map(holds, everybody)))

        try:
            back = 0
            for number in range(RESTARTS):
                each(lambda work, back=back: work.since(back) >= 5)
                ordered = monotonic()
                cluster.stop()
                if number == 0:  # the others are over as soon as may be
                    each(Work.refused)
                cluster.start()
                back = monotonic()
                away.append((ordered, back))
            each(lambda work: work.since(back) >= 20)
        finally:
            enough.set()
    requests = [request for work in everybody for request in work.requests]
    assert [request for request in requests if request.status not in allowed(request, away)] == []
    assert [work.learner.lost() for work in everybody] == [[]] * LEARNERS
    counts = Counter(request.status for request in requests)
    tell(
        f"{RESTARTS} restarts, {LEARNERS} learners, {len(requests)} requests, {counts[503]} of them answered 503 while "
        f"it was away and 0 failed otherwise, every posted form kept, 0 acknowledged answers lost"
    )


def learning(server, section, number):
    learner = Learner(server.port, section)
    learner.start()
    learner.look_up()
    return Work(learner, random.Random(number))  # noqa: S311 - no secret hangs on it


def allowed(request, away):
    """503 while the database was away, and not a moment longer."""
    touched = any(request.began < back and request.ended > ordered for ordered, back in away)
    return (200, 302, 503) if touched else (200, 302)


@pytest.mark.faults
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_connections_kept_over_a_restart_fail_nobody(cluster, serve, section, tell):
    """Nobody asks for anything while it restarts: every thread still keeps a connection that is dead by then."""
    server = serve()
    everybody = [learning(server, section, number) for number in range(LEARNERS)]
    connection.close()
    with ThreadPoolExecutor(LEARNERS) as pool:
        for _ in range(RESTARTS):
            list(pool.map(Work.take_turns, everybody))
            cluster.stop()
            cluster.start()
        list(pool.map(Work.take_turns, everybody))
    requests = [request for work in everybody for request in work.requests]
    assert {request.status for request in requests} == {200, 302}
    tell(f"{RESTARTS} restarts, {len(requests)} requests around them, 0 failed")


@pytest.mark.faults
def test_a_database_that_says_nothing_is_given_up(var_dir, tmp_path, tell):
    """It takes the connection and no more, as a machine that hangs does. Every thread is given one such request."""
    with socket.create_server(("127.0.0.1", 0), backlog=THREADS) as silent:
        address = f"postgres://postgres@127.0.0.1:{silent.getsockname()[1]}/silent"
        server = Server(environment(var_dir, address), tmp_path / "server.log")
        try:
            with ThreadPoolExecutor(THREADS) as pool:
                answers = list(pool.map(lambda _: Browser(server.port).get("/en/"), range(THREADS)))
            assert Browser(server.port).get("/healthz").status == 200
        finally:
            server.end()
    assert [answer.status for answer in answers] == [503] * THREADS
    tell(f"{THREADS} requests at once, all answered 503, and the site still answers")
