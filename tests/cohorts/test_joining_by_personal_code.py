"""A personal code takes a place on the roster: once, in two taps; staff alone see the name that stands there."""

import pytest
from django.test import Client
from django.utils import timezone

from cohorts import codes, places
from cohorts.models import Enrolment, Role
from tests import make
from tests.crawl import crawl

pytestmark = pytest.mark.django_db
CANARY = "Zerbo-Canary"


@pytest.fixture
def cohort(bakary):
    return make.cohort(bakary, name="Monday group")


@pytest.fixture
def place(cohort):
    return make.place(cohort, CANARY)


@pytest.fixture
def link(place):
    return f"/en/join/{place.grouped_code}/"


def held(cohort):
    """[(name of the person or None, name on the roster)] of all who are in, and of places."""
    rows = cohort.enrolments.current().learners().select_related("user").order_by("pk")
    return [(row.user and row.user.name, row.roster_name) for row in rows]


def test_a_visitor_takes_the_place_in_two_taps(client, cohort, place, link):
    page = client.get(link, follow=True)
    assert "Beside the name that you use here, the staff will see" in page.text
    assert page.text.count("btn-primary") == 1
    assert client.post(link)["Location"] == cohort.get_absolute_url()
    row = cohort.enrolments.learners().get()
    assert (row.user.is_guest, row.roster_name, row.left_at) == (True, CANARY, None)
    assert row.joined_at is not None
    assert client.get(cohort.get_absolute_url()).status_code == 200


def test_the_field_for_codes_takes_it_however_it_is_typed(client, place, link):
    page = client.post("/en/join/", {"code": f" {place.personal_code.lower()} "}, follow=True)
    assert f'value="{place.grouped_code}"' in page.text
    assert "This code is for you alone" in page.text


def test_a_place_is_taken_once(as_awa, as_celia, cohort, link):
    as_awa.post(link)
    assert as_celia.post(link).status_code == 410
    assert held(cohort) == [("Awa", CANARY)]


def test_a_slip_that_was_used_says_so_and_what_to_do_but_not_whose_it_was(as_awa, as_celia, client, cohort, link):
    as_awa.post(link)
    typed = {"code": link.split("/")[3].lower()}
    for browser in (as_celia, client):
        for page in (
            browser.get(link, follow=True),
            browser.post("/en/join/", typed, follow=True),
            browser.post("/en/join/cohort/", typed),
        ):
            assert page.status_code == 410
            assert "This slip has been used" in page.text
            assert 'href="/en/accounts/sign-in/?next=/en/join/cohort/"' in page.text
            assert "ask your teacher for a new code" in page.text
            for secret in ("Awa", CANARY, cohort.name):
                assert secret not in page.text
    assert held(cohort) == [("Awa", CANARY)]


def test_whoever_used_it_signs_in_and_is_in_the_cohort(as_awa, client, cohort, link):
    as_awa.post(link)
    client.get(link)
    signing_in = {"username": "Awa", "password": make.PASSWORD, "next": "/en/join/cohort/"}
    page = client.post("/en/accounts/sign-in/", signing_in, follow=True)
    assert "You are in this cohort." in page.text


def test_a_used_code_is_limited_like_a_wrong_one(as_awa, as_celia, cohort, link):
    as_awa.post(link)
    typed = {"code": link.split("/")[3]}
    pages = [as_celia.post("/en/join/", typed).status_code for _ in range(6)]
    pages += [as_celia.post("/en/join/cohort/", typed).status_code for _ in range(5)]
    assert pages == [302] * 6 + [410] * 4 + [429]


@pytest.mark.parametrize("end", ["renewed", "removed", "archived"])
def test_a_code_that_has_ended_answers_exactly_like_one_that_never_was(as_awa, bakary, client, cohort, link, end):
    as_awa.post(link)
    row = cohort.enrolments.learners().get()
    if end == "renewed":
        places.renew_code(row, bakary, make.NOW)
    elif end == "removed":
        places.remove(row, bakary, make.NOW)
    else:
        cohort.archive(make.NOW)
    never = "/en/join/3333-4444-6666/"
    page = client.get(link, follow=True)
    assert page.status_code == 404
    assert page.text.replace(link, never) == client.get(never).text


def test_whoever_took_it_is_led_to_the_cohort_by_the_same_link(as_awa, cohort, link):
    for _ in range(2):
        assert as_awa.post(link)["Location"] == cohort.get_absolute_url()
    assert "You are in this cohort." in as_awa.get(link, follow=True).text
    assert held(cohort) == [("Awa", CANARY)]


def test_whoever_left_comes_back_to_their_place_by_it(as_awa, cohort, link):
    as_awa.post(link)
    as_awa.post(f"{cohort.get_absolute_url()}leave/")
    assert held(cohort) == []
    assert "You were in this cohort before" in as_awa.get(link, follow=True).text
    as_awa.post(link)
    assert held(cohort) == [("Awa", CANARY)]


def test_joining_by_the_code_of_the_cohort_takes_no_place(as_awa, cohort, place):
    as_awa.post(f"/en/join/{cohort.grouped_code}/")
    assert held(cohort) == [(None, CANARY), ("Awa", "")]


def test_who_is_in_already_merges_into_the_place_and_keeps_the_day_of_joining(as_awa, awa, cohort, place, link):
    own = cohort.join(awa, make.NOW)
    marked = make.any_hand_mark(place)
    assert "This is me" in as_awa.get(link, follow=True).text
    as_awa.post(link)
    assert held(cohort) == [("Awa", CANARY)]
    own.refresh_from_db(), marked.refresh_from_db()
    assert (own.joined_at, own.personal_code, marked.enrolment) == (make.NOW, place.personal_code, own)


def test_who_left_and_takes_a_place_is_in_again(as_awa, awa, cohort, link):
    cohort.join(awa, make.NOW).leave(make.NOW)
    as_awa.post(link)
    assert held(cohort) == [("Awa", CANARY)]


def test_nobody_takes_two_places(as_awa, cohort, link):
    as_awa.post(link)
    other = make.place(cohort, "Somebody else")
    page = as_awa.post(f"/en/join/{other.grouped_code}/")
    assert "must be somebody else’s" in page.text
    assert "Somebody else" not in page.text
    assert 'action="/en/join/cohort/"' not in page.text
    assert held(cohort) == [("Awa", CANARY), (None, "Somebody else")]


def test_whoever_may_not_take_a_place_does_not_even_behind_the_page(awa, bakary, cohort, place):
    assert places.claim_place(place, awa, make.NOW)
    other = make.place(cohort, "Somebody else")
    assert [places.claim_place(other, user, make.NOW) for user in (awa, bakary)] == [False, False]
    assert held(cohort) == [("Awa", CANARY), (None, "Somebody else")]


def test_what_somebody_has_taken_is_no_place_for_another(awa, celia, cohort, place):
    places.claim_place(place, awa, make.NOW)
    assert not places.claim_place(cohort.enrolments.get(user=awa), celia, make.NOW)
    assert held(cohort) == [("Awa", CANARY)]


def test_of_several_places_the_one_of_the_code_is_taken(as_awa, cohort, place):
    other = make.place(cohort, "Somebody else")
    as_awa.post(f"/en/join/{other.grouped_code}/")
    assert held(cohort) == [(None, CANARY), ("Awa", "Somebody else")]


def test_whoever_was_on_the_staff_and_left_takes_one_as_a_learner(awa, cohort, place):
    make.staff(cohort, awa).leave(make.NOW)
    assert places.claim_place(place, awa, make.NOW)
    assert held(cohort) == [("Awa", CANARY)]


def test_staff_take_no_place(as_bakary, cohort, link):
    for page in (as_bakary.get(link, follow=True), as_bakary.post(link)):
        assert "you are on this cohort’s staff" in page.text
    assert held(cohort) == [(None, CANARY)]


def test_it_opens_where_the_cohorts_own_code_is_closed_but_not_after_archiving(client, as_awa, cohort, link):
    cohort.close_joining()
    assert client.get(link, follow=True).status_code == 200
    cohort.archive(make.NOW)
    assert client.get(link, follow=True).status_code == 404
    assert as_awa.post(link).status_code == 404
    assert held(cohort) == [(None, CANARY)]


def test_looking_takes_nothing_and_extra_fields_give_nothing(as_awa, cohort, link):
    as_awa.get(link, follow=True)
    assert held(cohort) == [(None, CANARY)]
    as_awa.post(link, {"role": "instructor", "roster_name": "Me"})
    assert cohort.enrolments.get(roster_name=CANARY).role == Role.LEARNER


def test_of_sixteen_that_take_a_place_at_once_one_has_it(in_parallel):
    cohort = make.cohort(make.user("Bakary"))
    place = make.place(cohort)
    people = [make.user(f"Learner {number}") for number in range(16)]
    taken = in_parallel(lambda number: places.claim_place(place, people[number], make.NOW))
    assert sum(taken) == 1
    assert [name for name, _ in held(cohort)] == [people[taken.index(True)].name]


def test_who_comes_second_is_told_and_joins_nothing(as_awa, awa, celia, cohort, place, link, monkeypatch):
    """Celia takes the place between the look at the code and Awa's taking it."""
    invitation_of = places.invitation

    def slow(*arguments):
        invitation = invitation_of(*arguments)
        places.claim_place(place, celia, make.NOW)
        return invitation

    monkeypatch.setattr(places, "invitation", slow)
    page = as_awa.post(link, follow=True)
    assert "has just been used" in page.text
    assert held(cohort) == [("Celia", CANARY)]


def test_wrong_codes_are_limited_as_those_of_cohorts_are(as_awa, link):
    wrong = "/en/join/3333-4444-6666/"
    assert [as_awa.post(wrong).status_code for _ in range(11)] == [404] * 10 + [429]
    assert as_awa.post(link).status_code == 429


# Two names side by side, for staff alone


def test_staff_see_both_names_and_a_learner_never_one_of_the_roster(as_awa, as_bakary, awa, cohort, place, link):
    section = make.case_study().sections.get()
    make.assignment(cohort, section.module)
    make.place(cohort, f"{CANARY} two")
    pages = crawl(Client(), "/en/", link) | crawl(as_awa, "/en/", link)
    as_awa.post(link)
    make.quiz(awa, section, right=3, at=timezone.now())
    pages |= {f"in: {key}": page for key, page in crawl(as_awa, "/en/", link, cohort.get_absolute_url()).items()}
    assert any("/cohorts/" in address for address in pages)
    assert [address for address, page in pages.items() if CANARY in page.text] == []
    for path in ("members/", "board/"):
        page = as_bakary.get(f"{cohort.get_absolute_url()}{path}").text
        assert "Awa" in page
        assert CANARY in page


# A guest who signs in


def sign_in(client):
    """As Awa, whose work the guest's is."""
    client.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD})
    client.post("/en/visit/whose/", {"mine": 1})


def test_a_guest_who_signs_in_brings_the_place_along(as_guest, awa, cohort, link):
    as_guest.post(link)
    sign_in(as_guest)
    assert held(cohort) == [("Awa", CANARY)]


def test_and_where_the_account_is_in_already_its_row_takes_the_place(as_guest, awa, cohort, place, link):
    own = cohort.join(awa, timezone.now())
    as_guest.post(link)
    cohort.enrolments.get(roster_name=CANARY).keep([(make.NOW, None)])
    marked = make.any_hand_mark(cohort.enrolments.get(roster_name=CANARY))
    sign_in(as_guest)
    assert held(cohort) == [("Awa", CANARY)]
    own.refresh_from_db(), marked.refresh_from_db()
    assert (own.joined_at, marked.enrolment) == (make.NOW, own)


def test_and_where_the_account_had_left_it_is_in_again(as_guest, awa, cohort, link):
    cohort.join(awa, make.NOW).leave(make.NOW)
    as_guest.post(link)
    sign_in(as_guest)
    assert held(cohort) == [("Awa", CANARY)]


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.LEARNER])
def test_and_where_the_account_holds_another_or_teaches_the_place_is_free_again(as_guest, awa, cohort, link, role):
    own = make.staff(cohort, awa, role)
    if role == Role.LEARNER:
        Enrolment.objects.filter(pk=own.pk).update(roster_name="Coulibaly, A.")
    as_guest.post(link)
    sign_in(as_guest)
    own.refresh_from_db()
    place = cohort.enrolments.get(roster_name=CANARY)
    assert (own.role, place.user, place.joined_at, codes.grouped(place.personal_code)) == (
        role,
        None,
        None,
        link.split("/")[3],
    )


def test_a_place_that_is_free_again_is_the_guests_alone(as_guest, awa, celia, cohort, link):
    make.staff(cohort, awa)
    cohort.join(celia, make.NOW)
    as_guest.post(link)
    sign_in(as_guest)
    assert sorted(held(cohort), key=str) == [("Celia", ""), (None, CANARY)]


def test_a_place_that_the_guest_had_left_is_not_free_again(as_guest, awa, cohort, link):
    make.staff(cohort, awa)
    as_guest.post(link)
    as_guest.post(f"{cohort.get_absolute_url()}leave/")
    sign_in(as_guest)
    assert not cohort.enrolments.untaken().exists()


def test_where_the_account_teaches_a_guest_without_a_place_changes_nothing(as_guest, awa, cohort):
    own = make.staff(cohort, awa)
    as_guest.post(f"/en/join/{cohort.grouped_code}/")
    sign_in(as_guest)
    own.refresh_from_db()
    assert (own.role, own.left_at, held(cohort)) == (Role.INSTRUCTOR, None, [])


def test_where_guest_and_account_had_both_left_nobody_is_in(as_guest, guest, awa, cohort):
    for user in (guest, awa):
        cohort.join(user, make.NOW).leave(make.NOW)
    sign_in(as_guest)
    assert held(cohort) == []
