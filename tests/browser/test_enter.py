"""Enter, typed text and forged pages in a real browser, with JavaScript and without."""

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from cohorts.models import Note
from lessons.models import Module
from quizzes.models import Attempt, Item
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def context(browser, request):
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 360, "height": 640})
    yield context
    context.close()


def sign_in(context, site, user):
    cookie = browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])


@pytest.fixture
def kinds(site):
    """{kind: item} of the real case study."""
    return {item.current_version.kind: item for item in Item.objects.live().select_related("current_version")}


@pytest.mark.parametrize("kind", ["number", "short", "single", "multiple", "order"])
def test_enter_in_a_review_answers(site, context, kinds, kind):
    awa = make.user("Awa")
    sign_in(context, site, awa)
    review = Attempt.start_review(awa, [kinds[kind]], timezone.now())
    page = context.new_page()
    page.goto(f"{site}{review.get_absolute_url()}?page=1")
    enter(page, kind)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("fieldset.item")).to_have_count(0)
    assert review.responses.get().marked_at


@pytest.mark.parametrize("kind", ["number", "short", "single"])
def test_enter_in_a_quiz_saves_and_goes_on(site, context, kinds, kind):
    awa = make.user("Awa")
    sign_in(context, site, awa)
    quiz = Attempt.objects.create(
        learner=awa,
        module=Module.objects.get(),
        bank=kinds[kind].bank,
        use="quiz",
        seed=1,
        threshold=1,
        started_at=timezone.now(),
    )
    quiz.fix([kinds[kind].version])
    page = context.new_page()
    page.goto(f"{site}{quiz.get_absolute_url()}")
    enter(page, kind)
    page.wait_for_url(re.compile(r"/en/attempts/\d+/\?page=2"))
    assert quiz.responses.get().answer is not None


def enter(page, kind):
    field = page.locator("#i1 input:not([type=hidden]), #i1 select").first
    if kind in ("number", "short"):
        field.fill("1")
    elif kind == "order":
        for place, select in enumerate(page.locator("#i1 select").all()):
            select.select_option(index=place + 1)
        page.locator("#attempt button[name=give]").focus()  # a list takes Enter for itself
        page.keyboard.press("Enter")
        return
    else:
        field.check()
    field.press("Enter")


def test_a_choice_in_a_lesson_survives_the_other_language(site, context):
    page = context.new_page()
    page.goto(f"{site}/en/modules/mali/who-is-speaking/five-labels/")
    checks = page.locator("section.check")
    chosen = [check.locator("input[type=radio]").nth(1) for check in checks.all()]
    for option in chosen:
        option.check()
    names = [(option.get_attribute("name"), option.get_attribute("value")) for option in chosen]
    assert len(names) > 1
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert "csrf" not in page.url
    for name, value in names:
        expect(page.locator(f'input[name="{name}"][value="{value}"]')).to_be_checked()


def test_a_report_survives_the_other_language(site, context):
    page = context.new_page()
    page.goto(f"{site}/en/modules/mali/claims/M001/report/")
    page.fill("textarea", "The year is wrong.\nIt was 2012.")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("textarea")).to_have_value("The year is wrong.\nIt was 2012.")
    expect(page.locator("[role=alert]")).to_have_count(0)


@pytest.fixture
def note(site):
    """The address of a note of Bakary's cohort."""
    bakary, module = make.user("Bakary"), Module.objects.get()
    cohort = make.cohort(bakary)
    make.assignment(cohort, module)
    return f"{site}/en/cohorts/{cohort.pk}/notes/{module.sections.order_by('position').first().pk}/"


def sign_in_by_hand(context, site, name):
    tab = context.new_page()
    tab.goto(f"{site}/en/accounts/sign-in/")
    tab.fill("[name=username]", name)
    tab.fill("[name=password]", make.PASSWORD)
    tab.locator("main form button.btn-primary").click()
    tab.wait_for_url(re.compile("/en/$"))
    return tab


def test_a_note_waits_while_one_signs_in_again(site, context, note):
    sign_in_by_hand(context, site, "Bakary")
    page = context.new_page()
    page.goto(note)
    page.fill("textarea", "Bring the map.\nAnd a pen.")
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("main form button.btn-primary").click()
    expect(page.locator("h1")).to_have_text("Your session has ended")
    sign_in_by_hand(context, site, "Bakary")
    for _ in range(2):
        page.locator("main form button.btn-primary").click()
    expect(page.locator("main .note[role=status]")).to_have_text("The note is saved.")
    assert Note.objects.get().text.split() == ["Bring", "the", "map.", "And", "a", "pen."]


def test_nobody_else_sees_or_sends_it(site, context, note):
    make.user("Celia")
    sign_in_by_hand(context, site, "Bakary")
    page = context.new_page()
    page.goto(note)
    page.fill("textarea", "Bring the map.")
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    sign_in_by_hand(context, site, "Celia")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("h1")).to_have_text("This is not open to you")
    assert "Bring the map" not in page.content()
    assert not Note.objects.exists()


@pytest.fixture
def elsewhere():
    """serve(html): the address of a page on another site."""
    pages = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(pages[-1].encode())

        def log_message(self, *args):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def serve(html):
        pages.append(html)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    server.shutdown()
    server.server_close()


def test_a_page_elsewhere_cannot_have_its_answers_sent_as_ones_own(site, context, elsewhere):
    awa = make.user("Awa")
    sign_in_by_hand(context, site, "Awa")
    quiz = make.quiz(awa, Module.objects.get().sections.first())
    own = context.new_page()
    own.goto(f"{site}{quiz.get_absolute_url()}")
    token = context.cookies(site)
    page = context.new_page()
    page.goto(
        elsewhere(
            f'<form method="post" action="{site}{quiz.get_absolute_url()}"><input type="hidden" name="q1" value="3">'
            '<input type="hidden" name="submit" value="1"><button>A prize</button></form>'
        )
    )
    page.locator("button").click()
    expect(page.locator("h1")).to_have_text("This page is out of date")
    expect(page.locator("main form")).to_have_count(0)
    assert {each["name"]: each["value"] for each in context.cookies(site)} == {
        each["name"]: each["value"] for each in token
    }
    own.locator("main button[name=next].btn-primary").click()
    own.wait_for_url(re.compile("page=2"))
    assert Attempt.objects.get(pk=quiz.pk).is_open
