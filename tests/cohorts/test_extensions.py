"""What holds for one person: a later date, more time and attempts, an excuse; by whom, and where it is honoured."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Audit
from cohorts import pages, places
from cohorts.models import Assignment, Extension
from cohorts.models.assignments import due_date
from cohorts.set_sections import sections_of, sections_set_for
from tests import make
from tests.cohorts.test_assignments import dues
from tests.cohorts.test_board import cells, lead, rows

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REASON = {"reason": "Was ill"}


@pytest.fixture
def module():
    return make.case_study(sections=1)


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], time_zone="Africa/Bamako", name="Monday group")


@pytest.fixture
def assignment(cohort, module):
    """Overdue since yesterday; its exam is open to those who want it."""
    now = timezone.now()
    return make.assignment(cohort, module, opens_at=now - 9 * DAY, due_at=now - DAY, exam="open")


@pytest.fixture
def place(cohort, awa):
    return cohort.enrolments.get(user=awa)


def address(assignment, place):
    return f"/en/cohorts/{place.cohort_id}/assignments/{assignment.pk}/learners/{place.pk}/extension/"


def local(moment):
    return moment.strftime("%Y-%m-%dT%H:%M")


def audit():
    return [(row.what, row.on_what.split(": ")[1]) for row in Audit.objects.order_by("pk")]


def test_bakary_gives_a_later_date_and_board_and_module_page_heed_it(
    as_bakary, as_awa, cohort, assignment, place, module
):
    assert cells(as_bakary, cohort)[0][1].endswith("late")
    assert dues(as_awa, module)[0][0].endswith("late")
    later = timezone.now().replace(microsecond=0) + DAY
    page = as_bakary.post(address(assignment, place), REASON | {"due_at": local(later)})
    assert page["Location"] == f"/en/cohorts/{cohort.pk}/learners/{place.pk}/"
    row = Extension.objects.get()
    assert (local(row.due_at), row.made_by.name, row.reason) == (local(later), "Bakary", "Was ill")
    assert "late" not in cells(as_bakary, cohort)[0][1]
    assert later.strftime("%H:%M") in dues(as_awa, module)[0][0]
    assert "late" not in dues(as_awa, module)[0][0]
    assert "Was ill" in as_awa.get(cohort.get_absolute_url()).text


def test_the_date_is_read_in_the_zone_of_the_cohort(as_bakary, bakary, awa, module):
    cohort = make.cohort(bakary, [awa], time_zone="America/New_York")
    row = make.assignment(cohort, module, due_at=make.NOW + DAY)
    place = cohort.enrolments.get(user=awa)
    as_bakary.post(address(row, place), REASON | {"due_at": "2026-11-30T18:00"})
    assert Extension.objects.get().due_at == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert 'value="2026-11-30T18:00"' in as_bakary.get(address(row, place)).text


def test_whoever_is_excused_is_never_late(as_bakary, as_awa, cohort, assignment, place, module):
    as_bakary.post(address(assignment, place), REASON | {"is_excused": "on"})
    assert cells(as_bakary, cohort) == [("none", "Not started excused")]
    assert dues(as_awa, module) == [["Monday group: you are excused"]]
    assert lead(as_bakary, cohort) == "1 learner. 1 has not begun."


def test_it_holds_for_that_person_and_that_assignment_alone(as_bakary, celia, cohort, assignment, place, module):
    cohort.join(celia, make.NOW)
    as_bakary.post(address(assignment, place), REASON | {"is_excused": "on"})
    words = [cell for _head, row in rows(as_bakary, cohort) for _state, cell in row]
    assert words == ["Not started excused", "Not started – late"]
    make.assignment(cohort, module, opens_at=assignment.opens_at, due_at=assignment.due_at)
    assert cells(as_bakary, cohort)[0][1].endswith("late")


def test_the_common_date_counts_where_it_was_moved_beyond_the_persons_own(assignment, place, bakary):
    row = assignment.extend(place, bakary, make.NOW, due_at=assignment.due_at + DAY, reason="x")
    assert assignment.due_for(row) == row.due_at
    assignment.due_at += 3 * DAY
    assert assignment.due_for(row) == assignment.due_at
    assert assignment.due_for(None) == assignment.due_at


def test_making_changing_and_taking_back_are_noted(as_bakary, bakary, assignment, place):
    fields = REASON | {"extra_minutes": 30, "exam_attempts": 2}
    as_bakary.post(address(assignment, place), fields)
    assert 'value="30"' in as_bakary.get(address(assignment, place)).text
    as_bakary.post(address(assignment, place), fields | {"extra_minutes": 45})
    row = Extension.objects.get()
    assert (row.extra_time, row.exam_attempts, row.due_at, row.is_excused) == (timedelta(minutes=45), 2, None, False)
    as_bakary.post(address(assignment, place), {"remove": "1"})
    assert not Extension.objects.exists()
    assert audit() == [("extension", "made"), ("extension", "changed"), ("extension", "removed")]
    assert set(Audit.objects.values_list("who", flat=True)) == {bakary.pk}


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"is_excused": "on", "reason": ""}, "id_reason"),
        ({"is_excused": "on", "reason": "x" * 501}, "id_reason"),
        ({"due_at": "2020-01-01T09:00"} | REASON, "id_due_at"),
        ({"due_at": "soon"} | REASON, "id_due_at"),
        ({"extra_minutes": "0"} | REASON, "id_extra_minutes"),
        ({"exam_attempts": "-1"} | REASON, "id_exam_attempts"),
        (REASON, None),
    ],
)
def test_what_cannot_hold_is_refused_and_nothing_is_kept(as_bakary, assignment, place, fields, target):
    page = as_bakary.post(address(assignment, place), fields)
    assert page.status_code == 422
    assert f'<a href="#{target}">' in page.text if target else "Give a later date" in page.text
    assert (Extension.objects.count(), Audit.objects.count()) == (0, 0)


def test_nothing_is_due_later_where_nothing_is_due(as_bakary, assignment, place):
    type(assignment).objects.update(due_at=None)
    assert as_bakary.post(address(assignment, place), REASON | {"due_at": "2126-01-01T09:00"}).status_code == 422


def test_where_no_exam_is_asked_nothing_is_asked_about_one_and_nothing_of_it_is_lost(
    as_bakary, bakary, assignment, place
):
    assignment.extend(place, bakary, make.NOW, extra_time=timedelta(minutes=30), exam_attempts=2, reason="Ill")
    assert "exam_attempts" in as_bakary.get(address(assignment, place)).text
    Assignment.objects.update(exam="not_asked")
    page = as_bakary.get(address(assignment, place)).text
    assert "exam_attempts" not in page
    assert "exam of this person" not in page
    as_bakary.post(address(assignment, place), REASON | {"is_excused": "on"})
    row = Extension.objects.get()
    assert (row.is_excused, row.extra_time, row.exam_attempts) == (True, timedelta(minutes=30), 2)
    assert as_bakary.post(address(assignment, place), REASON | {"extra_minutes": "30"}).status_code == 422


@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_whoever_is_not_on_the_staff_gives_none(request, browser, assignment, place):
    client = request.getfixturevalue(browser)
    assert client.post(address(assignment, place), REASON | {"is_excused": "on"}).status_code == 404
    assert not Extension.objects.exists()


def test_a_learner_of_another_cohort_is_not_reached(as_bakary, bakary, celia, assignment):
    other = make.cohort(bakary, [celia]).enrolments.get(user=celia)
    own = f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/learners/{other.pk}/extension/"
    assert as_bakary.get(own).status_code == 404


def test_a_module_page_still_costs_at_most_8_queries(as_awa, bakary, assignment, place, module):
    assignment.extend(place, bakary, make.NOW, is_excused=True, reason="x")
    make.hand_mark(assignment, place.user, module.sections.get(), "0.9")
    as_awa.get("/en/")
    with CaptureQueriesContext(connection) as queries:
        page = as_awa.get(module.get_absolute_url())
    assert "90 of 100, set by hand" in page.text
    assert len(queries) <= 8


def test_an_earlier_date_in_an_extension_takes_nothing_away(assignment, place, module, awa):
    """On the learner's own page and on the board, which ask in two ways."""
    extension = Extension.objects.create(assignment=assignment, enrolment=place, due_at=assignment.due_at - DAY)
    rows = sections_set_for(awa, module)
    assert [row.own_due_at for row in rows] == [assignment.due_at]
    assert assignment.due_for(extension) == assignment.due_at


@pytest.mark.parametrize("fields", [{"is_excused": True}, {"due_at": make.NOW + 9 * DAY}])
def test_a_learner_reads_neither_what_another_was_granted_nor_what_holds_for_other_work(
    bakary, awa, celia, cohort, place, module, fields
):
    cohort.join(celia, make.NOW)
    row, other = (make.assignment(cohort, module, due_at=make.NOW + days * DAY) for days in (1, 2))
    other.extend(place, bakary, make.NOW, reason="x", **fields)
    row.extend(cohort.enrolments.get(user=celia), bakary, make.NOW, reason="x", **fields)
    rows = sections_of(Assignment.objects.filter(pk=row.pk).set_for(awa))
    assert [(row.own_due_at, row.is_excused) for row in rows] == [(make.NOW + DAY, False)]


def test_an_archived_cohort_sets_no_dates(cohort, assignment, module, awa):
    assert sections_set_for(awa, module) != []
    cohort.archive(timezone.now())
    assert sections_set_for(awa, module) == []


@pytest.mark.parametrize(
    ("due_at", "later", "is_excused", "expected"),
    [
        (None, None, False, None),
        (None, 5, False, None),
        (3, None, False, 3),
        (3, 5, False, 5),
        (5, 3, False, 5),
        (3, 5, True, None),
    ],
)
def test_when_it_is_due_for_one_person(due_at, later, is_excused, expected):
    assert due_date(due_at, later, is_excused) == expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["extension", "mark"])
def test_for_a_place_that_is_taken_off_the_roster_meanwhile_nothing_is_kept(
    as_bakary, cohort, assignment, monkeypatch, act
):
    """Danso takes it off after Bakary's request has come, and before its turn."""
    free, lock = make.place(cohort), places.lock_cohort

    def taken_off(held):
        cohort.enrolments.filter(pk=free.pk).delete()
        return lock(held)

    monkeypatch.setattr(pages, "lock_cohort", taken_off)
    section = assignment.module.sections.first()
    address = f"{assignment.get_absolute_url()}learners/{free.pk}/extension/"
    if act == "mark":
        address = f"/en/cohorts/{cohort.pk}/learners/{free.pk}/sections/{section.pk}/"
    assert as_bakary.post(address, {"is_excused": "on", "points": 90, "reason": "Ill"}).status_code == 404
