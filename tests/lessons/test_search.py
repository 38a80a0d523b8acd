"""Search over lessons, claims and the glossary: in the page's language, however a word is typed."""

from types import SimpleNamespace

import pytest
from django.db.models.sql.compiler import SQLCompiler
from django.urls import reverse
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.content.search import (
    AROUND,
    LONGEST_WORD,
    MOST_TERMS,
    best_first,
    best_passage,
    excerpt,
    has_all,
    indexed,
    spaced,
    terms_of,
    words_of,
)
from lessons.models import Lesson, Module, Passage
from lessons.views.search import LIVE_HITS
from tests import make

TEXT = st.lists(st.text(alphabet="aàbéœç’E120.,- \u202f", min_size=1, max_size=8), max_size=40).map(" ".join)


def passage(text, heading=""):
    text = spaced(text)
    return SimpleNamespace(text=text, words=indexed(text, "en"), heading=words_of([heading], "en"))


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("Élections", ["elections"]),
        ("KEÏTA  keita", ["keita"]),
        ("« l’article »", ["article"]),
        ("a of gold", ["of", "gold"]),
        ("‘Wagner’ lʼor l'or", ["wagner", "or"]),
        ("œuvre Œuvre OEUVRE", ["oeuvre"]),
        ("G5–Sahel", ["g5", "sahel"]),
        ("1000 1,000 1.000 1 000 1\u202f000 1\u00a0000 １０００", ["1000"]),
        ("3.5 3,5", ["3.5"]),
        ("0,174 1,234.5 1 234,5", ["0.174", "1234.5"]),
        ("100, 200, 300", ["100", "200", "300"]),
        ("2012-03-22 22/03/2012 22.3.2012", ["2012-03-22"]),
        ("2012-03", ["2012-03"]),
        ('a"b" wag* NEAR(x) col:mali NOT -x ^y', ["wag", "near", "col", "mali", "not"]),
        ("'x' & !gold | 'y':*\\", ["gold"]),
        ("\ud800Mali\x00", ["mali"]),
        ("?! ' \x00", []),
        ("", []),
    ],
)
def test_a_query_is_read_as_the_index_holds_its_words(query, terms):
    assert terms_of(query) == terms


@given(st.text(max_size=300))
def test_a_query_has_few_terms_of_letters_and_digits(query):
    terms = terms_of(query)
    assert len(terms) <= MOST_TERMS
    assert all(len(term) <= LONGEST_WORD for term in terms)
    assert all(sign.isalnum() or sign in ".-" for term in terms for sign in term)


@given(TEXT)
def test_each_word_of_a_text_finds_it(text):
    text = spaced(text)
    words = text.split(" ")
    lines = indexed(text, "en").split("\n")
    assert len(lines) == len(words)
    for word, line in zip(words, lines, strict=True):
        assert has_all(SimpleNamespace(words=line), terms_of(word))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "on 22 March 2012, at noon"),
        ("en", "On 22nd march 2012"),
        ("fr", "le 22 mars 2012"),
        ("xx", "2012-03-22"),
    ],
)
def test_a_day_is_found_as_it_is_typed_with_figures(language, text):
    for query in ("2012-03-22", "22/03/2012", "2012-03", "2012"):
        assert has_all(SimpleNamespace(words=indexed(text, language)), terms_of(query)), query
    assert not has_all(SimpleNamespace(words=indexed(text, language)), terms_of("2012-03-02"))


def test_the_words_of_a_day_are_found_by_it_and_no_others():
    lines = indexed("on 22 March 2012, at noon", "en").split("\n")
    assert [" 2012-03-22 " in line for line in lines] == [False, True, True, True, False, False]


def test_a_number_keeps_together_where_an_excerpt_could_break():
    assert spaced("of  1 000\nboats, 12 and 345") == "of 1\u202f000 boats, 12 and 345"


@given(TEXT, TEXT)
def test_an_excerpt_is_a_piece_of_the_text_with_its_hits_marked(text, query):
    text, terms = spaced(text), terms_of(query)
    pieces = [piece for piece in excerpt(text, indexed(text, "en"), terms) if piece[0] != "…"]
    shown = " ".join(words for words, _ in pieces)
    assert shown in text
    assert len(shown.split(" ")) <= 2 * AROUND + 1
    lines = dict(zip(text.split(" "), indexed(text, "en").split("\n"), strict=True))
    for words, is_hit in pieces:
        for word in words.split(" "):
            assert any(has_all(SimpleNamespace(words=lines[word]), [term]) for term in terms) == is_hit


def test_an_excerpt_begins_before_the_first_hit_and_says_what_it_leaves_out():
    text = "before " * 20 + "the gold, and more gold " + "after " * 20
    pieces = excerpt(spaced(text), indexed(spaced(text), "en"), ["gold"])
    assert [words for words, is_hit in pieces if is_hit] == ["gold,", "gold"]
    assert (pieces[0], pieces[-1]) == (("…", False), ("…", False))
    assert pieces[1][0].split() == ["before"] * (AROUND - 1) + ["the"]


def test_the_passage_with_most_of_the_terms_is_shown():
    one, both, other = passage("Gold gold gold"), passage("Gold and mines"), passage("Votes, mines, gold")
    assert best_passage([one, both, other], ["gold", "mines"]) is both
    assert best_passage([both, one], ["gold"]) is one


def test_a_heading_goes_before_many_hits_and_those_before_few():
    few, many, title = [passage("gold")], [passage("gold"), passage("gold gold")], [passage("gold", "The gold")]
    assert best_first([few, many, title], ["gold"]) == [title, many, few]
    assert best_first([few, [passage("Gold")]], ["gold"])[0] is few


@pytest.fixture
def find(client, loaded):
    def page(query, language="en"):
        with override(language):
            return client.get(reverse("lessons:search", args=[loaded.slug]), {"q": query})

    return page


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "language"), [("keita elected", "en"), ("élu KEÏTA", "fr"), ("elu keita", "fr")])
def test_awa_finds_the_lesson_the_claim_and_the_person(find, query, language):
    found = find(query, language).context_data
    assert found["lessons"]
    assert any(claim.key == "M038" for claim in found["claims"])
    assert any(
        term.anchor == "term-ibrahim-boubacar-keita" for term in find("keita", language).context_data["glossary"]
    )


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
@pytest.mark.parametrize(("query", "most"), [("mali", 2), ("keita elected", 3), ("zzyzx", 2), ("", 1)])
def test_a_search_costs_at_most_three_queries(find, query, most, django_assert_max_num_queries):
    with django_assert_max_num_queries(most):
        find(query)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("query", ["or", "l'or", "lʼor", "l’or", "« l`or »", "OR"])
def test_a_short_word_is_a_whole_word(find, query, language):
    lessons = find(query, language).context_data["lessons"]
    assert 0 < len(lessons) < Lesson.objects.count()
    hits = [words for lesson in lessons for words, is_hit in lesson.excerpt if is_hit]
    assert hits
    assert all("or" in words_of([word], language).split() for word in " ".join(hits).split(" "))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_longer_word_may_be_begun_and_is_not_found_inside_another(find, language):
    begun, whole = find("wagn", language).context_data, find("wagner", language).context_data
    assert len(begun["lessons"]) == len(whole["lessons"]) > 0
    assert begun["claim_count"] == whole["claim_count"] > 0
    assert not find("agner", language).context_data["lessons"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("query", ["2012-03-22", "22/03/2012"])
def test_the_texts_of_a_day_are_found(find, query, language):
    hits = find(query, language).context_data
    assert hits["lessons"]
    assert hits["claims"]


@pytest.mark.django_db
def test_a_lesson_has_words_of_several_passages_and_opens_at_the_one_with_most(find):
    (passage,) = Passage.objects.filter(anchor="bankass", language="en")
    elsewhere = Passage.objects.filter(lesson=passage.lesson, language="en").exclude(pk=passage.pk)
    only = next(word for other in elsewhere for word in terms_of(other.text) if word not in passage.words)
    lessons = find(f"Bankass accomplice {only}").context_data["lessons"]
    assert [lesson.address.rpartition("/")[2] for lesson in lessons] == ["#bankass"]


@pytest.mark.django_db
def test_no_more_than_thirty_claims_and_entries_are_shown_of_those_counted(find):
    page = find("mali")
    hits = page.context_data
    assert (len(hits["claims"]), len(hits["glossary"])) == (30, 30)
    assert hits["claim_count"] > 30
    assert hits["entry_count"] > 30
    assert page.text.count("There are more: add a word.") == 2


@pytest.mark.django_db
def test_what_has_the_word_in_its_name_comes_first(find):
    titles = [entry.title for entry in find("wagner").context_data["glossary"]]
    assert "Wagner" in titles[0]
    assert any("Wagner" not in title for title in titles)


@given(query=st.text(max_size=250) | st.text(alphabet="\"'*:()&|!<>-^~\\ %_\x00andornear12.", max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_the_search(db, query):
    if terms := terms_of(query):
        LIVE_HITS(question=Passage.objects.question(terms, Module(slug="mali"), "en"))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("query", ["mali", "keita elu", "l’or 2012-03-22", "%s wagner", "zzyzx"])
def test_the_query_that_is_written_once_finds_what_django_finds(loaded, query, language):
    terms = terms_of(query)
    Lesson.objects.filter(pk=Lesson.objects.order_by("pk")[0].pk).update(withdrawn_at=make.NOW)
    question = Passage.objects.question(terms, loaded, language)
    plain, kept = list(Passage.objects.matching(question).live().hits()), LIVE_HITS(question=question)
    assert kept == plain
    assert [hit._asdict() for hit in kept] == [hit._asdict() for hit in plain]


@pytest.mark.django_db
def test_each_search_finds_its_own_words_in_its_own_module_and_language(loaded):
    def titles(query, module, language="en"):
        question = Passage.objects.question(terms_of(query), module, language)
        return {hit.title for hit in LIVE_HITS(question=question)}

    keita = titles("keita", loaded)
    assert titles("wagner", loaded) != keita != titles("keita", loaded, "fr")
    assert titles("keita", loaded) == keita != set()
    assert titles("keita", Module(slug="sudan")) == set()


@pytest.mark.django_db
def test_a_second_search_writes_no_sql(find, monkeypatch):
    written, as_sql = [], SQLCompiler.as_sql

    def writing(compiler, *arguments, **more):
        written.append(compiler.query.model)
        return as_sql(compiler, *arguments, **more)

    find("keita")
    monkeypatch.setattr(SQLCompiler, "as_sql", writing)
    assert find("mali").context_data["lessons"]
    assert Passage not in written


@pytest.mark.django_db
def test_each_word_of_a_passage_finds_it(loaded):
    passages = list(Passage.objects.order_by("pk"))
    for passage in passages[:: len(passages) // 25]:
        for word in passage.text.split()[::5]:
            if terms := terms_of(word):
                hits = Passage.objects.matching(Passage.objects.question(terms, loaded, passage.language))
                assert hits.filter(pk=passage.pk).exists(), (word, passage.text)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["a" * 200, "é" * 200, "ﷺ" * 200, "\x00", "gold " * 40, "x" * 2_000_000])
def test_a_long_or_strange_query_is_answered(find, query):
    assert find(query).status_code == (200 if len(query) <= 200 else 400)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_a_document_says_is_found_in_its_lesson(find, language):
    """A place that only the card of the fifth lab names."""
    lessons = find("almoustarat", language).context_data["lessons"]
    assert [hit.number for hit in lessons] == ["5.3"]
