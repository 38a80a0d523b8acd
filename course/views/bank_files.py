"""A section's bank as a file for another system, for those who may teach."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page
from accounts.teaching import for_teachers
from cohorts.spreadsheets import delimiter_of, rows_to_csv
from lessons.models import Section
from quizzes.bank_files import CSV, MOODLE, SUFFIXES, languages_of, questions_of, ways
from quizzes.formats import TABLE, WRITERS


def _section(request: PersonRequest, module: str, section: str) -> Section:
    """Return the section of that address for whoever may see it, or 404. One query."""
    rows = Section.objects.seen_by(request.user).filter(module__slug=module)
    return get_object_or_404(rows.select_related("module", "bank"), slug=section)


@require_safe
@never_cache
@for_teachers
def bank_ways(request: PersonRequest, module: str, section: str) -> TemplateResponse:
    """Show in which formats and languages a section's bank can leave, and what is lost in each. 8 queries."""
    part = _section(request, module, section)
    questions, languages = questions_of(part), languages_of(part)
    context = {"module": part.module, "section": part, "languages": languages, "count": len(questions)}
    return page(request, "quizzes/bank_ways.html", context | {"ways": ways(questions, languages)})


@require_safe
@never_cache
@for_teachers
def bank_file(request: PersonRequest, module: str, section: str) -> HttpResponse:
    """Send a section's bank with its keys: `format` of SUFFIXES, `language` one of the module's or all. 8 queries."""
    part = _section(request, module, section)
    chosen = request.GET.get("format", "")
    name = chosen if chosen in SUFFIXES else MOODLE
    every = languages_of(part)
    languages = [code for code in every if code == request.GET.get("language")] or every
    questions = questions_of(part)
    if name == CSV:
        content = rows_to_csv(TABLE.rows(questions, languages), delimiter_of(get_language() or ""))
        kind = "text/csv; charset=utf-8"
    else:
        content = "".join(WRITERS[name].write(questions, languages)).encode()
        kind = WRITERS[name].content_type
    named = f"bank-{part.position}-{'-'.join(languages)}.{SUFFIXES[name]}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{named}"'})
