"""A bank for those who may teach: its items with keys, on paper too, their statistics, and how recall is predicted."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page, page_of
from accounts.teaching import for_teachers
from lessons.models import Module, Section
from quizzes import calibration, item_statistics
from quizzes.paper import paper_context

MOST = 50  # items on a page


def _section(request: PersonRequest, module: str, section: str) -> Section:
    """Return the section of that address for whoever may see it, or 404. One query."""
    rows = Section.objects.seen_by(request.user).filter(module__slug=module)
    return get_object_or_404(rows.select_related("module", "bank"), slug=section)


@require_safe
@never_cache
@for_teachers
def items(request: PersonRequest, module: str, section: str) -> TemplateResponse:
    """Show the live items of a section's bank: what each asks, for what, and at which level. At most 8 queries."""
    part = _section(request, module, section)
    rows = part.bank.items.live().select_related("current_version").order_by("slug")
    return page(request, "quizzes/items.html", {"module": part.module, "section": part, "items": rows})


@require_safe
@never_cache
@for_teachers
def items_paper(request: PersonRequest, module: str, section: str) -> TemplateResponse:
    """Show a section's items to print: to hand out, to write answers on, the key, or all with feedback. 8 queries."""
    part = _section(request, module, section)
    rows = part.bank.items.live().select_related("current_version").order_by("slug")
    context = {"module": part.module, "section": part, **paper_context(request.GET, rows)}
    return page(request, "quizzes/items_paper.html", context)


@require_safe
@never_cache
@for_teachers
def item(request: PersonRequest, module: str, section: str, item: str) -> TemplateResponse:
    """Show one item with its key, explanation, feedback, passage and claims. At most 8 queries."""
    part = _section(request, module, section)
    rows = part.bank.items.live().select_related("current_version", "passage__section__module")
    row = get_object_or_404(rows.prefetch_related("claims__module", "rests_on__module"), slug=item)
    version = row.version
    sheet = version.rules.sheet(version.document, row.document["feedback"], part.module.language)
    context = {"module": part.module, "section": part, "item": row, "version": version, "sheet": sheet}
    return page(request, "quizzes/item.html", context)


@require_safe
@never_cache
@for_teachers
def statistics(request: PersonRequest, module: str, section: str) -> TemplateResponse:
    """Show how the items of a section's bank do, those to be looked at first, and its quiz. At most 9 queries."""
    part = _section(request, module, section)
    context = {"module": part.module, "section": part, **item_statistics.in_figures(item_statistics.of_bank(part.bank))}
    context["sittings"] = next(iter(item_statistics.quizzes_of(part.bank)), None)
    return page(request, "quizzes/statistics.html", context)


@require_safe
@never_cache
@for_teachers
def item_in_figures(request: PersonRequest, module: str, section: str, item: str) -> TemplateResponse:
    """Show how one item does, version by version. At most 8 queries."""
    part = _section(request, module, section)
    rows = part.bank.items.live().select_related("current_version", "passage__section__module")
    row = get_object_or_404(rows, slug=item)
    context = {"module": part.module, "section": part, "item": row, "versions": item_statistics.of_versions(row)}
    return page(request, "quizzes/item_statistics.html", context)


@require_safe
@never_cache
@for_teachers
def flagged(request: PersonRequest) -> TemplateResponse:
    """Show the editors the items of all banks that stand out, and how far exams can be relied on.

    5 queries, and one for each module.
    """
    if not request.user.is_staff:
        raise Http404
    flagged, modules = item_statistics.of_sections(Section.objects.seen_by(request.user))
    studies = sorted(modules, key=lambda study: (str(study.title), study.pk))
    exams = [(study, next(iter(item_statistics.exams_of(study)), None)) for study in studies]
    count = modules.total()
    context = {"rows": page_of(request, flagged, MOST), "flagged": len(flagged), "count": count, "exams": exams}
    return page(request, "quizzes/flagged.html", context)


@require_safe
@never_cache
@for_teachers
def recall(request: PersonRequest, module: str) -> TemplateResponse:
    """Show predicted against observed recall of a module, for those who may teach. 4 queries."""
    study = get_object_or_404(Module.objects.seen_by(request.user), slug=module)
    rows = calibration.bins(study)
    context = {"module": study, "bins": rows, "alarms": [row for row in rows if row.is_alarming]}
    return page(request, "quizzes/recall.html", context)
