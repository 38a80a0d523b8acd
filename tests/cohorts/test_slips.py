"""Slips of paper: what stands on each, in which language, and which of them are shown."""

import pytest

from cohorts import groups, places
from cohorts.models import Enrolment
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(bakary):
    return make.cohort(bakary, name="Monday group")


@pytest.fixture
def place(cohort):
    row = make.place(cohort, "Zerbo, M.")
    places.describe(row, "Zerbo, M.", "2026-017", groups.named(cohort, "TD 1"))
    return row


def at(cohort, path="slips/"):
    return f"/en/cohorts/{cohort.pk}/{path}"


def slips(page):
    return page.text.split('<ul class="slips"')[1].split("</ul>")[0].split("<li>")[1:]


def test_a_slip_has_name_number_group_code_and_what_to_do(as_bakary, cohort, place):
    [slip] = slips(as_bakary.get(at(cohort)))
    for text in ("Zerbo, M.", "2026-017", "TD 1", place.grouped_code, f"/en/join/{place.grouped_code}/", "Scan this"):
        assert text in slip


def test_slips_speak_the_language_of_the_class(as_bakary, cohort, place):
    page = as_bakary.get(at(cohort), {"language": "fr"})
    [slip] = slips(page)
    assert f"/fr/join/{place.grouped_code}/" in slip
    assert "Scan this" not in slip
    assert '<ul class="slips" lang="fr">' in page.text
    assert "Slips to hand out" in page.text
    blank = slips(as_bakary.get(at(cohort), {"language": "fr", "blank": 3}))
    assert [f"/fr/join/{cohort.grouped_code}/" in slip for slip in blank] == [True] * 3


def test_a_language_that_the_site_does_not_speak_is_refused(as_bakary, cohort, place):
    page = as_bakary.get(at(cohort), {"language": "xx"})
    assert page.status_code == 422
    assert '<a href="#id_language">' in page.text


def test_those_of_a_group_are_shown_alone(as_bakary, cohort, place):
    make.place(cohort, "Keita, A.")
    shown = slips(as_bakary.get(at(cohort), {"group": cohort.groups.get().pk}))
    assert len(shown) == 1
    assert "Zerbo" in shown[0]


def test_names_stand_in_the_order_of_their_languages(as_bakary, cohort):
    make.listed(cohort, ["Zoé", "Élodie", "emma"])
    assert [slip.split("<h2>")[1].split("<")[0] for slip in slips(as_bakary.get(at(cohort)))] == [
        "Élodie",
        "emma",
        "Zoé",
    ]


def test_a_taken_place_has_a_slip_alone_and_only_while_its_code_waits(as_bakary, bakary, celia, cohort, place):
    places.claim_place(place, celia, make.NOW)
    row = cohort.enrolments.get(user=celia)
    assert 'class="slips"' not in as_bakary.get(at(cohort)).text
    assert 'class="slips"' not in as_bakary.get(at(cohort), {"place": row.pk}).text
    places.renew_code(row, bakary, make.NOW)
    row.refresh_from_db()
    [slip] = slips(as_bakary.get(at(cohort), {"place": row.pk}))
    assert row.grouped_code in slip
    assert 'class="slips"' not in as_bakary.get(at(cohort)).text


def test_nobody_prints_a_slip_of_another_cohort(as_danso, danso, cohort, place):
    other = make.cohort(danso)
    assert "Zerbo" not in as_danso.get(at(other), {"place": place.pk}).text
    assert as_danso.get(at(cohort), {"place": place.pk}).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30])
def test_nonsense_is_no_place(as_bakary, cohort, place, number):
    assert as_bakary.get(at(cohort), {"place": number}).status_code == 422


def test_sixty_stand_on_a_page_which_are_five_sheets(as_bakary, cohort, place):
    make.listed(cohort, [f"Learner {number}" for number in range(70)])
    page = as_bakary.get(at(cohort), {"language": "fr"})
    assert len(slips(page)) == 60
    assert 'href="?language=fr&amp;page=2"' in page.text
    assert Enrolment.objects.untaken().count() == 71
