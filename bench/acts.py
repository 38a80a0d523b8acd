"""What people do, each by a name: pages that are read, attempts that are made. Who does it, and how."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, islice
from typing import Any

from bench.browser import Browser, Failed, Form, forms
from bench.sitting import Sitting, Step, start_form

VISITOR = "visitor"
LANGUAGE = "/en/"


@dataclass(frozen=True)
class Seed:
    """What the seed has written down: who is signed in, and what there is to visit."""

    rows: dict[str, Any]

    @property
    def sitters(self) -> list[str]:
        """Learners for attempts."""
        return [name for name in self.rows["sessions"] if name.startswith("sitter-")]

    @cached_property
    def module(self) -> str:
        return f"{LANGUAGE}modules/{self.rows['module']}/"

    def section(self, number: int) -> str:
        """Return the address of a section, counted from 1."""
        return f"{self.module}{self.rows['sections'][number - 1]}/"

    def cohort(self, size: str) -> str:
        return f"{LANGUAGE}cohorts/{self.rows['cohorts'][size]}/"

    def marks(self, size: str) -> str:
        return f"{self.cohort(size)}assignments/{self.rows['assignments'][size]}/marks/"


class Browsers:
    """The browsers of the people of a seed, at one server."""

    def __init__(self, seed: Seed, port: int) -> None:
        self.seed, self.port = seed, port
        self._open: dict[str, Browser] = {}

    def of(self, person: str) -> Browser:
        """Return that person's browser, the same each time; a visitor's is signed in nowhere."""
        if person not in self._open:
            self._open[person] = self.new(person)
        return self._open[person]

    def new(self, person: str) -> Browser:
        session = self.seed.rows["sessions"].get(person)
        return Browser(self.port, {self.seed.rows["session_cookie"]: session} if session else {})

    def close(self) -> None:
        for browser in self._open.values():
            browser.close()


@dataclass(frozen=True)
class Act:
    """Something that people do, in one step or in several: `steps(browser)` does it, and yields after each request.

    `prepare` is done once in each of its browsers before. It is done at least `least` times side by side.
    """

    name: str
    people: Sequence[str]
    steps: Callable[[Browser], Iterator[Step]]
    prepare: Callable[[Browser], object] | None = None
    least: int = 1

    def crowd(self, count: int) -> list[str]:
        """Return who does it, so many times side by side."""
        return list(islice(cycle(self.people), count))

    def named(self, part: str) -> str:
        """Return the name of one of its parts, as the table has it."""
        return f"{self.name}: {part}" if part else self.name


def page(name: str, person: str, address: str) -> Act:
    """Return the act of reading a page."""

    def steps(browser: Browser) -> Iterator[Step]:
        yield "", browser.get(address)

    return Act(name, [person], steps)


def kept_page(name: str, person: str, address: str) -> Act:
    """Return the act of reading once more a page that the browser has kept and that has not changed: a 304."""
    etags: dict[Browser, str] = {}

    def prepare(browser: Browser) -> None:
        etags[browser] = browser.get(address).etag
        if not etags[browser]:
            raise Failed(f"{address} is not kept: it has no ETag")

    def steps(browser: Browser) -> Iterator[Step]:
        yield "", browser.get(address, etags[browser])

    return Act(name, [person], steps, prepare)


def file(name: str, person: str, shown: str, address: str) -> Act:
    """Return the act of taking a file, of those who teach, by the button of the page `shown` that asks for it."""
    buttons: dict[Browser, Form] = {}

    def prepare(browser: Browser) -> None:
        offered = [form for form in forms(browser.get(shown).text) if form.action == address]
        if not offered:
            raise Failed(f"{shown}: no button for {address}")
        buttons[browser] = offered[0]

    def steps(browser: Browser) -> Iterator[Step]:
        yield "", browser.post(address, buttons[browser].fields, 200)

    return Act(name, [person], steps, prepare)


def sign_in(name: str, seed: Seed) -> Act:
    """Return the act of signing in with a password, in a browser that has just come."""
    who = seed.rows["celia"]

    def steps(browser: Browser) -> Iterator[Step]:
        fresh = Browser(browser.port)
        answer = fresh.get(f"{LANGUAGE}accounts/sign-in/")
        yield "form", answer
        [form] = [form for form in forms(answer.text) if "password" in form.typed]
        [field] = [field for field in form.typed if field != "password"]
        typed = [(field, who["name"]), ("password", who["password"])]
        yield "password", fresh.post(form.action or f"{LANGUAGE}accounts/sign-in/", [*form.fields, *typed])
        fresh.close()

    return Act(name, [VISITOR], steps)


def attempt(name: str, sitters: Sequence[str], section: str, with_script: bool = False) -> Act:
    """Return the act of a whole quiz, with or without the script that saves each answer as it is given."""
    start_forms: dict[Browser, Form] = {}

    def prepare(browser: Browser) -> None:
        start_forms[browser] = start_form(browser, section)

    def steps(browser: Browser) -> Iterator[Step]:
        return Sitting(browser, start_forms[browser], turn=0).steps(with_script)

    return Act(name, sitters, steps, prepare, least=len(sitters))


def autosave(name: str, sitters: Sequence[str], section: str) -> Act:
    """Return the act of changing the answer to the first item of a quiz that is open, as the script saves it."""
    open_now: dict[Browser, Sitting] = {}

    def prepare(browser: Browser) -> None:
        sitting = open_now[browser] = Sitting(browser, start_form(browser, section), turn=0)
        sitting.start()
        sitting.show()

    def steps(browser: Browser) -> Iterator[Step]:
        yield "", open_now[browser].change_one(open_now[browser].items()[0])

    return Act(name, sitters, steps, prepare, least=len(sitters))


BASE = page("base page", "awa", "/bench/base/")
GROUP_BY = page("plain GROUP BY", "awa", "/bench/group-by/")
CREW = 16
ATTEMPT, WITH_SCRIPT, AUTOSAVE = "attempt", "attempt with the script", "autosave"
STATISTICS = "statistics of all items"


def reading(seed: Seed) -> list[Act]:
    """Return the pages that a visitor and a learner read. The learner has worked in every section."""
    module, lesson = seed.module, seed.section(2) + seed.rows["lesson"] + "/"
    return [
        page("home, visitor", VISITOR, LANGUAGE),
        page("home", "awa", LANGUAGE),
        page("module, visitor", VISITOR, module),
        page("module", "awa", module),
        page("section, visitor", VISITOR, seed.section(2)),
        page("section", "awa", seed.section(2)),
        page("lesson, visitor", VISITOR, lesson),
        page("lesson", "awa", lesson),
        kept_page("lesson, kept (304)", "awa", lesson),
        page("claims", "awa", f"{module}claims/"),
        page("glossary", "awa", f"{module}glossary/"),
        page("timeline", "awa", f"{module}timeline/"),
        page("map", "awa", f"{module}map/"),
        page("article", "awa", f"{module}article/"),
        page("sources", "awa", f"{module}sources/"),
        page("search wagner", "awa", f"{module}search/?q=wagner"),
        page("search mali", "awa", f"{module}search/?q=mali"),
        page("progress", "awa", f"{LANGUAGE}progress/"),
        page("review of the day", "awa", f"{LANGUAGE}review/"),
    ]


def working(seed: Seed, sitters: Sequence[str]) -> list[Act]:
    """Return what a learner does in a quiz, and signing in. It takes CREW sitters, who do nothing else."""
    return [
        attempt(ATTEMPT, sitters[:8], seed.section(2)),
        attempt(WITH_SCRIPT, sitters[8:12], seed.section(2), with_script=True),
        autosave(AUTOSAVE, sitters[12:CREW], seed.section(3)),
        sign_in("sign in", seed),
    ]


def teaching(seed: Seed) -> list[Act]:
    """Return the pages of those who teach, for each size of cohort that there is."""
    sizes = [size for size in seed.rows["cohorts"] if size != "40"]
    acts = [page(f"board of {size}", "bakary", f"{seed.cohort(size)}board/") for size in sizes]
    for size in sizes:
        acts.append(page(f"gradebook of {size}", "bakary", f"{seed.cohort(size)}gradebook/"))
        if int(size) <= 5000:
            acts.append(page(f"marks of {size}", "bakary", seed.marks(size)))
            personnel = f"{seed.marks(size).removesuffix('marks/')}done/csv/"
            acts.append(file(f"personnel file of {size}", "bakary", seed.marks(size), personnel))
    acts.append(page("staff home of 500", "fanta", f"{LANGUAGE}cohorts/"))
    acts.append(page("staff home of all", "bakary", f"{LANGUAGE}cohorts/"))
    acts.append(page("overview", "danso", f"{LANGUAGE}cohorts/overview/"))
    acts.append(page("calibration", "bakary", f"{seed.module}recall/"))
    acts.append(page("statistics of a bank", "bakary", f"{seed.section(2)}items/statistics/"))
    acts.append(page(STATISTICS, "ely", f"{LANGUAGE}statistics/"))
    return acts
