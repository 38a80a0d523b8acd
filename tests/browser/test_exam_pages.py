"""Pages around an exam under terms on the smallest phone, in both languages: axe, and no sideways scroll (A5)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from course import exams
from lessons.models import Module
from quizzes.models import Attempt
from tests import make
from tests.browser.access import faults, sideways
from tests.conftest import browser_of

pytestmark = pytest.mark.browser


@pytest.fixture
def cohort(site, transactional_db):
    """Bakary's; Awa has handed in one exam of two, and Celia sits one."""
    now, module = timezone.now(), Module.objects.get(slug="mali")
    awa, celia = make.user("Awa"), make.user("Celia")
    cohort = make.cohort(make.user("Bakary"), [awa, celia], name="Autumn")
    make.assignment(cohort, module, exam="required", exam_attempts=2, exam_minutes=60)
    exams.start(awa, module, now).submit(now)
    exams.start(celia, module, now)
    return cohort


@pytest.fixture
def pages(browser, site, cohort):
    """pages(name): a page of the browser in which that person is signed in."""
    contexts = []

    def page(name):
        cookie = browser_of(type(cohort.enrolments.first().user).objects.get(name=name)).cookies
        context = browser.new_context(viewport={"width": 320, "height": 640})
        value = cookie[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])
        contexts.append(context)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


def test_each_has_no_faults_and_no_sideways_scroll(pages, site, cohort, language):
    row, place = cohort.assignments.get(), cohort.enrolments.get(user__name="Celia")
    done, running = Attempt.objects.order_by("pk")
    own = f"cohorts/{cohort.pk}/"
    addresses = {
        "Bakary": [own, f"{own}exams/", f"{own}assignments/{row.pk}/"],
        "Awa": [f"attempts/{done.pk}/", "modules/mali/exam/"],
        "Celia": [f"attempts/{running.pk}/", "modules/mali/exam/"],
    }
    addresses["Bakary"].append(f"{own}assignments/{row.pk}/learners/{place.pk}/extension/")
    for name, paths in addresses.items():
        page = pages(name)
        for path in paths:
            page.goto(f"{site}/{language}/{path}")
            assert faults(page) + sideways(page) == []


def test_staff_press_once_and_the_learners_page_has_the_new_end(pages, site, cohort):
    running, celia, bakary = Attempt.objects.latest("pk"), pages("Celia"), pages("Bakary")
    celia.goto(f"{site}{running.get_absolute_url()}")
    bakary.goto(f"{site}/en/cohorts/{cohort.pk}/exams/")
    bakary.get_by_role("button", name="Ten minutes more for the exam that runs").dblclick()
    bakary.get_by_text(re.compile(r"has ten minutes more\.|Nothing was added")).wait_for()
    assert Attempt.objects.get(pk=running.pk).closes_at == running.closes_at + timedelta(minutes=10)
    celia.get_by_role("button", name="Save and go on", exact=True).click()
    assert "There is more time for this exam" in celia.content()
