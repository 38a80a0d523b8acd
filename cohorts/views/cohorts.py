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
from cohorts.forms.cohorts import AssignmentForm, CohortForm, JoinForm, RoleForm
from cohorts.models import Assignment, Cohort, Enrolment, Extension, HandMark, Role
from cohorts.pages import cohort_with_assignments, join_address, modules_of


@dataclass
class SetWork:
    """An assignment; for a learner also `own`, the extension, and `by_hand`, the marks set by hand that count."""

    assignment: Assignment
    own: Extension | None = None
    by_hand: list[HandMark] = field(default_factory=list)


@require_GET
@never_cache
def cohorts(request: PersonRequest) -> HttpResponse:
    """Where this person is in, with the role there. At most 4 queries."""
    rows = list(Enrolment.objects.current().of(request.user).select_related("cohort").order_by("-joined_at", "-pk"))
    current = [row for row in rows if not row.cohort.archived_at]
    context = {"places": current, "archived": [row for row in rows if row.cohort.archived_at]}
    return page(request, "cohorts/cohorts.html", context | {"leads": any(row.role == Role.LEAD for row in current)})


@never_cache
def cohort_new(request: PersonRequest) -> HttpResponse:
    """A new cohort; a guest is sent to choose a name first."""
    if request.user.is_guest:
        return redirect(f"{reverse('accounts:sign_up')}?{urlencode({'next': request.path})}")
    form = CohortForm(posted(request), initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        return redirect(Cohort.begin(request.user, given["name"], given["time_zone"], timezone.now()))
    return page(request, "cohorts/cohort_form.html", {"cohort": None}, form)


@require_GET
@never_cache
def cohort(request: PersonRequest, cohort: int) -> HttpResponse:
    """A cohort for whoever is in it: what is set; for its staff also the code and the ways on. At most 8 queries."""
    rows = Enrolment.objects.current().of(request.user).select_related("cohort")
    place = get_object_or_404(rows, cohort=cohort)
    context = {"place": place, "cohort": place.cohort, "assignments": _set_for(place)}
    if place.is_staff:
        context["join_address"] = join_address(request, place.cohort.grouped_code)
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
def cohort_edit(request: PersonRequest, cohort: int) -> HttpResponse:
    """Name and time zone, for its staff."""
    found = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort)
    form = CohortForm(posted(request), initial={"name": found.name, "time_zone": found.time_zone})
    if request.method == "POST" and form.is_valid():
        found.name, found.time_zone = form.cleaned_data["name"], form.cleaned_data["time_zone"]
        found.save(update_fields=["name", "time_zone"])
        return redirect(found)
    return page(request, "cohorts/cohort_form.html", {"cohort": found}, form)


@require_POST
def cohort_code(request: PersonRequest, cohort: int) -> HttpResponse:
    """A new join code, or none: joining is closed."""
    found = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort, archived_at=None)
    if "close" in request.POST:
        found.close_joining()
        messages.success(request, _("Joining is closed. Whoever is in stays in."))
    else:
        found.renew_code()
        messages.success(request, _("There is a new code. The one before opens nothing any more."))
    return redirect(found)


@require_POST
def cohort_leave(request: PersonRequest, cohort: int) -> HttpResponse:
    """Leave; what one did stays one's own."""
    place = get_object_or_404(Enrolment.objects.current().of(request.user), cohort=cohort)
    if not place.leave(timezone.now()):
        messages.error(request, RoleForm.refused)
        return redirect("cohorts:cohort", cohort)
    messages.success(request, _("You have left. Its staff no longer see your work, and you keep all of it."))
    return redirect("cohorts:cohorts")


# Joining


@login_not_required
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """A field for the code; a right one leads to the page that tells what joining means."""
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
    """One try spent: of the person who is signed in, else of this code; in any case of the network."""
    tries = RateLimit(request, "join", request.user.name if request.user.is_authenticated else codes.plain(code))
    tries.spend()
    return tries


@login_not_required
@never_cache
def join_cohort(request: HttpRequest, code: str) -> HttpResponse:
    """What the cohort's staff will see, and the button to join; whoever joins without a name is a guest by it.

    A personal code takes a place on the roster too; the name that stands there is never shown here.
    """
    tries = _tries(request, code) if request.method == "POST" else None
    found = get_object_or_404(Cohort.objects.joinable(code, request.user))
    door = places.invitation(found, code, request.user)
    if tries:
        tries.give_back()
        if door.opens and not door.enter(learner_of(request), timezone.now()):
            messages.error(request, JoinForm.spent)
            return redirect("cohorts:join")
        if not door.is_for_somebody_else:
            return redirect(found)
    return page(request, "cohorts/join_cohort.html", {"cohort": found, "door": door})


# Members


@require_GET
@never_cache
def cohort_members(request: PersonRequest, cohort: int) -> HttpResponse:
    """Who is in, a hundred a page, for its staff; at the end who left and stands on the roster. At most 8 queries."""
    found = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort)
    return _members(request, found)


def _members(request: PersonRequest, found: Cohort, form: RoleForm | None = None) -> HttpResponse:
    rows = found.enrolments.listed().select_related("user")
    ordered = rows.order_by(F("left_at").asc(nulls_first=True), "role", "user__name_key", "roster_name", "pk")
    members = page_of(request, ordered)
    context = {"cohort": found, "members": members, "roles": Role.choices}
    context["count"] = found.enrolments.current().count()
    context["may_be_merged"] = found.enrolments.listed().filter(Q(user=None) | Q(left_at__isnull=False)).exists()
    return page(request, "cohorts/cohort_members.html", context, form)


@require_POST
@never_cache
def cohort_member(request: PersonRequest, cohort: int, enrolment: int) -> HttpResponse:
    """Another role for somebody who is in, given by an instructor or a lead."""
    found = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort)
    member = get_object_or_404(found.enrolments.current().select_related("user"), pk=enrolment)
    form = RoleForm(member, request.POST, auto_id=f"{member.pk}-%s")
    if form.is_valid():
        if member.change_role(form.cleaned_data["role"], request.user, timezone.now()):
            messages.success(request, _("The role is changed."))
            has_left_staff = member.user == request.user and not member.is_staff
            return redirect(found if has_left_staff else reverse("cohorts:cohort_members", args=[cohort]))
        form.add_error("role", RoleForm.refused)
    return _members(request, found, form)


# Assignments


@never_cache
def assignment_new(request: PersonRequest, cohort: int) -> HttpResponse:
    found = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort)
    return _edit(request, found, Assignment(cohort=found))


@never_cache
def assignment(request: PersonRequest, cohort: int, assignment: int) -> HttpResponse:
    found = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort)
    rows = found.assignments.select_related("module").prefetch_related("sections")
    return _edit(request, found, get_object_or_404(rows, pk=assignment))


def _edit(request: PersonRequest, found: Cohort, row: Assignment) -> HttpResponse:
    form = AssignmentForm(found, row, request.user, posted(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(request, _("The assignment is saved."))
        return redirect(found)
    return page(request, "cohorts/assignment.html", {"cohort": found, "assignment": row}, form)


@require_POST
def assignment_delete(request: PersonRequest, cohort: int, assignment: int) -> HttpResponse:
    found = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort)
    row = get_object_or_404(found.assignments, pk=assignment)
    if row.certificates.exists():
        messages.error(request, _("Certificates were issued for it, so it stays: they point at it."))
        return redirect(row)
    row.delete()
    messages.success(request, _("The assignment is deleted. Nobody’s work is."))
    return redirect(found)


# The board


@require_GET
@never_cache
def board(request: PersonRequest, cohort: int) -> HttpResponse:
    """Learners by sections, in words, for the cohort's staff. At most 12 queries, whatever the number of learners."""
    found, assignments = cohort_with_assignments(request.user, cohort)
    modules, chosen = modules_of(assignments, request.GET.get("module"))
    now = timezone.now()
    whole = boards.board_of(found, chosen, assignments, now) if chosen else boards.Board([], [])
    choice = _choice(request)
    rows = page_of(request, whole.sorted(choice["show"], choice["order"]))
    whole.add_memory(rows, now, found.zone)
    context = {"cohort": found, "modules": modules, "chosen": chosen, "board": whole, "rows": rows, "now": now}
    counts = {name: len(whole.among(name)) for name in boards.SHOWN}
    query = urlencode(choice | ({"module": chosen.slug} if chosen else {}))
    return page(request, "cohorts/board.html", context | {"choice": choice, "counts": counts, "query": query})


def _choice(request: HttpRequest) -> dict[str, str]:
    """The filter and the order that the address asks for, the first of each where it asks for none of ours."""
    asked = {"show": (request.GET.get("show"), boards.SHOWN), "order": (request.GET.get("order"), boards.ORDERS)}
    return {name: value if value in known else known[0] for name, (value, known) in asked.items()}
