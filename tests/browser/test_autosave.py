"""Answers save themselves: seen as saved, seen as failed, sent once the line is back, and safe in two tabs."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from lessons.models import Module
from quizzes.models import Attempt, Item, Use
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.browser
AT = re.compile(r"\d\d(:|\sh\s)\d\d")  # the time in "last saved at"


@pytest.fixture
def quiz(site, context, language):
    """An open quiz in a browser with JavaScript."""
    page = context.new_page()
    page.goto(f"{site}/{language}/modules/mali/who-is-speaking/")
    with page.expect_navigation(wait_until="load"):
        page.locator("section[aria-labelledby=quiz] button").click()
    return page


def page_of(context, site, user):
    """A new page, in which that person is signed in."""
    cookie = browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    return context.new_page()


@pytest.fixture
def exam(site, context, language):
    """exam(seconds): a page of Awa's exam with so much time left."""

    def at(seconds):
        awa, now = make.user("Awa"), timezone.now()
        attempt = make.exam(awa, Module.objects.get(), due_at=now + timedelta(seconds=seconds))
        page = page_of(context, site, awa)
        page.goto(f"{site}/{language}{attempt.get_absolute_url()[3:]}")
        return page

    return at


def status(page):
    return page.locator("#attempt [role=status]")


def saved():
    """The positions with a saved answer."""
    attempt = Attempt.objects.get(use=Use.QUIZ)
    return set(attempt.responses.exclude(answer=None).values_list("position", flat=True))


# Whatever the kind of the item that was drawn: something is ticked, chosen or typed.
HOLDS_AN_ANSWER = """item => [...item.querySelectorAll("input:not([type=hidden]), select")].some(
    field => ["radio", "checkbox"].includes(field.type) ? field.checked : field.value)"""


def tick(page, position):
    field = page.locator(f"#i{position} input:not([type=hidden]), #i{position} select").first
    kind = field.evaluate("field => field.type")
    if kind == "select-one":
        field.select_option(index=1)
    elif kind == "text":
        field.fill("1")
    else:
        field.check()


def test_an_answer_is_saved_as_it_changes(quiz):
    tick(quiz, 1)
    expect(status(quiz)).to_contain_text(AT)
    assert saved() == {1}


def test_a_broken_line_is_told_within_ten_seconds_and_the_answer_goes_out_once_it_is_back(quiz, context):
    context.set_offline(True)
    tick(quiz, 1)
    expect(status(quiz)).to_have_class("saved is-wrong")
    assert saved() == set()
    context.set_offline(False)
    expect(status(quiz)).to_contain_text(AT)
    assert saved() == {1}


def test_two_tabs_keep_each_others_answers(quiz, context):
    other = context.new_page()
    other.goto(quiz.url)
    tick(quiz, 1)
    expect(status(quiz)).to_contain_text(AT)
    tick(other, 2)
    expect(status(other)).to_contain_text(AT)
    assert saved() == {1, 2}


def test_an_answer_after_handing_in_elsewhere_is_refused_in_words(quiz, context):
    other = context.new_page()
    other.goto(f"{quiz.url}?page=9")
    other.locator("main button[name=submit]").click()
    tick(quiz, 1)
    expect(status(quiz)).to_have_class("saved is-wrong")
    assert saved() == set()


def test_a_lost_session_is_told_and_the_form_comes_back_after_signing_in(quiz, context, site, language):
    context.clear_cookies()
    tick(quiz, 1)
    expect(status(quiz)).to_have_class("saved is-wrong")
    quiz.locator("main button[name=next]").click()
    expect(quiz.locator("form button.btn-primary")).to_be_visible()
    quiz.wait_for_load_state()
    assert quiz.locator("input[name^=q1]").count() >= 1


def test_the_switch_of_language_saves_what_is_on_the_page(browser, site, language):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{language}/modules/mali/who-is-speaking/")
    page.locator("section[aria-labelledby=quiz] button").click()
    tick(page, 2)
    page.locator("button[name=language]").click()
    other = {"en": "fr", "fr": "en"}[language]
    expect(page.locator("html")).to_have_attribute("lang", other)
    assert saved() == {2}
    assert page.locator("#i2").evaluate(HOLDS_AN_ANSWER)
    context.close()


def test_near_its_end_the_time_is_told_aloud_and_one_button_adds_some(exam):
    page = exam(45)
    clock = page.locator("#clock[role=status]")
    expect(clock).to_have_text(page.locator("#clock").get_attribute("data-at-60"))
    tick(page, 1)
    page.locator("main button[name=more]").click()
    expect(page.locator("#left")).to_have_text(re.compile("^10 minutes$"))
    expect(clock).to_have_text("")
    expect(page.locator("main button[name=more]")).to_have_count(0)
    assert Attempt.objects.get().responses.get(position=1).answer is not None


def test_once_nothing_is_taken_any_more_the_page_gives_way_to_the_one_that_says_so(exam):
    page = exam(-27)
    expect(page.locator("#clock")).to_have_text(page.locator("#clock").get_attribute("data-at-0"))
    expect(page.locator("fieldset")).to_have_count(0)
    expect(page.locator("main button[name=submit]")).to_be_visible()
    page.locator("main button[name=submit]").click()
    expect(page.locator("section.item").first).to_be_visible()
    assert Attempt.objects.get().expired_at is not None


def test_the_script_stands_every_kind_of_item(site, context):
    awa, errors = make.user("Awa"), []
    kinds = {item.current_version.kind: item for item in Item.objects.select_related("current_version")}
    review = Attempt.start_review(awa, list(kinds.values()), timezone.now())
    page = page_of(context, site, awa)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for position, kind in enumerate(kinds, 1):
        page.goto(f"{site}{review.get_absolute_url()}?page={position}", wait_until="load")
        tick(page, position)
        expect(status(page)).to_contain_text(AT)
        assert errors == [], kind
    assert len(kinds) == 7
    assert review.responses.filter(answer=None).count() == 0
