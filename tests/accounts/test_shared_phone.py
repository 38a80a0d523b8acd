"""A phone that others use too: the session ends with the browser, if one says so."""

import pytest
from django.contrib.sessions.models import Session

from tests import make
from tests.accounts.test_sign_up import sign_up

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
