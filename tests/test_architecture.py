"""What holds the house: the order of the apps, the glyphs of a page, names of files, and one list of words."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

from lessons import content, models
from quizzes.models import Attempt, Response
from tests import make
from tests.crawl import crawl

ROOT = Path(__file__).parent.parent
ORDER = ["accounts", "lessons", "quizzes", "cohorts", "course"]
SPENT_NAMES = {"utils", "services", "selectors", "helpers", "managers", "signals"}


def wrong_ways(pairs):
    """Those (from, to) that point at an app further right, or out of the house; Django's sessions are accounts'."""
    allowed = {"accounts": ["sessions"]}
    return [
        (one, other) for one, other in pairs if other not in [*ORDER[: ORDER.index(one) + 1], *allowed.get(one, [])]
    ]


def relations():
    """(app, app that it points at, name of the field) of every foreign key and many-to-many."""
    for model in apps.get_models():
        if model._meta.app_label in ORDER:
            for field in [*model._meta.fields, *model._meta.many_to_many]:
                if field.is_relation:
                    yield model._meta.app_label, field.related_model._meta.app_label, str(field)


def test_foreign_keys_point_left():
    found = list(relations())
    assert len(found) > 50
    assert wrong_ways((one, other) for one, other, _ in found) == []


@pytest.mark.parametrize(
    ("one", "other"), [("lessons", "quizzes"), ("accounts", "course"), ("quizzes", "cohorts"), ("quizzes", "auth")]
)
def test_a_planted_wrong_order_is_found(one, other):
    assert wrong_ways([("course", "lessons"), (one, other), ("quizzes", "quizzes")]) == [(one, other)]


def test_a_reference_to_the_user_model_counts_as_accounts():
    assert ("lessons", "accounts", "lessons.Reading.learner") in set(relations())


@pytest.mark.parametrize("model", [each for each in apps.get_models() if each._meta.app_label in ORDER])
def test_a_row_says_what_it_is(model):
    assert f"{model.__name__} object" not in str(model())


def test_migrations_have_telling_names():
    assert [path for app in ORDER for path in (ROOT / app / "migrations").glob("*_auto_*.py")] == []


def test_no_module_has_a_name_that_says_nothing():
    files = [path for app in ORDER for path in (ROOT / app).rglob("*.py")]
    assert len(files) > 30
    assert [path for path in files if path.stem in SPENT_NAMES or path.parent.name in SPENT_NAMES] == []


def test_the_words_of_the_content_are_those_of_the_tables():
    assert list(content.LABELS) == models.Label.values
    assert list(content.VERDICTS) == models.Verdict.values
    assert list(content.ORIGINS) == models.Origin.values
    assert list(content.CHECKED) == models.Checked.values
    assert list(content.REFERENCE_KINDS) == models.Kind.values
    assert list(content.SIDES) == models.Side.values
    assert list(content.READ) == models.Read.values
    assert list(content.GROUNDS) == models.Ground.values


def test_levels_and_kinds_fit_their_columns():
    """A level has no list in the tables: its column must hold every word of the content's list."""
    assert max(map(len, content.LEVELS)) <= apps.get_model("quizzes.Item")._meta.get_field("level").max_length


# Glyphs


def missing_glyphs(html):
    used = set(re.findall(r'<use href="#(i-[^"]+)"', html))
    return used - set(re.findall(r'<symbol id="([^"]+)"', html))


def assert_glyphs(pages):
    assert pages
    assert {address: missing for address, page in pages.items() if (missing := missing_glyphs(page.text))} == {}


def test_a_glyph_that_the_page_does_not_define_is_found():
    assert missing_glyphs('<symbol id="i-next"></symbol><use href="#i-next"/><use href="#i-flag"/>') == {"i-flag"}


def test_every_page_of_the_real_case_study_defines_its_glyphs(loaded, client):
    pages = crawl(client, "/en/", of_each=40)
    assert any(address.startswith("/fr/") for address in pages)
    assert len(pages) > 20
    assert_glyphs(pages)


def test_pages_of_a_quiz_define_their_glyphs(as_awa, awa):
    """Open pages, the page for handing in, a refused answer, and a result with each of the four outcomes."""
    section = make.case_study(sections=2, items=9).sections.first()
    check = make.item(section, uses=["check"])
    make.lesson(section, checks=[check.slug])
    attempt = make.quiz(awa, section)
    own = attempt.get_absolute_url()
    pages = crawl(as_awa, "/en/", own, f"{own}?page=2")
    pages["refused"] = as_awa.post(own, {"q1": 99, "q1-0": 99, "page": 1})
    pages["lost"] = Client().post(own, {"q1": 1, "page": 1})
    assert [pages[name].status_code for name in ("refused", "lost")] == [422, 401]
    answer_in_four_ways(attempt)
    pages |= {f"after {address}": page for address, page in crawl(as_awa, "/en/", own).items()}
    pages["repeat"] = as_awa.post(f"{own}retry/", follow=True)
    retry = make.give(attempt.retries.get(), *[False] * 9)
    pages |= crawl(as_awa, retry.get_absolute_url(), f"{retry.get_absolute_url()}?page=1")
    exam = make.exam(awa, section.module, due_at=make.NOW)
    pages["over"] = as_awa.get(exam.get_absolute_url())
    pages["exam"] = as_awa.post(exam.get_absolute_url(), {"submit": 1}, follow=True)
    assert_glyphs(pages)


def answer_in_four_ways(attempt):
    singles = list(attempt.responses.filter(shown_version__kind="single"))
    partly = attempt.responses.filter(shown_version__kind="classify").first()
    attempt.save_answers({singles[0].position: make.right_answer(singles[0])}, "en", make.NOW)
    if partly:
        one = dict([next(iter(make.right_answer(partly).items()))])
        attempt.save_answers({partly.position: one}, "en", make.NOW)
    singles[1].item.withdrawn_at = make.NOW
    singles[1].item.save()
    attempt.submit(make.NOW)
    outcomes = {response.outcome for response in Response.objects.filter(attempt=attempt)}
    assert outcomes >= {"right", "void", "wrong"}
    assert Attempt.objects.get(pk=attempt.pk).score is not None


# Every test is run by CI


def test_what_make_test_leaves_out_has_a_run_of_its_own():
    """Each marker that is left out is chosen by one command, from all folders, and CI has that command."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["addopts"]
    recipes = dict(re.findall(r"^([a-z-]+): \.venv/dev\n\t(.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))
    steps = (ROOT / ".ci" / "run").read_text().splitlines()
    left_out = re.findall(r"not (\w+)", options)
    assert len(left_out) == 2
    for marker in left_out:
        assert re.fullmatch(rf"\S+ -m pytest( -n auto)? -m {marker}", recipes[f"test-{marker}"])
        assert f"make test-{marker}" in steps
    assert recipes["test"].endswith("-m pytest -n auto")
    assert any(step.endswith(" make test") for step in steps)


# The guard on skipped tests


@pytest.mark.parametrize("arguments", [[], ["-n", "1"]], ids=["alone", "with a worker"])
def test_a_skipped_test_fails_a_session_that_asks_for_none(tmp_path, arguments):
    file = tmp_path / "test_idle.py"
    file.write_text("import pytest\ndef test_idle():\n    pytest.skip('no browser here')\n")
    for asked, outcome in [("1", 1), ("", 0)]:
        command = [sys.executable, "-m", "pytest", "-p", "tests.no_skips", "-p", "no:django", "-p", "no:cacheprovider"]
        environment = {"PATH": os.environ["PATH"], "NO_SKIPS": asked}
        ran = subprocess.run(
            [*command, *arguments, str(file)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == outcome, ran.stdout
        assert ("NO_SKIPS=1, and this test was skipped: " in ran.stdout) == bool(asked)
        assert "test_idle" in ran.stdout or not asked
