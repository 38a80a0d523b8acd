"""The ledger: claims and the sources on which they rest, and the article, paragraph by paragraph."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_page
from accounts.guests import is_shared
from accounts.pages import page_of
from lessons.figures import bars
from lessons.models import Claim, Ground, Kind, Label, Module, Part, Reference, Section, Verdict
from lessons.pages import module_of, place_of, same_for_everybody

OPEN_AT_ONCE = "open_sources"  # a cookie that ends with the browser: the warning was read on this visit
ALL = "all"  # what the ledger may be cut to, beside a section
CARDS = 25  # on a page of all
CORRECTED = "corrected"  # what the article's page may be cut to, beside the labels


@login_not_required
@require_safe
@same_for_everybody
def claim(request: HttpRequest, module: str, key: str) -> HttpResponse:
    """Show one claim of the ledger with everything that cites it, and what we had wrong of it. 6 queries."""
    rows = Claim.objects.seen_by(request.user).for_cards().select_related("section")
    row = get_object_or_404(rows, key=key, module__slug=module)
    citing = row.lessons.live().select_related("section__module").order_by("section__position", "position")
    events = sorted(row.events.all(), key=lambda event: event.date)
    log = row.module.annexes.read(Part.LOG).get("entries", [])
    context = {
        "module": row.module,
        "claim": row,
        "citing": citing,
        "events": events,
        "sources": row.sources,
        "corrected": [
            (place_of(number, entry["slug"]), entry["title"])
            for number, entry in enumerate(log)
            if row.key in entry["claims"]
        ],
    }
    return TemplateResponse(request, "lessons/claim.html", context)


def _sections(request: HttpRequest, module: Module) -> tuple[list[Section], Section]:
    """Return the module's sections in order, and the one that the address asks for, else the first. One query."""
    sections = list(module.sections.live().order_by("position"))
    return sections, next((row for row in sections if row.slug == request.GET.get("section")), sections[0])


@login_not_required
@require_safe
@same_for_everybody
def claims(request: HttpRequest, module: str) -> HttpResponse:
    """Show the ledger by section or, a page at a time, of all; filtered by label and verdict.

    6 queries, whatever the number of claims.
    """
    row = module_of(request, module)
    sections, section = _sections(request, row)
    is_all = request.GET.get("section") == ALL
    label, verdict = request.GET.get("label", ""), request.GET.get("verdict", "")
    rows = (row if is_all else section).claims.live().for_cards().order_by("key")
    if label in Label.values:
        rows = rows.filter(stands=label)
    if verdict in Verdict.values:
        rows = rows.filter(verdict=verdict)
    query = urlencode({"section": ALL, "label": label, "verdict": verdict})
    context = {
        "module": row,
        "sections": sections,
        "section": None if is_all else section,
        "all": ALL,
        "claims": page_of(request, rows, CARDS) if is_all else rows,
        "number": rows.count() if is_all else len(rows),
        "query": query,
        "labels": Label.choices,
        "verdicts": Verdict.choices,
        "label": label,
        "verdict": verdict,
    }
    return TemplateResponse(request, "lessons/claims.html", context)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the article: our line on it, how to find it in the original, and what was found in it."""

    number: int
    part: dict[str, str]
    summary: dict[str, str]
    opening: str
    claims: list[Claim]

    @property
    def verdicts(self) -> list[tuple[str, int]]:
        """Return [(verdict in words, how many)], the commonest first."""
        return Counter(claim.get_verdict_display() for claim in self.claims).most_common()


@login_not_required
@require_safe
@same_for_everybody
def article(request: HttpRequest, module: str) -> HttpResponse:
    """Show the article in one-line summaries, each with its claims. 4 queries, whatever the number of claims."""
    row = module_of(request, module)
    text = row.annexes.read(Part.ARTICLE)
    if not text:
        raise Http404
    live = row.claims.live().filter(origin="article").select_related("module", "said_by")
    claims = {claim.key: claim for claim in live}
    shown = request.GET.get("show", "")
    paragraphs = [paragraph for paragraph in _paragraphs(text["paragraphs"], claims) if _is_shown(paragraph, shown)]
    context = {
        "module": row,
        "reference": get_object_or_404(row.references, slug=text["reference"]),
        "paragraphs": paragraphs,
        "all": len(text["paragraphs"]),
        "count": len(claims),
        "verdicts": Counter(claim.get_verdict_display() for claim in claims.values()).most_common(),
        "labels": Label.choices,
        "show": shown,
    }
    return TemplateResponse(request, "lessons/article.html", context)


def _paragraphs(rows: Sequence[dict[str, Any]], claims: dict[str, Claim]) -> list[Paragraph]:
    return [
        Paragraph(
            number, row["part"], row["summary"], row["opening"], [claims[key] for key in row["claims"] if key in claims]
        )
        for number, row in enumerate(rows, 1)
    ]


def _is_shown(paragraph: Paragraph, shown: str) -> bool:
    """Return whether a cut of the page shows the paragraph: all, those corrected, or those with a label."""
    if shown == CORRECTED:
        return any(claim.is_corrected for claim in paragraph.claims)
    return shown not in Label.values or any(claim.stands == shown for claim in paragraph.claims)


@login_not_required
@require_safe
@same_for_everybody
def sources(request: HttpRequest, module: str) -> HttpResponse:
    """Show what the course rests on in a picture, and the sources of one section by kind. 4 queries."""
    row = module_of(request, module)
    sections, section = _sections(request, row)
    # A mark alone is shown of each claim: its text, and its module's, would be read for every source that it has.
    marks = Claim.objects.live().select_related("module").only("key", "stands", "section", "module__slug")
    claims = Prefetch("claims", marks.order_by("key"))
    references = [source for source in row.references.prefetch_related(claims) if source.claims.all()]
    context = {
        "module": row,
        "sections": sections,
        "section": section,
        "kinds": _by_kind(references, section),
        "figure": {"bars": (rows := _rests_on(references)), "title": {}},
        "picture": bars.draw(rows) if rows else None,
        "count": len(references),
    }
    return TemplateResponse(request, "lessons/sources.html", context)


def _by_kind(references: Iterable[Reference], section: Section) -> list[tuple[str, list[Reference]]]:
    """Return [(kind in words, its sources)] of a section, originals before copies."""
    used = [row for row in references if any(claim.section_id == section.pk for claim in row.claims.all())]
    rows = sorted(used, key=lambda source: source.order)
    groups = [(kind.label, [row for row in rows if row.document["kind"] == kind]) for kind in Kind]
    return [(str(name), group) for name, group in groups if group]


def _rests_on(references: Sequence[Reference]) -> list[dict[str, Any]]:
    """Return the bars of the picture: how many sources of each ground, side and language."""
    grounds = Counter(str(source.ground.label) for source in references)
    sides = Counter(source.side for source in references)
    languages = Counter(source.language for source in references)
    groups = {_("What they are"): grounds, _("Where they are published"): sides, _("In which language"): languages}
    return [
        {
            "group": {"": name},
            "text": {"": text},
            "value": number,
            "shown": {"": ngettext("%(number)s source", "%(number)s sources", number) % {"number": number}},
            "fill": "open" if text == str(Ground.COPY.label) else "solid",
            "claims": [],
        }
        for name, counts in groups.items()
        for text, number in counts.most_common()
    ]


def _source(request: HttpRequest, module: str, source: str) -> tuple[Module, Reference]:
    """Return a source with its module, as the person or visitor sees it, or 404. 2 queries."""
    row = module_of(request, module)
    return row, get_object_or_404(row.references, slug=source)


def _address(request: HttpRequest, module: Module, reference: Reference) -> str:
    """Return the source's address; with `?paragraph=` that passage of the article, where browsers can find it.

    One query where a passage is asked for.
    """
    url: str = reference.document.get("url", "")
    article, number = module.document["article"], request.GET.get("paragraph", "")
    if article and article["reference"] == reference.slug and number.isascii() and number.isdigit():
        openings = [row["opening"] for row in module.annexes.read(Part.ARTICLE)["paragraphs"]]
        if 0 < int(number[:4]) <= len(openings):
            opening = quote(openings[int(number[:4]) - 1]).replace("-", "%2D")  # a dash is a sign of its own there
            return f"{url}#:~:text={opening}"
    return url


def _is_text(request: HttpRequest) -> bool:
    """Return whether addresses stand as text: on a shared browser, and where the operator wants it."""
    return settings.ADDRESSES_AS_TEXT or is_shared(request)


@login_not_required
@require_page
@never_cache
def source(request: HttpRequest, module: str, source: str) -> HttpResponse:
    """Show a source, how it was read, what rests on it, and the way to it. 4 queries.

    What is posted opens sources at once from then on, until the browser is closed.
    """
    row, reference = _source(request, module, source)
    if request.method == "POST":
        response = redirect(request.get_full_path())
        response.set_cookie(OPEN_AT_ONCE, "1", secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
        return response
    claims = reference.claims.live().select_related("module").order_by("key")
    context = {
        "module": row,
        "reference": reference,
        "claims": claims,
        "address": _address(request, row, reference),
        "is_text": _is_text(request) or not reference.document["link"],
        "opens_at_once": OPEN_AT_ONCE in request.COOKIES,
    }
    return TemplateResponse(request, "lessons/source.html", context)


@login_not_required
@require_safe
@never_cache
def open_source(request: HttpRequest, module: str, source: str) -> HttpResponse:
    """Go to a source; the first time of a visit, and where addresses stand as text, to its page here. 2 queries."""
    row, reference = _source(request, module, source)
    if OPEN_AT_ONCE not in request.COOKIES or _is_text(request) or not reference.document["link"]:
        return redirect(reverse("lessons:source", args=[row.slug, reference.slug], query=request.GET))
    response = redirect(_address(request, row, reference))
    response["Referrer-Policy"] = "no-referrer"
    return response
