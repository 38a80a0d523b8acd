"""Languages are data: no code names one, and the site runs in one and in three (architecture 2)."""

import ast
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils.translation import override

from course.folders import read_folder
from course.loading import load
from lessons.models import Module
from lessons.models.base import language_of
from tests import make
from tests.content import broken, write_module

ROOT = Path(site.BASE_DIR)
APPS = ("accounts", "lessons", "quizzes", "cohorts", "course")
LANGUAGE_FILES = ROOT / "lessons/content/languages"
CODES = {code for code, _name in site.LANGUAGES}
ENGLISH, FRENCH, ARABIC = ("en", "English"), ("fr", "Français"), ("ar", "العربية")


def named(source):
    """Return the lines of Python code that name a language of the site."""
    nodes = ast.walk(ast.parse(source))
    return [node.lineno for node in nodes if isinstance(node, ast.Constant) and node.value in CODES]


def test_no_code_names_a_language():
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py") if path.parent != LANGUAGE_FILES]
    files.remove(ROOT / "course/settings.py")  # whose list is the site's
    assert len(files) > 100
    assert [f"{path}:{line}" for path in files for line in named(path.read_text())] == []


def test_code_that_names_a_language_is_found():
    assert named('x = {"en": 1}\nif y == "fr":\n    z = "french"') == [1, 2]


def as_it_is(folder):
    """Return the folder unchanged, in English and French."""
    return folder


def in_french_alone(folder):
    """Return the folder without a word of English."""
    for path in folder.rglob("*.en.md"):
        path.unlink()
    for path in folder.rglob("*.toml"):
        path.write_text(re.sub(r"(?m)^\s*\w+\.en = .*\n", "", path.read_text()).replace('["en", "fr"]', '["fr"]'))
    return folder


def in_three(folder):
    """Return the folder with a third language, of whose rules nothing is written down: its words are the French."""
    for path in folder.rglob("*.fr.md"):
        shutil.copy(path, path.with_name(path.name.replace(".fr.", ".ar.")))
    for path in folder.rglob("*.toml"):
        text = re.sub(r"(?m)^(\s*\w+)\.fr = (.*)$", r"\1.fr = \2\n\1.ar = \2", path.read_text())
        path.write_text(text.replace('["en", "fr"]', '["en", "fr", "ar"]'))
    return folder


def walk(client, language):
    """Return {address: page} of what a reader of the module opens in that language, a quiz and its result among it."""
    module = Module.objects.get()
    section = module.sections.get()
    lesson = section.lessons.first()
    own = [module, section, lesson, *module.claims.all()[:1]]
    paths = [re.sub("^/[a-z]+/", f"/{language}/", row.get_absolute_url()) for row in own]
    paths += [
        f"/{language}/",
        *(f"{paths[0]}{name}/" for name in ("reference", "claims", "glossary", "timeline", "search", "exam")),
    ]
    pages = {path: client.get(path, {"q": "pont"}) for path in paths}
    attempt = client.post(f"{paths[1]}quiz/", follow=True)
    pages |= {"quiz": attempt, "result": client.post(attempt.redirect_chain[-1][0], {"submit": 1}, follow=True)}
    assert {path: page.status_code for path, page in pages.items() if page.status_code != 200} == {}
    return pages


@pytest.fixture
def folder(tmp_path):
    return write_module(tmp_path)


@pytest.mark.parametrize("change", [in_french_alone, in_three])
def test_a_module_says_its_languages(folder, change):
    module, *_, problems = read_folder(change(folder))
    assert problems.errors == []
    assert all(list(lesson.pages) == list(module.languages) for lesson in module.sections[0].lessons)


def test_a_language_without_its_texts_is_told_what_is_missing(folder):
    broken(folder, "module", '["en", "fr"]', '["en", "fr", "bm"]')
    module, *_, problems = read_folder(folder)
    told = [str(problem).removeprefix(f"{folder}/") for problem in problems.errors]
    assert "module.toml:2: “title.bm” is missing or empty" in told
    assert "01-who-says-it/01-the-bridge.bm.md:1: this file is missing" in told


@pytest.mark.django_db
def test_a_site_in_french_alone(folder, settings):
    settings.LANGUAGES, settings.LANGUAGE_CODE = [FRENCH], "fr"
    load(in_french_alone(folder), make.NOW)
    pages = walk(Client(headers={"accept-language": "en"}), "fr")
    assert "Le pont" in pages["/fr/modules/bridge/"].text
    assert Client().get("/en/").status_code == 404


@pytest.mark.django_db
def test_a_site_in_three_languages_shows_a_module_of_three(folder, settings):
    settings.LANGUAGES = [*site.LANGUAGES, ARABIC]
    load(in_three(folder), make.NOW)
    page = walk(Client(), "ar")["/ar/modules/bridge/"].text
    assert '<html lang="ar" dir="rtl">' in page
    assert "Le pont" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "languages", "title"),
    [
        (as_it_is, [ENGLISH, FRENCH, ARABIC], "The bridge"),
        (as_it_is, [FRENCH, ENGLISH, ARABIC], "Le pont"),
        (in_french_alone, [ENGLISH, FRENCH, ARABIC], "Le pont"),
    ],
)
def test_a_module_without_the_language_of_the_page_is_shown_in_the_sites_first(
    folder, settings, change, languages, title
):
    settings.LANGUAGES = languages
    load(change(folder), make.NOW)
    pages = walk(Client(), "ar")
    assert all(title in pages[f"/ar/modules/bridge/{page}"].text for page in ("", "claims/", "search/"))


def test_the_order_within_a_document_says_nothing():
    """PostgreSQL does not keep it; nor does a file that somebody has sorted."""
    with override("ar"):
        assert {language_of(texts) for texts in ({"en": "", "fr": ""}, {"fr": "", "en": ""})} == {site.LANGUAGES[0][0]}
        assert language_of({"ha": "", "bm": ""}) == "bm"
        assert language_of({}) == "ar"
