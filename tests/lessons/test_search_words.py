"""How a word may be typed and still be found, in a small case study of both languages; and what is never found."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils.translation import override

from course.loading import load
from lessons.models import Claim, Lesson, Passage, Section
from tests import make
from tests.content import GLOSSARY, LESSON_EN, LESSON_FR, MODULE, write_module

pytestmark = pytest.mark.django_db
MORE_EN = """\
The ferries were not counted on
22 March 2012; of 1,000 some 3.5 sank. `chmod` helps.

```
sudo reboot
```

"""
MORE_FR = """\
Les bacs n’ont pas été comptés le
22 mars 2012 ; de 1 000 quelque 3,5 ont coulé. `chmod` y aide.

```
sudo reboot
```

L’œuvre de Ɲɔŋɛ.
"""


@pytest.fixture
def search(client, tmp_path):
    """search(query, language="en"): what the page of a small case study shows."""
    english = LESSON_EN.replace("The ferries were not counted.", f"{MORE_EN}Nobody counted the ferries.")
    french = LESSON_FR.replace("Les bacs n’ont pas été comptés.", f"{MORE_FR}Personne.")
    module, _written = load(write_module(tmp_path, lesson_en=english, lesson_fr=french), make.NOW)

    def page(query, language="en"):
        with override(language):
            return client.get(reverse("lessons:search", args=[module.slug]), {"q": query})

    return page


def lessons(response):
    return response.context_data["lessons"]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "query",
    [
        "1000",
        "1 000",
        "1.000",
        "1,000",
        "1\u202f000",
        "3.5",
        "3,5",
        "2012-03-22",
        "22/3/2012",
        "2012-03",
        "chmod",
        "reboot",
    ],
)
def test_figures_days_and_code_are_found_however_they_are_typed(search, query, language):
    (lesson,) = lessons(search(query, language))
    assert lesson.address.endswith("/the-bridge/#missing")
    assert any(is_hit for _words, is_hit in lesson.excerpt)


@pytest.mark.parametrize("query", ["100", "10000", "35", "2013-03-22", "2012-03-02", "2012-02", "eboot", "rry"])
def test_a_figure_is_found_whole_and_a_word_from_its_beginning(search, query):
    assert lessons(search(query)) == []


@pytest.mark.parametrize("query", ["oeuvre", "Œuvre", "ŒUVRE", "l'oeuvre", "l‘œuvre", "ɲɔŋɛ", "none", "NONE"])
def test_letters_are_found_by_those_that_stand_in_for_them(search, query):
    assert lessons(search(query, "fr"))


def test_a_line_end_in_the_source_is_a_space_and_a_day_is_marked_whole(search):
    assert "counted on <mark>22 March 2012;</mark> of" in search("2012-03-22").text
    assert "comptés le <mark>22 mars 2012\u202f;</mark> de" in search("2012-03-22", "fr").text


@pytest.mark.parametrize(
    ("query", "language", "title"),
    [
        ("Vieux Gué", "en", "Old Ford"),
        ("gue", "en", "Old Ford"),
        ("ford", "fr", "Vieux Gué"),
        ("RO", "fr", "Office du fleuve"),
        ("fleuve", "en", "River Office"),
    ],
)
def test_a_name_of_the_other_language_finds_the_entry(search, query, language, title):
    page = search(query, language)
    assert [entry.title for entry in page.context_data["glossary"]] == [title]
    assert lessons(search("Vieux Gué")) == []


@pytest.mark.parametrize("query", ["M002", "m002"])
def test_a_claim_is_found_by_its_key(search, query):
    assert [claim.key for claim in search(query).context_data["claims"]] == ["M002"]


def test_a_claim_is_found_by_all_that_its_card_says(search):
    assert [claim.key for claim in search("boats pass").context_data["claims"]] == ["M002"]
    assert [claim.key for claim in search("2019-10").context_data["claims"]] == ["M001"]


def test_a_passage_is_found_by_the_title_of_its_lesson_too(search):
    (lesson,) = lessons(search("statements ferries"))
    assert lesson.address.endswith("#missing")


def test_what_was_withdrawn_is_not_found(search):
    for model, kind in ((Claim, "claims"), (Lesson, "lessons"), (Section, "lessons")):
        assert search("boats").context_data[kind]
        model.objects.update(withdrawn_at=make.NOW)
        assert search("boats").context_data[kind] == []
        model.objects.update(withdrawn_at=None)


def test_one_module_is_searched_and_another_one_says_nothing(search, tmp_path):
    other = write_module(
        tmp_path / "ferry",
        module=MODULE.replace('slug = "bridge"', 'slug = "ferry"'),
        lesson_en=LESSON_EN.replace("boats pass", "rafts pass"),
    )
    load(other, make.NOW)
    assert Passage.objects.filter(words__contains=" rafts ").exists()
    assert lessons(search("rafts")) == []
    assert len(lessons(search("bridge"))) == 1


def test_a_markup_sign_in_a_text_stays_a_sign(search):
    Passage.objects.update(text="<b>boats</b> & more", words=" boats \n\n more ")
    assert "<mark>&lt;b&gt;boats&lt;/b&gt;</mark> &amp; more" in search("boats").text


def test_what_the_texts_say_no_more_is_not_found(search, tmp_path):
    assert search("ford").context_data["glossary"]
    shorter = GLOSSARY[: GLOSSARY.index('[[term]]\nid = "ford"')]
    english = LESSON_EN.replace("boats pass", "ships pass")
    load(write_module(tmp_path, glossary=shorter, lesson_en=english), make.NOW)
    assert search("ford").context_data["glossary"] == []
    assert not Passage.objects.filter(anchor="term-ford").exists()
    assert lessons(search("boats")) == []
    assert lessons(search("ships"))


def test_the_index_can_be_filled_again_from_the_rows(search):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO lessons_passage_index (lessons_passage_index) VALUES ('delete-all')")
        assert lessons(search("boats")) == []
    Passage.objects.index()
    assert lessons(search("boats"))


def test_a_sqlite_without_full_text_search_is_told_so_by_the_migration():
    def execute(statement):
        raise OperationalError("no such module: fts5")

    editor = SimpleNamespace(connection=SimpleNamespace(vendor="sqlite"), execute=execute)
    with pytest.raises(CommandError, match="no full text search"):
        importlib.import_module("lessons.migrations.0005_search_index").make_index(apps, editor)
