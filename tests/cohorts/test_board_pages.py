"""The board of more people than one page holds: those of the page are judged, nobody else unless it is asked."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Enrolment, Role
from tests import make
from tests.cohorts.test_board import lead, monday_group, names, needs, rows, shown, work_of_three

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def module():
    return make.case_study(sections=3)


@pytest.fixture
def cohort(bakary, awa, module):
    return monday_group(bakary, awa, module)


def test_a_page_holds_a_hundred_learners_and_leads_on_with_the_same_choice(as_bakary, cohort):
    for number in range(104):
        cohort.join(make.user(f"Learner {number:03}"), make.NOW)
    first = shown(as_bakary, cohort, show="late")
    assert len(names(as_bakary, cohort, show="late")) == 100
    assert re.search(r'href="\?show=late&amp;order=name&amp;module=[\w-]+&amp;page=2"', first.text)
    assert len(names(as_bakary, cohort, show="late", page=2)) == 5


@pytest.fixture
def large(cohort, module):
    """The class of four, of whom Awa is first by name and Chaka last, among 100 places that nobody has taken."""
    work_of_three(cohort, list(module.sections.order_by("position")))
    places = [Enrolment(cohort=cohort, role=Role.LEARNER, roster_name=f"Bé {number:03}") for number in range(100)]
    Enrolment.objects.bulk_create(places)
    return cohort


def filters(client, cohort, **query):
    """{filter: its words} as the form has them."""
    form = shown(client, cohort, **query).text.split('name="show">')[1].split("</select>")[0]
    return dict(re.findall(r'<option value="(\w+)"[^>]*>(.*?)</option>', form))


def test_of_more_than_a_page_only_what_names_tell_is_counted(as_bakary, large):
    assert lead(as_bakary, large) == "104 learners. 100 have not joined. Count who is stuck, silent or late"
    assert filters(as_bakary, large) == {
        "all": "All learners (104)",
        "not_joined": "Not joined (100)",
        "not_started": "Joined, not begun",
        "stuck": "Stuck",
        "silent": "Silent for two weeks",
        "late": "Something overdue",
        "soon": "Due this week",
        "passed": "Everything passed",
    }
    assert "<tfoot>" not in shown(as_bakary, large).text
    assert needs(as_bakary, large)["Awa"] == "not begun · 1 late"
    assert needs(as_bakary, large, page=2)["Demba"].endswith("1 late")


@pytest.mark.parametrize("query", [{"count": 1}, {"show": "stuck"}, {"order": "last"}, {"order": "s2"}])
def test_what_asks_for_everybody_counts_everybody(as_bakary, large, query):
    said = "104 learners. 100 have not joined, 1 has not begun, 1 is stuck, 1 is silent, 102 are late."
    assert lead(as_bakary, large, **query) == said
    assert filters(as_bakary, large, **query)["late"] == "Something overdue (102)"
    assert "<tfoot>" in shown(as_bakary, large, **query).text


def test_whether_everybody_is_judged_changes_nobody_on_any_page(as_bakary, large):
    north = large.groups.create(name="North")
    large.enrolments.filter(roster_name__endswith="1").update(group=north)
    for query in ({}, {"page": 2}, {"q": "be 01"}, {"q": "em b"}, {"group": north.pk}):
        assert rows(as_bakary, large, **query) == rows(as_bakary, large, count=1, **query), query
        assert needs(as_bakary, large, **query) == needs(as_bakary, large, count=1, **query), query
    assert lead(as_bakary, large, group=north.pk).endswith("10 are late."), "the group is no more than a page"


def test_who_counts_everybody_goes_on_doing_so_on_the_next_page(as_bakary, large):
    assert re.search(r'href="\?[^"]*count=1&amp;page=2"', shown(as_bakary, large, count=1).text)
    link = re.search(r'<a href="(\?[^"]*)">Count who', shown(as_bakary, large, q="be").text)[1]
    assert "q=be" in link
    assert "count=1" in link


@pytest.mark.parametrize("query", [{}, {"count": 1}])
def test_judging_some_or_all_costs_as_many_queries(as_bakary, large, query):
    as_bakary.get("/en/")
    with CaptureQueriesContext(connection) as queries:
        shown(as_bakary, large, **query)
    assert len(queries) <= 12


def test_failing_the_exam_three_times_makes_nobody_stuck_however_many_are_judged(as_bakary, awa, large, module):
    make.assignment(large, module, exam="required")
    for number in range(3):
        make.exam_result(awa, module, "0.4", at=make.NOW + number * HOUR)
    few = large.groups.create(name="Few")
    large.enrolments.filter(user=awa).update(group=few)
    assert "stuck" not in lead(as_bakary, large, count=1, group=few.pk)
    assert filters(as_bakary, large, count=1)["stuck"] == "Stuck (1)"
