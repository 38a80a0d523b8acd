"""The tree that is measured: its seed, its content, its commands."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

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


def test_notes_of_a_kept_seed(tmp_path):
    notes = tmp_path / "small.json"
    assert why_old(notes, NOW) == ""
    notes.write_text(json.dumps({"mark": vars(NOW), "seed": {}}))
    assert why_old(notes, NOW) == ""
    assert "days old" in why_old(notes, replace(NOW, day=NOW.day + 30))
    notes.write_text("half a fi")
    assert "cannot be read" in why_old(notes, NOW)


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
