"""The French catalogue: complete, nothing fuzzy, compiled, and equal to what the code asks for (quality A8)."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "locale/fr/LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(FOLDER / "django.po"))


def texts(entry):
    return [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())


def test_every_message_is_translated_and_none_is_fuzzy(catalogue):
    missing = [entry.msgid for entry in catalogue if entry.fuzzy or not all(texts(entry))]
    assert missing == []


def test_every_translation_keeps_its_placeholders(catalogue):
    broken = [
        entry.msgid
        for entry in catalogue
        if any(
            not set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
            for text in texts(entry)
        )
    ]
    assert broken == []


def test_a_per_cent_sign_in_a_translated_template_is_doubled(catalogue):
    single = [
        text
        for entry in catalogue
        if any(file.startswith("templates/") for file, _ in entry.occurrences)
        for text in texts(entry)
        if "%" in PLACEHOLDER.sub("", text).replace("%%", "")
    ]
    assert single == []


def test_french_punctuation_has_its_no_break_spaces(catalogue):
    loose = [text for entry in catalogue for text in texts(entry) if re.search(r"\w [;:!?»]|« ", text)]
    assert loose == []


def test_french_has_one_word_for_one_thing_and_no_ending_in_brackets(catalogue):
    """Say essai, attestation, résultat or note, corrigé or bonne réponse, adresse e-mail, explication."""
    other = re.compile(r"\b(tentatives?|certificats?|scores?|clés?|électronique|sa raison|la raison)\b|\(e\)", re.I)
    assert [text for entry in catalogue for text in texts(entry) if other.search(PLACEHOLDER.sub("", text))] == []


def test_the_compiled_catalogue_is_that_of_the_text(catalogue):
    compiled = polib.mofile(str(FOLDER / "django.mo"))
    assert {(e.msgid, *texts(e)) for e in compiled} == {(e.msgid, *texts(e)) for e in catalogue}


def test_the_catalogue_holds_just_what_code_and_templates_ask_for(catalogue, tmp_path):
    if shutil.which("xgettext") is None:
        pytest.skip("no xgettext on this machine: apt-get install gettext")
    for folder in ["accounts", "lessons", "quizzes", "cohorts", "course", "templates", "locale"]:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    command = [sys.executable, "manage.py", "makemessages", "--locale", "fr", "--no-obsolete", "--no-wrap"]
    subprocess.run(
        command, cwd=tmp_path, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "VAR_DIR": str(tmp_path)}
    )
    asked = polib.pofile(str(tmp_path / "locale/fr/LC_MESSAGES/django.po"))
    here = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    assert {(entry.msgctxt, entry.msgid) for entry in asked} == here
