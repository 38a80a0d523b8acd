"""Two of the staff at one form: nobody's change is overwritten unseen, and nothing that was typed is lost."""

import re
from html import unescape

import pytest
from django.http import QueryDict
from hypothesis import example, given
from hypothesis import strategies as st

from cohorts.forms.cohorts import EditCohortForm
from cohorts.models import Assignment, Extension, HandMark, Note, Role
from tests import make
from tests.conftest import browser_of

TODAY = make.NOW.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(awa, bakary, danso):
    """Bakary and Danso teach Awa."""
    cohort = make.cohort(bakary, [awa])
    make.staff(cohort, danso)
    return cohort


@pytest.fixture
def row(cohort):
    module = make.module()
    for _ in range(3):
        make.lesson(make.section(module))
    return make.assignment(cohort, module)


@pytest.fixture
def as_both(bakary, danso):
    return browser_of(bakary), browser_of(danso)


FIELD = re.compile(r'<input [^>]*?type="(hidden|text|number|datetime-local)"[^>]*>')


def fields_of(page):
    """{name: value or values} of the page's form to type in, as a browser would send it untouched."""
    form = next(text for text in page.text.split("<form")[1:] if 'id="typed"' in text.split(">")[0]).split("</form>")[0]
    fields = {}
    for tag in re.findall(r"<input [^>]*>", form):
        attributes = dict(re.findall(r'([-\w]+)="([^"]*)"', tag))
        if attributes.get("type") in ("checkbox", "radio"):
            if " checked" in tag:
                fields.setdefault(attributes["name"], []).append(attributes.get("value", "on"))
        else:
            fields[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.S):
        fields[name] = unescape(text)
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        fields[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return fields


def test_a_note_over_a_newer_one_does_not_overwrite_and_is_not_lost(as_both, cohort, row):
    section = row.module.sections.first()
    address = f"/en/cohorts/{cohort.pk}/notes/{section.pk}/"
    bakary, danso = as_both
    old = fields_of(bakary.get(address))
    assert danso.post(address, fields_of(danso.get(address)) | {"text": "Bring the map."}).status_code == 302
    page = bakary.post(address, old | {"text": "Bring a pen."})
    assert page.status_code == 409
    assert Note.objects.get().text == "Bring the map."
    assert "Bring the map." in page.text
    again = fields_of(page)
    assert again["text"] == "Bring a pen."
    assert bakary.post(address, again).status_code == 302
    assert Note.objects.get().text == "Bring a pen."


def test_a_note_that_was_taken_away_meanwhile_is_said_so(as_both, cohort, row):
    section = row.module.sections.first()
    cohort.write_note(section, "Bring the map.", make.NOW)
    address = f"/en/cohorts/{cohort.pk}/notes/{section.pk}/"
    old = fields_of(as_both[0].get(address))
    cohort.write_note(section, "", make.NOW)
    page = as_both[0].post(address, old | {"text": "Bring the map and a pen."})
    assert page.status_code == 409
    assert "nothing" in page.text
    assert not Note.objects.exists()


def test_what_is_sent_twice_is_no_conflict(as_both, cohort, row):
    section = row.module.sections.first()
    address = f"/en/cohorts/{cohort.pk}/notes/{section.pk}/"
    fields = fields_of(as_both[0].get(address)) | {"text": "Bring\r\nthe map. "}
    assert [as_both[0].post(address, fields).status_code for _ in range(2)] == [302, 302]


def test_an_untouched_field_of_an_assignment_takes_what_is_newer(as_both, cohort, row):
    address, sections = row.get_absolute_url(), list(row.module.sections.order_by("position"))
    bakary, danso = as_both
    old = fields_of(bakary.get(address))
    fresh = fields_of(danso.get(address))
    assert danso.post(address, fresh | {"due_at": "2026-12-24T18:00", "exam": "open"}).status_code == 302
    page = bakary.post(address, old | {"sections": [sections[1].pk]})
    assert page.status_code == 409
    row.refresh_from_db()
    assert (f"{row.due_at:%d.%m. %H}", row.exam, row.chosen()) == ("24.12. 18", "open", [])
    again = fields_of(page)
    assert (again["due_at"], again["exam"], again["sections"]) == ("2026-12-24T18:00", "open", [str(sections[1].pk)])
    assert bakary.post(address, again).status_code == 302
    row = Assignment.objects.get()
    assert (f"{row.due_at:%d.%m. %H}", row.exam, row.chosen()) == ("24.12. 18", "open", [sections[1]])


def test_what_was_ticked_off_meanwhile_stays_so_unless_it_was_touched(as_both, cohort, row):
    address = row.get_absolute_url()
    old = fields_of(as_both[0].get(address))
    Assignment.objects.update(is_required=False)
    page = as_both[0].post(address, old | {"exam_minutes": "45"})
    assert page.status_code == 409
    assert "is_required" not in fields_of(page)
    assert fields_of(page)["exam_minutes"] == "45"


def test_both_chose_sections_and_the_newer_ones_are_told_by_their_titles(as_both, cohort, row):
    sections = list(row.module.sections.order_by("position"))
    old = fields_of(as_both[0].get(row.get_absolute_url()))
    row.sections.set(sections[:2])
    page = as_both[0].post(row.get_absolute_url(), old | {"sections": [sections[2].pk]})
    assert page.status_code == 409
    assert f"1. {sections[0].title}, 2. {sections[1].title}" in page.text
    assert fields_of(page)["sections"] == [str(sections[2].pk)]


def test_an_extension_says_who_changed_it(as_both, cohort, row, awa, danso):
    Assignment.objects.update(exam="open")
    enrolment = cohort.enrolments.get(user=awa)
    address = f"/en/cohorts/{cohort.pk}/assignments/{row.pk}/learners/{enrolment.pk}/extension/"
    old = fields_of(as_both[0].get(address))
    row.extend(enrolment, danso, make.NOW, is_excused=True, reason="Ill")
    page = as_both[0].post(address, old | {"exam_attempts": "2", "reason": "Asked for it"})
    assert page.status_code == 409
    assert "Danso changed this" in page.text
    assert "Ill" in page.text
    assert Extension.objects.get().is_excused
    again = fields_of(page)
    assert (again["reason"], again["is_excused"]) == ("Asked for it", ["on"])
    assert as_both[0].post(address, again).status_code == 302
    kept = Extension.objects.get()
    assert (kept.is_excused, kept.exam_attempts, kept.reason) == (True, 2, "Asked for it")


def test_an_extension_that_a_colleague_changed_is_not_taken_back_unseen(as_both, cohort, row, awa, danso, bakary):
    enrolment = cohort.enrolments.get(user=awa)
    address = f"/en/cohorts/{cohort.pk}/assignments/{row.pk}/learners/{enrolment.pk}/extension/"
    row.extend(enrolment, bakary, make.NOW, is_excused=True, reason="Ill")
    basis = fields_of(as_both[0].get(address))["basis"]
    row.extend(enrolment, danso, make.NOW, is_excused=True, reason="In hospital")
    page = as_both[0].post(address, {"remove": "1", "basis": basis})
    assert "Danso changed this" in page.text
    assert Extension.objects.exists()
    assert as_both[0].post(address, {"remove": "1", "basis": fields_of(page)["basis"]}).status_code == 302
    assert not Extension.objects.exists()


def test_a_mark_beside_a_colleagues_newer_one_is_set_only_in_knowledge_of_it(as_both, cohort, row, awa, danso):
    section, enrolment = row.module.sections.first(), cohort.enrolments.get(user=awa)
    address = f"/en/cohorts/{cohort.pk}/learners/{enrolment.pk}/sections/{section.pk}/"
    old = fields_of(as_both[0].get(address))
    make.hand_mark(row, awa, section, "0.4", danso)
    page = as_both[0].post(address, old | {"points": "85", "reason": "An essay"})
    assert page.status_code == 409
    assert "Danso changed this on 2 November 2026" in page.text
    assert HandMark.objects.count() == 1
    again = fields_of(page)
    assert (again["points"], again["reason"]) == ("85", "An essay")
    assert as_both[0].post(address, again).status_code == 302
    assert HandMark.objects.count() == 2


def test_name_and_time_zone_of_a_cohort(as_both, cohort):
    address = f"/en/cohorts/{cohort.pk}/edit/"
    bakary, danso = as_both
    old = fields_of(bakary.get(address))
    danso.post(address, fields_of(danso.get(address)) | {"name": "Winter", "time_zone": "Africa/Bamako"})
    page = bakary.post(address, old | {"name": "Spring"})
    assert page.status_code == 409
    assert "Winter" in page.text
    again = fields_of(page)
    assert (again["name"], again["time_zone"]) == ("Spring", "Africa/Bamako")
    bakary.post(address, again)
    cohort.refresh_from_db()
    assert (cohort.name, cohort.time_zone) == ("Spring", "Africa/Bamako")


def test_the_name_of_a_place(as_both, cohort):
    place = make.place(cohort, "Zerbo, Mariam")
    address = f"/en/cohorts/{cohort.pk}/places/{place.pk}/"
    old = fields_of(as_both[0].get(address))
    cohort.enrolments.filter(pk=place.pk).update(roster_name="Zerbo, Maryam")
    page = as_both[0].post(address, old | {"roster_name": "Zerbo, M."})
    assert page.status_code == 409
    assert "Zerbo, Maryam" in page.text
    assert as_both[0].post(address, fields_of(page)).status_code == 302
    place.refresh_from_db()
    assert place.roster_name == "Zerbo, M."


def test_a_role(as_both, cohort, celia):
    member = make.staff(cohort, celia, Role.LEARNER)
    own_page, address = (f"/en/cohorts/{cohort.pk}/{path}/{member.pk}/" for path in ("places", "members"))

    def basis(page):
        form = page.text.split(f'action="{address}"')[1].split("</form>")[0]
        return re.search(r'name="basis" value="(\w+)"', form)[1], re.search(r'value="(\w+)" selected', form)[1]

    old, _role = basis(as_both[0].get(own_page))
    cohort.enrolments.filter(pk=member.pk).update(role=Role.LEAD)
    page = as_both[0].post(address, {"role": "instructor", "basis": old})
    assert page.status_code == 409
    member.refresh_from_db()
    assert member.role == Role.LEAD
    new, chosen = basis(page)
    assert chosen == "instructor"
    assert as_both[0].post(address, {"role": chosen, "basis": new}).status_code == 302
    member.refresh_from_db()
    assert member.role == Role.INSTRUCTOR


def basis_of(page):
    return re.findall(r'name="basis" value="(\w+)"', page.text)[-1]


def test_a_place_that_a_colleague_renamed_is_neither_merged_nor_removed_unseen(as_both, cohort, awa):
    own, place = cohort.enrolments.get(user=awa), make.place(cohort, "Traoré, Awa")
    rows, bakary = {"row": [own.pk, place.pk]}, as_both[0]
    merge, own_page = f"/en/cohorts/{cohort.pk}/merge/", f"/en/cohorts/{cohort.pk}/places/{place.pk}/"
    pair, alone = basis_of(bakary.get(merge, rows)), basis_of(bakary.get(own_page))
    cohort.enrolments.filter(pk=place.pk).update(roster_name="Keita, Moussa")
    page = bakary.post(merge, rows | {"basis": pair})
    assert page.status_code == 409
    for text in ("Somebody else changed this", "Keita, Moussa"):
        assert text in page.text
    told = bakary.post(f"{own_page}remove/", {"basis": alone}, follow=True)
    assert "Somebody else changed this" in told.text
    assert cohort.enrolments.filter(roster_name="Keita, Moussa", user=None).exists()
    assert bakary.post(merge, rows | {"basis": basis_of(page)}).status_code == 302
    own.refresh_from_db()
    assert own.roster_name == "Keita, Moussa"


def test_a_join_code_that_a_colleague_has_just_drawn_stays(as_both, cohort):
    address = f"/en/cohorts/{cohort.pk}/"
    old = re.search(r'name="basis" value="(\w+)"', as_both[0].get(address).text)[1]
    cohort.renew_code(make.NOW)
    for button in ({}, {"close": "1"}):
        as_both[0].post(f"{address}code/", {"basis": old, **button})
        code, cohort = cohort.join_code, type(cohort).objects.get()
        assert cohort.join_code == code
    new = re.search(r'name="basis" value="(\w+)"', as_both[0].get(address).text)[1]
    as_both[0].post(f"{address}code/", {"basis": new, "close": "1"})
    cohort.refresh_from_db()
    assert cohort.join_code is None


def test_an_assignment_that_a_colleague_changed_is_not_deleted_unseen(as_both, row):
    basis = fields_of(as_both[0].get(row.get_absolute_url()))["basis"]
    Assignment.objects.update(exam="open")
    as_both[0].post(f"{row.get_absolute_url()}delete/", {"basis": basis})
    assert Assignment.objects.exists()
    basis = fields_of(as_both[0].get(row.get_absolute_url()))["basis"]
    as_both[0].post(f"{row.get_absolute_url()}delete/", {"basis": basis})
    assert not Assignment.objects.exists()


def test_of_two_at_once_one_is_asked(in_parallel, cohort, row, bakary, danso):
    section = row.module.sections.first()
    address = f"/en/cohorts/{cohort.pk}/notes/{section.pk}/"
    people = [browser_of(bakary), browser_of(danso)]
    forms = [fields_of(person.get(address)) | {"text": f"Note {number}"} for number, person in enumerate(people)]
    codes = in_parallel(lambda number: people[number].post(address, forms[number]).status_code, 2)
    assert sorted(codes) == [302, 409]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)


@given(shown=TEXTS, stands=TEXTS, typed=TEXTS)
@example(shown="Class 2", stands="", typed="Class 2")
def test_whatever_three_texts_are_nothing_newer_is_overwritten_at_once(shown, stands, typed):
    zone = {"time_zone": "UTC"}
    basis = EditCohortForm(TODAY, None, initial={"name": shown, **zone}).initial["basis"]
    data = QueryDict(mutable=True)
    data.update({"name": typed, "basis": basis, **zone})
    form = EditCohortForm(TODAY, data, initial={"name": stands, **zone})
    plain = [text.replace("\r\n", "\n").strip() for text in (shown, stands, typed)]
    assert bool(form.newer) == (plain[0] != plain[1] != plain[2])
    if form.newer:
        assert not form.is_valid()
        assert (form.data.get("name") or "").strip() == (plain[1] if plain[2] == plain[0] else typed.strip())
        assert not EditCohortForm(TODAY, form.data, initial={"name": stands, **zone}).newer


@pytest.mark.parametrize("basis", ["x", "." * 99, "é", "a.b.c.d.e.f"])
def test_a_basis_that_makes_no_sense_overwrites_nothing(as_both, cohort, basis):
    address = f"/en/cohorts/{cohort.pk}/edit/"
    page = as_both[0].post(address, {"name": "Winter", "time_zone": "UTC", "basis": basis})
    assert page.status_code == 409
    assert fields_of(page)["name"] == "Winter"
