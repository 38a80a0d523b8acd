"""A section's items on paper, to hand out or with their keys (quality A10)."""

import re
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


def main_of(page):
    return page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("section", ["information", "civilian-harm"])
def test_what_is_handed_out_holds_every_item_and_no_key(paper, loaded, section, language):
    page = paper(section, language=language)
    items = loaded.sections.get(slug=section).bank.items.all()
    assert page.count('<section class="item"') == len(items)
    for item in items:
        assert item.document["explanation"][language] not in page


def test_with_keys_it_has_explanations_too(paper, loaded):
    page = paper("information", "?sheet=feedback")
    assert page.count("The key") >= 20
    for item in loaded.sections.get(slug="information").bank.items.all():
        assert item.document["explanation"]["en"] in page


def test_what_is_matched_can_be_read_on_paper(paper, loaded):
    page = paper("information")
    for item in loaded.sections.get(slug="information").bank.items.filter(current_version__kind="match"):
        for choice in item.current_version.document["choices"]:
            assert f"<span>{choice['text']['en']}</span>" in page


def test_an_address_of_before_leads_to_the_keys_still(paper):
    assert main_of(paper("information", "?keys=1")) == main_of(paper("information", "?sheet=feedback"))


@pytest.mark.parametrize("sheet", ["", "?sheet=questions", "?sheet=<b>"])
def test_what_is_handed_out_has_letters_and_a_line_for_the_name(paper, loaded, sheet):
    page = paper("information", sheet)
    item = loaded.sections.get(slug="information").bank.items.filter(current_version__kind="single").first()
    for letter, option in zip("ABC", item.current_version.document["options"], strict=False):
        lettered = rf'<span class="no">{letter}</span>\s*<span>{re.escape(option["text"]["en"])}</span>'
        assert re.search(lettered, page)
    assert page.count('class="writer"') == 1
    assert "<input" not in main_of(page)


@pytest.mark.parametrize("section", ["roots", "information"])
def test_the_answer_sheet_has_a_line_for_each_item_and_no_key(paper, loaded, section):
    sheet = paper(section, "?sheet=answers").split('<ol class="sheet">')[1].split("</ol>")[0]
    lines = sheet.split("<li>")[1:]
    items = list(loaded.sections.get(slug=section).bank.items.live().order_by("slug"))
    assert len(lines) == len(items)
    for line, item in zip(lines, items, strict=True):
        kind, document = item.current_version.kind, item.current_version.document
        rings = len(document["options"]) if kind in ("single", "multiple") else 0
        blanks = {"order": "entries", "match": "pairs", "classify": "statements"}
        lines_to_write_on = len(document[blanks[kind]]) if kind in blanks else int(kind in ("number", "short"))
        assert (line.count('class="ring"'), line.count('class="blank')) == (rings, lines_to_write_on), item.slug


def test_the_key_says_for_each_item_which_letters_are_right(paper, loaded):
    sheet = paper("roots", "?sheet=key").split('<ol class="sheet">')[1].split("</ol>")[0]
    lines = [re.sub(r"<[^>]+>|\s+", " ", line).split() for line in sheet.split("<li>")[1:]]
    items = list(loaded.sections.get(slug="roots").bank.items.live().order_by("slug"))
    for line, item in zip(lines, items, strict=True):
        version = item.current_version
        if version.kind == "single":
            (letter,) = line[1:]
            assert version.document["options"]["ABCDEFGH".index(letter)]["id"] == version.document["key"]
        if version.kind == "order":
            entries = ["ABCDEFGH".index(letter) for letter in line[1:]]
            ids = [version.document["entries"][at]["id"] for at in entries]
            assert ids == sorted(version.document["key"], key=version.document["key"].get)


@pytest.mark.parametrize("sheet", ["questions", "answers", "key", "feedback"])
def test_every_sheet_costs_at_most_8_queries(paper, django_assert_max_num_queries, sheet):
    paper("information")
    with django_assert_max_num_queries(8):
        paper("information", f"?sheet={sheet}")


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
