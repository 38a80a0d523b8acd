"""kill -9 of the workers while quizzes are taken: nothing acknowledged is lost, nothing half done (quality R5)."""

import random
from fractions import Fraction
from math import floor
from statistics import median
from threading import Timer
from time import monotonic

import pytest
from django.db import connection

from quizzes.models import Attempt
from tests import make
from tests.faults.browser import CutOff, Learner
from tests.profiles import rounds

POINTS = [
    ("start", "during"),
    ("save", "before"),
    ("save", "during"),
    ("save", "after"),
    ("submit", "during"),
    ("submit", "after"),
    ("sign up", "during"),
]
ROUNDS = {"sqlite": 50, "postgresql": rounds(50, 14)}
SAVES = 7


class Kill:
    """Kills one worker or both, once in a round: before, during or after one request of a kind."""

    def __init__(self, server, chance):
        self.server, self.chance = server, chance
        self.durations = {kind: [0.05] for kind, _ in POINTS}
        self.cut = self.killed = 0

    def aim(self, number):
        """At the point of that round: its first request of the kind, of the saves any."""
        self.kind, self.moment = POINTS[number % len(POINTS)]
        self.both = self.moment == "during" or number // len(POINTS) % 2 == 0
        self.left = self.chance.randrange(SAVES) if self.kind == "save" else 0

    def around(self, kind, send):
        """The answer to `send()`, which is sent again where it was cut off."""
        hit = kind == self.kind and self.left == 0
        self.left -= kind == self.kind
        timer = Timer(self.chance.uniform(0, median(self.durations[kind])), self.kill)
        if hit and self.moment == "before":
            self.kill()
        if hit and self.moment == "during":
            timer.start()
        try:
            began = monotonic()
            answer = send()
            self.durations[kind].append(monotonic() - began)
        except CutOff:
            answer = None
            self.cut += 1
        if hit and self.moment == "during":
            timer.join()
        if hit and self.moment == "after":
            self.kill()
        return answer

    def kill(self):
        self.killed += len(self.server.kill_workers(None if self.both else 1))


class Round:
    """One guest takes one quiz, signs up, and comes back to the result."""

    def __init__(self, port, section, kill, number):
        self.learner, self.kill = Learner(port, section), kill
        self.name, self.acknowledged, self.marks = f"Awa of round {number}", 0, []

    def send(self, kind, send):
        """Send until it is answered. Whenever the workers died, what was acknowledged is there, and a mark stays."""
        while True:
            answer = self.kill.around(kind, send)
            if kind != "start":
                assert self.learner.lost() == []
                self.marks += self.marked()
                assert self.marks == self.marks[:1] * len(self.marks)
            if answer is not None:
                return answer

    def play(self):
        self.send("start", self.learner.start)
        self.learner.look_up()
        first, second = self.learner.responses[:5], self.learner.responses[5:]
        for response in (first[0], first[1], first[0]):
            self.save([response], autosave=True)
        self.save(first)
        for response in second[:2]:
            self.save([response], autosave=True)
        self.save(second)
        self.hand_in()
        self.sign_up()

    def save(self, responses, autosave=False):
        answers, fields = self.learner.answers(responses, self.kill.chance)
        answer = self.send("save", lambda: self.learner.save(answers, fields, autosave))
        assert answer.status == (200 if autosave else 302), answer
        self.acknowledged += len(answers)

    def hand_in(self):
        """Hand in, and once more."""
        for _ in range(2):
            assert self.send("submit", self.learner.submit).status == 302
            assert self.marks

    def marked(self):
        """One entry, of all that marking has written; none before."""
        attempt = Attempt.objects.get(pk=self.learner.attempt.pk)
        responses = list(attempt.responses.order_by("position").values("score", "marked_at", "marked_version"))
        return [] if attempt.is_open else [(attempt.score, attempt.submitted_at, responses)]

    def sign_up(self):
        """Under a name, with all that was done: by the sign-up, or where its answer was cut off, by signing in."""
        browser = self.learner.browser
        given = {"name": self.name, "password": make.PASSWORD}
        answer = self.send("sign up", lambda: browser.post("/en/accounts/sign-up/", given))
        if answer.status == 422:
            browser.get("/en/accounts/sign-in/")
            given = {"username": self.name, "password": make.PASSWORD}
            answer = browser.post("/en/accounts/sign-in/", given)
        assert answer.went_well, answer
        assert browser.get(self.learner.address).status == 200
        assert Attempt.objects.get(pk=self.learner.attempt.pk).learner.name == self.name


def assert_whole(attempts):
    """Every attempt is laid down with all its items, and marked in all of them or in none."""
    for attempt in attempts:
        responses = list(attempt.responses.select_related("marked_version"))
        assert len(responses) == 8
        if attempt.is_open:
            assert attempt.score is None
            assert {each.marked_at for each in responses} == {None}
            continue
        assert {each.marked_at for each in responses} == {attempt.submitted_at}
        shares = [each.marked_version.rules.mark(each.marked_version.document, each.answer) for each in responses]
        assert attempt.score * 10_000 == floor(sum(shares, Fraction()) / 8 * 10_000)


def assert_sound():
    """SQLite's own check of its file; PostgreSQL has none to ask for."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.faults
def test_workers_killed_at_seven_points_lose_and_halve_nothing(database, serve, section, tell):
    server = serve()
    kill = Kill(server, random.Random(5))  # noqa: S311 - no secret hangs on it
    count, acknowledged, seen = ROUNDS[connection.vendor], 0, 0
    for number in range(count):
        kill.aim(number)
        one = Round(server.port, section, kill, f"{number} {connection.vendor}")
        one.play()
        acknowledged += one.acknowledged
        mine = Attempt.objects.filter(bank=section.bank, pk__gt=seen)
        assert_whole(mine)
        seen = one.learner.attempt.pk
        assert_sound()
    assert kill.killed >= count
    assert kill.cut >= count // 10, "hardly a request was cut off: the kills came at the wrong time"
    tell(
        f"{count} rounds, {len(POINTS)} points, {kill.killed} workers killed, {kill.cut} requests cut off, "
        f"{acknowledged} acknowledged answers, 0 lost, 0 attempts half marked"
    )
