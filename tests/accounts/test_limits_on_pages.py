"""Too many failures: told with how long to wait, the same for a name that nobody has, and over in time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import RateLimitBucket, User
from tests import make
from tests.crawl import without_token

pytestmark = pytest.mark.django_db
NEW = "quatre pirogues sous la pluie"
FORMS = {
    "sign-in": lambda name: {"username": name, "password": "not the password"},
    "recover": lambda name: {"name": name, "words": "six words that are not theirs", "password": NEW},
}


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """The clock stands still, however slow the machine."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


def fail(client, page, name, times=1):
    pages = [client.post(f"/en/accounts/{page}/", FORMS[page](name)) for _ in range(times)]
    return [each.status_code for each in pages], pages[-1]


@pytest.mark.parametrize("name", ["Awa", "Nobody"])
@pytest.mark.parametrize("page", FORMS)
def test_the_eleventh_failure_in_an_hour_must_wait(client, awa, page, name):
    statuses, last = fail(client, page, name, 12)
    assert statuses == [422] * 10 + [429] * 2
    assert "Wait 6 minutes" in last.text
    assert last["Retry-After"] == "360"
    assert "no-store" in last["Cache-Control"]
    assert f'value="{name}"' in last.text
    assert "value=" not in last.text.split('name="password"')[1].split(">")[0]


@pytest.mark.parametrize("page", FORMS)
def test_the_page_of_a_limit_is_the_same_for_a_name_that_nobody_has(client, awa, page):
    known, unknown = (fail(client, page, name, 11)[1] for name in ("Awa", "Nobody"))
    assert without_token(known).replace("Awa", "Nobody") == without_token(unknown)


def test_the_right_password_must_wait_too_and_passes_afterwards(client, awa):
    fail(client, "sign-in", "Awa", 10)
    right = {"username": "Awa", "password": make.PASSWORD}
    assert client.post("/en/accounts/sign-in/", right).status_code == 429
    RateLimitBucket.objects.update(at=timezone.now() - timedelta(minutes=7))
    assert client.post("/en/accounts/sign-in/", right).status_code == 302


def test_who_signs_in_often_is_never_stopped_and_leaves_no_trace(awa):
    for _ in range(12):
        assert Client().post("/en/accounts/sign-in/", {"username": "Awa", "password": make.PASSWORD}).status_code == 302
    assert RateLimitBucket.objects.count() == 0


def test_a_campus_is_stopped_at_300_failures_and_says_so(client, awa):
    for _ in range(300):
        assert RateLimitBucket.objects.take("network", "127.0.0.1", 300, 300, timezone.now()) == 0
    statuses, last = fail(client, "sign-in", "Awa")
    assert statuses == [429]
    assert "Wait one minute" in last.text


def test_recovery_fills_the_bucket_of_signing_in(client, awa):
    words = awa.renew_words("en")
    fail(client, "sign-in", "Awa", 10)
    client.post("/en/accounts/recover/", {"name": "awa", "words": " ".join(words), "password": NEW})
    assert client.post("/en/accounts/sign-in/", {"username": "Awa", "password": NEW}).status_code == 302


def test_guessing_the_password_of_an_open_session_is_limited_too(as_awa, awa):
    old = {"old_password": "no", "new_password1": NEW, "new_password2": NEW}
    pages = [as_awa.post("/en/accounts/password/", old).status_code for _ in range(5)]
    pages += [as_awa.post("/en/accounts/words/", {"password": "no"}).status_code for _ in range(6)]
    assert pages == [422] * 10 + [429]
    assert User.objects.get().check_password(make.PASSWORD)
