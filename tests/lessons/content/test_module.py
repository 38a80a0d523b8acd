"""A module's folder: what is missing, misnamed or different in French is refused with file and line."""

import pytest

from lessons.content import RESERVED_SLUGS
from lessons.content.module import read_module
from lessons.content.source import Problems
from tests.content import LESSON_EN, LESSON_FR, NAMES, SECTION, broken, line_of, refused, write_module


def read(folder):
    problems = Problems()
    return read_module(folder, problems), problems


def test_a_valid_module_is_read_without_a_problem(tmp_path):
    module, problems = read(write_module(tmp_path))
    assert problems == []
    assert (module.slug, module.threshold, module.as_of.isoformat()) == ("bridge", 0.8, "2026-09-01")
    assert module.document["title"] == {"en": "The bridge", "fr": "Le pont"}
    assert module.document["exam"] == {"per_section": 2, "certificate": False}
    (section,) = module.sections
    assert (section.slug, section.position) == ("who-says-it", 1)
    assert section.document["quiz"] == {"draw": 5, "threshold": None, "certainty": False}
    assert section.document["title"]["fr"] == "Qui le dit\u202f?"
    assert {language: page.title for language, page in section.sheet.items()} == {"en": "Sheet", "fr": "Fiche"}
    assert section.anchors() == {"the-bridge#who-counts", "the-bridge#missing"}
    (lesson,) = section.lessons
    assert (lesson.slug, lesson.position, lesson.claims) == ("the-bridge", 1, ["M001", "M002", "O01"])


def test_what_is_left_out_takes_its_default(tmp_path):
    write_module(tmp_path)
    broken(tmp_path, "module", "[exam]\nper_section = 2\n", "")
    broken(tmp_path, "section", "[quiz]\ndraw = 5\n", "")
    module, problems = read(tmp_path)
    assert problems == []
    assert module.document["exam"] == {"per_section": 3, "certificate": False}
    assert module.sections[0].document["quiz"]["draw"] == 8


# (file, what stands there, what a hurried author writes, words on the line that is told, words of the message);
# without words it is told on the changed line.
REFUSALS = {
    "a module without slug": ("module", 'slug = "bridge"\n', "", "title.en", "“slug” is missing"),
    "a module in no language": ("module", '["en", "fr"]', '["English"]', "", "“English” is no code of a language"),
    "a module without a neutral title": (
        "module",
        'neutral_title.fr = "Une étude de cas"\n',
        "",
        "neutral_title.en",
        "“neutral_title.fr” is missing",
    ),
    "a threshold in per cent": ("module", "threshold = 0.8", "threshold = 80", "", "above 0 and up to 1"),
    "a day in quotation marks": ("module", "2026-10-01", '"2026-10-01"', "", "a date without quotation marks"),
    "an exam that draws nothing": ("module", "per_section = 2", "per_section = 0", "", "between 1 and 20"),
    "an exam with a key of its own": ("module", "per_section", "each", "", "nothing is known of a key “each”"),
    "a module with a key of its own": (
        "module",
        "threshold",
        "pass = 1\nthreshold",
        "pass",
        "nothing is known of a key “pass”",
    ),
    "a section without title": ("section", 'title.fr = "Qui le dit ?"\n', "", "title.en", "“title.fr” is missing"),
    "a section that is half optional": (
        "section",
        "[quiz]",
        'optional = "half"\n\n[quiz]',
        "optional",
        "true or false",
    ),
    "a quiz that draws too much": ("section", "draw = 5", "draw = 41", "", "between 1 and 40"),
    "a quiz with a threshold of nothing": ("section", "draw = 5", "draw = 5\nthreshold = 0", "threshold", "above 0"),
    "a quiz with a key of its own": ("section", "draw = 5", "draw = 5\nsize = 5", "size", "key “size” of [[quiz]]"),
    "an objective of an unknown level": ("section", '"analyse"', '"guess"', "", "should be one of: remember"),
    "an objective without French": (
        "section",
        'text.fr = "Dire qui le dit."\n',
        "",
        "Say who says it",
        "“text.fr” is missing",
    ),
    "an objective with a key of its own": (
        "section",
        'level = "analyse"',
        'level = "analyse"\nweight = 2',
        "weight",
        "key “weight” of [[objective]]",
    ),
    "a section with a key of its own": ("section", "notice.en", "weight = 2\nnotice.en", "weight", "key “weight”"),
    "a claim of a section that is not there": (
        "claims",
        '"who-says-it"',
        '"who-said-it"',
        "",
        "no section is called “who-said-it”",
    ),
    "a French lesson with other anchors": (
        "lesson_fr",
        "{#missing}",
        "{#manque}",
        "# Deux",
        "the anchors differ: who-counts, missing in English, who-counts, manque here",
    ),
    "a French lesson without an item to try": (
        "lesson_fr",
        "[check](item:try-a-label)\n",
        "",
        "# Deux",
        "the items to try differ from the English",
    ),
    "a French lesson without a term": (
        "lesson_fr",
        "[Office du fleuve](term:river-office)",
        "Office du fleuve",
        "# Deux",
        "the terms differ from the English: river-office",
    ),
    "a French lesson without a mark": (
        "lesson_fr",
        "[^M002]",
        "",
        "## Qui compte",
        "the claim marks differ: M002 in English,  here",
    ),
    "a French lesson with a mark elsewhere": (
        "lesson_fr",
        "2019.[^M001]",
        "2019.[^M002]",
        "# Deux",
        "the claim marks differ: M001 in English, M002 here",
    ),
    "a French lesson with another number": (
        "lesson_fr",
        "1 277 bateaux",
        "des bateaux",
        "## Qui compte",
        "the English says 1277 where the French does not",
    ),
    "a French lesson with another month": (
        "lesson_fr",
        "octobre",
        "l’an",
        "# Deux",
        "the English says October where the French does not",
    ),
    "a French lesson with a number more": (
        "lesson_fr",
        "comptés",
        "comptés 2 fois",
        "## Ce qui",
        "the French says 2 where the English does not",
    ),
}


@pytest.mark.parametrize(("name", "old", "new", "at", "words"), REFUSALS.values(), ids=REFUSALS)
def test_a_module_is_refused_with_file_and_line(tmp_path, name, old, new, at, words):
    write_module(tmp_path)
    line = broken(tmp_path, name, old, new)
    if at:
        line = line_of(tmp_path, name, at)
    _, problems = read(tmp_path)
    refused(problems, tmp_path, name, line, words)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("[^M001]", "[^M009]", 3, "no claim is called “M009”"),
        ("term:river-office", "term:mayor", 7, "no term of the glossary is called “mayor”"),
    ],
)
def test_a_lesson_that_marks_what_is_not_there_is_refused_in_each_language(tmp_path, old, new, line, words):
    write_module(tmp_path)
    broken(tmp_path, "lesson_en", old, new)
    broken(tmp_path, "lesson_fr", old, new)
    assert [str(problem) for problem in read(tmp_path)[1]] == [
        f"{tmp_path / NAMES[name]}:{line}: {words}" for name in ("lesson_en", "lesson_fr")
    ]


def test_a_figure_stands_in_both_languages(tmp_path):
    write_module(tmp_path)
    broken(tmp_path, "lesson_en", "The ferries", "![Boats](figure:timeline)\n\nThe ferries")
    refused(read(tmp_path)[1], tmp_path, "lesson_fr", 1, "the figures differ from the English")


@pytest.mark.parametrize("mark", ["[check](item:try-it)", "![The years](figure:timeline)"])
@pytest.mark.parametrize(("name", "title"), [("sheet_en", "# Sheet\n"), ("sheet_fr", "# Fiche\n")])
def test_a_sheet_has_neither_figures_nor_items_to_try(tmp_path, name, title, mark):
    write_module(tmp_path)
    broken(tmp_path, name, title, f"{title}\n{mark}\n")
    _, problems = read(tmp_path)
    assert (3, "only a lesson has figures, items to try and the like") in [
        (fault.line, fault.text) for fault in problems.errors
    ]


@pytest.mark.parametrize("name", ["module", "references", "glossary", "claims", "section", "sheet_en", "sheet_fr"])
def test_a_missing_file_is_named(tmp_path, name):
    _, problems = read(write_module(tmp_path, **{name: None}))
    assert f"{tmp_path / NAMES[name]}:1: this file is missing" in [str(problem) for problem in problems]


@pytest.mark.parametrize("name", ["lesson_en", "lesson_fr"])
def test_a_lesson_in_one_language_is_refused_by_the_name_of_the_missing_file(tmp_path, name):
    _, problems = read(write_module(tmp_path, **{name: None}))
    assert str(problems[0]) == f"{tmp_path / NAMES[name]}:1: this file is missing"


def test_a_folder_that_is_no_module_is_refused_and_nothing_breaks(tmp_path):
    _, problems = read(tmp_path / "nowhere")
    assert f"{tmp_path / 'nowhere/module.toml'}:1: this file is missing" in [str(problem) for problem in problems]
    assert "a module has at least one section, a folder such as 01-who-is-speaking" in problems[-1].text


def test_a_section_without_lessons_is_refused(tmp_path):
    _, problems = read(write_module(tmp_path, lesson_en=None, lesson_fr=None))
    refused(problems, tmp_path, "section", 1, "a section has at least one lesson, such as 01-first.en.md")


def test_two_sections_of_one_name_are_refused(tmp_path):
    write_module(tmp_path)
    (tmp_path / SECTION).rename(tmp_path / "02-who-says-it")
    write_module(tmp_path)
    refused(read(tmp_path)[1], tmp_path, "module", 1, "two sections are called “who-says-it”")


def test_two_sections_of_one_number_are_refused(tmp_path):
    write_module(tmp_path)
    (tmp_path / SECTION).rename(tmp_path / "01-a-bridge")
    write_module(tmp_path)
    (problem,) = read(tmp_path)[1].errors
    assert (problem.path, problem.line) == (str(tmp_path / SECTION / "section.toml"), 1)
    assert problem.text == "01-a-bridge has this number already; give the folder another one"


def test_two_lessons_of_one_number_are_refused(tmp_path):
    write_module(tmp_path)
    for language, text in (("en", LESSON_EN), ("fr", LESSON_FR)):
        (tmp_path / SECTION / f"01-a-bridge.{language}.md").write_text(text, encoding="utf-8")
    (problem,) = read(tmp_path)[1].errors
    assert (problem.path, problem.line) == (str(tmp_path / NAMES["lesson_en"]), 1)
    assert problem.text == "01-a-bridge has this number already; give the files another one"


def test_two_lessons_of_one_name_are_refused(tmp_path):
    write_module(tmp_path)
    for language, text in (("en", LESSON_EN), ("fr", LESSON_FR)):
        (tmp_path / SECTION / f"02-the-bridge.{language}.md").write_text(text, encoding="utf-8")
    _, problems = read(tmp_path)
    (problem,) = problems
    assert (problem.path, problem.line) == (str(tmp_path / SECTION / "02-the-bridge.en.md"), 1)
    assert problem.text == "two lessons of this section are called “the-bridge”"


@pytest.mark.parametrize("slug", RESERVED_SLUGS)
def test_the_address_of_another_page_is_no_name_of_a_section_or_lesson(tmp_path, slug):
    write_module(tmp_path)
    for language in ("en", "fr"):
        path = tmp_path / NAMES[f"lesson_{language}"]
        path.rename(path.with_name(f"01-{slug}.{language}.md"))
    for _ in range(3):
        broken(tmp_path, "claims", "who-says-it", slug)
    folder = (tmp_path / SECTION).rename(tmp_path / f"01-{slug}")
    _, problems = read(tmp_path)
    assert [str(problem) for problem in problems] == [
        f"{folder}/section.toml:1: “{slug}” is the address of another page; give the folder another name",
        f"{folder}/01-{slug}.en.md:1: “{slug}” is the address of another page; give the file another name",
    ]


@pytest.mark.parametrize("heading", ["## No anchor", "No anchor\n---------"])
def test_a_heading_without_anchor_in_both_languages_is_refused_in_both(tmp_path, heading):
    _, problems = read(
        write_module(
            tmp_path,
            lesson_en=LESSON_EN + f"\n{heading}\n\nMore.\n",
            lesson_fr=LESSON_FR + f"\n{heading}\n\nPlus.\n",
        )
    )
    line = LESSON_EN.count("\n") + 2
    assert [(problem.path, problem.line) for problem in problems] == [
        (str(tmp_path / NAMES[name]), line) for name in ("lesson_en", "lesson_fr")
    ]


@pytest.mark.parametrize("heading", ["  ## Rafts {#rafts}", "Rafts {#rafts}\n-----", "##\tRafts {#rafts}"])
def test_a_heading_counts_however_it_is_written(tmp_path, heading):
    folder = write_module(
        tmp_path,
        lesson_en=LESSON_EN + f"\n{heading}\n\nIn 2012.\n",
        lesson_fr=LESSON_FR + f"\n{heading}\n\nEn 2013.\n",
    )
    module, problems = read(folder)
    assert list(module.sections[0].lessons[0].pages["en"].headings) == ["who-counts", "missing", "rafts"]
    line = LESSON_FR.count("\n") + 2
    assert [(problem.path, problem.line) for problem in problems] == [(str(folder / NAMES["lesson_fr"]), line)] * 2


def test_a_line_of_code_is_no_heading(tmp_path):
    code = "\n```\n## none\n```\n"
    _, problems = read(write_module(tmp_path, lesson_en=LESSON_EN + code, lesson_fr=LESSON_FR + code))
    assert problems == []


def test_folders_and_files_without_a_number_are_left_alone(tmp_path):
    write_module(tmp_path)
    (tmp_path / "drafts").mkdir()
    (tmp_path / SECTION / "notes.md").write_text("Not a lesson.")
    module, problems = read(tmp_path)
    assert problems == []
    assert (len(module.sections), len(module.sections[0].lessons)) == (1, 1)


@pytest.mark.parametrize("name", ["lesson_en", "lesson_fr"])
def test_a_lessons_checksum_is_of_its_source_in_both_languages(tmp_path, name):
    before = read(write_module(tmp_path))[0].sections[0].lessons[0].checksum
    broken(tmp_path, name, ".[^M001]", "![^M001]")
    assert read(tmp_path)[0].sections[0].lessons[0].checksum != before


def with_step(folder, words, heading=""):
    """A lesson of which one step has so many words, and another heading."""
    for language in ("en", "fr"):
        path = folder / f"{SECTION}/01-the-bridge.{language}.md"
        path.write_text(path.read_text() + f"\n## More {{#more}}\n\n{' '.join(['word'] * words)}.\n{heading}")
    return folder


@pytest.mark.parametrize(("words", "told"), [(110, []), (111, ["111 words; a step has at most 110"])])
def test_a_step_too_long_for_a_phone_is_told(tmp_path, words, told):
    _, problems = read(with_step(write_module(tmp_path), words))
    assert [problem.text for problem in problems.warnings if "step" in problem.text] == told


def test_a_table_is_to_be_looked_at_and_counts_for_no_step(tmp_path):
    table = f"\n| a | b |\n|---|---|\n| {'word ' * 80} | {'word ' * 80} |\n"
    _, problems = read(with_step(write_module(tmp_path), 5, table))
    assert [problem.text for problem in problems.warnings if "step" in problem.text] == []


def test_a_lesson_too_long_is_told(tmp_path):
    steps = "".join(f"\n## Step {{#s{number}}}\n\n{' '.join(['word'] * 100)}.\n" for number in range(8))
    _, problems = read(with_step(write_module(tmp_path), 5, steps))
    texts = [problem.text for problem in problems.warnings]
    assert any("words; a lesson has at most 750" in text for text in texts)
    assert any("steps; a lesson has at most 8" in text for text in texts)


def test_three_days_and_a_keeper_are_asked_for(tmp_path):
    write_module(tmp_path)
    for old in ("read_to = 2026-09-20\n", "checked_on = 2026-10-01\n", "days = 90\n"):
        broken(tmp_path, "module", old, "")
    _, problems = read(tmp_path)
    assert [problem.text for problem in problems.errors] == [
        "“read_to” is missing",
        "“checked_on” is missing",
        "“days” is missing",
    ]


@pytest.mark.parametrize(("checked_on", "is_told"), [("2026-09-19", True), ("2026-09-20", False)])
def test_a_module_that_was_checked_before_its_last_source_was_read_is_told_so(tmp_path, checked_on, is_told):
    write_module(tmp_path)
    broken(tmp_path, "module", "checked_on = 2026-10-01", f"checked_on = {checked_on}")
    _, problems = read(tmp_path)
    assert [warning.text for warning in problems.warnings if "check it again" in warning.text] == [
        "the whole was checked before sources were read to 2026-09-20: check it again"
    ] * is_told


# Files that nothing reads


UNREAD = [
    "glosary.toml",
    "Timeline.toml",
    "02-second.en.md",
    f"{SECTION}/02-Second.en.md",
    f"{SECTION}/2-second.en.md",
    f"{SECTION}/02_second.fr.md",
    f"{SECTION}/02-second.md",
    f"{SECTION}/02-second.de.md",
    f"{SECTION}/02-second.en.MD",
    f"{SECTION}/02-second.en.markdown",
    f"{SECTION}/02-second.en.md.txt",
    f"{SECTION}/item.toml",
    f"{SECTION}/sheet.md",
]


@pytest.mark.parametrize("name", UNREAD)
def test_a_file_that_nothing_reads_is_told(tmp_path, name):
    (write_module(tmp_path) / name).write_text("")
    _, problems = read(tmp_path)
    assert [(problem.path, problem.line, problem.warning) for problem in problems] == [(str(tmp_path / name), 1, True)]
    assert "nothing reads a file of this name" in problems[0].text


@pytest.mark.parametrize("name", ["02-What-then", "what-then", "2-what-then", "02_what_then", "100-what-then"])
def test_a_section_that_nothing_reads_is_told(tmp_path, name):
    """Without a word its lessons would be missing, or be withdrawn after renaming it."""
    folder = write_module(tmp_path) / name
    folder.mkdir()
    (folder / "section.toml").write_text("")
    _, problems = read(tmp_path)
    assert [(problem.path, problem.warning) for problem in problems] == [(str(folder), True)]
    assert "a section is called like 01-who-is-speaking" in problems[0].text


@pytest.mark.parametrize(
    "name", [".#items.toml", "items.toml~", "README", "logo.svg", "notes.md", "module.toml.orig", "Thumbs.db"]
)
def test_what_is_no_text_of_a_module_is_nobodys(tmp_path, name):
    (write_module(tmp_path) / name).write_text("")
    (tmp_path / "pictures").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "notes.md").write_text("")
    assert read(tmp_path)[1] == []
