"""A PostgreSQL of one's own, to be stopped at will: a temporary folder, a free port, Debian's binaries."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from bench.serve import free_port
from bench.tree import NotPossible

TROUBLE = ("error:", "FATAL:", "PANIC:")  # in the line that says why; what follows from it is told after it


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL on this machine, or None."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return installed[-1].parent if installed else None


def reason(log: str) -> str:
    """Return the line of a log that says best why it ended: the first that names an error, else the last."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    named = [line for line in lines if any(word in line for word in TROUBLE)]
    return (named[:1] or lines[-1:] or ["it said nothing"])[0]


class Cluster:
    """A running PostgreSQL in a folder below `within`. Its server refuses to be root: there it runs as postgres.

    `settings` are such as ("autovacuum=off",). NotPossible where it does not start; nothing of it is left then.
    """

    def __init__(self, folder: Path, within: Path, settings: tuple[str, ...] = ()) -> None:
        self.binaries, self.port, self.settings = folder, free_port(), settings
        owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.identity: dict[str, Any] = {}
        if owner:
            self.identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self.folder = tempfile.mkdtemp(prefix="cluster-", dir=within if self.may_enter(within) else None)
        self.data = f"{self.folder}/data"
        try:
            if owner:
                os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self.run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
            self.start()
        except BaseException:
            self.end()
            raise

    def may_enter(self, folder: Path) -> bool:
        """Whether its user can reach that folder: not what lies below another's home."""
        return subprocess.run(["/usr/bin/test", "-x", folder], check=False, **self.identity).returncode == 0

    def run(self, command: str, *arguments: str) -> None:
        """Run one of its commands; NotPossible, with its last words, where it fails."""
        line = [str(self.binaries / command), f"--pgdata={self.data}", *arguments]
        log = Path(self.folder, "log")
        with log.open("a") as file:
            start = file.tell()
            ran = subprocess.run(
                line, cwd=self.folder, check=False, stdout=file, stderr=file, start_new_session=True, **self.identity
            )
        if ran.returncode:
            raise NotPossible(
                f"{command} of PostgreSQL failed: {reason(log.read_bytes()[start:].decode(errors='replace'))}"
            )

    def start(self) -> None:
        """Return when it takes connections."""
        # No socket in the folder: its path may be too long for one.
        options = f"-p {self.port} -c unix_socket_directories= -c listen_addresses=127.0.0.1"
        options += "".join(f" -c {setting}" for setting in self.settings)
        self.run("pg_ctl", "start", "--wait", f"--options={options}")

    def stop(self) -> None:
        """In mode fast: whoever is connected is cut off. Return when it has ended."""
        self.run("pg_ctl", "stop", "--wait", "--mode=fast")

    @property
    def pid(self) -> int:
        """The process id of its first process, whose children serve the connections."""
        return int(Path(self.data, "postmaster.pid").read_text().split()[0])

    def create(self, name: str) -> str:
        """Make a new database; return its address."""
        address = f"postgres://postgres@127.0.0.1:{self.port}"
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"{address}/{name}"

    def end(self) -> None:
        """Whatever happened: nothing of it is left."""
        try:
            if Path(self.data, "postmaster.pid").exists():
                with contextlib.suppress(NotPossible):  # it had ended by itself
                    self.run("pg_ctl", "stop", "--wait", "--mode=immediate")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
