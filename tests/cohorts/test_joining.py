"""Joining by code or link: told first what staff will see, open to visitors and guests, limited."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import RateLimitBucket, User
from cohorts.models import Enrolment, Role
from tests import make

pytestmark = pytest.mark.django_db
WRONG = "3333-4444-6666"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def cohort(bakary):
    return make.cohort(bakary)


@pytest.fixture
def link(cohort):
    return f"/en/join/{cohort.grouped_code}/"


def learners(cohort):
    return [enrolment.user for enrolment in cohort.enrolments.current().learners()]


def test_home_leads_to_the_field_and_a_right_code_to_the_page_that_tells(client, cohort, link):
    make.case_study()
    assert 'href="/en/join/"' in client.get("/en/").text
    page = client.post("/en/join/", {"code": cohort.join_code.lower()})
    assert page["Location"] == link
    assert not User.objects.filter(is_guest=True).exists()
    text = client.get(link).text
    assert cohort.name in text
    assert "What its staff will see" in text
    assert "do not see your password" in text


def test_looking_at_the_page_joins_nothing(as_awa, cohort, link):
    as_awa.get(link)
    assert learners(cohort) == []


def test_awa_joins_as_a_learner_whatever_else_is_sent(as_awa, awa, cohort, link):
    page = as_awa.post(link, {"role": "instructor"})
    assert page["Location"] == cohort.get_absolute_url()
    assert as_awa.get(page["Location"]).status_code == 200
    place = cohort.enrolments.get(user=awa)
    assert (place.role, place.joined_at) == (Role.LEARNER, timezone.now())


def test_a_visitor_is_a_guest_by_joining(client, cohort, link):
    client.post(link)
    assert [user.is_guest for user in learners(cohort)] == [True]
    assert client.get(cohort.get_absolute_url()).status_code == 200


def test_a_guest_stays_the_same_guest(as_guest, guest, cohort, link):
    as_guest.post(link)
    assert learners(cohort) == [guest]


def test_a_guest_who_signs_in_brings_the_place_along(as_guest, awa, cohort, link):
    as_guest.post(link)
    as_guest.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD})
    assert learners(cohort) == [awa]


def test_joining_twice_is_joining_once(as_awa, awa, cohort, link):
    for _ in range(2):
        assert as_awa.post(link).status_code == 302
    assert learners(cohort) == [awa]
    page = as_awa.get(link).text
    assert "You are in this cohort" in page
    assert '<form method="post">' not in page


def test_an_instructor_who_follows_the_link_stays_one(as_bakary, bakary, cohort, link):
    as_bakary.post(link)
    assert cohort.enrolments.get().role == Role.INSTRUCTOR


def test_whoever_is_in_joins_again_without_losing_a_role(bakary, cohort):
    assert cohort.join(bakary, make.NOW + timedelta(days=1)).role == Role.INSTRUCTOR


def test_who_left_comes_back_as_a_learner_and_is_told_what_counts(as_awa, awa, cohort, link):
    make.staff(cohort, awa).leave(timezone.now())
    assert "You were in this cohort before" in as_awa.get(link).text
    as_awa.post(link)
    place = cohort.enrolments.get(user=awa)
    assert (place.role, place.left_at, place.joined_at) == (Role.LEARNER, None, make.NOW)


@pytest.mark.parametrize("change", ["renewed", "closed", "archived"])
def test_a_code_that_is_spent_is_like_one_that_never_was(client, cohort, link, change):
    if change == "renewed":
        cohort.renew_code()
    elif change == "closed":
        cohort.close_joining()
    else:
        cohort.archived_at = make.NOW
        cohort.save()
    spent, never = client.get(link), client.get(f"/en/join/{WRONG}/")
    assert (spent.status_code, never.status_code) == (404, 404)
    assert spent.text.replace(link, f"/en/join/{WRONG}/") == never.text
    assert client.post(link).status_code == 404
    assert not Enrolment.objects.learners().exists()
    assert not User.objects.filter(is_guest=True).exists()


@pytest.mark.parametrize("code", ["", "---", WRONG, "x" * 41])
def test_a_wrong_code_is_refused_beside_its_field(client, cohort, code):
    page = client.post("/en/join/", {"code": code})
    assert page.status_code == 422
    assert '<a href="#id_code">' in page.text


def test_the_eleventh_wrong_code_of_a_person_must_wait_and_a_right_one_too(as_awa, cohort, link):
    pages = [as_awa.post("/en/join/", {"code": WRONG}).status_code for _ in range(5)]
    pages += [as_awa.post(f"/en/join/{WRONG}/").status_code for _ in range(6)]
    assert pages == [422] * 5 + [404] * 5 + [429]
    assert as_awa.post(link).status_code == 429
    RateLimitBucket.objects.update(at=timezone.now() - timedelta(minutes=7))
    assert as_awa.post(link).status_code == 302


def test_wrong_codes_of_others_stop_no_visitor_until_the_network_is_spent(client, cohort, link):
    for number in range(12):
        assert Client().post("/en/join/", {"code": f"{WRONG}{number}"}).status_code == 422
    assert client.post(link).status_code == 302
    for _ in range(300):
        RateLimitBucket.objects.take("network join", "127.0.0.1", 300, 300, timezone.now())
    assert Client().post(link).status_code == 429


def test_a_class_that_joins_leaves_no_trace_of_tries(cohort, link, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    for _ in range(12):
        assert Client().post(link).status_code == 302
    assert RateLimitBucket.objects.get().tokens == 300 - 12  # of the guests whom this network made
