"""Banks of owners: the list, making one, changing one, sharing it with cohorts that one teaches."""

import re

import pytest

from quizzes.models import Bank
from tests import make
from tests.conftest import browser_of

pytestmark = pytest.mark.django_db
NEW = "/en/banks/new/"


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def test_bakary_makes_a_bank_once_and_shares_it(as_bakary, bakary):
    cohort, section = make.cohort(bakary), make.section()
    data = {"title": "Bridges", "languages": ["fr"], "cohorts": [cohort.pk], "module": section.module.slug}
    data["press"] = hidden(as_bakary.get(NEW), "press")
    assert as_bakary.post(NEW, data).url == as_bakary.post(NEW, data).url
    bank = Bank.objects.of_owners().get()
    assert (bank.title, bank.languages, bank.module, bank.owner) == ("Bridges", ["fr"], section.module, bakary)
    assert list(bank.cohorts.all()) == [cohort]


@pytest.mark.parametrize(
    ("name", "value"), [("title", ""), ("title", "x" * 201), ("languages", []), ("languages", "xx")]
)
def test_what_cannot_be_is_refused(as_bakary, name, value):
    page = as_bakary.post(NEW, {"title": "Bridges", "languages": ["en"], name: value})
    assert page.status_code == 422
    assert not Bank.objects.exists()


def test_it_is_shared_with_no_cohort_of_somebody_else_and_names_no_hidden_module(as_bakary, danso):
    hidden_module = make.module(visibility="cohorts", owner=danso)
    theirs = make.cohort(danso)
    for wrong in ({"cohorts": [theirs.pk]}, {"module": hidden_module.slug}):
        page = as_bakary.post(NEW, {"title": "Bridges", "languages": ["en"], **wrong})
        assert page.status_code == 422
    text = as_bakary.get(NEW).text
    assert f'value="{hidden_module.slug}"' not in text
    assert 'name="cohorts"' not in text


def test_the_list_has_ones_own_and_those_that_are_shared(as_bakary, bakary, danso):
    cohort = make.cohort(danso)
    make.staff(cohort, bakary)
    make.own_item(make.bank(bakary, "Mine"), is_draft=True)
    make.bank(danso, "Shared", cohort=cohort)
    make.bank(danso, "Secret")
    text = as_bakary.get("/en/banks/").text
    assert "Mine" in text
    assert "1 draft" in text
    assert "Of Danso: only they change it." in text
    assert "Secret" not in text


def test_the_owner_renames_it_and_stops_sharing(as_bakary, bakary, danso):
    cohort = make.cohort(bakary)
    make.staff(cohort, danso)
    bank = make.bank(bakary, cohort=cohort)
    address = f"/en/banks/{bank.pk}/edit/"
    basis = hidden(as_bakary.get(address), "basis")
    as_bakary.post(address, {"title": "Rivers", "languages": ["en", "fr"], "basis": basis})
    bank.refresh_from_db()
    assert bank.title == "Rivers"
    assert browser_of(danso).get(bank.get_absolute_url()).status_code == 404


def test_two_browsers_do_not_overwrite_each_other(as_bakary, bakary):
    bank = make.bank(bakary, "Bridges")
    address = f"/en/banks/{bank.pk}/edit/"
    basis = hidden(as_bakary.get(address), "basis")
    data = {"languages": ["en", "fr"], "basis": basis}
    as_bakary.post(address, {**data, "title": "Rivers"})
    page = browser_of(bakary).post(address, {**data, "title": "Roads"})
    assert page.status_code == 409
    bank.refresh_from_db()
    assert bank.title == "Rivers"


def test_the_search_finds_own_shared_and_course_s_questions_by_folded_words(as_bakary, bakary, danso):
    make.own_item(make.bank(bakary), stem="Où est né Modibo Keïta?")
    make.own_item(make.bank(danso), stem="Where was Keïta born, secretly?")
    section = make.section()
    item = make.item(section)
    text = as_bakary.get("/en/banks/search/?q=keita").text
    assert "Modibo" in text
    assert "secretly" not in text
    stem = item.version.document["stem"]["en"]
    assert stem in as_bakary.get(f"/en/banks/search/?q={stem}").text


def test_the_list_costs_the_same_with_more_banks(as_bakary, bakary, django_assert_max_num_queries):
    cohort = make.cohort(bakary)
    for number in range(5):
        make.own_item(make.bank(bakary, f"Bank {number}", cohort=cohort))
    as_bakary.get("/en/")
    for address in ("/en/banks/", "/en/banks/search/?q=own"):
        with django_assert_max_num_queries(9):
            assert as_bakary.get(address).status_code == 200
