"""Last term's cohort again: its staff, dates at the same time of day, notes; no learner, nothing withdrawn."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cohorts import copying
from cohorts.models import Cohort, ExamRule, QuizAssignment, Role
from tests import make

PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)
LATER = make.NOW + timedelta(days=200)


@pytest.fixture
def cohort(bakary, danso, awa):
    row = make.cohort(bakary, [awa], time_zone="Europe/Paris", name="Autumn")
    make.staff(row, danso, Role.LEAD)
    make.place(row)
    return row


def copied(cohort, starts_on=date(2027, 4, 5), **changes):
    values = {"name": "Spring", "time_zone": cohort.time_zone} | changes
    return copying.copy(cohort, values["name"], values["time_zone"], starts_on, LATER)


def local(moment, zone=PARIS):
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.django_db
def test_bakary_copies_his_cohort_in_one_form(as_bakary, bakary, danso, cohort):
    module = make.case_study(sections=2)
    opens = datetime(2026, 10, 5, 8, tzinfo=PARIS)
    make.assignment(cohort, module, opens_at=opens, due_at=datetime(2026, 11, 30, 18, tzinfo=PARIS))
    address = f"/en/cohorts/{cohort.pk}/copy/"
    page = as_bakary.get(address).text
    assert "opened on 5 October 2026" in page
    assert 'value="Autumn"' in page
    fields = {"name": "Spring", "time_zone": "Europe/Paris", "starts_on": "2027-04-05"}
    page = as_bakary.post(address, fields)
    new = Cohort.objects.get(name="Spring")
    assert page["Location"] == new.get_absolute_url()
    row = new.assignments.get()
    assert (local(row.opens_at), local(row.due_at)) == ("2027-04-05 08:00", "2027-05-31 18:00")
    assert set(new.enrolments.values_list("user", "role")) == {
        (bakary.pk, Role.INSTRUCTOR),
        (danso.pk, Role.LEAD),
    }
    assert new.join_code not in (None, cohort.join_code)


@pytest.mark.django_db
def test_everything_that_was_set_goes_over_and_nothing_of_the_old_changes(cohort, awa):
    module = make.case_study(sections=3)
    sections = list(module.sections.order_by("position"))
    fields = {
        "is_required": False,
        "title": "Essay week",
        "late_rule": "less",
        "late_points": 20,
        "exam": ExamRule.REQUIRED,
        "exam_minutes": 40,
        "months_valid": 12,
        "counts": "first",
    }
    old = make.assignment(cohort, module, sections[1:], **fields)
    make.assignment(cohort, module, opens_at=make.NOW + timedelta(days=7))
    old.extensions.create(enrolment=cohort.enrolments.get(user=awa), reason="ill")
    cohort.notes.create(section=sections[0], text="Read it twice.")
    cohort.banks.add(sections[0].bank)
    before = list(cohort.assignments.order_by("pk").values())
    new = copied(cohort, date(2026, 11, 2))
    first, second = new.assignments.order_by("pk")
    assert {name: getattr(first, name) for name in fields} == fields
    assert ([each.pk for each in first.chosen()], second.chosen()) == ([each.pk for each in sections[1:]], [])
    assert (first.opens_at, first.due_at, second.opens_at) == (make.NOW, None, make.NOW + timedelta(days=7))
    assert list(new.notes.values_list("section", "text")) == [(sections[0].pk, "Read it twice.")]
    assert list(new.banks.all()) == [sections[0].bank]
    assert first.extensions.count() == 0
    assert not new.enrolments.filter(role=Role.LEARNER).exists()
    assert list(cohort.assignments.order_by("pk").values()) == before
    assert cohort.notes.count() == cohort.enrolments.learners().untaken().count() == 1


@pytest.mark.django_db
def test_how_it_is_marked_goes_over_and_groups_without_anybody_in_them(cohort, awa):
    module, gone = make.case_study(sections=2), make.case_study()
    live, withdrawn = module.sections.order_by("position")
    for section in (live, withdrawn, None):
        cohort.weights.create(module=module, section=section, weight=3)
    cohort.weights.create(module=gone, weight=2)
    withdrawn.withdrawn_at = gone.withdrawn_at = make.NOW
    withdrawn.save(), gone.save()
    cohort.enrolments.filter(user=awa).update(group=cohort.groups.create(name="Tuesday"))
    Cohort.objects.filter(pk=cohort.pk).update(points=20, name_order="given")
    cohort.refresh_from_db()
    new = copied(cohort, None)
    assert (new.points, new.name_order) == (20, "given")
    assert set(new.weights.values_list("module", "section", "weight")) == {
        (module.pk, live.pk, 3),
        (module.pk, None, 3),
    }
    assert list(new.groups.values_list("name", "enrolments")) == [("Tuesday", None)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "closes", "wanted"),
    [
        ("2026-10-12T18:00", "2026-10-19T18:00", "2027-04-19 18:00"),
        ("2026-10-12T18:00", "2026-10-12T18:00", "2027-04-12 18:00"),
    ],
)
def test_closing_dates_move_along(cohort, due, closes, wanted):
    opens, due_at, closes_at = (
        datetime.fromisoformat(each).replace(tzinfo=PARIS) for each in ("2026-10-05T08:00", due, closes)
    )
    make.assignment(cohort, make.case_study(), opens_at=opens, due_at=due_at, closes_at=closes_at)
    row = copied(cohort).assignments.get()
    assert (local(row.closes_at), row.late_rule) == (wanted, "full")


@pytest.mark.django_db
def test_staff_who_left_are_not_taken_along(cohort, danso, bakary):
    cohort.enrolments.get(user=danso).leave(make.NOW)
    new = copied(cohort, None)
    place = new.enrolments.get()
    assert (place.user, place.role, place.joined_at) == (bakary, Role.INSTRUCTOR, LATER)


@pytest.mark.django_db
def test_what_was_withdrawn_is_not_set_again(cohort):
    """One chosen section of two stays; what was set of withdrawn ones alone must not become the whole module."""
    module, gone = make.case_study(sections=2), make.case_study()
    live, withdrawn = module.sections.order_by("position")
    make.assignment(cohort, module, [live, withdrawn])
    make.assignment(cohort, module, [withdrawn])
    make.assignment(cohort, gone)
    for section in (live, withdrawn):
        cohort.notes.create(section=section, text="Look here.")
    withdrawn.withdrawn_at = gone.withdrawn_at = make.NOW
    withdrawn.save(), gone.save()
    new = copied(cohort)
    assert [section.pk for section in new.assignments.get().sections.all()] == [live.pk]
    assert [note.section for note in new.notes.all()] == [live]


@pytest.mark.django_db
def test_another_zone_keeps_the_time_of_day(cohort):
    make.assignment(cohort, make.case_study(), opens_at=datetime(2026, 11, 2, 8, tzinfo=PARIS))
    new = copied(cohort, date(2027, 4, 5), time_zone="America/New_York")
    assert local(new.assignments.get().opens_at, NEW_YORK) == "2027-04-05 08:00"


@pytest.mark.django_db
def test_a_cohort_in_which_nothing_is_set_asks_for_no_day(as_bakary, cohort):
    address = f"/en/cohorts/{cohort.pk}/copy/"
    assert "starts_on" not in as_bakary.get(address).text
    assert as_bakary.post(address, {"name": "Spring", "time_zone": "UTC"}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("time_zone", "Mars/Base"), ("starts_on", ""), ("starts_on", "soon"), ("starts_on", "9999-12-31")],
)
def test_what_cannot_be_is_refused_beside_its_field(as_bakary, cohort, field, value):
    make.assignment(cohort, make.case_study())
    fields = {"name": "Spring", "time_zone": "UTC", "starts_on": "2027-04-05"} | {field: value}
    page = as_bakary.post(f"/en/cohorts/{cohort.pk}/copy/", fields)
    assert page.status_code == 422
    assert f'<a href="#id_{field}">' in page.text
    assert Cohort.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("browser", ["as_awa", "as_celia"])
def test_whoever_is_not_on_the_staff_copies_nothing(request, browser, cohort):
    client = request.getfixturevalue(browser)
    assert client.post(f"/en/cohorts/{cohort.pk}/copy/", {"name": "Mine", "time_zone": "UTC"}).status_code == 404
    assert Cohort.objects.count() == 1


@pytest.mark.django_db
def test_it_costs_the_same_however_much_is_set(cohort, bakary):
    counts = []
    for sections in (1, 4):
        module = make.case_study(sections=sections)
        for section in module.sections.all():
            make.assignment(cohort, module, [section])
            cohort.notes.create(section=section, text="Look here.")
            make.set_quiz(cohort, make.own_quiz(bakary))
        with CaptureQueriesContext(connection) as queries:
            copied(cohort)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 21


# Time of day


@pytest.mark.parametrize(
    ("opens", "days", "wanted"),
    [
        ("2026-10-05T08:00", 182, "2027-04-05 08:00"),  # summer to summer, over a winter
        ("2026-10-20T08:00", 7, "2026-10-27 08:00"),  # into winter time
        ("2027-03-21T02:30", 7, "2027-03-28 03:30"),  # an hour that is left out
        ("2026-10-18T02:30", 7, "2026-10-25 02:30"),  # an hour that comes twice
        ("2027-02-28T23:59", -59, "2026-12-31 23:59"),
    ],
)
def test_the_time_of_day_stays_over_summer_time(opens, days, wanted):
    moment = datetime.fromisoformat(opens).replace(tzinfo=PARIS)
    assert local(copying.moved(moment, days, PARIS, PARIS)) == wanted


MOMENTS = st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + minutes * MINUTE)
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe"]).map(ZoneInfo)


@given(MOMENTS, st.integers(-3650, 3650), ZONES, ZONES)
def test_any_moment_keeps_its_time_of_day_or_falls_into_the_hour_after(moment, days, zone, new_zone):
    before = moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    after = copying.moved(moment, days, zone, new_zone).astimezone(new_zone).replace(tzinfo=None)
    assert after - before in {timedelta(), timedelta(minutes=30), timedelta(hours=1)}


@pytest.mark.django_db
@pytest.mark.parametrize(("opens", "due"), [("02:30", "03:15"), ("02:10", "02:20")])
def test_what_was_due_after_its_opening_still_is_where_clocks_leave_out_an_hour(cohort, opens, due):
    day = "2027-03-21"
    moments = [datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=PARIS) for hour in (opens, due)]
    make.assignment(cohort, make.case_study(), opens_at=moments[0], due_at=moments[1])
    row = copied(cohort, date(2027, 3, 28)).assignments.get()
    assert row.due_at - row.opens_at >= timedelta(minutes=10)


# Quizzes of its staff


@pytest.mark.django_db
def test_quizzes_go_along_as_they_count_with_dates_that_move(cohort, bakary):
    module = make.case_study()
    make.assignment(cohort, module, opens_at=datetime(2026, 10, 5, 8, tzinfo=PARIS))
    dates = {"opens_at": datetime(2026, 10, 6, 8, tzinfo=PARIS), "closes_at": datetime(2026, 10, 27, 18, tzinfo=PARIS)}
    quiz = make.own_quiz(bakary)
    old = make.set_quiz(cohort, quiz, **dates, is_for_marks=True, weight=3, module=module)
    before = QuizAssignment.objects.values().get()
    row = copied(cohort).quiz_assignments.get()
    assert (local(row.opens_at), row.due_at, local(row.closes_at)) == ("2027-04-06 08:00", None, "2027-04-27 18:00")
    assert (row.quiz, row.is_for_marks, row.weight, row.module) == (quiz, True, 3, module)
    assert QuizAssignment.objects.values().get(pk=old.pk) == before


@pytest.mark.django_db
def test_a_quiz_whose_owner_does_not_come_along_is_not_set_again(cohort, danso):
    make.set_quiz(cohort, make.own_quiz(danso))
    cohort.enrolments.get(user=danso).leave(make.NOW)
    assert not copied(cohort).quiz_assignments.exists()


@pytest.mark.django_db
def test_dates_move_from_the_first_thing_that_the_copy_sets(as_bakary, cohort, danso):
    """Earlier are a quiz whose owner left and what is set of withdrawn sections, and of a withdrawn module, alone."""
    module, gone = make.case_study(sections=2), make.case_study()
    live, withdrawn = module.sections.order_by("position")
    make.set_quiz(cohort, make.own_quiz(danso), datetime(2026, 9, 1, 8, tzinfo=PARIS))
    make.assignment(cohort, module, [withdrawn], datetime(2026, 9, 8, 8, tzinfo=PARIS))
    make.assignment(cohort, gone, (), datetime(2026, 9, 15, 8, tzinfo=PARIS))
    make.assignment(cohort, module, [live, withdrawn], datetime(2026, 10, 5, 8, tzinfo=PARIS))
    cohort.enrolments.get(user=danso).leave(make.NOW)
    withdrawn.withdrawn_at = gone.withdrawn_at = make.NOW
    withdrawn.save(), gone.save()
    assert "opened on 5 October 2026" in as_bakary.get(f"/en/cohorts/{cohort.pk}/copy/").text
    assert local(copied(cohort).assignments.get().opens_at) == "2027-04-05 08:00"


@pytest.mark.django_db
def test_a_withdrawn_module_is_not_where_a_quiz_stands_in_the_copy(cohort, bakary):
    module = make.case_study()
    make.set_quiz(cohort, make.own_quiz(bakary), module=module)
    type(module).objects.update(withdrawn_at=make.NOW)
    assert copied(cohort).quiz_assignments.get().module is None


@pytest.mark.django_db
def test_a_cohort_with_quizzes_alone_moves_from_the_first_of_them(cohort, bakary):
    make.set_quiz(cohort, make.own_quiz(bakary), datetime(2026, 10, 5, 8, tzinfo=PARIS))
    assert copying.first_day(cohort) == date(2026, 10, 5)
    assert local(copied(cohort).quiz_assignments.get().opens_at) == "2027-04-05 08:00"
