"""What is set for a cohort: made, changed and deleted by its staff; its dates are those of its time zone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts.models import Assignment, Role
from cohorts.set_sections import sections_set_for
from quizzes.models import Attempt
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def module():
    return make.case_study(sections=3)


@pytest.fixture
def sections(module):
    return list(module.sections.order_by("position"))


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], time_zone="America/New_York", name="Monday group")


@pytest.fixture
def fields(module):
    return {"module": module.pk, "opens_at": "2026-11-02T09:00", "due_at": "2026-11-30T18:00", "is_required": "on"}


def new(client, cohort, fields):
    return client.post(f"/en/cohorts/{cohort.pk}/assignments/new/", fields)


def test_bakary_sets_a_module_with_dates_in_the_zone_of_the_cohort(as_bakary, cohort, module, fields):
    assert new(as_bakary, cohort, fields)["Location"] == cohort.get_absolute_url()
    row = cohort.assignments.get()
    assert (row.opens_at, row.due_at) == (
        datetime(2026, 11, 2, 14, 0, tzinfo=UTC),
        datetime(2026, 11, 30, 23, 0, tzinfo=UTC),
    )
    assert (row.module, row.is_required, row.chosen()) == (module, True, [])
    page = as_bakary.get(cohort.get_absolute_url()).text
    assert "30 November 2026, 18:00" in page
    assert "All sections" in page


def test_a_lead_may_set_chosen_sections_too(as_danso, danso, cohort, sections, fields):
    make.staff(cohort, danso, Role.LEAD)
    chosen = [sections[0].pk, sections[2].pk]
    assert new(as_danso, cohort, fields | {"sections": chosen}).status_code == 302
    row = cohort.assignments.get()
    assert [section.pk for section in row.chosen()] == chosen
    assert [row.covers(section) for section in sections] == [True, False, True]


def test_the_form_shows_what_was_kept_and_changes_it(as_bakary, cohort, sections, fields):
    new(as_bakary, cohort, fields | {"sections": [sections[1].pk]})
    row = cohort.assignments.get()
    page = as_bakary.get(row.get_absolute_url()).text
    assert 'value="2026-11-30T18:00"' in page
    assert page.count("checked") == 2
    as_bakary.post(row.get_absolute_url(), {"module": fields["module"], "opens_at": "2026-11-03T09:00"})
    row = Assignment.objects.get()
    assert (row.due_at, row.is_required, row.chosen()) == (None, False, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("module", "999999"),
        ("module", ""),
        ("sections", ["999999"]),
        ("opens_at", ""),
        ("opens_at", "soon"),
        ("due_at", "2026-11-02T09:00"),
        ("due_at", "2026-10-02T09:00"),
        ("due_at", "2027-03-14T02:30"),
    ],
)
def test_what_cannot_be_set_is_refused_beside_its_field(as_bakary, cohort, fields, field, value):
    """The last one is an hour that New York's clocks leave out."""
    page = new(as_bakary, cohort, fields | {field: value})
    assert page.status_code == 422
    target = "id_sections_0" if field == "sections" else f"id_{field}"
    assert f'<a href="#{target}">' in page.text
    assert f'id="{target}"' in page.text
    assert not Assignment.objects.exists()


def test_sections_of_another_module_or_withdrawn_are_refused(as_bakary, cohort, sections, fields):
    other = make.section()
    assert new(as_bakary, cohort, fields | {"sections": [other.pk]}).status_code == 422
    sections[0].withdrawn_at = make.NOW
    sections[0].save()
    assert new(as_bakary, cohort, fields | {"sections": [sections[0].pk]}).status_code == 422


@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_whoever_is_not_on_the_staff_changes_nothing(request, browser, cohort, module, fields):
    row = make.assignment(cohort, module)
    client = request.getfixturevalue(browser)
    assert new(client, cohort, fields).status_code == 404
    assert client.post(row.get_absolute_url(), fields).status_code == 404
    assert client.post(f"{row.get_absolute_url()}delete/").status_code == 404
    assert Assignment.objects.get().opens_at == make.NOW


def test_deleting_it_deletes_nobodys_work(as_bakary, awa, cohort, module, sections):
    row = make.assignment(cohort, module, sections[:1])
    make.quiz(awa, sections[0], right=3)
    assert as_bakary.post(f"{row.get_absolute_url()}delete/").status_code == 302
    assert (Assignment.objects.count(), Attempt.objects.of(awa).count()) == (0, 1)


# Titles


def test_three_assignments_of_a_module_are_told_apart_by_their_titles(
    as_bakary, as_awa, cohort, module, sections, fields
):
    new(as_bakary, cohort, fields)
    new(as_bakary, cohort, fields | {"sections": [sections[0].pk, sections[2].pk]})
    new(as_bakary, cohort, fields | {"sections": [sections[1].pk], "title": "Essay week"})
    titles = [row.shown_title for row in cohort.assignments.select_related("module").order_by("pk")]
    assert titles == [module.title, f"{module.title}: sections 1, 3", "Essay week"]
    for page in (as_bakary.get(cohort.get_absolute_url()).text, as_awa.get(cohort.get_absolute_url()).text):
        assert [title for title in titles if f'<h3 class="h3">{title}</h3>' in page] == titles


def test_one_section_is_called_so_and_a_withdrawn_one_not_at_all(cohort, module, sections):
    row = make.assignment(cohort, module, sections[1:])
    sections[2].withdrawn_at = make.NOW
    sections[2].save()
    assert row.shown_title == f"{module.title}: section 2"


def test_the_title_costs_no_query_where_module_and_sections_are_at_hand(cohort, module, sections):
    make.assignment(cohort, module, sections[:2])
    [row] = cohort.assignments.by_due_date()
    with CaptureQueriesContext(connection) as queries:
        assert row.shown_title == f"{module.title}: sections 1, 2"
    assert len(queries) == 0


@pytest.mark.parametrize(
    "page",
    [
        "/en/cohorts/{cohort}/assignments/{row}/marks/",
        "/en/cohorts/{cohort}/assignments/{row}/certificates/",
        "/en/cohorts/{cohort}/assignments/{row}/later/",
        "/en/cohorts/{cohort}/assignments/{row}/learners/{place}/extension/",
        "/en/cohorts/{cohort}/learners/{place}/sections/{section}/",
        "/en/cohorts/{cohort}/learners/{place}/",
        "/en/cohorts/{cohort}/schedule/",
    ],
)
def test_its_staff_read_the_title_wherever_it_is_named(as_bakary, awa, cohort, module, sections, page):
    row = make.assignment(cohort, module, sections[:2], title="Essay week")
    numbers = {"cohort": cohort.pk, "row": row.pk, "section": sections[0].pk}
    assert "Essay week" in as_bakary.get(page.format(place=cohort.enrolments.get(user=awa).pk, **numbers)).text


def test_a_learner_reads_the_title_with_the_dates_and_where_a_certificate_is_asked_for(as_awa, cohort, module):
    row = make.assignment(cohort, module, title="Essay week", due_at=datetime(2126, 11, 30, 23, tzinfo=UTC))
    assert dues(as_awa, module)[0] == ["Monday group, Essay week: due 30 November 2126, 18:00 (America/New_York)"]
    for page in ("/en/certificates/", f"{row.get_absolute_url()}certificate/"):
        assert "Essay week" in as_awa.get(page).text


# Late work


LATE = {"closes_at": "2026-12-07T18:00", "late_rule": "less", "late_points": "20"}


def test_bakary_says_what_late_work_counts_and_until_when(as_bakary, as_awa, cohort, module, fields):
    now = timezone.now()
    assert new(as_bakary, cohort, fields | LATE).status_code == 302
    row = cohort.assignments.get()
    assert (row.closes_at, row.late_rule, row.late_points) == (datetime(2026, 12, 7, 23, tzinfo=UTC), "less", 20)
    page = as_bakary.get(row.get_absolute_url()).text
    assert 'value="2026-12-07T18:00"' in page
    assert 'name="late_points" value="20"' in page
    due = datetime(2126, 1, 1, 12, tzinfo=UTC)
    Assignment.objects.update(opens_at=now - DAY, due_at=due, closes_at=due + 7 * DAY)
    words = "late work counts with 20 points of 100 taken off"
    closes = "closes 8 January 2126, 07:00: what comes later does not count here"
    for address in (cohort.get_absolute_url(), module.get_absolute_url()):
        page = " ".join(as_awa.get(address).text.split())
        assert words in page
        assert closes in page


def test_a_later_date_moves_what_its_learner_reads_of_the_closing(as_awa, awa, bakary, cohort, module):
    due = datetime(2126, 1, 1, 17, tzinfo=UTC)
    row = make.assignment(cohort, module, due_at=due, closes_at=due + 7 * DAY)
    row.extend(cohort.enrolments.get(user=awa), bakary, make.NOW, due_at=due + DAY, reason="Ill")
    assert "closes 9 January 2126, 12:00" in dues(as_awa, module)[0][0]
    assert "closes 9 January 2126, 12:00" in as_awa.get(cohort.get_absolute_url()).text


def test_a_section_closes_with_the_last_assignment_that_sets_it(as_awa, cohort, module):
    due = datetime(2126, 1, 1, 17, tzinfo=UTC)
    section = module.sections.order_by("position").first()
    make.assignment(cohort, module, [section], due_at=due, closes_at=due + 7 * DAY)
    assert "closes 8 January 2126, 12:00" in dues(as_awa, module)[0][0]
    term = make.assignment(cohort, module, due_at=due + 30 * DAY, closes_at=due + 40 * DAY)
    assert "closes 10 February 2126, 12:00" in dues(as_awa, module)[0][0]
    Assignment.objects.filter(pk=term.pk).update(closes_at=None)
    assert "closes" not in dues(as_awa, module)[0][0]


def test_late_work_that_counts_in_full_for_good_is_not_spoken_of(as_awa, cohort, module):
    make.assignment(cohort, module, due_at=timezone.now() + DAY, late_points=20)
    assert "late work" not in as_awa.get(cohort.get_absolute_url()).text
    assert "closes" not in dues(as_awa, module)[0][0]


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"closes_at": "2026-11-30T17:59"}, "closes_at"),
        ({"closes_at": "soon"}, "closes_at"),
        ({"closes_at": "2027-03-14T02:30"}, "closes_at"),
        ({"closes_at": "9999-12-31T23:59"}, "closes_at"),
        ({"due_at": "9999-12-31T23:59", "closes_at": ""}, "due_at"),
        ({"due_at": ""}, "closes_at"),
        ({"late_points": ""}, "late_points"),
        ({"late_points": "101"}, "late_points"),
        ({"late_points": "-1"}, "late_points"),
        ({"late_rule": "double"}, "late_rule"),
        ({"title": "x" * 121}, "title"),
    ],
)
def test_a_late_rule_that_cannot_hold_is_refused_beside_its_field(as_bakary, cohort, fields, changes, target):
    page = new(as_bakary, cohort, fields | LATE | changes)
    assert page.status_code == 422
    assert f'<a href="#id_{target}">' in page.text
    assert f'id="id_{target}"' in page.text
    assert not Assignment.objects.exists()


def test_it_may_close_at_the_very_moment_at_which_it_is_due(as_bakary, cohort, fields):
    assert new(as_bakary, cohort, fields | {"closes_at": fields["due_at"]}).status_code == 302


def test_points_of_a_rule_that_takes_none_off_are_forgotten(as_bakary, cohort, fields):
    new(as_bakary, cohort, fields | LATE | {"late_rule": "full"})
    assert cohort.assignments.get().late_points == 0


@pytest.mark.parametrize(
    ("changes", "opened"),
    [
        ({}, [False, False]),
        ({"exam": "open"}, [True, False]),
        ({"counts": "first"}, [False, True]),
        ({"months_valid": 12}, [False, True]),
    ],
)
def test_what_few_need_is_folded_until_it_is_used(as_bakary, cohort, module, changes, opened):
    page = as_bakary.get(make.assignment(cohort, module, **changes).get_absolute_url()).text
    form = page.split('id="typed"')[1].split("</form>")[0]
    assert ['" open>' in part[:30] for part in form.split("<details class=")[1:]] == opened


def test_a_fault_in_what_is_folded_is_shown(as_bakary, cohort, fields):
    page = new(as_bakary, cohort, fields | {"exam_attempts": "0", "months_valid": "0"}).text
    assert page.count('" open>') == 2


# What learners see of it


def dues(client, module):
    """The lines under each section of the module's page."""
    page = client.get(module.get_absolute_url()).text.split('<ol class="sections">')[1]
    lines = [section.split('<p class="due">')[1:] for section in page.split("<li>")[1:]]
    return [[line.split("</p>")[0] for line in section] for section in lines]


def test_a_learner_sees_on_the_module_page_what_is_due_when(as_awa, awa, cohort, module, sections):
    now = timezone.now()
    make.assignment(cohort, module, sections[:2], due_at=datetime(2126, 11, 30, 23, tzinfo=UTC))
    make.assignment(cohort, module, sections[:1], opens_at=now - 2 * DAY, due_at=now - DAY)
    make.assignment(cohort, module, is_required=False)
    make.assignment(cohort, module, sections[2:], opens_at=datetime(2126, 1, 1, 17, tzinfo=UTC))
    first, second, third = dues(as_awa, module)
    assert [len(first), len(second), len(third)] == [3, 2, 2]
    assert first[0].endswith("· late")
    assert second == [
        "Monday group: due 30 November 2126, 18:00 (America/New_York)",
        "Monday group: optional",
    ]
    assert "Monday group: opens 1 January 2126, 12:00 (America/New_York)" in third
    make.quiz(awa, sections[0], right=5)
    assert "late" not in dues(as_awa, module)[0][0]


def test_others_see_no_dates_of_the_cohort(client, as_celia, as_bakary, as_awa, cohort, module):
    make.assignment(cohort, module, due_at=timezone.now() + DAY)
    for browser in (client, as_celia, as_bakary):
        assert dues(browser, module) == [[], [], []]
    assert len(dues(as_awa, module)[0]) == 1
    as_awa.post(f"/en/cohorts/{cohort.pk}/leave/")
    assert dues(as_awa, module) == [[], [], []]


def test_of_work_without_a_date_what_opens_first_stands_first_and_another_modules_not_at_all(awa, cohort, module):
    make.assignment(cohort, make.case_study(), opens_at=make.NOW - DAY)
    for days in (2, 1):
        make.assignment(cohort, module, module.sections.filter(position=days), opens_at=make.NOW + days * DAY)
    rows = sections_set_for(awa, module)
    assert [row.opens_at for row in rows] == [make.NOW + DAY, make.NOW + 2 * DAY]


def test_a_module_page_costs_at_most_8_queries_however_much_is_set(as_awa, cohort, module, sections):
    as_awa.get("/en/")
    counts = []
    for _ in range(2):
        for section in sections:
            make.assignment(cohort, module, [section], due_at=timezone.now() + DAY)
        with CaptureQueriesContext(connection) as queries:
            as_awa.get(module.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_a_module_without_sections_still_has_its_page(client):
    assert client.get(make.module().get_absolute_url()).status_code == 200


def test_a_cohort_page_costs_the_same_however_much_is_set(as_awa, cohort, module, sections):
    as_awa.get("/en/")
    counts = []
    for _ in range(2):
        make.assignment(cohort, module, sections)
        with CaptureQueriesContext(connection) as queries:
            as_awa.get(cohort.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
