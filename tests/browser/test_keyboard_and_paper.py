"""A lesson by keyboard alone, and on paper; the quote sheet on one page of it."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from course.operator import TOPICS
from lessons.models import Annex, Part
from quizzes.models import Attempt, Item, Response
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.browser


def test_a_check_is_reached_answered_and_sent_by_keyboard(site, page, language):
    page.goto(f"{site}/{language}/modules/mali/who-is-speaking/author-and-purpose/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    radio = page.locator("section.check input[type=radio]").first
    for _ in range(200):
        page.keyboard.press("Tab")
        if radio.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("section.check [role=status]").first).to_be_visible()
    assert Response.objects.count() == 1


def test_a_lesson_on_paper_has_its_cards_and_no_furniture(site, page, language):
    page.goto(f"{site}/{language}/modules/mali/who-is-speaking/five-labels/")
    page.emulate_media(media="print")
    for gone in [".top", ".foot", ".crumbs", "form.done", "nav.steps"]:
        assert not page.locator(f"{gone} >> visible=true").locator("a, button").count(), gone
    cards = page.locator("article.card")
    assert cards.count() >= 10
    for number in range(cards.count()):
        expect(cards.nth(number).locator("dl")).to_be_visible()


LAID_OUT = """width => {
  document.body.style.width = `${width}px`;
  const begun = performance.now();
  document.body.getBoundingClientRect();
  return performance.now() - begun;
}"""


def test_a_timeline_is_laid_out_for_paper_about_as_fast_as_for_a_screen(site, page):
    """A grid within columns took Chromium 300 times as long: twenty seconds of a fast machine before it was printed."""
    page.goto(f"{site}/en/modules/mali/timeline/")
    taken = {}
    for media, width in (("screen", 600), ("print", 590)):  # another width: laid out anew for that alone
        page.emulate_media(media=media)
        taken[media] = page.evaluate(LAID_OUT, width)
    assert taken["print"] < 30 * taken["screen"]


def test_a_full_quote_sheet_takes_one_page_of_paper(site, page, language):
    awa = make.user("Awa")
    for row in Annex.objects.filter(part=Part.QUOTE, section__isnull=False):
        item = Item.objects.get(slug=row.document["item"])
        version = item.version
        order = version.rules.pieces(version.document)
        Attempt.answer_check(awa, item, version.rules.key(version.document), order, make.NOW)
    cookie = browser_of(awa).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    page.goto(f"{site}/{language}/modules/mali/quotes/")
    assert page.locator(".stamp").count() == 9
    assert sheets_of_paper(page) == 1


def sheets_of_paper(page):
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


@pytest.mark.parametrize("sheet", ["answers", "key"])
@pytest.mark.parametrize("section", ["information", "roots"])
def test_answers_to_a_bank_and_its_key_take_one_page_of_paper_each(site, page, language, section, sheet):
    cookie = browser_of(make.user("Bakary", may_teach_at=make.NOW)).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    page.goto(f"{site}/{language}/modules/mali/{section}/items/paper/?sheet={sheet}")
    assert page.locator(".sheet li").count() > 40
    assert sheets_of_paper(page) == 1


@pytest.mark.parametrize("path", ["start/", "data-sheet/", "onboard/certificate/"])
def test_what_is_printed_for_an_office_takes_one_page_of_paper(site, page, language, path, settings):
    settings.OPERATOR = {
        topic: {"": f"The school says in a sentence or two what is asked: {topic}."} for topic in TOPICS
    }
    page.goto(f"{site}/{language}/{path}")
    assert sheets_of_paper(page) == 1
