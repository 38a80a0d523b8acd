"""A section's items on paper, to hand out or with their keys (quality A10)."""

from html import unescape

import pytest
from django.urls import reverse
from django.utils.translation import override

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(as_bakary, loaded):
    def page(section, ending="", language="en"):
        with override(language):
            return unescape(as_bakary.get(reverse("quizzes:items_paper", args=["mali", section]) + ending).text)

    return page


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("section", ["information", "civilian-harm"])
def test_what_is_handed_out_holds_every_item_and_no_key(paper, loaded, section, language):
    page = paper(section, language=language)
    items = loaded.sections.get(slug=section).bank.items.all()
    assert page.count('<section class="item"') == len(items)
    for item in items:
        assert item.document["explanation"][language] not in page


def test_with_keys_it_has_explanations_too(paper, loaded):
    page = paper("information", "?keys=1")
    assert page.count("The key") >= 20
    for item in loaded.sections.get(slug="information").bank.items.all():
        assert item.document["explanation"]["en"] in page


def test_what_is_matched_can_be_read_on_paper(paper, loaded):
    page = paper("information")
    for item in loaded.sections.get(slug="information").bank.items.filter(current_version__kind="match"):
        for choice in item.current_version.document["choices"]:
            assert f"<li>{choice['text']['en']}</li>" in page


def test_a_bank_costs_at_most_8_queries(paper, django_assert_max_num_queries):
    paper("information")
    with django_assert_max_num_queries(8):
        paper("information", "?keys=1")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_way_back_from_an_item_ends_in_the_words_of_its_stem(as_bakary, loaded, language):
    """The last crumb: a slug would be English on every page."""
    item = loaded.sections.get(slug="information").bank.items.first()
    with override(language):
        page = as_bakary.get(reverse("quizzes:item", args=["mali", "information", item.slug])).text
        stem = item.version.stem
    crumbs = page.split('class="crumbs"')[1].split("</nav>")[0]
    assert item.slug not in crumbs.rsplit("</span>")[-1]
    assert stem[:15] in unescape(crumbs)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_whoever_may_see_keys_reads_why_an_item_is_easy(as_bakary, loaded, language):
    item = loaded.sections.get(slug="information").bank.items.get(slug="who-pays")
    words = {"en": "asy on purpose", "fr": "acile à dessein"}[language]
    with override(language):
        page = unescape(as_bakary.get(reverse("quizzes:item", args=["mali", "information", "who-pays"])).text)
        bank = as_bakary.get(reverse("quizzes:items", args=["mali", "information"])).text
    assert words in page
    assert item.document["easy"][language] in page
    marked = sum("easy" in one.document for one in loaded.sections.get(slug="information").bank.items.live())
    assert bank.count(words) == marked == 2
