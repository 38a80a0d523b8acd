"""The link in each mail that stops them: by a button, or by a mail program that has neither session nor cookie."""

import pytest
from django.core import mail
from django.test import Client

from accounts.delivery import deliver
from accounts.mail import STOP, address_of
from accounts.models import Outbox
from tests import make

pytestmark = pytest.mark.django_db
SITE = "https://learn.example.org"
ONE_CLICK = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}


@pytest.fixture(autouse=True)
def sends_mail(settings):
    settings.SENDS_MAIL, settings.MAIL_FROM, settings.SITE_URL = True, "course@example.org", SITE


@pytest.fixture
def link(awa):
    """The path of the link that a mail to Awa bears."""
    make.mail(make.reads_mail(awa))
    deliver()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    assert address in mail.outbox[0].body
    return address.removeprefix(SITE)


def rhythm(person):
    person.refresh_from_db()
    return person.mail_rhythm


def test_a_mail_program_stops_it_by_one_post_without_cookie_token_or_origin(link, awa):
    make.mail(awa, "two")
    page = Client(enforce_csrf_checks=True).post(link, **ONE_CLICK)
    assert page.status_code == 200
    assert "You get no more mail" in page.text
    assert rhythm(awa) == "never"
    assert not Outbox.objects.waiting().exists()
    assert awa.email == "awa@example.org"


def test_a_post_that_says_it_comes_from_elsewhere_stops_it_too(link, awa):
    client = Client(enforce_csrf_checks=True)
    assert client.post(link, **ONE_CLICK, headers={"Origin": "https://mail.example"}).status_code == 200
    assert rhythm(awa) == "never"


def test_opening_it_changes_nothing_and_shows_one_button(link, awa):
    page = Client().get(link)
    assert page.status_code == 200
    assert page.text.count("Send me no more mail") == 1
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert rhythm(awa) == "daily"
    assert "awa@example.org" not in page.text
    assert "Awa" not in page.text
    Client().post(link)
    assert "turn it on again" in Client().get(link).text
    assert Client().post(link).status_code == 200


def test_it_works_for_as_long_as_the_address_is_kept_and_no_longer(link, awa):
    make.reads_mail(awa, address="new@example.org", at=make.NOW.replace(month=12))
    page = Client().post(link, **ONE_CLICK)
    assert page.status_code == 404
    assert "stops nothing" in page.text
    assert rhythm(awa) == "daily"


def test_a_changed_link_and_one_of_somebody_erased_stop_nothing(link, awa, celia):
    make.reads_mail(celia)
    token = link.split("/")[-2]
    other = address_of(celia, STOP).split("/")[-2]
    mixed = f"{token.split(':')[0]}:{other.partition(':')[2]}"
    for wrong in (f"{token}x", token[:-1], mixed):
        assert Client().post(link.replace(token, wrong)).status_code == 404
    assert (rhythm(awa), rhythm(celia)) == ("daily", "daily")
    awa.delete()
    assert Client().post(link).status_code == 404


def test_whoever_is_signed_in_as_another_stops_the_mail_of_the_link_alone(link, awa, celia, as_celia):
    make.reads_mail(celia)
    as_celia.post(link)
    assert (rhythm(awa), rhythm(celia)) == ("never", "daily")
