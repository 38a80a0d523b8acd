"""The product in processes of its own: gunicorn as `make run` starts it. Needs Linux (/proc)."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

PATIENCE = 60  # seconds; what is not there by then is a failure
Value = TypeVar("Value")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], Value]) -> Value:
    """Wait until `holds()`, and return its value; TimeoutError when patience ends."""
    end = time.monotonic() + PATIENCE
    while not (value := holds()):
        if time.monotonic() > end:
            raise TimeoutError(holds)
        time.sleep(0.02)
    return value


def children(pid: int) -> list[int]:
    """Return the ids of the processes that this one has started and that live.

    Where one of them ends meanwhile the kernel may leave out others: it is read until it says the same twice.
    """
    file, last = Path(f"/proc/{pid}/task/{pid}/children"), ""
    while (now := file.read_text()) != last:
        last = now
    return [int(child) for child in now.split()]


class Process:
    """A command that serves on `port`, with what it says in the file `log`. It leads its own group of processes.

    Not yet listening: `until(process.listens)` waits.
    """

    def __init__(
        self, command: Sequence[str], port: int, folder: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        self.port, self.log = port, log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=file, stderr=file, start_new_session=True
            )

    def listens(self) -> bool:
        """Whether connections are taken; before there are workers they wait for the first. ChildProcessError: ended."""
        if self.process.poll() is not None:
            raise ChildProcessError(self.log.read_text())
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False

    def workers(self) -> list[int]:
        """Return their process ids; fewer while one is made."""
        return children(self.process.pid)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def wait(self) -> int:
        """Return its exit code, once it has ended."""
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """Whatever happened: nothing of it is left. It was made the leader of its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


class Server(Process):
    """gunicorn on a free port, with the processes and threads that the tree's own configuration asks for.

    `tree` is the folder of the product, `options` are gunicorn's, `python` the tree's interpreter.
    """

    def __init__(
        self,
        tree: Path,
        environment: Mapping[str, str],
        log: Path,
        application: str = "course.wsgi",
        options: tuple[str, ...] = (),
        python: str = sys.executable,
    ) -> None:
        port = free_port()
        command = [python, "-m", "gunicorn", application, "--config", "python:course.gunicorn"]
        super().__init__([*command, "--bind", f"127.0.0.1:{port}", *options], port, tree, environment, log)
