"""Whatever a cohort is like, board, overview, marks and files say what the facts say (tests/cohorts/reference.py)."""

from datetime import timedelta
from decimal import Decimal
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts import marks, overview
from cohorts.board import ORDERS, board_of
from cohorts.models import Assignment, Enrolment, Extension, HandMark, Membership
from cohorts.set_sections import sections_of
from lessons.models import Reading
from quizzes.models import Attempt
from tests import make
from tests.cohorts import reference
from tests.cohorts.reference import SHOWN

pytestmark = pytest.mark.django_db
STEP = timedelta(days=10)
SECTIONS, LESSONS = 4, 2


def moment(number):
    """Few moments, so that facts and dates often fall on one another."""
    return make.NOW + number * STEP


moments = st.integers(0, 6)
section_numbers = st.integers(0, SECTIONS - 1)
scores = st.sampled_from([Decimal("0.5"), Decimal("0.8"), Decimal(1)])
assignments = st.fixed_dictionaries(
    {
        "sections": st.sets(section_numbers, max_size=2),
        "opens_at": st.integers(0, 3),
        "lasts": st.none() | st.integers(1, 5),
        "is_required": st.sampled_from([True, True, False]),
        "exam": st.sampled_from(["not_asked", "open", "required"]),
        "months_valid": st.sampled_from([None, 1, 2]),
        "counts": st.sampled_from(["best", "latest", "first"]),
        "closes": st.none() | st.integers(0, 2),
        "late_rule": st.sampled_from(["full", "less"]),
        "late_points": st.sampled_from([0, 25, 100]),
    }
)
learners = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["named"] * 8 + ["guest", "place", "left", "lead"]),
        "stays": st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=2),
        "since": st.none() | st.integers(0, 5),
        "quizzes": st.lists(st.tuples(section_numbers, moments, scores), max_size=8)
        | st.lists(st.tuples(st.just(1), st.integers(2, 6), st.just(Decimal("0.5"))), min_size=3, max_size=4),
        "odd": st.sampled_from([None, None, "trial", "no score", "open", "review"]),
        "exams": st.lists(st.tuples(moments, scores, st.booleans(), st.integers(0, 2)), max_size=4),
        "readings": st.sets(st.tuples(section_numbers, st.integers(0, LESSONS - 1), moments), max_size=8),
        "extensions": st.dictionaries(
            st.integers(0, 2), st.tuples(st.none() | st.integers(0, 9), st.booleans()), max_size=2
        ),
        "marks": st.lists(st.tuples(st.integers(0, 2), section_numbers, scores, moments, st.booleans()), max_size=4),
    }
)
cohorts = st.fixed_dictionaries(
    {
        "assignments": st.lists(assignments, min_size=1, max_size=3),
        "learners": st.lists(learners, min_size=4, max_size=6),
        "optional": st.none() | section_numbers,
        "withdrawn": st.none() | section_numbers,
        "withdrawn_lesson": st.none() | section_numbers,
        "at": st.integers(4, 12),
    }
)


@pytest.fixture
def module():
    return make.case_study(sections=SECTIONS, lessons=LESSONS, items=0)


@pytest.fixture
def people():
    """Six who may learn, and as many guests; some of their names differ by case and accent alone."""
    names = ("awa Ba", "Élodie", "elodie", "Zan", "zan 2", "Ökan")
    return [make.user(name) for name in names], [make.guest() for _ in names]


def build(drawn, module, people, cohort):
    """Make rows of what was drawn."""
    sections = list(module.sections.order_by("position").select_related("bank", "module"))
    for name in ("optional", "withdrawn", "withdrawn_lesson"):
        if drawn[name] is not None:
            section = sections[drawn[name]]
            if name == "optional":
                section.document["optional"] = True
                section.save()
            elif name == "withdrawn":
                module.sections.filter(pk=section.pk).update(withdrawn_at=make.NOW)
            else:
                section.lessons.filter(pk=section.lessons.first().pk).update(withdrawn_at=make.NOW)
    rows = []
    for wanted in drawn["assignments"]:
        names = ("is_required", "exam", "months_valid", "counts", "late_rule", "late_points")
        fields = {name: wanted[name] for name in names}
        due_at = None if wanted["lasts"] is None else moment(wanted["opens_at"] + wanted["lasts"])
        if due_at and wanted["closes"] is not None:
            fields["closes_at"] = due_at + wanted["closes"] * STEP
        chosen = [sections[number] for number in wanted["sections"]]
        opens_at = moment(wanted["opens_at"])
        rows.append(make.assignment(cohort, module, chosen, opens_at=opens_at, due_at=due_at, **fields))
    for number, wanted in enumerate(drawn["learners"]):
        learner(number, wanted, cohort, rows, sections, people)


def learner(number, wanted, cohort, assignments, sections, people):
    named, guests = people
    kind = wanted["kind"]
    user = {"guest": guests[number], "place": None}.get(kind, named[number])
    place = Enrolment.objects.create(
        cohort=cohort,
        user=user,
        role="lead" if kind == "lead" else "learner",
        roster_name="" if number % 2 else f"Row {number}",
        left_at=moment(9) if kind == "left" else None,
    )
    stays = [(moment(begin), moment(begin + length)) for begin, length in wanted["stays"]]
    stays += [(moment(wanted["since"]), None)] if wanted["since"] is not None else []
    Membership.objects.bulk_create(Membership(enrolment=place, from_at=begin, until_at=end) for begin, end in stays)
    if user:
        work(wanted, user, assignments, sections)
    for position, (due, is_excused) in wanted["extensions"].items():
        if position < len(assignments):
            fields = {"due_at": None if due is None else moment(due), "is_excused": is_excused, "reason": "x"}
            Extension.objects.create(assignment=assignments[position], enrolment=place, **fields)
    HandMark.objects.bulk_create(
        HandMark(
            assignment=assignments[position % len(assignments)],
            enrolment=place,
            section=sections[section],
            score=score,
            reason="x",
            made_at=moment(at),
            taken_back_at=moment(at + 1) if is_taken_back else None,
        )
        for position, section, score, at, is_taken_back in wanted["marks"]
    )


def work(wanted, user, assignments, sections):
    """Quizzes, the first of them perhaps an odd one that counts for nobody; exams; readings."""
    quizzes = []
    for section, at, score in wanted["quizzes"]:
        fields = {"learner": user, "module": sections[0].module, "bank": sections[section].bank, "use": "quiz"}
        fields |= {"score": score, "threshold": Decimal("0.8"), "started_at": moment(at), "submitted_at": moment(at)}
        quizzes.append(Attempt(seed=1, **fields))
    odd = {
        "trial": {"is_trial": True},
        "no score": {"score": None},
        "open": {"score": None, "submitted_at": None},
        "review": {"use": "review"},
    }
    for name, value in odd.get(wanted["odd"], {}).items():
        for quiz in quizzes[:1]:
            setattr(quiz, name, value)
    Attempt.objects.bulk_create(quizzes)
    for at, score, counts, position in wanted["exams"]:
        exam = Attempt.objects.create(
            learner=user,
            module=sections[0].module,
            use="exam",
            seed=1,
            score=score,
            threshold=Decimal("0.8"),
            started_at=moment(at),
            submitted_at=moment(at),
        )
        if position < len(assignments):
            exam.terms.create(assignment=assignments[position], counts=counts)
    read = {sections[section].lessons.order_by("position")[lesson]: at for section, lesson, at in wanted["readings"]}
    Reading.objects.bulk_create(
        Reading(learner=user, lesson=lesson, checksum="0", read_at=moment(at)) for lesson, at in read.items()
    )


def plain(row):
    return [
        reference.PlainCell(
            state=cell.state,
            best=cell.standing.best and cell.standing.best.score,
            hand=cell.hand and cell.hand.score,
            read=cell.standing.read_count,
            is_passed=cell.is_passed,
            has_run_out=cell.has_run_out,
            is_late=cell.is_late,
            is_stuck=cell.is_stuck,
            is_excused=cell.is_excused,
            is_soon=any(cell is one for one in row.soon),
            is_asked=mock.ANY,
        )
        for cell in row.cells
    ]


def check_board(cohort, module, at, wanted):
    """The board in each order, and what each filter shows of it; each row and column; one learner alone."""
    board = board_of(cohort, module, cohort.assignments.by_due_date(), at)
    for order in ORDERS:
        for shown in SHOWN:
            rows = reference.ordered([row for row in wanted if row.is_among(shown)], order)
            assert [one.member.pk for one in board.among(shown, order)] == [row.pk for row in rows], (shown, order)
            assert board.counts[shown] == len(rows), shown
    by_pk = {row.pk: row for row in wanted}
    for row in board.rows(board.people):
        assert plain(row) == by_pk[row.member.pk].cells
        assert row.last_at == by_pk[row.member.pk].last_at
    for number, column in enumerate(board.columns):
        cells = [row.cells[number] for row in wanted]
        assert column.passed_count == sum(cell.is_passed and not cell.has_run_out for cell in cells)
    for one in board.people[:2]:
        alone = board_of(cohort, module, cohort.assignments.by_due_date(), at, enrolment=one.member.pk)
        assert [(other.member, other.judgement) for other in alone.people] == [(one.member, one.judgement)]


def marks_of(cells):
    """{section: (score, whether it is late), or None} of what stands in cells or on a sheet."""
    found = {mark.section: mark for mark in cells if mark.section}
    return {section: None if mark.score is None else (mark.score, mark.is_late) for section, mark in found.items()}


def check_marks(cohort, module, at):
    """On the sheet of each assignment, on the board, and in the book: the attempts behind a mark, and what it says."""
    people = list(cohort.enrolments.current().learners().select_related("user"))
    assignments = list(cohort.assignments.select_related("module").with_sections())
    wanted = {
        place.pk: {
            section: reference.mark(place, section, assignments) for section in reference.sections_of(assignments)
        }
        for place in people
    }
    for assignment in assignments:
        for line in marks.sheet_of(assignment, people).lines:
            attempts = reference.counted(line.enrolment, assignments)
            exams = [row for row in attempts if assignment.pk in {terms.assignment_id for terms in row.terms.all()}]
            for mark in line.marks:
                quizzes = [row for row in attempts if row.bank and row.bank.section == mark.section]
                own = (
                    quizzes if mark.section else [row for row in exams if row.use == "exam" and counts(row, assignment)]
                )
                assert [row.pk for row in mark.rows] == [row.pk for row in own]
            said = marks_of(line.marks)
            assert said == {section: wanted[line.enrolment.pk][section] for section in said}
    board = board_of(cohort, module, cohort.assignments.by_due_date(), at)
    for row in board.rows(board.people):
        assert marks_of([cell.mark for cell in row.cells]) == wanted[row.member.pk]
    for place in people:
        for row in sections_of(cohort.assignments.filter(module=module).set_for(place.user)) if place.user else []:
            hand = reference.hand_of(place, module.sections.get(pk=row.section_id))
            assert row.hand_score == (hand and hand.score)


def counts(exam, assignment):
    return any(row.counts and row.assignment_id == assignment.pk for row in exam.terms.all())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large])
@given(drawn=cohorts)
def test_whatever_a_cohort_is_like_its_pages_say_what_the_facts_say(module, people, bakary, monkeypatch, drawn):
    at = moment(drawn["at"])
    with transaction.atomic():
        cohort = make.cohort(bakary)
        build(drawn, module, people, cohort)
        # The same people somewhere else too, where what counts is something else.
        other = make.cohort(bakary, people[0], at=moment(2))
        make.assignment(other, module, opens_at=moment(5), due_at=moment(8))
        wanted = {row.pk: reference.board(row, at) for row in (cohort, other)}
        check_board(cohort, module, at, wanted[cohort.pk])
        check_marks(cohort, module, at)
        monkeypatch.setattr(overview, "is_few", lambda count: False)
        for figures in overview.figures_of([cohort, other], at):
            rows = wanted[figures.cohort.pk]
            assert figures.learner_count == len(rows)
            if reference.sections_of(Assignment.objects.filter(cohort=figures.cohort)):
                counts = {shown: sum(row.is_among(shown) for row in rows) for shown in overview.FIGURES}
                assert figures.counts == counts
        transaction.set_rollback(True)
