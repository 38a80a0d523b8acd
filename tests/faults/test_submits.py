"""16 submissions at once through the real server: one mark, 16 equal answers; the control can fail (quality R4)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from quizzes.models import Attempt
from tests import make
from tests.faults.browser import Learner

COUNT = 16
RACES = 4


def ready_to_submit(server, section):
    """A learner who has answered four of eight items rightly and the rest not at all."""
    learner = Learner(server.port, section)
    learner.start()
    learner.look_up()
    for response in learner.responses[:4]:
        answer = make.right_answer(response)
        fields = {"page": response.page} | make.fields(response, answer)
        assert learner.save({response.position: answer}, fields, autosave=True).status == 200
    return learner


def race(learner):
    """Submit from 16 copies of the browser: (the browsers, their answers).

    The last byte of each request is sent when all the rest is with the server.
    """
    browsers = [learner.browser.copy() for _ in range(COUNT)]
    last = {"page": learner.last_page + 1, "submit": 1}
    held = [browser.hold("POST", learner.address, last) for browser in browsers]
    together = Barrier(COUNT, timeout=30)

    def finish(each):
        together.wait()
        return each.finish()

    with ThreadPoolExecutor(COUNT) as pool:
        return browsers, list(pool.map(finish, held))


def winners(answers):
    """How many were not told that somebody else was first."""
    return sum(not answer.told for answer in answers)


@pytest.mark.faults
def test_16_submissions_at_once_give_one_mark_and_16_equal_answers(database, serve, section, tell):
    server = serve()
    for _ in range(RACES):
        learner = ready_to_submit(server, section)
        browsers, answers = race(learner)
        for browser in browsers:
            browser.get(learner.address)  # shows the message that came along, if one did
        results = [browser.get(learner.address) for browser in browsers]
        assert {(answer.status, answer.location) for answer in answers} == {(302, learner.address)}
        assert {result.status for result in results} == {200}
        assert len({result.page for result in results}) == 1
        assert winners(answers) == 1
        attempt = Attempt.objects.get(pk=learner.attempt.pk)
        assert attempt.score == 0.5
        assert {each.marked_at for each in attempt.responses.all()} == {attempt.submitted_at}
    tell(f"{RACES} races of {COUNT} submissions, 1 mark and {COUNT} equal answers each")


@pytest.mark.faults
def test_without_the_guard_several_submissions_would_win(database, serve, section, tell):
    """The control: the same races where the submission is read, checked and saved. They show that the test can fail."""
    server = serve("tests.faults.unguarded")
    counts = [winners(race(ready_to_submit(server, section))[1]) for _ in range(RACES)]
    assert max(counts) > 1
    tell(f"{RACES} races of {COUNT} submissions, {counts} marks on {connection.vendor}")
