"""A bank for those who may teach: its items with their keys, on paper too, and how well recall is predicted."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.pages import page
from lessons.models import Module, Section
from quizzes import calibration


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
    return page(request, "quizzes/items.html", {"module": found.module, "section": found, "items": rows})


@require_GET
@never_cache
def items_paper(request, module, section):
    """A section's items to print, as learners see them; with `keys` also key, feedback and explanation. 8 queries."""
    found = _section(request, module, section)
    language = found.module.language
    sheets = []
    for row in found.bank.items.live().select_related("current_version").order_by("slug"):
        version, number = row.current_version, len(sheets) + 1
        shown = version.show(version.rules.pieces(version.document), None, f"q{number}")
        key = version.rules.sheet(version.document, row.document["feedback"], language)
        sheets.append({"item": row, "version": version, "shown": shown, "sheet": key})
    context = {"module": found.module, "section": found, "sheets": sheets, "keys": "keys" in request.GET}
    return page(request, "quizzes/items_paper.html", context)


@require_GET
@never_cache
def item(request, module, section, item):
    """One item with its key, explanation, feedback, passage and claims. At most 8 queries."""
    found = _section(request, module, section)
    rows = found.bank.items.live().select_related("current_version", "passage__section__module")
    row = get_object_or_404(rows.prefetch_related("claims__module", "rests_on__module"), slug=item)
    version = row.current_version
    sheet = version.rules.sheet(version.document, row.document["feedback"], found.module.language)
    context = {"module": found.module, "section": found, "item": row, "version": version, "sheet": sheet}
    return page(request, "quizzes/item.html", context)


@require_GET
@never_cache
def recall(request, module):
    """Predicted against observed recall of a module, for those who may teach. 4 queries."""
    if not request.user.may_teach:
        raise Http404
    found = get_object_or_404(Module.objects.live(), slug=module)
    rows = calibration.bins(found)
    context = {"module": found, "bins": rows, "alarms": [row for row in rows if row.is_alarming]}
    return page(request, "quizzes/recall.html", context)
