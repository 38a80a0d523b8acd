"""Where a list says another group or number than the roster: told in the look, and changed where that is ticked."""

import pytest

from cohorts.models import Group
from cohorts.roster import Person
from cohorts.roster.matching import Known, compare
from tests import make
from tests.cohorts.test_board import plain
from tests.cohorts.test_roster_import import CLASS, confirm, file, on_roster, sent, take

pytestmark = pytest.mark.django_db
MOVED = CLASS.replace("Sira;B", "Sira;C")
THERE = [("Traoré Awa", "25/1", "A"), ("Koné Sira", "25/2", "B")]


@pytest.fixture
def cohort(as_bakary, bakary, awa):
    row = make.cohort(bakary, [awa])
    take(as_bakary, f"/en/cohorts/{row.pk}/roster/", CLASS)
    assert on_roster(row) == THERE
    return row


@pytest.fixture
def address(cohort):
    return f"/en/cohorts/{cohort.pk}/roster/"


def looked_at(client, address, text):
    page = client.post(address, {"file": file(text)})
    assert page.status_code == 200
    return page


# Another group


def test_another_group_is_told_and_stays_unless_ticked(as_bakary, cohort, address):
    page = looked_at(as_bakary, address, MOVED)
    assert "Row 3, Koné Sira: group B → C" in plain(page.text)
    assert "Change what is ticked" in page.text
    assert "regroup" not in sent(page), "nothing is ticked beforehand"
    confirm(as_bakary, address, page)
    assert on_roster(cohort) == THERE
    assert not cohort.groups.filter(name="C").exists()


def test_ticked_it_changes_and_the_same_list_again_has_nothing_to_tell(as_bakary, cohort, address):
    page = looked_at(as_bakary, address, MOVED)
    basis = page.context["look"].compared.groups_basis
    page = as_bakary.post(address, sent(page, regroup=basis))
    assert sent(page)["regroup"] == [basis], "a tick stays when the list is read again"
    assert "Change 1 row" in page.text
    page = confirm(as_bakary, address, page)
    assert "1 row of the list changed." in page.text
    assert on_roster(cohort) == [THERE[0], ("Koné Sira", "25/2", "C")]
    assert "group C →" not in plain(looked_at(as_bakary, address, MOVED).text)


def test_new_people_come_whether_it_is_ticked_or_not(as_bakary, cohort, address):
    page = looked_at(as_bakary, address, MOVED + "25/3;Ba;Ali;A\n")
    confirm(as_bakary, address, page)
    assert on_roster(cohort) == [*THERE, ("Ba Ali", "25/3", "A")]


def test_a_tick_for_what_a_colleague_changed_meanwhile_changes_nothing_and_says_so(as_bakary, cohort, address):
    page = looked_at(as_bakary, address, MOVED)
    tutored = Group.objects.create(cohort=cohort, name="D")
    cohort.enrolments.filter(school_number="25/2").update(group=tutored)
    page = confirm(as_bakary, address, page, regroup=page.context["look"].compared.groups_basis)
    assert "No group was changed: other groups differ now." in page.text
    assert "Row 3, Koné Sira: group D → C" in plain(page.text)
    assert on_roster(cohort) == [THERE[0], ("Koné Sira", "25/2", "D")]


def test_the_same_group_in_other_letters_and_none_in_the_list_are_no_difference(as_bakary, cohort, address):
    for text in (CLASS.replace("Sira;B", "Sira;b "), CLASS.replace("Sira;B", "Sira;")):
        assert "group B →" not in plain(looked_at(as_bakary, address, text).text)


def test_whoever_is_told_apart_by_a_group_does_not_change_it():
    known = [Known(1, "Traoré Awa", group="A"), Known(2, "Traoré Awa (B)", group="B")]
    people = [Person("Traoré Awa", group="A", at="1"), Person("Traoré Awa (B)", group="C", at="2")]
    assert compare(people, known).regrouped == []


def test_many_are_told_up_to_fifty_and_counted(as_bakary, cohort, address):
    rows = [f"26/{number};Ly;Learner {number};" for number in range(60)]
    take(as_bakary, address, "\n".join(["Matricule;Nom;Prénom;Groupe", *(f"{row}A" for row in rows)]))
    page = looked_at(as_bakary, address, "\n".join(["Matricule;Nom;Prénom;Groupe", *(f"{row}B" for row in rows)]))
    assert "On the list in another group: 60 people" in plain(page.text)
    assert page.text.count("group A → B") == 50
    confirm(as_bakary, address, page, regroup=page.context["look"].compared.groups_basis)
    assert cohort.enrolments.filter(group__name="B").count() == 61


# A number that was empty, and another number


def test_a_number_that_was_empty_is_told_before_it_is_filled_in(as_bakary, cohort, address):
    take(as_bakary, address, "Nom\nBa Ali")
    page = looked_at(as_bakary, address, "Matricule;Nom\n25/9;Ba Ali")
    assert "Row 2, Ba Ali: no number → 25/9" in plain(page.text)
    confirm(as_bakary, address, page)
    assert on_roster(cohort) == [*THERE, ("Ba Ali", "25/9", "")]


def test_another_number_is_told_and_never_changed(as_bakary, cohort, address):
    page = looked_at(as_bakary, address, "Matricule;Nom;Prénom\n25/8;Koné;Sira")
    assert "Row 2, Koné Sira: number 25/2 on the list, 25/8 here" in plain(page.text)
    confirm(as_bakary, address, page)
    assert on_roster(cohort) == [*THERE, ("Koné Sira (25/8)", "25/8", "")]


def test_namesakes_who_are_both_in_the_list_are_no_difference(as_bakary, cohort, address):
    page = looked_at(as_bakary, address, CLASS + "25/8;Koné;Sira;A\n")
    assert "on the list, 25/8 here" not in plain(page.text)
