"""Search over lessons, claims and the glossary: in the page's language, whatever the accents."""

import pytest
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from accounts.folding import folded
from lessons.content.search import AROUND, MOST_TERMS, best_passage, excerpt, terms_of

WORDS = st.lists(st.text(alphabet="aàbéç’E ", min_size=1, max_size=8), max_size=40).map(" ".join)


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("Élections", ["elections"]),
        ("KEÏTA  keita", ["keita"]),
        ("« l’article »", ["l'article"]),
        ("a of gold", ["of", "gold"]),
        ("‘Wagner’ lʼor", ["wagner", "l'or"]),
        ("œuvre Œuvre OEUVRE", ["oeuvre"]),
        ("G5–Sahel", ["g5", "sahel"]),
        ("?! ' \x00", []),
        ("", []),
    ],
)
def test_a_query_is_read_without_accents_case_and_quotation_marks(query, terms):
    assert terms_of(query) == terms


@given(st.text(max_size=300))
def test_no_query_breaks_the_search(query):
    assert len(terms_of(query)) <= MOST_TERMS


@given(WORDS, WORDS)
def test_an_excerpt_is_a_piece_of_the_text_with_its_hits_marked(text, query):
    terms = terms_of(query)
    pieces = [piece for piece in excerpt(text, terms) if piece[0] != "…"]
    shown = " ".join(words for words, _ in pieces)
    assert shown in " ".join(text.split())
    assert len(shown.split()) <= 2 * AROUND + 1
    for words, is_hit in pieces:
        assert all(any(term in folded(word) for term in terms) == is_hit for word in words.split())


def test_the_passage_with_most_of_the_terms_is_shown():
    passages = [["", "Gold"], ["mines", "Gold and mines"], ["votes", "Votes"]]
    assert best_passage(passages, ["gold", "mines"]) == ["mines", "Gold and mines"]


@pytest.fixture
def find(client, loaded):
    def page(query, language="en"):
        with override(language):
            return client.get(reverse("lessons:search", args=["mali"]), {"q": query})

    return page


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "language"), [("keita elected", "en"), ("élu KEÏTA", "fr"), ("elu keita", "fr")])
def test_awa_finds_the_lesson_the_claim_and_the_person(find, query, language):
    found = find(query, language).context_data
    assert found["lessons"]
    assert any(claim.key == "M038" for claim in found["claims"])
    assert any(term.slug == "ibrahim-boubacar-keita" for term in find("keita", language).context_data["glossary"])


@pytest.mark.django_db
def test_a_lesson_is_opened_at_the_passage(find):
    page = find("Bankass accomplice").text
    assert "/recycled-hoaxes/#bankass" in page
    assert "<mark>" in page


@pytest.mark.django_db
def test_the_other_language_is_not_searched(find):
    assert not find("gisement introuvable désinformation prorusses", "en").context_data["claims"]
    assert not find("withdrawal", "fr").context_data["lessons"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "words"),
    [("x", "two letters or more"), ("zzyzx", "Nothing has all of these words"), ("<script>", "Nothing has all")],
)
def test_whoever_finds_nothing_is_told_what_to_do(find, query, words):
    assert words in find(query).text


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["oeuvre", "Œuvre", "ŒUVRE"])
def test_a_ligature_is_found_however_it_is_typed(find, query):
    assert find(query, "fr").context_data["claims"]


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["‘Wagner’", "`Wagner`", "« Wagner »", "Wag\u00adner", "Ｗagner"])
def test_quotes_and_unseen_signs_hide_nothing(find, query):
    plain, dressed = find("Wagner").context_data, find(query).context_data
    assert dressed["lessons"] == plain["lessons"] != []


@pytest.mark.django_db
def test_percent_and_underscore_are_signs_and_not_wildcards(find):
    assert not find("k%ta").context_data["glossary"]
    assert not find("ke_ta").context_data["glossary"]


@pytest.mark.django_db
def test_explanations_of_items_are_not_found(find, loaded):
    explanation = loaded.banks.first().items.first().document["explanation"]["en"]
    assert explanation not in find(" ".join(explanation.split()[:6])).text


@pytest.mark.django_db
def test_a_search_costs_at_most_five_queries(find, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        find("mali")
