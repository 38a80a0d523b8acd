"""A line in which whoever writes waits their turn. May import nothing of the site, nor of Django."""

import fcntl
import os
from concurrent.futures import Future
from threading import Thread


class Line:
    """A place in the line of those who write to one database in a file: the kernel's lock on a file beside it.

    The kernel wakes who came first, and ends the lock of a process that is killed. Each connection has a place of its
    own, an open file, so that the threads of one process wait in line as processes do. The file is for the owner of
    the database alone: whoever can open it can hold up everybody.
    """

    def __init__(self, database: str) -> None:
        self.database = database
        self.file: int | None = None
        self.is_first = False

    def enter(self, seconds: float) -> None:
        """Wait for the turn; TimeoutError after so many seconds, OSError where there can be no such file."""
        if self.file is None:
            self.file = self._open()
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._wait(self.file, seconds)
        self.is_first = True

    def leave(self) -> None:
        """Let the next one write."""
        if self.file is not None:
            fcntl.flock(self.file, fcntl.LOCK_UN)
        self.is_first = False

    def close(self) -> None:
        """Leave for good; it can be entered again."""
        if self.file is not None:
            os.close(self.file)
        self.file, self.is_first = None, False

    def _open(self) -> int:
        file = os.open(f"{self.database}-line", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode=0o600)
        if os.geteuid() == 0:  # as SQLite does with its logs, so that the site can write after a command of root's
            owner = os.stat(self.database)
            os.fchown(file, owner.st_uid, owner.st_gid)
        return file

    def _wait(self, file: int, seconds: float) -> None:
        """Let a thread wait, since nobody can give up waiting for such a lock: what comes too late it lets go."""
        turn: Future[None] = Future()

        def stand() -> None:
            fcntl.flock(file, fcntl.LOCK_EX)
            if turn.set_running_or_notify_cancel():
                turn.set_result(None)
            else:
                os.close(file)

        Thread(target=stand, daemon=True).start()
        try:
            turn.result(seconds)
        except TimeoutError:
            if turn.cancel():
                self.file = None
                raise
