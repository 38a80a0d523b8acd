"""The real server of the bench, as a laptop runs it, to be killed and stopped. Needs Linux (/proc)."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from bench import serve
from bench.serve import until

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


class Server(serve.Server):
    """gunicorn with 2 processes of 4 threads on a free port, listening."""

    def __init__(self, given, log, application="course.wsgi"):
        super().__init__(ROOT, given, log, application)
        until(self.listens)

    def kill_workers(self, most=None):
        """SIGKILL every worker, or so many at most, as the kernel does when memory runs out; their process ids.

        gunicorn makes new ones.
        """
        pids = until(self.workers)[:most]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return pids

    def is_closing(self):
        """Whether the first process has let go of the socket on which it listens: SIGTERM was taken up."""
        return not any(is_socket(file) for file in Path(f"/proc/{self.process.pid}/fd").iterdir())


def is_socket(open_file):
    """Whether a file that a process has open is a socket; not, where it was closed since it was listed."""
    with suppress(FileNotFoundError):
        return str(open_file.readlink()).startswith("socket:")
    return False
