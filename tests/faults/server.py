"""The real server in processes of its own: gunicorn as `make run` starts it. Needs Linux (/proc)."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.faults.browser import PATIENCE

ROOT = Path(__file__).parent.parent.parent
NOT_OURS = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "PYTEST_CURRENT_TEST")


def environment(var_dir, database):
    """What a laptop's process sees: its own folder and the address of a database."""
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    own = {"DJANGO_SETTINGS_MODULE": "course.settings", "VAR_DIR": str(var_dir), "DATABASE_URL": database}
    own["GUESTS_PER_NETWORK"] = "1000000"  # every learner here is a guest behind one address
    return inherited | own


def manage(given, *command):
    """Run manage.py with that environment."""
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=given, check=True, capture_output=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(holds):
    """Wait until `holds()`, and return what it gives; TimeoutError when patience ends."""
    end = time.monotonic() + PATIENCE
    while not (value := holds()):
        if time.monotonic() > end:
            raise TimeoutError(holds)
        time.sleep(0.02)
    return value


class Server:
    """gunicorn with 2 processes of 4 threads on a free port."""

    def __init__(self, given, log, application="course.wsgi"):
        self.port, self.log = free_port(), log
        command = [sys.executable, "-m", "gunicorn", application, "--config", "python:course.gunicorn"]
        command += ["--bind", f"127.0.0.1:{self.port}"]
        with log.open("w") as file:
            self.process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=file, stderr=file)
        until(self.listens)

    def listens(self):
        """Whether connections are taken; before there are workers they wait for the first."""
        assert self.process.poll() is None, self.log.read_text()
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False

    def workers(self):
        """Their process ids; fewer than two while one is made."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def kill_workers(self, most=None):
        """SIGKILL every worker, or so many at most, as the kernel does when memory runs out; their process ids.

        gunicorn makes new ones.
        """
        pids = until(self.workers)[:most]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return pids

    def signal(self, number):
        self.process.send_signal(number)

    def is_closing(self):
        """Whether the first process has let go of the socket on which it listens: SIGTERM was taken up."""
        open_files = [str(each.readlink()) for each in Path(f"/proc/{self.process.pid}/fd").iterdir()]
        return not any(each.startswith("socket:") for each in open_files)

    def wait(self):
        """Its exit code, once it has ended."""
        return self.process.wait(PATIENCE)

    def end(self):
        """Whatever happened: nothing of it is left."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
