"""A phone that others use too: the session ends with the browser, if one says so."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests import make
from tests.accounts.test_sign_up import sign_up
from tests.conftest import browser_of
from tests.quizzes.test_two_pages import sitting

pytestmark = pytest.mark.django_db


def lasts(client):
    """Whether the browser is told to keep the session's cookie when it closes."""
    return bool(client.cookies["sessionid"]["max-age"])


@pytest.mark.parametrize(("ticked", "kept"), [({"shared": "on"}, False), ({}, True)], ids=["shared", "own"])
class TestTick:
    def test_at_sign_in(self, client, awa, ticked, kept):
        client.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD, **ticked})
        assert client.get("/en/").wsgi_request.user == awa
        assert lasts(client) is kept

    def test_at_sign_up(self, client, ticked, kept):
        sign_up(client, **ticked)
        assert lasts(client) is kept

    def test_at_sign_up_of_a_guest(self, as_guest, ticked, kept):
        sign_up(as_guest, **ticked)
        assert lasts(as_guest) is kept

    def test_in_the_settings_of_a_guest(self, as_guest, ticked, kept):
        as_guest.post("/en/accounts/settings/", {"language": "en", "time_zone": "UTC", **ticked})
        assert lasts(as_guest) is kept


# The device remembers, and the server forgets


@pytest.fixture
def shared(client, awa):
    """A browser in which Awa said that others use it too."""
    client.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD, "shared": "on"})
    return client


def ends_in():
    """Seconds until the only session ends on the server."""
    return round((Session.objects.get().expire_date - timezone.now()).total_seconds())


def test_the_device_remembers_it_after_signing_out_and_ticks_the_box(shared):
    cookie = shared.cookies["shared"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", True, "Lax")
    assert int(cookie["max-age"]) == 400 * 24 * 3600
    shared.post("/en/accounts/sign-out/")
    assert shared.cookies["shared"].value == "1"
    for page in ("sign-in", "sign-up"):
        assert "checked" in shared.get(f"/en/accounts/{page}/").text


def test_a_guest_on_such_a_device_ends_with_the_browser_without_being_asked(shared):
    shared.post("/en/accounts/sign-out/")
    shared.post(f"{make.lesson().get_absolute_url()}read/")
    assert shared.get("/en/").wsgi_request.user.is_guest
    assert not lasts(shared)
    assert 7190 <= ends_in() <= 7200


def test_a_tick_taken_back_is_forgotten_by_the_device(shared):
    shared.post("/en/accounts/settings/", {"name": "Awa", "language": "en", "time_zone": "UTC"})
    assert shared.cookies["shared"].value == ""
    assert lasts(shared)


def test_an_own_device_gets_no_cookie(client, awa):
    client.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD})
    assert "shared" not in client.cookies


@pytest.mark.parametrize("kind", ["short", "number"])
def test_no_browser_of_such_a_device_suggests_what_others_typed(shared, awa, kind):
    page = f"{sitting(awa, [kind]).get_absolute_url()}?page=1"
    for client, is_off in ((shared, True), (browser_of(awa), False)):
        [field] = [tag for tag in re.findall("<input[^>]*>", client.get(page).text) if 'name="q1"' in tag]
        assert ('autocomplete="off"' in field) is is_off


def test_on_the_server_it_ends_two_hours_after_the_last_request(shared, monkeypatch):
    begun = timezone.now()
    assert 7190 <= ends_in() <= 7200
    for minutes, known in ((90, True), (90 + 100, True), (90 + 100 + 121, False)):
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: begun + timedelta(minutes=minutes))
        assert shared.get("/en/").wsgi_request.user.is_authenticated is known


def test_an_own_session_lasts_180_days(client, awa):
    client.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD})
    assert ends_in() > 179 * 24 * 3600


def test_the_end_of_an_own_session_tells_no_hour_of_the_last_visit(client, awa):
    client.post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD})
    end = Session.objects.get().expire_date
    assert (end.hour, end.minute, end.second, end.microsecond) == (0, 0, 0, 0)


def test_it_is_renewed_at_most_every_five_minutes(shared, monkeypatch, django_assert_num_queries):
    shared.get("/en/who-sees-what/")
    with django_assert_num_queries(1):
        shared.get("/en/display/")


def test_joining_asks_a_visitor_and_a_guest_and_nobody_with_a_name(client, as_guest, as_awa, bakary):
    link = f"/en/join/{make.cohort(bakary).grouped_code}/"
    for browser, asked in ((client, True), (as_guest, True), (as_awa, False)):
        assert ('name="shared"' in browser.get(link, follow=True).text) is asked
    for browser in (client, as_guest):
        browser.post("/en/join/cohort/", {"code": link.split("/")[3], "said_name": "Zerbo", "shared": "on"})
        assert not lasts(browser)
        assert browser.cookies["shared"].value == "1"


def test_whoever_joins_is_given_words_that_lead_back(client, bakary):
    cohort = make.cohort(bakary)
    page = client.post("/en/join/cohort/", {"code": cohort.grouped_code, "said_name": "Zerbo", "words": "on"})
    words = re.findall(r"<li>(\w+)</li>", page.text)
    assert len(words) == 6
    assert f'href="{cohort.get_absolute_url()}"' in page.text
    other = Client()
    other.post("/en/visit/back/", {"words": " ".join(words)})
    assert other.get("/en/").wsgi_request.user == client.get("/en/").wsgi_request.user


def test_a_guest_reads_what_is_lost_where_the_box_stands(as_guest, as_awa, client, bakary):
    said = "out of reach once the browser closes"
    link = f"/en/join/{make.cohort(bakary).grouped_code}/"
    assert said in client.get(link, follow=True).text
    assert said in as_guest.get("/en/accounts/settings/").text
    assert said not in as_awa.get("/en/accounts/settings/").text


def test_the_daily_renewal_leaves_it_so(as_guest, guest):
    as_guest.post("/en/accounts/settings/", {"language": "en", "time_zone": "UTC", "shared": "on"})
    guest.last_seen_on = "2026-01-01"
    guest.save()
    as_guest.get("/en/")
    assert not lasts(as_guest)


def test_a_tick_shows_as_it_stands_and_may_be_taken_back(as_awa):
    given = {"name": "Awa", "language": "en", "time_zone": "UTC"}
    as_awa.post("/en/accounts/settings/", given | {"shared": "on"})
    assert "checked" in as_awa.get("/en/accounts/settings/").text
    as_awa.post("/en/accounts/settings/", given)
    assert "checked" not in as_awa.get("/en/accounts/settings/").text
    assert lasts(as_awa)


def test_a_guests_tick_is_on_when_the_guest_takes_a_name(as_guest):
    as_guest.post("/en/accounts/settings/", {"language": "en", "time_zone": "UTC", "shared": "on"})
    for page in ("sign-up", "sign-in"):
        assert "checked" in as_guest.get(f"/en/accounts/{page}/").text


def test_looking_at_the_forms_makes_no_session(client):
    for page in ("sign-up", "sign-in", "recover"):
        client.get(f"/en/accounts/{page}/")
    assert Session.objects.count() == 0
