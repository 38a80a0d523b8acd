"""The tree that is measured: its commands, its environment as a real machine's, and its seed."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.acts import Seed
from bench.browser import HOST

HERE = Path(__file__).parent
INSIDE = HERE / "inside"
SECRET_KEY = "a key of the bench alone, under which nobody but it ever signs"  # noqa: S105
NOT_OURS = (
    "DEBUG",
    "DATABASE_URL",
    "VAR_DIR",
    "DJANGO_SETTINGS_MODULE",
    "PYTHONPATH",
    "PYTHONDONTWRITEBYTECODE",
)
VERSION = 2  # of what the seed holds: raise it when that changes
OLD_AFTER = 7  # days: what is due by then is due no more as it was
ITEMS_OF_A_QUIZ = 10


class NotPossible(Exception):
    """What stands in the way of a measurement, in one sentence for whoever asked for it."""


@dataclass(frozen=True)
class Mark:
    """What a kept seed was made of, and on which day (days since the epoch)."""

    version: int
    size: str
    made_of: str
    day: int

    def why_old(self, now: "Mark") -> str:
        """Return why a seed with this mark does not serve any more, in one sentence; "" where it does."""
        if self.version != now.version:
            return "The seed is of an earlier version of the bench: it is made again."
        if self.size != now.size:
            return f"The seed is the {self.size} one, and not the {now.size} one: it is made again."
        if self.made_of != now.made_of:
            return "The seed was made of other content, tables or rows than those of now: it is made again."
        if now.day - self.day > OLD_AFTER:
            return f"The seed is {now.day - self.day} days old, and its dates with it: it is made again."
        return ""


class Tree:
    """The product in the folder `root`. What is made of it lies below `var`, of which nothing is the tree's."""

    def __init__(self, root: Path, var: Path) -> None:
        self.root, self.var = root, var
        interpreter = root / ".venv" / "bin" / "python"
        self.python = str(interpreter) if interpreter.exists() else sys.executable
        self.content = var / "content"

    def environment(self, database: str, settings: str = "course.settings") -> dict[str, str]:
        """Return what a process of a real machine sees, on the database of that address."""
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        variables = {
            "SECRET_KEY": SECRET_KEY,
            "ALLOWED_HOSTS": HOST,
            "DATABASE_URL": database,
            "VAR_DIR": str(self.var),
            "MALLOC_ARENA_MAX": "1",
        }
        variables |= {"DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": str(INSIDE), "BENCH_CONTENT": str(self.content)}
        # Kept as on a real machine, which compiles a module once, and not in a process that is weighed.
        return inherited | variables | {"PYTHONPYCACHEPREFIX": str(self.var / "bytecode")}

    def run(
        self, *command: str, database: str, settings: str = "bench_site.content"
    ) -> "subprocess.CompletedProcess[str]":
        """Run Python with these arguments in the tree. NotPossible, with its last words, where it fails."""
        ran = subprocess.run(
            [self.python, *command],
            cwd=self.root,
            env=self.environment(database, settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            words = (ran.stderr or ran.stdout).strip().splitlines() or [f"it ended with {ran.returncode}"]
            raise NotPossible(f"{' '.join(command[:3])} failed: {words[-1]}")
        return ran

    @property
    def commit(self) -> str:
        """Return what names its state: the commit, and whether there is more than that; "" without git."""
        git = ["git", "-C", str(self.root)]
        head = subprocess.run([*git, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=False)
        status = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=False)
        return head.stdout.strip() + (" with changes" if status.stdout.strip() else "")

    # Content

    def copy_content(self, copies: int = 1) -> None:
        """Copy the tree's text, with quizzes that draw ten items: an attempt of ten is what the goals speak of.

        With more `copies` each module is there so many times, under slugs of their own.
        """
        shutil.rmtree(self.content, ignore_errors=True)
        for module in sorted(path.parent for path in (self.root / "content").glob("*/module.toml")):
            for number in range(copies):
                slug = f"{module.name}-{number}" if number else module.name
                shutil.copytree(module, self.content / slug)
                file = self.content / slug / "module.toml"
                file.write_text(file.read_text().replace(f'slug = "{module.name}"', f'slug = "{slug}"', 1))
        for file in self.content.glob("*/*/section.toml"):
            lines = file.read_text().splitlines()
            drawn = [f"draw = {ITEMS_OF_A_QUIZ}" if line.startswith("draw = ") else line for line in lines]
            file.write_text("\n".join(drawn) + "\n")

    def made_of(self) -> str:
        """Return a hash of what a seed hangs on: the content, the names of the migrations, the seed's own code."""
        mark = hashlib.sha256((INSIDE / "bench_site" / "seed.py").read_bytes())
        for path in sorted(self.root.glob("*/migrations/*.py")):
            mark.update(path.name.encode())
        for path in sorted(path for path in (self.root / "content").rglob("*") if path.is_file()):
            mark.update(path.read_bytes())
        return mark.hexdigest()

    @property
    def items(self) -> int:
        """How many items the copied text holds."""
        return sum(file.read_text().count("[[item]]") for file in self.content.glob("*/*/items.toml"))

    # The seed

    def mark(self, size: str) -> Mark:
        return Mark(VERSION, size, self.made_of(), int(time.time() // 86400))

    def seed(self, size: str, database: str, tell: Callable[[str], None]) -> Seed:
        """Fill an empty database with people of that size, and return what there is in it."""
        file = self.var / "seed.json"
        process = subprocess.Popen(
            [self.python, "-m", "bench_site.seed", size, str(file)],
            cwd=self.root,
            env=self.environment(database, "bench_site.content"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            last = ""
            for line in process.stdout or ():
                last = line.strip() or last
                if line.startswith("seed: "):
                    tell(last)
            if process.wait():
                raise NotPossible(f"The seed could not be made: {last}")
        finally:
            process.kill()
        return Seed(json.loads(file.read_text()))

    def seeded_file(self, size: str, kept: Path, tell: Callable[[str], None]) -> tuple[Path, Seed]:
        """Return a SQLite file of its own with the seed of that size, copied from the kept one, and what is in it.

        The kept one is made where there is none, or where it does not serve any more, which `tell` says; it is kept
        when it is whole, and its notes last of all.
        """
        now, notes, file = self.mark(size), kept / f"{size}.json", kept / f"{size}.sqlite3"
        reason = why_old(notes, file, now)
        if reason:
            tell(reason)
        if reason or not file.exists():
            made = self.var / "seed.sqlite3"
            seed = self.seed(size, f"sqlite:///{made}", tell)
            notes.unlink(missing_ok=True)
            made.replace(file)
            notes.write_text(json.dumps({"mark": vars(now), "bytes": file.stat().st_size, "seed": seed.rows}))
        rows: dict[str, Any] = json.loads(notes.read_text())["seed"]
        return Path(shutil.copy(file, self.var / "course.sqlite3")), Seed(rows)


def why_old(notes: Path, file: Path, now: Mark) -> str:
    """Return why the seed in that file, with these notes, does not serve any more; "" where it does, or is not there.

    Its file is read once.
    """
    if not notes.exists() and not file.exists():
        return ""
    if not notes.exists() or not file.exists():
        return "The seed was never finished: it is made again."
    try:
        noted = json.loads(notes.read_text())
        reason, size = Mark(**noted["mark"]).why_old(now), noted["bytes"]
    except (ValueError, KeyError, TypeError):
        return "The notes on the seed cannot be read: it is made again."
    return reason or ("" if is_whole(file, size) else "The file of the seed is damaged: it is made again.")


def is_whole(file: Path, size: int) -> bool:
    """Whether a file has that many bytes, and SQLite finds nothing wrong in it."""
    if file.stat().st_size != size:
        return False
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as connection:
        try:
            return connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
        except sqlite3.DatabaseError:
            return False
