"""manage.py load_content: what whoever writes the files sees."""

import gc
import re
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from course import content_report
from lessons.models import Claim, Lesson, Module
from quizzes.cues import Choice, Prediction, Tally
from quizzes.models import Item, ItemVersion
from tests import make
from tests.content import NAMES, SECTION, broken, line_of, single, write_module

pytestmark = pytest.mark.django_db
SECOND = "02-who-said-it"


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
    return f"{folder / NAMES['items']}:{line}: warning: the stem asks by a bare negative: ask for what holds (en)\n"


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


def test_the_collector_works_again_after_a_load_and_after_a_refusal(tmp_path):
    run(str(write_module(tmp_path)))
    assert gc.isenabled()
    broken(tmp_path, "claims", '"confirmed"', '"perhaps"')
    failed(str(tmp_path))
    assert gc.isenabled()


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


# Before something is withdrawn


@pytest.fixture
def answers(monkeypatch):
    """What whoever sits there answers, one after the other; without any nobody does. The questions asked."""
    asked, queue = [], []

    def answer(question):
        asked.append(question)
        if not queue:
            raise EOFError
        return queue.pop(0)

    monkeypatch.setattr("builtins.input", answer)
    return asked, queue


def without_an_item(folder):
    """The case study without one item; its slug."""
    text = (folder / NAMES["items"]).read_text()
    start = text.index('[[item]]\nslug = "rail"')
    (folder / NAMES["items"]).write_text(text[:start] + text[text.index('[[item]]\nslug = "toll"') :])
    broken(folder, "section", "draw = 5", "draw = 4")
    return "rail"


def retitled(folder):
    broken(folder, "lesson_en", "# Two statements about a bridge", "# Two statements on a bridge")


@pytest.mark.parametrize(("answer", "goes"), [("y", True), ("yes", True), ("", False), ("n", False), ("Y ", True)])
def test_what_would_be_withdrawn_is_told_and_asked_first(tmp_path, answers, answer, goes):
    run(str(write_module(tmp_path)))
    slug = without_an_item(tmp_path)
    asked, queue = answers
    queue.append(answer)
    if goes:
        out, _ = run(str(tmp_path))
        assert "written" in out
    else:
        message, _ = failed(str(tmp_path))
        assert message == f"{tmp_path}: not agreed. Nothing was written."
    assert asked == ["Withdraw 1 things of bridge? [y/N] "]
    assert (Item.objects.get(slug=slug).withdrawn_at is not None) == goes


def test_where_nobody_can_answer_nothing_is_withdrawn(tmp_path, answers):
    run(str(write_module(tmp_path)))
    slug = without_an_item(tmp_path)
    message, _ = failed(str(tmp_path))
    assert "--yes" in message
    assert Item.objects.get(slug=slug).withdrawn_at is None


def test_a_machine_says_yes_beforehand_and_is_told_too(tmp_path, answers):
    run(str(write_module(tmp_path)))
    slug = without_an_item(tmp_path)
    out, _ = run(str(tmp_path), "--yes")
    assert f"withdrawn: item {slug}\n" in out
    assert answers[0] == []
    assert Item.objects.get(slug=slug).withdrawn_at


def test_what_withdraws_nothing_is_not_asked(tmp_path, answers):
    run(str(write_module(tmp_path)))
    retitled(tmp_path)
    out, _ = run(str(tmp_path))
    assert "to write: 0 made, 1 changed, 0 withdrawn, 0 new versions, 1 revisions\n" in out
    assert answers[0] == []


def test_how_many_learners_and_attempts_it_touches_is_told(tmp_path, answers):
    """Below five people, no more than that (quality R13)."""
    run(str(write_module(tmp_path)))
    lesson, item = Lesson.objects.get(), Item.objects.get(slug="rail")
    people = [make.user(f"Learner {number}") for number in range(6)]
    for person in people[:3]:
        make.reading(person, lesson)
    for person in people[2:4]:
        make.answered(person, item)
    without_an_item(tmp_path)
    retitled(tmp_path)
    out, _ = run("--check", str(tmp_path))
    assert "met by fewer than 5 learners\n" in out
    for person in people[4:]:
        make.answered(person, item)
    out, _ = run("--check", str(tmp_path))
    assert "met by 6 learners: 4 attempts\n" in out


def test_many_names_are_cut(tmp_path, answers):
    run(str(write_module(tmp_path)))
    lessons = Lesson.objects.get().section.lessons
    for number in range(25):
        lessons.create(slug=f"old-{number:02}", position=number + 5, renderer=1, document={}, checksum="")
    retitled(tmp_path)
    out, _ = run("--yes", str(tmp_path))
    assert "lesson old-00, lesson old-01" in out
    assert "lesson old-19 and 5 more\n" in out


# A check compares with the database


def test_a_check_tells_what_a_load_would_write(tmp_path):
    out, _ = run("--check", str(write_module(tmp_path)))
    assert "a load would write: " in out
    assert not Module.objects.exists()
    run(str(tmp_path))
    out, _ = run("--check", str(tmp_path))
    assert "a load would write nothing" in out


def test_a_check_refuses_what_the_load_would_refuse(tmp_path):
    run(str(write_module(tmp_path)))
    broken(tmp_path, "items", "  key = true\n", "")
    broken(tmp_path, "items", '  id = "c"\n', '  id = "c"\n  key = true\n')
    message, err = failed("--check", str(tmp_path))
    assert message == f"{tmp_path}: 1 errors, 0 warnings. Nothing was written."
    assert f"{tmp_path / NAMES['items']}:1: the key changes: say why in change.en and change.fr" in err


def test_a_check_needs_no_database(tmp_path, monkeypatch):
    """As in a fresh checkout."""
    monkeypatch.setattr("course.management.commands.load_content.is_migrated", lambda: False)
    out, _ = run("--check", str(write_module(tmp_path)))
    assert "compared with no database" in out


# Whether words and form give the keys away


def two_banks(folder, singles=50):
    """The case study with two sections, each with so many single items; every third has its key in the same slot."""
    write_module(folder)
    shutil.copytree(folder / SECTION, folder / SECOND)
    for lesson in (folder / SECOND).glob("*.md"):
        lesson.write_text(lesson.read_text().replace("item:try-a-label", "item:try-again"))
    for name, check in ((SECTION, "try-a-label"), (SECOND, "try-again")):
        items = [single(f"pier-{name[:2]}-{number}", "abc"[number % 3]) for number in range(singles - 1)]
        (folder / name / "items.toml").write_text("\n".join([*items, single(check, uses='["check"]')]))
    return folder


def with_colons(folder):
    """The same with a colon in each key, and a comma in each distractor."""
    for path in folder.glob("*/items.toml"):
        text = re.sub(r'(text\.\w\w = "\w+)(?=.*(?:\n.*){2,3}\n  key = true)', r"\1:", path.read_text())
        path.write_text(re.sub(r'(text\.\w\w = "\w+)(?= )', r"\1,", text))
    return folder


def test_a_check_tells_how_many_keys_words_and_form_give_away(tmp_path):
    out, err = run("--check", str(two_banks(tmp_path)))
    line = "keys found by words and form alone ({}): 34 of 100, 34% (95 % interval 25% to 44%, by chance 33%); "
    banks = "who-says-it 34%, who-said-it 34%\n"
    assert line.format("en") + banks in out
    assert line.format("fr") + banks in out
    assert "keys found (en)" not in out
    assert err == ""


def test_the_items_are_listed_where_that_is_asked_for(tmp_path):
    out, _ = run("--check", "--cues", str(with_colons(two_banks(tmp_path))))
    english, french = out.split("keys found (en):\n")[1].split("keys found (fr):\n")
    for lines in (english, french):
        found = re.findall(r"   (0\.\d\d) ([\w/-]+): \+ colon", lines)
        assert len(found) == 100
        assert found == sorted(found, key=lambda row: row[0], reverse=True)
        assert {item for _, item in found} >= {"who-says-it/pier-01-0", "who-said-it/try-again"}


def test_options_that_are_equally_likely_are_listed_as_such(tmp_path):
    out, _ = run("--check", "--cues", str(two_banks(tmp_path)))
    assert re.search(r"\n   0\.\d\d who-says-it/pier-01-0, one of \d alike: ", out)


def given_away(folder):
    """The same, written anew, and what the check says of it."""
    with_colons(two_banks(folder))
    banks = [
        f"{folder / SECTION / 'items.toml'}:1: warning: the key can be told without reading in 50 of 50 items, most "
        f"often since it has more colons than the other options: make options alike in this ({language})\n"
        for language in ("en", "fr")
    ]
    whole = [
        f"{folder / NAMES['module']}:1: warning: words and form alone give away too many keys ({language}): "
        "100 of 100, 100% (95 % interval 96% to 100%, by chance 33%), most in who-says-it 100%, who-said-it 100%; "
        "make the options of an item one sentence with one element changed, to a value of its own in each "
        "(--check --cues lists the items)\n"
        for language in ("en", "fr")
    ]
    return "".join([*whole, *banks, *(words.replace(SECTION, SECOND) for words in banks)])


def test_a_check_warns_where_too_many_are_given_away(tmp_path):
    told = given_away(tmp_path)
    out, err = run("--check", str(tmp_path))
    assert err == told
    assert "6 warnings" in out


def test_a_strict_check_refuses_what_gives_too_many_away(tmp_path):
    told = given_away(tmp_path)
    message, err = failed("--check", "--strict", str(tmp_path))
    assert message == f"{tmp_path}: 0 errors, 6 warnings. Nothing was written."
    assert err == told


def test_a_strict_check_takes_what_is_found_by_chance(tmp_path):
    _, err = run("--check", "--strict", str(two_banks(tmp_path)))
    assert err == ""


def test_a_warning_names_the_three_banks_that_are_worst():
    shares = {"a": (0.4, 0.6), "b": (0.6, 0.4), "c": (0.9, 0.1), "d": (0.8, 0.2)}
    predictions = [
        Prediction(Choice(bank, "item", "", ("", ""), 0), probabilities, ()) for bank, probabilities in shares.items()
    ]
    (warning,) = content_report.cue_warnings({"en": Tally(predictions)})
    assert "3 of 4, 75%" in warning
    assert "most in b 100%, c 100%, d 100%; make" in warning
    assert list(content_report.cue_warnings({"en": Tally(predictions[:2])})) == []


def test_a_broken_folder_is_not_judged(tmp_path, monkeypatch):
    monkeypatch.setattr("quizzes.cues.judge", None)
    broken(two_banks(tmp_path), "claims", '"confirmed"', '"perhaps"')
    message, _ = failed("--check", str(tmp_path))
    assert message == f"{tmp_path}: 1 errors, 0 warnings. Nothing was written."


@pytest.mark.parametrize("options", [[], ["--strict"]])
def test_a_load_judges_no_words(tmp_path, monkeypatch, options):
    monkeypatch.setattr("quizzes.cues.judge", None)
    out, _ = run(*options, str(with_colons(two_banks(tmp_path))))
    assert "written" in out
    assert "keys found" not in out


def test_fewer_than_a_hundred_singles_are_not_judged(tmp_path):
    out, _ = run("--check", "--cues", str(two_banks(tmp_path, singles=49)))
    assert "keys found" not in out


def test_a_list_of_items_goes_with_a_check(tmp_path):
    message, _ = failed("--cues", str(write_module(tmp_path)))
    assert message == "--cues goes with --check: it only lists, and writes nothing."
    assert not Module.objects.exists()


# Several case studies


def bridge(parent, name, slug="bridge"):
    folder = parent / name
    folder.mkdir()
    write_module(folder)
    broken(folder, "module", 'slug = "bridge"', f'slug = "{slug}"')
    return folder


def test_a_copy_that_kept_the_slug_is_refused_and_the_module_stays(tmp_path, answers):
    run(str(bridge(tmp_path, "bridge")))
    copy = bridge(tmp_path, "canal")
    message, _ = failed(str(copy))
    assert message.startswith(f"{copy / 'module.toml'}:1: “bridge” was loaded from a folder called bridge")
    assert list(Module.objects.get().sections.values_list("slug", "withdrawn_at")) == [("who-says-it", None)]


def test_a_check_refuses_that_copy_too(tmp_path):
    run(str(bridge(tmp_path, "bridge")))
    _, err = failed("--check", str(bridge(tmp_path, "canal")))
    assert "“bridge” was loaded from a folder called bridge, and this one is called canal" in err


@pytest.mark.parametrize("name", ["a-copy", "the-copy"])
def test_of_two_folders_with_one_slug_the_one_of_that_name_is_loaded(tmp_path, settings, name):
    settings.CONTENT_DIR = tmp_path
    bridge(tmp_path, "bridge")
    bridge(tmp_path, name)
    message, err = failed()
    assert message == f"{tmp_path / name}: 1 errors, 0 warnings. Nothing was written."
    assert f"{tmp_path / name / 'module.toml'}:1: “bridge” is the slug of another folder" in err
    assert Module.objects.get().document["folder"] == "bridge"


def test_a_module_that_moved_is_loaded_again(tmp_path):
    run(str(bridge(tmp_path, "bridge")))
    (tmp_path / "elsewhere").mkdir()
    moved = (tmp_path / "bridge").rename(tmp_path / "elsewhere" / "bridge")
    retitled(moved)
    out, _ = run(str(moved))
    assert "written" in out


def test_sound_modules_are_loaded_beside_a_broken_one(tmp_path, settings):
    settings.CONTENT_DIR = tmp_path
    for slug in ("bridge", "canal", "dam", "ford"):
        bridge(tmp_path, slug, slug)
    broken(tmp_path / "canal", "claims", '"confirmed"', '"perhaps"')
    (tmp_path / "dam" / "module.toml").write_text("slug = ")
    message, _ = failed()
    assert [line.split(":")[0] for line in message.splitlines()] == [str(tmp_path / "canal"), str(tmp_path / "dam")]
    assert sorted(Module.objects.values_list("slug", flat=True)) == ["bridge", "ford"]


@pytest.mark.parametrize("first", ["slug = [" + "[" * 5000, "\ufeffslug = 'bridge'", None])
def test_sound_modules_are_loaded_beside_one_that_can_hardly_be_read(tmp_path, settings, first):
    settings.CONTENT_DIR = tmp_path
    bridge(tmp_path, "bridge")
    file = bridge(tmp_path, "a-copy") / "module.toml"
    if first:
        file.write_text(first, encoding="utf-8")
    else:
        file.unlink()
        file.mkdir()
    message, _ = failed()
    assert [line.split(":")[0] for line in message.splitlines()] == [str(tmp_path / "a-copy")]
    assert list(Module.objects.values_list("slug", flat=True)) == ["bridge"]
