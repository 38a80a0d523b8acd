"""What only whoever runs a copy can say: a file that is read whole or not at all."""

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from course.operator import TOPICS, read_operator
from tests.test_settings import ask, python


def written(tmp_path, text):
    path = tmp_path / "operator.toml"
    path.write_text(text)
    return path


def test_a_text_holds_for_all_languages_or_stands_in_each(tmp_path):
    path = written(tmp_path, 'name = "River School"\n[paid_by]\nen = " A fund "\nfr = "Un fonds"\n')
    assert read_operator(path, {}) == {"name": {"": "River School"}, "paid_by": {"en": "A fund", "fr": "Un fonds"}}


def test_what_is_left_empty_is_not_said(tmp_path):
    assert read_operator(written(tmp_path, 'host = ""\nlogs.en = " "\n'), {"name": "", "contact": ""}) == {}


def test_the_file_has_the_last_word(tmp_path):
    path = written(tmp_path, 'name = "River School"')
    said = read_operator(path, {"name": "Another", "contact": "help@example.org"})
    assert said == {"name": {"": "River School"}, "contact": {"": "help@example.org"}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("owner = 'x'", "“owner” is none of: name, contact"),
        ("name = 3", "“name” should be a text"),
        ("name.en = 3", "“name” should be a text"),
        ('name = "a\\u0000b"', "“name” holds a sign that no text has"),
        ("name.xx = 'x'", "is no code of a language"),
        ("name = ", "cannot be read"),
        ('name = "a"\nname = "b"', "cannot be read"),
    ],
)
def test_a_file_that_is_not_right_is_refused_by_name(tmp_path, text, words):
    with pytest.raises(ImproperlyConfigured, match="OPERATOR_FILE") as refused:
        read_operator(written(tmp_path, text), {})
    assert words in str(refused.value)


def test_the_site_does_not_start_with_a_file_that_is_not_there(tmp_path):
    ran = python(tmp_path, "manage.py", "check", OPERATOR_FILE=str(tmp_path / "none.toml"))
    assert ran.returncode != 0
    assert "OPERATOR_FILE" in ran.stderr


def test_the_site_reads_it_when_it_starts(tmp_path):
    path = written(tmp_path, "contact.fr = 'écrire ici'")
    found = ask(tmp_path, "s.OPERATOR", OPERATOR_FILE=str(path), ORGANISATION_NAME="River School")
    assert found == "{'name': {'': 'River School'}, 'contact': {'fr': 'écrire ici'}}"


def test_the_guide_for_operators_names_every_topic():
    guide = (settings.BASE_DIR / "docs/deploying.md").read_text()
    assert [topic for topic in TOPICS if f"`{topic}`" not in guide] == []
