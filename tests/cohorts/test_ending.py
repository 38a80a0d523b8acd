"""The end of a cohort: told beforehand, then it is archived, and half a year later what is its own is erased."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Audit
from cohorts import ending
from cohorts.models import Assignment, Cohort, Comment, Enrolment, Group, HandMark
from quizzes.models import Attempt
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LAST = date(2027, 6, 30)


def at(day, hour=12):
    return timezone.datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def cohort(bakary, awa, module):
    """Awa passed section 1 in it; it has a name on the roster, a mark by hand, a comment, a note and a group."""
    row = make.cohort(bakary, [awa], name="Monday group", ends_on=LAST)
    section = module.sections.first()
    work = make.assignment(row, module)
    place = row.enrolments.get(user=awa)
    place.roster_name, place.group = "Coulibaly Sira", Group.objects.create(cohort=row, name="A")
    place.save()
    fields = {"made_by": bakary, "made_at": make.NOW, "section": section}
    HandMark.objects.create(assignment=work, enrolment=place, score="0.9", reason="Said it well", **fields)
    Comment.objects.create(enrolment=place, text="Well read.", **fields)
    row.write_note(section, "Bring your sheets.", make.NOW)
    make.quiz(awa, section, right=5)
    return row


# Told on the lists of cohorts, where nobody has to open one


def test_lists_of_cohorts_tell_of_an_end_that_is_close_and_of_what_is_erased(as_bakary, as_awa, cohort):
    today = timezone.localdate()
    for days, is_told in ((60, False), (20, True)):
        Cohort.objects.update(ends_on=today + days * DAY)
        staff, learner = as_bakary.get("/en/cohorts/").text, as_awa.get("/en/cohorts/").text
        assert ("It ends on" in staff, "its names and marks are erased" in staff) == (is_told, is_told)
        assert ("It ends on" in learner, "are erased" in learner) == (is_told, False)
    Cohort.objects.update(ends_on=today - DAY, archived_at=timezone.now())
    staff, learner = as_bakary.get("/en/cohorts/").text, as_awa.get("/en/cohorts/").text
    assert ("It ends on" in staff, "its names and marks are erased" in staff) == (False, True)
    assert "are erased" not in learner


# Setting the day


def test_whoever_makes_a_cohort_sets_its_last_day_and_a_year_is_proposed(as_bakary):
    page = as_bakary.get("/en/cohorts/new/").text
    assert f'value="{(timezone.localdate() + ending.USUAL).isoformat()}"' in page
    day = timezone.localdate() + timedelta(days=90)
    as_bakary.post("/en/cohorts/new/", {"name": "Spring", "time_zone": "UTC", "ends_on": day.isoformat()})
    assert Cohort.objects.get().ends_on == day


@pytest.mark.parametrize("days", [-1, 0, 5 * 366, 400_000])
def test_a_day_that_is_over_or_too_far_off_is_refused(as_bakary, days):
    day = timezone.localdate() + timedelta(days=days)
    page = as_bakary.post("/en/cohorts/new/", {"name": "Spring", "time_zone": "UTC", "ends_on": day.isoformat()})
    assert page.status_code == 422
    assert "Choose a day from tomorrow on, within five years." in page.text
    assert not Cohort.objects.exists()


def test_its_staff_move_the_day_and_an_emptied_field_keeps_it(as_bakary, cohort):
    address, later = f"/en/cohorts/{cohort.pk}/edit/", timezone.localdate() + timedelta(days=400)
    as_bakary.post(address, {"name": "Monday group", "time_zone": "UTC", "ends_on": later.isoformat()})
    cohort.refresh_from_db()
    assert cohort.ends_on == later
    as_bakary.post(address, {"name": "Tuesday group", "time_zone": "UTC", "ends_on": ""})
    cohort.refresh_from_db()
    assert (cohort.name, cohort.ends_on) == ("Tuesday group", later)


def test_a_cohort_whose_day_is_over_can_still_be_renamed(as_bakary, cohort):
    Cohort.objects.update(ends_on=date(2026, 1, 31))
    fields = {"name": "Last year's", "time_zone": "UTC", "ends_on": "2026-01-31"}
    assert as_bakary.post(f"/en/cohorts/{cohort.pk}/edit/", fields).status_code == 302


def test_a_copy_has_a_day_of_its_own(as_bakary, cohort):
    day = timezone.localdate() + timedelta(days=200)
    fields = {"name": "Spring", "time_zone": "UTC", "starts_on": timezone.localdate(), "ends_on": day.isoformat()}
    as_bakary.post(f"/en/cohorts/{cohort.pk}/copy/", fields)
    assert Cohort.objects.get(name="Spring").ends_on == day


def test_everybody_in_it_is_told_the_day_and_what_is_erased(as_awa, as_bakary, cohort):
    for client, words in ((as_awa, "What you did stays yours"), (as_bakary, "Take everything out as one file (ZIP)")):
        page = " ".join(unescape(client.get(f"/en/cohorts/{cohort.pk}/").text).split())
        assert "After 30 June 2027 it is archived. On 27 December 2027 its list of names" in page
        assert words in page


def test_without_a_day_its_staff_are_asked_for_one(as_awa, as_bakary, cohort):
    Cohort.objects.update(ends_on=None)
    assert "Set the day" in as_bakary.get(f"/en/cohorts/{cohort.pk}/").text
    assert "Its staff have not said when." in as_awa.get(f"/en/cohorts/{cohort.pk}/").text


# The day comes


def test_it_is_archived_once_its_day_is_over_and_not_before(cohort):
    assert ending.archive_ended(at(LAST, hour=23)) == 0
    assert ending.archive_ended(at(LAST + DAY, hour=0)) == 1
    cohort.refresh_from_db()
    assert (cohort.archived_at, cohort.join_code) == (at(LAST + DAY, hour=0), None)
    assert ending.archive_ended(at(LAST + 2 * DAY)) == 0
    assert [line.on_what for line in Audit.objects.all()] == [f"cohort {cohort.pk}: its day is over"]


@pytest.mark.parametrize(("zone", "hour", "ended"), [("Pacific/Auckland", 12, 1), ("America/Los_Angeles", 6, 0)])
def test_its_day_is_over_by_the_clocks_of_its_own_zone(cohort, zone, hour, ended):
    Cohort.objects.update(time_zone=zone)
    day = LAST if ended else LAST + DAY
    assert ending.archive_ended(at(day, hour)) == ended


def test_one_without_a_day_is_never_archived_by_itself(cohort):
    Cohort.objects.update(ends_on=None)
    assert ending.archive_ended(at(LAST + 1000 * DAY)) == ending.erase_ended(at(LAST + 1000 * DAY)) == 0


def test_out_of_the_archive_it_gets_another_year(as_bakary, cohort):
    Cohort.objects.update(ends_on=timezone.localdate() - DAY, archived_at=timezone.now())
    as_bakary.post(f"/en/cohorts/{cohort.pk}/archive/", {"back": "1"})
    cohort.refresh_from_db()
    assert (cohort.archived_at, cohort.ends_on) == (None, timezone.localdate() + timedelta(days=365))


def test_half_a_year_later_what_is_its_own_is_erased_and_work_stays(as_awa, awa, bakary, cohort):
    gone = at(LAST + ending.KEPT + DAY)
    ending.archive_ended(gone)
    assert ending.erase_ended(at(LAST + ending.KEPT)) == 0
    assert ending.erase_ended(gone) == 1
    assert not Cohort.objects.exists()
    for model in (Enrolment, HandMark, Comment, Group, Assignment):
        assert not model.objects.exists()
    assert Attempt.objects.filter(learner=awa, score=1).count() == 1
    assert as_awa.get(f"/en/cohorts/{cohort.pk}/").status_code == 404
    assert Audit.objects.last().on_what == f"cohort {cohort.pk}: half a year after its day"


def test_certificates_stay_good_when_their_cohort_is_erased(client, awa, cohort):
    work = cohort.assignments.get()
    make.certificate(awa, work.module, work)
    gone = at(LAST + ending.KEPT + DAY)
    ending.archive_ended(gone)
    assert (ending.erase_ended(gone), ending.erase_ended(gone)) == (1, 0)
    assert client.get(f"/en/certificates/{awa.certificates.get().public_id}/").status_code == 200
    cohort.refresh_from_db()
    assert (cohort.name, cohort.erased_at) == ("–", gone)
    assert not cohort.notes.exists()
    assert not Enrolment.objects.exists()


def test_one_that_was_taken_up_meanwhile_is_not_erased(cohort):
    Cohort.objects.update(archived_at=None)
    assert ending.erase_ended(at(LAST + ending.KEPT + DAY)) == 0


def test_tidy_does_both_and_says_how_many(cohort, capsys):
    Cohort.objects.update(ends_on=timezone.localdate() - 2 * DAY)
    call_command("tidy", "--clock-is-right")
    assert "cohorts whose day is over: 1 archived, 0 erased" in capsys.readouterr().out
    Cohort.objects.update(ends_on=timezone.localdate() - ending.KEPT - 2 * DAY)
    call_command("tidy", "--clock-is-right")
    assert "cohorts whose day is over: 0 archived, 1 erased" in capsys.readouterr().out
