"""Make quizzes of ten items in an empty database of the tree: `python -m bench_site.attempting COUNT`.

It prints, for each request of a quiz, the calls that it takes and whose code its CPU goes to. The command is in
docs/performance.md.
"""

import sys
import time
from collections import Counter
from cProfile import Profile
from pstats import Stats
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs the setup
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from bench.browser import Answer, Browser, Fields  # noqa: E402
from bench.sitting import Sitting, start_form  # noqa: E402
from lessons.models import Section  # noqa: E402

WARM = 15  # quizzes that are not counted
BASE = "/bench/base/"
GROUPS = ("the product", "templates", "queries", "database", "requests", "others")
PLACES = {
    "templates": ("/django/template", "/django/utils/html", "/django/utils/safestring", "/django/utils/translation"),
    "queries": ("/django/db/",),
    "database": ("/psycopg", "sqlite3."),
    "requests": ("/django/", "/whitenoise/", "/csp/"),
    "the product": (str(settings.BASE_DIR),),
}
Function = tuple[str, int, str]


class InProcess(Browser):
    """A browser of somebody who is signed in, without a server between: each answer takes a profile of its own."""

    def __init__(self, user: User) -> None:
        self.client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_ENCODING="gzip")
        self.client.force_login(user)
        self.stats: Stats | None = None

    def get(self, address: str, etag: str = "") -> Answer:
        return self._profiled("get", address)

    def post(self, address: str, fields: Fields, expected: int = 302, is_auto: bool = False) -> Answer:
        return self._profiled("post", address, urlencode(fields), "application/x-www-form-urlencoded")

    def _profiled(self, method: str, *arguments: Any) -> Answer:
        profile = Profile(time.thread_time)
        response = profile.runcall(getattr(self.client, method), *arguments)
        self.stats = Stats(profile)
        packed = response.headers.get("Content-Encoding") == "gzip"
        place = response.headers.get("Location", "")
        return Answer(response.status_code, place, "", len(response.content), None, response.content, packed)


def group(function: Function) -> str:
    """Return whose code a function is; that of the test client is nobody's."""
    file, _line, name = function
    if "/django/test/" in file:
        return ""
    text = name if file == "~" else file
    return next((key for key, parts in PLACES.items() if any(part in text for part in parts)), "others")


def shares(stats: Stats) -> Counter[str]:
    """Return the seconds of each group; what Python has built in counts for whoever calls it."""
    seconds: Counter[str] = Counter()
    for function, (_primitive, _calls, own, _all, callers) in stats.stats.items():  # type: ignore[attr-defined]
        if group(function) != "others" or not callers:
            seconds[group(function)] += own
            continue
        for caller, (_primitive, _calls, part, _all) in callers.items():
            seconds[group(caller)] += part
    return seconds


def prepare() -> Section:
    """Load the case study, whose quizzes draw ten items; return a section."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_content", str(settings.BASE_DIR / "content" / "mali"), "--yes", verbosity=0)
    for section in Section.objects.all():
        section.document["quiz"]["draw"] = 10
        section.save()
    return Section.objects.live().select_related("module").get(position=2)


def main(count: str) -> None:
    section = prepare()
    browser = InProcess(User.objects.create(name="Awa", last_seen_on=timezone.now().date(), is_guest=False))
    form = start_form(browser, section.get_absolute_url())
    profiles_of: dict[str, list[Stats]] = {}
    for number in range(WARM + int(count)):
        for step, _answer in Sitting(browser, form, turn=number).steps():
            if number >= WARM and browser.stats:
                profiles_of.setdefault(step, []).append(browser.stats)
        browser.get(BASE)
        if number >= WARM and browser.stats:
            profiles_of.setdefault("base page", []).append(browser.stats)
    print(f"{'':10} {'calls':>7}", *(f"{name:>12}" for name in GROUPS))
    for step, profiles in profiles_of.items():
        seconds = sum(map(shares, profiles), Counter())
        del seconds[""]
        calls = sum(stats.total_calls for stats in profiles) / len(profiles)  # type: ignore[attr-defined]
        whole = sum(seconds.values())
        print(f"{step:10} {calls:7,.0f}", *(f"{seconds[name] / whole:>12.0%}" for name in GROUPS))


if __name__ == "__main__":
    main(*sys.argv[1:])
