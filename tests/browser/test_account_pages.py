"""The pages of an account in a browser: the walk of somebody who loses a password, and axe on each page."""

from base64 import b32decode

import pytest
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import expect

from accounts import mail
from accounts.models import Rhythm, User, WayIn
from tests.browser.access import faults, sideways

pytestmark = pytest.mark.browser
PASSWORD = "un fleuve et trois ponts"
NEW = "quatre pirogues sous la pluie"


@pytest.fixture
def page(browser):
    """A narrow phone; axe needs its script, the pages need none."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def send(page, **fields):
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.locator("form.stacked button").click()
    page.wait_for_load_state()  # a click waits until the answer begins: what is counted next must be there


def look(page):
    """What is wrong with the page: axe's findings, and whether it scrolls sideways."""
    return faults(page) + sideways(page)


def test_a_name_a_lost_password_and_the_way_back(site, page, language):
    accounts, found = f"{site}/{language}/accounts/", []
    page.goto(f"{site}/{language}/modules/mali/who-is-speaking/author-and-purpose/")
    page.locator("form.done button").click()
    for address in ("settings/", "sign-in/", "sign-up/"):
        page.goto(accounts + address)
        found += look(page)
    send(page, name="Aïssata, of a name that is longer than a phone is wide", password=PASSWORD)
    words = page.locator("ol.words li").all_inner_texts()
    assert len(words) == 6
    found += look(page)
    page.locator("a.btn-primary").click()

    for address in ("settings/", "words/", "password/"):
        page.goto(accounts + address)
        found += look(page)
    page.goto(f"{accounts}words/")
    send(page, password="not it")
    found += look(page)

    page.goto(f"{accounts}settings/")
    page.locator("main section form button").click()
    page.goto(f"{accounts}recover/")
    send(page, name="aïssata", words="six words of somebody else", password=NEW)
    expect(page.locator("[role=alert]")).to_be_visible()
    found += look(page)
    send(page, name=User.objects.get().name, words=" ".join(words).upper(), password=NEW)
    assert page.locator("ol.words li").all_inner_texts() != words
    page.locator("a.btn-primary").click()
    send(page, username=User.objects.get().name, password=NEW)
    expect(page.locator("footer form button")).to_be_visible()
    assert found == []


def test_mail_is_asked_for_confirmed_and_stopped(site, page, language, settings):
    settings.SENDS_MAIL, settings.SITE_URL, settings.MAIL_FROM = True, site, "course@example.org"
    accounts = f"{site}/{language}/accounts/"
    page.goto(f"{accounts}sign-up/")
    send(page, name="Awa", password=PASSWORD)
    page.goto(f"{accounts}mail/")
    found = look(page)
    send(page, address="awa@nowhere")
    found += look(page)
    send(page, address="awa@example.org")
    found += look(page)
    awa = User.objects.get()
    for purpose in (mail.CONFIRM, mail.STOP):
        link = mail.address_of(awa, purpose)
        assert f"/{language}/" in link
        page.goto(link)
        found += look(page)
        page.locator("main button").click()
        page.wait_for_load_state()
        found += look(page)
        page.goto(f"{link.rsplit('/', 2)[0]}/nobody-was-sent-this/")
        found += look(page)
    page.goto(f"{accounts}mail/")
    awa.refresh_from_db()
    assert (awa.email_confirmed_at is not None, awa.mail_rhythm) == (True, Rhythm.NEVER)
    page.goto(f"{accounts}settings/")
    assert found + look(page) == []


def test_whoever_was_helped_back_in_chooses_a_password_behind_the_link(site, page, language):
    awa, editor = User.objects.create_user("Awa", PASSWORD), User.objects.create_user("Ely", PASSWORD, is_staff=True)
    code = WayIn.make(awa, editor, "She sits next door.", timezone.now())
    page.goto(f"{site}/{language}/accounts/way-in/{code}/")
    found = look(page)
    send(page, password=NEW)
    expect(page.locator("ol.words li")).to_have_count(6)
    assert found + look(page) == []


def test_too_many_tries_are_told_on_a_page_of_their_own(site, page, language):
    for _ in range(11):
        page.goto(f"{site}/{language}/accounts/sign-in/")
        send(page, username="nobody", password="no")
    assert "6" in page.locator("main p").first.inner_text()
    assert look(page) == []


def code_of(secret, steps=0):
    """What an app shows for a secret in base 32, whose clock is so many half-minutes off.

    The site's clock goes on meanwhile, maybe into the next half-minute: a code that must be taken is of now or later.
    """
    totp = TOTP(b32decode(secret.replace(" ", "")))
    totp.time = timezone.now().timestamp() + 30 * steps
    return f"{totp.token():06}"


def test_a_second_step_is_turned_on_asked_and_turned_off(site, page, language):
    accounts, found = f"{site}/{language}/accounts/", []
    page.goto(f"{accounts}sign-up/")
    send(page, name="Aïssata", password=PASSWORD)

    page.goto(f"{accounts}two-step/?next=/{language}/review/")
    found += look(page)
    send(page, password=PASSWORD)
    found += look(page)
    secret = page.locator("main b.num").inner_text()
    send(page, code="12")
    expect(page.locator("[role=alert]")).to_be_visible()
    found += look(page)
    send(page, code=code_of(secret))
    codes = page.locator("ol.words li").all_inner_texts()
    assert len(codes) == 8
    found += look(page)
    page.locator("a.btn-primary").click()
    assert page.url == f"{site}/{language}/review/"
    for address in ("two-step/", "two-step/codes/", "two-step/off/", "settings/"):
        page.goto(accounts + address)
        found += look(page)

    page.locator("main section form button").click()
    page.goto(f"{accounts}sign-in/")
    send(page, username="Aïssata", password=PASSWORD)
    found += look(page)
    send(page, code="no code")
    found += look(page)
    send(page, code=codes[0].lower())
    expect(page.locator("footer form button")).to_be_visible()
    page.goto(f"{accounts}two-step/off/")
    send(page, password=PASSWORD, code=code_of(secret, steps=1))  # the one of now may have been spent above
    found += look(page)
    assert User.objects.get().second_step_at is None
    assert found == []
