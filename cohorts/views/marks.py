"""What staff of a cohort do with results: one learner, the attempt behind a mark, marks, exceptions, files."""

from collections.abc import Callable, Iterator, Sequence

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.models import Audit
from accounts.pages import PersonRequest, page, page_of, posted
from cohorts import board as boards
from cohorts import done, marks
from cohorts.exams import held_back, running_of
from cohorts.forms.basis import BASIS
from cohorts.forms.marks import ExtensionForm, HandMarkForm
from cohorts.marks import GradeRow
from cohorts.models import Assignment, Cohort, Enrolment
from cohorts.pages import learner_after, locked, modules_of
from cohorts.spreadsheets import delimiter_of, parts_of_csv
from lessons.models import Section
from quizzes.results import result_of, score_of

CHUNK = 500  # learners of a file that are in memory at a time


@require_safe
@never_cache
def learner(request: PersonRequest, cohort_id: int, enrolment: int) -> HttpResponse:
    """Show one learner: sections with progress, and every attempt that counts. At most 12 queries."""
    place = get_object_or_404(Enrolment.objects.learners_of(request.user), cohort=cohort_id, pk=enrolment)
    assignments = place.cohort.assignments.by_due_date()
    modules, chosen = modules_of(assignments, request.GET.get("module"))
    context = {"cohort": place.cohort, "place": place, "modules": modules, "chosen": chosen}
    if chosen:
        board = boards.board_of(place.cohort, chosen, assignments, timezone.now(), enrolment=place.pk)
        if not (rows := board.rows(board.people)):
            raise Http404  # they left just now
        learner = rows[0]
        context |= {"row": learner, "following": learner_after(place)}
        for cell in learner.cells:
            cell.attempts = [row for row in learner.attempts if row.section_id == cell.column.section.pk]
        context["exams"] = [row for row in learner.attempts if row.section_id is None]
        shown = [assignment for assignment in assignments if assignment.module_id == chosen.pk]
        context["set"] = [(assignment, learner.extensions.get(assignment.pk)) for assignment in shown]
    return page(request, "cohorts/learner.html", context)


@require_safe
@never_cache
def attempt(request: PersonRequest, cohort_id: int, attempt: int) -> HttpResponse:
    """Show an attempt that counts, with its answers, to the staff of the cohort. At most 12 queries.

    Where an exam of another cohort hangs on the same items, its keys are for those alone who may see keys anyway.
    """
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    rows = cohort.assignments.attempts().select_related("module", "bank__section__module")
    sitting = get_object_or_404(rows, pk=attempt)
    place = cohort.enrolments.select_related("user").get(user=sitting.learner_id)
    context = {"cohort": cohort, "place": place, "following": learner_after(place)}
    if not request.user.may_teach and sitting.pk in held_back(place.user, timezone.now(), outside=cohort):
        return page(request, "cohorts/attempt.html", score_of(sitting) | context)
    return page(request, "cohorts/attempt.html", result_of(sitting) | context)


# Marks


@require_safe
@never_cache
def sheet(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    """Show learners by what is asked, a hundred a page, each mark a link to what made it. At most 12 queries."""
    row = get_object_or_404(Assignment.objects.taught_by(request.user), cohort=cohort_id, pk=assignment)
    people = page_of(request, learners_in_order(row.cohort))
    whole = marks.sheet_of(row, list(people))
    now = timezone.now()
    statuses = [(line.status(now), line.runs_out_soon(now)) for line in whole.lines]
    lines = [
        (line, status, done.STATUS[status](), soon) for line, (status, soon) in zip(whole.lines, statuses, strict=True)
    ]
    context = {"cohort": row.cohort, "assignment": row, "sheet": whole, "lines": lines, "rows": people}
    return page(request, "cohorts/marks.html", context | {"module": row.module})


def learners_in_order(cohort: Cohort) -> QuerySet[Enrolment]:
    people = cohort.enrolments.current().learners().select_related("user")
    return people.order_by("user__name_key", "roster_name", "pk")


@require_button("cohorts:marks", "cohort_id", "assignment")
@never_cache
def marks_csv(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponseBase:
    """Send the marks of all learners as a file: points of 100, and where each comes from."""
    row = get_object_or_404(Assignment.objects.taught_by(request.user), cohort=cohort_id, pk=assignment)
    heads = marks.heads_of(row)
    titles = [_("Section %(number)s") % {"number": head.position} if head else _("Exam") for head in heads]
    first = [_("Name"), _("Name on the roster"), *titles, _("Number passed"), _("Number asked"), _("Set by hand")]

    def cells(line: GradeRow) -> list[object]:
        points = [None if mark.score is None else int(mark.score * 100) for mark in line.marks]
        passed = sum(mark.has_passed for mark in line.asked)
        by_hand = sum(mark.hand is not None for mark in line.marks)
        return [line.name, line.enrolment.roster_name, *points, passed, len(line.asked), by_hand]

    return _file(request, row, "marks", heads, first, cells)


@require_button("cohorts:marks", "cohort_id", "assignment")
@never_cache
def done_csv(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponseBase:
    """Send who is done, not done or overdue, for a personnel office; dates are days in the cohort's time zone."""
    row = get_object_or_404(Assignment.objects.taught_by(request.user), cohort=cohort_id, pk=assignment)
    now, zone = timezone.now(), row.cohort.zone

    def cells(line: GradeRow) -> list[object]:
        dates = [moment and moment.astimezone(zone).date() for moment in (line.done_at, line.due_at, line.valid_until)]
        return done.row(line.enrolment.roster_name or line.name, line.status(now), *dates)

    return _file(request, row, "done", marks.heads_of(row), done.head(), cells)


def _file(
    request: PersonRequest,
    row: Assignment,
    name: str,
    heads: Sequence[Section | None],
    first: Sequence[object],
    cells: Callable[[GradeRow], list[object]],
) -> StreamingHttpResponse:
    """Send a CSV file of all learners, CHUNK at a time, and record that it was taken out.

    What fails on the way breaks the connection off, so that a browser never takes a part of the file for the whole.
    """
    people, language = learners_in_order(row.cohort), get_language()
    keys = list(people.values_list("pk", flat=True))
    Audit.record(request.user, "export", f"assignment {row.pk}: {name}, {len(keys)} rows", timezone.now())

    def chunks() -> Iterator[Sequence[Sequence[object]]]:
        yield [first]
        for start in range(0, len(keys), CHUNK):
            some = list(people.filter(pk__in=keys[start : start + CHUNK]))
            with override(language):
                table = [cells(line) for line in marks.lines_of(row, heads, some)]
            yield table

    parts = parts_of_csv(chunks(), delimiter_of(language))
    disposition = {"Content-Disposition": f'attachment; filename="{name}-{row.pk}.csv"'}
    return StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8", headers=disposition)


# One person's exceptions


def _place(request: PersonRequest, cohort_id: int, assignment: int, enrolment: int) -> tuple[Assignment, Enrolment]:
    """Return (assignment, enrolment) of a learner in a cohort that this person teaches, or 404. 3 queries."""
    row = get_object_or_404(Assignment.objects.taught_by(request.user), cohort=cohort_id, pk=assignment)
    return row, get_object_or_404(Enrolment.objects.learners_of(request.user), cohort=cohort_id, pk=enrolment)


@never_cache
def extension(request: PersonRequest, cohort_id: int, assignment: int, enrolment: int) -> HttpResponse:
    """Make, change or take back what holds for one person: a later date, more time or attempts, or an excuse."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        row, place = _place(request, cohort_id, assignment, enrolment)
        existing = row.extensions.filter(enrolment=place).select_related("made_by").first()
        removes = existing is not None and "remove" in request.POST
        form = ExtensionForm(row, existing, None if removes else posted(request))
        if existing and removes and form.rests_on(request.POST.get(BASIS)):
            existing.remove(request.user, timezone.now())
            messages.success(request, _("It is taken back: what is set for everybody holds again."))
            return redirect("cohorts:learner", cohort_id, enrolment)
        if form.is_valid():
            row.extend(place, request.user, timezone.now(), **form.fields_of_row)
            messages.success(request, _("It is saved, and holds from now on."))
            return redirect("cohorts:learner", cohort_id, enrolment)
    if removes:
        messages.warning(request, form.newer_than_this)
    context = {"cohort": row.cohort, "assignment": row, "place": place, "extension": existing}
    return page(request, "cohorts/extension.html", context | {"running": running_of(row, place)}, form)


@never_cache
def hand_mark(request: PersonRequest, cohort_id: int, assignment: int, enrolment: int, section_id: int) -> HttpResponse:
    """Set a mark by hand for one section; the latest counts, and the ones before stay to be read."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        row, place = _place(request, cohort_id, assignment, enrolment)
        sections = Section.objects.live().filter(module=row.module).select_related("module")
        section = get_object_or_404(sections, pk=section_id)
        if not row.covers(section):
            raise Http404
        before = row.hand_marks.filter(enrolment=place, section=section).select_related("made_by")
        before = before.order_by("-made_at", "-pk")
        form = HandMarkForm(posted(request), before.first())
        if form.is_valid():
            place.hold_person()
            fields = {"score": form.score, "reason": form.cleaned_data["reason"], "made_at": timezone.now()}
            row.hand_marks.create(enrolment=place, section=section, made_by=request.user, **fields)
            messages.success(request, _("The mark is set. It counts, and its learner sees it with the reason."))
            return redirect("cohorts:learner", cohort_id, enrolment)
    context = {"cohort": row.cohort, "assignment": row, "place": place, "section": section, "before": before}
    return page(request, "cohorts/hand_mark.html", context | {"module": row.module}, form)
