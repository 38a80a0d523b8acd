"""The tree that is measured: its seed, its content, its commands."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bench.acts import Seed
from bench.tree import Mark, NotPossible, Tree, why_old

NOW = Mark(version=2, size="small", made_of="abc", day=20_000)


@pytest.fixture
def root(tmp_path):
    """A tree of one module of two sections, and a migration."""
    for name, draw in (("01-rivers", 8), ("02-bridges", 6)):
        section = tmp_path / "tree" / "content" / "mali" / name
        section.mkdir(parents=True)
        section.joinpath("section.toml").write_text(f'title.en = "A"\n\n[quiz]\ndraw = {draw}\n')
        section.joinpath("items.toml").write_text('[[item]]\nslug = "a"\n\n[[item]]\nslug = "b"\n')
    section.parent.joinpath("module.toml").write_text('slug = "mali"\n')
    migrations = tmp_path / "tree" / "quizzes" / "migrations"
    migrations.mkdir(parents=True)
    migrations.joinpath("0001_tables.py").touch()
    return tmp_path / "tree"


@pytest.fixture
def tree(root, tmp_path):
    return Tree(root, tmp_path / "var")


@pytest.mark.parametrize(
    ("former", "words"),
    [
        (replace(NOW, version=1), "earlier version"),
        (replace(NOW, size="big"), "the big one, and not the small one"),
        (replace(NOW, made_of="abd"), "other content, tables or rows"),
        (replace(NOW, day=NOW.day - 8), "8 days old"),
    ],
    ids=["version", "size", "content", "day"],
)
def test_an_old_seed_is_noticed_and_why_is_said_in_a_sentence(former, words):
    assert words in former.why_old(NOW)
    assert former.why_old(NOW).count(".") == 1


def test_a_seed_of_this_week_serves():
    assert replace(NOW, day=NOW.day - 7).why_old(NOW) == ""


@pytest.fixture
def kept(tmp_path):
    """The folder of a whole seed, (its notes, its file) as of NOW."""
    notes, file = tmp_path / "small.json", tmp_path / "small.sqlite3"
    fill(file)
    notes.write_text(json.dumps({"mark": vars(NOW), "bytes": file.stat().st_size, "seed": {}}))
    return notes, file


def fill(file):
    """Make a database of a few pages."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE person (name TEXT)")
        connection.executemany("INSERT INTO person VALUES (?)", [(f"Awa {number}" * 50,) for number in range(100)])


def test_notes_of_a_kept_seed(kept, tmp_path):
    notes, file = kept
    assert why_old(tmp_path / "big.json", tmp_path / "big.sqlite3", NOW) == ""
    assert why_old(notes, file, NOW) == ""
    assert "days old" in why_old(notes, file, replace(NOW, day=NOW.day + 30))
    notes.write_text("half a fi")
    assert "cannot be read" in why_old(notes, file, NOW)


def test_of_a_seed_that_was_stopped_half_way_it_is_said(kept):
    notes, file = kept
    notes.unlink()
    assert "never finished" in why_old(notes, file, NOW)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"x" * len(data),
        lambda data: data[:4096] + b"x" * (len(data) - 4096),
    ],
    ids=["empty", "cut off", "garbage", "garbage behind its head"],
)
def test_of_a_damaged_file_it_is_said(kept, damage):
    notes, file = kept
    file.write_bytes(damage(file.read_bytes()))
    assert "damaged" in why_old(notes, file, NOW)


class Stopped(Exception):
    """Somebody presses Ctrl-C."""


@pytest.fixture
def seeded(tree, tmp_path, monkeypatch):
    """seeded(stop): the kept seed as a run gets it, (its file, what is in it, what was told); or stopped half-way."""

    def make(size, database, tell, stop):
        fill(Path(database.removeprefix("sqlite:///")))
        if stop:
            raise Stopped
        return Seed({"sections": []})

    def run(stop=False):
        lines = []
        monkeypatch.setattr(tree, "seed", lambda *arguments: make(*arguments, stop))
        file, seed = tree.seeded_file("small", tmp_path / "kept", lines.append)
        return file, seed.rows, lines

    (tmp_path / "kept").mkdir()
    tree.var.mkdir()
    return run


def test_a_seed_is_made_once_and_kept(seeded, tmp_path):
    file, rows, lines = seeded()
    assert (rows, lines) == ({"sections": []}, [])
    assert file.read_bytes() == (tmp_path / "kept" / "small.sqlite3").read_bytes()
    assert seeded(stop=True) == (file, rows, [])


def test_nothing_is_kept_of_a_seed_that_was_stopped_half_way(seeded, tmp_path):
    with pytest.raises(Stopped):
        seeded(stop=True)
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_seed_that_an_earlier_run_left_half_made_is_made_again(seeded, tmp_path):
    (tmp_path / "kept" / "small.sqlite3").write_bytes(b"half")
    _file, rows, lines = seeded()
    assert rows == {"sections": []}
    assert lines == ["The seed was never finished: it is made again."]
    assert seeded(stop=True)[2] == []


@pytest.mark.parametrize("changed", ["content/mali/01-rivers/items.toml", "quizzes/migrations/0002_more.py"])
def test_a_seed_hangs_on_content_and_tables(tree, root, changed):
    before = tree.made_of()
    assert tree.made_of() == before
    Path(root, changed).write_text("other")
    assert tree.made_of() != before


def test_quizzes_of_the_bench_draw_ten_items(tree, root):
    tree.copy_content()
    assert (tree.content / "mali" / "02-bridges" / "section.toml").read_text().endswith("[quiz]\ndraw = 10\n")
    assert "draw = 6" in (root / "content" / "mali" / "02-bridges" / "section.toml").read_text()


def test_copies_of_a_module_have_slugs_of_their_own(tree):
    tree.copy_content(copies=3)
    assert [path.read_text() for path in sorted(tree.content.glob("*/module.toml"))] == [
        'slug = "mali"\n',
        'slug = "mali-1"\n',
        'slug = "mali-2"\n',
    ]
    assert tree.items == 12


def test_a_command_of_the_tree_that_fails_gives_its_last_words(tree):
    with pytest.raises(NotPossible, match=r"^-c raise ValueError\('no tables'\) failed: ValueError: no tables$"):
        tree.run("-c", "raise ValueError('no tables')", database="sqlite:///none")


def test_the_tree_runs_as_a_real_machine_on_the_database_that_is_given(tree, monkeypatch):
    monkeypatch.setenv("DEBUG", "1")
    sees = tree.environment("postgres://somewhere")
    assert len(sees["SECRET_KEY"]) >= 50
    assert sees["ALLOWED_HOSTS"] == "bench.local"
    assert sees["DATABASE_URL"] == "postgres://somewhere"
    assert "DEBUG" not in sees


def test_bytecode_is_kept_and_not_in_the_tree(tree):
    (tree.root / "met.py").write_text("")
    tree.run("-c", "import sys; sys.path.insert(0, ''); import met", database="sqlite:///none")
    assert list((tree.var / "bytecode").rglob("met.*.pyc"))
    assert not (tree.root / "__pycache__").exists()
