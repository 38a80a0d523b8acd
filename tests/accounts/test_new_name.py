"""A new name asks for the password; the former one leads back for 30 days, and is nobody else's (quality R23)."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import FormerName, User
from tests import make
from tests.accounts.test_sign_up import sign_up
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
SETTINGS, RECOVER = "/en/accounts/settings/", "/en/accounts/recover/"
NEW = "quatre pirogues sous la pluie"


def rename(client, name, password=make.PASSWORD):
    return client.post(SETTINGS, {"name": name, "password": password, "language": "en", "time_zone": "UTC"})


def recover(name, words):
    return Client().post(RECOVER, {"name": name, "words": " ".join(words), "password": NEW}).status_code


def name_of(user):
    return User.objects.get(pk=user.pk).name


@pytest.fixture
def later(monkeypatch):
    """later(days): so much time has passed."""

    def move(days):
        moved = timezone.now() + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda: moved)

    return move


@pytest.mark.parametrize(("password", "said"), [("", "asks for your password"), ("not it", "not your password")])
def test_whoever_finds_a_phone_cannot_take_the_name(as_awa, awa, password, said):
    page = rename(as_awa, "Thief", password)
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Thief"' in page.text
    assert name_of(awa) == "Awa"


def test_what_else_is_set_asks_for_no_password(as_awa, awa):
    assert rename(as_awa, "AWA", "").status_code == 302
    assert name_of(awa) == "AWA"
    assert FormerName.objects.count() == 0


def test_nobody_learns_from_the_settings_who_exists_without_the_password(as_awa, celia):
    pages = [rename(as_awa, name, "not it").text.replace(name, "") for name in ("Celia", "Nobody")]
    assert all("already uses this name" not in page for page in pages)


def test_nor_more_often_than_ten_times_an_hour_with_it(as_awa, awa, celia, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    pages = [rename(as_awa, "Celia") for _ in range(11)]
    assert [page.status_code for page in pages] == [422] * 10 + [429]
    assert "Wait 6 minutes" in pages[-1].text
    assert 'value="Celia"' in pages[-1].text


@pytest.mark.parametrize(("days", "status"), [(0, 200), (30, 200), (31, 422)])
def test_the_former_name_and_the_words_lead_back_for_30_days(as_awa, awa, later, days, status):
    words = awa.renew_words("en")
    rename(as_awa, "Somebody Else")
    later(days)
    assert recover("aWA", words) == status
    assert User.objects.get(pk=awa.pk).check_password(NEW) is (status == 200)


def test_the_former_name_signs_nobody_in(as_awa):
    rename(as_awa, "Somebody Else")
    fields = {"username": "Awa", "password": make.PASSWORD}
    assert Client().post("/en/accounts/sign-in/", fields).status_code == 422


@pytest.mark.parametrize(("days", "status"), [(30, 422), (31, 200)])
def test_nobody_else_takes_it_meanwhile_by_signing_up_or_renaming(as_awa, celia, later, days, status):
    rename(as_awa, "Somebody Else")
    later(days)
    assert rename(browser_of(celia), "AWA").status_code == {200: 302, 422: 422}[status]
    if status == 422:
        assert sign_up(Client(), "awa").status_code == 422


ALIKE = ["a wa", "AWA.", "Ạwa", "Avva", "АԜА"]


@pytest.mark.parametrize("name", ALIKE)
@pytest.mark.parametrize(("days", "status"), [(30, 422), (31, 200)])
def test_nor_a_name_that_looks_like_it(as_awa, celia, later, name, days, status):
    rename(as_awa, "Mariam")
    later(days)
    if status == 422:
        assert "looks like this one" in rename(browser_of(celia), name).text
    assert sign_up(Client(), name).status_code == status


@pytest.mark.parametrize("name", ALIKE)
def test_its_owner_may_take_one_that_looks_like_it(as_awa, awa, name):
    rename(as_awa, "Mariam")
    assert rename(as_awa, name).status_code == 302
    assert name_of(awa) == name


def test_names_that_were_given_up_before_have_their_look_too(as_awa, awa, transactional_db):
    awa.former_names.create(name_key="avva", until=timezone.now().date())
    awa.former_names.create(name_key="...", until=timezone.now().date())
    awa.former_names.create(name_key="ﷺ" * 60, until=timezone.now().date())
    FormerName.objects.update(look_key=None)
    module = importlib.import_module("accounts.migrations.0005_former_names_that_look_alike")
    with connection.schema_editor() as editor:
        module.fill(apps, editor)
    assert list(FormerName.objects.order_by("pk").values_list("look_key", flat=True)) == ["awa", None, None]


def test_its_owner_may_take_it_back(as_awa, awa):
    rename(as_awa, "Somebody Else")
    assert rename(as_awa, "Awa").status_code == 302
    assert name_of(awa) == "Awa"
    assert list(FormerName.objects.values_list("name_key", flat=True)) == ["somebody else"]


def test_whoever_took_a_name_that_was_free_again_is_who_recovers_by_it(as_awa, awa, celia, later):
    rename(as_awa, "Somebody Else")
    later(31)
    words = celia.renew_words("en")
    rename(browser_of(celia), "Awa")
    rename(browser_of(celia), "Celia")
    assert recover("Awa", words) == 200
    assert FormerName.objects.filter(name_key="awa").get().user == celia


def test_two_former_names_lead_back(as_awa, awa):
    words = awa.renew_words("en")
    rename(as_awa, "Second")
    rename(as_awa, "Third")
    assert recover("Awa", words) == 200


def test_tidy_lets_it_go(as_awa, later):
    rename(as_awa, "Somebody Else")
    later(30)
    call_command("tidy", verbosity=0)
    assert FormerName.objects.count() == 1
    later(1)
    call_command("tidy", verbosity=0)
    assert FormerName.objects.count() == 0
