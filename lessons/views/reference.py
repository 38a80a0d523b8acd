"""The glossary, the timeline, the map and search."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lessons.content.alphabet import in_order
from lessons.content.search import Excerpt, best_passage, excerpt, terms_of
from lessons.figures import places
from lessons.figures import timeline as drawing
from lessons.models import Claim, Lesson, Part, Section
from lessons.models.base import language_of
from lessons.pages import module_of, same_for_everybody

LONGEST_QUERY = 200
MOST_CLAIMS = 30


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
    passages = {text.language: text.passages for text in lesson.texts.all()}
    anchor, text = best_passage(passages[language_of(passages)], terms)
    return LessonHit(lesson, anchor, excerpt(text, terms))


@login_not_required
@require_safe
@never_cache
def search(request: HttpRequest, module: str) -> HttpResponse:
    """Show lessons, claims and terms that have every word asked for, in the page's language. At most 6 queries."""
    row = module_of(request, module)
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    terms = terms_of(query)
    lessons = Lesson.objects.live().filter(section__module=row, section__withdrawn_at=None).having(terms, row.language)
    lessons = (
        lessons.select_related("section__module").prefetch_related("texts").order_by("section__position", "position")
    )
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
