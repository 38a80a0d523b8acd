"""What staff give reaches the exam that runs, once, and takes nothing away (quality R22)."""

from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.locking import ChangedMeanwhile
from accounts.models import User
from cohorts import places
from cohorts.exams import Asking, give_time
from cohorts.models import Assignment, ExamRule
from course import exams
from quizzes.models import Attempt
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], name="Monday group")


@pytest.fixture
def own(cohort, awa):
    return cohort.enrolments.get(user=awa)


def asks(cohort, module, **fields):
    return make.assignment(
        cohort, module, **{"exam": ExamRule.REQUIRED, "exam_attempts": 1, "exam_minutes": 5} | fields
    )


@pytest.mark.django_db(transaction=True)
def test_a_later_date_that_is_set_just_as_an_exam_begins_reaches_it(cohort, module, awa, in_parallel, monkeypatch):
    row = asks(cohort, module, exam_minutes=None, due_at=NOW + HOUR)
    begins, is_set, lay_down = Event(), Event(), Asking.lay_down

    def slowly(asked, sitting):
        begins.set()
        is_set.wait(1)
        lay_down(asked, sitting)

    def later():
        begins.wait(9)
        with transaction.atomic():
            places.lock_cohort(cohort)
            Assignment.objects.filter(pk=row.pk).update(due_at=NOW + DAY)
            Assignment.objects.get(pk=row.pk).terms.reach(NOW)
        is_set.set()

    monkeypatch.setattr(Asking, "lay_down", slowly)
    in_parallel(lambda number: later() if number else exams.start(awa, module, NOW), 2)
    assert Attempt.objects.get().due_at == NOW + DAY


def test_whoever_joins_just_as_an_exam_begins_begins_it_under_the_terms(cohort, module, celia, monkeypatch):
    """The first time the cohort is not among those that are held."""
    asks(cohort, module)
    hold = User.objects.hold

    def joined_before(*keys):
        monkeypatch.setattr(User.objects, "hold", hold)
        cohort.join(celia, NOW)
        return hold(*keys)

    monkeypatch.setattr(User.objects, "hold", joined_before)
    with pytest.raises(ChangedMeanwhile):
        exams.start(celia, module, NOW)
    assert not Attempt.objects.exists()


def extension(assignment, place):
    return f"/en/cohorts/{place.cohort_id}/assignments/{assignment.pk}/learners/{place.pk}/extension/"


def end(sitting):
    return Attempt.objects.get(pk=sitting.pk).closes_at


def test_a_later_date_and_more_minutes_reach_the_exam_that_runs(as_bakary, as_awa, bakary, cohort, module, awa, own):
    now = timezone.now()
    row = asks(cohort, module, exam_minutes=60, due_at=now + 5 * MINUTE, opens_at=now - DAY)
    sitting = exams.start(awa, module, now)
    assert end(sitting) == now + 5 * MINUTE
    assert "An exam of this person runs now, and ends" in as_bakary.get(extension(row, own)).text
    form = {"module": module.pk, "opens_at": f"{row.opens_at:%Y-%m-%dT%H:%M}", "exam": "required", "exam_attempts": 1}
    form |= {"exam_minutes": 60, "due_at": f"{now + 2 * DAY:%Y-%m-%dT%H:%M}", "counts": "best"}
    page = as_bakary.post(row.get_absolute_url(), form, follow=True)
    assert "Exams that run now have the later end too" in page.text
    assert end(sitting) == now + HOUR
    later = {"due_at": f"{now + 4 * DAY:%Y-%m-%dT%H:%M}", "extra_minutes": 30, "reason": "Was ill"}
    for _ in range(2):
        as_bakary.post(extension(row, own), later)
    assert end(sitting) == now + HOUR + 30 * MINUTE
    assert "You were given more time" in as_awa.get(f"{module.get_absolute_url()}exam/").text
    as_bakary.post(extension(row, own), {"remove": "1"})
    as_bakary.post(row.get_absolute_url(), form | {"exam_minutes": 1, "due_at": f"{now + HOUR:%Y-%m-%dT%H:%M}"})
    assert end(sitting) == now + HOUR + 30 * MINUTE


def test_an_excuse_takes_the_date_away(bakary, cohort, module, awa, own):
    row = asks(cohort, module, exam_minutes=None, due_at=NOW + HOUR)
    sitting = exams.start(awa, module, NOW)
    row.extend(own, bakary, NOW, is_excused=True, reason="Ill")
    assert end(sitting) is None


def test_an_exam_without_an_end_is_given_none(bakary, cohort, module, awa, own):
    row = asks(cohort, module, exam_minutes=None)
    sitting = exams.start(awa, module, NOW)
    row.extend(own, bakary, NOW, extra_time=HOUR, reason="Ill")
    assert end(sitting) is None
    assert row.terms.get(attempt=sitting).more_at is None


def test_ten_minutes_that_the_learner_could_add_are_not_lost(bakary, cohort, module, awa, own):
    row = asks(cohort, module, exam_minutes=None, due_at=NOW + HOUR)
    sitting = exams.start(awa, module, NOW)
    row.extend(own, bakary, NOW, extra_time=5 * MINUTE, reason="Slow")
    assert end(sitting) == NOW + HOUR + 10 * MINUTE


@pytest.mark.parametrize(
    ("before", "given_then", "more"),
    [
        ([], [30, 10, 30], 30),
        ([], [30, None, 30], 30),
        ([], [30, None, 10, 45], 45),
        ([30], [None, 30], 30),
        ([30], [10, 40], 40),
        ([30, None], [20], 20),
    ],
)
def test_the_largest_extension_that_stood_is_what_a_running_exam_has(
    bakary, cohort, module, awa, own, before, given_then, more
):
    """A number of minutes given, or None: taken back. Nothing that was given is lost."""
    row = asks(cohort, module, exam_minutes=60)

    def give(minutes):
        if minutes is None:
            row.extensions.get().remove(bakary, NOW)
        else:
            row.extend(own, bakary, NOW, extra_time=minutes * MINUTE, reason="Ill")

    for minutes in before:
        give(minutes)
    sitting = exams.start(awa, module, NOW)
    ends = [end(sitting)]
    for minutes in given_then:
        give(minutes)
        ends.append(end(sitting))
    assert ends == sorted(ends)
    assert ends[-1] == NOW + HOUR + more * MINUTE


def test_of_extensions_in_two_cohorts_the_larger_holds(bakary, cohort, module, awa, own):
    """As for an exam that begins under both."""
    row, other = asks(cohort, module, exam_minutes=60), asks(make.cohort(bakary, [awa]), module, exam_minutes=60)
    there = other.cohort.enrolments.get(user=awa)
    sitting = exams.start(awa, module, NOW)
    for assignment, place, minutes in ((row, own, 30), (other, there, 20), (row, own, 30), (other, there, 40)):
        assignment.extend(place, bakary, NOW, extra_time=minutes * MINUTE, reason="Ill")
    assert end(sitting) == NOW + HOUR + 40 * MINUTE


def test_minutes_that_a_place_brings_are_among_the_largest(bakary, cohort, module, awa, own):
    row = asks(cohort, module, exam_minutes=60)
    sitting = exams.start(awa, module, NOW)
    row.extend(own, bakary, NOW, extra_time=30 * MINUTE, reason="Ill")
    row.extensions.get().remove(bakary, NOW)
    free = make.place(cohort)
    row.extend(free, bakary, NOW, extra_time=40 * MINUTE, reason="Ill")
    places.merge_into(own, free, NOW)
    assert end(sitting) == NOW + HOUR + 40 * MINUTE


@pytest.mark.parametrize("given_then", [[5, 30], [5, 15, 5, 30], [30, 5]])
def test_what_filled_up_ten_minutes_is_not_given_twice(bakary, cohort, module, awa, own, given_then):
    row = asks(cohort, module, exam_minutes=None, due_at=NOW + HOUR)
    sitting = exams.start(awa, module, NOW)
    for minutes in given_then:
        row.extend(own, bakary, NOW, extra_time=minutes * MINUTE, reason="Slow")
    assert end(sitting) == NOW + HOUR + 30 * MINUTE


def test_ten_minutes_of_ones_own_or_to_all_stand_beside_an_extension(bakary, cohort, module, awa, own):
    row = asks(cohort, module, exam_minutes=None, due_at=NOW + HOUR)
    sitting = exams.start(awa, module, NOW)
    assert sitting.extend(NOW)
    for minutes in (30, 10, 30):
        row.extend(own, bakary, NOW, extra_time=minutes * MINUTE, reason="Ill")
        give_time(cohort, {sitting.pk: end(sitting)}, bakary, NOW)
    assert end(sitting) == NOW + HOUR + (10 + 30 + 3 * 10) * MINUTE


def test_to_extend_costs_at_most_13_queries(bakary, cohort, module, awa, own):
    row = asks(cohort, module, exam_minutes=60)
    exams.start(awa, module, NOW)
    row.extend(own, bakary, NOW, extra_time=30 * MINUTE, reason="Ill")
    with CaptureQueriesContext(connection) as queries:
        row.extend(own, bakary, NOW, extra_time=HOUR, reason="Ill")
    assert sum("SAVEPOINT" not in row["sql"] for row in queries) <= 13


def test_what_one_is_given_reaches_nobody_else(bakary, cohort, module, awa, celia, own):
    cohort.join(celia, NOW)
    row = asks(cohort, module, exam_minutes=60)
    other = exams.start(celia, module, NOW)
    exams.start(awa, module, NOW)
    row.extend(own, bakary, NOW, extra_time=HOUR, reason="Ill")
    assert end(other) == NOW + HOUR


def test_practice_that_runs_is_reached_by_nothing(cohort, module, awa, bakary, own):
    sitting = Attempt.start_exam(awa, module, NOW, due_at=NOW + HOUR)
    row = asks(cohort, module, exam_minutes=None, due_at=NOW + DAY)
    row.extend(own, bakary, NOW, extra_time=HOUR, reason="Ill")
    assert end(sitting) == NOW + HOUR


def test_a_lone_browser_past_the_old_end_goes_on_until_the_new_one(as_awa, bakary, cohort, module, awa, own):
    now = timezone.now()
    row = asks(cohort, module, exam_minutes=60, opens_at=now - DAY)
    sitting = exams.start(awa, module, now - 70 * MINUTE) or None
    own.keep([(now - DAY, None)])
    Attempt.objects.filter(pk=sitting.pk).delete()
    sitting = exams.start(awa, module, now - 70 * MINUTE)
    address, first = sitting.get_absolute_url(), sitting.responses.get(position=1)
    fields = {"page": 1, "ends": sitting.closes_at.isoformat(), **make.fields(first, make.right_answer(first))}
    assert as_awa.post(address, fields, headers={"X-Autosave": "1"}).status_code == 409
    row.extend(own, bakary, now, extra_time=30 * MINUTE, reason="Power cut")
    assert Attempt.objects.expire(now) == 0
    assert as_awa.post(address, fields, headers={"X-Autosave": "1"}).status_code == 200
    assert "There is more time for this exam" in as_awa.post(address, fields | {"next": 1}, follow=True).text
