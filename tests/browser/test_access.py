"""Every page by axe's rules for WCAG 2.2 AA: both languages, light and dark, errors too (quality A5)."""

import pytest

from course.front import PAGES
from lessons.models import Lesson
from tests.browser.access import faults

pytestmark = pytest.mark.browser
FRONT = [
    *(f"{page}/" for page in PAGES),
    *("try/", "teach/sheet/", "teach/items/", "onboard/certificate/", "corrections/"),
]
PUBLIC = [
    "",
    *FRONT,
    "modules/mali/",
    "modules/mali/exam/",
    "modules/mali/who-is-speaking/",
    "modules/mali/who-is-speaking/five-labels/checks/what-links-them/",
    "modules/mali/claims/",
    "modules/mali/claims/?label=opinion&verdict=wrong",
    "modules/mali/claims/M007/",
    "modules/mali/claims/M061/",
    "modules/mali/claims/M061/report/",
    "modules/mali/who-is-speaking/five-labels/report/",
    "my-data/erased/",
    "modules/mali/article/",
    "modules/mali/article/?show=corrected",
    "modules/mali/sources/",
    "modules/mali/sources/hrf-mali-2023/",
    "modules/mali/corrections/",
    "modules/mali/reference/",
    "modules/mali/glossary/",
    "modules/mali/glossary/?show=place",
    "modules/mali/timeline/",
    "modules/mali/map/",
    "modules/mali/search/?q=gold",
    "modules/mali/search/?q=x",
    "modules/mali/information/before/",
    "accounts/sign-in/",
    "accounts/sign-up/",
    "accounts/recover/",
    "who-sees-what/",
    "display/",
    "no-such-page/",
]

FAINT = """<html lang=en><title>Faint</title><style>
p { color: #000; background: #fff }
@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }
</style><main><h1>Faint</h1><p>By night alone</p></main>"""


@pytest.fixture
def page(browser):
    """A small phone; axe needs its script."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    yield context.new_page()
    context.close()


def test_public_pages_have_no_fault(site, page, language):
    found = []
    lessons = [lesson.get_absolute_url()[4:] for lesson in Lesson.objects.select_related("section__module")]
    for path in [*PUBLIC, *lessons]:
        page.goto(f"{site}/{language}/{path}")
        found += faults(page)
    assert found == []


def test_the_pages_of_a_quiz_and_forms_with_errors_have_no_fault(site, page, language):
    found = []
    section = f"{site}/{language}/modules/mali/who-is-speaking/"
    page.goto(f"{site}/{language}/")
    page.locator("#typed label").first.click()
    page.locator("#typed button").click()
    page.wait_for_selector("[role=status]")
    found += faults(page)
    page.goto(f"{section}author-and-purpose/")
    page.locator("section.check label").first.click()
    page.locator("section.check button").first.click()
    found += faults(page)
    page.goto(section)
    page.locator("section[aria-labelledby=quiz] button").click()
    while page.locator("main button[name=submit]").count() == 0:
        found += faults(page)
        page.locator("main button[name=next]").click()
        page.wait_for_load_state()
    found += faults(page)
    page.locator("main button[name=submit]").click()
    found += faults(page)
    page.locator("form[action$='/retry/'] button").click()
    page.locator("main button[name=give]").click()
    page.wait_for_selector("[role=alert]")
    found += faults(page)
    page.locator("main button[name=unknown]").click()
    found += faults(page)
    page.goto(f"{site}/{language}/accounts/sign-up/")
    page.fill("[name=name]", "x")
    page.fill("[name=password]", "x")
    page.locator("form.stacked button").click()
    found += faults(page)
    assert found == []


def test_what_is_too_faint_by_night_alone_is_found(page):
    """The control: it shows that the tests above can fail."""
    page.set_content(FAINT)
    assert faults(page) == ["about:blank, dark: color-contrast: <p>By night alone</p>"]
