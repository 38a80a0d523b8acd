"""People for the roster of a cohort, for its staff: from a file or a text, looked at, put right, then made places."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.border import takes_file
from accounts.pages import PersonRequest, page, posted, shows_only
from cohorts import places
from cohorts.forms.roster_import import Look, RosterForm, Sent, in_words
from cohorts.models import Cohort, NameOrder
from cohorts.roster import Choices, Roster


@takes_file
@never_cache
def roster(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Take a list of people: first its file or text, then a look at it, which writes nothing and carries the list.

    At most 8 queries for a look, however many people.
    """
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    if request.method == "POST" and "table" in request.POST:
        return _look_again(request, cohort)
    form = RosterForm(cohort.name_order == NameOrder.FAMILY_FIRST, posted(request), request.FILES or None)
    if form.is_valid():
        return _look(request, cohort, form.roster, form.choices, form.source, cohort.name_order)
    return page(request, "cohorts/roster.html", {"cohort": cohort}, form)


def _look_again(request: PersonRequest, cohort: Cohort) -> HttpResponse:
    """Show the list as it was chosen and put right on the page; or make the places of those rows that can be made."""
    sent = Sent(request.POST)
    read, choices = sent.roster, sent.choices
    if not read.columns:
        refused = {"cohort": cohort, "refused": [in_words(fault) for fault in read.refused]}
        response = page(request, "cohorts/roster.html", refused, RosterForm(True))
        response.status_code = 422
        return response
    order = sent.order or cohort.name_order
    if "confirm" in request.POST and not shows_only(request):
        if sent.is_new_reading:
            messages.info(request, _("The list is read anew. Look at it once more, then make the places."))
        elif not read.refused and (added := places.add(cohort, read.people, order, sent.groups_basis)):
            _say(request, added)
            compared = places.compare(cohort, read.people)
            is_left = bool(sent.groups_basis and compared.regrouped)
            if is_left:
                messages.warning(request, _("No group was changed: other groups differ now. Look at them again."))
            if not read.bad and not compared.clashes and not is_left:
                return redirect("cohorts:cohort_members", cohort.pk)
    return _look(request, cohort, read, choices, sent.source, order, sent.groups_basis)


def _say(request: PersonRequest, added: places.Added) -> None:
    if added.made or not added.changed:
        sentence = ngettext("%(count)d place made.", "%(count)d places made.", added.made)
        messages.success(request, sentence % {"count": added.made})
    if added.changed:
        sentence = ngettext("%(count)d row of the list changed.", "%(count)d rows of the list changed.", added.changed)
        messages.success(request, sentence % {"count": added.changed})


def _look(
    request: PersonRequest,
    cohort: Cohort,
    read: Roster,
    choices: Choices,
    source: str,
    order: str,
    groups_basis: str = "",
) -> HttpResponse:
    compared = places.compare(cohort, read.people)
    read.note_clashes(compared.clashes)
    look = Look(read, compared, choices, source, order, groups_basis)
    context: dict[str, Any] = {"cohort": cohort, "look": look}
    response = page(request, "cohorts/roster_columns.html", context)
    response.status_code = 422 if read.faults and not shows_only(request) else 200
    return response
