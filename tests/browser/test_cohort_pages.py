"""Pages of a cohort on the smallest phone, for staff and learners: axe, and no sideways scroll (quality A5)."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from course import corrections
from course.models import Cohort
from lessons.models import Module
from tests import make
from tests.browser.test_access import RULES
from tests.conftest import browser_of

pytestmark = pytest.mark.browser
WIDTH = 320
STAFF = ["", "edit/", "members/", "board/", "board/?show=stuck&order=last", "assignments/new/", "assignments/{set}/"]


@pytest.fixture
def cohort(site, transactional_db):
    """Bakary's, with Awa late in it and a second member of the staff."""
    module = Module.objects.get(slug="mali")
    sections = list(module.sections.order_by("position")[:2])
    awa, bakary = make.user("Awa"), make.user("Bakary")
    cohort = make.cohort(bakary, [awa], name="Autumn")
    make.staff(cohort, make.user("Danso"))
    make.assignment(cohort, module, sections, due_at=make.NOW + timedelta(days=1))
    make.assignment(cohort, module, is_required=False)
    make.reading(awa, sections[0].lessons.first())
    for hour in range(3):
        quiz = make.quiz(awa, sections[0], right=0, at=make.NOW + timedelta(hours=hour))
    correct_something(awa, quiz)
    return cohort


def correct_something(learner, quiz):
    """Another key, another finding and another text, of what the learner answered and read; and an answered report."""
    for response in quiz.responses.select_related("item", "shown_version"):
        if response.shown_version.kind == "single":
            make.version(response.item, key=response.answer, stem=make.text("Better said?"))
    lesson = learner.readings.get().lesson
    claim = lesson.claims.first()
    former = {
        "document": claim.document | {"finding": make.text("Found otherwise")},
        "stands": "opinion",
        "verdict": None,
    }
    claim.revisions.create(document=former, checksum="0" * 64, made_at=make.NOW + timedelta(days=1))
    source = {language: text.replace("a", "o") for language, text in lesson.document["source"].items()}
    lesson.revisions.create(document={"source": source}, checksum="0" * 64, made_at=make.NOW + timedelta(days=1))
    learner.readings.update(checksum="0" * 64)
    corrections.correct(None, make.NOW + timedelta(days=2))
    learner.reports.create(claim=claim, reason="Why?", answer="So.", made_at=make.NOW, closed_at=make.NOW)


@pytest.fixture(params=["light", "dark"])
def pages(browser, site, cohort, request):
    """pages(name): a page of the browser in which that person is signed in."""
    contexts = []

    def of(user):
        context = browser.new_context(color_scheme=request.param, viewport={"width": WIDTH, "height": 640})
        context.set_default_timeout(15_000)
        contexts.append(context)
        cookie = browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        return context.new_page()

    yield of
    for context in contexts:
        context.close()


def faults(page, addresses):
    found = []
    for address in addresses:
        page.goto(address)
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [f"{page.url}: {fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in violations]
        if page.evaluate("document.documentElement.scrollWidth") > WIDTH:
            found.append(f"{page.url}: scrolls sideways")
    return found


def test_pages_of_the_staff_have_no_fault(site, pages, cohort, language):
    own, row = f"{site}/{language}/cohorts/{cohort.pk}/", cohort.assignments.first().pk
    page = pages(cohort.enrolments.get(user__name="Bakary").user)
    addresses = [own + path.format(set=row) for path in STAFF]
    assert faults(page, [*addresses, f"{site}/{language}/cohorts/", f"{site}/{language}/cohorts/new/"]) == []
    page.goto(f"{own}assignments/new/")
    page.locator("main form.stacked [name=opens_at]").fill("")
    page.locator("main form.stacked").evaluate("form => { form.noValidate = true; form.submit() }")
    page.wait_for_selector("[role=alert]")
    assert [fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]] == []


def test_pages_of_a_learner_have_no_fault(site, pages, cohort, language):
    link = f"{site}/{language}/join/{cohort.grouped_code}/"
    module = f"{site}/{language}/modules/mali/"
    page = pages(cohort.enrolments.get(user__name="Awa").user)
    own = f"{site}/{language}/cohorts/{cohort.pk}/"
    assert faults(page, [own, module, link, f"{site}/{language}/cohorts/", f"{site}/{language}/join/"]) == []
    mine = ["changes/", "reports/", "my-data/", "my-data/erase/", ""]
    assert faults(page, [f"{site}/{language}/{path}" for path in mine]) == []
    assert page.locator("main .note.is-now a").count() == 1
    assert faults(pages(make.user("Celia")), [link]) == []
    assert Cohort.objects.count() == 1
