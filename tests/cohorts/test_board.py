"""The board: every learner and every section that is set, in words; what counts, and what it costs."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts import board
from cohorts.models import Enrolment, HandMark, Role
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def module():
    return make.case_study(sections=3)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa, module):
    """Awa learns in it; sections 1 and 2 are set since NOW, and 1 is overdue."""
    row = make.cohort(bakary, [awa], name="Monday group")
    sections = list(module.sections.order_by("position"))
    make.assignment(row, module, sections[:1], due_at=make.NOW + DAY)
    make.assignment(row, module, sections[1:2], is_required=False, due_at=make.NOW + DAY)
    return row


def plain(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def shown(client, cohort, **query):
    return client.get(f"/en/cohorts/{cohort.pk}/board/", query)


def rows(client, cohort, **query):
    """[(head, [(state, words), …]), …] as the table has them."""
    text = shown(client, cohort, **query).text
    table = []
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", text.split("<tbody>")[1].split("</tbody>")[0], re.S):
        head, _, rest = row.partition("</th>")
        cells = re.findall(r'<td class="s-(\w+)[^>]*>(.*?)</td>', rest, re.S)
        table.append((plain(head), [(state, plain(words)) for state, words in cells]))
    return table


def names(client, cohort, **query):
    return [head.split()[0] for head, _ in rows(client, cohort, **query)]


def cells(client, cohort):
    return rows(client, cohort)[0][1]


def test_a_cell_says_state_and_best_and_late_in_words(as_bakary, awa, cohort, sections):
    assert cells(as_bakary, cohort) == [("none", "Not started – late"), ("none", "Not started –")]
    make.reading(awa, sections[0].lessons.first())
    assert cells(as_bakary, cohort)[0] == ("reading", "Reading 1 of 2 late")
    make.reading(awa, sections[0].lessons.last())
    assert cells(as_bakary, cohort)[0] == ("read", "Read read late")
    make.quiz(awa, sections[0], right=3, at=make.NOW + HOUR)
    assert cells(as_bakary, cohort)[0][0] == "read"
    assert re.fullmatch(r"Read \d\d/100 late", cells(as_bakary, cohort)[0][1])
    make.quiz(awa, sections[0], right=5, at=make.NOW + 2 * HOUR)
    assert cells(as_bakary, cohort)[0] == ("passed", "Passed 100/100")


def test_only_sections_that_are_set_have_a_column(as_bakary, cohort):
    page = shown(as_bakary, cohort).text
    heads = [plain(head) for head in re.findall(r'<th scope="col">(.*?)</th>', page, re.S)]
    assert len(heads) == 3
    assert heads[1].endswith("due 3 Nov 2026")
    assert heads[2].endswith("optional")


def test_a_place_stands_under_the_roster_name_and_beside_it_the_learners_own(as_bakary, awa, cohort):
    Enrolment.objects.filter(user=awa).update(roster_name="Coulibaly, S.")
    Enrolment.objects.create(cohort=cohort, role=Role.LEARNER, roster_name="Zerbo, M.")
    assert [head for head, _ in rows(as_bakary, cohort)] == [
        "Coulibaly, S. Awa Not here yet",
        "Zerbo, M. Has not joined yet",
    ]


def test_a_guest_stands_under_a_short_mark(as_bakary, guest, cohort):
    cohort.join(guest, make.NOW)
    assert f"Guest {guest.name[-4:]}" in shown(as_bakary, cohort).text
    assert guest.name not in shown(as_bakary, cohort).text


# What counts


def test_quizzes_before_joining_or_opening_do_not_count_but_readings_do(as_bakary, awa, cohort, sections):
    make.quiz(awa, sections[0], right=5, at=make.NOW - HOUR)
    make.reading(awa, sections[0].lessons.first(), at=make.NOW - DAY)
    assert cells(as_bakary, cohort)[0] == ("reading", "Reading 1 of 2 late")
    cohort.assignments.update(opens_at=make.NOW + 2 * HOUR)
    make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR)
    assert cells(as_bakary, cohort)[0][0] == "reading"
    make.quiz(awa, sections[0], right=5, at=make.NOW + 2 * HOUR)
    assert cells(as_bakary, cohort)[0][0] == "passed"


def late(cohort, at):
    """Whether Awa's first section is late on the board at that moment."""
    assignments = cohort.assignments.by_due_date()
    whole = board.board_of(cohort, assignments[0].module, assignments, at)
    return whole.rows(whole.people)[0].cells[0].is_late


def test_at_the_very_second_it_is_due_nothing_is_late(cohort):
    due = make.NOW + DAY
    assert [late(cohort, moment) for moment in (due, due + timedelta(microseconds=1))] == [False, True]


def test_of_a_section_that_is_set_twice_attempts_count_from_the_earlier_opening(cohort, module, sections):
    earlier = make.assignment(cohort, module, sections[:1], opens_at=make.NOW - DAY)
    columns = board.columns_of(module, cohort.assignments.by_due_date())
    assert [column.opens_at for column in columns] == [earlier.opens_at, make.NOW]


def test_open_quizzes_checks_and_other_sections_are_nobodys_business(as_bakary, awa, cohort, sections):
    make.quiz(awa, sections[0], at=make.NOW + HOUR)
    make.quiz(awa, sections[2], right=5, at=make.NOW + HOUR)
    make.reading(awa, sections[2].lessons.first())
    ((head, row),) = rows(as_bakary, cohort)
    assert [state for state, _ in row] == ["none", "none"]
    assert head == "Awa Not here yet"


def test_neither_staff_nor_those_who_left_nor_others_are_on_it(as_bakary, celia, danso, cohort, sections):
    make.staff(cohort, danso, Role.LEAD)
    cohort.join(celia, make.NOW).leave(make.NOW)
    make.quiz(make.user("Fatou"), sections[0], right=5, at=make.NOW + HOUR)
    assert names(as_bakary, cohort) == ["Awa"]


def test_work_for_another_cohort_does_not_count_before_joining_this_one(
    as_bakary, as_danso, awa, danso, cohort, module
):
    other = make.cohort(danso, at=make.NOW)
    other.join(awa, make.NOW + 2 * HOUR)
    make.assignment(other, module)
    make.quiz(awa, module.sections.order_by("position").first(), right=5, at=make.NOW + HOUR)
    assert cells(as_bakary, cohort)[0][0] == "passed"
    assert [state for state, _ in cells(as_danso, other)] == ["none"] * 3


# Who needs the instructor


@pytest.fixture
def class_of_four(cohort, awa, sections):
    """Awa has not started; Binta is stuck in section 2 (optional), Chaka has passed all, Demba is late and was last."""
    for number, name in enumerate(["Binta", "Chaka", "Demba"]):
        cohort.join(make.user(name), make.NOW)
        learner = cohort.enrolments.get(user__name=name).user
        if name == "Binta":
            make.quiz(learner, sections[0], right=5, at=make.NOW + HOUR)
            for hour in range(3):
                make.quiz(learner, sections[1], right=0, at=make.NOW + hour * HOUR)
        elif name == "Chaka":
            for section in sections[:2]:
                make.quiz(learner, section, right=5, at=make.NOW + number * HOUR)
        else:
            make.reading(learner, sections[0].lessons.first(), at=make.NOW + DAY)
    return cohort


def test_sentences_say_who_needs_the_instructor(as_bakary, class_of_four):
    lead = plain(shown(as_bakary, class_of_four).text.split('<p class="lead">')[1].split("</p>")[0])
    assert lead == (
        "4 learners. 1 has not started. 1 is stuck: three quizzes or more of one section below what passes. "
        "2 have something overdue."
    )
    assert "Stuck in section\xa02" in unescape(shown(as_bakary, class_of_four).text)
    assert "2 of 4" in plain(shown(as_bakary, class_of_four).text.split("<tfoot>")[1])


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, ["Awa", "Binta", "Chaka", "Demba"]),
        ({"show": "not_started"}, ["Awa"]),
        ({"show": "stuck"}, ["Binta"]),
        ({"show": "late"}, ["Awa", "Demba"]),
        ({"show": "passed"}, ["Chaka"]),
        ({"order": "last"}, ["Awa", "Chaka", "Binta", "Demba"]),
        ({"show": "late", "order": "last"}, ["Awa", "Demba"]),
        ({"show": "x' OR 1", "order": "-password", "page": "zero", "module": "no-such"}, None),
    ],
)
def test_filter_and_order(as_bakary, class_of_four, query, wanted):
    assert names(as_bakary, class_of_four, **query) == (wanted or ["Awa", "Binta", "Chaka", "Demba"])


def test_who_passed_after_three_failures_is_not_stuck(as_bakary, class_of_four, sections):
    binta = class_of_four.enrolments.get(user__name="Binta").user
    make.quiz(binta, sections[1], right=5, at=make.NOW + 9 * HOUR)
    assert "0 are stuck" in plain(shown(as_bakary, class_of_four).text)
    assert "No learner is in this state" in shown(as_bakary, class_of_four, show="stuck").text


def test_two_modules_are_two_boards(as_bakary, cohort):
    other = make.case_study(sections=1)
    make.assignment(cohort, other)
    assert len(cells(as_bakary, cohort)) == 2
    assert len(rows(as_bakary, cohort, module=other.slug)[0][1]) == 1
    assert 'name="module"' in shown(as_bakary, cohort).text


def test_before_anything_is_set_or_anybody_joined_it_says_so(as_bakary, bakary, module):
    cohort = make.cohort(bakary)
    assert "Nothing is set yet" in shown(as_bakary, cohort).text
    make.assignment(cohort, module)
    assert "Nobody has joined yet" in shown(as_bakary, cohort).text


def test_names_are_shown_as_text(as_bakary, cohort):
    cohort.join(make.user("<script>alert(1)</script>"), make.NOW)
    assert "<script>alert" not in shown(as_bakary, cohort).text


# What it costs


def test_60_learners_cost_as_many_queries_as_2(as_bakary, awa, cohort, sections):
    as_bakary.get("/en/")
    counts = []
    for wanted in (2, 60):
        for number in range(cohort.enrolments.count() - 1, wanted):
            learner = make.user(f"Learner {number:02}")
            cohort.join(learner, make.NOW)
            make.reading(learner, sections[0].lessons.first())
            make.quiz(learner, sections[0], right=number % 6, at=make.NOW + HOUR)
        with CaptureQueriesContext(connection) as queries:
            page = shown(as_bakary, cohort)
        assert f"{wanted} learners." in page.text
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("order", ["name", "last"])
def test_more_sections_assignments_and_exceptions_cost_no_more_queries(as_bakary, bakary, awa, order):
    as_bakary.get("/en/")
    counts = []
    for wanted in (3, 7):
        module = make.case_study(sections=wanted, items=0)
        cohort = make.cohort(bakary, [awa, *(make.user(f"Learner {wanted}-{number}") for number in range(wanted))])
        for section in module.sections.all():
            row = make.assignment(cohort, module, [section], due_at=make.NOW + DAY, months_valid=12)
            row.extend(cohort.enrolments.get(user=awa), bakary, make.NOW, is_excused=True, reason="x")
            make.hand_mark(row, awa, section, "0.9")
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(as_bakary, cohort, order=order)) == wanted + 1
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_page_holds_a_hundred_learners_and_leads_on_with_the_same_choice(as_bakary, cohort):
    for number in range(104):
        cohort.join(make.user(f"Learner {number:03}"), make.NOW)
    first = shown(as_bakary, cohort, show="late")
    assert len(names(as_bakary, cohort, show="late")) == 100
    assert re.search(r'href="\?show=late&amp;order=name&amp;module=[\w-]+&amp;page=2"', first.text)
    assert len(names(as_bakary, cohort, show="late", page=2)) == 5


# What holds for some months


def yearly(cohort):
    """Let all that is set hold for a year, set and joined 500 days ago; return now."""
    now = timezone.now()
    cohort.assignments.update(months_valid=12, opens_at=now - 500 * DAY, due_at=now - 390 * DAY)
    for place in cohort.enrolments.learners():
        make.joined(place.user, now - 500 * DAY)
    return now


def test_what_has_run_out_is_among_what_is_overdue_and_no_more_passed(as_bakary, awa, cohort, sections):
    now = yearly(cohort)
    for section in sections[:2]:
        make.quiz(awa, section, right=5, at=now - 380 * DAY)
    ((_, (first, second)),) = rows(as_bakary, cohort)
    assert first[1].endswith("ran out")
    assert "ran out" not in second[1], "nobody asks for the second"
    assert names(as_bakary, cohort, show="late") == ["Awa"]
    assert "<tbody>" not in shown(as_bakary, cohort, show="passed").text
    make.quiz(awa, sections[0], right=5, at=now - DAY)
    ((_, (first, _)),) = rows(as_bakary, cohort)
    assert "ran out" not in first[1]
    assert "<tbody>" not in shown(as_bakary, cohort, show="late").text
    assert names(as_bakary, cohort, show="passed") == ["Awa"]


def test_a_mark_by_hand_renews_it_too(as_bakary, bakary, awa, cohort, sections):
    now = yearly(cohort)
    make.quiz(awa, sections[0], right=5, at=now - 380 * DAY)
    assignment = cohort.assignments.earliest("pk")
    HandMark.objects.create(
        assignment=assignment,
        enrolment=cohort.enrolments.get(user=awa),
        section=sections[0],
        score=1,
        reason="seen",
        made_by=bakary,
        made_at=now - DAY,
    )
    assert "<tbody>" not in shown(as_bakary, cohort, show="late").text


@pytest.mark.parametrize(
    ("days", "words"),
    [(380, "ran out on"), (340, "runs out on"), (100, None)],
)
def test_the_learner_is_told(as_awa, awa, cohort, sections, days, words):
    now = yearly(cohort)
    make.quiz(awa, sections[0], right=5, at=now - days * DAY)
    page = plain(as_awa.get(sections[0].module.get_absolute_url()).text)
    assert ("passing the quiz again renews it" in page) == (words == "runs out on")
    assert ("pass the quiz again" in page) == (words == "ran out on")
