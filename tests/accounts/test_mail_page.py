"""An address for mail: given, confirmed by a link in a mail, changed, taken away; told to nobody else."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.delivery import deliver
from accounts.limits import LINKS_PER_ACCOUNT, LINKS_PER_ADDRESS
from accounts.models import Outbox, RateLimitBucket, SecurityEvent
from course.management.commands.tidy import tidied
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/en/accounts/mail/"
SITE = "https://learn.example.org"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def sends_mail(settings):
    settings.SENDS_MAIL, settings.MAIL_FROM, settings.SITE_URL = True, "course@example.org", SITE


def save(client, address="awa@example.org", rhythm="daily", **fields):
    return client.post(PAGE, {"address": address, "rhythm": rhythm} | fields)


def fetched(address="awa@example.org"):
    """The path of the link in the one mail that has gone out by now, to that address."""
    mail.outbox.clear()
    deliver()
    assert [message.to for message in mail.outbox] == [[address]]
    return re.search(rf"{SITE}(/\S+)", mail.outbox[0].body.replace(f"{SITE}\n", ""))[1]


def state(person):
    person.refresh_from_db()
    return person.email, person.email_confirmed_at is not None, person.mail_rhythm


def test_awa_gives_an_address_and_confirms_it_by_the_button_behind_the_link(as_awa, awa):
    page = as_awa.get(PAGE)
    assert "never what the course is about" in page.text
    assert SITE in page.text
    assert save(as_awa)["Location"] == PAGE
    assert "is not confirmed yet" in as_awa.get(PAGE).text
    assert state(awa) == ("awa@example.org", False, "daily")
    link = fetched()
    phone = Client()
    assert "Yes, it is mine" in phone.get(link).text
    assert state(awa) == ("awa@example.org", False, "daily")
    done = phone.post(link, follow=True)
    assert "The address is confirmed" in done.text
    assert done["Referrer-Policy"] == "same-origin"
    assert state(awa) == ("awa@example.org", True, "daily")
    assert "Mail goes to awa@example.org" in as_awa.get(PAGE).text
    assert [event.what for event in SecurityEvent.objects.filter(user=awa)] == ["mail"]
    assert "awa@example.org" not in done.text + phone.get(link).text


def test_the_mail_with_the_link_says_who_asked_and_comes_in_the_language_of_its_person(as_awa, awa):
    awa.language = "fr"
    awa.save()
    save(as_awa)
    link = fetched()
    assert link.startswith("/fr/accounts/mail/confirm/")
    message = mail.outbox[0]
    assert SITE in message.body
    assert "Awa" not in message.body + message.subject
    assert "List-Unsubscribe" not in message.extra_headers


def test_the_text_of_the_link_is_in_no_table(as_awa, awa):
    save(as_awa)
    token = fetched().split("/")[-2]
    assert token not in str(list(Outbox.objects.values()))
    assert token not in as_awa.post("/en/my-data/json/").text


def test_a_link_opens_for_a_day_and_once_and_a_newer_one_ends_it(as_awa, awa):
    save(as_awa)
    old = fetched()
    save(as_awa)
    new = fetched()
    assert Client().post(old).status_code == 404
    awa.refresh_from_db()
    awa.email_set_at -= DAY
    awa.save()
    assert Client().get(new).status_code == 404
    save(as_awa)
    link = fetched()
    assert Client().post(link).status_code == 302
    assert Client().post(link).status_code == 200
    assert SecurityEvent.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "a/b", "eyJ:a:b", "%00", "é" * 900])
def test_an_unknown_link_is_said_to_open_nothing(token):
    for name in ("confirm", "stop"):
        for ask in (Client().get, Client().post):
            page = ask(f"/en/accounts/mail/{name}/{token}/")
            assert page.status_code in (400, 404)


def test_a_link_to_stop_confirms_nothing_and_one_to_confirm_stops_nothing(as_awa, awa):
    save(as_awa)
    link = fetched()
    assert Client().post(link.replace("confirm", "stop")).status_code == 404
    assert state(awa) == ("awa@example.org", False, "daily")


def test_another_address_is_confirmed_anew_and_the_old_one_gets_nothing_more(as_awa, awa):
    make.reads_mail(awa)
    make.mail(awa)
    save(as_awa, "new@example.org", "weekly")
    assert state(awa) == ("new@example.org", False, "weekly")
    fetched("new@example.org")
    make.mail(awa, "two")
    mail.outbox.clear()
    deliver()
    assert mail.outbox == []


def test_how_often_is_chosen_without_a_link_and_none_forgets_what_waits(as_awa, awa):
    make.reads_mail(awa)
    make.mail(awa)
    save(as_awa, rhythm="weekly")
    assert state(awa) == ("awa@example.org", True, "weekly")
    assert Outbox.objects.count() == 1
    save(as_awa, rhythm="never")
    assert state(awa) == ("awa@example.org", True, "never")
    assert not Outbox.objects.exists()


def test_an_older_page_changes_only_what_was_changed_on_it(as_awa, awa):
    make.reads_mail(awa)
    old = dict(re.findall(r'name="([\w]+-was)" value="([^"]*)"', as_awa.get(PAGE).text))
    assert old == {"address-was": "awa@example.org", "rhythm-was": "daily"}
    make.reads_mail(awa, address="new@example.org")
    save(as_awa, rhythm="weekly", **old)
    assert state(awa) == ("new@example.org", True, "weekly")


def test_taking_the_address_away_forgets_it_and_what_waits(as_awa, awa, celia):
    make.reads_mail(awa)
    make.reads_mail(celia)
    sent, waiting, hers = make.mail(awa, "sent"), make.mail(awa), make.mail(celia)
    sent.acknowledge(make.NOW)
    page = as_awa.post("/en/accounts/mail/forget/", follow=True)
    assert "Your address is forgotten" in page.text
    assert state(awa) == ("", False, "never")
    assert set(Outbox.objects.all()) == {sent, hers}
    assert waiting not in Outbox.objects.all()
    assert state(celia) == ("celia@example.org", True, "daily")


@pytest.mark.parametrize("address", ["", "awa", "awa@", "a@b\nBcc: c@d.org", f"{'a' * 250}@example.org"])
def test_what_is_no_address_is_refused_in_words(as_awa, awa, address):
    page = save(as_awa, address)
    assert page.status_code == 422
    assert 'href="#id_address"' in page.text
    assert state(awa) == ("", False, "never")


def test_whether_another_account_has_the_address_is_told_nobody(as_awa, celia):
    make.reads_mail(celia, address="shared@example.org")
    save(as_awa, "first@example.org")
    as_awa.get(PAGE)  # from now on it shows an address
    pages = []
    for name in ("shared", "free"):
        fields = {"address": f"{name}@example.org", "rhythm": "daily"}
        page = as_awa.post(PAGE, fields, follow=True)
        assert page.redirect_chain == [(PAGE, 302)]
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.text).replace(name, ""))
    assert pages[0] == pages[1]
    assert state(celia) == ("shared@example.org", True, "daily")


def test_nobody_can_be_flooded_and_whose_tries_are_spent_is_not_told(awa, celia):
    people = [browser_of(make.user(f"Person {number}")) for number in range(LINKS_PER_ADDRESS + 2)]
    pages = [save(client, "victim@example.org") for client in people]
    assert {page.status_code for page in pages} == {302}
    deliver()
    assert len(mail.outbox) == LINKS_PER_ADDRESS
    last = people[-1].get(PAGE).text
    assert "victim@example.org is not confirmed yet" in last


def test_one_account_asks_for_so_many_links_in_an_hour(as_awa, awa):
    pages = [save(as_awa, f"a{number}@example.org") for number in range(LINKS_PER_ACCOUNT + 1)]
    assert [page.status_code for page in pages] == [302] * LINKS_PER_ACCOUNT + [429]
    assert "Retry-After" in pages[-1]
    assert state(awa)[0] == f"a{LINKS_PER_ACCOUNT - 1}@example.org"
    RateLimitBucket.objects.all().delete()
    assert save(as_awa, "b@example.org").status_code == 302


def test_a_guest_who_has_no_way_back_is_sent_to_choose_a_name(as_guest, guest):
    assert as_guest.get(PAGE)["Location"] == "/en/accounts/sign-up/"
    assert save(as_guest)["Location"] == "/en/accounts/sign-up/"
    assert state(guest) == ("", False, "never")
    assert "accounts/mail" not in as_guest.get("/en/accounts/settings/").text


def test_where_no_mail_is_sent_no_page_offers_any(as_awa, awa, settings):
    settings.SENDS_MAIL = False
    assert as_awa.get(PAGE).status_code == 404
    assert save(as_awa).status_code == 404
    assert "accounts/mail" not in as_awa.get("/en/accounts/settings/").text
    make.reads_mail(awa)
    page = as_awa.get(PAGE)
    assert "sends no mail at present" in page.text
    assert "id_address" not in page.text
    as_awa.post("/en/accounts/mail/forget/")
    assert state(awa) == ("", False, "never")


def test_what_nobody_confirms_is_forgotten_after_a_week_and_what_was_sent_after_a_month(as_awa, awa, celia):
    now = timezone.now()
    save(as_awa)
    make.reads_mail(celia, at=now - 300 * DAY)
    make.mail(celia, at=now).acknowledge(now)
    tidied(now + 7 * DAY - timedelta(minutes=1))
    assert state(awa) == ("awa@example.org", False, "daily")
    tidied(now + 7 * DAY + timedelta(minutes=1))
    assert state(awa) == ("", False, "never")
    assert state(celia) == ("celia@example.org", True, "daily")
    assert [row.user for row in Outbox.objects.all()] == [celia]
    tidied(now + 29 * DAY)
    assert Outbox.objects.count() == 1
    tidied(now + 31 * DAY)
    assert not Outbox.objects.exists()


def test_the_page_asks_few_questions(as_awa, awa, django_assert_max_num_queries):
    make.reads_mail(awa, email_confirmed_at=None)
    as_awa.get(PAGE)
    with django_assert_max_num_queries(8):
        as_awa.get(PAGE)
