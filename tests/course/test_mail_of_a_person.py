"""An address for mail belongs to its account: exported, erased, never moved, and told of before it is given."""

import json

import pytest
from django.test import Client

from accounts.models import Outbox
from course import moving
from course.erasing import erase_one
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(awa):
    make.mail(make.reads_mail(awa, "weekly"))
    return awa


def test_the_export_holds_address_choice_and_mails(reader, as_awa):
    tables = json.loads(as_awa.post("/en/my-data/json/").content)
    account = tables["account"][0]
    assert (account["email"], account["mail_rhythm"]) == ("awa@example.org", "weekly")
    assert account["email_confirmed_at"] == account["email_set_at"] == "2026-11-02T09:00:00Z"
    assert [row["subject"] for row in tables["mail"]] == ["Something is due"]


def test_erasing_takes_them_along(reader, celia):
    make.mail(make.reads_mail(celia))
    erase_one(reader, make.NOW)
    assert [row.user for row in Outbox.objects.all()] == [celia]


def test_the_account_keeps_its_own_when_a_guests_work_comes_to_it(reader, guest):
    moving.move(guest, reader, make.NOW)
    reader.refresh_from_db()
    assert (reader.email, reader.mail_rhythm) == ("awa@example.org", "weekly")
    assert Outbox.objects.get().user == reader


@pytest.mark.parametrize("sends", [True, False])
def test_the_page_on_what_is_stored_tells_of_addresses_where_mail_is_sent(sends, settings):
    settings.SENDS_MAIL = sends
    page = Client().get("/en/who-sees-what/").text
    assert ("for mail about what is due" in page) is sends
    assert "unless you write them yourself" in page
