"""Clients that come at once, each a fresh process: `python -m bench.clients`, told on its input what to do.

A process of its own, so that no lock of Python's makes one client wait for another. It prepares, says that it is ready,
waits for a line, and ends with JSON: the seconds of each request that counts.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import monotonic

from bench.browser import Browser
from bench.serve import PATIENCE
from bench.sitting import Sitting, start_form

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Task:
    """What one client does: `read` these addresses, `autosave` in the quizzes of these sections, or `submit` them.

    `cookies` sign its people in, one after the other; `times` is how often each of them does so.
    """

    port: int
    what: str
    cookies: list[dict[str, str]]
    addresses: list[str]
    times: int


def requests(task: Task) -> Sequence[Callable[[], object]]:
    """Make ready, and return what is to be done, request by request."""
    browsers = [Browser(task.port, cookies) for cookies in task.cookies]
    if task.what == "read":
        for browser in browsers:
            browser.get(task.addresses[0])
        once = [partial(browser.get, address) for browser in browsers for address in task.addresses]
        return [*once * task.times]
    sittings = [
        Sitting(browser, start_form(browser, address), turn=0) for browser in browsers for address in task.addresses
    ]
    for sitting in sittings:
        sitting.start()
        sitting.show()
        if task.what == "submit":
            sitting.answer_all()
    if task.what == "submit":
        return [sitting.hand_in for sitting in sittings]
    return [partial(sitting.change_one, sitting.items()[0]) for sitting in sittings] * task.times


def do(task: Task) -> list[float]:
    """Do it once the others are ready too; return the seconds of each request."""
    ready = requests(task)
    print("ready", flush=True)
    sys.stdin.readline()
    seconds = []
    for request in ready:
        began = monotonic()
        request()
        seconds.append(monotonic() - began)
    return seconds


def at_once(tasks: Sequence[Task]) -> list[float]:
    """Let as many processes do these tasks, beginning together; return the seconds of every request.

    RuntimeError, with its words, where one of them fails.
    """
    with ExitStack() as stack:
        clients = []
        for task in tasks:
            client = subprocess.Popen(
                [sys.executable, "-m", "bench.clients"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.callback(client.kill)
            clients.append(client)
            _tell(client, json.dumps(asdict(task)))
        for client in clients:
            if client.stdout is None or client.stdout.readline() != "ready\n":
                raise RuntimeError(client.communicate(timeout=PATIENCE)[1].strip().splitlines()[-1])
        for client in clients:
            _tell(client, "go")
        answers = [client.communicate(timeout=PATIENCE * 4) for client in clients]
    return [seconds for client, answer in zip(clients, answers, strict=True) for seconds in _seconds(client, *answer)]


def _tell(client: "subprocess.Popen[str]", line: str) -> None:
    if client.stdin:
        client.stdin.write(f"{line}\n")
        client.stdin.flush()


def _seconds(client: "subprocess.Popen[str]", out: str, errors: str) -> list[float]:
    if client.returncode:
        raise RuntimeError(errors.strip().splitlines()[-1])
    seconds: list[float] = json.loads(out)
    return seconds


if __name__ == "__main__":
    print(json.dumps(do(Task(**json.loads(sys.stdin.readline())))))
