"""The Back key without scripts: what a cut line kept from the site stands there again, and never over what is newer."""

import pytest
from django.utils import timezone

from quizzes.models import Attempt
from tests import make
from tests.browser.test_autosave import page_of
from tests.quizzes.test_two_pages import sitting

pytestmark = pytest.mark.browser
# Chromium writes what stands in a form into its history a second after the last change: nobody sees when it has, and
# nobody but a test is on the next page by then.
WRITTEN = 3000  # ms, thrice that: on a busy machine it comes late
KINDS = ["single", "multiple", "order", "match", "classify", "number", "short"]


@pytest.fixture
def context(browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    yield context
    context.close()


@pytest.fixture
def quiz(site, context):
    """quiz(kind): a page of Awa's quiz that begins with an item of that kind, and that item's response."""

    def at(kind):
        awa = make.user("Awa")
        page, attempt = page_of(context, site, awa), sitting(awa, [kind])
        page.goto(f"{site}{attempt.get_absolute_url()}", wait_until="load")
        return page, attempt.responses.get(position=1)

    return at


def answer_on(page, response, answer):
    for name, value in make.fields(response, answer).items():
        field = page.locator(f"[name={name}]")
        if field.count() > 1:
            page.locator(f"[name={name}][value='{value}']").check()
        elif field.get_attribute("type") == "checkbox":
            field.check()
        elif field.evaluate("e => e.localName") == "select":
            places = field.locator("option").evaluate_all("all => all.map(option => option.value)")
            field.select_option(index=places.index(str(value)))  # by its value alone: labels are numbers too
        else:
            field.fill(str(value))


def press(page):
    with page.expect_navigation(wait_until="load"):
        page.locator("main button[name=next]").click()


def stored(response):
    return type(response).objects.get(pk=response.pk).answer


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_cut_line_kept_from_the_site_is_there_again(quiz, context, kind):
    page, response = quiz(kind)
    given = make.wrong_answer(response)
    answer_on(page, response, given)
    page.wait_for_timeout(WRITTEN)
    context.set_offline(True)
    page.locator("main button[name=next]").click()
    page.wait_for_url(lambda address: not address.startswith("http") or "answers" in address)
    context.set_offline(False)
    page.go_back(wait_until="load")
    press(page)
    assert stored(response) == given


@pytest.mark.parametrize("kind", KINDS)
def test_the_browsers_own_old_choice_is_not_put_over_what_is_newer(quiz, kind):
    page, response = quiz(kind)
    answer_on(page, response, make.wrong_answer(response))
    press(page)
    newer = make.right_answer(response)
    assert Attempt.objects.get().save_answers({1: newer}, "en", timezone.now())
    page.go_back(wait_until="load")
    press(page)
    assert stored(response) == newer
