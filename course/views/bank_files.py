"""A bank as a file for another system, for those who may teach and may see it: a section's, or an owner's."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page
from accounts.teaching import for_teachers
from cohorts.spreadsheets import delimiter_of, rows_to_csv
from lessons.models import Section
from quizzes.bank_files import CSV, MOODLE, SUFFIXES, languages_of, questions_of, questions_of_own, ways
from quizzes.formats import TABLE, WRITERS
from quizzes.formats.base import Question
from quizzes.models import Bank


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
    file = reverse("bank_file", args=[module, section])
    context = {"module": part.module, "section": part, "languages": languages, "count": len(questions)}
    context |= {"file": file, "title": part.title}
    return page(request, "quizzes/bank_ways.html", context | {"ways": ways(questions, languages)})


@require_safe
@never_cache
@for_teachers
def bank_file(request: PersonRequest, module: str, section: str) -> HttpResponse:
    """Send a section's bank with its keys: `format` of SUFFIXES, `language` one of the module's or all. 8 queries."""
    part = _section(request, module, section)
    return _file(request, questions_of(part), languages_of(part), f"bank-{part.position}")


@require_safe
@never_cache
@for_teachers
def own_bank_ways(request: PersonRequest, bank: int) -> TemplateResponse:
    """Show in which formats and languages an owner's bank can leave, and what is lost in each. 9 queries."""
    row = _bank(request, bank)
    questions, left = questions_of_own(row)
    languages = _languages_of(row)
    context = {"bank": row, "title": row.title, "languages": languages, "count": len(questions), "left": left}
    context |= {"file": reverse("own_bank_file", args=[bank]), "ways": ways(questions, languages)}
    return page(request, "quizzes/bank_ways.html", context)


@require_safe
@never_cache
@for_teachers
def own_bank_file(request: PersonRequest, bank: int) -> HttpResponse:
    """Send an owner's bank with its keys, as a section's is: to its owner, and whom it is shared with. 9 queries."""
    row = _bank(request, bank)
    return _file(request, questions_of_own(row)[0], _languages_of(row), f"bank-{row.pk}")


def _bank(request: PersonRequest, bank: int) -> Bank:
    return get_object_or_404(Bank.objects.of_owners().seen_by(request.user), pk=bank)


def _languages_of(bank: Bank) -> list[str]:
    """Return the languages of a bank, that of the page first."""
    return sorted(bank.languages, key=lambda code: (code != get_language(), code))


def _file(request: PersonRequest, questions: list[Question], every: list[str], title: str) -> HttpResponse:
    """Return the questions as a file in the format and the language that the address asks for, or in all of them."""
    chosen = request.GET.get("format", "")
    name = chosen if chosen in SUFFIXES else MOODLE
    languages = [code for code in every if code == request.GET.get("language")] or every
    questions = [question for question in questions if set(languages) & set(question.languages)]
    if name == CSV:
        content = rows_to_csv(TABLE.rows(questions, languages), delimiter_of(get_language() or ""))
        kind = "text/csv; charset=utf-8"
    else:
        content = "".join(WRITERS[name].write(questions, languages)).encode()
        kind = WRITERS[name].content_type
    named = f"{title}-{'-'.join(languages)}.{SUFFIXES[name]}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{named}"'})
