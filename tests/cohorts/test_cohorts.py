"""Cohorts: made by anybody with a name, shared by instructors, left without loss."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Audit
from cohorts import codes
from cohorts.models import Cohort, Enrolment, Role
from quizzes.models import Attempt
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Autumn 2026", "time_zone": "Africa/Bamako"}


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa])


def place(cohort, user):
    return cohort.enrolments.get(user=user)


def give(client, cohort, user, role):
    return client.post(f"/en/cohorts/{cohort.pk}/members/{place(cohort, user).pk}/", {"role": role})


def test_whoever_has_a_name_makes_a_cohort_and_teaches_it(as_celia, celia):
    page = as_celia.post("/en/cohorts/new/", GIVEN)
    cohort = Cohort.objects.get()
    assert page["Location"] == cohort.get_absolute_url()
    assert (cohort.name, cohort.time_zone, place(cohort, celia).role) == (*GIVEN.values(), Role.INSTRUCTOR)
    page = as_celia.get(cohort.get_absolute_url())
    assert cohort.grouped_code in page.text
    assert f"http://testserver/en/join/{cohort.grouped_code}/" in page.text


def test_a_guest_is_sent_to_choose_a_name_first(as_guest):
    page = as_guest.post("/en/cohorts/new/", GIVEN)
    assert page["Location"] == "/en/accounts/sign-up/?next=%2Fen%2Fcohorts%2Fnew%2F"
    assert not Cohort.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("name", "x" * 121), ("time_zone", "Mars/Base")])
def test_a_cohort_needs_a_name_and_a_zone_of_the_list(as_celia, field, value):
    page = as_celia.post("/en/cohorts/new/", GIVEN | {field: value})
    assert page.status_code == 422
    assert f'<a href="#id_{field}">' in page.text
    assert not Cohort.objects.exists()


def test_its_staff_rename_it(as_bakary, cohort):
    as_bakary.post(f"/en/cohorts/{cohort.pk}/edit/", GIVEN)
    cohort.refresh_from_db()
    assert (cohort.name, cohort.time_zone) == tuple(GIVEN.values())


def test_the_name_of_a_cohort_stays_out_of_titles(as_bakary, as_awa, cohort):
    for client, ending in [(as_awa, ""), (as_bakary, ""), (as_bakary, "board/"), (as_bakary, "members/")]:
        page = client.get(f"{cohort.get_absolute_url()}{ending}")
        assert cohort.name not in page.text.split("<title>")[1].split("</title>")[0]


def test_a_learner_finds_no_code_and_no_way_to_the_board(as_awa, cohort):
    page = as_awa.get(cohort.get_absolute_url())
    assert cohort.grouped_code not in page.text
    assert "/board/" not in page.text
    assert "What its staff see" in page.text


def test_the_list_shows_ones_own_cohorts_only(as_awa, as_celia, cohort):
    assert cohort.get_absolute_url() in as_awa.get("/en/cohorts/").text
    assert cohort.get_absolute_url() not in as_celia.get("/en/cohorts/").text


# Roles


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.LEAD])
def test_an_instructor_takes_another_on_the_staff_and_it_is_noted(as_bakary, bakary, awa, as_awa, cohort, role):
    assert give(as_bakary, cohort, awa, role).status_code == 302
    assert as_awa.get(f"/en/cohorts/{cohort.pk}/board/").status_code == 200
    note = Audit.objects.get()
    assert (note.who, note.what, note.on_what) == (
        bakary,
        "role",
        f"enrolment {place(cohort, awa).pk}: learner to {role}",
    )


def test_a_role_given_twice_is_noted_once(as_bakary, awa, cohort):
    for _ in range(2):
        give(as_bakary, cohort, awa, Role.LEAD)
    assert Audit.objects.count() == 1


def test_an_unknown_role_is_refused(as_bakary, awa, cohort):
    page = give(as_bakary, cohort, awa, "owner")
    assert page.status_code == 422
    own = place(cohort, awa)
    assert f'<a href="#{own.pk}-role">' in page.text
    assert f'id="{own.pk}-role"' in page.text
    assert own.role == Role.LEARNER


def test_a_guest_cannot_be_on_the_staff(as_bakary, guest, cohort):
    cohort.join(guest, make.NOW)
    assert give(as_bakary, cohort, guest, Role.INSTRUCTOR).status_code == 422
    assert place(cohort, guest).role == Role.LEARNER


def test_the_last_instructor_is_not_demoted(as_bakary, bakary, cohort, danso):
    make.staff(cohort, danso, Role.LEAD)
    assert give(as_bakary, cohort, bakary, Role.LEARNER).status_code == 422
    assert place(cohort, bakary).role == Role.INSTRUCTOR
    make.staff(cohort, make.user("Ely"))
    page = give(as_bakary, cohort, bakary, Role.LEARNER)
    assert as_bakary.get(page["Location"]).status_code == 200


def test_the_last_instructor_becomes_no_lead_but_may_be_made_one_again(as_bakary, bakary, cohort):
    assert give(as_bakary, cohort, bakary, Role.LEAD).status_code == 422
    assert give(as_bakary, cohort, bakary, Role.INSTRUCTOR).status_code == 302
    assert place(cohort, bakary).role == Role.INSTRUCTOR


def test_the_last_instructor_cannot_leave(as_bakary, bakary, cohort):
    page = as_bakary.post(f"/en/cohorts/{cohort.pk}/leave/", follow=True)
    assert "keeps at least one instructor" in page.text
    assert place(cohort, bakary).left_at is None


def test_of_two_instructors_one_may_leave_and_then_the_other_is_the_last(as_bakary, cohort, danso, as_danso):
    make.staff(cohort, danso)
    as_bakary.post(f"/en/cohorts/{cohort.pk}/leave/")
    as_danso.post(f"/en/cohorts/{cohort.pk}/leave/")
    assert list(Cohort.objects.taught_by(danso)) == [cohort]
    assert as_bakary.get(cohort.get_absolute_url()).status_code == 404


def test_a_row_read_before_somebody_else_left_is_looked_at_again(bakary, cohort, danso):
    first, second = place(cohort, bakary), make.staff(cohort, danso)
    assert [first.leave(make.NOW), second.leave(make.NOW)] == [True, False]


def test_neither_an_instructor_of_another_cohort_nor_a_place_without_a_person_lets_the_last_one_go(
    bakary, danso, cohort
):
    make.cohort(danso)
    cohort.enrolments.create(role=Role.INSTRUCTOR, roster_name="Zerbo, M.")
    assert not place(cohort, bakary).leave(make.NOW)


def test_where_no_instructor_is_left_the_others_may_go(bakary, awa, danso, cohort):
    """Bakary's account was erased. Danso, who taught with him, left before, and what he presses again keeps the day."""
    before = make.staff(cohort, danso)
    before.leave(make.NOW)
    bakary.delete()
    later = make.NOW + timedelta(days=1)
    assert [row.leave(later) for row in (before, place(cohort, awa))] == [True, True]
    assert [place(cohort, user).left_at for user in (danso, awa)] == [make.NOW, later]


def test_of_instructors_who_leave_at_once_one_stays(in_parallel):
    cohort = make.cohort(make.user("Zero"))
    for number in range(7):
        make.staff(cohort, make.user(f"Instructor {number}"))
    rows = list(cohort.enrolments.all())
    left = in_parallel(lambda number: rows[number].leave(make.NOW), 8)
    assert sorted(left) == [False] + [True] * 7


# Leaving


def test_who_leaves_keeps_all_work_and_is_no_longer_seen(as_awa, awa, as_bakary, cohort):
    section = make.case_study().sections.get()
    make.assignment(cohort, section.module)
    make.reading(awa, section.lessons.first())
    make.quiz(awa, section, right=4)
    assert "Awa" in as_bakary.get(f"/en/cohorts/{cohort.pk}/board/").text
    assert as_awa.post(f"/en/cohorts/{cohort.pk}/leave/")["Location"] == "/en/cohorts/"
    assert "Awa" not in as_bakary.get(f"/en/cohorts/{cohort.pk}/board/").text
    assert (awa.readings.count(), Attempt.objects.of(awa).count()) == (1, 1)
    assert as_awa.get(cohort.get_absolute_url()).status_code == 404


def test_who_left_is_listed_where_the_roster_has_a_name_for_them_alone(as_bakary, awa, celia, cohort):
    cohort.join(celia, make.NOW)
    cohort.enrolments.filter(user=celia).update(roster_name="Zerbo, M.")
    for user in (awa, celia):
        place(cohort, user).leave(make.NOW)
    page = as_bakary.get(f"/en/cohorts/{cohort.pk}/members/").text
    assert ("Awa" in page, "Zerbo, M." in page) == (False, True)


def test_members_are_listed_a_hundred_a_page_in_constant_queries(as_bakary, bakary):
    cohort, counts = make.cohort(bakary), []
    as_bakary.get("/en/")
    for wanted in (2, 120):
        for number in range(cohort.enrolments.count(), wanted):
            cohort.join(make.user(f"Learner {number:03}"), make.NOW)
        with CaptureQueriesContext(connection) as queries:
            page = as_bakary.get(f"/en/cohorts/{cohort.pk}/members/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
    assert "Page 1 of 2" in page.text
    assert page.text.count('name="row"') == 99  # beside Bakary, who teaches
    assert 'href="?page=2"' in page.text


def test_a_place_that_nobody_has_taken_is_named_by_the_roster(as_bakary, cohort):
    Enrolment.objects.create(cohort=cohort, role=Role.LEARNER, roster_name="Coulibaly, S.")
    page = as_bakary.get(f"/en/cohorts/{cohort.pk}/members/")
    assert "Coulibaly, S." in page.text
    assert "has not joined yet" in page.text


# Codes


def test_a_code_has_50_bits_and_no_look_alikes():
    assert len(codes.ALPHABET) ** codes.LENGTH > 2**50
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET)
    assert not set(codes.ALPHABET) & set("0O1IL2Z5S8BUAEV") - {"V"}
    assert len({codes.draw() for _ in range(100)}) == 100


@pytest.mark.parametrize("typed", ["CDFG-HJKM-NPQR", "cdfghjkmnpqr", " cdfg hjkm npqr ", "CDFG–HJKM–NPQR"])
def test_a_code_is_read_however_it_is_typed(typed):
    assert codes.plain(typed) == "CDFGHJKMNPQR"
    assert codes.grouped(codes.plain(typed)) == "CDFG-HJKM-NPQR"


def test_a_new_code_revokes_the_old_one_and_closing_leaves_none(as_bakary, cohort):
    old = cohort.join_code
    as_bakary.post(f"/en/cohorts/{cohort.pk}/code/")
    cohort.refresh_from_db()
    assert cohort.join_code not in (None, old)
    as_bakary.post(f"/en/cohorts/{cohort.pk}/code/", {"close": "1"})
    cohort.refresh_from_db()
    assert cohort.join_code is None
    assert "Joining is closed" in as_bakary.get(cohort.get_absolute_url()).text


def test_of_a_visitor_there_is_no_cohort(client, cohort):
    user = client.get("/en/").wsgi_request.user
    assert not Cohort.objects.of(user).exists()
    assert browser_of(make.user("Fatou")).get(cohort.get_absolute_url()).status_code == 404
