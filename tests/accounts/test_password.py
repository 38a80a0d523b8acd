"""Changing a password."""

from django.test import Client

from accounts.models import User
from tests import make
from tests.conftest import browser_of

ADDRESS = "/fr/accounts/password/"
NEW = "quatre pirogues sous la pluie"


def change(client, old=make.PASSWORD, new=NEW, again=NEW):
    return client.post(ADDRESS, {"old_password": old, "new_password1": new, "new_password2": again})


def test_awa_changes_her_password_and_stays_signed_in_here_only(as_awa, awa):
    elsewhere = browser_of(awa)
    assert as_awa.get(ADDRESS).status_code == 200
    assert change(as_awa)["Location"] == "/fr/accounts/settings/"
    assert User.objects.get().check_password(NEW)
    assert as_awa.get("/fr/").wsgi_request.user == awa
    assert not elsewhere.get("/fr/").wsgi_request.user.is_authenticated


def test_a_wrong_old_one_a_weak_one_and_two_different_ones_are_refused(as_awa, awa):
    for refused in (
        change(as_awa, old="no"),
        change(as_awa, new="awa", again="awa"),
        change(as_awa, again="another one"),
    ):
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
        assert NEW not in refused.text
    awa.refresh_from_db()
    assert awa.check_password(make.PASSWORD)


def test_a_weak_one_is_refused_for_one_reason(client, as_awa):
    """Short and common, both: as one signs up, and as one changes it."""
    for page in (
        change(as_awa, new="1234", again="1234"),
        client.post("/fr/accounts/sign-up/", {"name": "Zoumana", "password": "1234"}),
    ):
        assert "trop court" in page.text
        assert "trop courant" not in page.text


def test_a_guest_has_none_yet_and_chooses_a_name_first(as_guest):
    assert as_guest.get(ADDRESS)["Location"] == "/fr/accounts/sign-up/"


def test_a_visitor_signs_in_first(db):
    assert Client().get(ADDRESS)["Location"] == f"/fr/accounts/sign-in/?next={ADDRESS}"
