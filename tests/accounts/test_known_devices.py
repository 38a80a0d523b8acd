"""What strangers cannot spend for an owner: tries of a session, tries of a device, and a way past (quality R23)."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import second_step
from accounts.models import RateLimitBucket, SecurityEvent, User
from tests import make
from tests.accounts.second_step import SECRET
from tests.conftest import browser_of
from tests.crawl import without_token

pytestmark = pytest.mark.django_db
SIGN_IN, RECOVER = "/en/accounts/sign-in/", "/en/accounts/recover/"
NEW = "quatre pirogues sous la pluie"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """The clock stands still, however slow the machine."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


def sign_in(client, password=make.PASSWORD, name="Awa", **fields):
    return client.post(SIGN_IN, {"username": name, "password": password, **fields})


@pytest.fixture
def known(awa):
    """A browser in which Awa was signed in before."""
    client = Client()
    assert sign_in(client).status_code == 302
    client.post("/en/accounts/sign-out/")
    return client


@pytest.fixture
def drained(awa):
    """A stranger next door has used up all that there is for her name, and for the network that they share."""
    for _ in range(10):
        assert sign_in(Client(), "not the password").status_code == 422
        said = {"name": "Awa", "words": "six words that are not hers", "password": NEW}
        assert Client().post(RECOVER, said).status_code == 422
    RateLimitBucket.objects.update(tokens=0)
    assert sign_in(Client(), "not the password").status_code == 429
    assert Client().post(RECOVER, said).status_code == 429


# A session


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("my-data/erase/", {"password": make.PASSWORD}),
        ("accounts/password/", {"old_password": make.PASSWORD, "new_password1": NEW, "new_password2": NEW}),
        ("accounts/words/", {"password": make.PASSWORD}),
        ("accounts/settings/", {"name": "Awa D.", "password": make.PASSWORD, "language": "en", "time_zone": "UTC"}),
        ("accounts/sessions/end/", {}),
    ],
)
def test_whoever_is_signed_in_does_what_is_theirs_whatever_strangers_do(awa, known, drained, page, fields):
    sign_in(known)
    assert known.post(f"/en/{page}", fields).status_code in (200, 302)


def test_guesses_in_a_stolen_session_stop_and_stop_no_other(as_awa, awa):
    thief = browser_of(awa)
    codes = [thief.post("/en/accounts/words/", {"password": "no"}).status_code for _ in range(8)]
    codes += [thief.post("/en/my-data/erase/", {"password": "no"}).status_code for _ in range(4)]
    assert codes == [422] * 10 + [429] * 2
    renaming = {"name": "Mine", "password": make.PASSWORD, "language": "en", "time_zone": "UTC"}
    page = thief.post("/en/accounts/settings/", renaming)
    assert (page.status_code, page["Retry-After"]) == (429, "360")
    assert 'value="Mine"' in page.text
    assert make.PASSWORD not in page.text
    assert as_awa.post("/en/accounts/words/", {"password": make.PASSWORD}).status_code == 200


def test_a_stolen_session_gets_no_new_tries_with_a_new_key(awa, celia):
    """Celia, who has a second step, gives her own password in it: what waits for her code stands under a new key."""
    second_step.turn_on(celia, SECRET, -1, None, timezone.now())
    thief = browser_of(awa)
    for _ in range(10):
        assert thief.post("/en/accounts/words/", {"password": "no"}).status_code == 422
    key = thief.session.session_key
    thief.post("/en/accounts/sign-in/", {"username": "Celia", "password": make.PASSWORD})
    assert thief.session.session_key != key
    assert thief.post("/en/accounts/words/", {"password": make.PASSWORD}).status_code == 429


def test_no_page_that_must_wait_says_whether_the_password_was_right(as_awa):
    for _ in range(10):
        as_awa.post("/en/accounts/password/", {"old_password": "no", "new_password1": NEW, "new_password2": NEW})
    pages = [
        without_token(as_awa.post("/en/accounts/password/", {"old_password": old, "new_password1": NEW}))
        for old in ("no", make.PASSWORD)
    ]
    assert pages[0] == pages[1]
    assert "Wait 6 minutes" in pages[0]


# A device


def test_a_device_that_signed_in_before_gets_in_whatever_strangers_do(known, drained):
    assert sign_in(known).status_code == 302


def test_so_it_does_with_the_words(awa, known, drained):
    words = awa.renew_words("en")
    assert known.post(RECOVER, {"name": "aWa", "words": " ".join(words), "password": NEW}).status_code == 200


def test_a_device_has_ten_failures_of_its_own(known):
    assert [sign_in(known, "no").status_code for _ in range(11)] == [422] * 10 + [429]
    assert sign_in(Client()).status_code == 302


def test_a_device_is_known_for_its_accounts_alone(known, celia):
    for _ in range(10):
        sign_in(Client(), "no", "Celia")
    assert sign_in(known, name="Celia").status_code == 429


def test_a_family_shares_a_device(known, celia, drained):
    RateLimitBucket.objects.all().delete()
    sign_in(known, name="Celia")
    known.post("/en/accounts/sign-out/")
    for _ in range(10):
        sign_in(Client(), "no"), sign_in(Client(), "no", "Celia")
    assert [sign_in(known, name=name).status_code for name in ("Awa", "Celia")] == [302, 302]


def test_the_cookie_names_nobody_and_scripts_cannot_read_it(known, awa):
    cookie = known.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert 300 * 24 * 3600 < cookie["max-age"] <= 400 * 24 * 3600
    assert "awa" not in cookie.value.lower()
    assert str(awa.pk) not in cookie.value.split(":")[0].split(".")


@pytest.mark.parametrize("value", ["", "x", "W10:forged", "é", "WyJhIiwiYiJd:" + "A" * 43, "W" * 5000])
def test_a_cookie_that_is_not_ours_is_a_strangers(client, drained, value):
    client.cookies["device"] = value
    assert sign_in(client).status_code == 429


def test_a_new_password_makes_every_device_a_stranger_but_the_one_that_set_it(awa, known):
    here = browser_of(awa)
    here.post("/en/accounts/password/", {"old_password": make.PASSWORD, "new_password1": NEW, "new_password2": NEW})
    here.post("/en/accounts/sign-out/")
    for _ in range(10):
        sign_in(Client(), "no")
    assert sign_in(known, NEW).status_code == 429
    assert sign_in(here, NEW).status_code == 302


def test_a_shared_device_keeps_nothing_and_loses_what_it_kept(known):
    sign_in(known, shared="on")
    assert known.cookies["device"].value == ""


def test_a_guest_has_no_such_cookie(as_guest):
    as_guest.get("/en/")
    assert "device" not in as_guest.cookies


def test_erasing_takes_it_back(known):
    sign_in(known)
    known.post("/en/my-data/erase/", {"password": make.PASSWORD})
    assert known.cookies["device"].value == ""


def test_nobody_learns_from_a_known_device_who_exists(known, celia):
    pages = {}
    for name in ("Celia", "Nobody"):
        answers = [sign_in(known, "no", name) for _ in range(11)]
        pages[name] = [(page.status_code, without_token(page).replace(name, "")) for page in answers]
    assert pages["Celia"] == pages["Nobody"]


def test_a_known_device_costs_the_same_work_for_every_name(known, celia):
    costs = []
    for name in ("Celia", "Nobody"):
        sign_in(known, "no", name)
        with CaptureQueriesContext(connection) as queries:
            sign_in(known, "no", name)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_on_a_real_machine_the_cookie_is_bound_to_its_host():
    source = (settings.BASE_DIR / "course" / "settings.py").read_text()
    assert '"__Host-device"' in source


# The way past


def test_the_right_password_and_the_words_need_not_wait(client, awa, drained):
    words = " ".join(awa.renew_words("en"))
    page = sign_in(client)
    assert page.status_code == 429
    assert 'name="words"' in page.text
    assert make.PASSWORD not in page.text
    assert sign_in(client, words=words).status_code == 302
    assert client.get("/en/").wsgi_request.user == awa


@pytest.mark.parametrize("words", ["", "six words that are not hers", " ", "1 2 3"])
def test_without_the_right_words_one_waits(client, awa, drained, words):
    assert sign_in(client, words=words).status_code == 429


def test_the_words_open_nothing_without_the_password(client, awa, drained):
    words = " ".join(awa.renew_words("en"))
    assert sign_in(client, "not the password", words=words).status_code == 422
    assert not client.get("/en/").wsgi_request.user.is_authenticated


def test_the_way_past_says_nothing_of_who_exists(client, awa, drained):
    """Of two names that strangers have tried as often."""
    RateLimitBucket.objects.take("sign-in", "zoumana", 10, 10, timezone.now())
    RateLimitBucket.objects.update(tokens=0)
    pages = [without_token(sign_in(client, name=name, words="a b c d e f")) for name in ("Awa", "Zoumana")]
    assert pages[0].replace("Awa", "Zoumana") == pages[1]


# What one act closes


def test_wrong_passwords_of_a_campus_close_neither_joining_nor_reports(client, drained, bakary):
    cohort = make.cohort(bakary)
    assert client.post(f"/en/join/{cohort.join_code}/", {"said_name": "Zerbo"}).status_code == 302


def test_no_visitor_spends_the_tries_of_a_person_at_joining(as_awa, bakary):
    link = f"/en/join/{make.cohort(bakary).join_code}/"
    for _ in range(12):
        Client().post("/en/join/awa/")
    assert as_awa.post(link).status_code == 302


# What is told of it


def test_a_sign_in_on_a_new_device_is_told_and_one_on_a_known_device_is_not(awa, known):
    assert [event.what for event in SecurityEvent.objects.all()] == ["sign-in"]
    sign_in(known)
    assert SecurityEvent.objects.count() == 1
    sign_in(Client())
    assert SecurityEvent.objects.count() == 2
    assert User.objects.count() == 1
