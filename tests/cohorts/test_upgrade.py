"""What an upgrade makes of what was there: one interval for each enrolment, and terms by which no mark changes."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from cohorts.models import AttemptTerms, Membership
from course import exams
from quizzes.models import Attempt
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Editor:
    """As much of a schema editor as the migration asks of it."""

    connection = connection


def upgrade():
    Membership.objects.all().delete()
    AttemptTerms.objects.all().delete()
    importlib.import_module("cohorts.migrations.0002_membership_and_terms").remember(apps, Editor)


def note_extra_time():
    AttemptTerms.objects.update(extra_time=timedelta())
    importlib.import_module("cohorts.migrations.0004_extra_time_by_extensions").remember(apps, Editor)


def pairs():
    return set(AttemptTerms.objects.values_list("attempt", "assignment"))


def test_each_enrolment_has_one_interval_and_a_place_has_none(bakary, awa, celia):
    cohort = make.cohort(bakary, [awa, celia])
    make.place(cohort)
    left = cohort.enrolments.get(user=celia)
    left.leave(NOW + DAY)
    type(left).objects.filter(user=bakary).update(joined_at=NOW + DAY, left_at=NOW)  # by a clock that was put back
    upgrade()
    rows = Membership.objects.values_list("enrolment__user__name", "from_at", "until_at")
    assert set(rows) == {
        ("Awa", NOW, None),
        ("Bakary", NOW + DAY, NOW + DAY),
        ("Celia", NOW, NOW + DAY),
    }


def test_what_counted_counts_and_what_runs_has_the_terms_it_began_under(bakary, awa, celia, guest):
    module = make.case_study(sections=2)
    cohort = make.cohort(bakary, [awa, celia])
    row = make.assignment(cohort, module, exam="required", exam_attempts=3, opens_at=NOW + HOUR)
    make.assignment(cohort, module)  # asks for no exam
    make.assignment(cohort, make.case_study(), exam="open")
    early = make.exam_result(awa, module, "0.5", at=NOW)
    across = make.exam_result(awa, module, "0.5", at=NOW + 2 * HOUR)
    Attempt.objects.filter(pk=across.pk).update(started_at=NOW)
    one = make.exam_result(awa, module, "0.9", at=NOW + 3 * HOUR)
    trial = make.exam_result(awa, module, "0.9", at=NOW + 3 * HOUR, is_trial=True)
    running = Attempt.start_exam(awa, module, NOW + 4 * HOUR)
    Attempt.start_exam(celia, module, NOW)
    make.exam_result(guest, module, "0.9", at=NOW + 3 * HOUR)
    upgrade()
    assert pairs() == {(attempt.pk, row.pk) for attempt in (across, one, running)}
    assert set(row.terms.values_list("counts", flat=True)) == {True}
    assert set(cohort.assignments.attempts()) == {across, one}
    assert not pairs() & {(attempt.pk, row.pk) for attempt in (early, trial)}


def test_whoever_left_keeps_what_was_done_before_leaving_for_the_day_they_come_back(bakary, awa):
    module = make.case_study()
    cohort = make.cohort(bakary, [awa])
    make.assignment(cohort, module, exam="open")
    before, after = (make.exam_result(awa, module, "0.9", at=NOW + hours * HOUR) for hours in (1, 3))
    cohort.enrolments.get(user=awa).leave(NOW + 2 * HOUR)
    upgrade()
    cohort.join(awa, NOW + DAY)
    assert set(cohort.assignments.attempts()) == {before}
    assert after.pk not in {attempt for attempt, _ in pairs()}


def test_an_exam_that_runs_while_it_is_upgraded_is_not_given_its_minutes_again(bakary, awa, celia):
    module = make.case_study(sections=2)
    cohort = make.cohort(bakary, [awa, celia])
    row = make.assignment(cohort, module, exam="required", exam_minutes=60)
    place, more = cohort.enrolments.get(user=awa), {"extra_time": HOUR, "reason": "Ill"}
    running, other = exams.start(awa, module, NOW), exams.start(celia, module, NOW)
    row.extend(place, bakary, NOW, **more)
    note_extra_time()
    assert set(row.terms.values_list("attempt", "extra_time")) == {(running.pk, HOUR), (other.pk, timedelta())}
    row.extend(place, bakary, NOW, **more)
    running.refresh_from_db()
    assert running.closes_at == NOW + 2 * HOUR
