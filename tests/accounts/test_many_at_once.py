"""How many guests and names one network makes in an hour: a class is welcome, a script is not, no text is lost."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.limits import SIGN_UPS_PER_NETWORK
from accounts.models import RateLimitBucket, User
from tests import make
from tests.accounts.test_sign_up import sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """The clock stands still, however slow the machine."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def lesson():
    section = make.section()
    check = make.item(section, uses=["check"], slug="try-it")
    return make.lesson(section, checks=[check.slug])


def spend(what, limit, left=0):
    RateLimitBucket.objects.take(what, "127.0.0.1", limit, limit, timezone.now())
    RateLimitBucket.objects.update(tokens=left)


def test_a_class_of_sixty_behind_one_address_begins_within_a_minute(lesson):
    for _ in range(60):
        assert Client().post(f"{lesson.get_absolute_url()}read/").status_code == 302
    for number in range(60):
        assert sign_up(Client(), f"Learner {number}").status_code == 200
    assert User.objects.count() == 120


def test_a_network_makes_300_guests_an_hour_and_what_the_next_sent_waits_on_the_page(client, lesson, settings):
    spend("guests", 300, left=1)
    assert Client().post(f"{lesson.get_absolute_url()}read/").status_code == 302
    page = client.post(f"{lesson.get_absolute_url()}checks/try-it/", {"try-it": "2"})
    assert page.status_code == 429
    assert page["Retry-After"] == "12"
    assert '<input type="hidden" name="try-it" value="2">' in page.text
    assert "csrfmiddlewaretoken" in page.text
    assert User.objects.count() == 1


def test_whoever_is_known_goes_on(as_awa, as_guest, lesson):
    spend("guests", 300)
    for client in (as_awa, as_guest):
        assert client.post(f"{lesson.get_absolute_url()}read/").status_code == 302


def test_the_number_of_guests_is_a_setting(client, lesson, settings):
    settings.GUESTS_PER_NETWORK = 2
    codes = [Client().post(f"{lesson.get_absolute_url()}read/").status_code for _ in range(3)]
    assert codes == [302, 302, 429]


def test_who_exists_is_not_told_to_a_form_that_is_wrong_elsewhere(client, awa):
    for password in ("short", "", "password123"):
        pages = [sign_up(client, name, password) for name in ("Awa", "Zoumana")]
        texts = [re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.text) for page in pages]
        assert texts[0].replace("Awa", "Zoumana") == texts[1]
    assert RateLimitBucket.objects.count() == 0


def test_names_are_tried_120_times_an_hour_and_then_one_waits_with_the_name_kept(client, awa):
    spend("sign-up", SIGN_UPS_PER_NETWORK, left=1)
    assert "already uses this name" in sign_up(client, "Awa").text
    pages = [sign_up(client, name) for name in ("Awa", "Mariam")]
    assert [page.status_code for page in pages] == [429, 429]
    assert 'value="Mariam"' in pages[1].text
    assert "Wait one minute" in pages[1].text
    assert make.PASSWORD not in pages[1].text
    assert User.objects.count() == 1
