"""What pages weigh on the wire, counted by Chromium (quality A1); the budgets are for a phone on 2G."""

import brotli
import pytest
from django.conf import settings

from lessons.models import Lesson

pytestmark = pytest.mark.browser
KB = 1024


@pytest.fixture
def wire(browser):
    """A page whose requests are counted: {address: bytes on the wire, heads included}."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    page.weights, addresses = {}, {}
    session.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda e: page.weights.update({addresses[e["requestId"]]: e["encodedDataLength"]}),
    )
    yield page
    context.close()


def compressed(name):
    return len(brotli.compress((settings.BASE_DIR / "static" / name).read_bytes()))


def document(page):
    """Bytes of the page itself, as sent."""
    return page.weights[page.url.split("#")[0]]


def cold(page):
    """(bytes, requests) of a first visit; files are counted as a real machine sends them, by brotli."""
    names = [address.rsplit("/", 1)[1] for address in page.weights if "/static/" in address]
    return document(page) + sum(compressed(name) for name in names), len(page.weights)


def test_the_stylesheet_and_the_script_are_small():
    assert compressed("site.css") <= 14 * KB
    assert sum(compressed(script.name) for script in (settings.BASE_DIR / "static").glob("*.js")) <= 10 * KB


@pytest.mark.parametrize("path", ["", "modules/mali/"])
def test_a_first_page_is_at_most_50_kb_in_6_requests_and_a_second_14_kb(site, wire, language, path):
    wire.goto(f"{site}/{language}/{path}", wait_until="networkidle")
    weight, requests = cold(wire)
    print(f"{language} /{path}: cold {weight / KB:.1f} KB in {requests} requests, page {document(wire) / KB:.1f} KB")
    assert weight <= 50 * KB
    assert requests <= 6
    assert document(wire) <= 14 * KB


def test_every_lesson_is_at_most_20_kb_with_its_figures_and_cards(site, wire, language):
    weights = {}
    for lesson in Lesson.objects.select_related("section__module"):
        wire.goto(f"{site}/{language}{lesson.get_absolute_url()[3:]}", wait_until="networkidle")
        weights[lesson.slug] = document(wire) / KB
    print(language, {slug: f"{weight:.1f} KB" for slug, weight in weights.items()})
    assert {slug: weight for slug, weight in weights.items() if weight > 20} == {}


def test_nothing_comes_from_a_third_party_and_no_font_is_loaded(site, wire, language):
    for path in ["", "modules/mali/who-is-speaking/five-labels/", "accounts/sign-in/"]:
        wire.goto(f"{site}/{language}/{path}", wait_until="networkidle")
    assert all(address.startswith(site) for address in wire.weights)
    assert not [address for address in wire.weights if address.endswith((".woff", ".woff2", ".ttf"))]


def test_a_page_of_a_quiz_is_at_most_14_kb(site, wire, language):
    wire.goto(f"{site}/{language}/modules/mali/who-is-speaking/", wait_until="networkidle")
    with wire.expect_navigation(wait_until="networkidle"):
        wire.locator("section[aria-labelledby=quiz] button").click()
    print(f"{language} quiz: page {document(wire) / KB:.1f} KB")
    assert document(wire) <= 14 * KB
