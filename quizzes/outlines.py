"""Sections with their lessons, as progress wants them. Imports the tables of lessons."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import F, FilteredRelation, Prefetch, Q, QuerySet

from accounts.compiled import ID, Compiled
from lessons.models import Lesson, LiveQuerySet, Module, Section
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


def outlines_of(module: Module) -> dict[Section, Outline]:
    """Return the live sections of a module in order, each with its Outline. One query, which makes no Lesson."""
    lessons: dict[Section, list[tuple[int, datetime | None]]] = {}
    for section in OUTLINED(module=module.pk):
        section.module = module
        theirs = lessons.setdefault(section, [])
        if section.lesson_pk:
            theirs.append((section.lesson_pk, section.lesson_added_at))
    return {
        section: Outline(
            section.pk,
            tuple(pk for pk, _added_at in theirs),
            section.is_optional,
            tuple((pk, added_at) for pk, added_at in theirs if added_at),
        )
        for section, theirs in lessons.items()
    }


def _outlined(module: int) -> "QuerySet[Any]":
    """Return a live section of that module for each of its live lessons, or one without any, in order."""
    live = FilteredRelation("lessons", condition=Q(lessons__withdrawn_at=None))
    rows = Section.objects.filter(module=module).live().annotate(live=live).order_by("position", "live__position")
    return rows.annotate(lesson_pk=F("live__pk"), lesson_added_at=F("live__added_at"))


OUTLINED = Compiled(_outlined, module=ID)


def outline(section: "SectionWithLessons") -> Outline:
    """Return the Outline of a section that has its `live_lessons`. No query."""
    lessons = section.live_lessons
    added = tuple((lesson.pk, lesson.added_at) for lesson in lessons if lesson.added_at)
    return Outline(section.pk, tuple(lesson.pk for lesson in lessons), section.is_optional, added)
