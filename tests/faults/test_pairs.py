"""Save, submit, move, erase, re-mark, leave and rejoin, each beside each other, on real servers (quality R21)."""

import logging
import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import combinations_with_replacement
from threading import Barrier
from time import sleep

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts.hashers import SmallArgon2
from accounts.models import User
from course.corrections import correct
from quizzes.models import Attempt, Recall, Response, Use
from quizzes.remarking import mean, share_of
from quizzes.replay import replay
from tests import make
from tests.faults.browser import Browser, CutOff, Learner
from tests.profiles import rounds

ACTS = ("save", "submit", "move", "erase", "remark", "leave", "rejoin")
PAIRS = list(combinations_with_replacement(ACTS, 2))
ROUNDS = rounds(50, drawn=5)
HASH = SmallArgon2().encode(make.PASSWORD, "salt of these tests")  # as the server makes it, and the tests do not
TOGETHER = 3  # so often each act comes at once
LATER = 0.02  # seconds at most by which one of them comes after the others: each order has its turn


@pytest.fixture
def world(database, section):
    """The section with items to type in, and a cohort to leave and rejoin."""
    for _ in range(3):
        item = make.item(section)
        document = {"stem": make.text("Name it"), "accepted": make.both(["Bamako"]), "shuffle": False}
        make.version(item, kind="short", document=document)
    section.document["quiz"]["draw"] = 13
    section.save()
    teacher = User.objects.filter(name="Bakary").first() or make.user("Bakary", may_teach_at=make.NOW)
    cohort = make.cohort(teacher)
    make.assignment(cohort, section.module)
    return section, cohort


class Round:
    """A guest in a cohort with one quiz marked and one open, and two kinds of acts on all of it at once."""

    def __init__(self, port, world, pair, number):
        self.section, self.cohort = world
        self.pair, self.chance = pair, random.Random(f"{pair} {number}")  # noqa: S311 - no secret hangs on it
        learner = Learner(port, self.section)
        learner.start()
        learner.look_up()
        self.browser, self.done, self.guest = learner.browser, learner.attempt, learner.attempt.learner
        self.account = make.user(f"Account {self.guest.pk}")
        User.objects.filter(pk=self.account.pk).update(password=HASH)
        self.mover = self._who_is_asked_whose_it_is()
        self.cohort.join(self.guest, make.NOW)
        if number % 2:
            self.cohort.join(self.account, make.NOW)
        if "rejoin" in pair and "leave" not in pair:
            self.cohort.enrolments.get(user=self.guest).leave(make.NOW)
        self._hand_in()
        self.quiz = Attempt.start_quiz(self.guest, self.section, timezone.now())
        self.responses = list(self.quiz.responses.order_by("position").select_related("shown_version"))
        self.address = self.quiz.get_absolute_url()

    def _who_is_asked_whose_it_is(self):
        """A browser in which the account is signed in, and the guest's work waits for the answer whose it is."""
        shown = self.browser.post("/en/visit/words/", {}).text.split('class="words"')[1]
        words = re.findall("<li>([^<]+)</li>", shown)
        browser = Browser(self.browser.port)
        browser.get("/en/accounts/sign-in/")
        browser.post("/en/accounts/sign-in/", {"username": self.account.name, "password": make.PASSWORD})
        browser.post("/en/visit/back/", {"words": " ".join(words[:6])})
        return browser

    def _hand_in(self):
        """Mark the first quiz, by a key that is corrected then where it is to be marked again."""
        rows = list(self.done.responses.select_related("shown_version"))
        given = {row.position: answer(row, self.chance) for row in rows}
        self.done.save_answers(given, "en", timezone.now())
        self.done.submit(timezone.now())
        if "remark" in self.pair:
            item = self.chance.choice([row for row in rows if row.shown_version.kind == "single"]).item
            make.version(item, key=self.chance.choice("abcd"))

    def forms(self, act):
        """Return the (path, fields, by script) of one act."""
        if act == "save":
            page = self.chance.choice(sorted({response.page for response in self.responses}))
            fields = {"page": page}
            for response in self.responses:
                if response.page == page:
                    fields |= make.fields(response, answer(response, self.chance))
            return self.address, fields, True
        return {
            "submit": (self.address, {"page": 4, "submit": 1}, False),
            "move": ("/en/visit/whose/", {"mine": 1}, False),
            "erase": ("/en/my-data/erase/", {"sure": "on"}, False),
            "leave": (f"{self.cohort.get_absolute_url()}leave/", {}, False),
            "rejoin": (f"/en/join/{self.cohort.join_code}/", {"said_name": "Awa C."}, False),
        }[act]

    def play(self):
        """Send all at once; return the statuses of the answers, by act."""
        acts = [act for act in self.pair for _ in range(TOGETHER if act != "remark" else 1)]
        together = Barrier(len(acts), timeout=30)
        with ThreadPoolExecutor(len(acts)) as pool:
            return list(zip(acts, pool.map(lambda act: self._act(act, together), acts), strict=True))

    def _act(self, act, together):
        later = self.chance.random() * LATER
        if act == "remark":
            together.wait()
            sleep(later)
            return remark()
        path, fields, autosave = self.forms(act)
        browser = self.mover if act == "move" else self.browser
        held = browser.copy().hold("POST", path, fields, autosave)
        together.wait()
        sleep(later)
        try:
            return held.finish().status
        except CutOff:
            return 599

    def faults(self, answers):
        """Return what does not hold afterwards, as words."""
        faults = [f"{act} answered {status}" for act, status in answers if status >= 500]
        asked = {act for act, _ in answers}
        faults += self._of_people(asked)
        faults += [f"only to {act}, which did nothing" for act in asked if len(asked) == 1 and not self._did(act)]
        for quiz in Attempt.objects.filter(pk__in=[self.done.pk, self.quiz.pk]):
            faults += _of_marks(quiz)
        for person in User.objects.filter(pk__in=[self.guest.pk, self.account.pk]):
            faults += _of_memory(person)
        return faults

    def _did(self, act):
        """Whether an act that nothing stood in the way of did what its name says."""
        quiz, is_in = Attempt.objects.get(pk=self.quiz.pk), self.cohort.enrolments.current().filter(user=self.guest)
        return {
            "save": quiz.responses.exclude(answer=None).exists,
            "submit": lambda: quiz.submitted_at,
            "move": lambda: quiz.learner_id == self.account.pk,
            "erase": lambda: quiz.learner_id is None,
            "remark": lambda: self.done.responses.exclude(marked_version=F("shown_version")).exists(),
            "leave": lambda: not is_in.exists(),
            "rejoin": is_in.exists,
        }[act]()

    def _of_people(self, asked):
        quizzes = Attempt.objects.filter(pk__in=[self.done.pk, self.quiz.pk])
        typed = Response.objects.filter(attempt__in=quizzes, attempt__learner=None, shown_version__kind="short")
        if typed.exclude(answer=None).exists():
            yield "typed text without an owner"
        if asked & {"erase", "move"} and User.objects.filter(pk=self.guest.pk).exists():
            yield "an erasing or a moving that failed"
        owners = set(quizzes.values_list("learner", flat=True))
        if len(owners) > 1 or owners - {None, self.guest.pk, self.account.pk}:
            yield f"attempts of {owners}"
        if None in owners and "erase" not in asked:
            yield "attempts without an owner"
        rows = list(self.cohort.enrolments.filter(user__in=[self.guest.pk, self.account.pk]))
        if len(rows) > 2 or len({row.user_id for row in rows}) < len(rows):
            yield "two enrolments of one person"


def answer(response, chance):
    """An answer of any kind, right or wrong by chance."""
    if response.shown_version.kind == "short":
        return chance.choice(["Bamako", "my name is Awa"])
    return chance.choice([make.right_answer, make.wrong_answer])(response)


def remark():
    """Run what `manage.py remark` does; 200, or 500 where it fails."""
    with closing(connection):
        try:
            correct(None, timezone.now())
        except Exception:
            logging.exception("marking again failed")
            return 500
    return 200


def _of_marks(quiz):
    """Yield what is wrong with the marks of an attempt: each is what marking the stored answer gives."""
    rows = list(quiz.responses.order_by("position").select_related("marked_version", "shown_version"))
    marked = [row for row in rows if row.marked_at]
    if len(marked) not in (0, len(rows)) or bool(marked) != (quiz.submitted_at is not None):
        yield f"{len(marked)} of {len(rows)} responses marked, submitted at {quiz.submitted_at}"
    shares = [share for share in map(share_of, marked) if share is not None]
    for row in marked:
        share = share_of(row)
        if row.score != (None if share is None else mean([share])) and not _was_emptied(quiz, row):
            yield f"response {row.position} scored {row.score}, and marking gives {share}"
    emptied = any(_was_emptied(quiz, row) for row in marked)
    if marked and not emptied and quiz.score not in (mean(shares), max(mean(shares), quiz.threshold)):
        yield f"attempt scored {quiz.score}, and marking gives {mean(shares)}"


def _was_emptied(quiz, row):
    """Whether erasing took the typed answer on which the score rests."""
    return quiz.learner_id is None and row.shown_version.kind == "short"


def _of_memory(person):
    """Yield what is wrong with firsts and recalls: each is what the log gives."""
    rows = Response.objects.filter(attempt__learner=person, attempt__use__in=[Use.QUIZ], marked_at__isnull=False)
    met = set()
    for row in rows.order_by("marked_at", "attempt_id", "position"):
        if row.is_first != (row.item_id not in met):
            yield f"is_first of {row} is {row.is_first}"
        if row.score is not None:
            met.add(row.item_id)
    names = ["item_id", "first_on", "last_on", "due_on", "days_right", "gap"]
    before = set(Recall.objects.of(person).values_list(*names))
    replay([person], timezone.now())
    if before != set(Recall.objects.of(person).values_list(*names)):
        yield "recalls that the log does not give"


def play(server, world, pair, count):
    """Play so many rounds of a pair; return what did not hold, and how many requests were answered."""
    faults, answered = [], 0
    for number in range(count):
        one = Round(server.port, world, pair, number)
        answers = one.play()
        answered += len(answers)
        faults += [f"{' and '.join(pair)}: {fault}" for fault in one.faults(answers)]
    return faults, answered


@pytest.mark.faults
def test_whatever_comes_at_once_nothing_fails_and_nothing_is_left_without_an_owner(database, serve, world, tell):
    server = serve()
    faults, answered = [], 0
    for pair in PAIRS:
        wrong, count = play(server, world, pair, ROUNDS)
        faults, answered = faults + wrong, answered + count
    assert Counter(faults) == {}, server.log.read_text()[-4000:]
    tell(
        f"{len(PAIRS)} pairs, {ROUNDS} rounds each, {answered} acts on {connection.vendor}: nothing that does not hold"
    )


@pytest.mark.faults
def test_without_the_lock_of_a_person_text_would_stay_behind(database, serve, world, tell):
    """The control: the same rounds where nobody's row is held. They show that the test can fail."""
    server = serve("tests.faults.unheld")
    faults = []
    for _ in range(20):
        faults += play(server, world, ("save", "erase"), 5)[0]
        if faults:
            break
    assert faults
    tell(f"{Counter(faults)} on {connection.vendor}")
