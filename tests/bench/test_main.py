"""The command: what stands in the way is told in one sentence, and the rest goes on."""

import errno
import shutil
import signal
import time

import pytest

import bench.__main__ as command
from bench.acts import Seed
from bench.results import Results
from bench.tree import NotPossible, Tree

SEED = Seed({"module": "m", "sections": ["s", "t"], "lesson": "l", "cohorts": {}, "sessions": {}, "responses": 9})


@pytest.fixture
def tree(tmp_path):
    """The folder of something that looks like the product."""
    settings = tmp_path / "tree" / "course" / "settings.py"
    settings.parent.mkdir(parents=True)
    settings.touch()
    return tmp_path / "tree"


@pytest.fixture
def bench(tree, tmp_path):
    """bench(): the command on that tree; its exit code."""
    return lambda: command.main(["--tree", str(tree), "--var", str(tmp_path / "var")])


def last_line(capsys):
    return capsys.readouterr().out.strip().splitlines()[-1]


def test_without_postgresql_sqlite_is_measured_and_a_sentence_says_so(tree, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "binaries", lambda: None)
    monkeypatch.setattr(Tree, "copy_content", lambda self, copies=1: None)
    monkeypatch.setattr(Tree, "run", lambda self, *command, database: None)
    monkeypatch.setattr(Tree, "seeded_file", lambda self, size, kept, tell: (tmp_path / "file", SEED))
    measured = []
    for name in ("statements", "statistics", "writers", "memory", "processes"):
        monkeypatch.setattr(
            command.Engine, name, lambda engine, name=name: measured.append((name, engine.results.engine))
        )
    monkeypatch.setattr(
        command.Engine, "slices", lambda engine, end: measured.append(("slices", engine.results.engine))
    )
    monkeypatch.setattr(command.stages, "load", lambda copies, file: ([4.0], [0.5]))
    run = command.Run(Tree(tree, tmp_path), "small", tmp_path, 1, time.monotonic() + 60)
    command.measure_all(run)
    names = ["statements", "slices", "statistics", "writers", "memory", "processes"]
    assert measured == [(name, "SQLite") for name in names]
    assert run.results[1].notes == [command.NO_POSTGRESQL]
    assert run.loading.first == [4.0]


def test_a_folder_that_is_no_tree_is_named(tmp_path, capsys):
    assert command.main(["--tree", str(tmp_path)]) == 1
    assert last_line(capsys).startswith(f"{tmp_path} is no tree of the product")


def test_too_little_room_is_told_before_anything_is_made(bench, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10**9, 10**9, 0))
    monkeypatch.setattr(command, "measure_all", lambda run: pytest.fail("it began all the same"))
    assert bench() == 1
    assert "0.0 GB are free, 1 are needed" in last_line(capsys)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 1, "is full: make room there"),
        (
            shutil.Error([("a.toml", "b.toml", "[Errno 28] No space left on device: 'b.toml'")]),
            1,
            "is full: make room there",
        ),
        (NotPossible("manage.py collectstatic failed: no such setting"), 1, "collectstatic failed: no such setting"),
        (KeyboardInterrupt(), 130, "stopped: nothing is left running"),
    ],
    ids=["full disk", "full while a folder is copied", "no tree that starts", "Ctrl-C"],
)
def test_what_ends_it_is_one_sentence(bench, tmp_path, monkeypatch, capsys, error, code, words):
    def fail(run):
        raise error

    monkeypatch.setattr(command, "measure_all", fail)
    assert bench() == code
    assert words in last_line(capsys)
    assert list((tmp_path / "var").glob("run-*")) == []


@pytest.mark.parametrize(
    "error",
    [shutil.Error([("a.toml", "b.toml", "cut off")]), NotPossible("migrate failed: database or disk is full")],
    ids=["a copy", "a command"],
)
def test_a_full_disk_is_asked_where_the_error_does_not_say(bench, tmp_path, monkeypatch, capsys, error):
    def fill(run):
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10**9, 10**9, 4096))
        raise error

    monkeypatch.setattr(command, "measure_all", fill)
    assert bench() == 1
    [folder] = {line.split()[3] for line in [last_line(capsys)] if line.startswith("The disk of ")}
    assert folder.startswith(str(tmp_path / "var" / "run-"))


def test_another_error_of_the_machine_is_not_hidden(bench, monkeypatch):
    def fail(run):
        raise PermissionError(errno.EACCES, "not allowed")

    monkeypatch.setattr(command, "measure_all", fail)
    with pytest.raises(PermissionError):
        bench()


def test_what_was_measured_when_time_is_over_is_told_and_kept(bench, tmp_path, monkeypatch, capsys):
    def last_too_long(run):
        run.results.append(Results("SQLite", memory={"ordinary use": 80}))
        signal.raise_signal(signal.SIGALRM)
        pytest.fail("it went on")

    monkeypatch.setattr(command, "measure_all", last_too_long)
    assert bench() == 0
    text = capsys.readouterr().out
    assert "Time is over" in text
    assert "80 MB" in text
    [file] = (tmp_path / "var").glob("*.md")
    assert "80 MB" in file.read_text()


def test_what_is_not_possible_on_an_engine_is_told_and_the_rest_goes_on(capsys):
    results = Results("PostgreSQL")
    with command.noted(results):
        raise NotPossible("The seed could not be made: no such table")
    assert results.notes == ["The seed could not be made: no such table"]
    assert last_line(capsys).endswith("PostgreSQL: The seed could not be made: no such table")


def test_being_told_to_stop_is_ctrl_c(bench, monkeypatch, capsys):
    def stop(run):
        signal.raise_signal(signal.SIGTERM)
        pytest.fail("it went on")

    monkeypatch.setattr(command, "measure_all", stop)
    assert bench() == 130
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
