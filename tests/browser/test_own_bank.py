"""A question of one's own, written in a browser without scripts, and how wide its pages are on a small phone."""

import pytest

from quizzes.kinds import KINDS
from quizzes.models import Item
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.browser


@pytest.fixture
def bank(transactional_db):
    return make.bank(make.user("Bakary", may_teach_at=make.NOW), languages=["en"])


def page_of(browser, live_server, user, **how):
    context = browser.new_context(**how)
    session = browser_of(user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def write(page, rivers):
    """Type a question with these options."""
    page.get_by_label("Question", exact=True).fill("Which river?")
    for number, river in enumerate(rivers, 1):
        page.get_by_label(f"Option {number}", exact=True).fill(river)
        page.get_by_label(f"Option {number}: why it is right or wrong").fill(f"So it is with the {river}.")


def test_a_question_is_written_without_a_script(browser, live_server, bank):
    page = page_of(browser, live_server, bank.owner, java_script_enabled=False)
    page.goto(f"{live_server.url}/en/banks/{bank.pk}/")
    page.get_by_role("link", name="One right answer").click()
    write(page, ["Niger", "Senegal", "Volta", "Congo"])
    page.get_by_role("button", name="Take out – Option 4").click()
    page.get_by_role("button", name="One more option").click()
    assert page.get_by_label("Option 1", exact=True).input_value() == "Niger"
    page.get_by_label("Option 1 is right").check()
    page.get_by_label("Why it is so").fill("It flows through Bamako.")
    page.get_by_label("Question", exact=True).press("Tab")
    page.get_by_role("button", name="Save").last.click()
    item = Item.objects.get()
    assert (item.draft, len(item.version.document["options"])) == ([], 3)
    assert page.get_by_role("heading", level=1).inner_text() == "Which river?"
    page.context.close()


def test_what_is_to_be_looked_at_stands_there_while_one_types(browser, live_server, bank):
    page = page_of(browser, live_server, bank.owner)
    page.goto(f"{live_server.url}/en/banks/{bank.pk}/new/single/")
    write(page, ["Niger", "Senegal", "Volta", "All of the above"])
    page.get_by_label("Option 1 is right").check()
    words = page.get_by_role("status").get_by_role("listitem").filter(has_text="all or none of the above")
    words.wait_for()
    page.get_by_label("Option 4", exact=True).fill("Congo")
    words.wait_for(state="detached")
    assert not Item.objects.exists()
    page.context.close()


def test_no_page_is_wider_than_a_small_phone(browser, live_server, bank):
    items = [make.own_item(bank, kind) for kind in KINDS]
    page = page_of(browser, live_server, bank.owner, viewport={"width": 320, "height": 700})
    base = f"{live_server.url}/en/banks/"
    paths = ["", "new/", f"{bank.pk}/", f"{bank.pk}/edit/", f"{bank.pk}/paper/", "search/?q=own"]
    paths += [f"{bank.pk}/new/{kind}/" for kind in KINDS]
    paths += [f"{bank.pk}/items/{item.pk}/{part}" for item in items for part in ("", "edit/", "try/")]
    wide = {}
    for path in paths:
        assert page.goto(base + path).status == 200
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
            wide[path] = width
    assert wide == {}
    page.context.close()
