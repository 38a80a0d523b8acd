"""Items that show documents: as they were when they were asked, wherever they are asked."""

import re

import pytest
from django.urls import reverse

from course.folders import read_folder
from course.loading import load
from quizzes.models import Attempt, Item
from tests import make
from tests.conftest import browser_of
from tests.content import DRAWN, ITEMS, NAMES, SECTION, SECTION_TOML, broken, refused, with_documents

pytestmark = pytest.mark.django_db
CARD = '<figure class="doc"'


def write(folder, documents='["the-speech"]'):
    """Write the case study; its item about a pier shows the mayor's words, and its check the days."""
    items = ITEMS.replace(f"uses = {DRAWN}", f"uses = {DRAWN}\ndocuments = {documents}", 1)
    items = items.replace('uses = ["check"]', 'uses = ["check", "review"]\ndocuments = ["the-days"]', 1)
    section = SECTION_TOML.replace("draw = 5", "draw = 7")  # all of them
    return with_documents(folder, "the-days", items=items, section=section)


@pytest.fixture
def module(tmp_path):
    module, _written = load(write(tmp_path), make.NOW)
    return module


GROUNDS = 'rests_on = ["M001"]\nclaims = ["M001", "M002"]\n'
INVENTED = {"en": "Invented for this exercise", "fr": "Inventé pour cet exercice"}


def invent(folder, slug):
    """Make a document of the case study an invented one."""
    path = folder / NAMES["documents"]
    before, own, after = path.read_text().partition(f'id = "{slug}"\n')
    head, _, rest = after.partition("references = ")
    path.write_text(f"{before}{own}{head}invented = true\n{rest.split(chr(10), 2)[2]}")


def item(slug):
    return Item.objects.get(slug=slug)


def test_an_item_keeps_what_it_showed(module, tmp_path):
    first = item("pier").version
    assert [document["words"] for document in first.document["documents"]] == ["It opens at last"]
    broken(tmp_path, "documents", "It opens at last", "It opens today")
    load(tmp_path, make.NOW)
    assert item("pier").version.number == 2
    first.refresh_from_db()
    assert first.document["documents"][0]["words"] == "It opens at last"


def test_a_source_that_is_read_again_makes_no_other_question(module, tmp_path):
    broken(tmp_path, "references", "opened = 2026-10-01", "opened = 2026-11-01")
    broken(tmp_path, "references", 'read = "page"', 'read = "excerpt"')
    _, written = load(tmp_path, make.NOW)
    assert written.versions == 0
    assert item("pier").version.document["documents"][0]["sources"][0]["opened"] == "2026-10-01"


def test_an_item_without_documents_is_as_it_was(module):
    assert "documents" not in item("arch").version.document


def test_an_item_names_documents_of_its_section(tmp_path):
    write(tmp_path, documents='["the-film"]')
    *_, problems = read_folder(tmp_path)
    assert [error.text for error in problems.errors] == ["no document of this section is called “the-film”"]


def test_an_item_on_what_is_invented_rests_on_no_claim(tmp_path):
    invent(write(tmp_path), "the-speech")
    broken(tmp_path, "items", GROUNDS, "")
    _, banks, _, problems = read_folder(tmp_path)
    assert problems.errors == []
    (pier, *_) = next(iter(banks.values()))
    assert (pier.slug, pier.rests_on, pier.claims) == ("pier", [], [])
    load(tmp_path, make.NOW)
    assert not item("pier").claims.exists()


@pytest.mark.parametrize("documents", ['["the-speech"]', '["the-speech", "the-days"]', "[]"])
def test_any_other_item_names_the_claims_on_which_it_rests(tmp_path, documents):
    invent(write(tmp_path, documents), "the-days")
    broken(tmp_path, "items", GROUNDS, "")
    *_, problems = read_folder(tmp_path)
    assert {error.text for error in problems.errors} == {"“claims” is missing", "“rests_on” is missing"}


def test_a_check_stands_below_the_documents_that_it_asks_to_look_at(tmp_path):
    write(tmp_path)
    broken(tmp_path, "items", '["the-days"]', '["the-speech"]')
    *_, problems = read_folder(tmp_path)
    line = (tmp_path / NAMES["items"]).read_text().split("\n").index('documents = ["the-speech"]', 100) + 1
    refused(problems, tmp_path, "items", line, "its lesson does not show “the-speech”")


def test_a_document_that_nothing_shows_is_told(tmp_path):
    write(tmp_path)
    *_, problems = read_folder(tmp_path)
    unshown = {"the-count", "the-owners", "the-pictures"}
    assert {problem.text for problem in problems} == {
        f"neither a lesson nor an item shows “{name}”" for name in unshown
    }
    assert all(problem.warning for problem in problems)


def test_a_lesson_shows_the_document_once_and_its_item_leads_to_it(module, client):
    page = client.get(f"/en/modules/bridge/{SECTION[3:]}/the-bridge/").text
    assert page.count(CARD) == 1
    assert 'id="document-the-days"' in page
    assert re.search(r'<a href="#document-the-days">\s*How it was opened\s*</a>', page)


def test_a_document_leads_to_its_claims_and_brings_no_card_that_would_tell_the_answer(tmp_path, client):
    write(tmp_path)
    days = 'claims = ["{}"]\nsilent.en = "Who paid."'
    broken(tmp_path, "documents", days.format("M001"), days.format("O01"))
    load(tmp_path, make.NOW)
    page = client.get(f"/en/modules/bridge/{SECTION[3:]}/the-bridge/").text
    assert 'Claims that it bears on: <a href="/en/modules/bridge/claims/O01/">O01</a>' in " ".join(page.split())
    assert page.index(CARD) < page.rindex(">What is missing<") < page.index('id="O01"')  # after what marks it


@pytest.mark.parametrize(("language", "words"), [("en", "What it does not say:"), ("fr", "Ce qu’elle ne dit pas")])
def test_a_quiz_and_its_result_show_what_the_item_asks_about(module, awa, language, words):
    sitting = make.quiz(awa, module.sections.get())
    client = browser_of(awa)
    address = sitting.get_absolute_url().replace("/en/", f"/{language}/")
    page = client.get(address).text
    assert "“It opens at last”" in page
    assert words in page
    make.hand_in(sitting, right=2)
    assert "“It opens at last”" in client.get(address).text


def test_who_reads_the_words_in_their_language_needs_no_translation(module, awa):
    sitting = make.quiz(awa, module.sections.get())
    client = browser_of(awa)
    address = sitting.get_absolute_url()
    assert "Il ouvre enfin" in client.get(address.replace("/en/", "/fr/")).text
    assert "Il ouvre enfin" not in client.get(address).text


def test_a_review_shows_a_checks_document(module, awa):
    sitting = Attempt.start_review(awa, [item("try-a-label")], make.NOW)
    assert "The last stone." in browser_of(awa).get(sitting.get_absolute_url()).text


def test_a_check_answered_on_its_own_page_shows_it_too(module, client):
    address = reverse("quizzes:check", args=["bridge", SECTION[3:], "the-bridge", "try-a-label"])
    assert CARD in client.post(address, {}).text


def test_a_document_leads_to_its_sources_by_way_of_this_site(module, client):
    page = client.get(f"/en/modules/bridge/{SECTION[3:]}/the-bridge/").text
    assert reverse("lessons:open_source", args=["bridge", "gazette-2019"]) in page
    assert "https://www.river-gazette.net/bridge" in page  # as text, for paper


@pytest.mark.parametrize("language", INVENTED)
def test_what_is_invented_says_so_where_others_name_their_sources(tmp_path, client, awa, language):
    invent(write(tmp_path), "the-days")
    module, _ = load(tmp_path, make.NOW)
    page = client.get(f"/{language}/modules/bridge/{SECTION[3:]}/the-bridge/").text
    card = page.split(CARD)[1].split("</figure>")[0]
    assert INVENTED[language] in card
    assert reverse("lessons:open_source", args=["bridge", "gazette-2019"]) not in card.replace("/fr/", "/en/")
    sitting = make.quiz(awa, module.sections.get())
    page = browser_of(awa).get(sitting.get_absolute_url().replace("/en/", f"/{language}/")).text
    assert CARD in page
    assert INVENTED[language] not in page  # the item's card is the speech, which was read


def test_documents_cost_no_query(module, awa, django_assert_max_num_queries):
    sitting = make.quiz(awa, module.sections.get())
    client = browser_of(awa)
    client.get(sitting.get_absolute_url())
    with django_assert_max_num_queries(7):
        client.get(sitting.get_absolute_url())


def test_a_copy_is_named_as_one_with_the_site_on_which_it_was_read(tmp_path, client):
    write(tmp_path)
    copied = 'publisher = "River Gazette"\nvia = "Fishers’ Board"\ncopy = true'
    broken(tmp_path, "references", 'publisher = "River Gazette"', copied)
    load(tmp_path, make.NOW)
    page = client.get(f"/en/modules/bridge/{SECTION[3:]}/the-bridge/").text
    card = page[page.index(CARD) : page.index("</figure>", page.index(CARD))]
    assert "River Gazette, copied on Fishers’ Board" in card
    assert "Journalism, a copy, in English, read whole on 1 October 2026" in card
