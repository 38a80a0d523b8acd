"""The header of each role, and one's own page: the ways to all that is one's own, and out."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cohorts.models import Role
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
MODULE, LESSON = "/en/modules/mali/", "/en/modules/mali/roots/first/"


@pytest.fixture(autouse=True)
def lesson():
    return make.lesson(make.section(make.module("mali"), slug="roots"), slug="first")


def links(page):
    """What the header's row of links says, in order."""
    nav = page.text.split('<nav aria-label="Main">')[1].split("</nav>")[0]
    return [re.sub(r"<[^>]*>", "", link).strip() for link in re.findall(r"<a [^>]*>(.*?)</a>", nav)]


def foot(page):
    return page.text.split('<footer class="foot"')[1]


def test_a_visitor_finds_the_module_the_reference_and_the_way_in(client):
    assert links(client.get(MODULE)) == ["Module", "Reference", "Sign in"]
    assert links(client.get("/en/accounts/sign-in/")) == ["Sign in"]


def test_a_learner_finds_module_review_and_reference_and_behind_the_name_the_rest(as_awa, as_guest):
    assert links(as_awa.get(MODULE)) == ["Module", "Review", "Reference", "My page: Awa"]
    assert links(as_guest.get(MODULE)) == ["Module", "Review", "Reference", "My page"]
    assert links(as_awa.get("/en/accounts/settings/")) == ["Review", "My page: Awa"]


def test_what_is_due_is_counted_beside_the_review(as_awa, awa, lesson):
    make.quiz(awa, make.case_study(items=6).sections.get(), right=3)
    awa.recalls.update(due_on=make.NOW.date())
    [review] = [link for link in links(as_awa.get("/en/")) if link.startswith("Review")]
    assert review == "Review 5 due"


@pytest.mark.parametrize("role", Role.values)
def test_whoever_is_in_a_cohort_finds_the_cohorts_first(celia, bakary, role):
    client, cohort = browser_of(celia), make.cohort(bakary)
    assert links(client.get(MODULE))[0] == "Module"
    make.staff(cohort, celia, role)
    assert links(client.get(MODULE)) == ["Cohorts", "Module", "Review", "Reference", "My page: Celia"]
    assert links(client.get(cohort.get_absolute_url())) == ["Cohorts", "Review", "My page: Celia"]
    cohort.archive(make.NOW)
    assert links(client.get(MODULE))[0] == "Module"
    cohort.take_up(make.NOW.date())
    cohort.enrolments.get(user=celia).leave(make.NOW)
    assert links(client.get(MODULE))[0] == "Module"


def test_a_guest_in_a_cohort_and_whoever_may_teach_find_the_cohorts_too(as_guest, guest, as_danso, bakary):
    assert links(as_danso.get(MODULE))[0] == "Cohorts"
    make.cohort(bakary, [guest])
    assert links(as_guest.get(MODULE)) == ["Cohorts", "Module", "Review", "Reference", "My page"]


def test_a_lesson_leads_to_the_same_places_whoever_reads_it(client, as_awa, as_guest, as_bakary, bakary):
    make.cohort(bakary)
    for browser in (client, as_awa, as_guest, as_bakary):
        assert links(browser.get(LESSON)) == ["Module", "Review", "Reference", "My page"]
    assert client.get("/en/own/")["Location"] == "/en/accounts/sign-in/?next=/en/own/"


def test_a_page_of_an_attempt_leads_back_and_nowhere_else(as_awa, awa):
    module = make.case_study(sections=2, items=6)
    section, other = module.sections.order_by("position")
    ways = {
        make.quiz(awa, section).get_absolute_url(): ["Section 1", section.get_absolute_url()],
        make.exam(awa, module).get_absolute_url(): ["Exam", f"{module.get_absolute_url()}exam/"],
    }
    review = make.quiz(awa, other, right=0).retry(make.NOW)
    ways[review.get_absolute_url()] = ["Section 2", other.get_absolute_url()]
    for address, (words, onward) in ways.items():
        page = as_awa.get(address)
        assert links(page) == [words]
        assert f'<a href="{onward}"><svg' in page.text.split("<main")[0]
        assert "Awa" not in page.text.split("<main")[0]
        assert 'action="/en/accounts/sign-out/"' in foot(page)


def test_the_way_back_from_a_review_of_the_day_is_the_review(as_awa, awa):
    make.quiz(awa, make.case_study(items=6).sections.get(), right=0)
    awa.recalls.update(due_on=make.NOW.date())
    page = as_awa.post("/en/review/", follow=True)
    assert links(page) == ["Review"]


OWN = ["progress/", "certificates/", "cohorts/", "changes/", "who-sees-what/", "my-data/", "accounts/settings/"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_ones_own_page_leads_to_all_that_is_ones_own(as_awa, as_guest, language):
    for browser in (as_awa, as_guest):
        main = browser.get(f"/{language}/own/").text.split("<main")[1]
        for path in [*OWN, "accounts/sessions/"]:
            assert f'href="/{language}/{path}"' in main
        assert f'href="/{language}/display/?next=/{language}/own/"' in main


def test_signing_out_and_ending_the_visit_are_there_and_in_the_foot_of_pages_that_know_their_reader(as_awa, as_guest):
    for path in ("/en/own/", "/en/", MODULE, "/en/progress/"):
        assert 'action="/en/accounts/sign-out/"' in foot(as_awa.get(path))
        assert "/accounts/sign-out/" not in as_guest.get(path).text
        for way in ("/en/visit/end/", "/en/accounts/sign-up/"):
            assert f'href="{way}"' in foot(as_guest.get(path))
    assert 'action="/en/accounts/sign-out/"' in as_awa.get("/en/own/").text.split("<main")[1].split("</main>")[0]
    assert "sign-out" not in as_awa.get(LESSON).text
    assert "sign-out" not in Client().get("/en/").text


def test_what_the_header_asks_is_one_query_and_none_of_whoever_may_teach(
    client, as_guest, as_awa, awa, bakary, as_bakary, django_assert_num_queries
):
    make.cohort(bakary, [awa])
    counts = {}
    for name, browser in {"visitor": client, "guest": as_guest, "awa": as_awa, "bakary": as_bakary}.items():
        browser.get("/en/who-sees-what/")
        with django_assert_num_queries({"visitor": 0, "bakary": 1}.get(name, 2)) as asked:
            browser.get("/en/who-sees-what/")
        counts[name] = len(asked)
    assert counts == {"visitor": 0, "guest": 2, "awa": 2, "bakary": 1}


def test_the_desk_is_on_the_page_of_editors_alone(as_bakary, as_awa):
    editor = browser_of(make.user("Editor", is_staff=True))
    assert 'href="/en/admin/"' in editor.get("/en/own/").text
    for browser in (as_bakary, as_awa):
        assert "/admin/" not in browser.get("/en/own/").text


def filled(page):
    """Where the filled buttons of the page lead."""
    return re.findall(r'<a class="btn btn-primary"\s+href="([^"]*)"', page.text.split("<main")[1])


def test_whoever_is_staff_and_has_not_begun_finds_the_cohorts_by_the_one_filled_button(
    as_bakary, bakary, as_celia, awa, lesson, django_assert_num_queries
):
    assert filled(as_bakary.get("/en/")) == [lesson.get_absolute_url()]
    make.cohort(bakary, [awa])
    as_celia.get("/en/")
    with CaptureQueriesContext(connection) as asked:  # of somebody in no cohort, who sees the same page
        assert filled(as_celia.get("/en/")) == [lesson.get_absolute_url()]
    with django_assert_num_queries(len(asked)):
        assert filled(as_bakary.get("/en/")) == ["/en/cohorts/"]
    make.reading(bakary, lesson)
    assert "/en/cohorts/" not in filled(as_bakary.get("/en/"))


def test_signing_in_leads_to_what_those_who_teach_find_here(client):
    assert 'href="/en/teach/"' in client.get("/en/accounts/sign-in/").text.split("<main")[1].split("</main>")[0]
