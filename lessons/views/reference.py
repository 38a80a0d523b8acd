"""Where things are looked up: the page that leads there, the glossary, the timeline and the map."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lessons.content.alphabet import by_letter, in_order
from lessons.figures import places
from lessons.figures import timeline as drawing
from lessons.models import Lesson, Part, Reference, Term
from lessons.pages import module_of, same_for_everybody

KINDS = {"term": _("Words"), "organisation": _("Organisations"), "person": _("People"), "place": _("Places")}


@login_not_required
@require_safe
@same_for_everybody
def reference(request: HttpRequest, module: str) -> HttpResponse:
    """Show all that can be looked up beside the lessons, and how much each holds. 5 queries."""
    row = module_of(request, module)
    claims = row.claims.live()
    context = {
        "module": row,
        "claims": claims.count(),
        "sources": Reference.objects.filter(claims__in=claims).distinct().count(),
        "events": row.events.count(),
        "terms": row.terms.count(),
    }
    return TemplateResponse(request, "lessons/reference.html", context)


@dataclass(frozen=True)
class Entry:
    """A term of the glossary, and the lessons that use it, in their order."""

    term: Term
    lessons: list[Lesson]

    @property
    def kind(self) -> str:
        return str(KINDS[self.term.document["kind"]])


@login_not_required
@require_safe
@same_for_everybody
def glossary(request: HttpRequest, module: str) -> HttpResponse:
    """Show people, organisations, places and words, or one of these, by letter in the page's language. 3 queries."""
    row = module_of(request, module)
    shown = request.GET.get("show", "")
    terms = (term for term in row.terms.all() if shown not in KINDS or term.document["kind"] == shown)
    lessons = Lesson.objects.seen_by(request.user).filter(section__module=row).select_related("section__module")
    using = lessons.order_by("section__position", "position")
    letters = [
        (letter, [Entry(term, [lesson for lesson in using if term.slug in lesson.terms]) for term in group])
        for letter, group in by_letter(terms, row.language)
    ]
    context = {"module": row, "letters": letters, "kinds": KINDS, "show": shown}
    return TemplateResponse(request, "lessons/glossary.html", context)


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
