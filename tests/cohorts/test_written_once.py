"""What the pages of learners ask is written once for a connection, and returns what Django returns."""

from datetime import date, timedelta

import pytest

from cohorts.board import ANSWERED, RECALLS
from cohorts.grouped import BY_SECTION
from cohorts.journal import JOURNAL, JOURNAL_WITH_QUIZZES, SCORES
from cohorts.members import LEARNERS
from cohorts.models import Extension
from cohorts.overview import QUIZZES, SECTIONS
from cohorts.quiz_marks import NUMBERED
from cohorts.records import BY_HAND, BY_HAND_IN, EXTENSIONS, EXTENSIONS_IN, MEMBERS
from cohorts.views.staff_home import PLACES
from quizzes.outlines import OUTLINED
from tests import make
from tests.accounts.told import plain, told

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = date(2100, 1, 1)
ASKED = 24


@pytest.fixture
def cohort(bakary, awa, celia):
    """Awa read, handed in quizzes, an exam and one of staff, began another, and has marks and dates of her own."""
    module = make.case_study(sections=2)
    row = make.cohort(bakary, [awa, celia])
    work = make.assignment(row, module, due_at=make.NOW + 9 * DAY, exam="required")
    section = module.sections.first()
    make.reading(awa, make.lesson(section), make.NOW + DAY)
    for right in (1, 0):
        make.quiz(awa, section, right=right, at=make.NOW + DAY)
    make.quiz(celia, section, right=1, at=make.NOW + DAY)
    make.exam(awa, module, right=1, at=make.NOW + DAY)
    make.hand_mark(work, awa, section, "0.5", bakary)
    Extension.objects.create(assignment=work, enrolment=row.enrolments.get(user=awa), due_at=make.NOW + 12 * DAY)
    bank = make.bank(bakary)
    make.own_item(bank)
    quizzes = [make.own_quiz(bakary, bank.items.all(), title=f"Quiz {number}") for number in range(2)]
    for quiz in quizzes:
        make.set_quiz(row, quiz)
    make.own_sitting(awa, quizzes[0], 1, make.NOW + DAY)
    make.own_sitting(awa, quizzes[1])
    make.quiz_hand_mark(row.quiz_assignments.first(), celia, "0.25", bakary)
    return row


def asked(cohort):
    """Each query with what it is asked with, for everybody in the cohort."""
    work, places = cohort.assignments.get(), list(cohort.enrolments.values_list("pk", flat=True))
    setting = {"cohort": cohort.pk, "module": work.module_id}
    learners = list(cohort.enrolments.current().learners().values_list("user", flat=True))
    sections = list(work.module.sections.values_list("pk", flat=True))
    quizzes = list(cohort.quiz_assignments.values_list("pk", flat=True))
    attempts = list(cohort.assignments.attempts().values_list("pk", flat=True))
    of_sections = {"sections": sections, "ending": []}
    cohorts = {"cohorts": [cohort.pk]}
    grouped = [
        (query, cohorts | {"sections": sections} | ({"set_quizzes": quizzes} if has_quizzes else {}))
        for (_, _, has_quizzes), query in BY_SECTION.items()
    ]
    return [
        (LEARNERS, {"cohort": cohort.pk}),
        (JOURNAL, setting | {"learners": learners, "sections": sections}),
        (JOURNAL_WITH_QUIZZES, setting | {"learners": learners, "sections": sections, "set_quizzes": quizzes}),
        (SCORES, setting | {"learners": learners}),
        (EXTENSIONS, setting | {"places": places}),
        (BY_HAND, setting | {"places": places, "quizzes": quizzes}),
        (RECALLS, of_sections | {"today": LATER, "learners": learners, "resting": learners[:1]}),
        (ANSWERED, {"attempts": attempts}),
        (OUTLINED, {"module": work.module_id}),
        (NUMBERED, {"cohort": cohort.pk}),
        *((query, cohorts) for query in (MEMBERS, EXTENSIONS_IN, BY_HAND_IN, SECTIONS, QUIZZES)),
        (PLACES, {"user": learners[0]}),
        *grouped,
    ]


def in_order(rows):
    """Rows that came in no order, some with None in them."""
    return sorted(map(told, rows), key=repr)


def short_of_one(value):
    return value[:-1] if isinstance(value, list) else value


@pytest.mark.parametrize("number", range(ASKED))
def test_each_query_returns_what_django_returns(cohort, number):
    query, values = asked(cohort)[number]
    for few in (values, {name: short_of_one(value) for name, value in values.items()}):
        assert in_order(query(**few)) == in_order(plain(query, **few))
    assert query(**values)


def test_rows_come_by_time(cohort):
    for query, values in asked(cohort)[1:4]:
        assert [told(row) for row in query(**values)] == [told(row) for row in plain(query, **values)]


@pytest.mark.parametrize("number", range(ASKED))
def test_more_than_are_written_for_are_asked_too(cohort, number):
    query, values = asked(cohort)[number]
    many = {name: [*value, *[0] * 600] if isinstance(value, list) else value for name, value in values.items()}
    assert in_order(query(**many)) == in_order(query(**values))


def test_nobody_is_asked_for_in_vain(cohort):
    for query, values in asked(cohort):
        nothing = {name: [] if isinstance(value, list) else 0 for name, value in values.items()}
        if query is RECALLS:
            nothing["today"] = LATER
        assert query(**nothing) == []
