"""The gradebook of a cohort: the page, how marks are reckoned, and the files in which marks leave the site."""

import itertools
from collections.abc import Callable, Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.addresses import require_button, require_page
from accounts.folding import cut
from accounts.models import Audit
from accounts.pages import PAGE, PersonRequest, page, page_of, posted
from cohorts import done, exports, marks
from cohorts.exports import Rows, in_chunks
from cohorts.forms.gradebook import ReckoningForm
from cohorts.gradebook import Gradebook, Line, gradebook_of, weights_of
from cohorts.members import Member, learners_in_order, matching
from cohorts.models import Assignment, Cohort
from cohorts.pages import assignment_beside, cohort_with_assignments, locked, modules_of, sent_in_parts
from cohorts.spreadsheets import delimiter_of, parts_of_csv


@require_page
@never_cache
def gradebook(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show learners by marks, a hundred a page, and change how these are reckoned. At most 12 queries to be shown."""
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    modules, chosen = modules_of(assignments, request.GET.get("module"))
    context = {"cohort": cohort, "modules": modules, "chosen": chosen}
    if chosen is None and not cohort.quiz_assignments.exists():
        return page(request, "cohorts/gradebook.html", context)
    with locked(request, cohort) as cohort:
        book = gradebook_of(cohort, chosen, assignments, timezone.now())
        form = ReckoningForm(book, posted(request))
        if form.is_valid():
            form.save()
            messages.success(request, _("From now on marks and totals are reckoned like this."))
            module = urlencode({"module": chosen.slug}) if chosen else ""
            return redirect(f"{reverse('cohorts:gradebook', args=[cohort_id])}?{module}")
    return page(request, "cohorts/gradebook.html", context | _shown(request, book) | {"cohort": cohort}, form)


def _shown(request: HttpRequest, book: Gradebook) -> dict[str, object]:
    """Return what the page shows of a gradebook: the lines that the address asks for, and the class's figures.

    Of more than a page these rest on everybody's marks, and are there for whoever asks to `count` them.
    """
    query, group = cut(request.GET.get("q", "")), _group(request, book)
    members = book.in_group(group)
    rows = page_of(request, matching(members, query))
    lines = book.lines(list(rows))
    count = "1" if "count" in request.GET else ""
    is_counted = bool(count) or len(members) <= PAGE
    figures = book.figures(members, lines if len(lines) == len(members) else None) if is_counted else []
    kept = {"module": book.module.slug if book.module else "", "q": query, "group": group or "", "count": count}
    return {
        "book": book,
        "rows": rows,
        "lines": lines,
        "figures": figures,
        "words": query,
        "group": group,
        "is_counted": is_counted,
        "query": _query(kept),
        "query_counted": _query(kept | {"count": "1"}),
    }


def _query(asked: Mapping[str, str | int]) -> str:
    """Return what keeps this in an address; what asks for nothing is left out."""
    return urlencode({name: value for name, value in asked.items() if value})


def _group(request: HttpRequest, book: Gradebook) -> int | None:
    """Return the group that the address asks for, None for all."""
    asked = request.GET.get("group", "")
    return next((key for key, _name in book.groups if str(key) == asked), None)


# Files


@require_button("cohorts:gradebook", "cohort_id")
@never_cache
def gradebook_csv(request: PersonRequest, cohort_id: int) -> HttpResponseBase:
    """Send the marks of all learners as a file: for a spreadsheet, for Moodle, or for Canvas."""
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    _modules, chosen = modules_of(assignments, request.POST.get("module"))
    if chosen is None and not cohort.quiz_assignments.exists():
        raise Http404
    book = gradebook_of(cohort, chosen, assignments, timezone.now())
    if request.POST.get("for") == exports.MOODLE:
        return _for_others(request, book, exports.MOODLE, [exports.moodle_head(book)], exports.moodle_row)
    if request.POST.get("for") == exports.CANVAS:
        return _for_others(request, book, exports.CANVAS, exports.canvas_head(book), exports.canvas_row)
    return _for_a_spreadsheet(request, book)


@require_button("cohorts:marks", "cohort_id", "assignment")
@never_cache
def marks_csv(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponseBase:
    """Send all marks in the module that is set, for a spreadsheet, where each assignment once had a file."""
    row = get_object_or_404(Assignment.objects.taught_by(request.user), cohort=cohort_id, pk=assignment)
    assignments = row.cohort.assignments.by_due_date()
    return _for_a_spreadsheet(request, gradebook_of(row.cohort, row.module, assignments, timezone.now()))


def _for_a_spreadsheet(request: PersonRequest, book: Gradebook) -> StreamingHttpResponse:
    def rows(members: Sequence[Member]) -> Rows:
        return exports.spreadsheet_rows(book, members)

    head = [exports.spreadsheet_head(book)]
    return _send(request, book.cohort, "marks", head, book.members, rows, delimiter_of(get_language() or ""))


def _for_others(
    request: PersonRequest,
    book: Gradebook,
    system: str,
    head: Rows,
    row: Callable[[Gradebook, Line], list[object]],
) -> StreamingHttpResponse:
    """Send the file for another system, which knows people by the number of the school: nobody without one is in it."""
    members = [member for member in book.members if member.school_number]

    def rows(members: Sequence[Member]) -> Rows:
        return [row(book, line) for line in book.lines(members)]

    return _send(request, book.cohort, system, head, members, rows, exports.DELIMITER)


@require_button("cohorts:marks", "cohort_id", "assignment")
@never_cache
def done_csv(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponseBase:
    """Send who is done, late or overdue, for a personnel office; dates are days in the cohort's time zone."""
    row, beside = assignment_beside(request.user, cohort_id, assignment)
    cohort, heads, now = row.cohort, marks.heads_of(row), timezone.now()
    weights = weights_of(cohort, row.module)

    def rows(members: Sequence[Member]) -> Rows:
        return done.rows_of(row, heads, weights, members, beside, now)

    members = learners_in_order(cohort.pk)
    head = [done.head(cohort.points)]
    return _send(request, cohort, "done", head, members, rows, delimiter_of(get_language() or ""))


def _send(
    request: PersonRequest,
    cohort: Cohort,
    name: str,
    head: Rows,
    members: Sequence[Member],
    rows: Callable[[Sequence[Member]], Rows],
    delimiter: str,
) -> StreamingHttpResponse:
    """Send a CSV file of these learners, CHUNK at a time, and record that it was taken out.

    What fails on the way breaks the connection off, so that a browser never takes a part of the file for the whole.
    """
    now = timezone.now()
    Audit.record(request.user, "export", f"cohort {cohort.pk}: {name}, {len(members)} rows", now)
    chunks = itertools.chain([head], map(rows, in_chunks(members)))
    named = exports.file_name(name, cohort, now.astimezone(cohort.zone).date())
    return sent_in_parts(parts_of_csv(chunks, delimiter), named, "text/csv; charset=utf-8")
