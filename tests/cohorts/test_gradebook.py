"""The gradebook: a line a learner, marks and total in the cohort's points, how they are reckoned, what it costs."""

import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts.gradebook import gradebook_of
from cohorts.models import Assignment, Cohort, Enrolment, Group, HandMark, Role, Weight
from tests import make
from tests.cohorts.test_basis import fields_of
from tests.cohorts.test_board import plain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def sections():
    return list(make.case_study(sections=3).sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa, sections):
    """Section 1 is due and was set apart, section 2 is due later, section 3 has no date; the exam is asked."""
    cohort = make.cohort(bakary, [awa])
    now = timezone.now()
    opens = {"opens_at": make.NOW - 9 * DAY}
    make.assignment(cohort, sections[0].module, sections[:1], due_at=now - DAY, **opens)
    make.assignment(cohort, sections[0].module, sections[1:2], due_at=now + 9 * DAY, **opens)
    make.assignment(cohort, sections[0].module, exam="required", **opens)
    return cohort


def address(cohort, ending=""):
    return f"/en/cohorts/{cohort.pk}/gradebook/{ending}"


def shown(client, cohort, **query):
    return client.get(address(cohort), query)


def table(page, part="tbody"):
    """[[words of each cell], …]"""
    body = page.text.split(f"<{part}>")[1].split(f"</{part}>")[0]
    return [
        [plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.S)
    ]


def names(page):
    return [row[0] for row in table(page)] if "<tbody>" in page.text else []


def weigh(cohort, sections, weights):
    for section, weight in zip(sections, weights, strict=False):
        Weight.objects.create(cohort=cohort, module=section.module, section=section, weight=weight)


def book(cohort):
    assignments = cohort.assignments.by_due_date()
    return gradebook_of(cohort, assignments[0].module, assignments, timezone.now())


def test_a_line_says_total_marks_late_and_by_hand(as_bakary, awa, cohort, sections):
    make.quiz(awa, sections[0], right=4, at=timezone.now())  # after the date
    make.hand_mark(cohort.assignments.get(sections=sections[1]), awa, sections[1], "0.5")
    page = shown(as_bakary, cohort)
    assert table(page) == [
        ["Awa", "65", "2", "80 handed in late", "50 set by hand", "· not due yet", "· not due yet", "1"],
    ]
    assert re.search(r"<b>80</b>", page.text), "passed, in bold"
    assert not re.search(r"<b>50</b>", page.text)
    place = cohort.enrolments.get(user=awa)
    assert f'href="/en/cohorts/{cohort.pk}/learners/{place.pk}/sections/{sections[2].pk}/"' in page.text


def test_what_is_due_and_missing_is_a_dash_and_a_zero_unless_the_cohort_leaves_it_out(as_bakary, awa, cohort, sections):
    make.quiz(awa, sections[1], right=5, at=make.NOW)
    assert table(shown(as_bakary, cohort))[0][1:4] == ["50", "2", "– nothing handed in"]
    Cohort.objects.update(missing_is_zero=False)
    assert table(shown(as_bakary, cohort))[0][1:4] == ["100", "1", "– nothing handed in"]


def test_nobody_excused_and_nothing_optional_has_a_zero(as_bakary, bakary, awa, cohort, sections):
    first = cohort.assignments.get(sections=sections[0])
    first.extend(cohort.enrolments.get(user=awa), bakary, make.NOW, is_excused=True, reason="Ill")
    assert table(shown(as_bakary, cohort))[0][1:4] == ["– nothing counts yet", "0", "excused"]
    first.extensions.all().delete()
    assert table(shown(as_bakary, cohort))[0][1:4] == ["0", "1", "– nothing handed in"]
    Assignment.objects.filter(pk=first.pk).update(is_required=False)
    assert table(shown(as_bakary, cohort))[0][1:4] == ["– nothing counts yet", "0", "– nothing handed in"]


def test_weights_and_points_of_20(as_bakary, awa, cohort, sections):
    make.quiz(awa, sections[0], right=5, at=make.NOW)
    make.quiz(awa, sections[1], right=3, at=make.NOW)
    Cohort.objects.update(points=20)
    weigh(cohort, sections, [2, 1, 0])
    page = shown(as_bakary, cohort)
    assert table(page)[0][1:5] == ["17.33", "2", "20", "12"]
    assert "Section 1: 2. Section 2: 1. Section 3: 0. Exam: 1." in plain(page.text)
    make.exam_result(awa, sections[0].module, "0.9", at=make.NOW)
    assert table(shown(as_bakary, cohort))[0][1:3] == ["17.5", "3"]


def test_a_total_is_an_exact_mean(awa, cohort, sections):
    for section, right in zip(sections, (5, 5, 4), strict=True):
        make.quiz(awa, section, right=right, at=make.NOW)
    (line,) = book(cohort).lines(book(cohort).members)
    assert (line.total.score, line.total.count) == (Fraction(14, 15), 3)


def test_what_is_taken_off_for_lateness_lowers_the_mark_and_not_the_pass(as_bakary, awa, cohort, sections):
    cohort.assignments.filter(sections=sections[0]).update(late_rule="less", late_points=25)
    make.quiz(awa, sections[0], right=5, at=timezone.now())
    page = shown(as_bakary, cohort)
    assert table(page)[0][3] == "75 handed in late"
    assert "<b>75</b>" in page.text


# Who is on it


@pytest.fixture
def class_of_four(cohort, awa):
    """Awa, and Élodie Ba of group B, Zan, and a place for Aïssata Coulibaly with number 26-1041."""
    for name in ("elie", "Zan"):
        cohort.join(make.user(name), make.NOW)
    cohort.enrolments.filter(user__name="elie").update(
        roster_name="Élodie Ba", group=Group.objects.create(cohort=cohort, name="B")
    )
    cohort.enrolments.create(role=Role.LEARNER, roster_name="Aïssata Coulibaly", school_number="26-1041")
    return cohort


def test_names_are_in_their_order_and_searched_and_cut_by_group(as_bakary, class_of_four):
    everybody = ["Aïssata Coulibaly 26-1041", "Awa", "Élodie Ba", "Zan"]
    group = str(Group.objects.get().pk)
    for query, wanted in [
        ({}, everybody),
        ({"q": "elodie"}, ["Élodie Ba"]),
        ({"q": "ELIE"}, ["Élodie Ba"]),
        ({"q": "1041"}, ["Aïssata Coulibaly 26-1041"]),
        ({"q": "coulibaly aissata"}, ["Aïssata Coulibaly 26-1041"]),
        ({"q": "nobody"}, []),
        ({"group": group}, ["Élodie Ba"]),
        ({"group": group, "q": "zan"}, []),
        ({"group": "x' OR 1", "q": " ", "page": "zero", "module": "none"}, everybody),
        ({"group": "9" * 40, "q": "\0"}, everybody),
    ]:
        assert names(shown(as_bakary, class_of_four, **query)) == wanted, query


def test_neither_staff_nor_whoever_left_is_on_it(as_bakary, celia, danso, cohort):
    make.staff(cohort, danso, Role.LEAD)
    cohort.join(celia, make.NOW).leave(make.NOW)
    assert names(shown(as_bakary, cohort)) == ["Awa"]


def test_before_anything_is_set_it_says_so(as_bakary, bakary, sections):
    cohort = make.cohort(bakary)
    assert "nothing to mark" in shown(as_bakary, cohort).text
    assert as_bakary.post(address(cohort, "csv/")).status_code == 404
    make.assignment(cohort, sections[0].module)
    assert "Nobody has joined yet" in shown(as_bakary, cohort).text


@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_it_is_the_staffs_alone(request, browser, cohort):
    client = request.getfixturevalue(browser)
    assert shown(client, cohort).status_code == 404
    assert client.post(address(cohort), {"points": "20"}).status_code == 404
    assert client.post(address(cohort, "csv/")).status_code == 404


# The class in figures


def test_figures_of_a_class_begin_with_five(as_bakary, cohort, sections):
    for number in range(4):
        learner = make.user(f"Learner {number}")
        cohort.join(learner, make.NOW)
        if number:
            make.quiz(learner, sections[0], right=5, at=make.NOW)
    assert [row[1:5] for row in table(shown(as_bakary, cohort), "tfoot")] == [
        ["60 of 5", "", "", ""],
        ["100 of 5", "", "", ""],
    ]
    for number, right in ((4, 0), (5, 5)):
        learner = make.user(f"Learner {number}")
        cohort.join(learner, make.NOW)
        make.quiz(learner, sections[0], right=right, at=make.NOW)
    mean, median = table(shown(as_bakary, cohort), "tfoot")
    assert (mean[0], mean[3], median[0], median[3]) == ("Mean", "80 of 5", "Median", "100 of 5")


def test_fewer_than_five_have_no_figures(as_bakary, cohort, sections):
    for number in range(3):
        cohort.join(make.user(f"Learner {number}"), make.NOW)
    assert "<tfoot>" not in shown(as_bakary, cohort).text


# How marks are reckoned


def test_bakary_changes_how_marks_are_reckoned(as_bakary, cohort, sections):
    page = shown(as_bakary, cohort)
    fields = fields_of(page)
    assert (fields["points"], fields["missing_is_zero"], fields[f"weight_{sections[0].pk}"]) == ("100", ["on"], "1")
    fields |= {"points": "20", f"weight_{sections[0].pk}": "3", "weight_exam": "0", "module": "x", "name": "x"}
    del fields["missing_is_zero"]
    assert as_bakary.post(address(cohort), fields).status_code == 302
    cohort.refresh_from_db()
    assert (cohort.points, cohort.missing_is_zero, cohort.name) == (20, False, "Autumn")
    assert [head.weight for head in book(cohort).heads] == [3, 1, 1, 0]
    assert (
        as_bakary.post(address(cohort), fields_of(shown(as_bakary, cohort)) | {"weight_exam": "1"}).status_code == 302
    )
    assert book(cohort).heads[3].weight == 1


@pytest.mark.parametrize("wrong", [{"points": "50"}, {"weight_exam": "11"}, {"weight_exam": "-1"}, {"weight_exam": ""}])
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(as_bakary, cohort, wrong):
    page = as_bakary.post(address(cohort), fields_of(shown(as_bakary, cohort)) | {"points": "20"} | wrong)
    assert page.status_code == 422
    assert f'href="#id_{next(iter(wrong))}"' in page.text
    cohort.refresh_from_db()
    assert cohort.points == 100
    assert not Weight.objects.exists()


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(as_bakary, as_danso, danso, cohort, sections):
    make.staff(cohort, danso)
    old = fields_of(shown(as_bakary, cohort))
    as_danso.post(address(cohort), fields_of(shown(as_danso, cohort)) | {"weight_exam": "5"})
    page = as_bakary.post(address(cohort), old | {"weight_exam": "7", "points": "20"})
    assert page.status_code == 409
    assert book(cohort).heads[3].weight == 5
    assert as_bakary.post(address(cohort), fields_of(page)).status_code == 302
    assert book(cohort).heads[3].weight == 7


# What it costs


def test_120_learners_cost_as_many_queries_as_5(as_bakary, bakary, cohort, sections):
    as_bakary.get("/en/")
    counts = []
    for wanted in (5, 120):
        for number in range(cohort.enrolments.learners().count(), wanted):
            learner = make.user(f"Learner {number:03}")
            cohort.join(learner, make.NOW)
            if number < 12:
                make.quiz(learner, sections[0], right=number % 6, at=make.NOW)
        with CaptureQueriesContext(connection) as queries:
            page = shown(as_bakary, cohort)
        assert len(names(page)) == min(wanted, 100)
        counts.append(len(queries))
    assert counts[0] <= counts[1] <= 12


def test_of_more_than_a_page_figures_are_made_when_somebody_asks(as_bakary, bakary, awa, cohort, sections):
    places = [Enrolment(cohort=cohort, role=Role.LEARNER, roster_name=f"Zo {number:03}") for number in range(100)]
    for place in Enrolment.objects.bulk_create(places)[:5]:
        HandMark.objects.create(
            assignment=cohort.assignments.first(),
            enrolment=place,
            section=sections[0],
            score="0.8",
            reason="seen",
            made_by=bakary,
            made_at=make.NOW,
        )
    page = shown(as_bakary, cohort)
    assert "<tfoot>" not in page.text
    link = re.search(r'<a href="(\?[^"]*)">Mean and median of everybody', page.text)[1]
    counted = as_bakary.get(address(cohort) + unescape(link))
    assert "Mean and median of everybody" not in counted.text
    assert table(counted, "tfoot")[0][3] == "80 of 5"
    assert re.search(r'href="\?[^"]*count=1&amp;page=2"', counted.text)


@pytest.mark.parametrize("counts", ["best", "latest"])
def test_figures_that_the_database_groups_are_those_of_all_lines(bakary, cohort, sections, counts):
    cohort.assignments.update(counts=counts)
    for number in range(9):
        learner = make.user(f"Learner {number}")
        place = cohort.join(learner, make.NOW)
        for section in sections[: 1 + number % 3]:
            make.quiz(learner, section, right=number % 6, at=make.NOW)
            make.quiz(learner, section, right=(number + 3) % 6, at=make.NOW + HOUR)
        if number % 4 == 0:
            make.hand_mark(cohort.assignments.first(), learner, sections[0], "0.55")
        if number % 3 == 0:
            make.exam_result(learner, sections[0].module, Decimal("0.7"), at=make.NOW)
        if number % 5 == 0:
            cohort.assignments.first().extend(place, bakary, make.NOW, is_excused=True, reason="x")
    whole = book(cohort)
    figures = whole.figures(whole.members)
    assert figures == whole.figures(whole.members, whole.lines(whole.members))
    assert [figure.count for figure in figures[:3]] == [10, 9, 6]


def test_a_place_that_nobody_took_has_a_line(as_bakary, cohort):
    Enrolment.objects.create(cohort=cohort, role=Role.LEARNER, roster_name="Zerbo, M.")
    assert names(shown(as_bakary, cohort)) == ["Awa", "Zerbo, M."]
