"""The glossary, the timeline and the map."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lessons.content.alphabet import in_order
from lessons.figures import places
from lessons.figures import timeline as drawing
from lessons.models import Part
from lessons.pages import module_of, same_for_everybody


@login_not_required
@require_safe
@same_for_everybody
def glossary(request: HttpRequest, module: str) -> HttpResponse:
    """Show people, organisations, places and words, by name in the language of the page. 2 queries."""
    row = module_of(request, module)
    terms = in_order(row.terms.all(), row.language)
    kinds = {"term": _("Words"), "organisation": _("Organisations"), "person": _("People"), "place": _("Places")}
    groups = [(name, [term for term in terms if term.document["kind"] == kind]) for kind, name in kinds.items()]
    return TemplateResponse(request, "lessons/glossary.html", {"module": row, "groups": groups})


@login_not_required
@require_safe
@same_for_everybody
def timeline(request: HttpRequest, module: str) -> HttpResponse:
    """Show all events drawn, and as a table. 3 queries."""
    row = module_of(request, module)
    events = row.events.prefetch_related("claims__module")
    return TemplateResponse(request, "lessons/timeline.html", {"module": row, "picture": drawing.draw(events)})


@login_not_required
@require_safe
@same_for_everybody
def map(request: HttpRequest, module: str) -> HttpResponse:
    """Show the places of the glossary on the outlines of the countries, and as a table. 3 queries."""
    row = module_of(request, module)
    outlines = row.annexes.read(Part.MAP)
    if not outlines:
        raise Http404
    terms = in_order((term for term in row.terms.all() if term.document["kind"] == "place"), row.language)
    context = {"module": row, "caption": outlines["title"], "picture": places.draw(outlines, terms)}
    return TemplateResponse(request, "lessons/map.html", context)
