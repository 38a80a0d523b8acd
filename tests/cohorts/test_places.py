"""Places and members, kept by the staff: renamed, removed, handed out on slips, two rows made one."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Audit
from cohorts import groups, places
from cohorts.models import Cohort, Enrolment, Role
from cohorts.roster import Person
from quizzes.models import Attempt
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=7)


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], name="Monday group")


@pytest.fixture
def place(cohort):
    return make.place(cohort, "Zerbo, M.")


@pytest.fixture
def own(cohort, awa):
    return cohort.enrolments.get(user=awa)


def at(cohort, path):
    return f"/en/cohorts/{cohort.pk}/{path}"


def names(cohort):
    return sorted(row.roster_name for row in cohort.enrolments.exclude(roster_name=""))


# A place


def test_a_place_that_nobody_has_taken_has_a_page_with_its_code_and_is_renamed(as_bakary, cohort, place):
    page = as_bakary.get(at(cohort, f"places/{place.pk}/"))
    assert place.grouped_code in page.text
    assert f"http://testserver/en/join/{place.grouped_code}/" in page.text
    assert '<svg aria-hidden="true"' in page.text
    as_bakary.post(at(cohort, f"places/{place.pk}/"), {"roster_name": " Zerbo,  Mariam "})
    assert names(cohort) == ["Zerbo, Mariam"]


@pytest.mark.parametrize("name", ["", "x" * 121, "a\u202eb", "*", "COULIBALY, a."])
def test_a_name_that_cannot_stand_is_refused_beside_its_field(as_bakary, cohort, place, name):
    make.place(cohort, "Coulibaly, A.")
    page = as_bakary.post(at(cohort, f"places/{place.pk}/"), {"roster_name": name})
    assert page.status_code == 422
    assert '<a href="#id_roster_name">' in page.text
    assert names(cohort) == ["Coulibaly, A.", "Zerbo, M."]


def test_a_place_may_keep_its_name(as_bakary, cohort, place):
    assert as_bakary.post(at(cohort, f"places/{place.pk}/"), {"roster_name": "ZERBO, M."}).status_code == 302


def test_another_place_keeps_its_name(as_bakary, cohort, place):
    make.place(cohort, "Coulibaly, A.")
    as_bakary.post(at(cohort, f"places/{place.pk}/"), {"roster_name": "Zerbo, Mariam"})
    assert names(cohort) == ["Coulibaly, A.", "Zerbo, Mariam"]


def test_once_taken_it_is_renamed_too_and_says_what_became_of_the_slip(as_bakary, celia, cohort, place):
    places.claim_place(place, celia, make.NOW)
    row = cohort.enrolments.get(user=celia)
    page = as_bakary.get(at(cohort, f"places/{row.pk}/")).text
    assert place.grouped_code not in page
    assert "The slip has been used: the place is taken by Celia, in since 2 November 2026" in page.replace("\xa0", " ")
    as_bakary.post(at(cohort, f"places/{row.pk}/"), {"roster_name": "Zerbo, Mariam"})
    assert names(cohort) == ["Zerbo, Mariam"]


def test_a_place_that_nobody_has_taken_is_removed_with_its_code(as_bakary, client, cohort, place):
    as_bakary.post(at(cohort, f"places/{place.pk}/remove/"))
    assert names(cohort) == []
    assert client.get(f"/en/join/{place.grouped_code}/").status_code == 404


# Removing a learner


def test_a_learner_is_removed_and_keeps_all_work_and_it_is_noted(as_bakary, bakary, as_awa, awa, cohort, own):
    section = make.case_study().sections.get()
    make.assignment(cohort, section.module)
    make.quiz(awa, section, right=4)
    page = as_bakary.post(at(cohort, f"places/{own.pk}/remove/"), follow=True)
    assert "With the cohort’s code they could come back" in page.text
    assert "Awa" not in as_bakary.get(at(cohort, "board/")).text
    assert as_awa.get(cohort.get_absolute_url())["Location"] == "/en/cohorts/"
    assert Attempt.objects.of(awa).count() == 1
    own.refresh_from_db()
    assert own.left_at is not None
    note = Audit.objects.get()
    assert (note.who, note.what, note.on_what) == (bakary, "removal", f"enrolment {own.pk}")


def test_who_was_removed_comes_back_neither_by_their_code_nor_by_the_same_list(as_celia, celia, bakary, cohort, place):
    places.claim_place(place, celia, make.NOW)
    assert places.remove(cohort.enrolments.get(user=celia), bakary, make.NOW)
    assert as_celia.get(f"/en/join/{place.grouped_code}/").status_code == 404
    assert places.add(cohort, [Person("Zerbo, M.")]).made == 0
    assert not Cohort.objects.of(celia).exists()


def test_removing_twice_is_noted_once(bakary, cohort, own):
    assert [places.remove(own, bakary, make.NOW) for _ in range(2)] == [True, False]
    assert Audit.objects.count() == 1


def test_staff_are_not_removed_from_this_page(as_bakary, cohort, danso):
    row = make.staff(cohort, danso)
    as_bakary.post(at(cohort, f"places/{row.pk}/"), {"roster_name": "Danso"})
    assert as_bakary.post(at(cohort, f"places/{row.pk}/remove/")).status_code == 404
    for verb in (places.remove, places.renew_code):
        assert not verb(row, danso, make.NOW)
    assert not places.describe(row, "Danso", "", None)
    assert names(cohort) == []
    assert Cohort.objects.of(danso).exists()


def test_an_instructor_hands_over_and_leaves(as_bakary, cohort, awa, own, as_awa):
    """The whole of it: another instructor is made, the first leaves, the second makes the first a learner's equal."""
    as_bakary.post(at(cohort, f"members/{own.pk}/"), {"role": Role.INSTRUCTOR})
    as_bakary.post(at(cohort, "leave/"))
    assert as_bakary.get(at(cohort, "members/")).status_code == 404
    assert as_awa.get(at(cohort, "members/")).status_code == 200
    assert list(Cohort.objects.taught_by(awa)) == [cohort]


@pytest.mark.parametrize("path", ["places/{own}/", "places/{own}/remove/", "merge/", "slips/"])
def test_another_cohorts_rows_are_not_reached_through_ones_own(as_danso, danso, cohort, own, place, path):
    make.cohort(danso, name="Other")
    other = Cohort.objects.taught_by(danso).get()
    data = {"row": [own.pk, place.pk], "roster_name": "Mine"}
    page = as_danso.post(at(other, path.format(own=own.pk)), data)
    assert page.status_code in (404, 405, 422)
    assert names(cohort) == ["Zerbo, M."]
    assert "Zerbo" not in page.text
    own.refresh_from_db()
    assert (own.left_at, own.roster_name) == (None, "")


# Two rows, one person


def merge(client, cohort, *rows):
    return client.post(at(cohort, "merge/"), {"row": [row.pk for row in rows]})


def test_two_rows_are_looked_at_and_made_one(as_bakary, bakary, cohort, place, own):
    page = as_bakary.get(at(cohort, "merge/"), {"row": [place.pk, own.pk]})
    assert "Is Awa the same person as “Zerbo, M.” on your list?" in page.text
    assert Enrolment.objects.filter(pk=place.pk).exists()
    assert merge(as_bakary, cohort, place, own).status_code == 302
    own.refresh_from_db()
    assert (own.roster_name, own.personal_code) == ("Zerbo, M.", place.personal_code)
    assert not Enrolment.objects.filter(pk=place.pk).exists()
    note = Audit.objects.get()
    assert (note.who, note.what, note.on_what) == (bakary, "merge", f"enrolment {place.pk} into {own.pk}")


def test_later_dates_and_marks_by_hand_come_along_and_ones_own_date_stays(as_bakary, cohort, place, own):
    module = make.case_study()
    one, two = make.assignment(cohort, module), make.assignment(cohort, module)
    for row, assignment, reason in [(place, one, "ill"), (place, two, "away"), (own, two, "own")]:
        assignment.extensions.create(enrolment=row, due_at=LATER, reason=reason)
    marked = make.any_hand_mark(place, one)
    merge(as_bakary, cohort, own, place)
    assert list(own.extensions.order_by("assignment").values_list("reason", flat=True)) == ["ill", "own"]
    marked.refresh_from_db()
    assert marked.enrolment == own


def test_what_somebody_who_left_held_goes_to_another_row_and_theirs_stays(as_bakary, celia, cohort, place, own):
    places.claim_place(place, celia, make.NOW)
    left = cohort.enrolments.get(user=celia)
    left.leave(make.NOW)
    assert "left on 2 Nov 2026" in as_bakary.get(at(cohort, "members/")).text.replace("\xa0", " ")
    assert "Celia, who left, keeps their own work" in as_bakary.get(
        at(cohort, "merge/"), {"row": [left.pk, own.pk]}
    ).text.replace("\xa0", " ")
    merge(as_bakary, cohort, left, own)
    own.refresh_from_db(), left.refresh_from_db()
    assert (own.roster_name, left.roster_name, left.user, left.left_at) == ("Zerbo, M.", "", celia, make.NOW)


def test_a_name_and_a_code_that_stand_there_already_stay(as_bakary, cohort, place, own):
    Enrolment.objects.filter(pk=own.pk).update(roster_name="Coulibaly, A.", personal_code="CDFGHJKMNPQR")
    merge(as_bakary, cohort, own, place)
    own.refresh_from_db()
    assert (names(cohort), own.personal_code) == (["Coulibaly, A."], "CDFGHJKMNPQR")


def test_two_who_are_both_in_are_never_made_one_nor_two_places_nor_one_alone_nor_staff(
    as_bakary, bakary, celia, guest, cohort, place, own
):
    second = cohort.join(celia, make.NOW)
    third = cohort.join(guest, make.NOW)
    other = make.place(cohort, "Coulibaly, A.")
    staff = cohort.enrolments.get(user=bakary)
    left = cohort.join(make.user("Fatou"), make.NOW)
    left.leave(make.NOW)
    Enrolment.objects.filter(pk=left.pk).update(roster_name="Somebody")
    refused = [(own, second), (own, third), (place, other), (left, place), (own,), (), (own, second, place)]
    for rows in [*refused, (staff, place), (staff, left), (own, place, staff)]:
        page = merge(as_bakary, cohort, *rows)
        assert page.status_code == 422
        assert 'role="alert"' in page.text
    assert cohort.enrolments.count() == 7
    assert not Audit.objects.exists()


def test_nonsense_is_no_row(as_bakary, cohort):
    page = as_bakary.get(at(cohort, "merge/"), {"row": ["x", "²", "-1", "9" * 30]})
    assert page.status_code == 200
    assert "Choose two rows" in page.text


# Slips


def test_there_is_a_slip_for_each_place_that_nobody_has_taken(as_bakary, celia, cohort, place):
    other = make.place(cohort, "Coulibaly, A.")
    places.claim_place(place, celia, make.NOW)
    page = as_bakary.get(at(cohort, "slips/")).text
    assert page.count('<svg aria-hidden="true" viewBox') == 1
    assert f"http://testserver/en/join/{other.grouped_code}/" in page
    assert "Coulibaly, A." in page
    assert "Zerbo" not in page


def test_slips_without_a_name_hold_the_code_of_the_cohort(as_bakary, cohort, place):
    page = as_bakary.get(at(cohort, "slips/"), {"blank": 7}).text
    assert page.count('<svg aria-hidden="true" viewBox') == 7
    assert page.count(f"http://testserver/en/join/{cohort.grouped_code}/") == 7
    assert "Zerbo" not in page


@pytest.mark.parametrize("blank", ["0", "101", "many", "-1", ""])
def test_so_many_slips_are_refused(as_bakary, cohort, blank):
    page = as_bakary.get(at(cohort, "slips/"), {"blank": blank})
    assert page.status_code == 422
    assert '<a href="#id_blank">' in page.text


def test_without_a_code_of_the_cohort_there_are_no_slips_without_a_name(as_bakary, cohort):
    cohort.close_joining()
    page = as_bakary.get(at(cohort, "slips/"), {"blank": 5}).text
    assert '<svg aria-hidden="true" viewBox' not in page


@pytest.mark.parametrize(
    "path",
    [
        *("roster/", "slips/", "slips/?place={place}", "members/", "members/?q=learner", "groups/", ""),
        *("places/{place}/", "places/{own}/", "places/{own}/same/", "merge/?row={place}&row={own}"),
    ],
)
def test_pages_of_the_roster_cost_the_same_however_long_it_is(as_bakary, cohort, own, place, path):
    as_bakary.get("/en/")
    counts = []
    for wanted in (1, 150):
        places.add(cohort, [Person(f"Learner {number}") for number in range(wanted)])
        for row in cohort.enrolments.untaken():
            places.describe(row, row.roster_name, f"number {row.pk}", groups.named(cohort, f"Group {row.pk}"))
        with CaptureQueriesContext(connection) as queries:
            page = as_bakary.get(at(cohort, path.format(place=place.pk, own=own.pk)))
        assert page.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_the_code_on_the_screen_is_the_one_of_the_link(as_bakary, cohort):
    """The same text gives the same drawing; another code another one."""
    first = as_bakary.get(cohort.get_absolute_url()).text
    assert first.count('<svg aria-hidden="true" viewBox') == 1
    drawn = first.split('<path stroke="#000"')[1].split("/>")[0]
    cohort.renew_code(make.NOW)
    assert drawn not in as_bakary.get(cohort.get_absolute_url()).text


def test_a_learner_finds_no_way_to_the_roster(as_awa, cohort, place):
    page = unescape(as_awa.get(cohort.get_absolute_url()).text)
    for path in ("roster/", "slips/", "members/", "places/"):
        assert path not in page
    assert browser_of(make.user("Fatou")).get(at(cohort, f"places/{place.pk}/")).status_code == 404
