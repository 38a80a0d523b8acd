"""What is said of an item whatever was answered is rendered once in a process, and again when the content changes."""

import pytest
from django.utils.translation import override

from lessons.models import Claim, Module
from quizzes.explanations import explanation_of, marked, marked_in
from quizzes.models import Attempt
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def result(awa):
    """A quiz that Awa has handed in, of a module that was loaded."""
    section = make.section(draw=3)
    for _ in range(3):
        make.item(section).claims.add(make.claim(section))
    Module.objects.update(fingerprint="first")
    return make.quiz(awa, section, right=1)


def of_any_module(attempt):
    return marked(attempt.responses.all())


def of_one_module(attempt):
    return marked_in(Attempt.objects.get(pk=attempt.pk))


@pytest.fixture(params=[of_one_module, of_any_module])
def marked_of(request):
    """How the caller knows the module: as it is now, or not at all."""
    return request.param


def said(attempt, marked_of=of_any_module):
    return [explanation_of(response) for response in marked_of(attempt)]


def test_a_process_asks_for_claims_and_passages_once(result, django_assert_num_queries):
    with django_assert_num_queries(3):
        first = said(result)
    with django_assert_num_queries(1):
        assert said(result) == first
    assert all("/claims/" in one.html and "/report/" in one.report and one.heading for one in first)


def test_each_language_has_its_own(result):
    english = said(result)
    with override("fr"):
        french = said(result)
    assert english[0].html != french[0].html
    assert "/fr/" in french[0].address
    assert said(result) == english


def test_a_load_that_changes_the_content_changes_what_is_said(result, marked_of):
    before = said(result, marked_of)
    Claim.objects.update(stands="opinion")
    assert said(result, marked_of) == said(result) == before
    Module.objects.update(fingerprint="second")
    assert all("l-opinion" in one.html for one in said(result, marked_of))


def test_a_module_that_nobody_loaded_is_never_kept(result, marked_of):
    Module.objects.update(fingerprint="")
    said(result, marked_of)
    Claim.objects.update(stands="opinion")
    assert all("l-opinion" in one.html for one in said(result, marked_of))


def test_an_item_that_was_marked_again_shows_what_marked_it(result, django_assert_num_queries):
    said(result)
    response = result.responses.first()
    newer = make.version(response.item)
    result.responses.filter(pk=response.pk).update(marked_version=newer)
    with django_assert_num_queries(2):
        versions = [row.marked_version for row in marked(result.responses.all())]
    assert versions == [newer, *(row.shown_version for row in result.responses.order_by("position")[1:])]


def test_one_that_counts_for_nobody_has_no_version(result):
    result.responses.update(marked_version=None, score=None)
    assert {row.marked_version for row in marked(result.responses.all())} == {None}
