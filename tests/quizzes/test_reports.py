"""Reporting a mistake: one form for an item, a claim or a passage; nothing typed is lost; only one's own are shown."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import RateLimitBucket, User
from quizzes.models import Attempt, Report
from tests import make

pytestmark = pytest.mark.django_db
GIVEN = {"reason": "The date is wrong: the Gazette of 1913 says so."}


@pytest.fixture
def section():
    section = make.section()
    lesson = make.lesson(section, checks=["try-it"])
    make.item(section, uses=["check"], slug="try-it")
    make.claim(section, "M901").lessons.add(lesson)
    return section


@pytest.fixture
def places(section):
    """The address of each form."""
    own = f"/en/modules/{section.module.slug}/"
    return {
        "claim": f"{own}claims/M901/report/",
        "lesson": f"{section.lessons.get().get_absolute_url()}report/",
        "item": f"{own}{section.slug}/items/try-it/report/",
    }


def answer_check(learner, section):
    item = section.bank.items.get(slug="try-it")
    return Attempt.answer_check(learner, item, "b", list("abcd"), make.NOW)


@pytest.mark.parametrize("about", ["claim", "lesson", "item"])
def test_a_report_is_kept_with_what_it_is_about_and_shown_to_whoever_sent_it(as_awa, awa, section, places, about):
    answer_check(awa, section)
    assert as_awa.get(places[about]).status_code == 200
    page = as_awa.post(places[about], GIVEN, follow=True)
    report = Report.objects.get()
    things = {"claim": report.claim, "lesson": report.lesson, "item": report.item}
    assert [name for name, thing in things.items() if thing] == [about]
    assert (report.reporter, report.reason, report.closed_at) == (awa, GIVEN["reason"], None)
    assert page.request["PATH_INFO"] == "/en/reports/"
    assert GIVEN["reason"] in page.text
    assert "nobody has answered yet" in page.text


@pytest.mark.parametrize(("language", "colon"), [("en", ": "), ("fr", "\u00a0: ")])
def test_a_report_of_a_claim_names_it_with_the_colon_of_the_language(as_awa, places, language, colon):
    page = as_awa.get(places["claim"].replace("/en/", f"/{language}/")).text
    assert f">M901{colon}As found" in page


def test_a_report_of_a_lesson_names_its_passage(as_awa, places):
    page = as_awa.get(places["lesson"]).text
    assert '<option value="why">Why it matters</option>' in page
    assert "Pourquoi cela compte" in as_awa.get(places["lesson"].replace("/en/", "/fr/")).text
    as_awa.post(places["lesson"], GIVEN | {"anchor": "why"})
    report = Report.objects.get()
    assert report.anchor == "why"
    assert report.place.endswith("#why")
    assert "Why it matters" in as_awa.get("/en/reports/").text


@pytest.mark.parametrize(
    ("about", "posted", "field"),
    [
        ("claim", {"reason": ""}, "reason"),
        ("claim", {"reason": "x" * 2001}, "reason"),
        ("lesson", {"reason": "x", "anchor": "nowhere"}, "anchor"),
    ],
)
def test_what_cannot_be_taken_is_told_beside_the_field(as_awa, places, about, posted, field):
    page = as_awa.post(places[about], posted)
    assert page.status_code == 422
    assert f'<a href="#id_{field}">' in page.text
    assert not Report.objects.exists()


def test_a_visitor_becomes_a_guest_by_sending_and_by_nothing_else(client, places):
    client.get(places["claim"])
    client.post(places["claim"], {"reason": ""})
    assert not User.objects.exists()
    page = client.post(places["claim"], GIVEN, follow=True)
    assert Report.objects.get().reporter.is_guest
    assert GIVEN["reason"] in page.text


def test_it_is_told_who_reads_it_before_anything_is_sent(client, places):
    page = client.get(places["claim"]).text
    assert "The editors of this site read it, and nobody else." in page
    assert "/en/who-sees-what/" in page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("browser", ["as_guest", "client"])
def test_an_item_that_one_has_not_met_cannot_be_looked_at_here(request, browser, section, places, settings):
    settings.OPEN_TEACHING = False
    page = request.getfixturevalue(browser).get(places["item"])
    assert page.status_code == (302 if browser == "client" else 404)


def test_an_answer_that_is_not_marked_yet_opens_nothing(as_awa, awa, section, places, settings):
    settings.OPEN_TEACHING = False
    answer_check(awa, section).responses.update(marked_at=None, score=None)
    assert as_awa.get(places["item"]).status_code == 404
    assert as_awa.post(places["item"], GIVEN).status_code == 404
    assert not Report.objects.exists()


def test_whoever_may_teach_reports_any_item(as_bakary, places, settings):
    settings.OPEN_TEACHING = False
    assert as_bakary.post(places["item"], GIVEN).status_code == 302


# The ways in


def test_the_way_stands_under_lessons_on_claims_and_beside_marked_items(as_awa, awa, section, places):
    lesson, claim = section.lessons.get(), section.claims.get()
    assert places["lesson"] in as_awa.get(lesson.get_absolute_url()).text
    assert places["claim"] in as_awa.get(claim.get_absolute_url()).text
    tried = f"{lesson.get_absolute_url()}checks/try-it/"
    assert places["item"] not in as_awa.get(tried).text
    answer_check(awa, section)
    assert places["item"] in as_awa.get(tried).text
    for _ in range(5):
        make.item(section)
    result = as_awa.get(make.quiz(awa, section, right=2).get_absolute_url()).text
    assert len(re.findall(r"/items/item-\d+/report/", result)) == 5


def test_questions_that_are_kept_nowhere_have_no_way_to_report(client, section):
    make.item(section, uses=["pre"])
    page = client.post(f"{section.get_absolute_url()}before/", {"q1": 0})
    assert "is-right" in page.text
    assert "/report/" not in page.text


# Answers


def test_answered_and_closed_reports_say_so(as_awa, awa, section):
    claim = section.claims.get()
    for closed_at in (None, make.NOW + timedelta(days=1)):
        given = {"reason": "Why?", "answer": "Because <b>so</b>.", "made_at": make.NOW, "closed_at": closed_at}
        Report.objects.create(reporter=awa, claim=claim, **given)
    page = as_awa.get("/en/reports/").text
    assert page.count("Because &lt;b&gt;so&lt;/b&gt;.") == 2
    assert "closed on 3 November 2026" in page
    assert "answered" in page


def test_nobody_sees_anothers_reports(as_celia, as_awa, places):
    as_awa.post(places["claim"], GIVEN)
    page = as_celia.get("/en/reports/").text
    assert GIVEN["reason"] not in page
    assert "You have reported nothing yet." in page


def test_reports_come_fifty_to_a_page_and_cost_the_same(as_awa, awa, section, django_assert_max_num_queries):
    lesson, claim, item = section.lessons.get(), section.claims.get(), section.bank.items.get()
    for number in range(60):
        thing = [{"lesson": lesson}, {"claim": claim}, {"item": item}][number % 3]
        Report.objects.create(reporter=awa, reason=f"Reason {number}.", made_at=make.NOW, **thing)
    as_awa.get("/en/")
    with django_assert_max_num_queries(6):
        page = as_awa.get("/en/reports/").text
    assert page.count('<div class="reason">') == 50
    assert "Reason 59." in page
    assert as_awa.get("/en/reports/?page=2").text.count('<div class="reason">') == 10


# Limits


def test_twenty_an_hour_and_what_was_typed_is_not_lost(as_awa, places):
    given = [{"reason": f"Mistake number {number}"} for number in range(21)]
    codes = [as_awa.post(places["claim"], each).status_code for each in given]
    assert codes == [302] * 20 + [429]
    page = as_awa.post(places["claim"], GIVEN | {"reason": "The twenty-second."})
    assert "The twenty-second." in page.text
    assert "in 3 min" in page.text
    assert Report.objects.count() == 20


def test_the_limit_of_one_is_not_that_of_another(as_awa, as_celia, places):
    for _ in range(21):
        as_awa.post(places["claim"], GIVEN)
    assert as_celia.post(places["claim"], GIVEN).status_code == 302


def test_throwing_the_guest_away_gives_no_more_reports(places):
    codes = [Client().post(places["claim"], GIVEN).status_code for _ in range(21)]
    assert codes == [302] * 20 + [429]
    assert not RateLimitBucket.objects.filter(key_hash__contains="127.0.0").exists()


def test_a_report_that_cannot_be_taken_costs_no_try(as_awa, places):
    for _ in range(30):
        as_awa.post(places["claim"], {"reason": ""})
    assert as_awa.post(places["claim"], GIVEN).status_code == 302


@pytest.mark.parametrize("about", ["claim", "lesson", "item"])
def test_pressing_twice_gives_one_report_until_it_is_answered(as_awa, awa, section, places, about):
    answer_check(awa, section)
    for _ in range(2):
        assert as_awa.post(places[about], GIVEN)["Location"] == "/en/reports/"
    assert Report.objects.count() == 1
    Report.objects.update(answer="Mended.", closed_at=make.NOW)
    as_awa.post(places[about], GIVEN)
    as_awa.post(places[about], {"reason": "The year too."})
    assert Report.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_eight_presses_at_once_one_gives_the_report(awa, section, in_parallel):
    claim = section.module.claims.get()
    in_parallel(lambda number: Report(claim=claim).send(awa, make.NOW, "Wrong"), 8)
    assert Report.objects.count() == 1
