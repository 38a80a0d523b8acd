"""Turning the second step on and off, who is asked to have one, and a phone that is lost (quality R12)."""

import re

import pytest
from django.test import Client
from django.utils import timezone, translation
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_step
from accounts.models import Audit, BackupCode, SecurityEvent, User
from tests import make
from tests.accounts.second_step import (
    CODE,
    CODES,
    CONFIRM,
    OFF,
    PAGE,
    SECRET,
    SIGN_IN,
    What,
    code,
    events,
    give,
    reader,
    secret_on,
    shown,
    sign_in,
    statements,
    wrong,
)
from tests.conftest import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# Turning it on


@pytest.fixture
def begun(as_awa):
    """Awa's browser, with the secret before her."""
    assert as_awa.post(PAGE, {"password": make.PASSWORD})["Location"] == CONFIRM
    return as_awa


def test_it_is_off_until_somebody_turns_it_on(as_awa, awa):
    assert awa.second_step_at is None
    assert "A second step at signing in" in as_awa.get("/en/accounts/settings/").text
    assert as_awa.get(PAGE).status_code == 200
    assert as_awa.get(CONFIRM)["Location"] == PAGE
    for page in (CODES, OFF):
        assert as_awa.get(page)["Location"] == PAGE
        assert as_awa.post(page, {"password": make.PASSWORD, "code": "000000"})["Location"] == PAGE


def test_it_asks_for_the_password(as_awa):
    page = as_awa.post(PAGE, {"password": "not it"})
    assert page.status_code == 422
    assert 'href="#id_password"' in page.text
    assert as_awa.get(CONFIRM)["Location"] == PAGE
    codes = [as_awa.post(PAGE, {"password": "not it"}).status_code for _ in range(10)]
    assert codes == [422] * 9 + [429]


def test_the_secret_is_shown_as_a_picture_a_link_and_a_key(begun):
    page = begun.get(CONFIRM)
    assert "no-store" in page["Cache-Control"]
    assert '<svg aria-hidden="true"' in page.text
    assert "style=" not in page.text
    secret = secret_on(page)
    assert len(secret) == 40
    link = re.search(r'href="(otpauth://totp/[^"]+)"', page.text)[1]
    assert "Critical%20reading%3AAwa" in link
    assert secret_on(begun.get(CONFIRM.replace("/en/", "/fr/"))) == secret
    assert TOTPDevice.objects.count() == 0


def test_the_first_code_turns_it_on_and_shows_eight_codes_once(begun, awa, clock):
    secret = secret_on(begun.get(CONFIRM))
    page = begun.post(CONFIRM, {"code": code(secret)})
    codes = shown(page)
    assert len(set(codes)) == 8
    assert "no-store" in page["Cache-Control"]
    awa.refresh_from_db()
    assert awa.second_step_at == clock.at
    assert events(awa) == [What.SECOND_STEP_ON]
    assert secret not in str(begun.session.items())
    for address in (CONFIRM, PAGE, "/en/accounts/settings/", "/en/accounts/sessions/"):
        text = begun.get(address, follow=True).text
        assert codes[0] not in text
        assert second_step.in_groups(secret) not in text
    assert "8 backup codes left" in begun.get(PAGE).text
    other = Client()
    sign_in(other)
    assert give(other, code(secret)).status_code == 422  # it was spent by turning on
    assert give(other, codes[5]).status_code == 302


@pytest.mark.parametrize("typed", ["", "000000x", "12", "CDFGH-JKMNP"])
def test_what_is_not_the_first_code_turns_nothing_on(begun, awa, typed):
    secret = secret_on(begun.get(CONFIRM))
    page = begun.post(CONFIRM, {"code": typed})
    assert page.status_code == 422
    assert secret_on(page) == secret
    awa.refresh_from_db()
    assert awa.second_step_at is None
    assert (TOTPDevice.objects.count(), BackupCode.objects.count()) == (0, 0)


def test_a_secret_waits_ten_minutes_in_the_one_browser(begun, awa, clock):
    secret = secret_on(begun.get(CONFIRM))
    other = browser_of(awa)
    assert other.post(CONFIRM, {"code": code(secret)})["Location"] == PAGE
    clock.go_on(minutes=10, seconds=1)
    assert begun.post(CONFIRM, {"code": code(secret)})["Location"] == PAGE
    awa.refresh_from_db()
    assert awa.second_step_at is None


def test_turned_on_in_two_tabs_it_is_on_once(begun, awa):
    secret = secret_on(begun.get(CONFIRM))
    codes = second_step.turn_on(awa, SECRET, -1, begun.session.session_key, timezone.now())
    assert begun.get(CONFIRM)["Location"] == PAGE
    assert begun.post(CONFIRM, {"code": code(secret)})["Location"] == PAGE
    assert begun.post(PAGE, {"password": make.PASSWORD})["Location"] == PAGE
    assert second_step.turn_on(awa, secret, -1, None, timezone.now()) is None
    assert TOTPDevice.objects.get().key == SECRET
    assert second_step.spend(awa, codes[0], timezone.now())


def test_other_browsers_are_signed_out_by_each_change(begun, awa, clock):
    def elsewhere():
        browser = browser_of(awa)
        browser.get("/en/")
        return browser

    other = elsewhere()
    secret = secret_on(begun.get(CONFIRM))
    begun.post(CONFIRM, {"code": code(secret)})
    assert not reader(other).is_authenticated
    for page in (CODES, OFF):
        other = elsewhere()
        clock.go_on(seconds=30)
        assert begun.post(page, {"password": make.PASSWORD, "code": code(secret)}).status_code in (200, 302)
        assert not reader(other).is_authenticated
        assert reader(begun) == awa


@pytest.mark.parametrize("page", [PAGE, CODES, OFF, CONFIRM])
def test_a_guest_has_none_and_a_visitor_signs_in(client, as_guest, guest, page):
    assert as_guest.get(page, follow=True).redirect_chain[-1][0] == "/en/accounts/sign-up/"
    assert as_guest.post(page, {"password": "", "code": "1"}).status_code == 302
    assert client.get(page)["Location"].startswith(SIGN_IN)
    guest.refresh_from_db()
    assert guest.second_step_at is None


def test_the_onward_address_is_one_of_ours(as_awa):
    as_awa.post(PAGE, {"password": make.PASSWORD, "next": "//evil.example/"})
    page = as_awa.post(CONFIRM, {"code": code(secret_on(as_awa.get(CONFIRM)))})
    assert f'href="{PAGE}"' in page.text
    assert "evil" not in page.text


# Turning it off, and new codes


@pytest.fixture
def as_secured(as_awa, codes):
    as_awa.get("/en/")
    return as_awa


@pytest.mark.parametrize("page", [CODES, OFF])
def test_neither_the_password_nor_the_phone_alone_changes_it(as_secured, awa, page):
    for fields in ({"password": make.PASSWORD}, {"code": code()}, {"password": "no", "code": code()}, {}):
        assert as_secured.post(page, fields).status_code == 422
    assert as_secured.post(page, {"password": make.PASSWORD, "code": wrong()}).status_code == 422
    awa.refresh_from_db()
    assert awa.second_step_at
    assert BackupCode.objects.count() == 8
    assert events(awa) == [What.SECOND_STEP_ON]


def test_a_wrong_password_spends_no_code(as_secured):
    as_secured.post(OFF, {"password": "no", "code": code()})
    assert as_secured.post(OFF, {"password": make.PASSWORD, "code": code()})["Location"] == PAGE


def test_off_forgets_secret_and_codes(as_secured, awa, client):
    as_secured.post(OFF, {"password": make.PASSWORD, "code": code()})
    awa.refresh_from_db()
    assert awa.second_step_at is None
    assert (TOTPDevice.objects.count(), BackupCode.objects.count()) == (0, 0)
    assert events(awa) == [What.SECOND_STEP_ON, What.SECOND_STEP_OFF]
    assert sign_in(client)["Location"] == "/en/"


def test_new_codes_end_the_old_ones(as_secured, awa, codes):
    fresh = shown(as_secured.post(CODES, {"password": make.PASSWORD, "code": codes[0]}))
    assert len(set(fresh)) == 8
    assert not second_step.spend(awa, codes[1], timezone.now())
    assert second_step.spend(awa, fresh[1], timezone.now())
    assert events(awa) == [What.SECOND_STEP_ON, What.BACKUP_CODE, What.BACKUP_CODES, What.BACKUP_CODE]


def test_ten_wrong_codes_in_a_session_are_all(as_secured):
    fields = {"password": make.PASSWORD, "code": wrong()}
    assert [as_secured.post(OFF, fields).status_code for _ in range(11)] == [422] * 10 + [429]
    assert as_secured.post(CODES, {"password": make.PASSWORD, "code": code()}).status_code == 429


def test_a_new_password_brings_no_new_tries_at_the_code(as_secured):
    for _ in range(10):
        as_secured.post(OFF, {"password": make.PASSWORD, "code": wrong()})
    fields = {"old_password": make.PASSWORD, "new_password1": "four new bridges", "new_password2": "four new bridges"}
    assert as_secured.post("/en/accounts/password/", fields).status_code == 302
    assert as_secured.post(OFF, {"password": "four new bridges", "code": code()}).status_code == 429


def test_every_page_is_there_in_french(as_secured, waiting):
    for page, word in [(PAGE, "seconde étape"), (CODES, "secours"), (OFF, "seconde étape")]:
        assert word in as_secured.get(page.replace("/en/", "/fr/")).text
    assert "code" in waiting.get(CODE.replace("/en/", "/fr/")).text


# Who is asked to have one


@pytest.fixture
def ely(db, settings):
    """An editor of a real machine, whose second step is off."""
    settings.REAL_MACHINE = True
    return make.user("Ely", is_staff=True)


@pytest.fixture
def of_editors():
    """The addresses that open to an editor, and to a learner not."""
    section = make.section(make.module("mali"), slug="roots")
    make.item(section, slug="try-it")
    item = "/en/modules/mali/roots/items/try-it/"
    return [
        *("/en/admin/", "/en/admin/accounts/user/", "/en/modules/mali/recall/", "/en/modules/mali/roots/sheet/"),
        *("/en/modules/mali/roots/items/", "/en/modules/mali/roots/items/paper/", item),
    ]


def test_an_editor_of_a_real_machine_is_led_to_turn_it_on_and_back(ely, of_editors):
    client = browser_of(ely)
    for address in of_editors:
        page = client.get(address, follow=True)
        assert page.redirect_chain[0][0].startswith(PAGE)
        assert f'name="next" value="{address}"' in page.text
    assert client.post("/en/preview/", {"module": "mali"})["Location"] == PAGE
    client.post(PAGE, {"password": make.PASSWORD, "next": of_editors[1]})
    page = client.post(CONFIRM, {"code": code(secret_on(client.get(CONFIRM)))})
    assert f'class="btn btn-primary" href="{of_editors[1]}"' in page.text
    assert [client.get(address).status_code for address in of_editors] == [200] * len(of_editors)


def test_what_everybody_sees_stays_open_to_that_editor(ely, of_editors):
    client = browser_of(ely)
    open_to_all = [
        "",
        "modules/mali/",
        "modules/mali/roots/",
        "progress/",
        "review/",
        "my-data/",
        "cohorts/",
        "reports/",
    ]
    open_to_all += ["accounts/settings/", "accounts/sessions/", "accounts/password/", "accounts/two-step/"]
    assert [client.get(f"/en/{address}").status_code for address in open_to_all] == [200] * len(open_to_all)
    for address in of_editors:
        assert f'href="{address}"' not in client.get("/en/modules/mali/roots/").text
    assert client.post("/en/accounts/leave/").status_code == 204
    assert client.post("/en/accounts/sign-out/")["Location"] == "/en/"


def test_no_right_of_an_editor_holds_without_it(ely):
    assert (ely.may_teach, ely.has_perm("accounts.view_user"), ely.has_module_perms("accounts")) == (False,) * 3
    ely.second_step_at = timezone.now()
    assert (ely.may_teach, ely.has_perm("accounts.view_user"), ely.has_module_perms("accounts")) == (True,) * 3


def test_on_a_laptop_nothing_is_asked(ely, of_editors, settings):
    settings.REAL_MACHINE = False
    client = browser_of(ely)
    assert [client.get(address).status_code for address in of_editors] == [200] * len(of_editors)


def test_nobody_else_is_led_there(of_editors, as_awa, as_bakary, as_guest, client, settings):
    settings.REAL_MACHINE = True
    for address in of_editors:
        status = 404 if "admin" in address else 403
        assert [browser.get(address).status_code for browser in (as_awa, as_guest)] == [status, status]
        assert PAGE not in client.get(address).headers.get("Location", "")
        assert client.get(address).status_code == (302 if "admin" in address else 403)
        assert as_bakary.get(address).status_code == (404 if "admin" in address else 200)


@pytest.fixture
def taught(bakary, awa):
    """The pages of Bakary's cohort."""
    cohort = make.cohort(bakary, [awa])
    return [f"/en/cohorts/{cohort.pk}/{page}" for page in ("", "board/", "roster/", "members/", "edit/", "exams/")]


def test_staff_of_cohorts_are_asked_where_the_operator_says_so(taught, as_bakary, as_awa, settings):
    assert [as_bakary.get(address).status_code for address in taught] == [200] * len(taught)
    settings.SECOND_STEP_FOR_STAFF = True
    for address in taught:
        assert as_bakary.get(address)["Location"].startswith(f"{PAGE}?next=%2Fen%2Fcohorts")
    assert as_bakary.post(taught[4], {"name": "Spring"})["Location"] == PAGE
    for address in ("cohorts/new/", "progress/", "join/", "accounts/settings/", "certificates/"):
        assert as_bakary.get(f"/en/{address}").status_code == 200
    assert as_awa.get(taught[0]).status_code == 200
    assert as_awa.get(taught[1]).status_code == 404


def test_with_it_on_they_are_asked_no_more(taught, as_bakary, bakary, settings):
    settings.SECOND_STEP_FOR_STAFF = True
    second_step.turn_on(bakary, SECRET, -1, as_bakary.session.session_key, timezone.now())
    assert as_bakary.get(taught[1]).status_code == 200


def test_a_lead_is_asked_before_the_look_over_all_cohorts(danso, as_danso, as_celia, settings):
    make.cohort(danso).enrolments.update(role="lead")
    assert as_danso.get("/en/cohorts/overview/").status_code == 200
    settings.SECOND_STEP_FOR_STAFF = True
    assert as_danso.get("/en/cohorts/overview/")["Location"].startswith(PAGE)
    assert as_celia.get("/en/cohorts/overview/").status_code == 404


def test_asking_costs_one_query_and_only_where_it_is_set(taught, as_awa, settings):
    as_awa.get(taught[0])
    before = len(statements(lambda: as_awa.get(taught[0])))
    elsewhere = len(statements(lambda: as_awa.get("/en/progress/")))
    settings.SECOND_STEP_FOR_STAFF = True
    assert len(statements(lambda: as_awa.get(taught[0]))) == before + 1
    assert len(statements(lambda: as_awa.get("/en/progress/"))) == elsewhere


# A lost phone


@pytest.fixture
def as_editor(db):
    return browser_of(make.user("Ely", is_staff=True))


def act(client, *people):
    fields = {"action": "take_second_step_off", "_selected_action": [person.pk for person in people]}
    return client.post("/en/admin/accounts/user/", fields, follow=True)


def test_an_editor_takes_it_off_and_its_owner_reads_so(as_editor, as_awa, awa, celia, codes):
    as_awa.get("/en/")
    assert "Changed for 1 person" in act(as_editor, awa, celia).text
    awa.refresh_from_db()
    assert awa.second_step_at is None
    assert (TOTPDevice.objects.count(), BackupCode.objects.count()) == (0, 0)
    assert not reader(as_awa).is_authenticated
    assert events(awa) == [What.SECOND_STEP_ON, What.SECOND_STEP_LOST]
    assert events(celia) == []
    [line] = Audit.objects.filter(what="second step")
    assert (line.who.name, line.on_what) == ("Ely", f"user {awa.pk}: taken off")


def test_an_editor_does_not_take_off_their_own(as_editor):
    ely = User.objects.get(name="Ely")
    second_step.turn_on(ely, SECRET, -1, as_editor.session.session_key, timezone.now())
    act(as_editor, ely)
    ely.refresh_from_db()
    assert ely.second_step_at


# My data


def test_ones_data_say_since_when_and_never_the_secret(as_secured, awa, codes, clock):
    text = as_secured.post("/en/my-data/json/").content.decode()
    assert f'"second_step_at": "{clock.at:%Y-%m-%dT%H:%M:%S}Z"' in text
    assert SECRET not in text
    assert second_step.in_groups(SECRET).replace(" ", "") not in text
    assert not [row.hash for row in BackupCode.objects.all() if row.hash in text]


def test_erasing_takes_secret_and_codes_along(as_secured):
    as_secured.post("/en/my-data/erase/", {"password": make.PASSWORD})
    assert (User.objects.count(), TOTPDevice.objects.count(), BackupCode.objects.count()) == (0, 0, 0)


def test_what_happened_is_told_in_both_languages(as_secured, awa):
    for what in (What.SECOND_STEP_OFF, What.SECOND_STEP_LOST, What.BACKUP_CODE, What.BACKUP_CODES, What.WRONG_CODE):
        SecurityEvent.objects.record(awa, what, timezone.now().date())
    told = {}
    for language in ("en", "fr"):
        page = as_secured.get(f"/{language}/accounts/sessions/").text
        with translation.override(language):
            told[language] = {str(What(what).label) for what in events(awa)}
        assert all(label in page for label in told[language])
    assert len(told["en"]) == 6
    assert told["en"].isdisjoint(told["fr"])
