"""What is set for a cohort: made, changed and deleted by its staff; its dates are those of its time zone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cohorts.models import Assignment, Role
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
    rows = Assignment.objects.set_for(awa).by_section(module)
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
