"""What staff of a cohort do with results: one learner, the attempt behind a mark, marks, exceptions, comments."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page, page_of, posted
from cohorts import board as boards
from cohorts import done, marks
from cohorts.exams import held_back, running_of
from cohorts.forms.basis import BASIS
from cohorts.forms.marks import CommentForm, HandMarkForm, extension_form
from cohorts.journal import Setting
from cohorts.members import learners_in_order
from cohorts.models import Assignment, Cohort, Enrolment, HandMark, QuizAssignment
from cohorts.pages import cohort_with_assignments, learner_after, locked, modules_of
from cohorts.quiz_marks import mark_of_one, marks_of_one
from cohorts.said import comments_in, with_comments
from lessons.models import Section
from quizzes.models import Attempt
from quizzes.results import result_of, score_of


@require_safe
@never_cache
def learner(request: PersonRequest, cohort_id: int, enrolment: int) -> HttpResponse:
    """Show one learner: sections with progress, and every attempt that counts. At most 12 queries."""
    said = with_comments(Enrolment.objects.learners_of(request.user).filter(cohort=cohort_id, pk=enrolment))
    if not said:
        raise Http404
    place = said[0]
    assignments = place.cohort.assignments.by_due_date()
    modules, chosen = modules_of(assignments, request.GET.get("module"))
    context = {"cohort": place.cohort, "place": place, "modules": modules, "chosen": chosen}
    context["comments"] = comments_in(said)
    now = timezone.now()
    context |= {"quizzes": marks_of_one(place, chosen, assignments), "now": now}
    if chosen:
        roll, setting = boards.roll_of(place.cohort), Setting(place.cohort_id, chosen.pk)
        at = next((at for at, member in enumerate(roll.members) if member.pk == place.pk), None)
        if at is None:
            raise Http404  # they left just now
        member, *after = roll.members[at : at + 2]
        board = roll.part(setting, boards.columns_of(chosen, assignments), now, [member])
        (learner,) = board.rows(board.people)
        context |= {"row": learner, "following": next(((one.pk, one.known_name) for one in after), None)}
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
    sitting = _counting(cohort, attempt)
    place = cohort.enrolments.select_related("user").get(user=sitting.learner_id)
    context = {"cohort": cohort, "place": place, "following": learner_after(place)}
    if not request.user.may_teach and sitting.pk in held_back(place.user, timezone.now(), outside=cohort):
        return page(request, "cohorts/attempt.html", score_of(sitting) | context)
    return page(request, "cohorts/attempt.html", result_of(sitting) | context)


def _counting(cohort: Cohort, number: int) -> Attempt:
    """Return the attempt of that number if it counts in the cohort, for what is set or a quiz of staff, else 404.

    One query, 2 of a quiz of staff.
    """
    rows = cohort.assignments.attempts().select_related("module", "bank__section__module")
    of_quizzes = cohort.quiz_assignments.attempts().select_related("quiz")
    return rows.filter(pk=number).first() or get_object_or_404(of_quizzes, pk=number)


# Marks


@require_safe
@never_cache
def sheet(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    """Show learners by what is asked, a hundred a page, each mark a link to what made it. At most 12 queries."""
    row = get_object_or_404(Assignment.objects.taught_by(request.user), cohort=cohort_id, pk=assignment)
    rows = page_of(request, learners_in_order(row.cohort_id))
    places = row.cohort.enrolments.select_related("user").in_bulk([member.pk for member in rows])
    whole = marks.sheet_of(row, [places[member.pk] for member in rows if member.pk in places])
    now = timezone.now()
    statuses = [(line.status(now), line.runs_out_soon(now)) for line in whole.lines]
    lines = [
        (line, status, done.STATUS[status](), soon) for line, (status, soon) in zip(whole.lines, statuses, strict=True)
    ]
    context = {"cohort": row.cohort, "assignment": row, "sheet": whole, "lines": lines, "rows": rows}
    return page(request, "cohorts/marks.html", context | {"module": row.module})


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
        form = extension_form(row, existing, None if removes else posted(request))
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


def hand_mark(request: PersonRequest, cohort_id: int, assignment: int, enrolment: int, section_id: int) -> HttpResponse:
    """Lead to the page of a learner's mark, where it was once set under one of several assignments."""
    row, place = _place(request, cohort_id, assignment, enrolment)
    if not any(row.covers(section) for section in row.module.sections.live().filter(pk=section_id)):
        raise Http404
    return redirect("cohorts:cell", cohort_id, place.pk, section_id, preserve_request=True)


@never_cache
def cell(request: PersonRequest, cohort_id: int, enrolment: int, section_id: int) -> HttpResponse:
    """Show one learner's mark for a section, and what makes it; set one by hand, or take it back. At most 12 queries.

    A mark set by hand counts in the whole cohort, and is kept under the assignment that leads.
    """
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    with locked(request, cohort) as cohort:
        place = get_object_or_404(Enrolment.objects.learners_of(request.user), cohort=cohort_id, pk=enrolment)
        section, setting = _set_section(assignments, section_id)
        current = place.hand_marks.filter(section=section).standing().latest_first().first()
        form, answer = _by_hand(request, place, current, section=section, assignment=marks.leading(setting, section))
    context = {"cohort": cohort, "place": place, "section": section, "module": section.module, "setting": setting}
    return answer or page(request, "cohorts/cell.html", context | _cell_of(place, section, setting), form)


@never_cache
def quiz_cell(request: PersonRequest, cohort_id: int, enrolment: int, set_quiz: int) -> HttpResponse:
    """Show one learner's mark for a quiz of staff; set one by hand, or take it back. At most 12 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort) as cohort:
        place = get_object_or_404(Enrolment.objects.learners_of(request.user), cohort=cohort_id, pk=enrolment)
        row = _set_quiz(cohort, set_quiz)
        current = place.hand_marks.filter(quiz=row).standing().latest_first().first()
        form, answer = _by_hand(request, place, current, quiz=row)
    if answer:
        return answer
    before = list(place.hand_marks.filter(quiz=row).select_related("made_by").latest_first())
    context = {"cohort": cohort, "place": place, "row": row, "before": before, "mark": mark_of_one(place, row, before)}
    context["comment"] = place.comments.filter(quiz=row).select_related("made_by").first()
    return page(request, "cohorts/quiz_cell.html", context, form)


def _set_quiz(cohort: Cohort, number: int) -> QuizAssignment:
    """Return the quiz that is set under that number in a cohort, or 404. One query."""
    return get_object_or_404(cohort.quiz_assignments.select_related("cohort", "quiz"), pk=number)


def _by_hand(
    request: PersonRequest, place: Enrolment, current: HandMark | None, **of: Any
) -> tuple[HandMarkForm, HttpResponse | None]:
    """Set a mark by hand, or take the `current` one back, where that is asked; the cohort is locked.

    Return the form, and where that leads: None where the page is to be shown. `of` says for what a mark is, as fields
    of a HandMark.
    """
    takes_back = current is not None and "take_back" in request.POST
    form = HandMarkForm(None if takes_back else posted(request), current, place.cohort.points)
    if current and takes_back and form.rests_on(request.POST.get(BASIS)):
        place.hold_person()
        current.take_back(request.user, timezone.now())
        messages.success(request, _("The mark is taken back, and counts no more. Its learner is told."))
        return form, redirect(request.path)
    if form.is_valid():
        place.hold_person()
        fields = {"score": form.score, "reason": form.cleaned_data["reason"], "made_at": timezone.now()}
        place.hand_marks.create(made_by=request.user, **of, **fields)
        messages.success(request, _("The mark is set. It counts, and its learner sees it with the reason."))
        return form, redirect("cohorts:learner", place.cohort_id, place.pk)
    if takes_back:
        messages.warning(request, form.newer_than_this)
    return form, None


def _set_section(assignments: Sequence[Assignment], section_id: int) -> tuple[Section, list[Assignment]]:
    """Return (a live section, those of a cohort's assignments that set it), or 404. One query."""
    section = get_object_or_404(Section.objects.live().select_related("module"), pk=section_id)
    setting = [row for row in assignments if row.covers(section)]
    if not setting:
        raise Http404
    return section, setting


def _cell_of(place: Enrolment, section: Section, setting: Sequence[Assignment]) -> dict[str, object]:
    """Return what the page of a mark shows: the mark, what was set by hand before, and the comment. 4 queries."""
    leads = marks.leading(setting, section)
    before = list(place.hand_marks.filter(section=section).select_related("made_by", "assignment").latest_first())
    rows = place.cohort.assignments.filter(module=section.module).attempt_rows([place.user_id] if place.user_id else [])
    extensions = {row.assignment_id: row for row in place.extensions.all()}
    hand = next((mark for mark in before if mark.taken_back_at is None), None)
    quizzes = [row for row in rows if row.section_id == section.pk]
    return {
        "mark": marks.marker(section, leads)(quizzes, hand, extensions),
        "leads": leads,
        "before": before,
        "comment": place.comments.filter(section=section).select_related("made_by").first(),
        "now": timezone.now(),
    }


@never_cache
def comment(
    request: PersonRequest,
    cohort_id: int,
    enrolment: int,
    section_id: int | None = None,
    set_quiz: int | None = None,
) -> HttpResponse:
    """Write a comment to one learner on a section, a quiz of staff or on all; left empty, it is taken away."""
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    with locked(request, cohort) as cohort:
        place = get_object_or_404(Enrolment.objects.learners_of(request.user), cohort=cohort_id, pk=enrolment)
        section = _set_section(assignments, section_id)[0] if section_id is not None else None
        quiz = _set_quiz(cohort, set_quiz) if set_quiz is not None else None
        existing = place.comments.filter(section=section, quiz=quiz).select_related("made_by").first()
        form = CommentForm(posted(request), existing)
        if form.is_valid():
            place.hold_person()
            place.write_comment(section, form.cleaned_data["text"], request.user, timezone.now(), quiz)
            messages.success(request, _("The comment is saved. Its learner reads it on the cohort’s page."))
            if section:
                return redirect("cohorts:cell", cohort_id, enrolment, section.pk)
            if quiz:
                return redirect("cohorts:quiz_cell", cohort_id, enrolment, quiz.pk)
            return redirect("cohorts:learner", cohort_id, enrolment)
    context = {"cohort": cohort, "place": place, "section": section, "quiz": quiz}
    return page(request, "cohorts/comment.html", context, form)
