"""manage.py weigh: what pages weigh on the wire, written where the front door finds it."""

import tomllib

import pytest
from django.core.management import CommandError, call_command

from quizzes.models import Attempt
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def module(settings, tmp_path):
    """A module with a quiz, and a folder for its front door."""
    settings.CONTENT_DIR, settings.ALLOWED_HOSTS = tmp_path, ["*", "testserver"]
    section = make.section(make.module("bridge"))
    make.lesson(section)
    for _ in range(5):
        make.item(section)
    section.module.document["folder"] = "bridge"
    section.module.save()
    (tmp_path / "bridge" / "front").mkdir(parents=True)
    return section.module


def test_it_writes_what_it_weighed_and_leaves_no_attempt(module, tmp_path):
    call_command("weigh")
    weights = tomllib.loads((tmp_path / "bridge/front/weights.toml").read_text())
    assert set(weights) == {"weighed_on", "first", "lesson", "quiz", "module", "course"}
    assert 5 < weights["first"] < 50
    assert 0 < weights["lesson"] < 20
    assert not Attempt.objects.exists()


def test_shown_it_writes_nothing(module, tmp_path, capsys):
    call_command("weigh", "--show")
    assert "weighed_on = " in capsys.readouterr().out
    assert list((tmp_path / "bridge/front").iterdir()) == []


def test_without_a_module_or_its_folder_it_says_what_to_do(module, tmp_path):
    (tmp_path / "bridge/front").rmdir()
    with pytest.raises(CommandError, match="no such folder"):
        call_command("weigh")
    module.visibility = "cohorts"
    module.save()
    with pytest.raises(CommandError, match="load one first"):
        call_command("weigh")


def test_a_page_that_does_not_open_is_named(module, settings):
    settings.ALLOWED_HOSTS = ["*.nowhere.example"]
    with pytest.raises(CommandError, match="answers 400"):
        call_command("weigh", "--show")
