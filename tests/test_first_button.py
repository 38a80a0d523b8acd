"""Enter in any field does what the page's main button does: in each form it is the first button in the document."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from quizzes.models import Attempt
from tests import make
from tests.crawl import addresses
from tests.test_r3_get_changes_nothing import given  # noqa: F401

pytestmark = pytest.mark.django_db


class Forms(HTMLParser):
    """The submit elements of each form of a page in the order of the document, those outside by form="…" included."""

    def __init__(self, text):
        super().__init__()
        self.buttons, self.insides, self.inside, self.count = {}, {}, None, 0
        self.feed(text)

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if tag == "form":
            self.count += 1
            self.inside = attributes.get("id", f"the form {self.count}")
        elif tag in ("button", "input"):
            kind = attributes.get("type", "submit" if tag == "button" else "text")
            form = attributes.get("form", self.inside)
            if kind in ("submit", "image") and form:
                self.buttons.setdefault(form, []).append(attributes)
                if "form" not in attributes:
                    self.insides.setdefault(form, []).append(attributes)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = None

    def faults(self):
        """The forms in which Enter would press another button than the main one: the primary, else the first inside."""
        wrong = []
        for form, buttons in self.buttons.items():
            inside = self.insides.get(form, buttons)
            main = next((each for each in inside if "btn-primary" in each.get("class", "")), inside[0])
            if form == "checks":  # of a lesson: Enter answers what was chosen, in whichever of its checks
                main = {**main, "formaction": main["formaction"].split("checks/")[0] + "checks/"}
            if act(buttons[0]) != act(main) or "disabled" in buttons[0] or "hidden" in buttons[0]:
                wrong.append((form, act(buttons[0]), act(main)))
        return wrong


def act(button):
    value = None if button.get("name") == "csrfmiddlewaretoken" else button.get("value")
    return (value, *(button.get(name) for name in ("name", "formaction", "formnovalidate")))


def faults(client, address):
    page = client.get(address, follow=True)
    return Forms(page.text).faults() if "html" in page.get("Content-Type", "") else []


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("browser", ["client", "as_awa", "as_celia", "as_guest", "as_bakary"])
def test_on_every_page_enter_presses_the_main_button(request, given, browser, language):  # noqa: F811
    client = request.getfixturevalue(browser)
    pages = [address.replace("/en/", f"/{language}/") for address in addresses(given).values()]
    assert {address: wrong for address in pages if (wrong := faults(client, address))} == {}


@pytest.fixture
def loaded_attempts(loaded, awa):
    """Awa's open attempts on the real case study: a quiz, a timed exam, and a review with an item of each kind."""
    now = timezone.now()
    kinds = {}
    for section in loaded.sections.select_related("bank"):
        for item in section.bank.items.live().select_related("current_version"):
            kinds.setdefault(item.current_version.kind, item)
    review = Attempt.start_review(awa, list(kinds.values()), now)
    exam = make.exam(awa, loaded, due_at=now + timedelta(minutes=30))
    return [make.quiz(awa, loaded.sections.first(), at=now), exam, review], len(kinds)


def test_in_every_attempt_enter_saves_and_goes_on_or_answers(as_awa, loaded_attempts):
    attempts, kinds = loaded_attempts
    assert kinds == 7
    for attempt in attempts:
        for number in range(1, 10):
            address = f"{attempt.get_absolute_url()}?page={number}"
            page = as_awa.get(address, follow=True)
            assert Forms(page.text).faults() == [], address
    [buttons] = [Forms(as_awa.get(f"{attempts[2].get_absolute_url()}?page=1").text).buttons["attempt"]]
    assert act(buttons[0])[:2] == ("1", "give")


def test_after_an_error_too(as_bakary, bakary):
    cohort = make.cohort(bakary)
    for address in ("/en/cohorts/new/", f"/en/cohorts/{cohort.pk}/edit/", f"/en/cohorts/{cohort.pk}/roster/"):
        page = as_bakary.post(address, {})
        assert page.status_code == 422
        assert Forms(page.text).faults() == []
    page = as_bakary.post(f"/en/cohorts/{cohort.pk}/roster/", {"names": "Koné, Issa\nTraoré, Moussa"})
    assert Forms(page.text).faults() == []


@pytest.mark.parametrize(
    ("page", "is_wrong"),
    [
        ('<button form="a" name="language"></button><form id="a"><button class="btn-primary"></button></form>', True),
        (
            '<button form="a"></button>'
            '<form id="a"><button name="x"></button><button class="btn-primary"></button></form>',
            False,
        ),
        ('<form><button name="x"></button><button class="btn-primary"></button></form>', True),
        ('<form><button type="button" name="x"></button><button></button></form>', False),
        ('<form><input type="submit" name="x"><button class="btn-primary"></button></form>', True),
    ],
)
def test_the_reading_of_a_page_itself(page, is_wrong):
    assert bool(Forms(page).faults()) is is_wrong
