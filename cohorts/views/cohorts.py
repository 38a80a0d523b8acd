"""Cohorts for those who are in them: the list, one cohort, joining, members, assignments and the board."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.folding import LONGEST
from accounts.forms import VisitForm
from accounts.guests import is_shared, learner_of
from accounts.pages import PersonRequest, page, page_of, posted
from cohorts import board as boards
from cohorts import codes, handovers, places
from cohorts.exams import practised_sections
from cohorts.forms.basis import BASIS
from cohorts.forms.cohorts import (
    AssignmentForm,
    EditCohortForm,
    JoinForm,
    NewCohortForm,
    RoleForm,
    code_basis,
    role_choices,
)
from cohorts.forms.once import press_of
from cohorts.models import Assignment, Cohort, Enrolment, Extension, HandMark, Role
from cohorts.pages import (
    carried_code,
    carry_code,
    cohort_with_assignments,
    entered,
    join_address,
    locked,
    modules_of,
    spend_try,
)

MOST_KEPT = 60  # signs of what was pasted as an address that the form shows again


@dataclass
class SetWork:
    """An assignment; for a learner also the `extension`, and `by_hand`, the marks set by hand that count."""

    assignment: Assignment
    extension: Extension | None = None
    by_hand: list[HandMark] = field(default_factory=list)


@require_safe
@never_cache
def cohorts(request: PersonRequest) -> HttpResponse:
    """Show the cohorts that this person is in, with the role in each. At most 4 queries."""
    rows = list(Enrolment.objects.current().of(request.user).select_related("cohort").order_by("-joined_at", "-pk"))
    current = [row for row in rows if not row.cohort.archived_at]
    context = {"places": current, "archived": [row for row in rows if row.cohort.archived_at]}
    return page(request, "cohorts/cohorts.html", context | {"leads": any(row.role == Role.LEAD for row in current)})


@never_cache
def cohort_new(request: PersonRequest) -> HttpResponse:
    """Make a cohort; a guest is sent to choose a name first."""
    if request.user.is_guest:
        return redirect(f"{reverse('accounts:sign_up')}?{urlencode({'next': request.path})}")
    form = NewCohortForm(posted(request), initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        press = press_of(form, request.user, "cohorts")
        return redirect(Cohort.begin(request.user, values["name"], values["time_zone"], timezone.now(), press))
    return page(request, "cohorts/cohort_form.html", {"cohort": None}, form)


@require_safe
@never_cache
def cohort(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show what is set to whoever is in the cohort; its staff also the code and the ways on. At most 8 queries."""
    rows = Enrolment.objects.current().of(request.user).select_related("cohort")
    place = get_object_or_404(rows, cohort=cohort_id)
    context = {"place": place, "cohort": place.cohort, "assignments": _set_for(place)}
    if place.is_staff:
        context["join_address"] = join_address(request, place.cohort.grouped_code)
        context["code_basis"] = code_basis(place.cohort)
        context["untaken_count"] = place.cohort.enrolments.untaken().count()
    return page(request, "cohorts/cohort.html", context)


def _set_for(place: Enrolment) -> list[SetWork]:
    """Return what is set for the cohort, the first due first, with what holds for a learner. 4 queries, 2 for staff."""
    assignments = place.cohort.assignments.by_due_date()
    if place.is_staff:
        return [SetWork(assignment) for assignment in assignments]
    extensions = place.extensions.by_enrolment()
    marks = place.hand_marks.select_related("section").current().values()
    return [
        SetWork(
            assignment,
            extensions.get((assignment.pk, place.pk)),
            [mark for mark in marks if mark.assignment_id == assignment.pk],
        )
        for assignment in assignments
    ]


@never_cache
def cohort_edit(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Change name and time zone, for its staff."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort) as cohort:
        form = EditCohortForm(posted(request), initial={"name": cohort.name, "time_zone": cohort.time_zone})
        if form.is_valid():
            cohort.name, cohort.time_zone = form.cleaned_data["name"], form.cleaned_data["time_zone"]
            cohort.save(update_fields=["name", "time_zone"])
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
            cohort.renew_code()
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
    """Ask for the code; a right one leads to the page that says what joining means, or back to a guest's visit."""
    form = JoinForm(posted(request), initial={"code": request.GET.get("code", "")[:LONGEST]})
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        tries = spend_try(request, code)
        if to := _opens(request, code):
            tries.give_back()
            return carry_code(to, code)
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
    if to := _opens(request, code):
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
    return _invite(request, cohort, code) if cohort else redirect("cohorts:join")


def _enter(request: HttpRequest, code: str) -> HttpResponse:
    """Join by this code; a guest who asks for words is shown them by the answer, once."""
    tries = spend_try(request, code)
    cohort = get_object_or_404(Cohort.objects.joinable(code, request.user))
    tries.give_back()
    invitation = places.invitation(cohort, code, request.user)
    if invitation.is_for_somebody_else:
        return _invite(request, cohort, code)
    if invitation.opens and not invitation.enter(learner_of(request), timezone.now()):
        messages.error(request, JoinForm.spent if invitation.leads_to_a_place else JoinForm.refused)
        return redirect("cohorts:join")
    return entered(request, cohort)


def _invite(request: HttpRequest, cohort: Cohort, code: str) -> HttpResponse:
    invitation = places.invitation(cohort, code, request.user)
    is_named = request.user.is_authenticated and not request.user.is_guest
    form = None if is_named else VisitForm(initial={"shared": is_shared(request)})
    context = {"cohort": cohort, "invitation": invitation, "code": code}
    return page(request, "cohorts/join_cohort.html", context, form)


# Members


@require_safe
@never_cache
def cohort_members(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show who is in, a hundred a page, to its staff; at the end who left but is on the roster. At most 8 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    return _members(request, cohort)


def _members(request: PersonRequest, cohort: Cohort, form: RoleForm | None = None) -> HttpResponse:
    rows = cohort.enrolments.listed().select_related("user")
    ordered = rows.order_by(F("left_at").asc(nulls_first=True), "role", "user__name_key", "roster_name", "pk")
    members = page_of(request, ordered)
    context = {"cohort": cohort, "members": members, "roles": role_choices()}
    context["count"] = cohort.enrolments.current().count()
    context["may_be_merged"] = cohort.enrolments.listed().filter(Q(user=None) | Q(left_at__isnull=False)).exists()
    return page(request, "cohorts/cohort_members.html", context, form)


@require_button("cohorts:cohort_members", "cohort_id")
@never_cache
def cohort_member(request: PersonRequest, cohort_id: int, enrolment: int) -> HttpResponse:
    """Give another role to somebody who is in, as instructor or lead."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        member = get_object_or_404(cohort.enrolments.current().select_related("user"), pk=enrolment)
        form = RoleForm(member, request.POST, auto_id=f"{member.pk}-%s")
        if form.is_valid():
            if member.change_role(form.cleaned_data["role"], request.user, timezone.now()):
                messages.success(request, _("The role is changed."))
                has_left_staff = member.user == request.user and not member.is_staff
                return redirect(cohort if has_left_staff else reverse("cohorts:cohort_members", args=[cohort_id]))
            form.add_error("role", RoleForm.refused)
    return _members(request, cohort, form)


# Assignments


@never_cache
def assignment_new(request: PersonRequest, cohort_id: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        return _edit(request, cohort, Assignment(cohort=cohort))


@never_cache
def assignment(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    rows = cohort.assignments.select_related("module").with_sections()
    with locked(request, cohort):
        return _edit(request, cohort, get_object_or_404(rows, pk=assignment))


def _edit(request: PersonRequest, cohort: Cohort, row: Assignment) -> HttpResponse:
    form = AssignmentForm(cohort, row, request.user, posted(request))
    if form.is_valid():
        if row.pk is None:
            row.press = press_of(form, request.user, f"assignments of {cohort.pk}")
            if row.press and cohort.assignments.filter(press=row.press).exists():
                messages.info(request, _("This was set already, and stands once. It can be changed on its own page."))
                return redirect(cohort)
        with transaction.atomic():
            form.save()
            reached = row.terms.reach(timezone.now())
        messages.success(request, _("The assignment is saved."))
        if reached:
            messages.success(request, _("Exams that run now have the later end too."))
        if practised := practised_sections(row):
            messages.warning(request, _practised(practised))
        return redirect(cohort)
    practised = practised_sections(row) if row.pk else 0
    context = {"cohort": cohort, "assignment": row, "practised": _practised(practised) if practised else ""}
    return page(request, "cohorts/assignment.html", context, form)


def _practised(sections: int) -> str:
    """Say that the exam draws items whose answers learners may have seen."""
    sentence = ngettext(
        "In %(count)d section the exam takes items that are practised too: whoever practised has seen their answers.",
        "In %(count)d sections the exam takes items that are practised too: whoever practised has seen their answers.",
        sections,
    )
    return sentence % {"count": sections}


@require_button("cohorts:assignment", "cohort_id", "assignment")
def assignment_delete(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        row = get_object_or_404(cohort.assignments, pk=assignment)
        form = AssignmentForm(cohort, row, request.user, None)
        if not form.rests_on(request.POST.get(BASIS)):
            messages.warning(request, form.newer_than_this)
            return redirect(row)
        if row.certificates.exists():
            messages.error(request, _("Certificates were issued for it, so it stays: they point at it."))
            return redirect(row)
        row.delete()
    messages.success(request, _("The assignment is deleted. Nobody’s work is."))
    return redirect(cohort)


# The board


@require_safe
@never_cache
def board(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show learners by sections, in words, to the cohort's staff. At most 12 queries, however many learners."""
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    modules, chosen = modules_of(assignments, request.GET.get("module"))
    now = timezone.now()
    choice = _choice(request)
    whole = boards.board_of(cohort, chosen, assignments, now, choice["order"]) if chosen else None
    context = {"cohort": cohort, "modules": modules, "chosen": chosen, "board": whole, "now": now, "choice": choice}
    if chosen and whole:
        rows = page_of(request, whole.among(choice["show"], choice["order"]))
        lines = whole.rows(rows)
        whole.add_memory(lines, cohort.zone)
        context |= {"rows": rows, "lines": lines, "query": urlencode(choice | {"module": chosen.slug})}
    return page(request, "cohorts/board.html", context)


def _choice(request: HttpRequest) -> dict[str, str]:
    """Return the filter and order that the address asks for, the first of each where it asks for none of ours."""
    asked = {"show": (request.GET.get("show"), boards.SHOWN), "order": (request.GET.get("order"), boards.ORDERS)}
    return {name: value if value in known else known[0] for name, (value, known) in asked.items()}
