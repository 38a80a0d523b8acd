"""One press makes one: a form that is sent twice leads the second time to what it made (quality R24)."""

import pytest

from cohorts.models import Assignment, Cohort
from tests import make
from tests.conftest import browser_of
from tests.forms import form_of

pytestmark = pytest.mark.django_db
ZONE = {"time_zone": "UTC"}


@pytest.fixture
def cohort(bakary):
    return make.cohort(bakary, name="Autumn")


@pytest.fixture
def forms(cohort):
    """{what it makes: (address of the form, what Bakary types, how many there are before)}."""
    own = f"/en/cohorts/{cohort.pk}/"
    set_work = {"module": make.case_study().pk, "opens_at": "2026-11-02T09:00"}
    return {
        "a cohort": ("/en/cohorts/new/", {"name": "Spring", **ZONE}, Cohort),
        "a copy": (f"{own}copy/", {"name": "Spring", **ZONE}, Cohort),
        "an assignment": (f"{own}assignments/new/", set_work, Assignment),
    }


def filled(client, address, typed):
    return form_of(client.get(address), "typed")[1] | typed


FORMS = pytest.mark.parametrize("what", ["a cohort", "a copy", "an assignment"])


@FORMS
def test_a_double_tap_makes_one_and_leads_to_it(as_bakary, forms, what):
    address, typed, model = forms[what]
    sent, before = filled(as_bakary, address, typed), model.objects.count()
    answers = [as_bakary.post(address, sent) for _ in range(2)]
    assert model.objects.count() == before + 1
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]


@FORMS
def test_the_form_opened_anew_makes_another(as_bakary, forms, what):
    address, typed, model = forms[what]
    before = model.objects.count()
    for _ in range(2):
        as_bakary.post(address, filled(as_bakary, address, typed))
    assert model.objects.count() == before + 2


@FORMS
def test_a_form_that_came_back_with_an_error_or_in_french_is_still_the_same(as_bakary, forms, what):
    address, typed, model = forms[what]
    sent, before = filled(as_bakary, address, typed), model.objects.count()
    wrong = dict.fromkeys(typed, "")
    back = form_of(as_bakary.post(address, sent | wrong), "typed")[1]
    in_french = form_of(as_bakary.post(address.replace("/en/", "/fr/"), sent | {"show": "1"}), "typed")[1]
    for fields in (sent, back | typed, in_french | typed):
        as_bakary.post(address, fields)
    assert model.objects.count() == before + 1


@FORMS
def test_a_page_of_before_that_has_no_token_still_makes_one(as_bakary, forms, what):
    address, typed, model = forms[what]
    before = model.objects.count()
    assert as_bakary.post(address, typed).status_code == 302
    assert model.objects.count() == before + 1


def test_what_was_changed_before_the_second_press_is_not_said_to_be_saved(as_bakary, cohort, forms):
    address, typed, _ = forms["an assignment"]
    sent = filled(as_bakary, address, typed)
    as_bakary.post(address, sent)
    page = as_bakary.post(address, sent | {"opens_at": "2026-12-24T09:00"}, follow=True).text
    assert "This was set already" in page
    assert cohort.assignments.get().opens_at.month == 11


def test_nobody_is_led_to_what_another_made_by_a_form_that_looks_the_same(as_bakary, as_celia, celia):
    token = filled(as_bakary, "/en/cohorts/new/", {})["press"]
    for client in (as_bakary, as_celia):
        client.post("/en/cohorts/new/", {"name": "Spring", "press": token, **ZONE})
    assert Cohort.objects.taught_by(celia).count() == 1
    assert Cohort.objects.count() == 2


def test_a_copy_takes_along_what_a_form_has_set(as_bakary, cohort, forms):
    address, typed, _ = forms["an assignment"]
    as_bakary.post(address, filled(as_bakary, address, typed))
    address, typed, _ = forms["a copy"]
    as_bakary.post(address, filled(as_bakary, address, typed | {"starts_on": "2027-04-05"}))
    assert Cohort.objects.exclude(pk=cohort.pk).get().assignments.count() == 1


@pytest.mark.django_db(transaction=True)
@FORMS
def test_of_eight_presses_at_once_one_makes_it(bakary, as_bakary, forms, what, in_parallel):
    address, typed, model = forms[what]
    sent, before = filled(as_bakary, address, typed), model.objects.count()
    browsers = [browser_of(bakary) for _ in range(8)]
    answers = in_parallel(lambda number: browsers[number].post(address, sent), 8)
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    assert model.objects.count() == before + 1
