"""The roster of a cohort, for its staff: names from a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.border import takes_file
from accounts.pages import PersonRequest, page, posted
from cohorts import places
from cohorts.forms.roster import RosterForm, in_words
from cohorts.models import Cohort
from cohorts.roster import Roster

SHOWN = 100


def _taught(request: PersonRequest, cohort_id: int) -> Cohort:
    return get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)


@takes_file
@never_cache
def roster(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Take names for the roster: first a dry run, which writes nothing; confirming sends the names back, read anew.

    A list with a fault is never written in part. At most 8 queries, however many names.
    """
    cohort = _taught(request, cohort_id)
    data = posted(request)
    form = RosterForm(data, None if data is None else request.FILES)
    context = {"cohort": cohort}
    if form.is_valid():
        read = form.roster
        if "confirm" in request.POST and not read.faults:
            made = places.add(cohort, read.names)
            sentence = ngettext("%(count)d place made.", "%(count)d places made.", made)
            messages.success(request, sentence % {"count": made})
            return redirect("cohorts:cohort_members", cohort_id)
        context |= _dry_run(cohort, read)
    response = page(request, "cohorts/roster.html", context, form)
    response.status_code = 422 if context.get("fault_count") else response.status_code
    return response


def _dry_run(cohort: Cohort, read: Roster) -> dict[str, Any]:
    """Return what the page shows of a list before it is written. One query."""
    new = places.unknown(cohort, read.names)
    faults = [(fault.line, in_words(fault)) for fault in read.faults[:SHOWN]]
    context = {"new": new, "known_count": len(read.names) - len(new), "faults": faults, "fault_count": len(read.faults)}
    context["namesakes"] = read.namesakes[:SHOWN]
    return context | {"shown": new[:SHOWN], "more": len(new[SHOWN:]), "sent_back": "\n".join(read.names)}
