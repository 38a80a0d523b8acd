"""A peer beside the product in the same run: Kolibri, which also has classes, quizzes and coaches, on SQLite.

What compares: the CPU that a server spends on an act of the same purpose, on the same machine, in turns with the
product's base page. What does not: the product sends whole pages, Kolibri JSON to a program in the browser, whose work
nobody counts. Its start page is the shell of that program, from a cache that all share. Without a channel it has no
lesson to read. It saves an answer as it is given; here ten come in one request, as its program sends those that have
waited. Its threads for tasks and notifications work in their own time, which falls into whichever slice runs then.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from bench import stages
from bench.acts import VISITOR, Act, Browsers, Seed, page
from bench.browser import Answer, Browser, Failed
from bench.cpu import Meter, largest
from bench.engine import Engine
from bench.results import Results
from bench.serve import Process, children, free_port, until
from bench.sitting import Step
from bench.slices import Bench, measure
from bench.tree import INSIDE, NOT_OURS, NotPossible

VERSION = "0.19.5"
NAME = f"Kolibri {VERSION}"
SEED = INSIDE / "peer_seed.py"
FILL = f"import runpy; runpy.run_path({str(SEED)!r})"
PASSWORD = "a long password"  # noqa: S105
QUIET = ("--quiet", "--disable-pip-version-check")
COACH, CREW = "coach", 8
SESSION, TRACKING = "/api/auth/session/", "/api/logger/trackprogress/"
ANSWERS = [
    {"item": f"{number:032x}:{100 + number:032x}", "correct": 1, "complete": True, "time_spent": 6, "answer": {"a": 1}}
    for number in range(1, 11)
]


@dataclass
class Peer:
    """Kolibri in a virtual environment below `folder`, kept between runs, as are the people it holds."""

    folder: Path
    results: Results = field(default_factory=lambda: Results(f"{NAME}, SQLite"))

    def run(self, *command: str | Path, home: Path | None = None) -> None:
        """NotPossible, with the last words of the command, where it fails."""
        environment = self.environment(home) if home else None
        ran = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            words = (ran.stderr or ran.stdout).strip().splitlines() or [f"it ended with {ran.returncode}"]
            raise NotPossible(words[-1])

    @property
    def command(self) -> Path:
        return self.folder / "venv" / "bin" / "kolibri"

    def environment(self, home: Path) -> dict[str, str]:
        """Return what its processes see: it asks no other machine for anything, and is found by none."""
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        variables = {"KOLIBRI_HOME": str(home), "KOLIBRI_RUN_MODE": "bench", "KOLIBRI_DISABLE_PING": "1"}
        variables |= {"KOLIBRI_LISTEN_ADDRESS": "127.0.0.1", "KOLIBRI_ZEROCONF_ENABLED": "0"}
        return inherited | variables | {"PEER_PASSWORD": PASSWORD, "PEER_NOTES": str(home / "notes.json")}

    def install(self) -> None:
        """NotPossible, in one sentence, where that cannot be done."""
        try:
            self.run(sys.executable, "-m", "venv", "--clear", self.folder / "venv")
            self.run(self.folder / "venv" / "bin" / "python", "-m", "pip", "install", *QUIET, f"kolibri=={VERSION}")
        except NotPossible as words:
            shutil.rmtree(self.folder / "venv", ignore_errors=True)
            raise NotPossible(f"{NAME} is not measured, as it cannot be installed: {words}") from words

    def fill(self, home: Path) -> None:
        """Make a school, and the people of SEED in it; NotPossible, in one sentence, where that cannot be done."""
        school = ("--facility", "School", "--preset", "formal", "--language_id", "en", "--noinput")
        admin = ("--superusername", "admin", "--superuserpassword", PASSWORD)
        try:
            self.run(self.command, "manage", "provisiondevice", "--", *school, *admin, home=home)
            self.run(self.command, "manage", "shell", "--", "-c", FILL, home=home)
            json.loads((home / "notes.json").read_text())
        except (NotPossible, OSError) as words:
            shutil.rmtree(home, ignore_errors=True)
            raise NotPossible(f"{NAME} is not measured, as it takes no people in: {words}") from words

    def prepare(self, tell: Callable[[str], None]) -> Path:
        """Return the folder of what it holds, made where there is none or where SEED has changed."""
        if not all((self.command.parent / name).exists() for name in ("python", "kolibri")):
            tell(f"installing {NAME}")
            self.install()
        home = self.folder / f"home-{hashlib.sha256(SEED.read_bytes()).hexdigest()[:10]}"
        if not (home / "notes.json").exists():
            tell(f"filling {NAME}")
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            self.fill(home)
        return home

    @contextmanager
    def serving(self, home: Path) -> Iterator["Serving"]:
        """Serve it as it comes, one process with threads, until it is not needed any more."""
        port = free_port()
        command = [str(self.command), "start", "--foreground", "--port", str(port), "--zip-port", str(free_port())]
        server = Serving(command, port, home, self.environment(home), home / "server.log")
        try:
            until(server.listens)
            yield server
        except ChildProcessError as words:
            raise NotPossible(f"{NAME} does not start: {(str(words).strip() or 'no word').splitlines()[-1]}") from words
        finally:
            server.end()

    def measure(self, engine: Engine, end: float) -> None:
        """Measure it in turns with the base page of that engine, until the moment `end`, on a copy of what it holds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        home = Path(shutil.copytree(self.prepare(engine.tell), engine.tree.var / "peer"))
        notes = json.loads((home / "notes.json").read_text())
        with self.serving(home) as server, engine.serving("bench_site.base", 1) as base:
            clients = Clients(Seed({}), server.port)
            of_peer, of_base = Bench(clients, Meter(server)), Bench(Browsers(engine.seed, base.port), Meter(base))
            self.results.counts = stages.counted(acts(notes), clients)
            self.results.measured = measure(acts(notes), of_peer, of_base, engine.rounds, end, engine.tell)
            self.results.notes.append(f"memory of its process: {largest(server):.0f} MB")


class Serving(Process):
    """Its process serves by itself."""

    def workers(self) -> list[int]:
        return [self.process.pid, *children(self.process.pid)]


class Client(Browser):
    """A browser as its own program uses it: JSON, with the token of the cookie."""

    def send(self, method: str, address: str, content: Mapping[str, Any]) -> Answer:
        """Failed where it is not taken."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.cookies.get("kolibri_csrftoken", "")}
        answer = self._ask(method, address, headers, json.dumps(content).encode())
        if answer.status != 200:
            raise Failed(f"{method} {address}: {answer.status}")
        return answer

    def come(self) -> Answer:
        """Ask who is signed in, as its program does first: the answer brings the token."""
        return self.send("PUT", f"{SESSION}current/", {})

    def sign_in(self, person: str) -> Answer:
        return self.send("POST", SESSION, {"username": person, "password": PASSWORD})


class Clients(Browsers):
    """The browsers of its people, who sign in with their password."""

    def new(self, person: str) -> Client:
        client = Client(self.port)
        client.come()
        if person != VISITOR:
            client.sign_in(person)
        return client


def sign_in(browser: Browser) -> Iterator[Step]:
    client = Client(browser.port)
    yield "session", client.come()
    yield "password", client.sign_in("60-1")
    client.close()


def attempt(quiz: str) -> Callable[[Browser], Iterator[Step]]:
    """Return the steps of a whole quiz, made anew each time."""

    def steps(browser: Browser) -> Iterator[Step]:
        client = cast(Client, browser)
        yield "start", (answer := client.send("POST", TRACKING, {"quiz_id": quiz, "repeat": True}))
        address = f"{TRACKING}{json.loads(answer.text)['session_id']}/"
        yield "ten answers saved", client.send("PUT", address, {"interactions": ANSWERS, "time_spent_delta": 60})
        yield "submit", client.send("PUT", address, {"progress": 1, "time_spent_delta": 1})

    return steps


def acts(notes: Mapping[str, Any]) -> Sequence[Act]:
    address = "/coach/api/classsummary/{}/".format
    return [
        Act("sign in", [VISITOR], sign_in),
        page("start page", "60-0", "/en/learn/"),
        Act("attempt", [f"crew-{number}" for number in range(CREW)], attempt(notes["quizzes"]["crew"]), least=CREW),
        *[page(f"class of {size}", COACH, address(notes["classes"][size])) for size in ("60", "500")],
    ]
