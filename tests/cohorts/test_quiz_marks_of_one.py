"""What somebody handed in of quizzes of the staff, on their page as the staff see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.cohorts.test_board import plain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def sections():
    return list(make.case_study(sections=2).sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa, sections):
    cohort = make.cohort(bakary, [awa])
    make.assignment(cohort, sections[0].module)
    return cohort


@pytest.fixture
def quiz(bakary):
    bank = make.bank(bakary)
    return make.own_quiz(bakary, [make.own_item(bank) for _ in range(4)], title="Week three")


def test_the_page_of_a_learner_has_each_attempt_and_which_counts(as_bakary, bakary, awa, cohort, quiz):
    make.set_quiz(cohort, quiz, is_for_marks=True, due_at=make.NOW + DAY)
    make.set_quiz(cohort, make.own_quiz(bakary, title="Warming up"), make.NOW + DAY)
    one, other = (make.own_sitting(awa, quiz, right, make.NOW + right * DAY) for right in (1, 4))
    place = cohort.enrolments.get(user=awa)
    page = as_bakary.get(f"/en/cohorts/{cohort.pk}/learners/{place.pk}/")
    words = plain(page.text)
    for sitting in (one, other):
        assert f'href="/en/cohorts/{cohort.pk}/attempts/{sitting.pk}/"' in page.text
    assert "100 of 100, passed · counts" in words
    assert words.count("· counts") == 1
    assert "Warming up for practice nothing handed in" in words


def test_it_costs_as_many_queries_whatever_is_set_and_handed_in(as_bakary, bakary, awa, cohort, quiz, sections):
    make.assignment(cohort, make.case_study())
    place = cohort.enrolments.get(user=awa)
    make.quiz(awa, sections[0], right=1, at=make.NOW)
    as_bakary.get("/en/")
    counts = []
    for quizzes in (1, 4):
        for _ in range(cohort.quiz_assignments.count(), quizzes):
            row = make.own_quiz(bakary, quiz.items.all())
            make.set_quiz(cohort, row, is_for_marks=True, module=sections[0].module)
            make.own_sitting(awa, row, 2, make.NOW)
        with CaptureQueriesContext(connection) as queries:
            as_bakary.get(f"/en/cohorts/{cohort.pk}/learners/{place.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
