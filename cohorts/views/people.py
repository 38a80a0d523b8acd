"""The people of a cohort, for its staff: who is in, one person's page, role and code, two rows that are one person."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.folding import cut
from accounts.pages import PersonRequest, page, page_of, posted
from cohorts import people, places
from cohorts.forms.basis import BASIS, digest
from cohorts.forms.cohorts import RoleForm
from cohorts.forms.people import GatherForm, PersonForm
from cohorts.models import Cohort, Enrolment, Role
from cohorts.pages import join_address, locked
from cohorts.people import NO_GROUP, Search, State


def _taught(request: PersonRequest, cohort_id: int) -> Cohort:
    return get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)


def _search(request: HttpRequest) -> Search:
    """Return what the address asks for; what it asks for and cannot be is left out."""
    asked = {name: cut(request.GET.get(name, "")).strip() for name in ("q", "group", "state")}
    state = asked["state"] if asked["state"] in State.values else ""
    return Search(asked["q"], asked["group"], state)


# Everybody


@require_safe
@never_cache
def cohort_members(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show who is in, a hundred a page, to its staff; at the end who left but is on the roster. At most 8 queries."""
    return _members(request, _taught(request, cohort_id))


def _members(request: PersonRequest, cohort: Cohort, form: GatherForm | None = None) -> HttpResponse:
    search, members = _search(request), people.members_of(cohort)
    groups = list(cohort.groups.order_by("name", "pk"))
    asked = {"q": search.text, "group": search.group, "state": search.state}
    matches = search.among(members)
    context = {
        "cohort": cohort,
        "search": search,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "count": sum(member.state != State.GONE for member in members),
        "matches": matches,
        "members": page_of(request, matches),
        "has_numbers": any(member.number for member in members),
        "groups": groups,
        "no_group": NO_GROUP,
        "states": State.choices,
        "ticked": {int(text) for text in request.POST.getlist("row") if _is_number(text)},
        "gather": form or GatherForm(groups),
    }
    return page(request, "cohorts/cohort_members.html", context, form)


@require_button("cohorts:cohort_members", "cohort_id")
@never_cache
def gather(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Put those who are marked on the page of all into a group, or out of one; then show the same page again."""
    cohort = _taught(request, cohort_id)
    with locked(request, cohort) as cohort:
        form = GatherForm(list(cohort.groups.order_by("name", "pk")), request.POST)
        rows = _numbers(request.POST.getlist("row"))
        if not form.is_valid():
            return _members(request, cohort, form)
        count = form.save(cohort, rows)
    if count:
        sentence = ngettext("%(count)d person is in that group now.", "%(count)d people are in that group now.", count)
        messages.success(request, sentence % {"count": count})
    else:
        messages.warning(request, _("Mark the people first, in the first column; only learners have a group."))
    return redirect(f"{reverse('cohorts:cohort_members', args=[cohort_id])}?{request.GET.urlencode()}".rstrip("?"))


# One person


@never_cache
def place(request: PersonRequest, cohort_id: int, enrolment: int) -> HttpResponse:
    """Show one person's row: how staff know them, code, role, how to take them out or let them in again. 9 queries."""
    cohort = _taught(request, cohort_id)
    with locked(request, cohort):
        row = _row(cohort, enrolment)
        groups = list(cohort.groups.order_by("name", "pk"))
        form = PersonForm(row, groups, posted(request)) if _is_learner(row) else None
        if form and form.is_valid() and form.save():
            messages.success(request, _("Saved."))
            return redirect("cohorts:place", cohort_id, enrolment)
    return _person(request, cohort, row, form)


def _row(cohort: Cohort, enrolment: int) -> Enrolment:
    return get_object_or_404(cohort.enrolments.listed().select_related("user", "group"), pk=enrolment)


def _is_learner(row: Enrolment) -> bool:
    return row.role == Role.LEARNER and row.left_at is None


def _person(
    request: PersonRequest, cohort: Cohort, row: Enrolment, form: PersonForm | None, role: RoleForm | None = None
) -> HttpResponse:
    """Return the person's page; `role` is the form for the role where that was sent."""
    has_role = row.user is not None and not row.user.is_guest and row.left_at is None
    context = {
        "cohort": cohort,
        "row": row,
        "is_learner": _is_learner(row),
        "person": form,
        "role": role or (RoleForm(row, auto_id=f"{row.pk}-%s") if has_role else None),
        "may_return": places.may_return(row),
        "rows_basis": _basis([row]),
        "join_address": join_address(request, row.open_code),
    }
    return page(request, "cohorts/place.html", context, role or form)


@require_button("cohorts:place", "cohort_id", "enrolment")
@never_cache
def cohort_member(request: PersonRequest, cohort_id: int, enrolment: int) -> HttpResponse:
    """Give another role to somebody who is in, as instructor or lead, or take one of the staff out."""
    cohort = _taught(request, cohort_id)
    with locked(request, cohort):
        member = get_object_or_404(cohort.enrolments.current().select_related("user", "group"), pk=enrolment)
        form = RoleForm(member, request.POST, auto_id=f"{member.pk}-%s")
        if form.is_valid():
            if _give(request, member, form.cleaned_data["role"]):
                still_in = Cohort.objects.taught_by(request.user).filter(pk=cohort_id).exists()
                return redirect("cohorts:cohort_members" if still_in else "cohorts:cohort", cohort_id)
            form.add_error("role", RoleForm.refused)
        groups = list(cohort.groups.order_by("name", "pk"))
    return _person(request, cohort, member, PersonForm(member, groups, None) if _is_learner(member) else None, form)


def _give(request: PersonRequest, member: Enrolment, role: str) -> bool:
    """Give the role, or take them out; False where the cohort would be left without an instructor."""
    if role == RoleForm.OUT:
        done = places.dismiss(member, request.user, timezone.now())
        message = _("They are out of the staff and of the cohort, and are told so.")
    else:
        done = member.change_role(role, request.user, timezone.now())
        message = _("The role is changed.")
    if done:
        messages.success(request, message)
    return done


@require_button("cohorts:place", "cohort_id", "enrolment")
def place_code(request: PersonRequest, cohort_id: int, enrolment: int) -> HttpResponse:
    """Make a new personal code for a learner's place, and show the slip; the code before opens nothing any more."""
    cohort = _taught(request, cohort_id)
    with locked(request, cohort):
        row = _row(cohort, enrolment)
        if not _is_older(request, [row]) and places.renew_code(row, request.user, timezone.now()):
            messages.success(request, _("There is a new code. Slips from before open nothing any more."))
    return redirect(f"{reverse('cohorts:place', args=[cohort_id, enrolment])}#code")


@require_button("cohorts:place", "cohort_id", "enrolment")
def place_back(request: PersonRequest, cohort_id: int, enrolment: int) -> HttpResponse:
    """Put a learner who left, or was taken out, back on the list: a new place, with a new code."""
    cohort = _taught(request, cohort_id)
    with locked(request, cohort):
        fresh = places.put_back(_row(cohort, enrolment), request.user, timezone.now())
    if fresh is None:
        return redirect("cohorts:place", cohort_id, enrolment)
    messages.success(request, _("Back on the list. Hand out this code: whoever enters it is in again."))
    return redirect(f"{reverse('cohorts:place', args=[cohort_id, fresh.pk])}#code")


@require_button("cohorts:place", "cohort_id", "enrolment")
def place_remove(request: PersonRequest, cohort_id: int, enrolment: int) -> HttpResponse:
    """Take a learner out of the cohort, or a place that nobody has taken off its roster."""
    cohort = _taught(request, cohort_id)
    with locked(request, cohort):
        row = get_object_or_404(cohort.enrolments.current().learners(), pk=enrolment)
        if _is_older(request, [row]):
            return redirect("cohorts:place", cohort_id, enrolment)
        is_removed = places.remove(row, request.user, timezone.now())
    if is_removed:
        can_return = row.user_id and cohort.join_code
        warning = _("Removed. With the cohort’s code they could come back: a new code prevents that.")
        messages.success(request, warning if can_return else _("Removed."))
    return redirect("cohorts:cohort_members", cohort_id)


def _basis(rows: Iterable[Enrolment]) -> str:
    """Return what the buttons of a page on these rows are based on: whose they are, and by which code."""
    parts = ("pk", "user_id", "left_at", "roster_name", "personal_code")
    return digest("rows", [" ".join(str(getattr(row, part)) for part in parts) for row in rows])


def _is_older(request: PersonRequest, rows: Iterable[Enrolment]) -> bool:
    """Return, and say, whether the page whose button was pressed showed other names, people or codes in these rows."""
    if request.POST.get(BASIS, "") in ("", _basis(rows)):
        return False
    messages.warning(request, _("%(who)s changed this while you had this page open.") % {"who": _("Somebody else")})
    return True


# Two rows, one person


@require_safe
@never_cache
def same(request: PersonRequest, cohort_id: int, enrolment: int) -> HttpResponse:
    """Show, a hundred a page, with which rows a learner's can be made one; each leads to the page that asks."""
    cohort = _taught(request, cohort_id)
    row = get_object_or_404(cohort.enrolments.listed().learners().select_related("user"), pk=enrolment)
    search = _search(request)
    partners = search.among(people.partners(row, people.members_of(cohort)))
    context = {"cohort": cohort, "row": row, "search": search, "members": page_of(request, partners)}
    return page(request, "cohorts/same.html", context | {"query": urlencode({"q": search.text})})


@never_cache
def merge(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show what becomes of two rows that are one person; a POST makes them one."""
    cohort = _taught(request, cohort_id)
    asked = _numbers((request.POST or request.GET).getlist("row"))
    with locked(request, cohort):
        rows = list(cohort.enrolments.listed().filter(pk__in=asked).select_related("user"))
        is_older = request.method == "POST" and _is_older(request, rows)
        if request.method == "POST" and not is_older and places.merge(cohort, asked, request.user, timezone.now()):
            messages.success(request, _("The two are one now."))
            return redirect("cohorts:cohort_members", cohort_id)
    context = {"cohort": cohort, "pair": places.mergeable_pair(rows), "count": len(rows), "rows_basis": _basis(rows)}
    response = page(request, "cohorts/merge.html", context)
    response.status_code = 409 if is_older else 422 if request.method == "POST" else 200
    return response


def _is_number(text: str) -> bool:
    """Return whether a text can be a row's number."""
    return text.isascii() and text.isdigit() and len(text) < 16


def _numbers(texts: list[str]) -> list[int]:
    """Return those of the texts that can be a row's number."""
    return [int(text) for text in texts if _is_number(text)]
