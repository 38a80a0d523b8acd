"""The editors' desk works under the site's policy of contents: nothing inline, and Django's own scripts run."""

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.test_cohort_pages import cohort, faults_of, pages  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
TABLES = ["accounts/user", "quizzes/report", "quizzes/item", "lessons/claim", "lessons/lesson", "lessons/module"]


def test_its_pages_break_no_policy_and_an_action_is_done(site, pages, cohort):  # noqa: F811
    page, told, seen = pages(make.user("Ely", is_staff=True)), [], []
    page.on("console", lambda message: told.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: told.append(f"{page.url}: {error}"))
    for table in TABLES:
        page.goto(f"{site}/en/admin/{table}/")
        page.locator("#result_list tbody th a").first.click()
        expect(page.locator("#content h1")).to_be_visible()
        seen += [page.url, f"{site}/en/admin/{table}/"]
    page.goto(f"{site}/en/admin/accounts/user/")
    page.locator("#action-toggle").check()
    expect(page.locator(".action-counter")).to_contain_text("of 4 selected")
    page.locator("select[name=action]").select_option("let_teach")
    page.locator("button[name=index]").click()
    expect(page.locator(".messagelist")).to_contain_text("Changed for 4 people.")
    assert told == []
    assert faults_of(page, seen) == []
