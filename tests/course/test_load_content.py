"""manage.py load_content: what whoever writes the files sees."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lessons.models import Claim, Module
from quizzes.models import ItemVersion
from tests.content import NAMES, broken, line_of, write_module

pytestmark = pytest.mark.django_db


def run(*arguments):
    """What the command prints, on both streams."""
    out, err = StringIO(), StringIO()
    call_command("load_content", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def failed(*arguments):
    """The message with which the command ends, and what it printed as errors."""
    err = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("load_content", *arguments, stdout=StringIO(), stderr=err)
    return str(caught.value), err.getvalue()


def warned(folder):
    """A module with one warning; its text."""
    write_module(folder)
    broken(folder, "items", "What holds of the pier?", "What is not so of the pier?")
    line = line_of(folder, "items", "stem.en")
    return f"{folder / NAMES['items']}:{line}: warning: the stem asks by a bare negative (en)\n"


def test_a_folder_is_loaded_and_counted(tmp_path):
    out, err = run(str(write_module(tmp_path)))
    assert err == ""
    assert "bridge: 1 sections, 1 lessons, 8 items, 3 claims, 0 warnings\n" in out
    assert "8 new versions, 0 revisions" in out
    assert Module.objects.get().slug == "bridge"


def test_a_second_time_there_is_nothing_to_write(tmp_path):
    run(str(write_module(tmp_path)))
    out, _ = run(str(tmp_path))
    assert "nothing to write, the database holds this content already" in out


def test_a_check_writes_nothing(tmp_path):
    out, _ = run("--check", str(write_module(tmp_path)))
    assert "bridge: 1 sections, 1 lessons, 8 items, 3 claims, 0 warnings" in out
    assert "written" not in out
    assert not Module.objects.exists()


@pytest.mark.parametrize("options", [[], ["--check"], ["--strict"]])
def test_an_error_ends_the_command_and_names_file_and_line(tmp_path, options):
    write_module(tmp_path)
    line = broken(tmp_path, "claims", '"confirmed"', '"perhaps"')
    message, err = failed(*options, str(tmp_path))
    assert message == f"{tmp_path}: 1 errors, 0 warnings. Nothing was written."
    assert f"{tmp_path / NAMES['claims']}:{line}: “verdict” is “perhaps”; it should be one of: confirmed, " in err
    assert not Module.objects.exists()


def test_a_warning_is_told_and_the_content_loaded(tmp_path):
    told = warned(tmp_path)
    out, err = run(str(tmp_path))
    assert err == told
    assert "1 warnings" in out
    assert Module.objects.exists()


@pytest.mark.parametrize("options", [["--strict"], ["--strict", "--check"]])
def test_a_strict_command_takes_a_warning_for_an_error(tmp_path, options):
    told = warned(tmp_path)
    message, err = failed(*options, str(tmp_path))
    assert message == f"{tmp_path}: 0 errors, 1 warnings. Nothing was written."
    assert err == told
    assert not Module.objects.exists()


def test_a_strict_command_loads_what_has_no_warning(tmp_path):
    run("--strict", str(write_module(tmp_path)))
    assert Module.objects.exists()


def test_a_changed_key_without_its_reason_ends_the_command_with_its_line(tmp_path):
    run(str(write_module(tmp_path)))
    broken(tmp_path, "items", "  key = true\n", "")
    broken(tmp_path, "items", '  id = "c"\n', '  id = "c"\n  key = true\n')
    message, _ = failed(str(tmp_path))
    assert message.startswith(f"{tmp_path / NAMES['items']}:1: the key changes: say why in change.en and change.fr")
    assert ItemVersion.objects.count() == 8


def test_a_folder_that_is_not_there_is_named(tmp_path):
    message, _ = failed(str(tmp_path / "nowhere"))
    assert message == f"{tmp_path / 'nowhere'}: no such folder"


def test_without_a_folder_every_case_study_is_loaded(tmp_path, settings):
    settings.CONTENT_DIR = tmp_path
    for slug in ("bridge", "canal"):
        folder = tmp_path / slug
        folder.mkdir()
        write_module(folder)
        broken(folder, "module", 'slug = "bridge"', f'slug = "{slug}"')
    (tmp_path / "drafts").mkdir()
    out, _ = run()
    assert [line.split(":")[0] for line in out.splitlines() if " sections, " in line] == ["bridge", "canal"]
    assert sorted(Module.objects.values_list("slug", flat=True)) == ["bridge", "canal"]
    assert Claim.objects.count() == 6
