"""What an upgrade makes of what was there: documents whose long texts have rows of their own."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lessons.models import Annex, Lesson, Module, Section
from lessons.templatetags.content_tags import in_language
from tests import make

BEFORE = [("lessons", "0003_long_texts_apart")]
PAGE = {"title": "T", "html": "<p>H</p>"}
MODULE = {
    "title": make.both("M"),
    "article": {"reference": "report", "paragraphs": [{"opening": "At last"}]},
    "map": {"frame": [0, 0, 1, 1]},
    "corrections": make.both(PAGE),
}
SECTION = {"title": make.both("S"), "sheet": make.both(PAGE), "before": 2}
LESSON = {
    "title": make.both("L"),
    "headings": make.both({"why": "Why"}),
    "minutes": make.both(5),
    "labels": ["fact"],
    "source": {"en": "# L", "fr": "# L (fr)"},
    "parts": {"en": [{"html": "<p>a</p>"}, {"check": "try-it"}], "fr": [{"html": "<p>b</p>"}, {"check": "try-it"}]},
}


@pytest.fixture
def former(transactional_db):
    """The tables of lessons as the former release left them; afterwards as they are."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()  # what later tables of other apps rest on goes back too
    yield executor.migrate(BEFORE).apps
    MigrationExecutor(connection).migrate(leaves)


def make_former(apps, module, **documents):
    rows = {"slug": "river", "threshold": "0.8", "as_of": date(2026, 9, 1), "document": module}
    module = apps.get_model("lessons", "Module").objects.create(**rows)
    section = module.sections.create(slug="banks", position=1, document=documents["section"])
    section.lessons.create(slug="first", position=1, renderer=1, checksum="0" * 64, document=documents["lesson"])


def upgrade():
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_long_texts_get_rows_of_their_own_and_lists_keep_what_they_show(former):
    make_former(former, MODULE, section=SECTION, lesson=LESSON)
    upgrade()
    assert Module.objects.get().document == {
        "title": make.both("M"), "article": {"reference": "report"}, "map": True, "corrections": True
    }  # fmt: skip
    assert Section.objects.get().document == {"title": make.both("S"), "before": 2}
    annexes = {row.part: (row.section and row.section.slug, row.document) for row in Annex.objects.all()}
    assert annexes == {
        "article": (None, MODULE["article"]),
        "map": (None, MODULE["map"]),
        "corrections": (None, MODULE["corrections"]),
        "sheet": ("banks", SECTION["sheet"]),
    }
    lesson = Lesson.objects.get()
    assert lesson.document == {name: LESSON[name] for name in ("title", "headings", "minutes")} | {"checks": ["try-it"]}
    for language in ("en", "fr"):
        text = lesson.texts.get(language=language)
        assert (text.source, text.parts) == (LESSON["source"][language], LESSON["parts"][language])


def test_a_module_without_article_map_and_corrections_has_none(former):
    empty = {"title": make.both("M"), "article": {}, "map": {}, "corrections": {}}
    make_former(former, empty, section={"title": make.both("S")}, lesson=LESSON)
    upgrade()
    assert not Annex.objects.exists()
    assert Module.objects.get().document == empty | {"map": False, "corrections": False}


def test_the_former_release_reads_and_writes_its_own_column_beside_this_one(former):
    """Its columns stay, with what they held; a row that it makes meanwhile is one of ours too, without texts."""
    make_former(former, MODULE, section=SECTION, lesson=LESSON)
    upgrade()
    for table, document in (("module", MODULE), ("section", SECTION), ("lesson", LESSON)):
        rows = former.get_model("lessons", table).objects.defer("outline")
        assert rows.get().document == document
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO lessons_section (module_id, slug, position, document)"
            " SELECT id, 'late', 2, '{}' FROM lessons_module"
        )
    assert Section.objects.get(slug="late").document == {}


@pytest.mark.parametrize("text", [None, ""])
def test_a_text_that_the_former_release_did_not_load_is_empty_until_this_one_loads_it(text):
    assert in_language(text) == ""
    assert in_language({"fr": "Un texte"}) == "Un texte"
