"""Content into the database: written once, repeated without a write, changed with its history, never half."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from course.loading import load
from lessons.models import Claim, Event, Lesson, LessonText, Module, Part, Reading, Revision, Section, Term
from quizzes.models import Item
from tests.content import (
    ITEMS,
    LESSON_EN,
    LESSON_FR,
    NAMES,
    SECTION,
    TIMELINE,
    broken,
    row_counts,
    single,
    write_module,
)

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
LATER = FIRST + timedelta(days=7)
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@pytest.fixture
def folder(tmp_path):
    """A valid case study, loaded once."""
    load(write_module(tmp_path), FIRST)
    return tmp_path


def reload(folder):
    """Load again, a week later; what was written, and the statements that wrote."""
    with CaptureQueriesContext(connection) as queries:
        _, written = load(folder, LATER)
    return written, [query["sql"] for query in queries if query["sql"].lstrip().upper().startswith(WRITES)]


def change(folder, name, old, new):
    """Change one string and load again; what was written."""
    broken(folder, name, old, new)
    written, statements = reload(folder)
    assert bool(written) == bool(statements)
    return written


def pier():
    return Item.objects.get(slug="pier")


# The first load


def test_a_first_load_writes_all_that_the_files_hold(tmp_path):
    module, written = load(write_module(tmp_path), FIRST)
    assert written
    assert (written.changed, written.withdrawn, written.revisions) == (0, 0, 0)
    assert written.versions == 8
    found = {name: count for name, count in row_counts().items() if count}
    assert found == {
        "Module": 1, "Section": 1, "Claim": 3, "Reference": 1, "Term": 2, "Event": 1, "Lesson": 1,
        "LessonText": 2, "Annex": 2, "Passage": 16, "Bank": 1, "Item": 8, "ItemVersion": 8,
    }  # fmt: skip
    assert (module.slug, str(module.threshold), module.as_of.isoformat()) == ("bridge", "0.8", "2026-09-01")


def test_what_was_loaded_is_joined_as_the_files_say(folder):
    claim = Claim.objects.get(key="M001")
    assert [reference.slug for reference in claim.references.all()] == ["gazette-2019"]
    assert (claim.said_by, claim.said_by_role, claim.section.slug) == (None, "authors", "who-says-it")
    assert Claim.objects.get(key="M002").said_by.slug == "river-office"
    assert {claim.key for claim in Lesson.objects.get().claims.all()} == {"M001", "M002", "O01"}
    assert {claim.key for claim in Event.objects.get().claims.all()} == {"M001"}
    item = pier()
    assert (item.passage.slug, item.anchor, item.uses) == ("the-bridge", "who-counts", ["quiz", "exam", "review"])
    assert {claim.key for claim in item.claims.all()} == {"M001", "M002"}
    assert {claim.key for claim in item.rests_on.all()} == {"M001"}
    assert (item.current_version.number, item.current_version.made_at) == (1, FIRST)
    assert item.current_version.document["key"] == "b"


def test_a_lesson_is_rendered_in_both_languages_with_its_check_in_place(folder):
    lesson = Lesson.objects.get()
    for language, words in (("en", "The bridge opened"), ("fr", "Le pont a ouvert")):
        parts = lesson.texts.get(language=language).parts
        assert [*map(sorted, parts)] == [
            ["html"],
            ["html", "step"],
            ["html"],
            ["check"],
            ["html", "step"],
            ["html"],
            ["foot", "html"],
        ]
        assert words in parts[0]["html"]
        assert [part["step"] for part in parts if "step" in part] == ["who-counts", "missing"]
        assert parts[3] == {"check": "try-a-label"}
        assert 'data-id="O01"' in parts[5]["html"]
    assert lesson.objectives == ["Say what happened."]
    assert lesson.document["title"] == {"en": "Two statements about a bridge", "fr": "Deux affirmations sur un pont"}
    assert lesson.checks == ["try-a-label"]


def test_a_lesson_whose_items_are_tried_there_alone_has_their_objectives(tmp_path):
    """A lab: the quiz asks for none of its passages."""
    bank, slug, tried = ITEMS.rpartition('slug = "try-a-label"')
    tried = tried.replace("the-bridge#who-counts", "lab#look").replace("objective = 1", "objective = 2")
    check = "[check](item:try-a-label)\n\n"
    lessons = {"lesson_en": LESSON_EN.replace(check, ""), "lesson_fr": LESSON_FR.replace(check, "")}
    write_module(tmp_path, items=bank + slug + tried, **lessons)
    for language, word in (("en", "Look"), ("fr", "Regardez")):
        lab = f"# {word}\n\n{word}.[^M001]\n\n## {word} {{#look}}\n\n{check}"
        (tmp_path / SECTION / f"02-lab.{language}.md").write_text(lab, encoding="utf-8")
    load(tmp_path, FIRST)
    bridge, lab = Lesson.objects.order_by("position")
    assert (bridge.document["objectives"], lab.document["objectives"]) == ([1], [2])


def test_a_figure_is_drawn_into_its_lesson(tmp_path):
    figure = "\n![{}](figure:timeline?from=2019)\n"
    folder = write_module(
        tmp_path, lesson_en=LESSON_EN + figure.format("Dates"), lesson_fr=LESSON_FR + figure.format("Les dates")
    )
    load(folder, FIRST)
    assert "Les dates" in LessonText.objects.get(language="fr").steps[-1].parts[-1]["html"]
    assert "Dates" in LessonText.objects.get(language="en").steps[-1].parts[-1]["html"]


# Again


def test_a_second_load_writes_nothing(folder):
    before = row_counts()
    written, statements = reload(folder)
    assert not written
    assert statements == []
    assert row_counts() == before


@pytest.mark.parametrize("threshold", ["1", "0.66666", "0.75"])
def test_a_threshold_of_any_precision_is_written_once(tmp_path, threshold):
    write_module(tmp_path)
    broken(tmp_path, "module", "threshold = 0.8", f"threshold = {threshold}")
    load(tmp_path, FIRST)
    written, statements = reload(tmp_path)
    assert (bool(written), statements) == (False, [])


# What changes


def test_a_changed_claim_keeps_its_former_text(folder):
    former = Claim.objects.get(key="M002")
    written = change(folder, "claims", "The River Office says that", "The River Office told us that")
    revision = Revision.objects.get()
    assert revision.claim == former
    assert (revision.checksum, revision.made_at, revision.reason) == (former.checksum, LATER, {})
    assert revision.document["document"] == former.document
    assert (revision.document["stands"], revision.document["verdict"]) == ("attributed", "nuance")
    assert (revision.document["said_by"], revision.document["references"]) == ("river-office", [])
    now = Claim.objects.get(key="M002")
    assert now.finding.startswith("The River Office told us")
    assert now.checksum != former.checksum
    assert (written.revisions, written.made, written.withdrawn) == (1, 0, 0)
    assert not reload(folder)[0]


def test_a_claim_that_stands_otherwise_says_why_and_its_mark_changes(folder):
    broken(folder, "claims", 'presented = "fact"', 'change.en = "Checked."\nchange.fr = "Vérifié."\npresented = "fact"')
    change(folder, "claims", 'stands = "fact"', 'stands = "opinion"')
    revision = Revision.objects.get(claim__key="M001")
    assert revision.reason == {"en": "Checked.", "fr": "Vérifié."}
    assert (revision.document["stands"], revision.document["references"]) == ("fact", ["gazette-2019"])
    assert revision.document["said_by"] == "authors"
    assert 'class="mark l-opinion"' in LessonText.objects.get(language="en").parts[0]["html"]


def test_what_no_reader_is_told_makes_no_revision(folder):
    change(folder, "claims", 'date = "2019-10"', 'date = "2019"')
    assert Claim.objects.get(key="M001").date == "2019"
    assert Revision.objects.count() == 0


@pytest.mark.parametrize(("name", "language"), [("lesson_en", "en"), ("lesson_fr", "fr")])
def test_a_changed_lesson_keeps_its_former_text_and_what_was_read(folder, awa, name, language):
    lesson = Lesson.objects.get()
    source = dict(lesson.texts.values_list("language", "source"))
    reading = Reading.objects.create(learner=awa, lesson=lesson, checksum=lesson.checksum, read_at=FIRST)
    written = change(folder, name, " 2019.[^M001]", " 2019: see.[^M001]")
    revision = Revision.objects.get()
    assert revision.lesson == lesson
    assert (revision.checksum, revision.checksum) == (reading.checksum, lesson.checksum)
    assert revision.document == {"title": lesson.document["title"], "source": source}
    now = Lesson.objects.get()
    assert "2019: <span" in now.texts.get(language=language).parts[0]["html"]
    assert now.checksum != lesson.checksum
    assert (written.revisions, written.changed) == (1, 1)


def test_a_lesson_whose_marks_change_touches_other_claims(folder):
    for name in ("lesson_en", "lesson_fr"):
        broken(folder, name, "[^O01]", "[^M001]")
    reload(folder)
    assert {claim.key for claim in Lesson.objects.get().claims.all()} == {"M001", "M002"}


def test_a_changed_stem_makes_a_second_version_and_keeps_the_first(folder):
    first = pier().current_version
    written = change(folder, "items", "What holds of the pier?", "What is true of the pier?")
    item = pier()
    assert [version.number for version in item.versions.order_by("number")] == [1, 2]
    assert (item.current_version.number, item.current_version.made_at) == (2, LATER)
    assert item.current_version.document["stem"]["en"] == "What is true of the pier?"
    first.refresh_from_db()
    assert (first.document["stem"]["en"], first.made_at) == ("What holds of the pier?", FIRST)
    assert (written.versions, written.made, written.changed) == (1, 0, 0)


def test_a_former_text_that_comes_back_is_its_former_version(folder):
    change(folder, "items", "What holds of the pier?", "What is true of the pier?")
    written = change(folder, "items", "What is true of the pier?", "What holds of the pier?")
    assert pier().current_version.number == 1
    assert pier().versions.count() == 2
    assert (written.versions, written.changed) == (0, 1)


def test_what_changes_neither_question_nor_mark_makes_no_version(folder):
    written = change(folder, "items", "Look at amber again.", "Look once more.")
    assert pier().document["feedback"]["a"]["en"] == "Look once more."
    assert pier().versions.count() == 1
    assert (written.versions, written.changed) == (0, 1)


@pytest.mark.parametrize(
    ("old", "new", "field", "keys"),
    [
        ('claims = ["M001", "M002"]', 'claims = ["M001"]', "claims", {"M001"}),
        ('rests_on = ["M001"]', 'rests_on = ["M001", "M002"]', "rests_on", {"M001", "M002"}),
    ],
)
def test_other_claims_of_an_item_are_written_and_told(folder, old, new, field, keys):
    broken(folder, "items", "What holds of the pier?", "What does the RO say?")
    broken(folder, "items", "Que vaut-il du sujet pier ?", "Que dit l’OF ?")
    reload(folder)
    written = change(folder, "items", old, new)
    assert written.changed == 1
    assert {claim.key for claim in getattr(pier(), field).all()} == keys


def test_a_changed_event_section_and_term_are_written_in_place_and_the_lesson_with_that_term_again(folder):
    broken(folder, "timeline", "The bridge opens.", "The bridge opened.")
    broken(folder, "section", "Who says it?", "Who says so?")
    broken(folder, "glossary", "It counts the boats.", "It counts boats.")
    written, _ = reload(folder)
    assert (written.changed, written.made, written.withdrawn, written.revisions) == (4, 0, 0, 0)
    assert "It counts boats." in str(LessonText.objects.get(language="en").parts)


# What is gone


def without(folder, name, start, end):
    """Take out of a file what stands from `start` up to `end`; the file's former text."""
    path = folder / NAMES[name]
    text = path.read_text(encoding="utf-8")
    left = text[: text.index(start)] + (text[text.index(end) :] if end else "")
    path.write_text(left, encoding="utf-8")
    return text


def assert_comes_back(folder, name, text, rows):
    (folder / NAMES[name]).write_text(text, encoding="utf-8")
    written, _ = reload(folder)
    assert (written.made, written.versions, written.revisions) == (0, 0, 0)
    assert written.changed >= 1
    assert not rows.exclude(withdrawn_at=None).exists()
    assert not reload(folder)[0]


def test_an_item_that_is_gone_is_withdrawn_and_comes_back(folder):
    text = without(folder, "items", '[[item]]\nslug = "rail"', '[[item]]\nslug = "toll"')
    broken(folder, "section", "draw = 5", "draw = 4")
    assert reload(folder)[0].withdrawn == 1
    item = Item.objects.get(slug="rail")
    assert (item.withdrawn_at, item.versions.count()) == (LATER, 1)
    assert not reload(folder)[0]
    assert_comes_back(folder, "items", text, Item.objects.all())


def test_a_claim_that_is_gone_is_withdrawn_and_comes_back(folder):
    text = without(folder, "claims", '[[claim]]\nid = "O01"', None)
    for name in ("lesson_en", "lesson_fr"):
        broken(folder, name, "[^O01]", "")
    assert reload(folder)[0].withdrawn == 1
    assert Claim.objects.get(key="O01").withdrawn_at == LATER
    assert [claim.key for claim in Claim.objects.live().order_by("key")] == ["M001", "M002"]
    assert_comes_back(folder, "claims", text, Claim.objects.all())


def other_lesson(folder):
    """The files of a second lesson of the section."""
    paths = [folder / SECTION / f"02-the-ferry.{language}.md" for language in ("en", "fr")]
    for path, words in zip(paths, ("# The ferry\n\nIt leaves.\n", "# Le bac\n\nIl part.\n"), strict=True):
        path.write_text(words, encoding="utf-8")
    return paths


def test_a_lesson_that_is_gone_is_withdrawn_and_comes_back(folder):
    paths = other_lesson(folder)
    assert reload(folder)[0].made == 1
    for path in paths:
        path.unlink()
    assert reload(folder)[0].withdrawn == 1
    assert Lesson.objects.get(slug="the-ferry").withdrawn_at == LATER
    other_lesson(folder)
    assert reload(folder)[0].changed == 1
    assert Lesson.objects.get(slug="the-ferry").withdrawn_at is None


def test_a_section_that_is_gone_is_withdrawn_with_its_lessons_and_items_and_comes_back(folder):
    second = folder / "02-who-pays"
    items = "\n".join(single(f"coin-{number}") for number in range(5))
    (folder / SECTION).rename(second)
    write_module(folder)
    (second / "items.toml").write_text(items, encoding="utf-8")
    for language in ("en", "fr"):
        path = second / f"01-the-bridge.{language}.md"
        path.write_text(path.read_text(encoding="utf-8").replace("[check](item:try-a-label)", ""), encoding="utf-8")
    reload(folder)
    section = Section.objects.get(slug="who-pays")
    assert (section.lessons.live().count(), section.bank.items.live().count()) == (1, 5)
    away = second.rename(folder / "away")
    assert reload(folder)[0].withdrawn == 7
    section.refresh_from_db()
    assert section.withdrawn_at == LATER
    assert (section.lessons.live().count(), section.bank.items.live().count()) == (0, 0)
    assert not reload(folder)[0]
    away.rename(second)
    assert reload(folder)[0].changed == 7
    assert (section.lessons.live().count(), section.bank.items.live().count()) == (1, 5)


def test_an_event_that_is_gone_is_deleted(folder):
    write_module(folder, timeline=TIMELINE.replace("opening", "closing"))
    written, _ = reload(folder)
    assert (written.made, written.withdrawn) == (1, 1)
    assert [event.slug for event in Event.objects.all()] == ["closing"]


def test_periods_are_kept_for_the_page_of_the_timeline_and_go_with_the_file(folder):
    period = '[[period]]\nfrom = 2019\nto = 2019\ntitle.en = "Now"\ntitle.fr = "Maintenant"\n\n'
    write_module(folder, timeline=period + TIMELINE)
    assert reload(folder)[0].changed == 1
    module = Module.objects.get()
    assert module.annexes.read(Part.TIMELINE)["periods"][0]["title"]["fr"] == "Maintenant"
    write_module(folder, timeline=TIMELINE)
    assert reload(folder)[0].changed == 1
    assert module.annexes.read(Part.TIMELINE) == {}


# The real one


def test_the_real_case_study_is_free_of_errors_and_loads_once():
    folder = settings.CONTENT_DIR / "mali"
    module, written = load(folder, FIRST)
    assert written.made > 0
    assert module.sections.live().count() == len(list(folder.glob("[0-9][0-9]-*/section.toml")))
    assert Item.objects.live().filter(current_version=None).count() == 0
    again, statements = reload(folder)
    assert (bool(again), statements) == (False, [])


def test_a_term_goes_with_its_text_once_no_claim_needs_it(folder):
    spare = '[[term]]\nid = "spare"\nkind = "term"\nname.en = "Spare"\nname.fr = "Rechange"\n'
    spare += 'meaning.en = "One more"\nmeaning.fr = "Un de plus"\n\n'
    assert change(folder, "glossary", "[[term]]", spare + "[[term]]").made == 1
    assert change(folder, "glossary", spare, "").withdrawn == 1
    assert not Term.objects.filter(slug="spare").exists()
