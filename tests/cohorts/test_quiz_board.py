"""The board of quizzes of the staff: how each learner stands with each, filters, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts.models import QuizAssignment
from tests import make
from tests.cohorts.test_board import plain
from tests.cohorts.test_gradebook import names, table

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cohort(bakary, awa, celia, guest):
    return make.cohort(bakary, [awa, celia])


@pytest.fixture
def quiz(bakary):
    bank = make.bank(bakary)
    return make.own_quiz(bakary, [make.own_item(bank) for _ in range(4)], title="Week three", threshold="0.7")


def shown(client, cohort, **query):
    return client.get(f"/en/cohorts/{cohort.pk}/board/quizzes/", query)


def again(quiz, owner, title="Another"):
    return make.own_quiz(owner, quiz.items.all(), title=title, threshold="0.7")


def test_each_state_is_a_word_with_its_points(as_bakary, bakary, awa, cohort, quiz):
    now = timezone.now()
    passed, failed, begun, late, missing = quizzes = [again(quiz, bakary, f"Quiz {number}") for number in range(5)]
    for number, row in enumerate(quizzes):
        due = now - DAY if row in (late, missing) else now + DAY
        make.set_quiz(cohort, row, make.NOW + number * timedelta(minutes=1), due_at=due)
    for row, right, at in ((passed, 3, make.NOW + DAY), (failed, 1, make.NOW + DAY), (late, 4, now)):
        make.own_sitting(awa, row, right, at)
    make.own_sitting(awa, begun)
    page = shown(as_bakary, cohort)
    assert table(page) == [
        ["Awa", "passed 75", "handed in 25", "begun –", "passed 100 late", "not begun – late", "1 overdue"],
        ["Celia", "not begun –", "not begun –", "not begun –", "not begun – late", "not begun – late", "2 overdue"],
    ]
    place, row = cohort.enrolments.get(user=awa), late.assignments.get()
    assert f'href="/en/cohorts/{cohort.pk}/learners/{place.pk}/quizzes/{row.pk}/"' in page.text


@pytest.mark.parametrize(
    ("show", "due", "wanted"),
    [("", -1, ["Awa", "Celia"]), ("late", -1, ["Celia"]), ("late", 1, []), ("soon", 1, ["Celia"]), ("soon", -1, []),
     ("soon", 9, []), ("none", 1, ["Celia"]), ("nonsense", 1, ["Awa", "Celia"])],
)  # fmt: skip
def test_filters(as_bakary, awa, cohort, quiz, show, due, wanted):
    make.set_quiz(cohort, quiz, due_at=timezone.now() + due * DAY)
    make.own_sitting(awa, quiz, 0, make.NOW + DAY)
    assert names(shown(as_bakary, cohort, show=show)) == wanted
    assert names(shown(as_bakary, cohort, show=show, q="celia")) == [name for name in wanted if name == "Celia"]


def test_a_place_that_nobody_took_is_on_it(as_bakary, cohort, quiz):
    make.place(cohort, "Zerbo, M.")
    make.set_quiz(cohort, quiz)
    assert table(shown(as_bakary, cohort))[2] == ["Zerbo, M.", "not begun –", ""]


def test_trials_and_what_counts_nowhere_are_not_on_it(as_bakary, awa, cohort, quiz):
    make.set_quiz(cohort, quiz)
    make.own_sitting(awa, quiz, is_trial=True)
    make.own_sitting(awa, quiz, 4, make.NOW - DAY)
    assert table(shown(as_bakary, cohort))[0] == ["Awa", "not begun –", ""]


def test_before_anything_is_set_it_says_so_and_the_other_board_leads_here(as_bakary, cohort):
    assert "No quiz of its staff is set yet." in plain(shown(as_bakary, cohort).text)
    assert f'href="/en/cohorts/{cohort.pk}/board/quizzes/"' in as_bakary.get(f"/en/cohorts/{cohort.pk}/board/").text


@pytest.mark.parametrize("show", ["", "late"])
def test_120_learners_and_five_quizzes_cost_as_many_queries_as_two_and_one(as_bakary, bakary, awa, cohort, quiz, show):
    as_bakary.get("/en/")
    counts = []
    for learners, quizzes in ((2, 1), (120, 5)):
        for number in range(cohort.enrolments.learners().count(), learners):
            cohort.join(make.user(f"Learner {number:03}"), make.NOW)
        for _ in range(QuizAssignment.objects.count(), quizzes):
            row = again(quiz, bakary)
            make.set_quiz(cohort, row, due_at=make.NOW + DAY)
            make.own_sitting(awa, row, 2, make.NOW)
        with CaptureQueriesContext(connection) as queries:
            page = shown(as_bakary, cohort, show=show)
        assert re.search(r"\d overdue", page.text) or not show
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
