"""A cohort's own note to a section: written by its staff, read by its members alone, as text."""

import pytest

from cohorts.models import Note
from tests import make
from tests.cohorts.test_board import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    return make.case_study().sections.get()


@pytest.fixture
def cohort(bakary, awa, section):
    row = make.cohort(bakary, [awa], name="Monday <group>")
    make.assignment(row, section.module)
    return row


def write(client, cohort, section, text):
    return client.post(f"/en/cohorts/{cohort.pk}/notes/{section.pk}/", {"text": text})


def test_its_members_read_it_on_the_sections_page_under_the_cohorts_name(as_bakary, as_awa, cohort, section):
    assert write(as_bakary, cohort, section, "Bring the map.\n\nRead <b>twice</b>.").status_code == 302
    for client in (as_awa, as_bakary):
        page = client.get(section.get_absolute_url()).text
        assert "A note of Monday &lt;group&gt;" in page
        assert "<p>Bring the map.</p>" in page
        assert "&lt;b&gt;twice&lt;/b&gt;" in page
    assert "Bring the map" in as_bakary.get(f"/en/cohorts/{cohort.pk}/notes/").text


def test_nobody_else_reads_it(client, as_celia, as_danso, as_guest, as_awa, danso, cohort, section):
    Note.objects.create(cohort=cohort, section=section, text="Bring the map.")
    make.cohort(danso)
    for browser in (client, as_celia, as_danso, as_guest):
        assert "Bring the map" not in browser.get(section.get_absolute_url()).text
    as_awa.post(f"/en/cohorts/{cohort.pk}/leave/")
    assert "Bring the map" not in as_awa.get(section.get_absolute_url()).text


def test_a_learner_of_two_cohorts_reads_both(as_awa, awa, danso, cohort, section):
    other = make.cohort(danso, [awa])
    for row in (cohort, other):
        Note.objects.create(cohort=row, section=section, text=f"From {row.pk}.")
    page = plain(as_awa.get(section.get_absolute_url()).text)
    assert f"A note of Monday <group> From {cohort.pk}." in page
    assert f"A note of Autumn From {other.pk}." in page


def test_of_an_archived_cohort_none_is_read(as_awa, cohort, section):
    Note.objects.create(cohort=cohort, section=section, text="Bring the map.")
    assert "Bring the map" in as_awa.get(section.get_absolute_url()).text
    cohort.archive(make.NOW)
    assert "Bring the map" not in as_awa.get(section.get_absolute_url()).text


def test_it_is_changed_and_taken_away(as_bakary, cohort, section):
    for text in ("One", "Two"):
        write(as_bakary, cohort, section, text)
    assert Note.objects.get().text == "Two"
    assert ">Two</textarea>" in as_bakary.get(f"/en/cohorts/{cohort.pk}/notes/{section.pk}/").text.replace("\n", "")
    write(as_bakary, cohort, section, "  ")
    assert not Note.objects.exists()


def test_taking_one_away_leaves_those_of_other_sections(as_bakary, cohort, section):
    other = make.section(section.module)
    for each in (section, other):
        write(as_bakary, cohort, each, "Bring the map.")
    write(as_bakary, cohort, section, "")
    assert Note.objects.get().section == other


def test_more_than_4000_characters_are_refused_and_given_back(as_bakary, cohort, section):
    page = write(as_bakary, cohort, section, "x" * 4001)
    assert page.status_code == 422
    assert "x" * 4001 in page.text
    assert not Note.objects.exists()


def test_a_section_that_is_not_set_takes_none(as_bakary, cohort):
    assert write(as_bakary, cohort, make.section(), "Text").status_code == 404


@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_whoever_is_not_on_the_staff_writes_none(request, browser, cohort, section):
    assert write(request.getfixturevalue(browser), cohort, section, "Text").status_code == 404
    assert not Note.objects.exists()


def test_a_section_costs_at_most_8_queries_and_the_list_at_most_12(
    as_awa, as_bakary, cohort, section, django_assert_max_num_queries
):
    Note.objects.create(cohort=cohort, section=section, text="Text")
    for client in (as_awa, as_bakary):
        client.get("/en/")
    with django_assert_max_num_queries(8):
        as_awa.get(section.get_absolute_url())
    with django_assert_max_num_queries(12):
        as_bakary.get(f"/en/cohorts/{cohort.pk}/notes/")
