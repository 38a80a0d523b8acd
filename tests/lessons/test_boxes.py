"""A box to write in: its words, and that nothing of what is written is sent or kept."""

import re

import pytest

from course.loading import load
from tests import make
from tests.content import SECTION, broken, write_module

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "told"), [("en", "it is neither sent nor kept"), ("fr", "n’est ni envoyé ni conservé")]
)
def test_what_is_written_has_no_name_under_which_it_could_be_sent(tmp_path, client, language, told):
    write_module(tmp_path)
    broken(tmp_path, "lesson_en", "[check]", "[Your line](write:)\n\n[check]")
    broken(tmp_path, "lesson_fr", "[check]", "[Votre phrase](write:)\n\n[check]")
    load(tmp_path, make.NOW)
    page = client.get(f"/{language}/modules/bridge/{SECTION[3:]}/the-bridge/").text
    (box,) = re.findall(r"<textarea[^>]*>", page)
    assert " name=" not in box
    assert 'autocomplete="off"' in box
    (label,) = re.findall(r'<label class="form-label" for="(lesson-box-\d+)">', page)
    assert f'id="{label}"' in box
    assert told in page
