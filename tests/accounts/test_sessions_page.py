"""Where somebody is signed in, signing other browsers out, and what happened to the account (quality R23)."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import SecurityEvent, SignIn, User
from tests import make
from tests.accounts.test_sign_up import sign_up
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
ADDRESS, END = "/en/accounts/sessions/", "/en/accounts/sessions/end/"
SIGN_IN = "/en/accounts/sign-in/"
NEW = "quatre pirogues sous la pluie"
TODAY = timezone.now().date


def visit(user):
    """A browser of that person that was here today."""
    client = browser_of(user)
    client.get("/en/")
    return client


def is_in(client):
    return client.get("/en/").wsgi_request.user.is_authenticated


def events(user):
    return [event.what for event in SecurityEvent.objects.recent(user, TODAY())]


def rows(page):
    return page.text.split('<ul class="ruled">')[1].split("</ul>")[0].split("<li>")[1:]


# The list


def test_awa_sees_where_she_is_signed_in_by_days_and_nothing_else(awa):
    here = visit(awa)
    visit(awa)
    SignIn.objects.exclude(session=here.session.session_key).update(
        begun_on="2026-03-01", last_seen_on="2026-04-05", is_shared=True
    )
    first, second = rows(here.get(ADDRESS))
    assert "This browser" in first
    assert "<button" not in first
    assert "1 March 2026" in second
    assert "5 April 2026" in second
    assert "others use the device" in second
    assert [field.name for field in SignIn._meta.get_fields()] == [
        "id", "session", "user", "begun_on", "last_seen_on", "is_shared"
    ]  # fmt: skip


def test_celia_sees_nothing_of_it_and_ends_nothing_of_it(awa, as_celia):
    hers = visit(awa)
    as_celia.get("/en/")
    assert len(rows(as_celia.get(ADDRESS))) == 1
    as_celia.post(END, {"session": SignIn.objects.get(user=awa).pk})
    as_celia.post(END)
    assert is_in(hers)


def test_a_guest_sees_the_one_browser(as_guest):
    as_guest.get("/en/")
    page = as_guest.get(ADDRESS)
    assert len(rows(page)) == 1
    assert "/accounts/password/" not in page.text.split("<main")[1]


def test_a_session_that_has_run_out_is_not_listed(awa):
    here = visit(awa)
    visit(awa)
    Session.objects.exclude(pk=here.session.session_key).update(expire_date=timezone.now() - timedelta(days=2))
    assert len(rows(here.get(ADDRESS))) == 1


def test_the_page_costs_the_same_with_more_browsers(awa, django_assert_num_queries):
    here = visit(awa)
    for number in range(12):
        visit(awa)
        SecurityEvent.objects.record(awa, "name", TODAY() - timedelta(days=number))
    with django_assert_num_queries(4):
        assert len(rows(here.get(ADDRESS))) == 13


def test_it_is_reached_from_the_settings(as_awa, as_guest):
    for client in (as_awa, as_guest):
        assert f'href="{ADDRESS}"' in client.get("/en/accounts/settings/").text.split("<main")[1]


# A row's life


def test_each_way_in_makes_a_row_at_once_and_signing_out_takes_it(client, awa):
    client.post(SIGN_IN, {"username": "Awa", "password": make.PASSWORD, "shared": "on"})
    assert list(SignIn.objects.values_list("user", "is_shared")) == [(awa.pk, True)]
    client.post("/en/accounts/sign-out/")
    assert SignIn.objects.count() == 0
    sign_up(Client(), "Mariam")
    lesson = make.lesson()
    Client().post(f"{lesson.get_absolute_url()}read/")
    assert sorted(SignIn.objects.values_list("user__is_guest", flat=True)) == [False, True]


def test_a_guest_who_takes_a_name_has_one_row_and_so_has_who_signs_in_on_top(awa, as_guest, guest):
    as_guest.get("/en/")
    sign_up(as_guest, "Mariam")
    assert SignIn.objects.get().user == User.objects.named("Mariam").get()
    other = Client()
    other.post(f"{make.lesson().get_absolute_url()}read/")
    other.post(SIGN_IN, {"username": "Awa", "password": make.PASSWORD})
    assert set(SignIn.objects.values_list("user__name", flat=True)) == {"Mariam", "Awa"}


def test_the_row_is_written_once_a_day_and_keeps_its_first_day(awa, monkeypatch, django_assert_num_queries):
    here = visit(awa)
    with django_assert_num_queries(1):
        here.get("/en/display/")
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    here.get("/en/")
    row = SignIn.objects.get()
    assert (row.begun_on, row.last_seen_on) == (later.date() - timedelta(days=3), later.date())
    here.post("/en/accounts/password/", {"old_password": make.PASSWORD, "new_password1": NEW, "new_password2": NEW})
    row = SignIn.objects.get()
    assert (row.session_id, row.begun_on) == (here.session.session_key, later.date() - timedelta(days=3))


def test_each_browser_is_renewed_on_each_day(awa, monkeypatch):
    """The second browser of a day was not, when the day was the person's and not the session's."""
    browsers = [visit(awa), visit(awa)]
    later = timezone.now() + timedelta(days=100)
    monkeypatch.setattr(timezone, "now", lambda: later)
    for browser in browsers:
        browser.get("/en/")
    assert all(row.expire_date - later > timedelta(days=179) for row in Session.objects.all())


def test_a_session_that_was_ended_while_it_was_used_makes_no_row(awa):
    assert SignIn.keep("nosuchsession", awa, TODAY(), TODAY(), False) is False
    assert SignIn.objects.count() == 0


def test_after_a_year_one_signs_in_anew_and_a_guest_stays(awa, guest):
    old, fresh, visitor = visit(awa), visit(awa), visit(guest)
    keys = [old.session.session_key, visitor.session.session_key]
    SignIn.objects.filter(session__in=keys).update(begun_on=TODAY() - timedelta(days=366))
    call_command("tidy", verbosity=0)
    assert [is_in(client) for client in (old, fresh, visitor)] == [False, True, True]


def test_tidy_takes_rows_that_outlived_their_session(awa):
    visit(awa)
    Session.objects.all()._raw_delete("default")
    call_command("tidy", verbosity=0)
    assert SignIn.objects.count() == 0


def test_whoever_was_signed_in_before_this_table_was_made_is_listed(awa):
    from importlib import import_module

    from django.apps import apps

    here = visit(awa)
    SignIn.objects.all()._raw_delete("default")
    SessionStore().create()
    import_module("accounts.migrations.0002_sessions_and_security_events").list_sign_ins(apps, None)
    row = SignIn.objects.get()
    assert (row.session_id, row.user) == (here.session.session_key, awa)
    assert abs(row.last_seen_on - TODAY()) <= timedelta(days=1)


# Ending


def test_one_browser_is_signed_out_and_the_others_stay(awa):
    here, lost, kept = visit(awa), visit(awa), visit(awa)
    row = SignIn.objects.get(session=lost.session.session_key)
    page = here.post(END, {"session": row.pk}, follow=True)
    assert "One browser" in page.text or "1 browser is signed out" in page.text
    assert [is_in(client) for client in (here, lost, kept)] == [True, False, True]
    assert "sessions" in events(awa)


def test_all_others_are_signed_out_by_one_button(awa):
    here, *others = (visit(awa) for _ in range(4))
    here.post(END)
    assert [is_in(client) for client in (here, *others)] == [True, False, False, False]
    assert SignIn.objects.get().session_id == here.session.session_key


@pytest.mark.parametrize("value", ["0", "-1", "99999999999999999999999", "x", "\x00", "²", "1 OR 1=1"])
def test_what_is_no_browser_of_mine_ends_nothing(awa, value):
    here, other = visit(awa), visit(awa)
    assert here.post(END, {"session": value})["Location"] == ADDRESS
    assert is_in(here)
    assert is_in(other)
    assert events(awa) == []


def test_this_browser_is_not_ended_here(awa):
    here = visit(awa)
    here.post(END, {"session": SignIn.objects.get().pk})
    assert is_in(here)


def test_a_new_password_and_recovery_take_the_other_browsers_off_the_list(awa):
    here, other = visit(awa), visit(awa)
    here.post("/en/accounts/password/", {"old_password": make.PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert len(rows(here.get(ADDRESS))) == 1
    assert not is_in(other)
    words = " ".join(User.objects.get().renew_words("en"))
    Client().post("/en/accounts/recover/", {"name": "Awa", "words": words, "password": make.PASSWORD})
    assert Session.objects.count() <= 1
    assert not is_in(here)
    assert SignIn.objects.count() == 0


def test_erasing_ends_every_session_at_once(awa, celia):
    here, _, hers = visit(awa), visit(awa), visit(celia)
    here.post("/en/my-data/erase/", {"password": make.PASSWORD})
    assert list(Session.objects.values_list("pk", flat=True)) == [hers.session.session_key]


# What happened


def test_what_happened_is_told_to_the_person_alone_the_latest_first(awa, as_celia):
    here = visit(awa)
    here.post("/en/accounts/words/", {"password": make.PASSWORD})
    renaming = {"name": "Awa D.", "password": make.PASSWORD, "language": "en", "time_zone": "UTC"}
    here.post("/en/accounts/settings/", renaming)
    here.post("/en/accounts/password/", {"old_password": make.PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert events(awa) == ["password", "name", "words"]
    part = here.get(ADDRESS).text.split('id="events"')[1]
    assert re.findall("New [a-z ]+", part) == ["New password", "New name", "New recovery words"]
    assert "Nothing in the last 90 days" in as_celia.get(ADDRESS).text


def test_work_of_a_guest_that_came_is_told(awa):
    client = Client()
    client.post(f"{make.lesson().get_absolute_url()}read/")
    client.post(SIGN_IN, {"username": "Awa", "password": make.PASSWORD})
    client.post("/en/visit/whose/", {"mine": 1})
    assert set(events(awa)) == {"merged", "sign-in"}


def test_every_event_has_words_in_each_language(awa):
    for what in SecurityEvent.What:
        SecurityEvent.objects.record(awa, what, TODAY())
    pages = [visit(awa).get(ADDRESS.replace("/en/", f"/{code}/")).text.split('id="events"')[1] for code in ("en", "fr")]
    lines = [re.findall("<li>(.*?)</li>", page, re.S) for page in pages]
    assert [len(each) for each in lines] == [len(SecurityEvent.What)] * 2
    assert not set(lines[0]) & set(lines[1])


@pytest.mark.parametrize(("days", "kept"), [(90, 1), (91, 0)])
def test_it_is_kept_for_90_days(awa, days, kept):
    SecurityEvent.objects.record(awa, "name", TODAY() - timedelta(days=days))
    assert SecurityEvent.objects.recent(awa, TODAY()).count() == kept
    call_command("tidy", verbosity=0)
    assert SecurityEvent.objects.count() == kept


def test_it_goes_with_the_person(awa):
    SecurityEvent.objects.record(awa, "name", date(2026, 11, 1))
    awa.delete()
    assert SecurityEvent.objects.count() == 0


def test_of_whoever_is_gone_meanwhile_no_session_is_kept(as_awa, awa):
    """Her request has asked who she is, and then she is erased elsewhere."""
    as_awa.get("/en/progress/")
    key = as_awa.session.session_key
    User.objects.filter(pk=awa.pk).delete()
    assert not SignIn.keep(key, awa, make.NOW.date(), make.NOW.date(), False)
    assert not SignIn.objects.exists()
