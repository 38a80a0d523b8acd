"""The case study itself: its numbers are the ledger's, its banks teach every claim, and no blind strategy passes."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.conf import settings

from course import content_report
from course.folders import read_folder
from lessons.content import STAMPS
from lessons.content.languages import KNOWN
from lessons.content.module import master
from lessons.content.parity import values
from lessons.content.wording import WORD
from quizzes.bank_lint import longest_option
from quizzes.habits import judges

FOLDER = settings.BASE_DIR / "content/mali"
LISTED = re.compile(r"^\d+\. ", re.M)  # the numbers of a list are no figures
FIGURE = re.compile(r"!\[.*?\]\(.*?\)")
AUDIT = "audit"  # optional, after the nine, on an invented text that its own quiz alone asks about
LAB = re.compile(r"\A# \w+ \d\b")  # the number of a lab is that of its section
# By day and by night, on paper and to whoever tells no colours apart they are others, or none.
COLOURS = re.compile(
    r"\b(light(er)?|dark(er)?|pale|bright(er)?|colou?r(s|ed)?|blue|red|green|yellow|orange|purple|gr[ea]y|black|white"
    r"|clair(e?s?)|foncée?s?|sombres?|pâles?|couleurs?|coloré(e?s?)|bleue?s?|rouges?|vert(e?s?)|jaunes?|oranges?"
    r"|violet(te)?s?|gris(es?)?|noire?s?|blanc(he)?s?)\b",
    re.IGNORECASE,
)
ROW = {"en": re.compile(r"\bRow (\d) of Mariam’s sheet"), "fr": re.compile(r"\bLigne (\d) de la feuille de Mariam")}
MOMENT = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
# What a lesson computes from the ledger, or names beside it; each with its reason.
COMPUTED = {
    "reading-un-votes": {
        Decimal(56): "30 of 54 in per cent; 19 of 35 is 54",
        Decimal(49): "30 + 19, without those who did not vote",
        Decimal(61): "30 of 49 in per cent",
        Decimal(16): "days from 7 to 23 February 2023",
    },
    "counting-deaths": {
        Decimal(693): "1,277 − 584",
        Decimal("1.187"): "693 ÷ 584",
        Decimal("0.54"): "693 ÷ 1,277",
        Decimal(100): "a doubling, in per cent",
        Decimal(219): "1,277 of 584, in per cent",
    },
}


@pytest.fixture(scope="module")
def study():
    module, banks, _, problems = read_folder(FOLDER)
    assert problems == []
    return module, banks


def lessons_of(module):
    return [lesson for section in module.sections for lesson in section.lessons]


def the_nine(module):
    """The sections on the article: all but the audit."""
    return [section for section in module.sections if section.slug != AUDIT]


def lessons_of_the_nine(module):
    return [lesson for section in the_nine(module) for lesson in section.lessons]


@pytest.fixture(scope="module")
def audit(study):
    """The audit and its items."""
    module, banks = study
    [section] = [section for section in module.sections if section.slug == AUDIT]
    return section, banks[AUDIT]


def in_dates(text):
    """The years, months and days of ISO dates, as `values` tells those of a text."""
    found = set()
    for year, month, day in MOMENT.findall(text):
        found |= {Decimal(year), ("month", int(month or 0)), Decimal(day or 0)}
    return found


def in_ledger(module, page, language):
    """Every number and month that the entries say which the page marks: claims, their sources and events, terms."""
    known = set()
    for key in page.claims:
        claim = module.claims[key]
        known |= in_dates(claim.date)
        for text in claim.document.values():
            known |= set(values(text.get(language, ""), language))
        for slug in claim.references:
            known |= in_dates(module.references[slug].document.get("date", ""))
            document = module.references[slug].document
            known |= set(values(f"{document['publisher'][language]} {document['title'][language]}", language))
    for event in module.timeline.events.values():
        if set(event.claims) & set(page.claims):
            known |= in_dates(event.date) | set(values(event.document["text"][language], language))
    for term in page.terms:
        known |= set(values(module.terms[term].document["meaning"][language], language))
    return known


@pytest.mark.parametrize("language", KNOWN)
def test_every_number_and_date_of_a_lesson_is_in_the_ledger_entries_that_it_marks(study, language):
    module, _ = study
    strange = {}
    for lesson in lessons_of_the_nine(module):
        page = lesson.pages[language]
        text = ROW[language].sub("", LISTED.sub("", FIGURE.sub("", LAB.sub("", page.source))))
        known = in_ledger(module, page, language) | set(COMPUTED.get(lesson.slug, {}))
        if missing := set(values(text, language)) - known:
            strange[lesson.slug] = missing
    assert strange == {}


def test_nothing_is_excused_that_needs_no_excuse(study):
    module, _ = study
    for lesson in lessons_of(module):
        page = lesson.pages["en"]
        computed = set(COMPUTED.get(lesson.slug, {}))
        assert computed <= set(values(FIGURE.sub("", page.source), "en")) - in_ledger(module, page, "en"), lesson.slug


@pytest.mark.parametrize("language", KNOWN)
def test_every_section_fills_the_one_row_of_the_sheet_that_is_its_own(study, language):
    module, _ = study
    rows = {
        number: [row for lesson in section.lessons for row in ROW[language].findall(lesson.pages[language].source)]
        for number, section in enumerate(the_nine(module), 1)
    }
    assert rows == {number: [str(number)] for number in range(1, 10)}


def test_every_lesson_has_five_to_eight_steps(study):
    module, _ = study
    assert {lesson.slug: len(master(lesson.pages).headings) for lesson in lessons_of(module)} == {
        lesson.slug: pytest.approx(6.5, abs=1.5) for lesson in lessons_of(module)
    }


COLOUR = re.compile(
    r"\b(light(er)?|dark(er)?|colou?rs?|blue|gr[ea]y|red|green"
    r"|claire?s?|sombres?|foncée?s?|couleurs?|gris|bleue?s?|rouges?|verte?s?)\b",
    re.IGNORECASE,
)
FIRST = 150  # words of prose before a lesson's first picture, at most, if it stands below its second heading
NO_PICTURE = {"your-lines"}  # boxes to write in instead: the documents stand in the lesson before it


def test_every_lesson_has_a_picture_in_its_first_or_second_step(study):
    module, _ = study
    late = {}
    for lesson in lessons_of(module):
        page = master(lesson.pages)
        if lesson.slug in NO_PICTURE:
            assert page.boxes
            continue
        headings, read = 0, 0
        for block in page.blocks:
            if block.figure or block.document:
                break
            headings += block.tokens[0].tag == "h2"
            read += len(WORD.findall(" ".join(block.lines))) if block.tokens[0].type != "table_open" else 0
        else:
            headings = len(page.headings) + 1
        if headings > 2 and read > FIRST:
            late[lesson.slug] = (headings, read)
    assert late == {}


def test_every_picture_of_the_module_stands_in_one_lesson(study):
    module, _ = study
    shown = [name for lesson in lessons_of(module) for name, _ in master(lesson.pages).figures if name != "timeline"]
    assert sorted(shown) == sorted(module.figures)


def test_a_cut_of_the_timeline_is_short_enough_to_be_read(study):
    """Eight events at most, each chosen: a longer list is the page of the timeline."""
    module, _ = study
    cuts = [
        query for lesson in lessons_of(module) for name, query in master(lesson.pages).figures if name == "timeline"
    ]
    assert [query for query in cuts if not 3 <= len(query.get("only", "").split(",")) <= 8] == []


def test_no_caption_or_note_names_a_colour(study):
    module, _ = study
    pages = [page for lesson in lessons_of(module) for page in lesson.pages.values()]
    said = [
        *(block.figure[2] for page in pages for block in page.blocks if block.figure),
        *(text for figure in module.figures.values() for text in figure.document["note"].values()),
    ]
    assert [text for text in said if COLOUR.search(text)] == []


def test_every_source_but_a_few_opens_and_every_claim_has_one(study):
    """Those without a source are judgements of the article's own words."""
    module, _ = study
    opens = [reference.document["link"] for reference in module.references.values()]
    assert opens.count(True) >= 0.9 * len(opens)
    without = {key for key, claim in module.claims.items() if not claim.references}
    assert {module.claims[key].checked for key in without} <= {"text", "none", "record"}
    assert len(without) <= 5


def test_every_fact_rests_on_a_source_that_was_read_and_is_no_copy(study):
    module, _ = study
    facts = [claim for claim in module.claims.values() if claim.stands == "fact"]
    assert [
        claim.key for claim in facts if not any(module.references[slug].was_read for slug in claim.references)
    ] == []


def test_every_statement_that_can_be_tested_is_asked(study):
    module, banks = study
    asked = {key for items in banks.values() for item in items for key in item.claims}
    assert [key for key, claim in module.claims.items() if claim.testable and key not in asked] == []


def test_every_bank_has_twenty_items_of_several_kinds_half_of_them_above_understanding(study):
    module, banks = study
    for section, items in ((section.slug, banks[section.slug]) for section in the_nine(module)):
        drawn = [item for item in items if {"quiz", "exam", "review"} <= set(item.uses)]
        assert len(drawn) >= 20, section
        assert sum(item.level in ("apply", "analyse", "evaluate") for item in drawn) * 2 >= len(drawn), section
        assert 2 <= sum(item.uses == ["pre"] for item in items) <= 3, section
    assert {item.kind for items in banks.values() for item in items} == {
        "single", "multiple", "classify", "order", "match", "number", "short",
    }  # fmt: skip


def test_every_objective_is_asked_three_times_or_more(study):
    module, banks = study
    for section in module.sections:
        for number in range(1, len(section.document["objectives"]) + 1):
            assert sum(item.objective == number for item in banks[section.slug]) >= 3, (section.slug, number)


def singles(banks):
    return [item.version for items in banks.values() for item in items if item.kind == "single"]


@pytest.mark.parametrize("language", KNOWN)
def test_picking_the_longest_option_scores_as_chance_does(study, language):
    versions = singles(study[1])
    chance = sum(1 / len(version["options"]) for version in versions) / len(versions)
    right = sum(longest_option(version, language) == version["key"] for version in versions) / len(versions)
    assert abs(right - chance) <= 0.10, f"{right:.2f} against {chance:.2f}"


@pytest.mark.parametrize("slot", [0, 1, 2, 3])
def test_picking_the_same_slot_scores_as_chance_does(study, slot):
    """As authored, which is how a paper shows them; on a screen the options are shuffled besides."""
    versions = [version for version in singles(study[1]) if len(version["options"]) == 4]
    right = sum(version["options"][slot]["id"] == version["key"] for version in versions) / len(versions)
    assert abs(right - 1 / 4) <= 0.10


def test_the_course_is_whole(study):
    module, banks = study
    origins = [claim.origin for claim in module.claims.values()]
    assert [origins.count(origin) for origin in ("article", "omission", "development")] == [151, 15, 25]
    assert len(the_nine(module)) == 9
    assert sum(lesson.slug != "lab" for lesson in lessons_of_the_nine(module)) == 18
    assert sum(len(items) for items in banks.values()) >= 180


def test_the_audit_comes_after_the_nine_and_may_be_left_out(study, audit):
    module, _ = study
    section, items = audit
    assert module.sections[-1] is section
    assert (section.document["optional"], section.quote) == (True, None)
    assert (section.document["quiz"]["draw"], section.document["quiz"]["threshold"]) == (13, 0.7)
    assert {tuple(item.uses) for item in items} == {("quiz",)}
    assert len(items) == 13


def test_all_that_the_audit_shows_and_asks_is_invented_and_says_so(audit):
    section, items = audit
    assert len(section.documents) == 5
    assert all(document.document.get("invented") for document in section.documents.values())
    assert [item.slug for item in items if item.claims or item.rests_on or not item.version.get("documents")] == []
    text = section.lessons[0].pages
    for language, words in (("en", "Invented text: exercise"), ("fr", "Texte inventé : exercice")):
        headed = [
            block for block in text[language].blocks if block.step in ("one-to-four", "five-to-eight", "nine-to-twelve")
        ]
        assert [words in block.text.replace("\u00a0", " ") for block in headed] == [True] * 3


@pytest.mark.parametrize("language", KNOWN)
def test_the_audit_asks_about_the_sentences_that_its_text_has(audit, language):
    section, items = audit
    said = re.sub(
        r"[\s\u00a0\u202f]+", " ", " ".join(block.text for block in section.lessons[0].pages[language].blocks)
    )
    rows = [
        re.sub(r"[\s\u00a0\u202f]+", " ", row["text"][language])
        for item in items
        for row in item.version.get("statements", []) + item.version.get("pairs", [])
    ]
    assert len(rows) == 12 + 12 + 5
    assert [row for row in rows if "({}) {}".format(*row.split(". ", 1)) not in said] == []


def test_the_report_on_a_bank_without_single_items_says_so(study):
    assert list(content_report.lines(*study)).count("   keys: no single items") == 1


def test_only_the_audit_is_invented(study):
    module, _ = study
    assert [
        document.slug
        for section in the_nine(module)
        for document in section.documents.values()
        if "invented" in document.document
    ] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_whoever_of_the_desk_speaks_is_said_to_be_invented_there(study, language):
    """In the same paragraph: lessons are read one by one, and items of quizzes without any."""
    module, banks = study
    desk = re.compile(r"\b(Mariam|Odile|Issa)\b")
    for lesson in lessons_of(module):
        lines = [block.text for block in lesson.pages[language].blocks]
        told = {name for line in lines if "invent" in line for name in desk.findall(line)}
        assert set(desk.findall(" ".join(lines))) <= told, lesson.paths[language]
    quizzed = [item for bank in banks.values() for item in bank if "quiz" in item.uses]
    assert [item.slug for item in quizzed if desk.search(str([item.version, item.document]))] == []


def test_april_2026_is_told_in_the_words_of_those_who_tell_it(study):
    module, _ = study
    claim = module.claims["P25"]
    assert (claim.stands, claim.date[:7]) == ("attributed", "2026-04")
    assert claim.said_by in module.terms
    assert len(claim.references) >= 2


def said_of_pictures(module):
    """Every caption, title and note of a picture, in each language."""
    pages = [page for lesson in lessons_of(module) for page in lesson.pages.values()]
    captions = [block.figure[2] for page in pages for block in page.blocks if block.figure]
    texts = [figure.document[key] for figure in module.figures.values() for key in ("title", "note")]
    return captions + [text for row in [*texts, module.document["map"]["title"]] for text in row.values()]


def test_what_is_said_of_a_picture_names_no_colour(study):
    said = said_of_pictures(study[0])
    assert len(said) > 40
    assert [text for text in said if COLOURS.search(text)] == []


@pytest.mark.parametrize("text", ["The lighter bars are an aim.", "Les barres claires", "in blue", "des points rouges"])
def test_a_colour_is_found_where_it_is_named(text):
    assert COLOURS.search(text)


def test_the_quote_sheet_gives_the_answer_that_stands_below_it(study):
    """One as it stands, two with a name, four corrected, one brought up to date, one left out."""
    module, _ = study
    stamps = [section.quote.document["stamp"] for section in module.sections if section.quote]
    assert {stamp: stamps.count(stamp) for stamp in STAMPS} == {
        "stands": 1, "named": 2, "correct": 4, "update": 1, "leave": 1,
    }  # fmt: skip


def test_a_row_of_the_sheet_fills_with_the_last_item_of_its_lab(study):
    module, _ = study
    for section in module.sections:
        labs = [lesson for lesson in section.lessons if lesson.slug == "lab"]
        for lab in labs:
            assert section.quote.item == master(lab.pages).checks[-1], section.slug


def test_a_lab_takes_six_to_ten_minutes_with_documents_above_its_items(study):
    """And what its documents take, which may be skimmed: readers are told both together."""
    module, _ = study
    for lab in (lesson for lesson in lessons_of(module) if lesson.slug == "lab"):
        page = master(lab.pages)
        assert 6 <= replace(page, looked_at=0).minutes <= 10, lab.paths
        assert page.minutes <= 14, lab.paths
        assert len(page.documents) >= 2, lab.paths
        assert 4 <= len(page.checks) <= 6, lab.paths


def test_six_items_of_each_section_that_an_exam_asks_about_are_kept_for_it(study):
    module, banks = study
    asked = [section.slug for section in module.sections if not section.document["optional"]]
    kept = {section: sum(item.uses == ["exam"] for item in banks[section]) for section in asked}
    assert {section: count for section, count in kept.items() if count < 6} == {}


def test_every_section_asks_what_may_be_printed_both_ways(study):
    """At least two items, in which about as many statements hold as fail."""
    _, banks = study
    for section, items in banks.items():
        if section == "audit":
            continue
        versions = [item.version for item in items if judges(item.version) and "quiz" in item.uses]
        keys = [key for version in versions for key in version["key"].values()]
        assert len(versions) >= 2, section
        assert abs(keys.count("holds") - keys.count("fails")) <= 2, section


def test_nearly_every_wrong_option_says_what_it_misses(study):
    _, banks = study
    wrong = named = 0
    for item in (item for items in banks.values() for item in items if item.kind == "single"):
        wrong += len(item.version["options"]) - 1
        named += len(item.document.get("habits", {}))
    assert named >= 0.8 * wrong, f"{named} of {wrong}"
