"""Cohorts for those who are in them: one cohort, making and changing it, and joining one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.folding import LONGEST
from accounts.guests import is_shared, learner_of
from accounts.pages import PersonRequest, page, posted
from cohorts import codes, ending, handovers, places
from cohorts.certified import asking
from cohorts.class_notes import notes_to_all, places_of, told_in
from cohorts.dues import Due, dues_of, missing_of, named
from cohorts.forms.basis import BASIS
from cohorts.forms.cohorts import (
    EditCohortForm,
    JoinForm,
    NewCohortForm,
    RoleForm,
    code_basis,
)
from cohorts.forms.once import press_of
from cohorts.forms.people import JoiningForm, SaidNameForm
from cohorts.models import Assignment, Cohort, Enrolment, Extension, HandMark
from cohorts.notices import notices_of
from cohorts.pages import (
    carried_code,
    carry_code,
    entered,
    join_address,
    locked,
    sections_for_teaching,
    spend_try,
)
from cohorts.said import comments_in, with_comments
from cohorts.set_quizzes import quizzes_of
from lessons.models import Section

MOST_KEPT = 60  # signs of what was pasted as an address that the form shows again


@dataclass
class SetWork:
    """An assignment; for a learner also the `extension`.

    `missing` are the sections that it asks of the learner and that are not passed, or not any more, in order;
    `misses_exam`, whether that is true of an exam for which it asks.
    """

    assignment: Assignment
    extension: Extension | None = None
    missing: list[Section] = field(default_factory=list)
    misses_exam: bool = False

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.misses_exam

    @property
    def is_late(self) -> bool:
        """Return whether something is missing that was due by now."""
        due_at = self.assignment.due_for(self.extension)
        return bool(not self.is_whole and self.assignment.is_required and due_at and due_at < timezone.now())

    @property
    def moved_closing(self) -> datetime | None:
        """Return when it closes for this learner, where that is another date than for everybody; else None."""
        closes_at = self.assignment.closes_for(self.extension)
        return closes_at if closes_at != self.assignment.closes_at else None


@never_cache
def cohort_new(request: PersonRequest) -> HttpResponse:
    """Make a cohort; a guest is sent to choose a name first."""
    if request.user.is_guest:
        return redirect(f"{reverse('accounts:sign_up')}?{urlencode({'next': request.path})}")
    today = timezone.localdate()
    form = NewCohortForm(today, posted(request), initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        press, now = press_of(form, request.user, "cohorts"), timezone.now()
        zone, ends_on = values["time_zone"], values["ends_on"]
        return redirect(Cohort.begin(request.user, values["name"], zone, now, press=press, ends_on=ends_on))
    return page(request, "cohorts/cohort_form.html", {"cohort": None}, form)


@require_safe
@never_cache
def cohort(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show what is set to whoever is in the cohort; its staff also the code and the ways on. At most 8 queries.

    To a learner also what is due, what staff said, and the note to all; one query more for each further module. Whoever
    was taken out of it, and has not read so, is led to the page that says it.
    """
    said = with_comments(places_of(request.user).filter(cohort=cohort_id))
    if not said:
        if Enrolment.objects.of(request.user).untold().filter(cohort=cohort_id).exists():
            return redirect("cohorts:cohorts")
        raise Http404
    place, now = said[0], timezone.now()
    cohort = place.cohort
    assignments = cohort.assignments.with_extension_of(place).by_due_date()
    context: dict[str, Any] = {"place": place, "cohort": cohort, "erased_on": ending.erased_on(cohort)}
    if place.is_staff:
        context["quizzes"] = quizzes_of(cohort)
        context["assignments"] = [SetWork(assignment) for assignment in assignments]
        context["join_address"] = join_address(request, cohort.grouped_code)
        context["code_basis"] = code_basis(cohort)
        context["untaken_count"] = cohort.enrolments.untaken().count()
        context["sections"] = sections_for_teaching(request.user, assignments)
        context["asking"] = asking(cohort, now)
        context["ends_soon"] = ending.is_close(cohort, now)
        return page(request, "cohorts/cohort.html", context)
    modules = {assignment.module_id: assignment.module for assignment in assignments}
    dues = dues_of(request.user, cohort.assignments.all(), modules.values(), now)
    context |= {"dues": named(dues), "assignments": _set_for(assignments, dues)}
    notices, quizzes = notices_of(request.user, now, cohort)
    context |= {"notices": notices, "own_quizzes": quizzes, "now": now, "comments": comments_in(said)}
    context |= {"by_hand": _by_hand(place), "notes": notes_to_all([told_in(place)], now)}
    return page(request, "cohorts/cohort.html", context, SaidNameForm(initial={"said_name": place.said_name}))


def _set_for(assignments: list[Assignment], dues: list[Due]) -> list[SetWork]:
    """Return what is set for a learner with what holds for them: `dues` are theirs in this cohort. No query."""
    exams = {due.row.assignment_id for due in dues if due.is_exam and (not due.is_done or due.has_run_out)}
    return [
        SetWork(row, getattr(row, "own_extension", None), missing_of(row, dues), row.pk in exams) for row in assignments
    ]


def _by_hand(place: Enrolment) -> list[HandMark]:
    """Return for each section, then for each quiz of staff, the mark set by hand last, in order. One query.

    A mark that was taken back is told of until there is another.
    """
    by_hand: dict[tuple[int | None, int | None], HandMark] = {}
    for mark in place.hand_marks.select_related("section__module", "quiz__quiz", "made_by").latest_first():
        known = by_hand.get((mark.section_id, mark.quiz_id))
        if known is None or (known.taken_back_at and not mark.taken_back_at):
            by_hand[mark.section_id, mark.quiz_id] = mark
    return sorted(by_hand.values(), key=_order)


def _order(mark: HandMark) -> tuple[bool, Any, int]:
    if mark.section:
        return False, mark.section.module_id, mark.section.position
    return True, mark.quiz and mark.quiz.opens_at, mark.pk


@never_cache
def cohort_edit(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Change name, time zone and last day, for its staff."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort) as cohort:
        stands = {name: getattr(cohort, name) for name in ("name", "time_zone")}
        form = EditCohortForm(timezone.localdate(), posted(request), initial=stands, ends_on=cohort.ends_on)
        if form.is_valid():
            for name in ("name", "time_zone", "ends_on"):
                setattr(cohort, name, form.cleaned_data[name])
            cohort.save(update_fields=["name", "time_zone", "ends_on"])
            return redirect(cohort)
    return page(request, "cohorts/cohort_form.html", {"cohort": cohort}, form)


@require_button("cohorts:cohort", "cohort_id")
def cohort_code(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Draw a new join code, or close joining."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id, archived_at=None)
    with locked(request, cohort) as cohort:
        if request.POST.get(BASIS, "") not in ("", code_basis(cohort)):
            messages.warning(request, _("Somebody else changed the code meanwhile. This is how it stands now."))
        elif "close" in request.POST:
            cohort.close_joining()
            messages.success(request, _("Joining is closed. Whoever is in stays in."))
        else:
            cohort.renew_code(timezone.now())
            messages.success(request, _("There is a new code. The one before opens nothing any more."))
    return redirect(cohort)


@require_button("cohorts:cohort", "cohort_id")
def cohort_leave(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Leave a cohort; what one did stays one's own."""
    place = get_object_or_404(Enrolment.objects.current().of(request.user), cohort=cohort_id)
    if not place.leave(timezone.now()):
        messages.error(request, RoleForm.refused)
        return redirect("cohorts:cohort", cohort_id)
    messages.success(request, _("You have left. Its staff no longer see your work, and you keep all of it."))
    return redirect("cohorts:cohorts")


# Joining


@login_not_required
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a right one leads to the page that says what joining means, or back to a guest's visit.

    One that somebody has used leads to what to do then.
    """
    form = JoinForm(posted(request), initial={"code": request.GET.get("code", "")[:LONGEST]})
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        tries = spend_try(request, code)
        if to := _opens(request, code):
            tries.give_back()
            return carry_code(to, code)
        if places.is_used(code):
            return carry_code("cohorts:join_cohort", code)
        form.add_error("code", JoinForm.refused)
    return page(request, "cohorts/join.html", {}, form)


def _opens(request: HttpRequest, code: str) -> str:
    """Return the name of the page to which this code leads, or an empty string. At most 3 queries."""
    if Cohort.objects.joinable(code, request.user).exists():
        return "cohorts:join_cohort"
    if handovers.offered(code, request.user, timezone.now()):
        return "cohorts:hand_over"
    return "way_back" if places.guest_place(code, request.user) else ""


@login_not_required
@never_cache
@require_safe
def join_pasted(request: HttpRequest, pasted: str) -> HttpResponse:
    """Lead from an address that is no code, but may hold one, to that code's page, else to the form, filled in."""
    code = codes.plain(pasted)
    if codes.is_whole(code):
        return redirect("cohorts:join_by_link", codes.grouped(code))
    return _form_with(pasted)


def _form_with(text: str) -> HttpResponse:
    """Lead to the form for the code, with what was pasted."""
    return redirect(f"{reverse('cohorts:join')}?{urlencode({'code': text[:MOST_KEPT]})}")


@login_not_required
@never_cache
def join_by_link(request: HttpRequest, code: str) -> HttpResponse:
    """Take the code out of the address of a link or QR code, and lead on; a POST is of a page of before."""
    if request.method == "POST":
        return _enter(request, code)
    if not codes.is_whole(codes.plain(code)):
        return _form_with(code)
    if to := _opens(request, code) or ("cohorts:join_cohort" if places.is_used(code) else ""):
        return carry_code(to, code)
    raise Http404


@login_not_required
@never_cache
def join_cohort(request: HttpRequest) -> HttpResponse:
    """Show what the cohort's staff will see, and the button to join; whoever joins without a name is a guest by it.

    A personal code takes a place on the roster too; the name that stands there is never shown here.
    """
    if request.method == "POST":
        return _enter(request, request.POST.get("code", "")[:40])
    code = carried_code(request)
    cohort = Cohort.objects.joinable(code, request.user).first()
    if cohort is None:
        return _used(request) if places.is_used(code) else redirect("cohorts:join")
    invitation = places.invitation(cohort, code, request.user)
    form = JoiningForm(invitation, request.user, initial={"shared": is_shared(request)})
    return _invite(request, invitation, form)


def _enter(request: HttpRequest, code: str) -> HttpResponse:
    """Join by this code; a guest who asks for words is shown them by the answer, once."""
    tries = spend_try(request, code)
    cohort = Cohort.objects.joinable(code, request.user).first()
    if cohort is None and places.is_used(code):
        return _used(request)
    if cohort is None:
        raise Http404
    tries.give_back()
    invitation = places.invitation(cohort, code, request.user)
    form = JoiningForm(invitation, request.user, request.POST)
    if invitation.is_for_somebody_else or not form.is_valid():
        return _invite(request, invitation, form)
    values = form.cleaned_data
    if invitation.opens and not invitation.enter(learner_of(request), timezone.now(), values.get("said_name", "")):
        messages.error(request, JoinForm.spent if invitation.leads_to_a_place else JoinForm.refused)
        return redirect("cohorts:join")
    return entered(request, cohort)


def _used(request: HttpRequest) -> HttpResponse:
    """Say that a personal code has been used, and what to do; not by whom, nor for whom it was."""
    return TemplateResponse(request, "cohorts/join_used.html", status=410)


def _invite(request: HttpRequest, invitation: places.Invitation, form: JoiningForm) -> HttpResponse:
    context = {"cohort": invitation.cohort, "invitation": invitation, "code": invitation.code}
    return page(request, "cohorts/join_cohort.html", context, form)
