"""Quizzes of staff on the board of sections and the page of the day: columns, filters, orders, and what they cost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts.models import Enrolment, QuizAssignment, Role
from tests import make
from tests.cohorts.test_board import lead, names, needs, plain, rows, shown

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def cohort(bakary, awa, celia, module):
    """Awa and Celia learn in it; two sections are set, without a date."""
    row = make.cohort(bakary, [awa, celia])
    make.assignment(row, module)
    return row


@pytest.fixture
def bank(bakary):
    row = make.bank(bakary)
    for _ in range(4):
        make.own_item(row)
    return row


def quiz(bank, title="Week three"):
    return make.own_quiz(bank.owner, bank.items.all(), title=title, threshold="0.7")


def heads(client, cohort, **query):
    page = shown(client, cohort, **query).text
    return [plain(head) for head in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page, re.S)]


def test_each_quiz_is_a_column_behind_the_sections_with_state_and_points(as_bakary, awa, cohort, bank):
    now = timezone.now()
    passed, failed, begun, missing = quizzes = [quiz(bank, f"Quiz {number}") for number in range(4)]
    for number, row in enumerate(quizzes):
        make.set_quiz(cohort, row, make.NOW + number * HOUR, due_at=now - DAY if row == missing else now + 9 * DAY)
    make.own_sitting(awa, passed, 3, make.NOW + DAY)
    make.own_sitting(awa, failed, 1, make.NOW + DAY)
    make.own_sitting(awa, begun)
    table = dict(rows(as_bakary, cohort))
    assert [cell for _, cell in table["Awa"][2:]] == ["passed 75", "handed in 25", "begun –", "not begun – late"]
    assert [cell for _, cell in table["Celia"][2:]] == ["not begun –"] * 3 + ["not begun – late"]
    page = shown(as_bakary, cohort).text
    place, row = Enrolment.objects.get(user=awa), QuizAssignment.objects.get(quiz=failed)
    assert f'href="/en/cohorts/{cohort.pk}/learners/{place.pk}/quizzes/{row.pk}/"' in page
    assert [head.split()[0] for head in heads(as_bakary, cohort)] == [
        "Learner",
        "1",
        "2",
        "Q1",
        "Q2",
        "Q3",
        "Q4",
        "Needs",
    ]
    assert plain(page.split("<tfoot>")[1].split("</tfoot>")[0]) == "Passed, of 2 0 0 1 0 0 0"


def test_a_head_says_when_it_opens_is_due_or_that_it_is_practice(as_bakary, cohort, bank):
    now = timezone.now()
    for number, dates in enumerate([{"due_at": make.NOW + DAY}, {}, {"opens_at": now + DAY, "due_at": now + 2 * DAY}]):
        make.set_quiz(cohort, quiz(bank, f"Quiz {number}"), **dates)
    marked, practice, later = heads(as_bakary, cohort)[3:6]
    assert "due 3 Nov" in marked
    assert practice.endswith("practice")
    assert "opens " in later


def test_what_is_overdue_or_due_this_week_is_counted_filtered_and_said(as_bakary, awa, cohort, bank):
    now = timezone.now()
    overdue, soon = (make.set_quiz(cohort, quiz(bank), due_at=now + days * DAY) for days in (-1, 3))
    assert names(as_bakary, cohort, show="late") == names(as_bakary, cohort, show="soon") == ["Awa", "Celia"]
    assert lead(as_bakary, cohort).endswith("2 have not begun, 2 are late.")
    assert needs(as_bakary, cohort)["Celia"] == "not begun · 1 late"
    make.own_sitting(awa, overdue.quiz, 0, now - HOUR)
    assert names(as_bakary, cohort, show="late") == names(as_bakary, cohort, show="not_started") == ["Celia"]
    assert needs(as_bakary, cohort)["Awa"] == "Q2 due this week"
    make.own_sitting(awa, soon.quiz, 0, now - HOUR)
    assert names(as_bakary, cohort, show="soon") == ["Celia"]
    for state in ("stuck", "passed"):
        assert "No learner is in this state" in shown(as_bakary, cohort, show=state).text


def test_who_has_not_handed_it_in_comes_first_then_who_has_not_passed(as_bakary, bakary, awa, cohort, bank):
    binta = make.user("Binta")
    cohort.join(binta, make.NOW)
    row = make.set_quiz(cohort, quiz(bank)).quiz
    make.own_sitting(awa, row, 4, make.NOW + DAY)
    make.own_sitting(binta, row, 0, make.NOW + DAY)
    assert names(as_bakary, cohort) == ["Awa", "Binta", "Celia"]
    assert names(as_bakary, cohort, order="q1") == ["Celia", "Binta", "Awa"]
    assert 'value="q1" selected' in shown(as_bakary, cohort, order="q1").text
    assert names(as_bakary, cohort, order="q2") == ["Awa", "Binta", "Celia"]


def test_whoever_handed_one_in_is_not_silent(as_bakary, awa, cohort, module, bank):
    make.reading(awa, module.sections.first().lessons.first(), at=make.NOW)
    row = make.set_quiz(cohort, quiz(bank)).quiz
    assert names(as_bakary, cohort, show="silent") == ["Awa"]
    make.own_sitting(awa, row, 0, timezone.now() - DAY)
    assert "No learner is in this state" in shown(as_bakary, cohort, show="silent").text


def test_each_stands_on_the_board_of_one_module(as_bakary, cohort, bank):
    other = make.case_study(sections=1)
    make.assignment(cohort, other, due_at=make.NOW + 9 * DAY)
    make.set_quiz(cohort, quiz(bank), module=cohort.assignments.exclude(module=other).get().module)
    assert "Q1" not in " ".join(heads(as_bakary, cohort, module=other.slug))
    first = cohort.assignments.exclude(module=other).get().module
    assert heads(as_bakary, cohort, module=first.slug)[3].startswith("Q1")


def test_trials_what_is_not_set_and_what_counts_nowhere_are_not_on_it(as_bakary, awa, cohort, bank):
    row = make.set_quiz(cohort, quiz(bank)).quiz
    make.own_sitting(awa, row, is_trial=True)
    make.own_sitting(awa, row, 4, make.NOW - DAY)
    make.own_sitting(awa, quiz(bank, "Not set"), 4, make.NOW + DAY)
    assert dict(rows(as_bakary, cohort))["Awa"][2:] == [("none", "not begun –")]
    assert names(as_bakary, cohort, show="not_started") == ["Awa", "Celia"]


@pytest.mark.parametrize("query", [{}, {"count": 1}, {"show": "late"}, {"order": "q1"}])
def test_many_learners_and_quizzes_cost_as_many_queries_as_few(as_bakary, awa, cohort, bank, query):
    as_bakary.get("/en/")
    counts = []
    for learners, quizzes in ((101, 1), (140, 5)):
        places = range(cohort.enrolments.learners().count(), learners)
        Enrolment.objects.bulk_create(
            Enrolment(cohort=cohort, role=Role.LEARNER, roster_name=f"Zerbo {number:03}") for number in places
        )
        for number in range(QuizAssignment.objects.count(), quizzes):
            row = make.set_quiz(cohort, quiz(bank, f"Quiz {number}"), due_at=make.NOW + DAY).quiz
            make.own_sitting(awa, row, 2, make.NOW)
        with CaptureQueriesContext(connection) as queries:
            page = shown(as_bakary, cohort, **query)
        assert f'title="Quiz {quizzes - 1}"' in page.text
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_whether_everybody_is_judged_changes_nobody(as_bakary, awa, cohort, bank):
    places = [Enrolment(cohort=cohort, role=Role.LEARNER, roster_name=f"Zerbo {number:03}") for number in range(100)]
    Enrolment.objects.bulk_create(places)
    row = make.set_quiz(cohort, quiz(bank), due_at=make.NOW + DAY).quiz
    make.own_sitting(awa, row, 4, make.NOW + 2 * DAY)
    assert rows(as_bakary, cohort) == rows(as_bakary, cohort, count=1)
    assert needs(as_bakary, cohort) == needs(as_bakary, cohort, count=1)
    assert dict(rows(as_bakary, cohort))["Awa"][2:] == [("passed", "passed 100 late")]


def test_more_columns_than_fit_a_desk_scroll(as_bakary, cohort, bank):
    for number in range(11):
        make.set_quiz(cohort, quiz(bank, f"Quiz {number}"))
    assert 'class="scroll dense-wrap"' in shown(as_bakary, cohort).text
    make.set_quiz(cohort, quiz(bank))
    assert 'class="scroll dense-wrap broad"' in shown(as_bakary, cohort).text


# The page of the day


def day(client):
    return plain(client.get("/en/cohorts/").text.split("<main")[1])


def test_the_page_of_the_day_says_which_quiz_is_due_next(as_bakary, awa, cohort, bank):
    make.set_quiz(cohort, quiz(bank), due_at=timezone.now() + 3 * DAY)
    assert re.search(r"“Week three” is due on [\w ]+; 2 have not handed it in yet\.", day(as_bakary))
    make.own_sitting(awa, QuizAssignment.objects.get().quiz, 0, timezone.now() - HOUR)
    assert "; 1 has not handed it in yet." in day(as_bakary)
    cohort.assignments.update(due_at=timezone.now() + 2 * DAY)
    assert "Section 1 is due on" in day(as_bakary)


def test_the_page_of_the_day_counts_quizzes_that_are_late(as_bakary, awa, cohort, bank, module):
    assert "have something overdue" not in day(as_bakary)
    make.set_quiz(cohort, quiz(bank), due_at=make.NOW + DAY)
    assert "2 learners of" in day(as_bakary)
    assert "have something overdue" in day(as_bakary)
    make.reading(awa, module.sections.first().lessons.first(), at=make.NOW)
    assert re.search(r"Awa silent for \d+ days ?, 1 quiz of the staff late", day(as_bakary))


def test_where_quizzes_alone_are_set_the_page_of_the_day_leads_to_their_board(as_bakary, cohort, bank):
    cohort.assignments.all().delete()
    make.set_quiz(cohort, quiz(bank), due_at=make.NOW + DAY)
    (button,) = re.findall(r'class="btn btn-primary" href="(.*?)"', as_bakary.get("/en/cohorts/").text)
    assert button == f"/en/cohorts/{cohort.pk}/board/quizzes/?show=late"


def test_a_mark_set_by_hand_stands_in_the_column_and_nothing_is_late_any_more(as_bakary, awa, celia, cohort, bank):
    row = make.set_quiz(cohort, quiz(bank), due_at=timezone.now() - DAY)
    assert names(as_bakary, cohort, show="late") == ["Awa", "Celia"]
    make.quiz_hand_mark(row, awa, "0.9")
    make.quiz_hand_mark(row, celia, "0.2")
    table = dict(rows(as_bakary, cohort))
    assert [table[name][-1][1] for name in ("Awa", "Celia")] == ["passed 90 set by hand", "handed in 20 set by hand"]
    assert "<tbody>" not in shown(as_bakary, cohort, show="late").text


def test_a_quiz_has_the_number_of_its_cohort_whichever_module_the_board_shows(as_bakary, cohort, module, bank):
    other = make.case_study(sections=1)
    make.assignment(cohort, other)
    make.set_quiz(cohort, quiz(bank, "Of the other module"), module=other)
    make.set_quiz(cohort, quiz(bank), make.NOW + HOUR, module=module)
    assert [head[:2] for head in heads(as_bakary, cohort, module=module.slug) if head[0] == "Q"] == ["Q2"]
    assert "Quiz Q2, not handed in first" in shown(as_bakary, cohort, module=module.slug).text
