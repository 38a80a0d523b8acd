"""The glossary, the timeline and the map."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lessons.content.alphabet import in_order
from lessons.figures import places
from lessons.figures import timeline as years
from lessons.models import Acts, Claim, Lesson, Module, Part
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
    """Show the events by periods and years, cut by period and by who acts. 5 queries, whatever the number of events."""
    row = module_of(request, module)
    claims = Prefetch("claims", Claim.objects.select_related("module").order_by("key"))
    events = years.chosen(row.events.prefetch_related(claims))
    periods = row.annexes.read(Part.TIMELINE).get("periods", [])
    asked = next((each for each in periods if str(each["first"]) == request.GET.get("period")), None)
    who = next((kind for kind in Acts.values if kind == request.GET.get("who")), "")
    acting = [event for event in events if not who or who in event.document.get("acts", [])]
    context = {
        "module": row,
        "events": events,
        "periods": periods,
        "asked": asked,
        "kinds": Acts.choices,
        "shapes": years.kinds(events, Acts.values),
        "who": who,
        "parts": _with_lessons(row, years.by_periods(acting, [asked] if asked else periods)),
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
