"""The front door: what the site is, for whom, on what terms; samples of what one gets; and what the course had wrong.

Open to everybody and the same for everybody, but for a question to try, which is marked at once and stored nowhere.
"""

from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_page
from accounts.leaving import opens_to_the_left
from accounts.origins import csrf_by_origin
from accounts.pages import page_of, posted
from cohorts import done
from cohorts.certificates import specimen as specimen_of
from cohorts.spreadsheets import cell, delimiter_of, rows_to_csv
from course import VERSION
from course.front import PAGES
from course.front.log import CardChange, Entry, card_changes, log_of
from course.front.showing import items_of, question, verdicts
from course.operator import TOPICS
from lessons.models import Module, Part
from lessons.pages import CORRECTIONS_A_PAGE, front_module, module_of, same_for_everybody
from quizzes.paper import on_paper
from quizzes.unkept import answer


def _home(module: Module) -> dict[str, Any]:
    """Return what the first page says, or 404. One query."""
    home = module.annexes.read(Part.HOME)
    if not home:
        raise Http404
    return home


@login_not_required
@require_safe
@same_for_everybody
def page(request: HttpRequest, part: Part) -> HttpResponse:
    """Show a page of the front door; where the module says nothing of its own, what the operator says. 5 queries."""
    module = Module.objects.front().first()
    context: dict[str, Any] = {"module": module, "part": part}
    if module and (text := module.annexes.page(part)):
        context |= {"page": text, **_shown(request, module, text)}
    else:
        context["page"] = {"title": PAGES[part], "parts": _said(part)}
    return TemplateResponse(request, "course/front/page.html", context)


def _said(part: Part) -> list[dict[str, Any]]:
    """Return the parts of a page of which the module says nothing: what the operator says, at least whom to ask."""
    known = {"name", "contact", *settings.OPERATOR}
    topics = [[topic, words] for topic, words in TOPICS.items() if topic in known]
    heading = format_html('<h2 id="contact">{}</h2>', pgettext("noun", "Contact"))
    return [*([{"html": heading}] if part == Part.ABOUT else []), {"topics": topics}]


def _shown(request: HttpRequest, module: Module, text: dict[str, Any]) -> dict[str, Any]:
    """Return what the site puts into a page where its text asks for it. 3 queries, none where it does not."""
    if not any("show" in part for part in text["parts"]):
        return {}
    home = _home(module)
    return {
        "verdicts": verdicts(home["counts"]),
        "compare": home.get("compare", []),
        "head": done.head(),
        "rows": [[cell(value) for value in row] for row in done.sample(module.checked_on)],
        "cited": _cited(request, module),
        "today": timezone.localdate(),
    }


def _cited(request: HttpRequest, module: Module) -> dict[str, Any]:
    """Return what somebody cites: the course, and the first of its sections and claims as examples. 2 queries."""
    section = module.sections.live().order_by("position").select_related("module").first()
    claim = module.claims.live().order_by("key").select_related("module").first()
    things = {"course": module, "section": section, "claim": claim}
    paths = {f"{name}_address": thing.get_absolute_url() for name, thing in things.items() if thing}
    addresses = {name: request.build_absolute_uri(path) for name, path in paths.items()}
    return {"version": VERSION, **things, **addresses}


@login_not_required
@require_safe
@same_for_everybody
def sample_sheet(request: HttpRequest) -> HttpResponse:
    """Show the facilitator's sheet of the first section, to be printed. 3 queries."""
    module = front_module()
    section = module.sections.live().order_by("position").first()
    if section is None:
        raise Http404
    section.module = module
    context = {"module": module, "section": section, "sheet": section.annexes.page(Part.SHEET)}
    return TemplateResponse(request, "course/front/sheet.html", context)


@login_not_required
@require_safe
@same_for_everybody
def sample_items(request: HttpRequest) -> HttpResponse:
    """Show the items whose keys anybody may see, with key and feedback, as a teacher prints them. 5 queries."""
    module = front_module()
    items = items_of(module, _home(module)["samples"])
    context = {"module": module, "sheets": on_paper(items)}
    return TemplateResponse(request, "course/front/items.html", context)


@login_not_required
@require_safe
@same_for_everybody
def specimen(request: HttpRequest) -> HttpResponse:
    """Show a certificate as it is printed, marked as a specimen. 2 queries."""
    module = front_module()
    issued_at = datetime.combine(module.checked_on, time(12), UTC)
    context = {
        "module": module,
        "certificate": specimen_of(module, issued_at),
        "address": request.build_absolute_uri(request.path),
    }
    return TemplateResponse(request, "course/front/specimen.html", context)


@login_not_required
@opens_to_the_left
@require_safe
def sample_file(request: HttpRequest) -> HttpResponse:
    """Send the file for a personnel office with people whom nobody is. One query."""
    module = front_module()
    content = rows_to_csv([done.head(), *done.sample(module.checked_on)], delimiter_of(get_language() or ""))
    name = _("sample")
    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=disposition)


@login_not_required
@require_safe
@same_for_everybody
def corrections(request: HttpRequest, module: str = "") -> HttpResponse:
    """Show what a module had wrong, with both texts, and the cards changed on this copy since. 8 queries.

    Without a module, that of the front door.
    """
    row = module_of(request, module) if module else front_module()
    text: dict[str, Any] = row.annexes.page(Part.CORRECTIONS) or {"title": _("What was corrected")}
    text.setdefault("parts", [{"html": text.get("html", "")}])  # as the former release wrote it
    log, cards = log_of(row), card_changes(row)
    rows = page_of(request, [*log, *cards], CORRECTIONS_A_PAGE)
    context = {"module": row, "page": text, "rows": rows, "changes": len(cards)}
    context |= {"log": [entry for entry in rows if isinstance(entry, Entry)]}
    context |= {"cards": [change for change in rows if isinstance(change, CardChange)]}
    context |= {"is_front": not module, **_shown(request, row, text)}
    return TemplateResponse(request, "course/front/corrections.html", context)


@login_not_required
@opens_to_the_left
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Go to the sources of the module of the front door. One query."""
    return redirect("lessons:sources", front_module().slug)


@login_not_required
@never_cache
@require_page
@csrf_by_origin
def try_it(request: HttpRequest) -> HttpResponse:
    """Show the question to try; after a POST at once what was right and why. Nothing is stored. 5 queries."""
    module = front_module()
    response = question(items_of(module, _home(module)["try"]))
    if response is None:
        raise Http404
    is_told = posted(request) is not None
    if request.method == "POST":
        answer(response, request.POST, timezone.now() if is_told else None)
    context = {"module": module, "response": response, "is_told": is_told}
    return TemplateResponse(request, "course/front/try.html", context)
