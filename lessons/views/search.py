"""Search in one module: lessons, claims and entries of the glossary that have every word asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet, TextField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.compiled import Compiled, Parameter
from lessons.content.search import Excerpt, best_first, best_passage, excerpt, has_all, terms_of
from lessons.models import Passage
from lessons.pages import module_of

LONGEST_QUERY = 200
MOST = 30  # claims, and entries, on a page
Row = Any  # of Passage.objects.hits()


def _live_hits(question: Parameter) -> QuerySet[Passage, Row]:
    return Passage.objects.matching(question).live().hits()


LIVE_HITS = Compiled(_live_hits, question=TextField())


@dataclass(frozen=True)
class LessonHit:
    """A lesson that a search shows, its best passage, and an excerpt of that."""

    number: str
    title: str
    address: str
    excerpt: Excerpt

    @classmethod
    def of(cls, module: str, passage: Row, terms: Sequence[str]) -> Self:
        """`module` is the address of the module, below which its lessons are."""
        page = f"{module}{passage.lesson__section__slug}/{passage.lesson__slug}/"
        return cls(
            f"{passage.lesson__section__position}.{passage.lesson__position}",
            passage.title,
            f"{page}#{passage.anchor}" if passage.anchor else page,
            excerpt(passage.text, passage.words, terms),
        )


@dataclass(frozen=True)
class ClaimHit:
    """A claim that a search shows, and an excerpt of its finding."""

    key: str
    stands: str
    excerpt: Excerpt

    @classmethod
    def of(cls, passage: Row, terms: Sequence[str]) -> Self:
        return cls(passage.title, passage.claim__stands, excerpt(passage.text, passage.words, terms))


def _lessons(rows: Sequence[Row], terms: Sequence[str]) -> list[Row]:
    """Return the best passage of each lesson, the best lesson first. One query where no passage has all the terms."""
    lessons = best_first([list(group) for _lesson, group in groupby(rows, key=lambda row: row.lesson)], terms)
    scattered = [passages[0].lesson for passages in lessons if not any(has_all(row, terms) for row in passages)]
    whole: dict[int, list[Row]] = {pk: [] for pk in scattered}
    if scattered:
        for row in Passage.objects.filter(lesson__in=scattered, language=rows[0].language).hits():
            whole[row.lesson].append(row)
    return [best_passage(whole.get(passages[0].lesson) or passages, terms) for passages in lessons]


@login_not_required
@require_safe
@never_cache
def search(request: HttpRequest, module: str) -> HttpResponse:
    """Show what has every word asked for, in the page's language, the best first. At most 3 queries."""
    row = module_of(request, module)
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    terms = terms_of(query)
    hits = LIVE_HITS(question=Passage.objects.question(terms, row, row.language)) if terms else []
    lessons = _lessons([hit for hit in hits if hit.lesson], terms)
    claims = best_first([[hit] for hit in hits if hit.claim], terms)
    entries = best_first([[hit] for hit in hits if not hit.lesson and not hit.claim], terms)
    address = row.get_absolute_url()
    context = {
        "module": row,
        "query": query,
        "terms": terms,
        "lessons": [LessonHit.of(address, passage, terms) for passage in lessons],
        "claims": [ClaimHit.of(passage, terms) for [passage] in claims[:MOST]],
        "claim_count": len(claims),
        "glossary": [passage for [passage] in entries[:MOST]],
        "entry_count": len(entries),
    }
    return TemplateResponse(request, "lessons/search.html", context)
