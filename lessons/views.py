"""A lesson, the fact that it was read, a section's sheet, the ledger, the glossary and the timeline."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.guests import learner_of
from accounts.pages import PersonRequest
from lessons import preview
from lessons.content.alphabet import in_order
from lessons.content.search import Excerpt, best_passage, excerpt, terms_of
from lessons.figures import places
from lessons.figures import timeline as drawing
from lessons.models import Claim, Label, Lesson, Module, Reading, Section, Verdict
from lessons.models.base import language_of

LONGEST_QUERY = 200
MOST_CLAIMS = 30


def _module(request: HttpRequest, slug: str) -> Module:
    """Return the module of that slug as the person or visitor sees it, or 404. One query."""
    return get_object_or_404(Module.objects.seen_by(request.user), slug=slug)


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
@require_GET
@cache_control(private=True, no_cache=True)
def lesson(request: HttpRequest, module: str, section: str, lesson: str) -> HttpResponse:
    """Show one lesson. 5 queries for a learner, and those of the checks in it."""
    page = _lesson(request, module, section, lesson)
    lessons, index = _siblings(page)
    context = {
        "module": page.section.module,
        "section": page.section,
        "lesson": page,
        "place": index + 1,
        "count": len(lessons),
        "previous": lessons[index - 1] if index else None,
        "following": lessons[index + 1] if index + 1 < len(lessons) else None,
        "reading": _reading(request, page),
        "after": None if index else _section_after(page.section),
    }
    return TemplateResponse(request, "lessons/lesson.html", context)


def _section_after(section: Section) -> Section | None:
    """Return the next live section where this one opens with a notice, for whoever leaves it out. At most one query."""
    if not section.document["notice"]:
        return None
    rows = section.module.sections.live().filter(position__gt=section.position).select_related("module")
    return rows.order_by("position").first()


def _reading(request: HttpRequest, lesson: Lesson) -> Reading | None:
    """Return the Reading of the person; in a preview one that is not stored, if it has read it. At most one query."""
    if preview.is_active(request):
        return Reading(lesson=lesson, checksum=lesson.checksum) if preview.has_read(request, lesson) else None
    return Reading.objects.of(request.user).filter(lesson=lesson).first()


@login_not_required
@require_POST
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


@require_GET
@never_cache
def sheet(request: PersonRequest, module: str, section: str) -> HttpResponse:
    """Show the facilitator's sheet of a section, to be printed; for those who may teach. One query."""
    rows = Section.objects.seen_by(request.user).select_related("module")
    row = get_object_or_404(rows, slug=section, module__slug=module)
    if not request.user.may_teach:
        raise Http404
    return TemplateResponse(request, "lessons/sheet.html", {"module": row.module, "section": row})


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def claim(request: HttpRequest, module: str, key: str) -> HttpResponse:
    """Show one claim of the ledger with everything that cites it. 5 queries."""
    rows = Claim.objects.seen_by(request.user).for_cards().select_related("section")
    row = get_object_or_404(rows, key=key, module__slug=module)
    citing = row.lessons.live().select_related("section__module").order_by("section__position", "position")
    events = sorted(row.events.all(), key=lambda event: event.date)
    context = {"module": row.module, "claim": row, "citing": citing, "events": events}
    return TemplateResponse(request, "lessons/claim.html", context)


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def claims(request: HttpRequest, module: str) -> HttpResponse:
    """Show the ledger, a section a page, filtered by label and verdict. 5 queries, whatever the number of claims."""
    row = _module(request, module)
    sections = list(row.sections.live().order_by("position"))
    section = next((row for row in sections if row.slug == request.GET.get("section")), sections[0])
    label, verdict = request.GET.get("label", ""), request.GET.get("verdict", "")
    rows = section.claims.live().for_cards().order_by("key")
    if label in Label.values:
        rows = rows.filter(stands=label)
    if verdict in Verdict.values:
        rows = rows.filter(verdict=verdict)
    context = {
        "module": row,
        "sections": sections,
        "section": section,
        "claims": rows,
        "labels": Label.choices,
        "verdicts": Verdict.choices,
        "label": label,
        "verdict": verdict,
    }
    return TemplateResponse(request, "lessons/claims.html", context)


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def glossary(request: HttpRequest, module: str) -> HttpResponse:
    """Show people, organisations, places and words, by name in the language of the page. 2 queries."""
    row = _module(request, module)
    terms = in_order(row.terms.all(), row.language)
    kinds = {"term": _("Words"), "organisation": _("Organisations"), "person": _("People"), "place": _("Places")}
    groups = [(name, [term for term in terms if term.document["kind"] == kind]) for kind, name in kinds.items()]
    return TemplateResponse(request, "lessons/glossary.html", {"module": row, "groups": groups})


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def timeline(request: HttpRequest, module: str) -> HttpResponse:
    """Show all events drawn, and as a table. 3 queries."""
    row = _module(request, module)
    events = row.events.prefetch_related("claims__module")
    return TemplateResponse(request, "lessons/timeline.html", {"module": row, "picture": drawing.draw(events)})


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def map(request: HttpRequest, module: str) -> HttpResponse:
    """Show the places of the glossary on the outlines of the countries, and as a table. 2 queries."""
    row = _module(request, module)
    if not row.document.get("map"):
        raise Http404
    terms = in_order((term for term in row.terms.all() if term.document["kind"] == "place"), row.language)
    context = {"module": row, "picture": places.draw(row.document["map"], terms)}
    return TemplateResponse(request, "lessons/map.html", context)


@dataclass(frozen=True)
class LessonHit:
    """A lesson that a search shows, the passage at which it opens, and an excerpt of that."""

    lesson: Lesson
    anchor: str
    excerpt: Excerpt

    @property
    def section(self) -> Section:
        return self.lesson.section

    @property
    def position(self) -> int:
        return self.lesson.position

    @property
    def title(self) -> str:
        return self.lesson.title

    def get_absolute_url(self) -> str:
        return self.lesson.get_absolute_url()


@dataclass(frozen=True)
class ClaimHit:
    """A claim that a search shows, and an excerpt of its finding."""

    claim: Claim
    excerpt: Excerpt

    @property
    def key(self) -> str:
        return self.claim.key

    @property
    def stands(self) -> str:
        return self.claim.stands

    def get_absolute_url(self) -> str:
        return self.claim.get_absolute_url()


def _lesson_hit(lesson: Lesson, terms: list[str]) -> LessonHit:
    anchor, text = best_passage(lesson.document["passages"][language_of(lesson.document["passages"])], terms)
    return LessonHit(lesson, anchor, excerpt(text, terms))


@login_not_required
@require_GET
@never_cache
def search(request: HttpRequest, module: str) -> HttpResponse:
    """Show lessons, claims and terms that have every word asked for, in the page's language. At most 5 queries."""
    row = _module(request, module)
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    terms = terms_of(query)
    lessons = Lesson.objects.live().filter(section__module=row, section__withdrawn_at=None).having(terms, row.language)
    lessons = lessons.select_related("section__module").order_by("section__position", "position")
    claims = list(row.claims.live().having(terms, row.language).select_related("module").order_by("key"))
    context = {
        "module": row,
        "query": query,
        "terms": terms,
        "lessons": [_lesson_hit(lesson, terms) for lesson in lessons],
        "claims": [ClaimHit(claim, excerpt(claim.finding, terms)) for claim in claims[:MOST_CLAIMS]],
        "claim_count": len(claims),
        "glossary": in_order(row.terms.having(terms, row.language), row.language),
    }
    return TemplateResponse(request, "lessons/search.html", context)


@require_POST
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
