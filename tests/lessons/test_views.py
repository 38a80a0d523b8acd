"""A lesson, "I have read this", and a claim's own page, as visitor and learner."""

import pytest
from django.utils import timezone

from lessons.models import Lesson, Module, Reading, Section
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lessons():
    section = make.section()
    return [make.lesson(section) for _ in range(3)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_visitor_reads_a_lesson_in_either_language(client, lessons, language):
    first, second, third = lessons
    page = client.get(second.get_absolute_url().replace("/en/", f"/{language}/"))
    assert page.status_code == 200
    assert second.document["title"][language] in page.text
    assert second.document["parts"][language][0]["html"] in page.text
    for neighbour in (first, third):
        assert f'{neighbour.get_absolute_url()}"'.replace("/en/", f"/{language}/") in page.text
    assert page["Cache-Control"] == "private, no-cache" or "no-cache" in page["Cache-Control"]


def test_reading_leads_to_the_next_lesson_and_after_the_last_to_the_section(as_awa, awa, lessons):
    ways = [as_awa.post(f"{lesson.get_absolute_url()}read/")["Location"] for lesson in lessons]
    assert ways == [
        lessons[1].get_absolute_url(),
        lessons[2].get_absolute_url(),
        lessons[0].section.get_absolute_url(),
    ]
    assert Reading.objects.of(awa).count() == 3


def test_reading_again_keeps_the_first_day_and_what_was_read_last(as_awa, lessons):
    as_awa.post(f"{lessons[0].get_absolute_url()}read/")
    first = Reading.objects.get()
    Lesson.objects.update(checksum="f" * 64)
    as_awa.post(f"{lessons[0].get_absolute_url()}read/")
    again = Reading.objects.get()
    assert (again.read_at, again.checksum) == (first.read_at, "f" * 64)


def test_the_button_tells_whether_it_was_read(as_awa, lessons):
    address = lessons[0].get_absolute_url()
    before = as_awa.get(address).context["reading"]
    as_awa.post(f"{address}read/")
    assert before is None
    assert as_awa.get(address).context["reading"] == Reading.objects.get()


def test_what_a_preview_has_read_has_not_changed_since(as_bakary, lessons):
    address = lessons[0].get_absolute_url()
    as_bakary.post("/en/preview/", {"module": lessons[0].section.module.slug})
    before = as_bakary.get(address).context["reading"]
    as_bakary.post(f"{address}read/")
    page = as_bakary.get(address)
    assert before is None
    assert page.context["reading"].checksum == lessons[0].checksum
    assert "has changed since" not in page.text
    assert not Reading.objects.exists()


def test_nobody_sees_that_another_has_read(as_celia, awa, lessons):
    make.reading(awa, lessons[0])
    assert as_celia.get(lessons[0].get_absolute_url()).context["reading"] is None


@pytest.mark.parametrize("withdrawn", [Lesson, Section, Module])
def test_what_is_withdrawn_is_no_page(client, lessons, withdrawn):
    withdrawn.objects.update(withdrawn_at=timezone.now())
    address = lessons[0].get_absolute_url()
    assert client.get(address).status_code == 404
    assert client.post(f"{address}read/").status_code == 404
    assert not Reading.objects.exists()


def test_a_lesson_stands_only_under_its_own_section_and_module(client, lessons):
    other = make.lesson()
    for address in (
        f"{other.section.get_absolute_url()}{lessons[0].slug}/",
        lessons[0].get_absolute_url().replace(lessons[0].section.module.slug, other.section.module.slug),
    ):
        assert client.get(address).status_code == 404


def test_a_lesson_costs_no_more_queries_in_a_longer_section(as_awa, lessons, django_assert_max_num_queries):
    as_awa.get("/en/")
    section = lessons[0].section
    for _ in range(15):
        make.lesson(section)
    with django_assert_max_num_queries(8):
        assert as_awa.get(lessons[0].get_absolute_url()).status_code == 200


# A claim


def test_a_claim_has_a_page_that_names_the_lessons_that_cite_it(client):
    section = make.section()
    claim = make.claim(section, presented="allegation", stands="allegation")
    citing, other = make.lesson(section), make.lesson(section)
    citing.claims.add(claim)
    page = client.get(claim.get_absolute_url())
    assert page.status_code == 200
    main = page.text.split("<main")[1]
    assert "As found" in main
    assert f'{citing.get_absolute_url()}"' in main
    assert f'{other.get_absolute_url()}"' not in main


def test_a_corrected_claim_sets_the_articles_words_against_the_finding(client):
    page = client.get(make.claim(verdict="wrong").get_absolute_url())
    assert "<del>As written</del>" in page.text
    assert "<ins>As found</ins>" in page.text


def test_a_withdrawn_claim_and_an_unknown_one_are_no_page(client):
    claim = make.claim(withdrawn_at=timezone.now())
    assert client.get(claim.get_absolute_url()).status_code == 404
    assert client.get(claim.get_absolute_url().replace(claim.key, "M999")).status_code == 404


def test_titles_stay_neutral(client, lessons):
    """Of the module, the name of the tab says only that it is a case study (quality R13)."""
    claim = make.claim(lessons[0].section)
    for row in (lessons[0], lessons[0].section, claim, claim.module):
        title = client.get(row.get_absolute_url()).text.split("<title>")[1].split("</title>")[0]
        assert "The case of" not in title
        assert lessons[0].title not in title
