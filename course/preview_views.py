"""For those who may teach: looking round as a learner would, and the items of a section with their keys."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from course.cohort_views import page
from lessons import preview as previews
from lessons.models import Module, Section


@require_POST
def preview(request):
    """Begin looking round a module, or leave it, and go to the module."""
    found = Module.objects.live().filter(slug=request.POST.get("module", "")).first()
    if "end" in request.POST:
        previews.end(request)
    elif found and request.user.may_teach:
        previews.begin(request)
    else:
        raise Http404
    return redirect(found or "home")


def _section(request, module, section):
    """The live section of that address for whoever may teach, or 404. One query."""
    if not request.user.may_teach:
        raise Http404
    rows = Section.objects.live().filter(module__slug=module, module__withdrawn_at=None)
    return get_object_or_404(rows.select_related("module", "bank"), slug=section)


@require_GET
@never_cache
def items(request, module, section):
    """The live items of a section's bank: what each asks, for what, and at which level. At most 8 queries."""
    found = _section(request, module, section)
    rows = found.bank.items.live().select_related("current_version").order_by("slug")
    return page(request, "course/items.html", {"module": found.module, "section": found, "items": rows})


@require_GET
@never_cache
def items_paper(request, module, section):
    """A section's items to print, as learners see them; with `keys` also key, feedback and explanation. 8 queries."""
    found, language = _section(request, module, section), get_language()
    sheets = []
    for row in found.bank.items.live().select_related("current_version").order_by("slug"):
        version, number = row.current_version, len(sheets) + 1
        shown = version.show(version.rules.pieces(version.document), None, f"q{number}")
        key = version.rules.sheet(version.document, row.document["feedback"], language)
        sheets.append({"item": row, "version": version, "shown": shown, "sheet": key})
    context = {"module": found.module, "section": found, "sheets": sheets, "keys": "keys" in request.GET}
    return page(request, "course/items_paper.html", context)


@require_GET
@never_cache
def item(request, module, section, item):
    """One item with its key, explanation, feedback, passage and claims. At most 8 queries."""
    found = _section(request, module, section)
    rows = found.bank.items.live().select_related("current_version", "passage__section__module")
    row = get_object_or_404(rows.prefetch_related("claims__module", "rests_on__module"), slug=item)
    version = row.current_version
    sheet = version.rules.sheet(version.document, row.document["feedback"], get_language())
    context = {"module": found.module, "section": found, "item": row, "version": version, "sheet": sheet}
    return page(request, "course/item.html", context)
