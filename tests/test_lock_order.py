"""Every verb that writes what a person did locks in one order, and asks whether the person is still there."""

import re
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.locking import ChangedMeanwhile, PersonGone, atomic_once_more
from accounts.models import User, WayIn
from cohorts import copying, groups, handovers, later, places
from cohorts.models import StaffInvitation
from course import changes, corrections, erasing, exams, moving
from lessons.models import Reading
from quizzes.models import Attempt, Report, Response
from tests import make

ORDER = [
    "cohorts_cohort",
    "accounts_user",
    "cohorts_enrolment",
    "quizzes_attempt",
    "quizzes_response",
    "quizzes_recall",
]
READ = re.compile(r"^SELECT .*? FROM .* FOR (?:NO KEY )?UPDATE(?: OF (?P<of>.+))?$", re.S)
FROM = re.compile(r' FROM "(\w+)"')
WRITE = re.compile(r'^(?:UPDATE|DELETE FROM) "(\w+)"')


def locked(sql):
    """The tables of which a statement locks rows, in its order."""
    if write := WRITE.match(sql):
        return [write[1]]
    if read := READ.match(sql):
        return re.findall(r'"(\w+)"', read["of"]) if read["of"] else [FROM.search(sql)[1]]
    return []


def first_locks(statements):
    """The tables of the one order, each where it is locked first."""
    tables = [table for sql in statements for table in locked(sql)]
    return [table for table in dict.fromkeys(tables) if table in ORDER]


@pytest.fixture
def world(awa, bakary, guest):
    """What each verb needs."""
    section = make.case_study().sections.get()
    cohort = make.cohort(bakary, [awa, guest])
    make.assignment(cohort, section.module, exam="open")
    done = make.quiz(guest, section, right=2)
    corrected, retyped, *_ = done.responses.filter(shown_version__kind="single")
    make.version(corrected.item, key="b")
    typed = {"stem": make.text("?"), "accepted": make.both(["Bamako"]), "shuffle": False}
    make.version(retyped.item, kind="short", document=typed)
    make.quiz(awa, section, right=4)
    return section, cohort, done


def row(cohort, user):
    return cohort.enrolments.get(user=user)


def handed_over(world, guest, awa):
    """The guest's place, gone to another one."""
    place = row(world[1], guest)
    places.renew_code(place, awa, make.NOW)
    place.refresh_from_db()
    return handovers.take(place.personal_code, make.guest(), make.NOW)


def invited(world, by):
    StaffInvitation.make(world[1], "lead", by, make.NOW, None)
    return StaffInvitation.objects.get()


def answers(attempt):
    return {response.position: make.right_answer(response) for response in attempt.responses.all()}


VERBS = {
    "start a quiz": lambda w, guest, awa: Attempt.start_quiz(guest, w[0], make.NOW),
    "start an exam": lambda w, guest, awa: exams.start(guest, w[0].module, make.NOW),
    "start a review": lambda w, guest, awa: Attempt.start_review(guest, list(w[0].bank.items.all()[:2]), make.NOW),
    "save": lambda w, guest, awa: opened(guest, w).save_answers(answers(opened(guest, w)), "en", make.NOW),
    "submit": lambda w, guest, awa: opened(guest, w).submit(make.NOW),
    "expire": lambda w, guest, awa: Attempt.objects.expire(make.NOW + timedelta(days=2)),
    "retry": lambda w, guest, awa: w[2].retry(make.NOW),
    "give": lambda w, guest, awa: w[2].retry(make.NOW).give(1, None, "en", make.NOW),
    "more time": lambda w, guest, awa: opened(guest, w).extend(make.NOW),
    "a check": lambda w, guest, awa: Attempt.answer_check(guest, w[0].bank.items.first(), "a", [*"abcd"], make.NOW),
    "read": lambda w, guest, awa: Reading.objects.record(guest, w[0].lessons.first(), make.NOW),
    "report": lambda w, guest, awa: Report(item=w[0].bank.items.first()).send(guest, make.NOW, "Wrong"),
    "join": lambda w, guest, awa: w[1].join(guest, make.NOW),
    "leave": lambda w, guest, awa: row(w[1], guest).leave(make.NOW),
    "role": lambda w, guest, awa: row(w[1], awa).change_role("instructor", awa, make.NOW),
    "take a place": lambda w, guest, awa: places.claim_place(make.place(w[1]), guest, make.NOW),
    "merge": lambda w, guest, awa: places.merge(w[1], [make.place(w[1]).pk, row(w[1], awa).pk], awa, make.NOW),
    "hand over": lambda w, guest, awa: handed_over(w, guest, awa),
    "undo": lambda w, guest, awa: handovers.undo(handed_over(w, guest, awa), awa, make.NOW),
    "accept": lambda w, guest, awa: invited(w, awa).accept(make.user("Fatou"), make.NOW),
    "help back in": lambda w, guest, awa: WayIn.make(awa, make.user("Ely", is_staff=True), "came", make.NOW),
    "take out": lambda w, guest, awa: places.remove(row(w[1], guest), awa, make.NOW),
    "take out of the staff": lambda w, guest, awa: places.dismiss(make.staff(w[1], make.user("Danso")), awa, make.NOW),
    "put back": lambda w, guest, awa: places.put_back(gone(w, guest), awa, make.NOW),
    "new code": lambda w, guest, awa: places.renew_code(row(w[1], guest), awa, make.NOW),
    "describe": lambda w, guest, awa: places.describe(row(w[1], guest), "Zerbo, M.", "17", None),
    "name said": lambda w, guest, awa: places.call(row(w[1], guest), "Mariam"),
    "gather": lambda w, guest, awa: groups.gather(w[1], [row(w[1], user).pk for user in (awa, guest)], None),
    "disband": lambda w, guest, awa: groups.disband(grouped(w, guest)),
    "later for several": lambda w, guest, awa: later_for_all(w, awa),
    "copy": lambda w, guest, awa: copying.copy(w[1], "Spring", "UTC", None, make.NOW),
    "move": lambda w, guest, awa: moving.move(guest, awa, make.NOW),
    "erase": lambda w, guest, awa: erasing.erase_one(guest, make.NOW),
    "erase the idle": lambda w, guest, awa: erasing.erase_idle_guests(make.NOW.date() + timedelta(days=999)),
    "re-mark": lambda w, guest, awa: corrections.correct(None, make.NOW),
    "see corrections": lambda w, guest, awa: changes.see(guest, make.NOW),
}


def later_for_all(world, by):
    _section, cohort, _done = world
    people = list(cohort.enrolments.learners().order_by("-pk"))
    assignment = cohort.assignments.get()
    with transaction.atomic():
        places.lock_cohort(cohort)
        later.give(assignment, people, make.NOW + timedelta(days=9), "Ill", by, make.NOW)


def opened(learner, world):
    return Attempt.objects.of(learner).open().filter(use="quiz").get()


def gone(world, learner):
    places.remove(row(world[1], learner), learner, make.NOW)
    return row(world[1], learner)


def grouped(world, learner):
    group = groups.named(world[1], "TD 1")
    groups.gather(world[1], [row(world[1], learner).pk], group)
    return group


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_locks_in_the_one_order(world, guest, awa, verb):
    """SQLite locks the whole file, and there is no order to see: there a verb asks for the person, and no more."""
    section, cohort, done = world
    if verb in ("save", "submit", "more time", "expire", "move", "erase"):
        make.quiz(guest, section)
        Attempt.objects.open().update(due_at=make.NOW + timedelta(days=1))
    if verb == "later for several":
        make.exam(awa, section.module)  # one that runs is reached too
    if verb == "join":
        row(cohort, guest).leave(make.NOW)
    with CaptureQueriesContext(connection) as queries:
        VERBS[verb](world, guest, awa)
    statements = [query["sql"] for query in queries]
    assert any(sql.startswith("SELECT") and '"accounts_user"."name_key"' in sql for sql in statements)
    if connection.vendor == "postgresql":
        tables = first_locks(statements)
        assert tables == sorted(tables, key=ORDER.index), "\n".join(sql for sql in statements if locked(sql))
        assert "accounts_user" in tables
        several = [sql for sql in statements if READ.match(sql) and " IN (" in sql]
        assert [sql for sql in several if "ORDER BY" not in sql] == []


def test_a_lock_out_of_order_is_seen():
    """The control."""
    read = 'SELECT "quizzes_attempt"."id" FROM "quizzes_attempt" INNER JOIN "accounts_user" ON (1) FOR UPDATE'
    assert first_locks([f'{read} OF "quizzes_attempt"', 'UPDATE "accounts_user" SET']) == [
        "quizzes_attempt",
        "accounts_user",
    ]
    assert first_locks([f'{read} OF "accounts_user", "quizzes_attempt"']) == ["accounts_user", "quizzes_attempt"]
    assert first_locks([read, 'DELETE FROM "cohorts_cohort"']) == ["quizzes_attempt", "cohorts_cohort"]
    assert first_locks(['INSERT INTO "quizzes_recall"', 'SELECT "id" FROM "accounts_user"']) == []


GONE = {
    name: VERBS[name]
    for name in ("start an exam", "start a review", "a check", "read", "report", "join", "see corrections", "erase")
}


@pytest.mark.django_db
@pytest.mark.parametrize("verb", GONE)
def test_of_whoever_is_gone_nothing_is_written(world, guest, awa, verb):
    same = User.objects.get(pk=guest.pk)
    User.objects.filter(pk=guest.pk).delete()
    counts = [model.objects.count() for model in (Attempt, Response, Reading, Report)]
    with pytest.raises(PersonGone):
        GONE[verb](world, same, awa)
    assert [model.objects.count() for model in (Attempt, Response, Reading, Report)] == counts


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["erased", "moved"])
def test_an_attempt_that_is_in_hand_takes_nothing_once_its_learner_is_gone(world, guest, awa, way):
    section, _cohort, done = world
    quiz = make.quiz(guest, section)
    review = done.retry(make.NOW)
    {"erased": lambda: erasing.erase_one(guest, make.NOW), "moved": lambda: moving.move(guest, awa, make.NOW)}[way]()
    before = list(Response.objects.order_by("pk").values_list("answer", "marked_at"))
    sent = {response.position: make.wrong_answer(response) for response in quiz.responses.all()}
    for verb in (
        lambda: quiz.save_answers(sent, "en", make.NOW),
        lambda: quiz.save_answers({}, "en", make.NOW),
        lambda: quiz.submit(make.NOW),
        lambda: quiz.extend(make.NOW),
        lambda: review.give(1, None, "en", make.NOW),
    ):
        with pytest.raises(PersonGone):
            verb()
    assert list(Response.objects.order_by("pk").values_list("answer", "marked_at")) == before


@pytest.mark.django_db
def test_a_page_that_was_at_work_answers_that_nothing_is_there(as_guest, guest, world, monkeypatch):
    """Save, submit, read and report of somebody who is erased after the request has asked who they are."""
    section, cohort, _done = world
    quiz = make.quiz(guest, section)
    hold = User.objects.hold

    def erased_before(*keys):
        monkeypatch.setattr(User.objects, "hold", hold)
        erasing.erase_one(guest, make.NOW)
        return hold(*keys)

    monkeypatch.setattr(User.objects, "hold", erased_before)
    assert as_guest.post(f"{section.lessons.first().get_absolute_url()}read/").status_code == 404
    assert not Reading.objects.exists()
    erasing.erase_one(guest, make.NOW)
    for path in (quiz.get_absolute_url(), f"{cohort.get_absolute_url()}leave/", "/en/my-data/json/"):
        assert as_guest.post(path, {"page": 1, "submit": 1}).status_code in (302, 401, 404)


# Once more


def broken_off(times):
    """A verb that is broken off so many times; and how often it was called."""
    calls = []

    @atomic_once_more
    def verb():
        calls.append(transaction.get_connection().in_atomic_block)
        if len(calls) <= times:
            raise ChangedMeanwhile
        return "done"

    return verb, calls


@pytest.mark.django_db(transaction=True)
def test_what_was_broken_off_is_tried_once_more_and_no_more():
    verb, calls = broken_off(1)
    assert (verb(), calls) == ("done", [True, True])
    verb, calls = broken_off(2)
    with pytest.raises(OperationalError):
        verb()
    assert len(calls) == 2


@pytest.mark.django_db(transaction=True)
def test_within_another_transaction_all_of_that_is_broken_off():
    verb, calls = broken_off(1)
    with pytest.raises(ChangedMeanwhile), transaction.atomic():
        verb()
    assert len(calls) == 1


@pytest.mark.django_db(transaction=True)
def test_another_failure_of_the_database_is_not_tried_again():
    calls = []

    @atomic_once_more
    def verb():
        calls.append(1)
        raise OperationalError("the connection is closed")

    with pytest.raises(OperationalError):
        verb()
    assert calls == [1]


@pytest.mark.django_db(transaction=True)
def test_two_who_lock_crosswise_both_end(awa, celia, in_parallel):
    """A deadlock: each holds one person and asks for the other. One is broken off, and done the second time."""
    if connection.vendor == "sqlite":
        return  # one writes at a time: there is no deadlock to have
    both, one_is_done, begun = Barrier(2, timeout=5), Event(), []

    @atomic_once_more
    def crosswise(first, second):
        begun.append(first)
        if begun.count(first) > 1:  # sooner it might take its row back before the other has woken, and wait again
            one_is_done.wait(timeout=5)
        User.objects.hold(first.pk)
        if begun.count(first) == 1:
            both.wait()
        User.objects.hold(second.pk)
        return "done"

    def in_full(first, second):
        ended = crosswise(first, second)
        one_is_done.set()
        return ended

    pairs = [(awa, celia), (celia, awa)]
    assert in_parallel(lambda number: in_full(*pairs[number]), 2) == ["done", "done"]
    assert len(begun) == 3
