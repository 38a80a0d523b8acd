"""The roster of a cohort, for its staff: names from a file, places, slips to hand out, two rows that are one person."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.pages import PersonRequest, page, page_of, posted
from cohorts import places
from cohorts.forms.roster import PlaceForm, RosterForm, SlipsForm, in_words
from cohorts.models import Cohort
from cohorts.pages import join_address
from cohorts.roster import Roster

SHOWN = 100
SLIPS = 60


def _taught(request: PersonRequest, cohort: int) -> Cohort:
    return get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort)


@never_cache
def roster(request: PersonRequest, cohort: int) -> HttpResponse:
    """Names for the roster. First a dry run, which writes nothing; confirming sends the names back, to be read anew.

    A list with a fault is never written in part. At most 8 queries, however many names.
    """
    found = _taught(request, cohort)
    form = RosterForm(posted(request), request.FILES if request.method == "POST" else None)
    context = {"cohort": found}
    if request.method == "POST" and form.is_valid():
        read = form.roster
        if "confirm" in request.POST and not read.faults:
            made = places.add(found, read.names)
            told = ngettext("%(count)d place made.", "%(count)d places made.", made)
            messages.success(request, told % {"count": made})
            return redirect("cohorts:cohort_members", cohort)
        context |= _dry_run(found, read)
    response = page(request, "cohorts/roster.html", context, form)
    response.status_code = 422 if context.get("fault_count") else response.status_code
    return response


def _dry_run(cohort: Cohort, read: Roster) -> dict[str, Any]:
    """What the page shows of a list before it is kept. One query."""
    new = places.unknown(cohort, read.names)
    told = [(fault.line, in_words(fault)) for fault in read.faults[:SHOWN]]
    context = {"new": new, "known_count": len(read.names) - len(new), "faults": told, "fault_count": len(read.faults)}
    return context | {"shown": new[:SHOWN], "more": len(new[SHOWN:]), "sent_back": "\n".join(read.names)}


@never_cache
def place(request: PersonRequest, cohort: int, enrolment: int) -> HttpResponse:
    """One learner's row: a place that nobody has taken can be renamed, handed out or removed, a learner be removed."""
    found = _taught(request, cohort)
    row = get_object_or_404(found.enrolments.current().learners().select_related("user"), pk=enrolment)
    form = PlaceForm(posted(request), initial={"roster_name": row.roster_name})
    if request.method == "POST" and form.is_valid():
        if places.rename(row, form.cleaned_data["roster_name"]):
            messages.success(request, _("The name is changed."))
            return redirect("cohorts:place", cohort, enrolment)
        form.add_error("roster_name", PlaceForm.refused)
    context = {"cohort": found, "row": row, "join_address": join_address(request, row.grouped_code)}
    return page(request, "cohorts/place.html", context, form)


@require_POST
def place_remove(request: PersonRequest, cohort: int, enrolment: int) -> HttpResponse:
    """Take a learner out of the cohort, or a place that nobody has taken off its roster."""
    found = _taught(request, cohort)
    row = get_object_or_404(found.enrolments.current().learners(), pk=enrolment)
    if places.remove(row, request.user, timezone.now()):
        can_return = row.user_id and found.join_code
        told = _("Removed. With the cohort’s code they could come back: a new code prevents that.")
        messages.success(request, told if can_return else _("Removed."))
    return redirect("cohorts:cohort_members", cohort)


@require_GET
@never_cache
def slips(request: PersonRequest, cohort: int) -> HttpResponse:
    """Slips to print and cut: one for each place that nobody has taken, or so many without a name."""
    found = _taught(request, cohort)
    form = SlipsForm(request.GET) if "blank" in request.GET else None
    untaken = found.enrolments.current().untaken().order_by("roster_name", "pk")
    rows = page_of(request, untaken, SLIPS)
    context = {"cohort": found, "rows": rows, "join_address": join_address(request, found.grouped_code)}
    context["slips"] = [(row.roster_name, row.grouped_code, join_address(request, row.grouped_code)) for row in rows]
    if form and form.is_valid() and found.join_code:
        context["slips"] = [("", found.grouped_code, context["join_address"])] * form.cleaned_data["blank"]
        context["are_blank"] = True
    return page(request, "cohorts/slips.html", context, form)


@never_cache
def merge(request: PersonRequest, cohort: int) -> HttpResponse:
    """Two rows of the members' page that are one person: what becomes of them, and the button that does it."""
    found = _taught(request, cohort)
    asked = _numbers((request.POST or request.GET).getlist("row"))
    if request.method == "POST" and places.merge(found, asked, request.user, timezone.now()):
        messages.success(request, _("The two are one now."))
        return redirect("cohorts:cohort_members", cohort)
    rows = found.enrolments.listed().filter(pk__in=asked).select_related("user")
    pair = places.mergeable_pair(list(rows))
    response = page(request, "cohorts/merge.html", {"cohort": found, "pair": pair, "count": len(rows)})
    response.status_code = 422 if request.method == "POST" else 200
    return response


def _numbers(texts: list[str]) -> list[int]:
    """Those of the texts that can be a row's number."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 16]
