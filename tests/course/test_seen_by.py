"""A module that its owner keeps to their cohorts: to a stranger no page of the course shows that it is there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lessons.models import Module, Visibility
from quizzes.models import Attempt
from tests import make
from tests.course.test_changes import revise_claim, revise_lesson

pytestmark = pytest.mark.django_db
PAGES = ["", "{section}/", "exam/"]


@pytest.fixture
def module(bakary):
    """Bakary's own module, which nobody else may see."""
    module = make.case_study(sections=1, lessons=1, items=6)
    module.owner, module.visibility = bakary, Visibility.COHORTS
    module.save()
    return module


@pytest.fixture
def section(module):
    return module.sections.get()


def addresses(page, module, section):
    """The address of the owner's page, and that of one which is not there."""
    page = page.format(section=section.slug)
    return f"/en/modules/{module.slug}/{page}", f"/en/modules/nowhere/{page}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("reader", ["as_celia", "client"])
def test_a_stranger_gets_the_same_404_as_for_none(request, page, reader, module, section):
    browser = request.getfixturevalue(reader)
    here, nowhere = (browser.get(address) for address in addresses(page, module, section))
    assert here.status_code == nowhere.status_code == 404
    assert here.text.replace(module.slug, "nowhere") == nowhere.text


@pytest.mark.parametrize("page", ["{section}/quiz/", "exam/"])
@pytest.mark.parametrize("reader", ["as_celia", "client"])
def test_a_stranger_starts_nothing_in_it(request, page, reader, module, section):
    browser = request.getfixturevalue(reader)
    here, nowhere = (browser.post(address) for address in addresses(page, module, section))
    assert here.status_code == nowhere.status_code == 404
    assert here.text.replace(module.slug, "nowhere") == nowhere.text
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_its_owner_sees_it(as_bakary, page, module, section):
    assert as_bakary.get(addresses(page, module, section)[0]).status_code == 200
    assert as_bakary.post(addresses("{section}/quiz/", module, section)[0]).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_a_learner_of_its_owners_cohort_sees_it(as_awa, awa, bakary, page, module, section):
    make.cohort(bakary, [awa])
    assert as_awa.get(addresses(page, module, section)[0]).status_code == 200
    assert as_awa.post(addresses("{section}/quiz/", module, section)[0]).status_code == 302
    assert module.get_absolute_url() in as_awa.get("/en/progress/").text


@pytest.mark.parametrize("address", ["/en/", "/en/progress/", "/en/review/"])
def test_no_page_of_a_strangers_names_it(as_celia, as_bakary, celia, module, section, address):
    """Celia met it before it was closed: what she knows of it is asked no more, and nothing leads there."""
    make.quiz(celia, section, right=5)
    celia.recalls.update(due_on=timezone.localdate() - timedelta(days=1))
    assert celia.recalls.exists()
    page = as_celia.get(address).text
    assert module.slug not in page
    assert section.title not in page
    assert module.get_absolute_url() in as_bakary.get(address).text
    if address == "/en/review/":
        as_celia.post(address)
        assert not Attempt.objects.of(celia).open().exists()


def test_a_stranger_is_told_of_no_correction_in_it(as_celia, celia, module, section):
    """Celia read it before it was closed; a link to what it says now would lead her to a 404."""
    lesson, claim = section.lessons.get(), make.claim(section, "M901")
    lesson.claims.add(claim)
    make.reading(celia, lesson)
    later = make.NOW + timedelta(days=1)
    revise_claim(claim, "Another finding.", at=later)
    revise_lesson(lesson, "Before.", "After.", at=later)
    page = as_celia.get("/en/changes/").text
    assert lesson.title not in page
    assert claim.key not in page
    Module.objects.update(visibility=Visibility.PUBLIC)
    page = as_celia.get("/en/changes/").text
    assert lesson.title in page
    assert claim.key in page
