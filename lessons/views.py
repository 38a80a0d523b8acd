"""A lesson, the fact that it was read, a section's sheet, the ledger, the glossary and the timeline."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.guests import learner_of
from lessons import preview
from lessons.content.alphabet import in_order
from lessons.content.search import best_passage, excerpt, terms_of
from lessons.figures import places
from lessons.figures import timeline as drawing
from lessons.models import Claim, Label, Lesson, Module, Reading, Section, Verdict

LONGEST_QUERY = 200
MOST_CLAIMS = 30


def _lesson(module, section, lesson):
    """The live lesson of that address with section and module, or 404. One query."""
    rows = Lesson.objects.live().filter(section__withdrawn_at=None, section__module__withdrawn_at=None)
    return get_object_or_404(
        rows.select_related("section__module"),
        slug=lesson,
        section__slug=section,
        section__module__slug=module,
    )


def _siblings(lesson):
    """(lessons of the section in order, place of this one from 0). One query."""
    lessons = list(lesson.section.lessons.live().order_by("position"))
    for each in lessons:
        each.section = lesson.section
    return lessons, lessons.index(lesson)


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def lesson(request, module, section, lesson):
    """One lesson. 5 queries for a learner, and those of the checks in it."""
    page = _lesson(module, section, lesson)
    lessons, place = _siblings(page)
    context = {
        "module": page.section.module,
        "section": page.section,
        "lesson": page,
        "place": place + 1,
        "count": len(lessons),
        "previous": lessons[place - 1] if place else None,
        "following": lessons[place + 1] if place + 1 < len(lessons) else None,
        "reading": _reading(request, page),
        "after": None if place else _section_after(page.section),
    }
    return TemplateResponse(request, "lessons/lesson.html", context)


def _section_after(section):
    """The next live section where this one opens with a notice, for whoever leaves it out. One query then, or none."""
    if not section.document["notice"]:
        return None
    rows = section.module.sections.live().filter(position__gt=section.position).select_related("module")
    return rows.order_by("position").first()


def _reading(request, lesson):
    """The Reading of whoever is here, or None; in a preview whether the preview has read it. At most one query."""
    if preview.is_active(request):
        return preview.has_read(request, lesson)
    return Reading.objects.of(request.user).filter(lesson=lesson).first()


@login_not_required
@require_POST
def read(request, module, section, lesson):
    """ "I have read this": kept for whoever is here, a guest from now on; then the next lesson, or the section.

    In a preview only the session remembers it.
    """
    page = _lesson(module, section, lesson)
    if preview.is_active(request):
        preview.note_read(request, page)
    else:
        Reading.objects.keep(learner_of(request), page, timezone.now())
    lessons, place = _siblings(page)
    return redirect(lessons[place + 1] if place + 1 < len(lessons) else page.section)


@require_GET
@never_cache
def sheet(request, module, section):
    """The facilitator's sheet of a section, to be printed; for those who may teach. One query."""
    rows = Section.objects.live().filter(module__withdrawn_at=None).select_related("module")
    found = get_object_or_404(rows, slug=section, module__slug=module)
    if not request.user.may_teach:
        raise Http404
    return TemplateResponse(request, "lessons/sheet.html", {"module": found.module, "section": found})


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def claim(request, module, key):
    """One claim of the ledger with everything that cites it. 5 queries."""
    rows = Claim.objects.live().for_cards().select_related("section")
    found = get_object_or_404(rows, key=key, module__slug=module, module__withdrawn_at=None)
    citing = found.lessons.live().select_related("section__module").order_by("section__position", "position")
    events = sorted(found.events.all(), key=lambda event: event.date)
    context = {"module": found.module, "claim": found, "citing": citing, "events": events}
    return TemplateResponse(request, "lessons/claim.html", context)


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def claims(request, module):
    """The ledger, a section a page, filtered by label and verdict. 5 queries, whatever the number of claims."""
    found = get_object_or_404(Module.objects.live(), slug=module)
    sections = list(found.sections.live().order_by("position"))
    section = next((each for each in sections if each.slug == request.GET.get("section")), sections[0])
    label, verdict = request.GET.get("label", ""), request.GET.get("verdict", "")
    rows = section.claims.live().for_cards().order_by("key")
    if label in Label.values:
        rows = rows.filter(stands=label)
    if verdict in Verdict.values:
        rows = rows.filter(verdict=verdict)
    context = {
        "module": found,
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
def glossary(request, module):
    """People, organisations, places and words, by name in the language of the page. 2 queries."""
    found = get_object_or_404(Module.objects.live(), slug=module)
    terms = in_order(found.terms.all(), get_language())
    kinds = {"term": _("Words"), "organisation": _("Organisations"), "person": _("People"), "place": _("Places")}
    groups = [(name, [term for term in terms if term.document["kind"] == kind]) for kind, name in kinds.items()]
    return TemplateResponse(request, "lessons/glossary.html", {"module": found, "groups": groups})


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def timeline(request, module):
    """All events drawn, and as a table. 3 queries."""
    found = get_object_or_404(Module.objects.live(), slug=module)
    events = found.events.prefetch_related("claims__module")
    return TemplateResponse(request, "lessons/timeline.html", {"module": found, "picture": drawing.draw(events)})


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def map(request, module):
    """The places of the glossary on the outlines of the countries, and as a table. 2 queries."""
    found = get_object_or_404(Module.objects.live(), slug=module)
    if not found.document.get("map"):
        raise Http404
    terms = in_order((term for term in found.terms.all() if term.document["kind"] == "place"), get_language())
    context = {"module": found, "picture": places.draw(found.document["map"], terms)}
    return TemplateResponse(request, "lessons/map.html", context)


@login_not_required
@require_GET
@never_cache
def search(request, module):
    """Lessons, claims and terms that have every word asked for, in the language of the page. At most 5 queries."""
    found = get_object_or_404(Module.objects.live(), slug=module)
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    terms = terms_of(query)
    lessons = Lesson.objects.live().filter(section__module=found, section__withdrawn_at=None).having(terms)
    lessons = list(lessons.select_related("section__module").order_by("section__position", "position"))
    for lesson in lessons:
        lesson.anchor, text = best_passage(lesson.document["passages"][get_language()], terms)
        lesson.excerpt = excerpt(text, terms)
    claims = list(found.claims.live().having(terms).select_related("module").order_by("key"))
    for claim in claims:
        claim.excerpt = excerpt(claim.finding, terms)
    context = {
        "module": found,
        "query": query,
        "terms": terms,
        "lessons": lessons,
        "claims": claims[:MOST_CLAIMS],
        "claim_count": len(claims),
        "glossary": in_order(found.terms.having(terms), get_language()),
    }
    return TemplateResponse(request, "lessons/search.html", context)


@require_POST
def look_round(request):
    """Begin looking round a module, or leave it, and go to the module."""
    found = Module.objects.live().filter(slug=request.POST.get("module", "")).first()
    if "end" in request.POST:
        preview.end(request)
    elif found and request.user.may_teach:
        preview.begin(request)
    else:
        raise Http404
    return redirect(found or "home")
