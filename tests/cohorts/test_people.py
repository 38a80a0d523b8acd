"""Who is in a cohort, as its staff find, name, re-code, dismiss and let them in again; and what learners are told."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Audit
from cohorts import groups, people, places
from cohorts.models import Enrolment
from cohorts.people import Member, Search, State
from tests import make
from tests.conftest import browser_of
from tests.forms import form_of

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=7)


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], name="Monday group")


@pytest.fixture
def own(cohort, awa):
    return cohort.enrolments.get(user=awa)


@pytest.fixture
def place(cohort):
    return make.place(cohort, "Zerbo, M.")


@pytest.fixture
def taken(cohort, place, celia):
    """The place, taken by Celia."""
    assert places.claim_place(place, celia, make.NOW)
    return cohort.enrolments.get(user=celia)


def at(cohort, path=""):
    return f"/en/cohorts/{cohort.pk}/{path}"


def text_of(page):
    return " ".join(unescape(page.text).replace("\xa0", " ").split())


def listed(page):
    """The names on the page of all, in their order."""
    rows = page.text.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    return [unescape(row.split("/places/")[1].split(">")[1].split("<")[0]) for row in rows]


# A name on joining


@pytest.fixture
def join(cohort):
    return {"code": cohort.grouped_code}


def test_a_guest_is_asked_for_a_name_that_the_staff_alone_see(client, as_awa, as_bakary, cohort, join):
    page = client.get(f"/en/join/{cohort.grouped_code}/", follow=True)
    assert "The name by which your teacher knows you" in page.text
    assert "Only the staff of this cohort see it." in page.text
    assert client.post("/en/join/cohort/", join | {"said_name": "  Mariam   Zerbo "}).status_code == 302
    assert cohort.enrolments.get(user__is_guest=True).said_name == "Mariam Zerbo"
    assert "Mariam Zerbo" in as_bakary.get(at(cohort, "members/")).text
    assert "Mariam" not in as_awa.get(at(cohort)).text


@pytest.mark.parametrize("name", ["", "   ", "*", "x" * 121, "a\u202eb", "x" * 5000])
def test_without_a_name_that_can_stand_nobody_joins_and_what_was_typed_stays(client, cohort, join, name):
    page = client.post("/en/join/cohort/", join | {"said_name": name, "words": "on"})
    assert page.status_code == 422
    assert '<a href="#id_said_name">' in page.text
    assert 'name="words"' in page.text.split("checked")[0].split("<input")[-1]
    assert not cohort.enrolments.filter(user__is_guest=True).exists()
    again = client.post("/en/join/cohort/", join | {"said_name": "Kassim", "words": "off"})
    assert again.status_code in (200, 302)
    assert cohort.enrolments.get(user__is_guest=True).said_name == "Kassim"


def test_whoever_has_a_name_here_finds_it_in_the_field_and_may_leave_it_empty(as_celia, celia, cohort, join):
    page = as_celia.get(f"/en/join/{cohort.grouped_code}/", follow=True)
    assert 'name="said_name" value="Celia"' in page.text
    as_celia.post("/en/join/cohort/", join | {"said_name": ""})
    assert cohort.enrolments.get(user=celia).known_name == "Celia"


def test_a_second_press_joins_once_and_changes_no_name(client, cohort, join):
    for name in ("Mariam", "Somebody else"):
        assert client.post("/en/join/cohort/", join | {"said_name": name}).status_code == 302
    assert [row.said_name for row in cohort.enrolments.filter(user__is_guest=True)] == ["Mariam"]


def test_a_personal_code_asks_for_no_name_and_takes_none(client, cohort, place):
    page = client.get(f"/en/join/{place.grouped_code}/", follow=True)
    assert 'name="said_name"' not in page.text
    client.post("/en/join/cohort/", {"code": place.grouped_code, "said_name": "Somebody else"})
    row = cohort.enrolments.get(user__is_guest=True)
    assert (row.said_name, row.known_name) == ("", "Zerbo, M.")


def test_who_left_and_stands_on_the_list_comes_back_without_being_asked(client, cohort, place, join):
    client.post("/en/join/cohort/", {"code": place.grouped_code})
    client.post(at(cohort, "leave/"))
    assert client.post("/en/join/cohort/", join)["Location"] == at(cohort)


def test_a_guest_who_came_in_before_writes_the_name_on_the_cohorts_page(as_guest, guest, as_awa, as_bakary, cohort):
    cohort.join(guest, make.NOW)
    page = as_guest.get(at(cohort))
    assert "cannot tell who you are" in page.text
    address, fields = form_of(page, "typed")
    assert as_guest.post(address, fields | {"said_name": "Mariam Zerbo"})["Location"] == at(cohort)
    page = as_guest.get(at(cohort)).text
    assert 'value="Mariam Zerbo"' in page
    assert "cannot tell who you are" not in page
    assert "Mariam Zerbo" in as_bakary.get(at(cohort, "members/")).text
    assert "Mariam" not in as_awa.get(at(cohort)).text


def test_a_name_that_cannot_stand_is_refused_there_and_stays_in_the_field(as_awa, own, cohort):
    page = as_awa.post(at(cohort, "name/"), {"said_name": "x" * 121})
    assert page.status_code == 422
    assert '<a href="#id_said_name">' in page.text
    assert f'value="{"x" * 121}"' in page.text
    own.refresh_from_db()
    assert own.said_name == ""


def test_a_page_of_before_overwrites_no_newer_name(as_awa, own, cohort):
    old = form_of(as_awa.get(at(cohort)), "typed")[1]
    as_awa.post(at(cohort, "name/"), old | {"said_name": "Awa Coulibaly"})
    assert as_awa.post(at(cohort, "name/"), old | {"said_name": "Awa"}).status_code == 409
    own.refresh_from_db()
    assert own.said_name == "Awa Coulibaly"


def test_staff_and_strangers_have_no_such_name(as_bakary, as_celia, cohort):
    for browser in (as_bakary, as_celia):
        assert browser.post(at(cohort, "name/"), {"said_name": "Me"}).status_code == 404


def test_a_guest_who_signs_in_brings_the_name_along_unless_the_account_has_one(as_guest, guest, awa, cohort, own):
    make.joined(awa, make.NOW)
    cohort.join(guest, make.NOW)
    cohort.enrolments.filter(user=guest).update(said_name="Awa Coulibaly")
    places.resolve_guest(cohort.enrolments.get(user=guest), own, [], LATER)
    own.refresh_from_db()
    assert own.said_name == "Awa Coulibaly"
    second = cohort.join(make.guest(), make.NOW)
    second.said_name = "Somebody"
    places.resolve_guest(second, own, [], LATER)
    own.refresh_from_db()
    assert own.said_name == "Awa Coulibaly"


def test_a_place_that_is_free_again_holds_nobodys_word(awa, guest, cohort, place):
    account = make.staff(make.cohort(make.user("Ely")), awa)
    places.claim_place(place, guest, make.NOW)
    row = cohort.enrolments.get(user=guest)
    Enrolment.objects.filter(pk=row.pk).update(said_name="Mariam")
    account = cohort.enrolments.get(user=awa)
    account.roster_name = "Coulibaly"
    places.resolve_guest(row, account, [], LATER)
    row.refresh_from_db()
    assert (row.user, row.said_name) == (None, "")


# How staff know somebody


def test_staff_name_a_guest_give_a_number_and_make_a_group(as_bakary, guest, cohort):
    row = cohort.join(guest, make.NOW)
    address, fields = form_of(as_bakary.get(at(cohort, f"places/{row.pk}/")), "typed")
    typed = {"roster_name": "Mariam Zerbo", "school_number": " 2026-017 ", "new_group": "TD 1"}
    assert as_bakary.post(address, fields | typed).status_code == 302
    row.refresh_from_db()
    assert (row.roster_name, row.school_number, row.group.name) == ("Mariam Zerbo", "2026-017", "TD 1")
    page = as_bakary.get(at(cohort, "members/")).text
    for text in ("Mariam Zerbo", row.shown_name, "2026-017", "TD 1"):
        assert text in page


def test_a_group_of_that_name_is_taken_not_made_twice(as_bakary, own, cohort):
    td = groups.named(cohort, "TD 1")
    for typed in ({"new_group": "td  1"}, {"group": str(td.pk)}):
        as_bakary.post(at(cohort, f"places/{own.pk}/"), typed)
        own.refresh_from_db()
        assert own.group == td
    as_bakary.post(at(cohort, f"places/{own.pk}/"), {"group": ""})
    own.refresh_from_db()
    assert own.group is None
    assert cohort.groups.count() == 1


@pytest.mark.parametrize("group", ["0", "x", "9" * 30, "²"])
def test_a_group_of_nobody_is_refused(as_bakary, own, cohort, group):
    assert as_bakary.post(at(cohort, f"places/{own.pk}/"), {"group": group}).status_code == 422


def test_a_number_is_one_persons(as_bakary, own, place, cohort):
    Enrolment.objects.filter(pk=place.pk).update(school_number="17")
    page = as_bakary.post(at(cohort, f"places/{own.pk}/"), {"school_number": "17", "roster_name": "Awa C."})
    assert page.status_code == 422
    assert "Zerbo, M. has this number already" in page.text
    assert 'value="Awa C."' in page.text
    own.refresh_from_db()
    assert (own.school_number, own.roster_name) == ("", "")


def test_namesakes_are_told_apart_by_their_numbers(as_bakary, own, place, cohort):
    page = as_bakary.post(at(cohort, f"places/{own.pk}/"), {"roster_name": "zerbo, m."})
    assert page.status_code == 422
    Enrolment.objects.filter(pk=place.pk).update(school_number="17")
    typed = {"roster_name": "Zerbo, M."}
    assert as_bakary.post(at(cohort, f"places/{own.pk}/"), typed).status_code == 422
    assert as_bakary.post(at(cohort, f"places/{own.pk}/"), typed | {"school_number": "18"}).status_code == 302


def test_a_place_that_nobody_has_taken_keeps_a_name(as_bakary, place, cohort):
    assert as_bakary.post(at(cohort, f"places/{place.pk}/"), {"roster_name": ""}).status_code == 422


def test_the_parts_of_a_name_go_where_another_is_written(place):
    Enrolment.objects.filter(pk=place.pk).update(family_name="Zerbo", given_name="M.")
    places.describe(place, "Zerbo, M.", "17", None)
    place.refresh_from_db()
    assert place.family_name == "Zerbo"
    places.describe(place, "Keita, M.", "17", None)
    place.refresh_from_db()
    assert (place.family_name, place.given_name) == ("", "")


def test_whoever_takes_a_place_takes_number_group_and_parts_of_the_name_along(place, celia, cohort):
    td = groups.named(cohort, "TD 1")
    Enrolment.objects.filter(pk=place.pk).update(school_number="17", group=td, family_name="Zerbo", given_name="M.")
    places.claim_place(place, celia, make.NOW)
    row = cohort.enrolments.get(user=celia)
    assert (row.school_number, row.group, row.family_name, row.given_name) == ("17", td, "Zerbo", "M.")


# Codes


def test_a_new_code_is_shown_at_once_with_its_slip_and_the_old_opens_nothing(as_bakary, bakary, client, place, cohort):
    old = place.grouped_code
    page = as_bakary.post(at(cohort, f"places/{place.pk}/code/"), follow=True)
    place.refresh_from_db()
    assert place.grouped_code != old
    for text in (place.grouped_code, f"/en/join/{place.grouped_code}/", "Made anew on", f"slips/?place={place.pk}"):
        assert text in page.text
    assert client.get(f"/en/join/{old}/").status_code == 404
    assert client.get(f"/en/join/{place.grouped_code}/").status_code == 302
    note = Audit.objects.get()
    assert (note.who, note.what, note.on_what) == (bakary, "code made", f"enrolment {place.pk}")


def test_it_asks_first_whether_the_slip_was_given_out(as_bakary, place, cohort):
    page = as_bakary.get(at(cohort, f"places/{place.pk}/")).text
    question = page.split("Have you given out the slip?")[0]
    assert question.rindex("<details>") > question.rindex("<section")


def test_a_code_for_a_taken_place_waits_for_its_holder(as_bakary, taken, cohort):
    assert taken.open_code == ""
    as_bakary.post(at(cohort, f"places/{taken.pk}/code/"))
    taken.refresh_from_db()
    assert taken.open_code == taken.grouped_code
    assert "leads this person back to their place" in as_bakary.get(at(cohort, f"places/{taken.pk}/")).text
    assert taken.grouped_code in as_bakary.get(at(cohort, f"slips/?place={taken.pk}")).text


def test_a_second_press_on_the_same_page_makes_no_second_code(as_bakary, place, cohort):
    page = as_bakary.get(at(cohort, f"places/{place.pk}/")).text
    basis = page.split("/code/")[1].split('name="basis" value="')[1].split('"')[0]
    codes = []
    for _ in range(2):
        as_bakary.post(at(cohort, f"places/{place.pk}/code/"), {"basis": basis})
        place.refresh_from_db()
        codes.append(place.personal_code)
    assert codes[0] == codes[1]


def test_the_code_of_the_cohort_is_asked_for_and_says_when_it_was_made(as_bakary, cohort):
    page = text_of(as_bakary.get(at(cohort)))
    assert "Made on 2 November 2026." in page
    for question in ("every projected or printed code of the cohort, then opens nothing", "Close it?"):
        assert page.index("<details>") < page.index(question)


# Looking for somebody


@pytest.fixture
def class_of(cohort):
    make.listed(cohort, ["Zoé Keita", "Élodie Traoré", "emma Sangaré", "N’Guessan Modibo", "Œdipe Koné"])
    return cohort


def test_all_are_in_the_order_of_their_languages_staff_first(as_bakary, class_of, bakary):
    names = ["Bakary", "Awa", "Élodie Traoré", "emma Sangaré", "N’Guessan Modibo", "Œdipe Koné", "Zoé Keita"]
    assert listed(as_bakary.get(at(class_of, "members/"))) == names


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("traore elodie", ["Élodie Traoré"]),
        ("N'GUESSAN", ["N’Guessan Modibo"]),
        ("oedipe", ["Œdipe Koné"]),
        ("2026-05", ["Zoé Keita"]),
        ("awa mme", ["Coulibaly A."]),
        ("keita elodie", []),
        ("nobody", []),
        (
            "%",
            ["Bakary", "Coulibaly A.", "Élodie Traoré", "emma Sangaré", "N’Guessan Modibo", "Œdipe Koné", "Zoé Keita"],
        ),
        ("x" * 5000, []),
    ],
)
def test_somebody_is_found_by_any_name_or_number(as_bakary, class_of, own, asked, found):
    class_of.enrolments.filter(roster_name="Zoé Keita").update(school_number="2026-05")
    Enrolment.objects.filter(pk=own.pk).update(said_name="Mme Coulibaly", roster_name="Coulibaly A.")
    page = as_bakary.get(at(class_of, "members/"), {"q": asked})
    assert (listed(page) if found else "Nobody is found" in page.text) == (found or True)


def test_they_are_filtered_by_group_and_state(as_bakary, bakary, class_of, own, celia):
    td = groups.named(class_of, "TD 1")
    groups.gather(class_of, [own.pk, class_of.enrolments.get(roster_name="Zoé Keita").pk], td)
    gone = class_of.join(celia, make.NOW)
    Enrolment.objects.filter(pk=gone.pk).update(roster_name="Celia K.")
    gone.leave(make.NOW)

    def found(**asked):
        return listed(as_bakary.get(at(class_of, "members/"), asked))

    assert found(group=td.pk) == ["Awa", "Zoé Keita"]
    assert found(group=td.pk, state="waiting") == ["Zoé Keita"]
    assert found(group="none", state="in") == ["Bakary"]
    assert found(state="gone") == ["Celia K."]
    assert len(found(state="no such", group="")) == 8


def test_a_search_goes_along_to_the_next_page(as_bakary, cohort):
    make.listed(cohort, [f"Keita {number}" for number in range(120)])
    page = as_bakary.get(at(cohort, "members/"), {"q": "keita", "state": "waiting"})
    assert 'href="?q=keita&amp;state=waiting&amp;page=2"' in page.text
    assert "120 people found" in page.text


@given(st.text(max_size=40), st.text(max_size=20))
def test_whoever_is_asked_for_by_the_own_name_is_found(name, number):
    row = Member(1, "learner", name, "", number, None, None, None, None, None, None, None)
    assert Search(name).among([row]) == [row]
    assert Search(number).among([row]) == [row]
    assert row.state == State.WAITING


# Groups


def test_those_who_are_marked_go_into_a_group_and_out_again(as_bakary, own, place, bakary, cohort):
    rows = [own.pk, place.pk, cohort.enrolments.get(user=bakary).pk]
    page = as_bakary.post(at(cohort, "members/group/?q=a"), {"row": rows, "new_group": "TD 2"})
    assert page["Location"] == at(cohort, "members/?q=a")
    td = cohort.groups.get()
    assert sorted(row.pk for row in td.enrolments.all()) == sorted([own.pk, place.pk])
    as_bakary.post(at(cohort, "members/group/"), {"row": own.pk, "group": "none"})
    assert [row.pk for row in td.enrolments.all()] == [place.pk]


def test_without_a_group_nothing_changes_and_the_marks_stay(as_bakary, own, cohort):
    page = as_bakary.post(at(cohort, "members/group/"), {"row": own.pk})
    assert page.status_code == 422
    assert '<a href="#id_group">' in page.text
    assert "checked" in page.text.split(f'value="{own.pk}"')[1].split(">")[0]


def test_without_a_mark_it_says_so(as_bakary, cohort):
    td = groups.named(cohort, "TD 1")
    page = as_bakary.post(at(cohort, "members/group/"), {"group": td.pk, "row": ["x", "9" * 30]}, follow=True)
    assert "Mark the people first" in page.text


def test_groups_are_made_renamed_and_deleted_and_their_people_stay(as_bakary, own, cohort):
    as_bakary.post(at(cohort, "groups/"), {"name": " TD  1 "})
    td = cohort.groups.get()
    assert td.name == "TD 1"
    groups.gather(cohort, [own.pk], td)
    assert "1 learner" in as_bakary.get(at(cohort, "groups/")).text
    as_bakary.post(at(cohort, f"groups/{td.pk}/"), {f"group-{td.pk}-name": "Seminar"})
    td.refresh_from_db()
    assert td.name == "Seminar"
    as_bakary.post(at(cohort, f"groups/{td.pk}/delete/"))
    own.refresh_from_db()
    assert (own.group, own.left_at, cohort.groups.count()) == (None, None, 0)


@pytest.mark.parametrize("name", ["", "x" * 61, "a\u202eb", "td 2"])
def test_a_name_that_a_group_cannot_have_is_refused_beside_its_field(as_bakary, cohort, name):
    td = groups.named(cohort, "TD 1")
    groups.named(cohort, "TD 2")
    page = as_bakary.post(at(cohort, f"groups/{td.pk}/"), {f"group-{td.pk}-name": name})
    assert page.status_code == 422
    assert f'<a href="#id_group-{td.pk}-name">' in page.text
    td.refresh_from_db()
    assert td.name == "TD 1"


def test_making_the_same_group_twice_makes_one(as_bakary, cohort):
    for name in ("TD 1", "td 1"):
        assert as_bakary.post(at(cohort, "groups/"), {"name": name}).status_code == 302
    assert cohort.groups.count() == 1


def test_a_group_of_another_cohort_is_not_reached(as_danso, danso, cohort, own):
    td = groups.named(cohort, "TD 1")
    other = make.cohort(danso)
    assert as_danso.post(at(other, f"groups/{td.pk}/"), {f"group-{td.pk}-name": "Mine"}).status_code == 404
    assert as_danso.post(at(other, f"groups/{td.pk}/delete/")).status_code == 404
    assert as_danso.post(at(other, "members/group/"), {"row": own.pk, "group": td.pk}).status_code == 422
    as_danso.post(at(other, "members/group/"), {"row": own.pk, "new_group": "Mine"})
    own.refresh_from_db()
    assert own.group is None


# Two rows on different pages


def test_a_person_is_looked_for_among_five_hundred_and_made_one(as_bakary, guest, cohort):
    make.listed(cohort, [f"Keita {number:03}" for number in range(500)])
    row = cohort.join(guest, make.NOW)
    page = as_bakary.get(at(cohort, f"places/{row.pk}/same/"), {"q": "keita 477"})
    place = cohort.enrolments.get(roster_name="Keita 477")
    assert f"merge/?row={row.pk}&amp;row={place.pk}" in page.text
    assert page.text.count("merge/?row=") == 1
    as_bakary.post(at(cohort, "merge/"), {"row": [row.pk, place.pk]})
    row.refresh_from_db()
    assert row.roster_name == "Keita 477"


def test_only_rows_that_can_be_one_are_offered(as_bakary, bakary, own, place, celia, cohort):
    second = cohort.join(celia, make.NOW)
    for row, partners in ((own, {place}), (place, {own, second})):
        offered = people.partners(row, people.members_of(cohort))
        assert {member.pk for member in offered} == {partner.pk for partner in partners}
        for member in offered:
            pair = [row, Enrolment.objects.get(pk=member.pk)]
            assert places.mergeable_pair(pair)


# Cost


def test_looking_at_five_hundred_costs_as_many_queries_as_at_one(as_bakary, cohort):
    as_bakary.get("/en/")
    counts = []
    for wanted in (1, 500):
        make.listed(cohort, [f"Learner {number}" for number in range(wanted)])
        with CaptureQueriesContext(connection) as queries:
            as_bakary.get(at(cohort, "members/"), {"q": "learner", "page": "2"})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_no_page_of_people_opens_to_a_learner_or_a_stranger(as_awa, cohort, own):
    for browser in (as_awa, browser_of(make.user("Fatou"))):
        for path in ("members/", "groups/", f"places/{own.pk}/", f"places/{own.pk}/same/", "slips/"):
            assert browser.get(at(cohort, path)).status_code == 404
    assert Client().get(at(cohort, "members/")).status_code == 302
