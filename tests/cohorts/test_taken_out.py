"""People who leave a cohort or its staff, or are taken out, are told so, and come in again."""

from datetime import timedelta

import pytest

from accounts.models import Audit
from cohorts import groups, places
from cohorts.models import Cohort, Enrolment, Role
from tests import make
from tests.cohorts.test_people import (  # noqa: F401 - fixtures
    at,
    cohort,
    listed,
    own,
    place,
    taken,
    text_of,
)

# ruff: noqa: F811

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=7)
TAKEN_OUT = "its staff took you out of “Monday group”"


# Out, and in again


def test_somebody_who_was_removed_is_told_once(as_awa, as_bakary, awa, own, cohort):
    as_bakary.post(at(cohort, f"places/{own.pk}/remove/"))
    assert as_awa.get(at(cohort))["Location"] == "/en/cohorts/"
    for _ in range(2):
        page = text_of(as_awa.get("/en/cohorts/"))
        assert TAKEN_OUT in page
        assert "you keep all of it" in page
    assert as_awa.post(at(cohort, "removal/"))["Location"] == "/en/cohorts/"
    assert TAKEN_OUT not in text_of(as_awa.get("/en/cohorts/"))
    assert as_awa.get(at(cohort)).status_code == 404
    assert as_awa.post(at(cohort, "removal/")).status_code == 404


def test_nobody_else_reads_that_somebody_was_removed(as_celia, as_bakary, own, cohort):
    as_bakary.post(at(cohort, f"places/{own.pk}/remove/"))
    assert as_celia.get(at(cohort)).status_code == 404
    assert "took you out" not in as_celia.get("/en/cohorts/").text
    assert as_celia.post(at(cohort, "removal/")).status_code == 404


def test_who_left_is_not_told_that_they_did(as_awa, own, cohort):
    own.leave(make.NOW)
    assert "took you out" not in as_awa.get("/en/cohorts/").text
    assert as_awa.get(at(cohort)).status_code == 404


def test_who_was_removed_and_joins_again_is_in_and_told_nothing(as_awa, awa, bakary, own, cohort):
    places.remove(own, bakary, make.NOW)
    cohort.join(awa, LATER)
    assert as_awa.get(at(cohort)).status_code == 200
    assert "took you out" not in as_awa.get("/en/cohorts/").text


def test_a_name_of_somebody_removed_is_put_back_with_all_that_stood_beside_it(as_bakary, bakary, client, taken, cohort):
    td = groups.named(cohort, "TD 1")
    places.describe(taken, "Zerbo, M.", "17", td)
    marked = make.any_hand_mark(taken)
    old = taken.grouped_code
    places.remove(taken, bakary, make.NOW)
    assert "Removed on 2 November 2026." in text_of(as_bakary.get(at(cohort, f"places/{taken.pk}/")))
    page = as_bakary.post(at(cohort, f"places/{taken.pk}/back/"), follow=True)
    fresh = cohort.enrolments.untaken().get()
    assert (fresh.roster_name, fresh.school_number, fresh.group) == ("Zerbo, M.", "17", td)
    assert fresh.grouped_code in page.text
    assert client.get(f"/en/join/{old}/").status_code == 404
    marked.refresh_from_db()
    assert marked.enrolment == fresh
    assert Audit.objects.filter(what="put back", who=bakary, on_what=f"enrolment {taken.pk}").count() == 1


def test_put_back_the_same_person_comes_back_to_their_row(as_celia, as_bakary, bakary, taken, cohort):
    places.remove(taken, bakary, make.NOW)
    as_bakary.post(at(cohort, f"places/{taken.pk}/back/"))
    code = cohort.enrolments.untaken().get().grouped_code
    as_celia.post("/en/join/cohort/", {"code": code})
    taken.refresh_from_db()
    assert (taken.left_at, taken.roster_name, taken.grouped_code) == (None, "Zerbo, M.", code)
    assert cohort.enrolments.filter(roster_name="Zerbo, M.").count() == 1


def test_a_second_press_puts_nobody_back_twice(as_bakary, bakary, taken, cohort):
    places.remove(taken, bakary, make.NOW)
    for _ in range(2):
        as_bakary.post(at(cohort, f"places/{taken.pk}/back/"))
    assert cohort.enrolments.untaken().count() == 1


def test_somebody_removed_who_stood_on_no_list_is_put_back_by_the_name_that_staff_know(
    as_bakary, bakary, guest, cohort
):
    row = cohort.join(guest, make.NOW)
    Enrolment.objects.filter(pk=row.pk).update(said_name="Mariam")
    places.remove(row, bakary, make.NOW)
    assert "Mariam" in listed(as_bakary.get(at(cohort, "members/")))
    as_bakary.post(at(cohort, f"places/{row.pk}/back/"))
    assert cohort.enrolments.untaken().get().roster_name == "Mariam"
    assert listed(as_bakary.get(at(cohort, "members/"))).count("Mariam") == 1


def test_neither_somebody_who_is_in_nor_one_of_the_staff_is_put_back(as_bakary, bakary, danso, own, cohort):
    left = make.staff(cohort, danso)
    places.dismiss(left, bakary, make.NOW)
    for row in (own, left):
        as_bakary.post(at(cohort, f"places/{row.pk}/back/"))
    assert not cohort.enrolments.untaken().exists()


# Out of the staff


def test_whoever_stops_teaching_goes_out_of_staff_and_cohort_and_stands_on_no_board(
    as_bakary, as_danso, bakary, danso, cohort
):
    make.assignment(cohort, make.case_study())
    row = make.staff(cohort, danso)
    page = as_bakary.get(at(cohort, f"places/{row.pk}/")).text
    assert '<option value="out">' in page
    assert "As a learner they stand on the board like the rest" in text_of(
        as_bakary.get(at(cohort, f"places/{row.pk}/"))
    )
    assert as_bakary.post(at(cohort, f"members/{row.pk}/"), {"role": "out"}).status_code == 302
    assert "Danso" not in as_bakary.get(at(cohort, "board/")).text.split("<main")[1]
    assert not Cohort.objects.of(danso).exists()
    assert TAKEN_OUT in text_of(as_danso.get("/en/cohorts/"))
    note = Audit.objects.get()
    assert (note.who, note.what, note.on_what) == (bakary, "role", f"enrolment {row.pk}: instructor to nobody")


def test_members_of_the_staff_stand_on_no_board(as_bakary, danso, cohort):
    make.assignment(cohort, make.case_study())
    make.staff(cohort, danso, Role.LEAD)
    assert "Danso" not in as_bakary.get(at(cohort, "board/")).text


def test_the_last_instructor_is_not_taken_out(as_bakary, bakary, cohort):
    row = cohort.enrolments.get(user=bakary)
    page = as_bakary.post(at(cohort, f"members/{row.pk}/"), {"role": "out"})
    assert page.status_code == 422
    assert "keeps at least one instructor" in page.text
    assert Cohort.objects.taught_by(bakary).exists()


def test_a_learner_is_not_taken_out_that_way(as_bakary, bakary, own, cohort):
    assert as_bakary.post(at(cohort, f"members/{own.pk}/"), {"role": "out"}).status_code == 422
    assert not places.dismiss(own, bakary, make.NOW)
    own.refresh_from_db()
    assert own.left_at is None


def test_who_takes_themselves_out_is_led_on(as_danso, danso, cohort):
    row = make.staff(cohort, danso)
    page = as_danso.post(at(cohort, f"members/{row.pk}/"), {"role": "out"}, follow=True)
    assert page.redirect_chain[-1][0] == "/en/cohorts/"
