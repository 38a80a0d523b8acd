"""A lesson, the fact that it was read, a section's sheet, and looking round as a learner would."""

import re
from dataclasses import dataclass
from typing import Self

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.guests import learner_of
from accounts.origins import csrf_by_origin
from accounts.pages import PersonRequest
from accounts.second_step import opens_to_teachers
from accounts.teaching import for_teachers
from lessons import preview
from lessons.models import Lesson, Module, Part, Reading, Section
from lessons.models.lessons import Step
from lessons.pages import same_for_everybody

# The item of an attempt, as `back` in an address names it: 12-4 is item 4 of attempt 12, 12-4-next what follows there.
ITEM = re.compile(r"([0-9]{1,18})-([1-9][0-9]{0,2})(-next)?\Z")


@dataclass(frozen=True)
class WayBack:
    """Where whoever came from a result goes back to: an item of an attempt, or what comes after it (`goes_on`).

    `step` is the anchor that they came to.
    """

    attempt: int
    item: int
    goes_on: bool
    step: str

    @classmethod
    def of(cls, request: HttpRequest, steps: list[Step]) -> Self | None:
        """Return what the address asks for (`back`, `step`), or None where it makes no sense."""
        named = ITEM.match(request.GET.get("back", ""))
        step = request.GET.get("step", "")
        is_here = any(one.anchor == step for one in steps)
        return cls(int(named[1]), int(named[2]), bool(named[3]), step) if named and is_here else None


def _lesson(request: HttpRequest, module: str, section: str, lesson: str) -> Lesson:
    """Return the lesson of that address with its section and module, or 404. One query."""
    rows = Lesson.objects.seen_by(request.user).select_related("section__module")
    return get_object_or_404(rows, slug=lesson, section__slug=section, section__module__slug=module)


def _siblings(lesson: Lesson) -> tuple[list[Lesson], int]:
    """Return the lessons of the section in order, and where this one stands, from 0. One query."""
    lessons = list(lesson.section.lessons.live().order_by("position"))
    for sibling in lessons:
        sibling.section = lesson.section
    return lessons, lessons.index(lesson)


@login_not_required
@require_safe
@same_for_everybody
def lesson(request: HttpRequest, module: str, section: str, lesson: str) -> HttpResponse:
    """Show one lesson, the same to everybody. At most 5 queries, and one for the checks in it."""
    page = _lesson(request, module, section, lesson)
    lessons, index = _siblings(page)
    text = page.page
    steps = text.steps
    context = {
        "module": page.section.module,
        "section": page.section,
        "lesson": page,
        "text": text,
        "steps": steps,
        "objectives": page.objectives,
        "back": WayBack.of(request, steps),
        "place": index + 1,
        "count": len(lessons),
        "previous": lessons[index - 1] if index else None,
        "following": lessons[index + 1] if index + 1 < len(lessons) else None,
        "after": None if index else _section_after(page.section),
    }
    return TemplateResponse(request, "lessons/lesson.html", context)


def _section_after(section: Section) -> Section | None:
    """Return the next live section where this one opens with a notice, for whoever leaves it out. At most one query."""
    if not section.document["notice"]:
        return None
    rows = section.module.sections.live().filter(position__gt=section.position).select_related("module")
    return rows.order_by("position").first()


@login_not_required
@require_button("lessons:lesson", "module", "section", "lesson")
@csrf_by_origin
def read(request: HttpRequest, module: str, section: str, lesson: str) -> HttpResponse:
    """Record that the lesson was read; go to the next one, or to the section after the last.

    A visitor becomes a guest by it. In a preview only the session remembers it.
    """
    page = _lesson(request, module, section, lesson)
    if preview.is_active(request):
        preview.record_read(request, page)
    else:
        Reading.objects.record(learner_of(request), page, timezone.now())
    lessons, index = _siblings(page)
    return redirect(lessons[index + 1] if index + 1 < len(lessons) else page.section)


@require_safe
@never_cache
@for_teachers
def sheet(request: PersonRequest, module: str, section: str) -> HttpResponse:
    """Show the facilitator's sheet of a section, to be printed; for those who may teach. 2 queries."""
    rows = Section.objects.seen_by(request.user).select_related("module")
    row = get_object_or_404(rows, slug=section, module__slug=module)
    context = {"module": row.module, "section": row, "sheet": row.annexes.page(Part.SHEET)}
    return TemplateResponse(request, "lessons/sheet.html", context)


@opens_to_teachers
@require_button("home")
def look_round(request: PersonRequest) -> HttpResponse:
    """Begin looking round a module, or leave it, and go to the module."""
    row = Module.objects.seen_by(request.user).filter(slug=request.POST.get("module", "")).first()
    if "end" in request.POST:
        preview.end(request)
    elif row and request.user.may_teach:
        preview.begin(request)
    else:
        raise Http404
    return redirect(row or "home")
