"""Choosing a name: without e-mail, without a real name, and keeping what a guest did."""

import re

import pytest
from django.db.models.signals import pre_save
from django.test import Client

from accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "/en/accounts/sign-up/"


def sign_up(client, name="Awa", password=make.PASSWORD, address=ADDRESS, **more):
    return client.post(address, {"name": name, "password": password, **more})


def onward(page):
    """Where the page with the six words leads."""
    return re.search(r'<a class="btn btn-primary" href="([^"]+)"', page.text)[1]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_visitor_chooses_a_name_and_is_signed_in(client, language):
    address = f"/{language}/accounts/sign-up/"
    page = client.get(address)
    assert page.status_code == 200
    assert "email" not in page.text.replace("e-mail", "")
    response = sign_up(client, address=address)
    assert response.status_code == 200
    assert onward(response) == f"/{language}/"
    user = User.objects.get()
    assert (user.name, user.email, user.is_guest, user.language) == ("Awa", "", False, language)
    assert "Awa" in client.get(f"/{language}/").text


def test_a_guest_keeps_the_work(as_guest, guest):
    make.reading(guest, make.lesson())
    sign_up(as_guest)
    user = User.objects.get()
    assert (user.pk, user.name, user.is_guest, user.readings.count()) == (guest.pk, "Awa", False, 1)
    assert as_guest.get("/en/").wsgi_request.user == user


def test_the_way_goes_on_where_it_was(client):
    assert onward(sign_up(client, next="/en/attempts/7/")) == "/en/attempts/7/"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_way_never_leads_to_another_site(client, address):
    page = client.get(ADDRESS, {"next": address})
    assert "evil" not in page.context["next"]
    assert onward(sign_up(client, next=address)) == "/en/"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("", make.PASSWORD),
        ("AWA", make.PASSWORD),
        ("A\u200bwa", make.PASSWORD),
        ("A\u202ewa", make.PASSWORD),
        ("x" * 61, make.PASSWORD),
        ("\ufdfa" * 40, make.PASSWORD),
        ("Mariam", ""),
        ("Mariam", "short"),
        ("Mariam", "password123"),
        ("mariam-toure", "mariam-toure"),
        ("Mariam", "x" * 257),
    ],
    ids=[
        "no name",
        "taken",
        "invisible",
        "turned round",
        "long",
        "long once it is normalised",
        "no password",
        "short password",
        "common password",
        "the name as password",
        "endless password",
    ],
)
def test_what_is_refused_is_said_and_makes_nobody(client, awa, name, password):
    page = sign_up(client, name, password)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert page.context["form"].errors
    assert User.objects.count() == 1
    assert not re.search(r'name="password"[^>]* value', page.text)


def test_whoever_sends_it_again_is_told_to_sign_in(client):
    """The answer to the first may have got lost, and with it the session: the name is theirs by then."""
    sign_up(client, "Mariam")
    page = sign_up(Client(), "Mariam")
    assert page.status_code == 422
    assert "sign in if it is yours" in page.text
    assert 'href="/en/accounts/sign-in/' in page.text


def test_a_name_of_another_script_is_welcome(client):
    sign_up(client, "ⵜⴰⵎⴰⵛⴻⵇ العربية")
    assert User.objects.named("ⵜⴰⵎⴰⵛⴻⵇ العربية").exists()


def test_somebody_named_is_sent_home(as_awa):
    assert as_awa.get(ADDRESS)["Location"] == "/en/"
    assert sign_up(as_awa, "Other")["Location"] == "/en/"
    assert not User.objects.named("Other").exists()


def test_two_take_one_name_at_once_and_the_second_is_still_a_guest(as_guest, guest):
    """The rival comes between the check of the name and the writing of it."""

    def rival(instance, **_):
        pre_save.disconnect(rival, sender=User)
        User.objects.bulk_create([User(name="Awa", name_key="awa")])

    pre_save.connect(rival, sender=User, weak=False)
    page = sign_up(as_guest)
    assert page.status_code == 422
    assert "Sign out" not in page.text
    assert User.objects.get(pk=guest.pk).is_guest


def test_extra_fields_give_no_rights(client):
    sign_up(client, is_staff=1, is_guest=1, may_teach_at="2026-01-01", role="instructor", email="a@example.org")
    user = User.objects.get()
    assert (user.is_staff, user.is_guest, user.may_teach_at, user.email) == (False, False, None, "")
