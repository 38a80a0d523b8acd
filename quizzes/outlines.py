"""Sections with their lessons, as progress wants them. Imports the tables of lessons."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import Prefetch

from lessons.models import Lesson, LiveQuerySet, Section
from quizzes.progress import Outline

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class LiveLessons(TypedDict):
        live_lessons: list[Lesson]

    SectionWithLessons = WithAnnotations[Section, LiveLessons]


def with_lessons(sections: LiveQuerySet[Section]) -> "list[SectionWithLessons]":
    """Return the live ones of these sections in order, with their module and their `live_lessons`. 2 queries."""
    lessons = Lesson.objects.live().order_by("position")
    live = sections.live().select_related("module").order_by("position")
    return list(live.prefetch_related(Prefetch("lessons", lessons, to_attr="live_lessons")))


def outline(section: "SectionWithLessons") -> Outline:
    """Return the Outline of a section that has its `live_lessons`. No query."""
    lessons = section.live_lessons
    added = tuple((lesson.pk, lesson.added_at) for lesson in lessons if lesson.added_at)
    return Outline(section.pk, tuple(lesson.pk for lesson in lessons), section.is_optional, added)
