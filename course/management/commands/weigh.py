"""manage.py weigh: weigh the pages that a phone fetches, and write it where the front door's pages find it."""

from collections.abc import Sequence
from pathlib import Path

import brotli  # type: ignore[import-untyped] # it ships no types
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from lessons.content import FRONT
from lessons.models import Lesson, Module, Section

STATIC = ("site.css", "icon.svg", "leave.js")  # what a first page brings along
EXAM = 3  # quizzes that weigh about as much as an exam
PAGES_OF_A_QUIZ = 3  # to answer, to hand in, and its result
DRAWS = 10  # quizzes that are weighed: each draws other items
PHONE = {"accept-encoding": "gzip, deflate, br"}
LINES = """# What pages weigh as they are sent to a phone: written by `manage.py weigh`, not by hand.
# KB of the first page with style and script, of a lesson and of a page of a quiz; MB of all lessons, and of these with
# their questions, a quiz for each section and the exam.
weighed_on = {day}
first = {first}
lesson = {lesson}
quiz = {quiz}
module = {module}
course = {course}
"""


class Command(BaseCommand):
    help = "Weigh the pages of the front door's module as a phone gets them, and write content/…/front/weights.toml."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--show", action="store_true", help="print the weights, and write nothing")

    def handle(self, *, show: bool, **options: object) -> None:
        module = Module.objects.front().first()
        if module is None:
            raise CommandError("There is no module to weigh: load one first, with manage.py load_content.")
        weights = weigh(module)
        lines = LINES.format(day=timezone.localdate(), **weights)
        self.stdout.write(lines)
        if not show:
            file = settings.CONTENT_DIR / module.document["folder"] / FRONT / "weights.toml"
            if not file.parent.is_dir():
                raise CommandError(f"{file.parent}: the module has no such folder.")
            file.write_text(lines)


def weigh(module: Module) -> dict[str, float]:
    """Return KB of the first page, of a lesson in the mean and of a page of a quiz; MB of all lessons and of all.

    Bodies as they are sent, in the language that weighs more; a response's head of about a kilobyte comes on top. What
    a quiz needs to be looked at is taken back.
    """
    by_language = [_weigh(module, code) for code, _name in settings.LANGUAGES]
    return {name: max(weights[name] for weights in by_language) for name in by_language[0]}


def _weigh(module: Module, language: str) -> dict[str, float]:
    with override(language):
        first = _size(Client(), reverse("home")) + sum(len(brotli.compress(file.read_bytes())) for file in _static())
        rows = _lessons(module)
        lessons = [_size(Client(), lesson.get_absolute_url()) for lesson in rows]
        quiz = sum(_quiz(module) for _draw in range(DRAWS)) / DRAWS
        sittings = len({lesson.section_id for lesson in rows}) + EXAM
        whole = sum(lessons) + _checks(rows) + sittings * PAGES_OF_A_QUIZ * quiz
        return {
            "first": round(first / 1024),
            "lesson": round(sum(lessons) / len(lessons) / 1024, 1),
            "quiz": round(quiz / 1024),
            "module": round(sum(lessons) / 1024 / 1024, 2),
            "course": round(whole / 1024 / 1024, 1),
        }


def _host() -> str:
    """Return a name by which the site may be asked."""
    return next((name for name in settings.ALLOWED_HOSTS if name[0] not in "*."), "localhost")


def _checks(lessons: Sequence[Lesson]) -> int:
    """Return the bytes of the pages that answer the questions in lessons, by those of the first: each has its own."""
    addresses = [f"{lesson.get_absolute_url()}checks/{slug}/" for lesson in lessons for slug in lesson.checks]
    return _size(Client(), addresses[0]) * len(addresses) if addresses else 0


def _static() -> list[Path]:
    return [settings.BASE_DIR / "static" / name for name in STATIC]


def _lessons(module: Module) -> list[Lesson]:
    return list(Lesson.objects.live().filter(section__module=module).select_related("section__module"))


def _size(client: Client, address: str) -> int:
    """Return the bytes of a page's body as it is sent."""
    response = client.get(address, headers=PHONE | {"host": _host()}, secure=True)
    if response.status_code != 200:
        raise CommandError(f"{address} answers {response.status_code}, and cannot be weighed.")
    return len(response.content)


def _quiz(module: Module) -> int:
    """Return the bytes of the first page of a quiz of the first section."""
    section = Section.objects.live().filter(module=module).order_by("position")[0]
    client = Client()
    with transaction.atomic():
        host = {"host": _host()}
        started = client.post(reverse("quiz", args=[module.slug, section.slug]), headers=host, secure=True)
        size = _size(client, started.headers["Location"])
        transaction.set_rollback(True)
    return size
