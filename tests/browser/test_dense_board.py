"""The board of sixty at a glance, with a quiz of its staff, on a phone and on paper; the page of the day."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from cohorts.models import Enrolment, Membership
from lessons.models import Module, Reading
from quizzes.models import Attempt
from tests import make
from tests.browser.access import faults, sideways
from tests.conftest import browser_of

pytestmark = pytest.mark.browser
LEARNERS, MOST_PIXELS, PHONE_LINE, LINE = 60, 2600, 90, 34
DAY = timedelta(days=1)
LONG = "Zerbo-Ouattara Salif-Abdoulaye Cheick-Oumar 2"


@pytest.fixture
def cohort(site, transactional_db):
    """Bakary's sixty: every section is set with a weekly date, and the whole module too; two have not joined."""
    module, now = Module.objects.get(), timezone.now()
    sections = list(module.sections.order_by("position").select_related("bank"))
    cohort = make.cohort(make.user("Bakary", may_teach_at=now), name="Group A, autumn 2026", at=now - 60 * DAY)
    for number, section in enumerate(sections):
        dates = {"opens_at": now - 60 * DAY, "due_at": now + (number - 5) * 7 * DAY + DAY}
        make.assignment(cohort, module, [section], **dates)
    make.assignment(cohort, module, opens_at=now - 60 * DAY, due_at=now + 40 * DAY)
    bank = make.bank(User.objects.get(name="Bakary"))
    quiz = make.own_quiz(bank.owner, [make.own_item(bank)], title="Week three")
    make.set_quiz(cohort, quiz, now - 30 * DAY, due_at=now - 7 * DAY)
    names = [f"Learner {number:02}" for number in range(LEARNERS - 2)]
    people = User.objects.bulk_create([User(name=name, name_key=name.casefold()) for name in names])
    places = Enrolment.objects.bulk_create(
        Enrolment(cohort=cohort, user=user, role="learner", roster_name=f"Coulibaly Aïssata {number}")
        for number, user in enumerate(people)
    )
    Membership.objects.bulk_create(Membership(enrolment=place, from_at=now - 60 * DAY) for place in places)
    make.listed(cohort, ["Zerbo Mariam", LONG])
    for number, user in enumerate(people):
        work(user, number, module, sections[: number % 8], now - (number % 30) * DAY)
    return cohort


def work(user, number, module, sections, at):
    """Quizzes passed in these sections; in the last of them three failed ones of every sixth, or a lesson read."""
    fields = {"learner": user, "module": module, "use": "quiz", "seed": 1, "threshold": "0.8"}
    fields |= {"started_at": at, "submitted_at": at}
    for section in sections[:-1]:
        Attempt.objects.create(bank=section.bank, score="0.9", **fields)
    for section in sections[-1:]:
        lesson = section.lessons.first()
        Reading.objects.create(learner=user, lesson=lesson, checksum=lesson.checksum, read_at=at)
        if number % 6 == 0:
            for _ in range(3):
                Attempt.objects.create(bank=section.bank, score="0.5", **fields)


@pytest.fixture
def screen(browser, site, cohort):
    """screen(width, **options): a page so wide in which Bakary is signed in."""
    contexts = []

    def of(width, **options):
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        cookie = browser_of(User.objects.get(name="Bakary")).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        return context.new_page()

    yield of
    for context in contexts:
        context.close()


def board(cohort, site, language):
    return f"{site}/{language}/cohorts/{cohort.pk}/board/"


def heights(page):
    """The height of each learner's line, in pixels."""
    return page.locator(".dense tbody tr").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")


CUT = """
() => {
document.querySelectorAll('.visually-hidden').forEach(words => words.remove())
return [...document.querySelectorAll('.dense :is(thead th, td)')].filter(cell => {
  if (cell.matches('.grp')) return false
  const range = document.createRange()
  range.selectNodeContents(cell)
  const inner = range.getBoundingClientRect(), outer = cell.getBoundingClientRect()
  return inner.width > outer.width + 1
}).map(cell => cell.textContent.trim())
}
"""


def test_sixty_learners_fit_in_three_screens_of_a_desk_under_a_heading_that_stays(site, screen, cohort, language):
    page = screen(1280)
    page.goto(board(cohort, site, language))
    assert page.evaluate("document.documentElement.scrollHeight") <= MOST_PIXELS
    lines = heights(page)
    assert (len(lines), max(lines) <= LINE) == (LEARNERS, True)
    assert page.evaluate(CUT) == []
    page.evaluate("window.scrollTo(0, 1500)")
    head = page.locator(".dense thead th").nth(3)
    assert head.evaluate("e => e.getBoundingClientRect().top") == 0
    assert page.locator(".dense thead .num").evaluate_all("all => all.every(e => e.getClientRects().length === 1)")


def test_on_a_phone_a_learner_is_a_name_with_its_need_and_one_row_of_cells(site, screen, cohort, language):
    page = screen(360)
    page.goto(board(cohort, site, language))
    lines = heights(page)
    assert sum(lines) / len(lines) <= PHONE_LINE
    row = page.locator(".dense tbody tr").first
    tops = row.locator("td:not(.need)").evaluate_all("all => all.map(cell => cell.getBoundingClientRect().top)")
    assert len(set(tops)) == 1
    assert sideways(page) == []
    page.evaluate("window.scrollTo(0, 3000)")
    assert page.locator(".dense thead").evaluate("e => e.getBoundingClientRect().top") == 0


@pytest.mark.parametrize("width", [320, 900, 1280])
def test_board_and_the_page_of_the_day_have_no_fault(site, screen, cohort, language, width):
    page = screen(width)
    for address in (board(cohort, site, language), f"{site}/{language}/cohorts/"):
        page.goto(address)
        assert faults(page) + sideways(page) == []


def test_on_paper_it_lies_across_with_every_section_its_heading_on_each_page_and_its_legend(
    site, screen, cohort, language
):
    page = screen(1280, color_scheme="dark")
    page.goto(board(cohort, site, language))
    paper = page.pdf(prefer_css_page_size=True)
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", paper)}
    assert {(round(box[2]), round(box[3])) for box in boxes} == {(842, 595)}  # points of A4, lying
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 3
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1054, "height": 720})  # what 279 millimetres are in pixels
    assert page.evaluate("document.documentElement.scrollWidth") <= 1054
    assert page.evaluate(CUT) == []
    assert page.locator(".dense-wrap").evaluate("e => e.scrollHeight - e.clientHeight") == 0  # nobody is cut off
    name = page.locator(".dense tbody th", has_text=LONG)
    assert name.evaluate("e => e.scrollWidth - e.clientWidth") == 0  # whole, in two lines
    assert page.locator(".dense thead").evaluate("e => getComputedStyle(e).display") == "table-header-group"
    assert page.locator(".dense tfoot").evaluate("e => getComputedStyle(e).display") == "table-row-group"
    for state in page.locator(".key .state").all():
        assert state.evaluate("e => getComputedStyle(e).color") in ("rgb(0, 0, 0)", "rgb(51, 51, 51)")
        assert state.evaluate("e => getComputedStyle(e).backgroundColor") != "rgb(0, 0, 0)"
