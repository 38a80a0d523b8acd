"""Looking round as a learner would, for those who may teach: the session keeps it, and nothing of it counts.

May import Django and lessons' tables only.
"""

from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from lessons.models import Lesson, Module

ON, READ = "preview", "preview_read"


class Row(NamedTuple):
    learner_id: int | None
    section_id: int
    lesson_id: int
    read_at: datetime
    is_changed: bool = False


def is_active(request: HttpRequest) -> bool:
    """Return whether this session looks round now. No query."""
    return request.user.is_authenticated and request.user.may_teach and bool(request.session.get(ON))


def begin(request: HttpRequest) -> None:
    """Let this session look round from now on, with no lesson read."""
    request.session[ON], request.session[READ] = True, []


def end(request: HttpRequest) -> None:
    """Let this session look round no longer."""
    request.session.pop(ON, None)
    request.session.pop(READ, None)


def record_read(request: HttpRequest, lesson: Lesson) -> None:
    """Remember in the session that the lesson was read, for the way on."""
    if not has_read(request, lesson):
        request.session[READ] = [*request.session[READ], lesson.pk]


def has_read(request: HttpRequest, lesson: Lesson) -> bool:
    return lesson.pk in request.session[READ]


def readings(request: HttpRequest, module: Module) -> list[Row]:
    """Return rows in the order of reading, in place of the stored ones. One query."""
    read = request.session[READ]
    lessons = Lesson.objects.live().filter(section__module=module, pk__in=read)
    now = timezone.now()
    rows = [Row(request.user.pk, lesson.section_id, lesson.pk, now) for lesson in lessons.only("section_id")]
    return sorted(rows, key=lambda row: read.index(row.lesson_id))
