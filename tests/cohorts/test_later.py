"""A later date for several people at once: found by name or group, in one transaction, taking nothing from anybody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Audit
from cohorts import later
from cohorts.models import Extension
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DUE = make.NOW + 9 * DAY
LATER = {"due_at": "2026-12-24T18:00", "reason": "No power in the town"}


@pytest.fixture
def module():
    return make.case_study(sections=1)


@pytest.fixture
def cohort(bakary, awa):
    return make.cohort(bakary, [awa], time_zone="Africa/Bamako")


@pytest.fixture
def assignment(cohort, module):
    return make.assignment(cohort, module, due_at=DUE)


@pytest.fixture
def awas(cohort, awa):
    return cohort.enrolments.get(user=awa)


@pytest.fixture
def issa(cohort):
    return make.place(cohort, "Koné, Issa")


@pytest.fixture
def address(assignment):
    return f"{assignment.get_absolute_url()}later/"


def dues():
    return {row.enrolment_id: f"{row.due_at:%d.%m. %H}" for row in Extension.objects.exclude(due_at=None)}


def test_those_who_are_ticked_have_the_later_date_and_the_reason(
    as_bakary, bakary, cohort, assignment, awas, issa, address
):
    make.place(cohort, "Traoré, Moussa")
    page = as_bakary.post(address, LATER | {"people": [awas.pk, issa.pk]}, follow=True)
    assert "2 people have the later date now" in page.text
    assert dues() == {awas.pk: "24.12. 18", issa.pk: "24.12. 18"}
    assert {(row.reason, row.made_by) for row in Extension.objects.all()} == {("No power in the town", bakary)}
    lines = [(row.what, row.who, row.on_what.split(": ")[1]) for row in Audit.objects.all()]
    assert lines == [("extension", bakary, "made")] * 2


def test_nothing_is_taken_from_whoever_has_more_and_the_rest_stays_as_it_is(
    as_bakary, bakary, assignment, cohort, awas, issa, address
):
    excused = make.place(cohort, "Traoré, Moussa")
    latest = make.place(cohort, "Diallo, Fanta")
    given = {"reason": "Ill", "made_by": bakary}
    assignment.extensions.create(enrolment=excused, is_excused=True, **given)
    assignment.extensions.create(enrolment=latest, due_at=DUE + 99 * DAY, **given)
    assignment.extensions.create(enrolment=issa, due_at=DUE + DAY, exam_attempts=2, **given)
    people = [awas.pk, issa.pk, excused.pk, latest.pk]
    page = as_bakary.post(address, LATER | {"people": people}, follow=True)
    assert "2 people have the later date now" in page.text
    assert "2 people keep what they have" in page.text
    rows = {row.enrolment: row for row in Extension.objects.all()}
    assert (rows[excused].due_at, rows[excused].is_excused, rows[excused].reason) == (None, True, "Ill")
    assert (rows[latest].due_at, rows[latest].reason) == (DUE + 99 * DAY, "Ill")
    assert (f"{rows[issa].due_at:%d.%m.}", rows[issa].exam_attempts, rows[issa].reason) == (
        "24.12.",
        2,
        LATER["reason"],
    )


def test_the_second_press_changes_nothing(as_bakary, awas, address):
    for _ in range(2):
        page = as_bakary.post(address, LATER | {"people": [awas.pk]}, follow=True)
    assert "1 person keeps what they have" in page.text
    assert Audit.objects.count() == 1


def test_it_reaches_an_exam_that_runs(as_bakary, awa, awas, module, assignment, address):
    assignment.exam, assignment.due_at = "open", timezone.now() + DAY
    assignment.save()
    exam = make.exam(awa, module, at=timezone.now(), due_at=assignment.due_at)
    as_bakary.post(address, LATER | {"people": [awas.pk], "due_at": "2126-12-24T18:00"})
    exam.refresh_from_db()
    assert exam.due_at.year == 2126


# Who is found


def found(client, address, **query):
    page = client.get(address, query).text.split("<legend")[1].split("</fieldset>")[0]
    return [
        part.split("</label>")[0].split(">")[-1].strip().split("\n")[0]
        for part in page.split('<label for="id_people')[1:]
    ]


@pytest.mark.parametrize("text", ["kone", "KONÉ", "issa k", "2026-17", "Kone\u0301"])
def test_somebody_is_found_by_a_part_of_the_name_or_the_number(as_bakary, cohort, awas, issa, address, text):
    cohort.enrolments.filter(pk=issa.pk).update(school_number="2026-17")
    assert found(as_bakary, address, q=text) == ["Koné, Issa"]


def test_a_group_alone_is_shown_and_names_are_in_order(as_bakary, cohort, awas, issa, address):
    ely = make.place(cohort, "Élodie Ba")
    assert found(as_bakary, address) == ["Awa", "Élodie Ba", "Koné, Issa"]
    group = cohort.groups.create(name="Tuesday")
    cohort.enrolments.filter(pk=ely.pk).update(group=group)
    page = as_bakary.get(address, {"group": group.pk}).text
    assert "Élodie Ba" in page
    assert "Koné, Issa" not in page


@pytest.mark.parametrize(
    "query", [{"q": "x" * 5000}, {"q": "%_\x00"}, {"group": "9" * 30}, {"group": "no"}, {"page": "x"}]
)
def test_nonsense_finds_nobody_or_everybody_and_breaks_nothing(as_bakary, address, query):
    assert as_bakary.get(address, query).status_code == 200


def test_somebody_stays_ticked_where_something_is_to_be_put_right(as_bakary, awas, address):
    page = as_bakary.post(address, LATER | {"people": [awas.pk], "reason": ""})
    assert page.status_code == 422
    tag = page.text.split('name="people"')[1].split(">")[0]
    assert f'value="{awas.pk}"' in tag
    assert "checked" in tag


# What is refused


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"people": []}, "id_people_0"),
        ({"people": ["999999"]}, "id_people_0"),
        ({"people": ["x"]}, "id_people_0"),
        ({"people": ["9" * 40]}, "id_people_0"),
        ({"due_at": ""}, "id_due_at"),
        ({"due_at": "2020-01-01T09:00"}, "id_due_at"),
        ({"due_at": "9999-12-31T23:59"}, "id_due_at"),
        ({"reason": ""}, "id_reason"),
        ({"reason": "x" * 501}, "id_reason"),
    ],
)
def test_what_cannot_hold_is_refused_and_nothing_is_kept(as_bakary, awas, address, fields, target):
    page = as_bakary.post(address, LATER | {"people": [awas.pk]} | fields)
    assert page.status_code == 422
    assert f'<a href="#{target}">' in page.text
    assert (Extension.objects.count(), Audit.objects.count()) == (0, 0)


def test_nothing_is_due_later_where_nothing_is_due(as_bakary, assignment, awas, address):
    type(assignment).objects.update(due_at=None)
    assert as_bakary.post(address, LATER | {"people": [awas.pk]}).status_code == 422


def test_more_than_sixty_at_once_are_refused(as_bakary, cohort, address):
    people = [make.place(cohort, f"Traoré {number}").pk for number in range(61)]
    page = as_bakary.post(address, LATER | {"people": people})
    assert page.status_code == 422
    assert "60 people at most" in page.text
    assert not Extension.objects.exists()


def test_a_learner_of_another_cohort_is_not_reached(as_bakary, bakary, celia, address):
    other = make.cohort(bakary, [celia]).enrolments.get(user=celia)
    assert as_bakary.post(address, LATER | {"people": [other.pk]}).status_code == 422
    assert not Extension.objects.exists()


@pytest.mark.parametrize("browser", ["as_awa", "as_celia", "as_danso"])
def test_whoever_is_not_on_the_staff_gives_none(request, browser, awas, address):
    client = request.getfixturevalue(browser)
    assert client.get(address).status_code == 404
    assert client.post(address, LATER | {"people": [awas.pk]}).status_code == 404
    assert not Extension.objects.exists()


# What it costs


def test_it_costs_the_same_however_many_people(as_bakary, bakary, cohort, assignment, address):
    as_bakary.get("/en/")
    counts = []
    for number in (1, 30):
        people = [make.place(cohort, f"Traoré {number} {each}") for each in range(number)]
        with CaptureQueriesContext(connection) as looking:
            as_bakary.get(address)
        with CaptureQueriesContext(connection) as giving:
            assert len(later.give(assignment, people, DUE + DAY, "Ill", bakary, make.NOW)) == number
        counts.append((len(looking), len(giving)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 12
    assert counts[0][1] <= 14
