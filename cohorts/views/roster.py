"""The roster of a cohort, for its staff: places, slips to hand out, two rows that are one person."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.pages import PersonRequest, page, page_of, posted
from cohorts import places
from cohorts.forms.basis import BASIS, digest
from cohorts.forms.roster import PlaceForm, SlipsForm
from cohorts.models import Cohort, Enrolment
from cohorts.pages import join_address, locked

SLIPS = 60


def _taught(request: PersonRequest, cohort_id: int) -> Cohort:
    return get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)


@never_cache
def place(request: PersonRequest, cohort_id: int, enrolment: int) -> HttpResponse:
    """Show one learner's row: a place that nobody has taken can be renamed or handed out, both can be removed."""
    cohort = _taught(request, cohort_id)
    with locked(request, cohort):
        row = get_object_or_404(cohort.enrolments.current().learners().select_related("user"), pk=enrolment)
        form = PlaceForm(posted(request), initial={"roster_name": row.roster_name})
        if form.is_valid():
            if places.rename(row, form.cleaned_data["roster_name"]):
                messages.success(request, _("The name is changed."))
                return redirect("cohorts:place", cohort_id, enrolment)
            form.add_error("roster_name", PlaceForm.refused)
    context = {"cohort": cohort, "row": row, "join_address": join_address(request, row.grouped_code)}
    return page(request, "cohorts/place.html", context | {"rows_basis": _basis([row])}, form)


def _basis(rows: Iterable[Enrolment]) -> str:
    """Return what the buttons of a page on these rows are based on: whose they are."""
    return digest("rows", [f"{row.pk} {row.user_id} {row.left_at} {row.roster_name}" for row in rows])


def _is_older(request: PersonRequest, rows: Iterable[Enrolment]) -> bool:
    """Return, and say, whether the page whose button was pressed showed other names or people in these rows."""
    if request.POST.get(BASIS, "") in ("", _basis(rows)):
        return False
    messages.warning(request, _("%(who)s changed this while you had this page open.") % {"who": _("Somebody else")})
    return True


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


@require_safe
@never_cache
def slips(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show slips to print and cut: one for each place that nobody has taken, or so many without a name."""
    cohort = _taught(request, cohort_id)
    form = SlipsForm(request.GET) if "blank" in request.GET else None
    untaken = cohort.enrolments.current().untaken().order_by("roster_name", "pk")
    rows = page_of(request, untaken, SLIPS)
    context = {"cohort": cohort, "rows": rows, "join_address": join_address(request, cohort.grouped_code)}
    context["slips"] = [(row.roster_name, row.grouped_code, join_address(request, row.grouped_code)) for row in rows]
    if form and form.is_valid() and cohort.join_code:
        context["slips"] = [("", cohort.grouped_code, context["join_address"])] * form.cleaned_data["blank"]
        context["are_blank"] = True
    return page(request, "cohorts/slips.html", context, form)


@never_cache
def merge(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show what becomes of two rows of the members' page that are one person; a POST makes them one."""
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


def _numbers(texts: list[str]) -> list[int]:
    """Return those of the texts that can be a row's number."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 16]
