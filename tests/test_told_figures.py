"""What README, citation and the front door tell in figures is what the ledger, the code and the scales say."""

import re
import tomllib
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import get_resolver

from course import VERSION
from course.folders import read_folder
from course.management.commands.weigh import weigh
from tests.case_study import FOLDER
from tests.test_access_table import names

ROOT = settings.BASE_DIR
OFF = 0.1  # how far a weight may be from what was written, before it is to be weighed again; a quiz draws other items
CODE = ("accounts", "lessons", "quizzes", "cohorts", "course", "static", "templates")


def test_the_version_is_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    cited = re.search(r"^version: ([\d.]+)$", (ROOT / "CITATION.cff").read_text(), re.M)
    assert cited is not None
    assert VERSION == project == cited[1]


def test_the_readme_tells_what_the_ledger_counts():
    read = read_folder(FOLDER)
    readme = re.sub(r"\s+", " ", (ROOT / "README.md").read_text())
    verdicts = Counter(claim.verdict for claim in read.module.claims.values() if claim.verdict)
    assert (
        f"Of the article’s {verdicts.total()} checked statements {verdicts['confirmed']} are confirmed, "
        f"{verdicts['nuance']} confirmed with a nuance, {verdicts['imprecise']} imprecise, {verdicts['wrong']} wrong, "
        f"{verdicts['unverifiable']} could not be verified, {verdicts['judgement']} are judgements."
    ) in readme.replace("'", "’")
    lessons = sum(len(section.lessons) for section in read.module.sections)
    items = sum(map(len, read.banks.values()))
    for told in (
        f"{len(read.module.sections)} sections",
        f"{lessons} lessons",
        f"{items} items",
        f"{len(read.module.claims)} claims",
        f"{len(read.module.references)} sources",
    ):
        assert told in readme, told


def test_pages_weigh_what_they_are_said_to(loaded):
    told = tomllib.loads((FOLDER / "front/weights.toml").read_text())
    weighed = weigh(loaded)
    quiz, course = weighed.pop("quiz"), weighed.pop("course")
    assert {name: told[name] for name in weighed} == pytest.approx(weighed, rel=OFF)
    assert told["quiz"] == pytest.approx(quiz, abs=1)
    assert told["course"] == pytest.approx(course, abs=0.2)


def test_a_sheet_tells_the_minutes_that_its_lessons_take():
    """Rounded to five; in either language."""
    off = {}
    for section in read_folder(FOLDER).module.sections:
        for language, sheet in section.sheet.items():
            told = int(re.findall(r"\b(\d+) minutes (?:in all|en tout)", sheet.source)[0])
            minutes = sum(lesson.pages[language].minutes for lesson in section.lessons)
            off |= {(section.slug, language): (told, minutes)} if abs(told - minutes) > 3 else {}
    assert off == {}


def proves(proof):
    """Whether an address, a command or a file of that name is there; of `missing:word`, whether no code has it."""
    kind, _, word = proof.partition(":")
    if kind == "manage":
        return word in get_commands()
    if kind == "missing":
        files = [path for app in CODE for path in (ROOT / app).rglob("*") if path.suffix in {".py", ".html", ".js"}]
        found = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
        return not any(found.search(path.read_text()) for path in files)
    return proof in set(names(get_resolver().url_patterns)) or (ROOT / proof).is_file()


def test_what_is_told_beside_moodle_is_built_or_not_as_it_says():
    rows = read_folder(FOLDER).front.compare
    assert {row["here"] for row in rows} == {"yes", "partly", "no"}
    assert [row["what"]["en"] for row in rows if not proves(row["proof"])] == []
    assert [row["what"]["en"] for row in rows if row["here"] != "no" and row["proof"].startswith("missing:")] == []


def test_a_proof_can_fail():
    assert [proves(each) for each in ("missing:learner", "manage:fly", "cohorts:nowhere", "docs/nothing.md")] == [
        False
    ] * 4
