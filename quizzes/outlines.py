"""Sections with their lessons, as progress wants them. Imports the tables of lessons."""

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import F, FilteredRelation, Prefetch, Q

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


def outlines_of(sections: LiveQuerySet[Section]) -> dict[Section, Outline]:
    """Return the live ones of these sections in order, each with its Outline. One query, which makes no Lesson."""
    live = FilteredRelation("lessons", condition=Q(lessons__withdrawn_at=None))
    rows = sections.live().annotate(live=live).order_by("position", "live__position")
    lessons: dict[Section, list[tuple[int, datetime | None]]] = {}
    for section in rows.annotate(lesson_pk=F("live__pk"), lesson_added_at=F("live__added_at")):
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


def outline(section: "SectionWithLessons") -> Outline:
    """Return the Outline of a section that has its `live_lessons`. No query."""
    lessons = section.live_lessons
    added = tuple((lesson.pk, lesson.added_at) for lesson in lessons if lesson.added_at)
    return Outline(section.pk, tuple(lesson.pk for lesson in lessons), section.is_optional, added)
