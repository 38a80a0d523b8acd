"""The people of a cohort on a phone, on a desk and on paper: faults, heights, twelve slips to a sheet."""

import re

import pytest
from django.conf import settings

from cohorts import groups, places
from tests import make
from tests.browser.access import faults, sideways
from tests.conftest import browser_of

pytestmark = pytest.mark.browser
LONG = "Koné-Traoré Aminata Fatoumata dite « la petite », de la promotion de l’an passé"


@pytest.fixture
def cohort(site):
    """Bakary's, with sixty learners in two groups, of whom one has joined, and one was removed."""
    bakary, awa, celia = make.user("Bakary"), make.user("Awa"), make.user("Celia")
    cohort = make.cohort(bakary, [awa, celia], name="Autumn")
    make.listed(cohort, [f"{LONG} {number}" if number < 12 else f"Keita Moussa {number}" for number in range(58)])
    for number, row in enumerate(cohort.enrolments.learners()):
        group = groups.named(cohort, f"Travaux dirigés {number % 2}")
        places.describe(row, row.roster_name, f"2026-{number:03}", group)
    places.remove(cohort.enrolments.get(user=celia), bakary, make.NOW)
    return cohort


def sign_in(page, site, cohort, name):
    user = cohort.enrolments.get(user__name=name).user
    cookie = browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    return f"{site}/{{}}/cohorts/{cohort.pk}/"


def test_pages_of_people_have_no_fault(site, browser, cohort, language):
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    own = sign_in(page, site, cohort, "Bakary").format(language)
    rows = cohort.enrolments.order_by("pk")
    staff, awa, celia = (rows.get(user__name=name).pk for name in ("Bakary", "Awa", "Celia"))
    free = rows.untaken().first().pk
    paths = ["members/", "members/?q=keita&state=waiting", "members/?q=nobody", "groups/", "slips/?language=fr"]
    paths += [f"places/{pk}/" for pk in (staff, awa, celia, free)] + [f"places/{awa}/same/", f"slips/?place={free}"]
    found = []
    for path in paths:
        page.goto(own + path)
        found += faults(page) + sideways(page)
    page.goto(f"{own}members/")
    page.locator("#gather button").click()
    page.wait_for_selector("[role=alert]")
    found += faults(page)
    for name, path in (("Awa", f"cohorts/{cohort.pk}/"), ("Celia", "cohorts/")):
        sign_in(page, site, cohort, name)
        page.goto(f"{site}/{language}/{path}")
        found += faults(page) + sideways(page)
    context.clear_cookies()
    page.goto(f"{site}/{language}/join/{cohort.grouped_code}/")
    found += faults(page) + sideways(page)
    page.locator("main form button").evaluate("button => { button.form.noValidate = true; button.click() }")
    page.wait_for_selector("[role=alert]")
    found += faults(page)
    places.claim_place(rows.untaken().last(), make.user("Fatou"), make.NOW)
    page.goto(f"{site}/{language}/join/{cohort.enrolments.get(user__name='Fatou').grouped_code}/")
    assert page.locator("h1").count() == 1
    assert found + faults(page) + sideways(page) == []
    context.close()


def test_sixty_people_take_three_screens_of_a_desk(site, browser, cohort):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(sign_in(page, site, cohort, "Bakary").format("fr") + "members/")
    assert page.locator(".people tbody tr").count() == 61
    keita = page.locator(".people tbody tr", has_text="Keita")
    assert max(keita.nth(number).evaluate("row => row.offsetHeight") for number in range(keita.count())) < 40
    assert page.evaluate("document.documentElement.scrollHeight") <= 3000
    context.close()


def sheets_of_paper(page):
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize(("query", "slips", "sheets"), [("blank=12", 12, 1), ("blank=13", 13, 2), ("", 58, 5)])
def test_twelve_slips_take_one_sheet_and_none_is_cut_off(site, page, cohort, language, query, slips, sheets):
    page.goto(sign_in(page, site, cohort, "Bakary").format("en") + f"slips/?language={language}&{query}")
    assert page.locator(".slips li").count() == slips
    page.emulate_media(media="print")
    over = "items => items.filter(item => item.scrollHeight > item.clientHeight + 1).map(item => item.innerText)"
    assert page.eval_on_selector_all(".slips li", over) == []
    assert sheets_of_paper(page) == sheets
