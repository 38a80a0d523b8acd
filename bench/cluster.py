"""A PostgreSQL of one's own, to be stopped at will: a temporary folder, a free port, Debian's binaries."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from bench.serve import free_port


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL on this machine, or None."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return installed[-1].parent if installed else None


class Cluster:
    """A running PostgreSQL. Its server refuses to be root: there it runs as the user postgres.

    `settings` are such as ("autovacuum=off",).
    """

    def __init__(self, folder: Path, settings: tuple[str, ...] = ()) -> None:
        self.binaries, self.port, self.settings = folder, free_port(), settings
        self.owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.folder = tempfile.mkdtemp(prefix="cluster-")
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        self.data = f"{self.folder}/data"
        self.run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
        self.start()

    def run(self, command: str, *arguments: str) -> None:
        identity: dict[str, Any] = {}
        if self.owner:
            identity = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        line = [str(self.binaries / command), f"--pgdata={self.data}", *arguments]
        with Path(self.folder, "log").open("a") as log:
            subprocess.run(
                line, cwd=self.folder, check=True, stdout=log, stderr=log, start_new_session=True, **identity
            )

    def start(self) -> None:
        """Return when it takes connections."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
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
        if Path(self.data, "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "--wait", "--mode=immediate")
        shutil.rmtree(self.folder)
