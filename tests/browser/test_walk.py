"""The whole walk in a browser, JavaScript off, in both languages: from the first page to a kept account."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from accounts.models import User
from lessons.models import Lesson, Section
from quizzes.models import Attempt, Use
from tests import make
from tests.browser.test_access import FRONT

pytestmark = pytest.mark.browser


def answer(page, right):
    """Answer every item of the open quiz, rightly or not at all, page by page, and hand in."""
    page.wait_for_load_state()
    attempt = Attempt.objects.filter(use=Use.QUIZ).latest("pk")
    while page.locator("main button[name=submit]").count() == 0:
        for item in page.locator("fieldset.item").all():
            response = attempt.responses.get(position=item.get_attribute("id")[1:])
            if right:
                choose(page, response)
        page.locator("main button[name=next]").click()
        page.wait_for_load_state()
    page.locator("main button[name=submit]").click()
    page.wait_for_load_state()


def choose(page, response):
    """Give the right answer of one response, in whatever fields its kind has."""
    for name, value in make.fields(response, make.right_answer(response)).items():
        field = page.locator(f"[name='{name}']:not([type=hidden])")
        if field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(str(value))
        elif field.first.get_attribute("type") in ("radio", "checkbox"):
            field.and_(page.locator(f"[value='{value}']")).check()
        else:
            field.fill(str(value))


def answer_one(page, response):
    """Answer one item in some way: the first choice of each of its fields, or a number."""
    item = page.locator(f"#i{response.position}")
    for name in dict.fromkeys(field.get_attribute("name") for field in item.locator("select").all()):
        item.locator(f"select[name='{name}']").select_option(index=1)
    for choice in item.locator("input[type=radio][value='0'], input[type=checkbox]").all()[:1]:
        choice.check()
    for typed in item.locator("input.form-control").all():
        typed.fill("12")


def test_a_visitor_reads_answers_fails_passes_and_keeps_the_work(site, page, language):
    page.goto(f"{site}/{language}/")
    assert page.locator("html").get_attribute("lang") == language
    page.locator("main a.btn-primary").click()
    page.locator("#typed button.btn-primary").click()
    page.locator("main a.btn-primary").click()
    marks = page.locator("article a.mark")
    expect(marks.first).to_be_visible()
    assert marks.count() >= 15
    marks.first.click()
    expect(page.locator(".card:target dl")).to_be_visible()

    check = page.locator("section.check").first
    check.locator("label").first.click()
    check.locator("button").click()
    expect(page.locator("section.check [role=status]").first).to_be_visible()
    assert User.objects.get().is_guest
    page.locator("main a.btn-primary").click()
    expect(page.locator("article a.mark").first).to_be_visible()

    for _ in range(Section.objects.order_by("position").first().lessons.live().count()):
        page.locator("form.done button").click()
    expect(page.locator(".s-read").first).to_be_visible()

    page.locator("section[aria-labelledby=quiz] button").click()
    answer(page, right=False)
    passage = page.locator("section.now a.btn-primary")
    assert "#" in passage.get_attribute("href")
    expect(page.locator("section.item > .ans.is-right, section.item > table").first).to_be_visible()
    passage.click()
    anchor = page.url.split("#")[1]
    expect(page.locator(f"#{anchor}")).to_be_visible()

    page.go_back()
    page.locator("form[action$='/quiz/'] button").click()
    answer(page, right=True)
    page.goto(f"{site}/{language}/modules/mali/")
    expect(page.locator(".s-passed").first).to_be_visible()

    page.goto(f"{site}/{language}/accounts/sign-up/")
    page.fill("[name=name]", "Aïssata")
    page.fill("[name=password]", "un fleuve et trois ponts")
    page.locator("form.stacked button").click()
    page.goto(f"{site}/{language}/modules/mali/")
    expect(page.locator(".s-passed").first).to_be_visible()
    assert not User.objects.get().is_guest


def test_half_a_page_is_saved_before_the_rest_and_one_goes_on_below_it(site, page, language):
    section = Section.objects.order_by("position").first()
    page.goto(f"{site}/{language}{section.get_absolute_url()[3:]}")
    page.locator("form[action$='/quiz/'] button").first.click()
    attempt = Attempt.objects.get(use=Use.QUIZ)
    first, later = attempt.responses.get(position=1), attempt.responses.get(position=6)
    page.locator("#i1 input:not([type=hidden]), #i1 select").first.scroll_into_view_if_needed()
    for response in (first, later):
        answer_one(page, response)
    page.locator("main button[formaction]").click()
    page.wait_for_url(lambda address: urlsplit(address).fragment == "i6", wait_until="load")
    expect(page.locator("#i6")).to_be_in_viewport()
    assert all(response.answer for response in attempt.responses.filter(position__in=(1, 6)))
    assert page.locator("main button[formaction]").count() == 1


def test_no_page_of_the_walk_scrolls_sideways_at_320_pixels(site, browser, language):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    section = f"{site}/{language}/modules/mali/who-is-speaking/"
    wide = []
    lessons = [lesson.get_absolute_url()[3:] for lesson in Lesson.objects.select_related("section__module")]
    ledger = [f"/modules/mali/{page}/" for page in ("claims", "article", "sources", "corrections", "timeline")]
    front = [f"/{page}" for page in FRONT]
    for path in ["/", *front, "/modules/mali/", *ledger, "/modules/mali/sources/hrf-mali-2023/", *lessons]:
        address = f"{site}/{language}{path}"
        page.goto(address)
        if page.locator("html").evaluate("e => e.scrollWidth > e.clientWidth"):
            wide.append(address)
    page.goto(section)
    page.locator("section[aria-labelledby=quiz] button").click()
    page.wait_for_load_state()
    if page.locator("html").evaluate("e => e.scrollWidth > e.clientWidth"):
        wide.append(page.url)
    context.close()
    assert wide == []
