"""Marks of an assignment: which attempt counts, marks set by hand, and who is done."""

import re
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cohorts import marks
from cohorts.models import Assignment, HandMark
from cohorts.set_sections import sections_of
from tests import make
from tests.cohorts.test_board import cells, plain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
Row = namedtuple("Row", "pk score")


@pytest.fixture
def module():
    return make.case_study(sections=2)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], time_zone="Africa/Bamako")


@pytest.fixture
def assignment(cohort, module):
    return make.assignment(cohort, module, due_at=make.NOW + 30 * DAY)


def own(assignment, ending=""):
    return f"/en/cohorts/{assignment.cohort_id}/assignments/{assignment.pk}/{ending}"


def rows(client, assignment):
    """[[words of each cell], …] of the page of marks."""
    body = client.get(own(assignment, "marks/")).text.split("<tbody>")[1].split("</tbody>")[0]
    lines = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [[plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)] for row in lines]


def line(assignment, awa):
    row = Assignment.objects.select_related("module").get(pk=assignment.pk)
    return marks.grade_row_of(row, row.cohort.enrolments.select_related("user").get(user=awa))


# Which attempt counts


@given(st.lists(st.integers(0, 3), max_size=6))
def test_best_latest_and_first_of_any_attempts(scores):
    attempts = [Row(pk, score) for pk, score in enumerate(scores)]
    best, latest, first = (marks.counting(attempts, which) for which in ("best", "latest", "first"))
    if not attempts:
        assert best is latest is first is None
        return
    assert (first, latest) == (attempts[0], attempts[-1])
    assert best.score == max(scores)
    assert scores[: best.pk].count(best.score) == 0


@pytest.mark.parametrize(("counts", "points"), [("best", "100/100"), ("latest", "0/100"), ("first", "0/100")])
def test_the_page_shows_the_mark_by_the_rule_and_links_to_what_made_it(
    as_bakary, awa, assignment, sections, counts, points
):
    Assignment.objects.update(counts=counts)
    made = [make.quiz(awa, sections[0], right=right, at=make.NOW + n * HOUR) for n, right in enumerate((0, 5, 0))]
    ((name, first, second, whole),) = rows(as_bakary, assignment)
    assert (name, first, second) == ("Awa", f"{points} passed", "– no mark yet")
    assert whole == "not done due 2 Dec 2026"
    page = as_bakary.get(own(assignment, "marks/")).text
    made_it = {"best": made[1], "latest": made[2], "first": made[0]}[counts]
    assert f"/attempts/{made_it.pk}/" in page


def test_an_exam_has_a_column_where_one_is_asked_and_must_be_passed_where_it_is_required(awa, assignment, sections):
    for section in sections:
        make.quiz(awa, section, right=5, at=make.NOW + HOUR)
    assert line(assignment, awa).done_at == make.NOW + HOUR
    Assignment.objects.update(exam="open")
    assert (len(line(assignment, awa).marks), line(assignment, awa).done_at) == (3, make.NOW + HOUR)
    Assignment.objects.update(exam="required")
    make.exam_result(awa, assignment.module, "0.79", at=make.NOW + 2 * HOUR)
    assert line(assignment, awa).done_at is None
    make.exam_result(awa, assignment.module, "0.80", at=make.NOW + 3 * HOUR)
    assert line(assignment, awa).done_at == make.NOW + 3 * HOUR


def test_what_the_module_calls_optional_is_not_asked(awa, assignment, sections):
    sections[1].document["optional"] = True
    sections[1].save()
    make.quiz(awa, sections[0], right=5, at=make.NOW + HOUR)
    assert line(assignment, awa).done_at == make.NOW + HOUR
    sections[0].document["optional"] = True
    sections[0].save()
    assert line(assignment, awa).done_at is None


def test_passing_stays_passed(awa, assignment, sections):
    for section in sections:
        make.quiz(awa, section, right=5, at=make.NOW + HOUR)
        make.quiz(awa, section, right=0, at=make.NOW + 2 * HOUR)
    Assignment.objects.update(counts="latest")
    row = line(assignment, awa)
    assert [mark.score for mark in row.marks] == [0, 0]
    assert row.done_at == make.NOW + HOUR


def test_it_is_done_on_the_day_on_which_the_last_was_passed_first(awa, assignment, sections):
    for hour in (1, 5):
        for section in sections:
            make.quiz(awa, section, right=5, at=make.NOW + hour * HOUR)
            hour += 1
    assert line(assignment, awa).done_at == make.NOW + 2 * HOUR


def test_status_follows_the_persons_own_date_and_an_excuse(awa, bakary, assignment, sections):
    after = make.NOW + 31 * DAY
    place = assignment.cohort.enrolments.get(user=awa)
    assert line(assignment, awa).status(make.NOW) == marks.NOT_DONE
    assert line(assignment, awa).status(after) == marks.OVERDUE
    assignment.extend(place, bakary, make.NOW, due_at=make.NOW + 40 * DAY, reason="x")
    assert line(assignment, awa).status(after) == marks.NOT_DONE
    assignment.extend(place, bakary, make.NOW, is_excused=True, reason="x")
    assert line(assignment, awa).status(after + 60 * DAY) == marks.EXCUSED
    for section in sections:
        make.quiz(awa, section, right=5, at=make.NOW + HOUR)
    assert line(assignment, awa).status(after) == marks.DONE


def test_optional_work_is_never_overdue(awa, assignment):
    Assignment.objects.update(is_required=False)
    assert line(assignment, awa).status(make.NOW + 99 * DAY) == marks.NOT_DONE


@pytest.mark.parametrize(
    ("moment", "months", "wanted"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2028, 1, 31), 1, (2028, 2, 29)),
        ((2028, 2, 29), 12, (2029, 2, 28)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2026, 11, 2), 24, (2028, 11, 2)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_its_month(moment, months, wanted):
    later = marks.months_later(datetime(*moment, 9, 30, tzinfo=UTC), months)
    assert later == datetime(*wanted, 9, 30, tzinfo=UTC)


# Set by hand


def by_hand(assignment, awa, section):
    place = assignment.cohort.enrolments.get(user=awa)
    return f"/en/cohorts/{assignment.cohort_id}/learners/{place.pk}/sections/{section.pk}/"


def test_bakary_sets_a_mark_and_the_latest_counts(as_bakary, bakary, awa, assignment, sections):
    make.quiz(awa, sections[0], right=0, at=make.NOW + HOUR)
    address = by_hand(assignment, awa, sections[0])
    for points, reason in ((60, "Told aloud"), (85, "Told aloud, all of it")):
        page = as_bakary.post(address, {"points": points, "reason": reason, "score": "1", "made_by": 1})
        assert page.status_code == 302
    assert [(mark.score, mark.made_by) for mark in HandMark.objects.order_by("pk")] == [
        (Decimal("0.6"), bakary),
        (Decimal("0.85"), bakary),
    ]
    assert rows(as_bakary, assignment)[0][1] == "85/100 passed set by hand"
    assert "Told aloud, all of it" in as_bakary.get(address).text
    assert address in as_bakary.get(own(assignment, "marks/")).text


def test_it_shows_on_the_board_and_to_its_learner_with_the_reason(
    as_bakary, as_awa, as_celia, bakary, awa, celia, assignment, sections
):
    make.hand_mark(assignment, awa, sections[0], "0.85", bakary)
    assignment.cohort.join(celia, make.NOW)
    assert cells(as_bakary, assignment.cohort)[0] == ("passed", "Passed 85 /100 set by hand")
    place = assignment.cohort.enrolments.get(user=awa)
    for client, address in (
        (as_bakary, f"/en/cohorts/{assignment.cohort_id}/learners/{place.pk}/"),
        (as_awa, assignment.cohort.get_absolute_url()),
    ):
        page = plain(client.get(address).text)
        assert "85 of 100, set by hand on 2 November 2026 by Bakary. Reason: Told aloud" in page
    assert "85 of 100, set by hand" in plain(as_awa.get(assignment.module.get_absolute_url()).text)
    assert "Told aloud" not in as_celia.get(assignment.cohort.get_absolute_url()).text


def test_a_section_passed_by_hand_is_not_late(as_bakary, as_awa, awa, assignment, sections):
    Assignment.objects.update(opens_at=make.NOW - 9 * DAY, due_at=make.NOW - DAY)
    make.hand_mark(assignment, awa, sections[0], "0.85")
    make.hand_mark(assignment, awa, sections[1], "0.79")
    first, second = (words for _, words in cells(as_bakary, assignment.cohort))
    assert ("late" in first, "late" in second) == (False, True)
    page = plain(as_awa.get(assignment.module.get_absolute_url()).text)
    assert page.count(" late") == 1


def test_a_mark_by_hand_passes_at_the_threshold_until_a_lower_one_replaces_it(awa, assignment, sections):
    make.quiz(awa, sections[1], right=5, at=make.NOW + HOUR)
    make.hand_mark(assignment, awa, sections[0], "0.8", at=make.NOW + 2 * HOUR)
    assert line(assignment, awa).done_at == make.NOW + 2 * HOUR
    make.hand_mark(assignment, awa, sections[0], "0.79", at=make.NOW + 3 * HOUR)
    assert line(assignment, awa).done_at is None


def test_a_learner_reads_a_mark_of_their_own_for_that_section_in_that_cohort_alone(
    awa, celia, bakary, assignment, sections
):
    assignment.cohort.join(celia, make.NOW)
    elsewhere = make.assignment(make.cohort(bakary, [awa]), assignment.module)
    make.hand_mark(elsewhere, awa, sections[0], "0.9")
    make.hand_mark(assignment, celia, sections[0], "0.9")
    for points in ("0.9", "0.6"):
        make.hand_mark(assignment, awa, sections[1], points)
    rows = sections_of(Assignment.objects.filter(pk=assignment.pk).set_for(awa))
    assert {row.section_id: row.hand_score for row in rows} == {sections[0].pk: None, sections[1].pk: Decimal("0.6")}


@pytest.mark.parametrize(
    "wrong", [{"points": "101"}, {"points": "-1"}, {"points": "8.5"}, {"points": ""}, {"reason": ""}]
)
def test_a_mark_needs_points_and_a_reason(as_bakary, awa, assignment, sections, wrong):
    page = as_bakary.post(by_hand(assignment, awa, sections[0]), {"points": "80", "reason": "Told aloud"} | wrong)
    assert page.status_code == 422
    assert not HandMark.objects.exists()


def test_a_section_that_is_not_set_takes_no_mark(as_bakary, awa, assignment, sections):
    assignment.sections.set(sections[:1])
    assert as_bakary.get(by_hand(assignment, awa, sections[1])).status_code == 404
    assert as_bakary.get(by_hand(assignment, awa, make.section())).status_code == 404


@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_whoever_is_not_on_the_staff_sets_none(request, browser, awa, assignment, sections):
    client = request.getfixturevalue(browser)
    fields = {"points": "80", "reason": "Told aloud"}
    assert client.post(by_hand(assignment, awa, sections[0]), fields).status_code == 404
    assert not HandMark.objects.exists()


# The page


def test_the_page_holds_a_hundred_and_costs_the_same(as_bakary, assignment, sections):
    as_bakary.get("/en/")
    counts = []
    for wanted in (2, 104):
        for number in range(assignment.cohort.enrolments.count() - 1, wanted):
            learner = make.user(f"Learner {number:03}")
            assignment.cohort.join(learner, make.NOW)
            make.exam_result(learner, assignment.module, "0.9")
        with CaptureQueriesContext(connection) as queries:
            lines = rows(as_bakary, assignment)
        counts.append(len(queries))
    assert len(lines) == 100
    assert counts[0] == counts[1] <= 12


# The form of an assignment


def test_the_form_keeps_the_rules_of_marks_and_exam(as_bakary, cohort, module):
    fields = {"module": module.pk, "opens_at": "2026-11-02T09:00", "counts": "first", "exam": "required"}
    fields |= {"exam_attempts": 2, "exam_minutes": 90, "months_valid": 24}
    as_bakary.post(f"/en/cohorts/{cohort.pk}/assignments/new/", fields)
    row = Assignment.objects.get()
    names = ("counts", "exam", "exam_attempts", "exam_minutes", "months_valid")
    assert [getattr(row, name) for name in names] == ["first", "required", 2, 90, 24]
    page = as_bakary.get(row.get_absolute_url()).text
    assert 'value="90"' in page
    assert '<option value="first" selected>' in page


@pytest.mark.parametrize(
    "wrong", [{"counts": "worst"}, {"exam": "maybe"}, {"exam_attempts": 0}, {"exam_minutes": "x"}, {"months_valid": -1}]
)
def test_rules_that_are_none_are_refused(as_bakary, cohort, module, wrong):
    fields = {"module": module.pk, "opens_at": "2026-11-02T09:00"} | wrong
    page = as_bakary.post(f"/en/cohorts/{cohort.pk}/assignments/new/", fields)
    assert page.status_code == 422
    assert f'<a href="#id_{next(iter(wrong))}">' in page.text
    assert not Assignment.objects.exists()


# What holds for some months


def passing(days, section, awa, now, right=5):
    return make.quiz(awa, section, right=right, at=now - days * DAY)


@pytest.fixture
def yearly(awa, assignment, sections):
    """Set 500 days before now, and done for a year; one section of two."""
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    Assignment.objects.update(months_valid=12, opens_at=now - 500 * DAY, due_at=now - 390 * DAY)
    make.joined(awa, now - 500 * DAY)
    assignment.sections.set(sections[:1])
    return now


@pytest.mark.parametrize(
    ("days", "status", "done"),
    [
        ((), "overdue", None),
        ((380,), "expired", 380),
        ((380, 2), "done", 2),
        ((300,), "done", 300),
        ((300, 100), "done", 100),
        ((400, 370), "expired", 370),
        ((366,), "expired", 366),
        ((365,), "expired", 365),
        ((364,), "done", 364),
    ],
)
def test_what_has_run_out_is_expired_and_passing_again_renews_it(yearly, awa, assignment, sections, days, status, done):
    """Twelve months are to the minute: on the day a year after they are over."""
    for day in days:
        passing(day, sections[0], awa, yearly)
    row = line(assignment, awa)
    assert (row.status(yearly), row.done_at) == (status, done and yearly - done * DAY)
    assert [mark.section for mark in row.missing(yearly)] == ([] if status == "done" else sections[:1])


def test_a_failed_quiz_renews_nothing(yearly, awa, assignment, sections):
    passing(380, sections[0], awa, yearly)
    passing(2, sections[0], awa, yearly, right=0)
    assert line(assignment, awa).status(yearly) == "expired"


def test_all_that_is_asked_is_passed_within_the_months(yearly, awa, assignment, sections):
    assignment.sections.set(sections)
    passing(380, sections[0], awa, yearly)
    passing(10, sections[1], awa, yearly)
    row = line(assignment, awa)
    assert (row.done_at, row.status(yearly)) == (None, "overdue")
    assert [mark.section for mark in row.missing(yearly)] == sections[:1]
    passing(2, sections[0], awa, yearly)
    row = line(assignment, awa)
    assert (row.done_at, row.status(yearly)) == (yearly - 2 * DAY, "done")


def test_a_mark_by_hand_renews_as_a_quiz_does(yearly, bakary, awa, assignment, sections):
    passing(380, sections[0], awa, yearly)
    enrolment = assignment.cohort.enrolments.get(user=awa)
    HandMark.objects.create(
        assignment=assignment, enrolment=enrolment, section=sections[0], score=1, reason="x", made_by=bakary,
        made_at=yearly - DAY,
    )  # fmt: skip
    assert line(assignment, awa).done_at == yearly - DAY


@given(moments=st.lists(st.integers(0, 1200), max_size=8), months=st.integers(1, 24))
def test_done_is_the_latest_moment_within_the_months(moments, months):
    """Against the sentence itself, for two things that are asked."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    days = [start + day * DAY for day in moments]
    one, two = (marks.Mark(None, [Passed(day) for day in part], None, None) for part in (days[::2], days[1::2]))
    expected = [
        at
        for at in days
        if all(any(p <= at < marks.months_later(p, months) for p in part) for part in (days[::2], days[1::2]))
    ]
    assert marks.done_at([one, two], months) == max(expected, default=None)
    both = days[::2] and days[1::2]
    assert marks.done_at([one, two], None) == (max(min(days[::2]), min(days[1::2])) if both else None)
    assert marks.done_at([], months) is None


class Passed:
    """An attempt that passed then."""

    score = threshold = 1

    def __init__(self, at):
        self.submitted_at = at


@pytest.mark.parametrize(
    ("days", "words", "status"),
    [
        (380, "ran out on", "expired"),
        (340, "runs out on", "done late"),
        (100, "valid until", "done late"),
    ],
)
def test_page_and_file_say_what_has_run_out(as_bakary, awa, assignment, sections, yearly, days, words, status):
    now = timezone.now()
    Assignment.objects.update(opens_at=now - 500 * DAY)
    passing(days, sections[0], awa, now)
    ((*_, whole),) = rows(as_bakary, assignment)
    assert whole.startswith(status.removesuffix(" late"))
    assert words in whole
    file = as_bakary.post(own(assignment, "done/csv/")).getvalue().decode()
    assert f"\r\nAwa,,,{status}," in file
