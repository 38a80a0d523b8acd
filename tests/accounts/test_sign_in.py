"""Signing in and out."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "/en/accounts/sign-in/"


def sign_in(client, name="Awa", password=make.PASSWORD, **more):
    return client.post(ADDRESS, {"username": name, "password": password, **more})


@pytest.mark.parametrize("name", ["Awa", "AWA", "awa"])
def test_the_case_of_a_name_does_not_matter(client, awa, name):
    assert client.get(ADDRESS).status_code == 200
    assert sign_in(client, name)["Location"] == "/en/"
    assert client.get("/en/").wsgi_request.user == awa


def test_the_page_bears_the_name_of_the_site(client):
    assert "Critical reading</span></a>" in client.get(ADDRESS).text
    assert "testserver" not in client.get(ADDRESS).text


def test_wrong_password_and_unknown_name_read_the_same(client, awa):
    pages = [sign_in(client, "Awa", "not the password"), sign_in(client, "Nobody")]
    errors = [page.context["form"].non_field_errors() for page in pages]
    assert [page.status_code for page in pages] == [422, 422]
    assert errors[0]
    assert errors[0] == errors[1]
    assert not client.get("/en/").wsgi_request.user.is_authenticated


def test_somebody_who_was_closed_out_reads_the_same(client, awa):
    User.objects.update(is_active=False)
    closed, wrong = sign_in(client), sign_in(client, password="not the password")
    assert closed.status_code == 422
    assert closed.context["form"].non_field_errors() == wrong.context["form"].non_field_errors()


@pytest.mark.parametrize(("address", "goes"), [("/en/attempts/7/", "/en/attempts/7/"), ("//evil.example/", "/en/")])
def test_the_way_goes_on_where_it_was_on_this_site(client, awa, address, goes):
    assert sign_in(client, next=address)["Location"] == goes


def test_a_closed_page_leads_to_signing_in_and_back(client, awa):
    away = client.get("/en/accounts/password/")
    assert away["Location"] == "/en/accounts/sign-in/?next=/en/accounts/password/"
    assert "/en/accounts/password/" in client.get(away["Location"]).text


def test_a_guest_is_told_what_signing_in_brings_along(as_guest):
    assert "/en/accounts/sign-up/" in as_guest.get(ADDRESS).text.split("<main")[1].split("<form")[0]


def test_signing_out_ends_the_session(as_awa):
    as_awa.get("/en/")
    assert as_awa.post("/en/accounts/sign-out/")["Location"] == "/en/"
    assert not as_awa.get("/en/").wsgi_request.user.is_authenticated
    assert Session.objects.count() == 0


def test_signing_out_in_a_second_tab_leads_home_too(as_awa):
    as_awa.post("/en/accounts/sign-out/")
    assert as_awa.post("/en/accounts/sign-out/")["Location"] == "/en/"


def test_a_session_lasts_180_days_and_is_renewed_once_a_day(as_awa, awa):
    as_awa.get("/en/")
    today = timezone.now().date()
    awa.refresh_from_db()
    assert awa.last_seen_on == today
    [session] = Session.objects.all()
    assert (session.expire_date - timezone.now()).days >= 179
    early = timezone.now() + datetime.timedelta(days=3)
    Session.objects.update(expire_date=early)
    as_awa.get("/en/")
    assert Session.objects.get().expire_date == early
    User.objects.update(last_seen_on=today - datetime.timedelta(days=1))
    as_awa.get("/en/")
    assert (Session.objects.get().expire_date - timezone.now()).days >= 179
