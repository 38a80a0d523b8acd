"""The header on a phone: two short rows, one above an item; and light or dark and larger text, as they were chosen."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from lessons.models import Module, Section
from quizzes.models import Attempt
from tests import make
from tests.browser.access import faults, sideways
from tests.conftest import browser_of

pytestmark = pytest.mark.browser
ROW = 44  # pixels
LESSON = "modules/mali/who-is-speaking/author-and-purpose/"
OPEN = ["", "modules/mali/", LESSON, "modules/mali/reference/", "modules/mali/glossary/", "display/"]
OWN = ["own/", "review/", "progress/", "cohorts/", "accounts/settings/"]


@pytest.fixture
def phone(browser, site):
    """phone(width, user=None, **options): a page of a phone so wide in which that person is signed in."""
    contexts = []

    def of(width, user=None, **options):
        context = browser.new_context(viewport={"width": width, "height": 640}, **options)
        contexts.append(context)
        if user:
            cookie = browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        return context.new_page()

    yield of
    for context in contexts:
        context.close()


def rows(page):
    """How many rows of links the header has: its height, without its rules, in the height of one."""
    return round(page.locator("header.top > .wrap").bounding_box()["height"] / ROW, 2)


def rows_of(page, site, language, paths):
    found = {}
    for path in paths:
        page.goto(f"{site}/{language}/{path}")
        found[path] = rows(page)
        assert sideways(page) == []
    return found


@pytest.mark.parametrize("width", [360, 320])
def test_the_header_takes_two_short_rows(site, phone, language, width):
    """Of a visitor, a guest, a learner to whom much is due, and a teacher, whose board is looked at too.

    Whoever is in a cohort and to whom something is due has five links and a number: at 320 pixels a third row.
    """
    awa, bakary = make.user("Awa"), make.user("Bakary")
    section = Section.objects.order_by("position").first()
    for learner in (awa, bakary):
        make.quiz(learner, section, right=0)
        learner.recalls.update(due_on=timezone.localdate())
    cohort = make.cohort(bakary, [awa])
    people = {None: OPEN, make.guest(): [*OPEN, *OWN], awa: [*OPEN, *OWN]}
    people[bakary] = [*OPEN, *OWN, f"cohorts/{cohort.pk}/board/"]
    for user, paths in people.items():
        found = rows_of(phone(width, user), site, language, paths)
        taller = {path for path, height in found.items() if height > 2}
        assert taller == ({"", "modules/mali/"} if width == 320 and user in (awa, bakary) else set()), user


@pytest.mark.parametrize("width", [360, 320])
def test_above_an_item_it_takes_one(site, phone, language, width):
    awa, now = make.user("Awa"), timezone.now()
    sections = Section.objects.select_related("module").order_by("position")
    quiz = make.quiz(awa, sections[0], at=now)
    exam = make.exam(awa, sections[0].module, due_at=now + timedelta(minutes=9))
    repeat = make.quiz(awa, sections[1], right=0, at=now).retry(now)
    first = repeat.responses.order_by("position").first().item
    review = Attempt.start_review(awa, [first], now)
    page = phone(width, awa)
    paths = [attempt.get_absolute_url()[4:] for attempt in (quiz, exam, repeat, review)]
    assert set(rows_of(page, site, language, paths).values()) == {1}
    page.locator("button[name=unknown]").click()
    assert rows(page) == 1
    page.locator("header nav a").click()
    assert page.url == f"{site}/{language}/review/"


def test_a_long_name_is_cut_a_persons_and_the_sites(site, phone, language, settings):
    settings.SITE_NAME = "Programme d’accueil des volontaires de Bamako et de Ségou"
    awa = make.user("Aïssata, of a name that is longer than a phone is wide")
    page = phone(320, awa)
    page.goto(f"{site}/{language}/modules/mali/")
    assert rows(page) == 2
    assert sideways(page) == []
    box = page.locator("header .own").bounding_box()
    assert (box["height"], box["x"] + box["width"] <= 320) == (ROW, True)


def choose(page, site, language, theme, size, onward="modules/mali/"):
    page.goto(f"{site}/{language}/display/?next=/{language}/{onward}")
    page.locator(f"[name=theme][value={theme}]").check()
    page.locator(f"[name=size][value={size}]").check()
    page.locator("main button").click()
    page.wait_for_url(f"{site}/{language}/{onward}")


def ground(page):
    """The colour of the page's ground, and the size of its text in pixels."""
    style = "getComputedStyle(document.body)"
    colour, size = page.evaluate(f"[{style}.backgroundColor, {style}.fontSize]")
    return colour, float(size.removesuffix("px"))


PAPER, NIGHT = "rgb(250, 245, 236)", "rgb(26, 23, 18)"


@pytest.mark.parametrize("system", ["light", "dark"])
def test_what_was_chosen_wins_over_the_system_without_a_script(site, phone, language, system):
    page = phone(360, java_script_enabled=False, color_scheme=system)
    page.goto(f"{site}/{language}/modules/mali/")
    as_set = NIGHT if system == "dark" else PAPER
    assert ground(page) == (as_set, 16)
    expected = {
        ("dark", "large"): (NIGHT, 18.4),
        ("light", "larger"): (PAPER, 20.8),
        ("system", "normal"): (as_set, 16),
    }
    for choice, look in expected.items():
        choose(page, site, language, *choice, onward=LESSON)
        assert ground(page) == look
        page.goto(f"{site}/{language}/no-such-page/")
        assert ground(page) == look


def test_on_paper_it_is_light_and_of_the_usual_size(site, phone, language):
    page = phone(360, color_scheme="dark")
    choose(page, site, language, "dark", "larger", onward=LESSON)
    mark = "getComputedStyle(document.querySelector('.mark')).color"
    seen = page.evaluate(mark)
    page.emulate_media(media="print")
    assert ground(page)[0] == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"
    assert page.evaluate(mark) != seen


def test_whatever_was_chosen_no_page_has_a_fault_or_scrolls_sideways(site, phone, language):
    """The largest text on the smallest phone; axe by day and by night, whatever the system asks."""
    awa, module = make.user("Awa"), Module.objects.get()
    paths = [*OPEN, *OWN, *(f"modules/mali/{path}/" for path in ("claims", "article", "sources", "timeline", "map"))]
    paths += [make.quiz(awa, module.sections.first(), at=timezone.now()).get_absolute_url()[4:]]
    page, found = phone(320, awa), []
    for theme in ("dark", "light"):
        choose(page, site, language, theme, "larger")
        for path in paths:
            page.goto(f"{site}/{language}/{path}")
            found += sideways(page)
            if path in (*OPEN, "own/"):
                found += faults(page)
    assert found == []
