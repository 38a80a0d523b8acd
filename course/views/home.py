"""Home, module and section with their progress, and the start of a quiz."""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import BooleanField, CharField, Exists, F, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.compiled import Compiled, Parameter
from accounts.guests import learner_of
from accounts.models import Anyone
from cohorts.class_notes import notes_to_all
from cohorts.dues import dues_among, exam_dues, named, with_last_pass
from cohorts.models import Comment, Enrolment, Note
from cohorts.notices import on_home
from cohorts.set_sections import SetSection, sections_set_for
from course.front.showing import first_page
from course.module_progress import LearnerModule, module_progress
from course.quotes import quote_sheet
from lessons import preview
from lessons.models import Module, Section
from lessons.models.modules import Visibility
from quizzes.models import Attempt
from quizzes.outlines import with_lessons

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from quizzes.outlines import SectionWithLessons

    class Place(TypedDict):
        is_in_cohort: bool

    PlacedSection = WithAnnotations[Section, Place]


def _progress(
    request: HttpRequest,
    module: Module,
    sections: "Sequence[SectionWithLessons] | None" = None,
    due_rows: Iterable[SetSection] = (),
) -> LearnerModule:
    """Return how whoever is here stands in the module, or in its preview."""
    trial = preview.readings(request, module) if preview.is_active(request) else None
    return module_progress(request.user, module, timezone.now(), sections, trial, due_rows)


@login_not_required
@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Show what this course is; whoever was here before, or learns in a cohort, finds what is due and where to go on.

    At most 8 queries beside `first_page`.
    """
    now = timezone.now()
    places, notices, quizzes = on_home(request.user, now)
    learns = any(not place.is_staff for place in places)
    may_teach = request.user.is_authenticated and request.user.may_teach
    due_rows = sections_set_for(request.user) if learns else []
    modules = Module.objects.seen_by(request.user).order_by("pk")
    sections, others = _first_and_others(request.user, modules, {row.section_id for row in due_rows})
    module = sections[0].module if sections else modules.first()
    way = _progress(request, module, sections, due_rows) if module else None
    elsewhere = [*dues_among(due_rows, others, now), *exam_dues(due_rows, others, now)]
    is_under_way = way is not None and (way.has_begun or learns)
    is_front = module is not None and module.visibility == Visibility.PUBLIC and not is_under_way
    context = {
        "module": module,
        "way": way,
        "is_under_way": is_under_way,
        "dues": named([*way.dues, *elsewhere]) if way else [],
        "quizzes_asked": [quiz for quiz in quizzes if quiz.is_asked],
        "now": now,
        "notes": notes_to_all(((row.is_staff, *row[1:]) for row in places), now),
        "notices": notices if is_under_way else [],
        "leads_to_cohorts": bool(places) or may_teach,
        "is_cohort_staff": any(place.is_staff for place in places),
    }
    return TemplateResponse(request, "course/home.html", context | (first_page(module) if module and is_front else {}))


def _first_and_others(
    user: Anyone, modules: QuerySet[Module], due: Collection[int]
) -> "tuple[list[SectionWithLessons], list[SectionWithLessons]]":
    """Return (the sections of the first of these modules, those of others whose ids are in `due`). 2 queries.

    Where something is due, they are `with_last_pass`.
    """
    seen = Section.objects.seen_by(user)
    if not due:
        return with_lessons(seen.filter(module=modules[:1])), []
    rows = with_lessons(with_last_pass(seen.filter(Q(module=modules[:1]) | Q(pk__in=due)), user))
    first = min((row.module_id for row in rows), default=None)
    return [row for row in rows if row.module_id == first], [row for row in rows if row.module_id != first]


@login_not_required
@require_safe
@never_cache
def module(request: HttpRequest, module: str) -> HttpResponse:
    """Show the strip, the next step, the sections with their dates, and the quote sheet.

    At most 8 queries.
    """
    row, way = _way(request, module)
    sheet = quote_sheet(request.user, row, preview.is_active(request))
    context: dict[str, object] = {"module": row, "way": way, "sheet": sheet, "now": timezone.now()}
    if sections := cast("Sequence[PlacedSection]", [section.section for section in way.sections]):
        may_teach = request.user.is_authenticated and request.user.may_teach
        context["leads_to_cohorts"] = may_teach or sections[0].is_in_cohort  # the header need not ask
    return TemplateResponse(request, "course/module.html", context)


@login_not_required
@require_safe
@never_cache
def quotes(request: HttpRequest, module: str) -> HttpResponse:
    """Show the quote sheet, to be filled and printed. 2 queries."""
    row = get_object_or_404(Module.objects.seen_by(request.user), slug=module)
    sheet = quote_sheet(request.user, row, preview.is_active(request))
    if sheet is None:
        raise Http404
    return TemplateResponse(request, "course/quotes.html", {"module": row, "sheet": sheet})


@login_not_required
@require_safe
@never_cache
def go_on(request: HttpRequest, module: str) -> HttpResponse:
    """Lead to the one next step in a module. At most 7 queries."""
    _row, way = _way(request, module)
    return redirect(way.address)


@login_not_required
@require_safe
@never_cache
def section_go_on(request: HttpRequest, module: str, section: str) -> HttpResponse:
    """Lead to the next step in one section: its open quiz, its next lesson or its quiz. At most 7 queries."""
    way, index = _way_and_index(request, module, section)
    return redirect(way.within(way.sections[index]).address)


@login_not_required
@require_safe
@never_cache
def section(request: HttpRequest, module: str, section: str) -> HttpResponse:
    """Show the objectives, lessons and notes of a section, and the way to its quiz. At most 8 queries."""
    way, index = _way_and_index(request, module, section)
    context = {
        "module": way.module,
        "way": way,
        "section": way.sections[index],
        "notes": _said_of(way.sections[index].section, request.user),
        "after": next(iter(way.sections[index + 1 :]), None),
    }
    return TemplateResponse(request, "course/section.html", context)


def _way(request: HttpRequest, module: str) -> tuple[Module, LearnerModule]:
    """Return the module of that slug, and how whoever is here stands in it, with the dates that are set; else 404."""
    user, places = request.user, Enrolment.objects.current().filter(cohort__archived_at=None)
    is_in_cohort = Exists(places.of(user)) if user.is_authenticated else Value(False)
    seen = Section.objects.seen_by(user).filter(module__slug=module)
    sections = with_lessons(seen.annotate(is_in_cohort=is_in_cohort))
    row = sections[0].module if sections else get_object_or_404(Module.objects.seen_by(user), slug=module)
    return row, _progress(request, row, sections, sections_set_for(user, row))


def _way_and_index(request: HttpRequest, module: str, section: str) -> tuple[LearnerModule, int]:
    """Return how whoever is here stands in the module of that section, and the section's index in it; else 404."""
    sections = with_lessons(Section.objects.seen_by(request.user).filter(module__slug=module))
    index = next((index for index, row in enumerate(sections) if row.slug == section), None)
    if index is None:
        raise Http404
    return _progress(request, sections[index].module, sections), index


def _said_of(section: Section, user: Anyone) -> QuerySet[Any, Any]:
    """Return what the staff of this person's cohorts say of a section: to all (notes), or to them alone. One query.

    Rows of pk, cohort_name, text and is_comment, a cohort after the other.
    """
    names = ("pk", "number", "cohort_name", "text", "is_comment")
    notes = Note.objects.for_member(user).filter(section=section)
    comments = Comment.objects.for_learner(user).filter(section=section)
    parts: list[QuerySet[Any, Any]] = [
        rows.annotate(
            number=F(f"{cohort}_id"), cohort_name=F(f"{cohort}__name"), is_comment=Value(is_comment, BooleanField())
        ).values_list(*names, named=True)
        for rows, cohort, is_comment in ((notes, "cohort", False), (comments, "enrolment__cohort", True))
    ]
    return parts[0].union(parts[1], all=True).order_by("number", "is_comment")


@login_not_required
@require_safe
def who_sees_what(request: HttpRequest) -> HttpResponse:
    """Show what is stored about a person, who sees it, for how long, and who answers for it. No query of its own."""
    context = {"organisation": settings.OPERATOR, "sends_mail": settings.SENDS_MAIL}
    return TemplateResponse(request, "course/who_sees_what.html", context)


def _live_section(module: Parameter, section: Parameter) -> QuerySet[Section]:
    rows = Section.objects.live().select_related("module", "bank")
    return rows.filter(slug=section, module__slug=module)


LIVE_SECTION = Compiled(_live_section, module=CharField(), section=CharField())


@login_not_required
@require_button("section", "module", "section")
def quiz(request: HttpRequest, module: str, section: str) -> HttpResponse:
    """Start the section's quiz, or go on with the open one; a visitor is a guest from now on."""
    rows = LIVE_SECTION(module=module, section=section)
    if not rows or not rows[0].module.is_seen_by(request.user):
        raise Http404
    [row] = rows
    return redirect(Attempt.start_quiz(learner_of(request), row, timezone.now(), preview.is_active(request)))
