"""Cohorts for those who are in them: the list, one cohort, joining, members, assignments and the board."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.guests import learner_of
from accounts.limits import RateLimit
from accounts.pages import PersonRequest, page, page_of, posted
from cohorts import board as boards
from cohorts import codes, places
from cohorts.forms.basis import BASIS
from cohorts.forms.cohorts import (
    AssignmentForm,
    CohortForm,
    EditCohortForm,
    JoinForm,
    RoleForm,
    code_basis,
    role_choices,
)
from cohorts.models import Assignment, Cohort, Enrolment, Extension, HandMark, Role
from cohorts.pages import cohort_with_assignments, join_address, locked, modules_of


@dataclass
class SetWork:
    """An assignment; for a learner also the `extension`, and `by_hand`, the marks set by hand that count."""

    assignment: Assignment
    extension: Extension | None = None
    by_hand: list[HandMark] = field(default_factory=list)


@require_GET
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
    form = CohortForm(posted(request), initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        return redirect(Cohort.begin(request.user, values["name"], values["time_zone"], timezone.now()))
    return page(request, "cohorts/cohort_form.html", {"cohort": None}, form)


@require_GET
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


@require_POST
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


@require_POST
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
    """Ask for the code; a right one leads to the page that says what joining means."""
    form = JoinForm(posted(request))
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        tries = _tries(request, code)
        if Cohort.objects.joinable(code, request.user).exists():
            tries.give_back()
            return redirect("cohorts:join_cohort", code)
        form.add_error("code", JoinForm.refused)
    return page(request, "cohorts/join.html", {}, form)


def _tries(request: HttpRequest, code: str) -> RateLimit:
    """Spend one try: of the person who is signed in, else of this code; in any case of the network."""
    tries = RateLimit(request, "join", request.user.name if request.user.is_authenticated else codes.plain(code))
    tries.spend()
    return tries


@login_not_required
@never_cache
def join_cohort(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the cohort's staff will see, and the button to join; whoever joins without a name is a guest by it.

    A personal code takes a place on the roster too; the name that stands there is never shown here.
    """
    tries = _tries(request, code) if request.method == "POST" else None
    cohort = get_object_or_404(Cohort.objects.joinable(code, request.user))
    invitation = places.invitation(cohort, code, request.user)
    if tries:
        tries.give_back()
        if invitation.opens and not invitation.enter(learner_of(request), timezone.now()):
            messages.error(request, JoinForm.spent)
            return redirect("cohorts:join")
        if not invitation.is_for_somebody_else:
            return redirect(cohort)
    return page(request, "cohorts/join_cohort.html", {"cohort": cohort, "invitation": invitation})


# Members


@require_GET
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


@require_POST
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
    return _edit(request, cohort, Assignment(cohort=cohort))


@never_cache
def assignment(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    rows = cohort.assignments.select_related("module").prefetch_related("sections")
    with locked(request, cohort):
        return _edit(request, cohort, get_object_or_404(rows, pk=assignment))


def _edit(request: PersonRequest, cohort: Cohort, row: Assignment) -> HttpResponse:
    form = AssignmentForm(cohort, row, request.user, posted(request))
    if form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(request, _("The assignment is saved."))
        return redirect(cohort)
    return page(request, "cohorts/assignment.html", {"cohort": cohort, "assignment": row}, form)


@require_POST
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


@require_GET
@never_cache
def board(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show learners by sections, in words, to the cohort's staff. At most 12 queries, however many learners."""
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    modules, chosen = modules_of(assignments, request.GET.get("module"))
    now = timezone.now()
    whole = boards.board_of(cohort, chosen, assignments, now) if chosen else boards.Board([], [])
    choice = _choice(request)
    rows = page_of(request, whole.sorted(choice["show"], choice["order"]))
    whole.add_memory(rows, now, cohort.zone)
    context = {"cohort": cohort, "modules": modules, "chosen": chosen, "board": whole, "rows": rows, "now": now}
    counts = {name: len(whole.among(name)) for name in boards.SHOWN}
    query = urlencode(choice | ({"module": chosen.slug} if chosen else {}))
    return page(request, "cohorts/board.html", context | {"choice": choice, "counts": counts, "query": query})


def _choice(request: HttpRequest) -> dict[str, str]:
    """Return the filter and order that the address asks for, the first of each where it asks for none of ours."""
    asked = {"show": (request.GET.get("show"), boards.SHOWN), "order": (request.GET.get("order"), boards.ORDERS)}
    return {name: value if value in known else known[0] for name, (value, known) in asked.items()}
