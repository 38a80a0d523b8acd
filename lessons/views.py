"""A lesson, the fact that it was read, and a claim's own page."""

import unicodedata

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from accounts.guests import learner_of
from lessons import preview
from lessons.figures import timeline as drawing
from lessons.models import Claim, Label, Lesson, Module, Reading, Verdict


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
    }
    return TemplateResponse(request, "lessons/lesson.html", context)


def _reading(request, lesson):
    """The Reading of whoever is here, or None; in a preview whether the preview has read it. At most one query."""
    if preview.is_on(request):
        return preview.has_read(request, lesson)
    return Reading.objects.of(request.user).filter(lesson=lesson).first()


@login_not_required
@require_POST
def read(request, module, section, lesson):
    """ "I have read this": kept for whoever is here, a guest from now on; then the next lesson, or the section.

    In a preview only the session remembers it.
    """
    page = _lesson(module, section, lesson)
    if preview.is_on(request):
        preview.note_read(request, page)
    else:
        given = {"checksum": page.checksum, "read_at": timezone.now()}
        Reading.objects.get_or_create(learner=learner_of(request), lesson=page, defaults=given)
    lessons, place = _siblings(page)
    return redirect(lessons[place + 1] if place + 1 < len(lessons) else page.section)


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
    terms = sorted(found.terms.all(), key=lambda term: folded(term.name))
    kinds = {"term": _("Words"), "organisation": _("Organisations"), "person": _("People"), "place": _("Places")}
    groups = [(name, [term for term in terms if term.document["kind"] == kind]) for kind, name in kinds.items()]
    return TemplateResponse(request, "lessons/glossary.html", {"module": found, "groups": groups})


def folded(text):
    """The text as sorting takes it: without accents and case."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()


@login_not_required
@require_GET
@cache_control(private=True, no_cache=True)
def timeline(request, module):
    """All events drawn, and as a table. 3 queries."""
    found = get_object_or_404(Module.objects.live(), slug=module)
    events = found.events.prefetch_related("claims__module")
    return TemplateResponse(request, "lessons/timeline.html", {"module": found, "picture": drawing.draw(events)})
