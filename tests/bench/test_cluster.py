"""A PostgreSQL of one's own: where it cannot start it says why, and leaves nothing behind."""

import os
import sys
from pathlib import Path

import pytest

from bench import cluster
from bench.cluster import Cluster, reason
from bench.tree import NotPossible

FULL = 'initdb: error: could not write file "pg_wal/1": No space left on device'


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """commands(initdb, pg_ctl): a folder of commands that do what these lines of Python say; run by whoever asks."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    folder = tmp_path / "bin"
    folder.mkdir()

    def make(initdb, pg_ctl="pass"):
        for name, lines in (("initdb", initdb), ("pg_ctl", pg_ctl)):
            (folder / name).write_text(f"#!{sys.executable}\nimport sys\n{lines}\n")
            (folder / name).chmod(0o755)
        return folder

    return make


@pytest.fixture
def within(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (f"creating files ... ok\n{FULL}\ninitdb: removing contents of the folder\n", FULL),
        ("LOG: starting\nFATAL:  lock file exists\nPANIC:  cannot go on\n", "FATAL:  lock file exists"),
        ("one\nthe last\n\n", "the last"),
        ("", "it said nothing"),
    ],
    ids=["cleared away behind it", "of the server", "no error named", "nothing"],
)
def test_the_line_of_a_log_that_says_why(log, words):
    assert reason(log) == words


def test_what_fails_is_told_in_one_sentence_and_leaves_nothing(commands, within):
    folder = commands(f"print({FULL!r}); sys.exit(1)")
    with pytest.raises(NotPossible, match=f"^initdb of PostgreSQL failed: {FULL}$"):
        Cluster(folder, within)
    assert list(within.iterdir()) == []


def test_where_it_does_not_start_only_the_words_of_its_start_are_told(commands, within):
    folder = commands("print('initdb: error: of before')", "print('port in use'); sys.exit(1)")
    with pytest.raises(NotPossible, match="^pg_ctl of PostgreSQL failed: port in use$"):
        Cluster(folder, within)
    assert list(within.iterdir()) == []


def test_whoever_stops_it_while_it_is_made_finds_nothing_left(commands, within, monkeypatch):
    def stop(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(Cluster, "start", stop)
    with pytest.raises(KeyboardInterrupt):
        Cluster(commands("pass"), within)
    assert list(within.iterdir()) == []


def test_one_that_cannot_be_stopped_is_not_left_either(commands, within):
    made = Cluster(commands("pass"), within)
    Path(made.data).mkdir()
    Path(made.data, "postmaster.pid").touch()
    commands("pass", "sys.exit(1)")
    made.end()
    assert list(within.iterdir()) == []


def test_where_its_user_may_not_go_it_is_made_elsewhere(commands, within, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster.tempfile, "tempdir", str(tmp_path / "system"))
    (tmp_path / "system").mkdir()
    monkeypatch.setattr(Cluster, "may_enter", lambda made, folder: False)
    made = Cluster(commands("pass"), within)
    assert Path(made.folder).parent == tmp_path / "system"
    made.end()
