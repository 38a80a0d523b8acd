"""A front door that is not right is told by file and line, as any other text; figures come from what is known."""

import shutil
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from course.folders import read_folder
from course.front.reading import read_front
from course.front.values import filler, in_words
from lessons.content import FRONT, VERDICTS
from lessons.content.source import Problems
from tests.case_study import FOLDER
from tests.content import NAMES, write_module


@pytest.fixture(scope="module")
def study():
    """The case study, read once."""
    return read_folder(FOLDER)


@pytest.fixture
def folder(tmp_path):
    """A copy of its front door, to be broken."""
    shutil.copytree(FOLDER / FRONT, tmp_path / FRONT)
    for file in FOLDER.glob("corrections.*"):
        shutil.copy(file, tmp_path)
    return tmp_path


def problems_of(study, folder):
    problems = Problems(study.problems.languages)
    problems.quotations = study.problems.quotations
    read_front(replace(study.module, folder=folder), study.banks, problems)
    return [str(problem).removeprefix(f"{folder}/") for problem in problems]


def problems_after(study, folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return problems_of(study, folder)


def test_the_copy_is_right_before_it_is_broken(study, folder):
    assert problems_of(study, folder) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("front/about.en.md", "{checked}", "{chekced}", "no value is called “chekced”"),
        ("front/about.fr.md", "](page:", "](page:nowhere-", "no page is called “nowhere-"),
        ("front/about.en.md", "](page:", "](#", "has the anchor"),
        ("front/about.en.md", "(show:verdicts)", "(show:verdict)", "the site has no “show:verdict”"),
        ("front/about.en.md", "(operator:paid_by)", "(operator:payer)", "the site has no “operator:payer”"),
        ("front/about.en.md", "{checked}", "999 of {checked}", "the English says 999 where the French does not"),
        ("front/front.toml", "who-is-speaking/to-its-credit", "who-is-speaking/none", "no item is called"),
        ("front/front.toml", 'claim = "M007"', 'claim = "M998"', "no claim is called “M998”"),
        ("front/front.toml", 'to = "teach"', 'to = "preach"', "should be one of: learn, teach, onboard"),
        ("front/front.toml", "{hours} to", "{hour} to", "no value is called “hour”"),
        ("front/front.toml", 'share.en = "', 'share.en = "{hour} ', "front.toml:3: no value is called “hour”"),
        ("front/teach.en.md", "(page:reuse#cite)", "(page:reuse#site)", "no heading of “reuse” has the anchor “site”"),
        ("front/about.en.md", "(show:verdicts)", "(show:verdicts)\n\n[B](show:verdicts)", "stands twice"),
        ("corrections.toml", 'was.en = "', 'was.en = "\\u0001', "a letter is broken"),
        ("front/front.toml", "stated_on = 2026", "stated_on = 20260", "not TOML"),
        ("front/weights.toml", "first =", "frist =", "“first” is missing"),
        ("front/weights.toml", "lesson = ", "lesson = -", "“lesson” should be above 0"),
        ("front/compare.toml", 'here = "', 'here = "perhaps-', "should be one of: yes, partly, no"),
        ("corrections.toml", "claims = [", 'claims = ["M999", ', "no claim is called “M999”"),
        ("corrections.toml", "date = 2026", "date = 20260", "not TOML"),
        ("corrections.toml", 'slug = "', 'slug = "No ', "use small letters"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_line(study, folder, name, old, new, words):
    found = problems_after(study, folder, name, old, new)
    assert [problem for problem in found if words in problem and problem.startswith(name.split(".")[0])] != [], found


def test_an_item_of_a_quiz_may_not_be_opened_to_everybody(study, folder):
    asked = next(item.slug for item in study.banks["who-is-speaking"] if "quiz" in item.uses)
    sample = "who-is-speaking/to-its-credit"
    problems = problems_after(study, folder, "front/front.toml", sample, f"who-is-speaking/{asked}")
    assert [problem for problem in problems if "here keys are shown to everybody" in problem] != []


def test_pages_without_their_front_are_told(study, folder):
    (folder / "front/front.toml").unlink()
    assert "front/front.toml:1: this file is missing" in problems_of(study, folder)


def test_a_log_without_the_text_above_it_is_told(study, folder):
    (folder / "corrections.fr.md").unlink()
    (folder / "corrections.en.md").unlink()
    assert "corrections.en.md:1: this file is missing" in problems_of(study, folder)


def test_without_a_front_door_corrections_draw_nothing(study, folder):
    shutil.rmtree(folder / FRONT)
    page = folder / "corrections.en.md"
    page.write_text(f"{page.read_text()}\n\n[All](show:verdicts)\n")
    assert any("the site has no “show:verdicts”" in problem for problem in problems_of(study, folder))


def test_a_page_that_is_missing_and_one_that_nothing_reads_are_told(study, folder):
    (folder / "front/help.fr.md").rename(folder / "front/hlep.fr.md")
    found = problems_of(study, folder)
    assert "front/help.fr.md:1: this file is missing" in found
    assert any("hlep.fr.md:1: warning: nothing reads a file of this name" in problem for problem in found)


@pytest.mark.parametrize("name", ["lesson_en", "sheet_en"])
@pytest.mark.parametrize("link", ["[Us](page:about)", "[Us](operator:name)", "[Bars](show:verdicts)"])
def test_a_text_of_a_section_does_not_show_what_is_the_sites(tmp_path, name, link):
    folder = write_module(tmp_path)
    path = folder / NAMES[name]
    path.write_text(f"{path.read_text()}\n\n{link}\n")
    assert any("lead to the site’s pages" in str(problem) for problem in read_folder(folder).problems)


def test_the_figures_of_the_check_are_those_of_the_ledger(study):
    about = study.front.pages["about"]["en"].source
    claims = study.module.claims.values()
    assert f"{sum(claim.verdict is not None for claim in claims)} statements" in about
    counts = {verdict: sum(claim.verdict == verdict for claim in claims) for verdict in VERDICTS}
    assert f"{counts['unverifiable']} statements could not be verified" in about


def test_values_are_written_as_each_language_does():
    values = {
        Decimal("11.6"): ("11.6", "11,6"),
        1277: ("1,277", "1\u202f277"),
        ("en", "fr"): ("English and French", "anglais et français"),
        "0.1.0": ("0.1.0", "0.1.0"),
    }
    assert {value: (in_words(value, "en"), in_words(value, "fr")) for value in values} == values
    with translation.override("fr"):
        assert in_words(Decimal("1.5"), "en") == "1.5"


def test_what_is_no_value_stays_as_it_was_written(tmp_path):
    problems = Problems()
    fill = filler({"one": 1}, problems)
    assert fill(tmp_path, "a {one} {#anchor} {Two} { one } {three}", "en") == "a 1 {#anchor} {Two} { one } {three}"
    named = [problem.text.split("”")[0] for problem in problems]
    assert named == [f"no value is called “{name}" for name in ("Two", " one ", "three")]
