"""Where things are looked up: the page that leads there, the glossary, the timeline and the map."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lessons.content.alphabet import by_letter, in_order
from lessons.figures import places
from lessons.figures import timeline as years
from lessons.models import Acts, Claim, Lesson, Module, Part, Reference, Term
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
    """Show the events by periods and years, cut by period and by who acts. 5 queries, whatever the number of events."""
    row = module_of(request, module)
    claims = Prefetch("claims", Claim.objects.select_related("module").order_by("key"))
    events = years.chosen(row.events.prefetch_related(claims))
    periods = row.annexes.read(Part.TIMELINE).get("periods", [])
    asked = next((period for period in periods if str(period["first"]) == request.GET.get("period")), None)
    who = next((kind for kind in Acts.values if kind == request.GET.get("who")), "")
    acting = [event for event in events if not who or who in event.document.get("acts", [])]
    parts = years.by_periods(acting, [asked] if asked else periods)
    context = {
        "module": row,
        "events": events,
        "shown": sum(part.count for part in parts),
        "periods": periods,
        "asked": asked,
        "kinds": Acts.choices,
        "shapes": years.kinds(events, Acts.values),
        "who": who,
        "parts": _with_lessons(row, parts),
    }
    return TemplateResponse(request, "lessons/timeline.html", context)


def _with_lessons(module: Module, parts: Sequence[years.Part]) -> list[tuple[years.Part, list[Lesson]]]:
    """Return each part with the lessons that draw on it. One query, none where no period names a lesson."""
    names = {name for part in parts for name in part.period["lessons"]}
    rows = Lesson.objects.live().filter(section__module=module, slug__in=[name.split("/")[1] for name in names])
    lessons = {f"{lesson.section.slug}/{lesson.slug}": lesson for lesson in rows.select_related("section__module")}
    return [(part, [lessons[name] for name in part.period["lessons"] if name in lessons]) for part in parts]


@login_not_required
@require_safe
@same_for_everybody
def map(request: HttpRequest, module: str) -> HttpResponse:
    """Show the places of the glossary on the outlines of the countries, and what happened there. 4 queries."""
    row = module_of(request, module)
    outlines = row.annexes.read(Part.MAP)
    if not outlines:
        raise Http404
    terms = in_order((term for term in row.terms.all() if term.document["kind"] == "place"), row.language)
    picture = places.draw(outlines, terms, row.language, row.events.all())
    context = {"module": row, "caption": outlines["title"], "picture": picture}
    return TemplateResponse(request, "lessons/map.html", context)
