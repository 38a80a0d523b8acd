"""Pages of a cohort on the smallest phone, for staff and learners: axe, and no sideways scroll (quality A5)."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from course.models import Certificate, Cohort
from lessons.models import Module, Section
from quizzes.models import Bank
from tests import make
from tests.browser.test_access import RULES
from tests.conftest import browser_of

pytestmark = pytest.mark.browser
WIDTH = 320
STAFF = ["", "edit/", "members/", "board/", "board/?show=stuck&order=last", "assignments/new/", "assignments/{set}/"]
RESULTS = [
    "learners/{place}/",
    "attempts/{attempt}/",
    "notes/",
    "notes/{section}/",
    "assignments/{set}/marks/",
    "assignments/{set}/certificates/",
    "assignments/{set}/certificates/print/",
    "assignments/{set}/learners/{place}/extension/",
    "assignments/{set}/learners/{place}/sections/{section}/mark/",
]


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
        make.quiz(awa, sections[0], right=0, at=make.NOW + timedelta(hours=hour))
    row = cohort.assignments.order_by("pk").first()
    row.extend(cohort.enrolments.get(user=awa), bakary, make.NOW, due_at=row.due_at + timedelta(days=9), reason="Ill")
    make.hand_mark(row, awa, sections[1], "0.85", bakary)
    make.certificate(awa, module, row)
    cohort.write_note(sections[0], "Bring the map.")
    return cohort


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
    place = cohort.enrolments.get(user__name="Awa")
    parts = {"set": row, "place": place.pk, "attempt": place.user.attempts.first().pk}
    parts["section"] = Section.objects.get(slug="who-is-speaking").pk
    addresses = [own + path.format(**parts) for path in STAFF + RESULTS]
    assert faults(page, [*addresses, f"{site}/{language}/cohorts/", f"{site}/{language}/cohorts/new/"]) == []
    page.goto(f"{own}assignments/new/")
    page.locator("main form.stacked [name=opens_at]").fill("")
    page.locator("main form.stacked").evaluate("form => { form.noValidate = true; form.submit() }")
    page.wait_for_selector("[role=alert]")
    assert [fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]] == []


def test_pages_of_a_preview_have_no_fault(site, pages, cohort, language):
    user = cohort.enrolments.get(user__name="Bakary").user
    user.may_teach_at = make.NOW
    user.save()
    page, module = pages(user), f"{site}/{language}/modules/mali/"
    page.goto(module)
    page.locator("section[aria-labelledby=teach] button").click()
    section = f"{module}who-is-speaking/"
    items = Bank.objects.get(section__slug="who-is-speaking").items.all()
    kinds = {item.current_version.kind: item.slug for item in items}
    assert (
        faults(page, [module, section, f"{section}items/", *(f"{section}items/{slug}/" for slug in kinds.values())])
        == []
    )
    page.goto(section)
    page.locator("section[aria-labelledby=quiz] button").click()
    assert page.locator(".preview").count() == 1
    assert faults(page, [page.url]) == []


def test_pages_of_a_learner_have_no_fault(site, pages, cohort, language):
    link = f"{site}/{language}/join/{cohort.grouped_code}/"
    module = f"{site}/{language}/modules/mali/"
    page = pages(cohort.enrolments.get(user__name="Awa").user)
    own = f"{site}/{language}/cohorts/{cohort.pk}/"
    own_certificate = Certificate.objects.get()
    paths = ["certificates/", "certificates/new/mali/", "modules/mali/who-is-speaking/"]
    paths += [f"certificates/{own_certificate.public_id}/{ending}" for ending in ("", "print/")]
    paths.append(f"cohorts/{cohort.pk}/assignments/{own_certificate.assignment_id}/certificate/")
    assert faults(page, [f"{site}/{language}/{path}" for path in paths]) == []
    assert faults(page, [own, module, link, f"{site}/{language}/cohorts/", f"{site}/{language}/join/"]) == []
    assert faults(pages(make.user("Celia")), [link]) == []
    assert Cohort.objects.count() == 1
