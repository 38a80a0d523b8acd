"""A cohort's own notes, to a section or to all: written by its staff, read by its members alone, as text."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cohorts.copying import copy
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


@pytest.fixture
def freeze(monkeypatch):
    """freeze(at): it is that time from now on."""
    return lambda at: monkeypatch.setattr(timezone, "now", lambda: at)


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


# A note to all


def write_to_all(client, cohort, text):
    return client.post(f"/en/cohorts/{cohort.pk}/notes/all/", {"text": text})


def read_by(client, cohort):
    """The notes to all that stand at home and on the cohort's page, which have to be the same."""
    pages = [plain(client.get(address).text) for address in ("/en/", cohort.get_absolute_url())]
    found = [re.findall(r"From the staff of .*?, \d+ \w+ \d{4} .*?(?= What )", page) for page in pages]
    assert found[0] == found[1]
    return found[0]


def test_its_learners_read_a_note_to_all_at_home_and_on_the_cohorts_page(as_bakary, as_awa, cohort, freeze):
    freeze(make.NOW)
    assert write_to_all(as_bakary, cohort, "No class on Friday: https://example.org/a").status_code == 302
    assert read_by(as_awa, cohort) == [
        "From the staff of Monday <group>, 2 November 2026 No class on Friday: https://example.org/a"
    ]
    link = '<a href="https://example.org/a" rel="nofollow noopener">'
    assert link in as_awa.get("/en/").text
    page = plain(as_bakary.get(f"/en/cohorts/{cohort.pk}/notes/").text)
    assert "Saved on 2 November 2026. Learners read it for 14 days from then on." in page


def test_it_stands_for_two_weeks_and_saved_again_for_two_more(as_bakary, as_awa, cohort, freeze):
    freeze(make.NOW)
    write_to_all(as_bakary, cohort, "No class on Friday.")
    freeze(make.NOW + timedelta(days=13, hours=23))
    assert read_by(as_awa, cohort)
    freeze(make.NOW + timedelta(days=14))
    assert not read_by(as_awa, cohort)
    assert "nobody reads it any more" in as_bakary.get(f"/en/cohorts/{cohort.pk}/notes/").text
    write_to_all(as_bakary, cohort, "No class on Friday.")
    assert read_by(as_awa, cohort)


def test_there_is_one_which_the_next_replaces_and_an_empty_one_takes_away(as_bakary, as_awa, cohort, section):
    write(as_bakary, cohort, section, "Bring the map.")
    for text in ("One.", "Two."):
        write_to_all(as_bakary, cohort, text)
    assert Note.objects.get(section=None).text == "Two."
    write_to_all(as_bakary, cohort, "")
    assert [note.section for note in Note.objects.all()] == [section]
    assert not read_by(as_awa, cohort)


def test_two_notes_to_all_of_one_cohort_cannot_be(cohort):
    Note.objects.create(cohort=cohort, text="One.", written_at=make.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(cohort=cohort, text="Two.", written_at=make.NOW)


def test_nobody_but_its_learners_reads_a_note_to_all(client, as_bakary, as_celia, as_awa, cohort):
    write_to_all(as_bakary, cohort, "No class on Friday.")
    for browser in (client, as_celia, as_bakary):
        assert "No class" not in browser.get("/en/").text
    cohort.archive(timezone.now())
    assert "No class" not in as_awa.get("/en/").text
    cohort.take_up(make.NOW.date())
    as_awa.post(f"/en/cohorts/{cohort.pk}/leave/")
    assert "No class" not in as_awa.get("/en/").text


def test_a_note_to_all_does_not_stand_on_a_section_and_is_not_copied_to_the_next_term(
    as_bakary, as_awa, cohort, section
):
    write(as_bakary, cohort, section, "Bring the map.")
    write_to_all(as_bakary, cohort, "No class on Friday.")
    assert "No class" not in as_awa.get(section.get_absolute_url()).text
    new = copy(cohort, "Spring", "UTC", None, make.NOW)
    assert [(note.section, note.text) for note in new.notes.all()] == [(section, "Bring the map.")]


@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_whoever_is_not_on_the_staff_writes_none_to_all(request, browser, cohort):
    assert write_to_all(request.getfixturevalue(browser), cohort, "Text").status_code == 404
    assert not Note.objects.exists()
