"""What is practised in a module that its owner keeps to their cohorts: to a stranger none of it is there."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from lessons.models import Visibility
from quizzes.models import Attempt, Recall, Report
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
LESSON = ["roots", "first"]
OPEN = {
    "quizzes:check": (*LESSON, "try-it"),
    "quizzes:before": ("roots",),
    "quizzes:report_claim": ("M901",),
    "quizzes:report_lesson": LESSON,
}
TEACHING = {
    "quizzes:items": ("roots",),
    "quizzes:items_paper": ("roots",),
    "quizzes:item": ("roots", "try-it"),
    "quizzes:statistics": ("roots",),
    "quizzes:item_statistics": ("roots", "try-it"),
    "quizzes:report_item": ("roots", "try-it"),
    "quizzes:recall": (),
}
ALL = OPEN | TEACHING


@pytest.fixture
def module(bakary):
    """Bakary's own module, which his cohorts may see."""
    section = make.section(make.module("own"), slug="roots")
    make.lesson(section, slug="first", checks=["try-it"])
    make.claim(section, "M901")
    make.item(section, slug="try-it", uses=["check"])
    make.item(section, uses=["pre"])
    section.module.owner, section.module.visibility = bakary, Visibility.COHORTS
    section.module.save()
    return section.module


def answers(client, name, module):
    """Return (status, text) of GET and POST of that address; the slug of the module is left out of the text."""
    address = reverse(name, args=[module, *ALL[name]])
    pages = [send(address, {"try-it": "0", "reason": "Wrong."}) for send in (client.get, client.post)]
    return [(page.status_code, page.text.replace(module, "…")) for page in pages]


@pytest.mark.parametrize("name", ALL)
def test_a_stranger_who_teaches_gets_what_there_is_of_none(as_danso, module, name, settings):
    settings.OPEN_TEACHING = True
    theirs, none = answers(as_danso, name, "own"), answers(as_danso, name, "nowhere")
    assert theirs == none
    (asked, _), (sent, _) = theirs
    assert asked == (302 if name == "quizzes:checks" else 404)  # the address of a button leads to its page, unasked
    assert sent in (404, 405)
    assert not Attempt.objects.exists()
    assert not Report.objects.exists()


@pytest.mark.parametrize("name", OPEN)
def test_a_visitor_gets_none_of_it(client, module, name):
    assert answers(client, name, "own") == answers(client, name, "nowhere")


@pytest.mark.parametrize("name", ALL)
def test_its_owner_gets_it_all(as_bakary, module, name, settings):
    settings.OPEN_TEACHING = True
    assert {status for status, _ in answers(as_bakary, name, "own")} & {200, 302}


@pytest.mark.parametrize("name", OPEN)
def test_a_learner_of_the_owners_cohort_practises_in_it(bakary, awa, module, name):
    make.cohort(bakary, [awa])
    assert {status for status, _ in answers(browser_of(awa), name, "own")} & {200, 302}


@pytest.mark.parametrize("model", [Attempt, Recall, Report])
def test_what_is_somebodys_own_is_no_visitors(awa, model):
    item = make.item()
    make.answered(awa, item)
    Report.objects.create(reporter=awa, item=item, reason="Two answers are right", made_at=make.NOW)
    assert (model.objects.of(awa).count(), model.objects.of(AnonymousUser()).count()) == (1, 0)
