"""A PostgreSQL of the tests' own, to be stopped at will: a temporary folder, a free port, Debian's binaries."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.faults.server import free_port


def binaries():
    """The folder of the newest PostgreSQL on this machine, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Cluster:
    """A running PostgreSQL. Its server refuses to be root: there it runs as the user postgres."""

    def __init__(self, folder):
        self.binaries, self.port = folder, free_port()
        self.owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.folder = tempfile.mkdtemp(prefix="faults-")
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        self.data = f"{self.folder}/data"
        self.run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
        self.start()

    def run(self, command, *arguments):
        identity = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []} if self.owner else {}
        command = [self.binaries / command, f"--pgdata={self.data}", *arguments]
        with Path(self.folder, "log").open("a") as log:
            subprocess.run(command, cwd=self.folder, check=True, stdout=log, stderr=log, **identity)

    def start(self):
        """Returns when it takes connections."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self.run("pg_ctl", "start", "--wait", f"--options={options}")

    def stop(self):
        """In mode fast: whoever is connected is cut off. Returns when it has ended."""
        self.run("pg_ctl", "stop", "--wait", "--mode=fast")

    def create(self, name):
        """A new database; its address."""
        address = f"postgres://postgres@127.0.0.1:{self.port}"
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"{address}/{name}"

    def end(self):
        """Whatever happened: nothing of it is left."""
        if Path(self.data, "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "--wait", "--mode=immediate")
        shutil.rmtree(self.folder)
