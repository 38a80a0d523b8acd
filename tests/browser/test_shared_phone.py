"""A phone that is lent in Chromium: leaving quickly, signing out while answers wait, and coming back to a visit."""

from time import monotonic

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.models import User
from tests import make
from tests.browser.access import faults, sideways

pytestmark = pytest.mark.browser
LESSON = "modules/mali/who-is-speaking/five-labels/"


@pytest.fixture
def phone(browser):
    """A small phone with the script."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def signed_in(page, site, name="Aïssata"):
    make.user(name)
    page.goto(f"{site}/en/accounts/sign-in/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", make.PASSWORD)
    page.locator("form.stacked button").click()
    expect(page.locator("footer form button")).to_be_visible()


def leave(page, site):
    """Press "Leave quickly", and wait until the other page stands there and the site knows of it."""
    page.locator("a[data-leave]").click()
    page.wait_for_url(f"{site}/healthz")
    until = monotonic() + 20
    while not any("left" in session.get_decoded() for session in Session.objects.all()):
        assert monotonic() < until, "the session was not told"


@pytest.mark.parametrize("path", [LESSON, "progress/"])
def test_whoever_presses_back_after_leaving_finds_nobody(site, phone, settings, path):
    settings.LEAVE_URL = f"{site}/healthz"
    signed_in(phone, site)
    phone.goto(f"{site}/en/accounts/settings/")
    phone.goto(f"{site}/en/{path}")
    length = phone.evaluate("history.length")
    leave(phone, site)
    assert phone.evaluate("history.length") == length
    phone.go_back()
    expect(phone.locator("main h1")).to_have_text("This page is closed")
    assert phone.url == f"{site}/en/accounts/settings/"
    assert "Aïssata" not in phone.content()
    assert faults(phone) + sideways(phone) == []
    phone.go_back()
    assert "Aïssata" not in phone.content()
    phone.fill("[name=password]", make.PASSWORD)
    phone.locator("form.stacked button").click()
    expect(phone.locator("header .cut")).to_have_text("Aïssata")


def test_without_the_script_it_is_a_plain_link_that_tells_nothing(site, page, settings):
    settings.LEAVE_URL = f"{site}/healthz"
    page.goto(f"{site}/en/{LESSON}")
    with page.expect_request(f"{site}/healthz") as asked:
        page.locator("a[data-leave]").click()
    assert "referer" not in asked.value.headers


@pytest.mark.parametrize("sure", [False, True])
def test_signing_out_asks_while_answers_wait(site, phone, sure):
    signed_in(phone, site)
    phone.evaluate("localStorage.setItem('attempt-7', '{}')")
    asked = []

    def answer(dialog):
        asked.append(dialog.message)
        dialog.accept() if sure else dialog.dismiss()

    phone.on("dialog", answer)
    phone.locator("footer form button").click()
    expect(phone.locator("footer form button")).to_have_count(0 if sure else 1)
    assert len(asked) == 1
    assert phone.evaluate("localStorage.length") == (0 if sure else 1)


def test_with_nothing_waiting_it_does_not_ask(site, phone):
    signed_in(phone, site)
    phone.on("dialog", lambda dialog: pytest.fail(dialog.message))
    phone.locator("footer form button").click()
    expect(phone.locator("footer form button")).to_have_count(0)


def test_a_guest_ends_the_visit_and_comes_back_without_a_script(site, page, language):
    page.goto(f"{site}/{language}/{LESSON}")
    page.locator("form.done button").click()
    guest = User.objects.get()
    page.goto(f"{site}/{language}/visit/end/")
    page.locator("form[action$='/visit/words/'] button").click()
    page.wait_for_load_state()
    words = page.locator("ol.words li").all_inner_texts()
    page.locator("a.btn-primary").click()
    page.locator("form.part button").click()
    page.locator("main a[href$='/visit/back/']").click()
    page.fill("[name=words]", " ".join(words))
    page.locator("form.stacked button").click()
    expect(page.locator("footer a[href$='/visit/end/']")).to_be_visible()
    assert User.objects.get() == guest


def test_a_check_is_told_and_back_leads_to_the_same_place(site, page):
    page.goto(f"{site}/en/{LESSON}")
    check = page.locator("section.check").first
    place = check.get_attribute("id")
    check.locator("label").first.click()
    check.locator("button").click()
    expect(page.locator("section.check [role=status]")).to_be_visible()
    page.locator("main a.btn-primary").click()
    assert page.url == f"{site}/en/{LESSON}#{place}-end"
    expect(page.locator(f"#{place}-end")).to_be_in_viewport()
