"""A quiz of the staff for marks, or for practice: set and changed, said to its learners, and what it weighs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts.gradebook import gradebook_of
from cohorts.models import QuizAssignment
from cohorts.quiz_marks import quizzes_beside
from tests import make
from tests.cohorts.test_basis import fields_of
from tests.cohorts.test_board import plain
from tests.cohorts.test_gradebook import table
from tests.cohorts.test_mark_files import rows_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OPENS = {"opens_at": "2026-11-03T12:00"}


@pytest.fixture
def sections():
    return list(make.case_study(sections=2).sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa, sections):
    """Section 1 is set, without a date."""
    cohort = make.cohort(bakary, [awa])
    make.assignment(cohort, sections[0].module, sections[:1], opens_at=make.NOW - 9 * DAY)
    return cohort


@pytest.fixture
def quiz(bakary):
    bank = make.bank(bakary)
    return make.own_quiz(bakary, [make.own_item(bank) for _ in range(4)], title="Week three")


def set_up(client, cohort, quiz, **fields):
    return client.post(f"/en/cohorts/{cohort.pk}/quizzes/new/", {"quiz": quiz.pk, **OPENS, **fields})


def terms():
    return QuizAssignment.objects.values_list("is_for_marks", "weight", "module").get()


# Set and changed


def test_what_is_not_said_is_practice(as_bakary, cohort, quiz, sections):
    set_up(as_bakary, cohort, quiz)
    assert terms() == (False, 1, sections[0].module_id)


def test_it_is_set_for_marks_with_a_weight_and_changed_to_practice(as_bakary, cohort, quiz, sections):
    set_up(as_bakary, cohort, quiz, is_for_marks="on", weight="3")
    assert terms() == (True, 3, sections[0].module_id)
    address = f"/en/cohorts/{cohort.pk}/quizzes/{QuizAssignment.objects.get().pk}/dates/"
    fields = fields_of(as_bakary.get(address))
    assert (fields["is_for_marks"], fields["weight"]) == (["on"], "3")
    del fields["is_for_marks"]
    as_bakary.post(address, fields | {"weight": ""})
    assert terms() == (False, 1, sections[0].module_id)


@pytest.mark.parametrize(("fields", "is_due"), [({"is_for_marks": "on"}, True), ({}, False)])
def test_what_counts_for_marks_is_due_when_it_closes_at_the_latest(as_bakary, cohort, quiz, fields, is_due):
    set_up(as_bakary, cohort, quiz, closes_at="2026-12-20T12:00", **fields)
    row = QuizAssignment.objects.get()
    assert row.due_at == (row.closes_at if is_due else None)


@pytest.mark.parametrize("weight", ["-1", "11", "a lot"])
def test_a_weight_that_none_can_have_is_refused_and_what_was_typed_stays(as_bakary, cohort, quiz, weight):
    page = set_up(as_bakary, cohort, quiz, is_for_marks="on", weight=weight)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["weight"])
    assert f'value="{weight}"' in page.text
    assert not QuizAssignment.objects.exists()


def test_of_several_modules_one_is_chosen_and_none_of_another_cohort(as_bakary, cohort, quiz):
    other, foreign = make.case_study(), make.case_study()
    make.assignment(cohort, other)
    assert set_up(as_bakary, cohort, quiz, module=foreign.pk).context["form"].errors.keys() == {"module"}
    set_up(as_bakary, cohort, quiz, module=other.pk)
    assert terms() == (False, 1, other.pk)


# What its learners read


FOR = {True: "counts for marks", False: "for practice"}


@pytest.mark.parametrize("is_for_marks", [True, False])
def test_learners_read_what_it_is_for_wherever_it_is_named(as_awa, cohort, quiz, is_for_marks):
    make.set_quiz(cohort, quiz, due_at=timezone.now() + DAY, is_for_marks=is_for_marks)
    for address in ("/en/", f"/en/cohorts/{cohort.pk}/", f"/en/quizzes/{quiz.pk}/"):
        words = plain(as_awa.get(address).text)
        assert [said for said in FOR.values() if said in words] == [FOR[is_for_marks]], address


def test_for_marks_it_stands_on_the_first_page_without_a_date_and_after_what_has_one(as_awa, bakary, cohort, quiz):
    make.set_quiz(cohort, quiz, is_for_marks=True)
    make.set_quiz(cohort, make.own_quiz(bakary, quiz.items.all(), title="Dated"), due_at=timezone.now() + DAY)
    make.set_quiz(cohort, make.own_quiz(bakary, quiz.items.all(), title="Warming up"))
    page = as_awa.get("/en/")
    words = plain(page.text)
    assert "Quizzes to hand in Dated" in words
    assert "Week three Autumn · no due date · counts for marks" in words
    assert words.index("Dated") < words.index("Week three")
    assert f'href="/en/quizzes/{quiz.pk}/"' in page.text
    assert "Warming up" not in words


@pytest.mark.parametrize("is_for_marks", [True, False])
def test_its_owner_reads_it_too(as_bakary, cohort, quiz, is_for_marks):
    row = make.set_quiz(cohort, quiz, is_for_marks=is_for_marks)
    for address in (f"/en/quizzes/{quiz.pk}/", f"/en/cohorts/{cohort.pk}/", row.get_absolute_url()):
        words = plain(as_bakary.get(address).text)
        assert [said for said in FOR.values() if said in words] == [FOR[is_for_marks]], address


# In the gradebook


def gradebook(client, cohort, **query):
    return client.get(f"/en/cohorts/{cohort.pk}/gradebook/", query)


def book_of(cohort):
    assignments = cohort.assignments.by_due_date()
    return gradebook_of(cohort, assignments[0].module, assignments, timezone.now())


def lines(cohort):
    book = book_of(cohort)
    return book.lines(book.members)


def test_for_marks_the_best_attempt_is_in_the_total_by_its_weight_and_practice_is_not(
    as_bakary, awa, cohort, quiz, sections
):
    make.quiz(awa, sections[0], right=5, at=make.NOW)
    for right in (1, 3, 2):
        make.own_sitting(awa, quiz, right, make.NOW + right * DAY)
    row = make.set_quiz(cohort, quiz, make.NOW, is_for_marks=True, weight=3)
    page = gradebook(as_bakary, cohort)
    assert table(page) == [["Awa", "81.2", "2", "100", "75", "–"]]
    place = cohort.enrolments.get(user=awa)
    assert f'href="/en/cohorts/{cohort.pk}/learners/{place.pk}/quizzes/{row.pk}/"' in page.text
    assert "Section 1: 1. “Week three”: 3." in plain(page.text)
    QuizAssignment.objects.filter(pk=row.pk).update(is_for_marks=False)
    page = gradebook(as_bakary, cohort)
    assert table(page) == [["Awa", "100", "1", "100", "75", "–"]]
    assert "Quizzes for practice are in no total." in plain(page.text)


def test_of_two_attempts_one_that_passed_goes_before_a_higher_one_that_did_not(awa, cohort, quiz):
    type(quiz).objects.update(threshold="0.5")
    quiz.refresh_from_db()
    passed = make.own_sitting(awa, quiz, 2, make.NOW)
    type(quiz).objects.update(threshold="0.9")
    quiz.refresh_from_db()
    make.own_sitting(awa, quiz, 3, make.NOW + DAY)
    make.set_quiz(cohort, quiz, is_for_marks=True)
    (line,) = lines(cohort)
    (mark,) = line.quizzes
    assert (mark.row.pk, mark.score, mark.has_passed) == (passed.pk, passed.score, True)


def test_what_is_late_is_told_and_counts_in_full(as_bakary, awa, cohort, quiz):
    make.set_quiz(cohort, quiz, is_for_marks=True, due_at=make.NOW + DAY)
    make.own_sitting(awa, quiz, 4, make.NOW + 2 * DAY)
    assert table(gradebook(as_bakary, cohort)) == [["Awa", "100", "1", "· not due yet", "100 handed in late", "1"]]


@pytest.mark.parametrize(
    ("fields", "total"),
    [({"is_for_marks": True}, "0"), ({"is_for_marks": False}, "–"), ({"is_for_marks": True, "due_at": None}, "–")],
)
def test_what_is_due_and_missing_is_a_zero_if_it_counts(as_bakary, cohort, quiz, fields, total):
    make.set_quiz(cohort, quiz, **{"due_at": make.NOW + DAY} | fields)
    assert table(gradebook(as_bakary, cohort))[0][1].split()[0] == total


def test_its_weight_is_changed_with_the_others_and_practice_has_none(as_bakary, bakary, cohort, quiz):
    row = make.set_quiz(cohort, quiz, is_for_marks=True)
    practice = make.set_quiz(cohort, make.own_quiz(bakary))
    page = gradebook(as_bakary, cohort)
    fields = fields_of(page)
    assert (fields[f"weight_quiz_{row.pk}"], f"weight_quiz_{practice.pk}" in fields) == ("1", False)
    as_bakary.post(f"/en/cohorts/{cohort.pk}/gradebook/", fields | {f"weight_quiz_{row.pk}": "7"})
    assert QuizAssignment.objects.get(pk=row.pk).weight == 7


def test_it_stands_beside_one_module_and_where_it_names_none_beside_the_first(bakary, cohort, quiz, sections):
    other = make.section().module
    make.assignment(cohort, other, opens_at=make.NOW, due_at=None)
    named = make.set_quiz(cohort, quiz, module=other)
    unnamed = make.set_quiz(cohort, make.own_quiz(bakary))
    gone = make.set_quiz(cohort, make.own_quiz(bakary), module=make.section().module)
    assignments = cohort.assignments.by_due_date()
    assert quizzes_beside(cohort, sections[0].module, assignments) == [unnamed, gone]
    assert quizzes_beside(cohort, other, assignments) == [named]
    assert quizzes_beside(cohort, None, []) == [named, unnamed, gone]


def test_a_quiz_has_one_number_in_its_cohort_on_every_page(as_bakary, bakary, awa, cohort, quiz, sections):
    """Of three quizzes the second stands beside another module, and in its gradebook too it is the second."""
    other = make.section().module
    make.assignment(cohort, other)
    for number, module in enumerate((sections[0].module, other, sections[0].module)):
        row = make.own_quiz(bakary, quiz.items.all(), title=f"Number {number + 1}")
        make.set_quiz(cohort, row, make.NOW + number * DAY, module=module)
        for _ in range(number):
            make.own_sitting(awa, row, 1, make.NOW + 3 * DAY)
    place = cohort.enrolments.get(user=awa)
    wanted = {sections[0].module: ["1", "3"], other: ["2"]}
    for module, numbers in wanted.items():
        query = {"module": module.slug}
        page = gradebook(as_bakary, cohort, **query).text
        assert re.findall(r">Q(\d)</a>\s*<span[^>]*>Number \1<", page) == numbers
        assert re.findall(r'data-s="Q(\d)"', page) == numbers
        page = as_bakary.get(f"/en/cohorts/{cohort.pk}/learners/{place.pk}/", query).text
        assert re.findall(r"Q(\d) Number \1", plain(page)) == numbers
    words = plain(as_bakary.get(f"/en/cohorts/{cohort.pk}/board/quizzes/").text)
    assert "Q1 Number 1 · Q2 Number 2 · Q3 Number 3" in words


def test_a_cohort_that_sets_quizzes_alone_has_a_gradebook(as_bakary, bakary, awa, quiz):
    cohort = make.cohort(bakary, [awa])
    make.set_quiz(cohort, quiz, is_for_marks=True)
    make.own_sitting(awa, quiz, 4, make.NOW)
    page = gradebook(as_bakary, cohort)
    assert table(page) == [["Awa", "100", "1", "100", "–"]]
    fields = fields_of(page)
    assert as_bakary.post(f"/en/cohorts/{cohort.pk}/gradebook/", fields | {"points": "20"}).status_code == 302
    assert table(gradebook(as_bakary, cohort)) == [["Awa", "20", "1", "20", "–"]]
    assert len(rows_of(file_of(as_bakary, cohort, "spreadsheet"))) == 2


def test_figures_that_the_database_groups_are_those_of_all_lines(bakary, cohort, quiz, sections):
    other = make.own_quiz(bakary, quiz.items.all(), threshold="0.5")
    make.set_quiz(cohort, quiz, is_for_marks=True, weight=2, due_at=make.NOW + 3 * DAY)
    make.set_quiz(cohort, other)
    for number in range(8):
        learner = make.user(f"Learner {number}")
        cohort.join(learner, make.NOW)
        make.quiz(learner, sections[0], right=number % 6, at=make.NOW)
        for right in (number % 5, (number + 2) % 4):
            make.own_sitting(learner, other, right, make.NOW + DAY)
            if number < 6:
                make.own_sitting(learner, quiz, right, make.NOW + right * DAY)
    book = book_of(cohort)
    figures = book.figures(book.members)
    assert figures == book.figures(book.members, book.lines(book.members))
    assert [figure.count for figure in figures] == [9, 8, 6, 8]


@pytest.mark.parametrize("count", ["", "1"])
def test_120_learners_and_five_quizzes_cost_as_many_queries_as_5_and_one(as_bakary, bakary, cohort, quiz, count):
    as_bakary.get("/en/")
    counts = []
    for learners, quizzes in ((5, 1), (120, 5)):
        for number in range(cohort.enrolments.learners().count(), learners):
            cohort.join(make.user(f"Learner {number:03}"), make.NOW)
        for _ in range(cohort.quiz_assignments.count(), quizzes):
            row = make.own_quiz(bakary, quiz.items.all())
            make.set_quiz(cohort, row, is_for_marks=True)
            make.own_sitting(cohort.enrolments.learners().first().user, row, 2, make.NOW)
        with CaptureQueriesContext(connection) as queries:
            page = gradebook(as_bakary, cohort, **{"count": count} if count else {})
        assert len(table(page)) == min(learners, 100)
        counts.append(len(queries))
    assert counts[0] <= counts[1] <= 12


# In the files


def file_of(client, cohort, kind):
    return client.post(f"/en/cohorts/{cohort.pk}/gradebook/csv/", {"for": kind}).getvalue()


def test_every_file_has_its_column_and_those_for_others_no_practice(as_bakary, bakary, awa, cohort, quiz, sections):
    cohort.enrolments.filter(user=awa).update(school_number="26-1")
    make.set_quiz(cohort, quiz, is_for_marks=True, due_at=make.NOW + DAY)
    make.set_quiz(cohort, make.own_quiz(bakary, title="Week three"), is_for_marks=True)
    make.set_quiz(cohort, make.own_quiz(bakary, title="Warming up"), make.NOW + DAY)
    make.own_sitting(awa, quiz, 3, make.NOW + 2 * DAY)
    head, row = rows_of(file_of(as_bakary, cohort, "spreadsheet"))
    assert dict(list(zip(head, row, strict=True))[-19:]) == {
        "Quiz: Week three": "75",
        "Quiz: Week three: attempts": "1",
        "Quiz: Week three: handed in on": "2026-11-04",
        "Quiz: Week three: late": "yes",
        "Quiz: Week three: set by hand": "",
        "Quiz: Week three: comment": "",
        "Quiz: Week three (2)": "",
        "Quiz: Week three (2): attempts": "0",
        "Quiz: Week three (2): handed in on": "",
        "Quiz: Week three (2): late": "",
        "Quiz: Week three (2): set by hand": "",
        "Quiz: Week three (2): comment": "",
        "Quiz: Warming up, for practice": "",
        "Quiz: Warming up: attempts": "0",
        "Quiz: Warming up: handed in on": "",
        "Quiz: Warming up: late": "",
        "Quiz: Warming up: set by hand": "",
        "Quiz: Warming up: comment": "",
        "Comment on all": "",
    }
    section = f"1. {sections[0].title}"
    assert rows_of(file_of(as_bakary, cohort, "moodle")) == [
        ["ID number", section, "Quiz: Week three", "Quiz: Week three (2)", "Total"],
        ["26-1", "-", "75", "-", "75.0"],
    ]
    head, possible, row = rows_of(file_of(as_bakary, cohort, "canvas"))
    assert head[5:] == [section, "Quiz: Week three", "Quiz: Week three (2)"]
    assert (possible[5:], row[5:]) == (["100", "100", "100"], ["", "75", ""])


@pytest.mark.parametrize(("kind", "most"), [("spreadsheet", 13), ("moodle", 12), ("canvas", 12)])
def test_a_file_costs_as_many_statements_whatever_quizzes_there_are_and_learners(
    as_bakary, bakary, cohort, quiz, kind, most
):
    as_bakary.get("/en/")
    counts = []
    for learners, quizzes in ((2, 1), (40, 1), (40, 6)):
        for number in range(cohort.enrolments.learners().count(), learners):
            cohort.join(make.user(f"Learner {number:03}"), make.NOW)
        cohort.enrolments.learners().update(school_number=F("pk"))
        for _ in range(cohort.quiz_assignments.count(), quizzes):
            row = make.own_quiz(bakary, quiz.items.all())
            make.set_quiz(cohort, row, is_for_marks=True)
            for place in cohort.enrolments.learners()[:2]:
                make.own_sitting(place.user, row, 2, make.NOW)
        with CaptureQueriesContext(connection) as queries:
            page = file_of(as_bakary, cohort, kind)
        assert len(rows_of(page)) == learners + (2 if kind == "canvas" else 1)
        counts.append(len(queries))
    assert counts == [most] * 3
