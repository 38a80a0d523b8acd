"""The quote sheet: a row fills for whoever has answered its item, and for nobody else."""

import pytest
from django.urls import reverse

from course.loading import load
from course.quotes import Stamp, quote_sheet
from course.written import ContentError
from lessons.content import STAMPS
from lessons.models import Annex, Part
from quizzes.models import Item
from tests import make
from tests.conftest import browser_of
from tests.content import broken, with_quotes, write_module

pytestmark = pytest.mark.django_db


@pytest.fixture
def bridge(tmp_path):
    """The module about a bridge, whose sheet has one row."""
    module, _written = load(with_quotes(tmp_path), make.NOW)
    return module


def answer(learner, module, right):
    return make.answered(learner, Item.objects.get(bank__module=module, slug="try-a-label"), right)


def test_every_stamp_has_a_word():
    assert set(Stamp.values) == set(STAMPS)


@pytest.mark.parametrize("right", [True, False])
def test_a_row_fills_with_any_answer_of_its_own_learner(bridge, right):
    awa, celia = make.user("awa"), make.user("celia")
    answer(awa, bridge, right)
    assert [row.is_filled for row in quote_sheet(awa, bridge).rows] == [True]
    assert [row.is_filled for row in quote_sheet(celia, bridge).rows] == [False]


def test_an_open_row_leads_to_its_item_and_keeps_its_line(bridge, client):
    page = client.get(reverse("quotes", args=["bridge"]))
    assert "/en/modules/bridge/who-says-it/the-bridge/#check-try-a-label" in page.text
    assert "The bridge was opened “at long last”" in page.text
    assert "It opened in October 2019." not in page.text
    assert "Correct first" not in page.text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Correct first", "It opened in October 2019.", "M001", "Now you know."]),
        ("fr", ["Il a ouvert en octobre 2019.", "M001", "Vous le savez."]),
    ],
)
def test_a_full_sheet_tells_stamp_label_line_and_answer(bridge, language, told):
    awa = make.user("awa")
    answer(awa, bridge, True)
    page = browser_of(awa).get(f"/{language}/modules/bridge/quotes/")
    assert [words for words in told if words not in page.text] == []


def test_the_modules_page_shows_the_sheet(bridge):
    awa = make.user("awa")
    assert "0 of 1 row filled" in browser_of(awa).get(bridge.get_absolute_url()).text
    answer(awa, bridge, False)
    page = browser_of(awa).get(bridge.get_absolute_url())
    assert "1 of 1 row filled" in page.text
    assert "Correct first" in page.text


def test_a_sheet_costs_one_query(bridge, django_assert_num_queries):
    awa = make.user("awa")
    with django_assert_num_queries(1):
        assert quote_sheet(awa, bridge).filled_count == 0


@pytest.mark.parametrize("is_set", [True, False])
@pytest.mark.parametrize("has_passed", [True, False])
def test_the_modules_page_costs_eight_queries_whatever_is_set_or_passed(
    bridge, bakary, is_set, has_passed, django_assert_max_num_queries
):
    awa = make.user("awa")
    if is_set:
        make.assignment(make.cohort(bakary, [awa]), bridge)
    answer(awa, bridge, False)
    for section in bridge.sections.all() if has_passed else ():
        make.quiz(awa, section, right=section.quiz_size)
    browser = browser_of(awa)
    browser.get("/en/")
    with django_assert_max_num_queries(8):
        page = browser.get(bridge.get_absolute_url())
    assert "1 of 1 row filled" in page.text
    assert ("/en/cohorts/" in page.text.partition("</nav>")[0]) is is_set, "the header leads to her cohorts, if any"


def test_a_module_without_a_sheet_has_no_such_page(tmp_path, client):
    load(write_module(tmp_path), make.NOW)
    assert client.get("/en/modules/bridge/quotes/").status_code == 404
    assert "quotes/" not in client.get("/en/modules/bridge/").text


def test_a_sheet_that_is_taken_out_is_gone(tmp_path, client):
    load(with_quotes(tmp_path), make.NOW)
    load(write_module(tmp_path), make.NOW)
    assert not Annex.objects.filter(part=Part.QUOTE).exists()
    assert client.get("/en/modules/bridge/quotes/").status_code == 404


def test_a_row_that_no_lesson_fills_is_refused(tmp_path):
    with_quotes(tmp_path)
    broken(tmp_path, "section", 'item = "try-a-label"', 'item = "pier"')
    with pytest.raises(ContentError, match="no lesson of this section has a check called “pier”"):
        load(tmp_path, make.NOW)
