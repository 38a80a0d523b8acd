"""Sections with their lessons, as progress wants them. Imports the tables of lessons."""

from django.db.models import Prefetch

from lessons.models import Lesson
from quizzes.progress import Outline


def with_lessons(sections):
    """The live ones of these sections in order, with their module and, as `live_lessons`, their lessons. 2 queries."""
    lessons = Lesson.objects.live().order_by("position")
    live = sections.live().select_related("module").order_by("position")
    return list(live.prefetch_related(Prefetch("lessons", lessons, to_attr="live_lessons")))


def outline(section):
    """The Outline of a section that has its `live_lessons`. No query."""
    return Outline(section.pk, tuple(lesson.pk for lesson in section.live_lessons), section.is_optional)
