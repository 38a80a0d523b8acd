"""A place that goes to another phone by a new code of its staff, and what went over undone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.addresses import require_button, require_page
from accounts.forms import VisitForm
from accounts.guests import is_shared, learner_of
from accounts.pages import PersonRequest, page
from cohorts import handovers
from cohorts.forms.cohorts import JoinForm
from cohorts.models import Cohort, Handover
from cohorts.pages import carried_code, entered, spend_try
from cohorts.places import may_claim


@login_not_required
@require_page
@never_cache
def hand_over(request: HttpRequest) -> HttpResponse:
    """Say what a new code brings to this phone, and from where; a POST takes the place. 4 queries to look.

    Whoever does so without a name is a guest by it. The name on the roster is never shown here.
    """
    if request.method == "POST":
        return _take(request, request.POST.get("code", "")[:40])
    code = carried_code(request)
    row = handovers.offered(code, request.user, timezone.now())
    return _ask(request, row, code) if row else redirect("cohorts:join")


def _ask(request: HttpRequest, row: Handover, code: str) -> HttpResponse:
    """Show the page; who has a place of their own on the list is told to give the code back, and has no button."""
    user = request.user
    member = row.cohort.enrolments.of(user).first() if user.is_authenticated else None
    form = None if user.is_authenticated and not user.is_guest else VisitForm(initial={"shared": is_shared(request)})
    context = {"cohort": row.cohort, "code": code, "is_for_somebody_else": member is not None and not may_claim(member)}
    return page(request, "cohorts/hand_over.html", context, form)


def _take(request: HttpRequest, code: str) -> HttpResponse:
    """Take the place; whoever comes second is told that the code is spent, and no guest is made for a wrong one."""
    tries = spend_try(request, code)
    now = timezone.now()
    if (row := handovers.offered(code, request.user, now)) is None:
        messages.error(request, JoinForm.spent)
        return redirect("cohorts:join")
    tries.give_back()
    if not handovers.take(code, learner_of(request), now):
        messages.error(request, JoinForm.spent)
        return redirect("cohorts:join")
    messages.success(request, _("Your place is on this phone now, with what you did in this cohort."))
    return entered(request, row.cohort)


@require_button("cohorts:cohort", "cohort_id")
def undo(request: PersonRequest, cohort_id: int, handover: int) -> HttpResponse:
    """Give back what went over: for the people concerned, and the staff of the cohort."""
    rows = Handover.objects.seen_by(request.user).exclude(done_at=None)
    row = get_object_or_404(rows.select_related("cohort"), cohort=cohort_id, pk=handover)
    if handovers.undo(row, request.user, timezone.now()):
        messages.success(request, _("It is as it was before. What was done since stays with whoever did it."))
    else:
        messages.error(
            request,
            _(
                "This can be undone no more: it is too long ago, was undone before, or something has changed since. "
                "Ask the staff of the cohort."
            ),
        )
    is_staff = Cohort.objects.taught_by(request.user).filter(pk=cohort_id).exists()
    return redirect("cohorts:cohort_members", cohort_id) if is_staff else redirect("warnings")
