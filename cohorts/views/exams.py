"""Exams under the terms of a cohort: which run now and more time for them, for its staff; giving up what is left."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.addresses import require_button, require_page
from accounts.pages import PersonRequest, page
from cohorts import exams
from cohorts.models import Cohort
from quizzes.models import Attempt, Use


@never_cache
@require_page
def running(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show which exams run in a cohort, to its staff; a POST gives ten minutes to one or all. At most 8 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    if request.method == "POST":
        count = exams.give_time(cohort, _ends(request.POST.getlist("end")), request.user, timezone.now())
        sentence = ngettext("%(count)d exam has ten minutes more.", "%(count)d exams have ten minutes more.", count)
        nothing = _("Nothing was added: look at the times below once more.")
        messages.success(request, sentence % {"count": count} if count else nothing)
        return redirect("cohorts:running", cohort_id)
    sittings = exams.running(cohort)
    people = cohort.enrolments.current().select_related("user").filter(user__in=[row.learner_id for row in sittings])
    places = {place.user_id: place for place in people}
    now = timezone.now()
    rows = [(row, places[row.learner_id], row.closes_at is not None and row.closes_at <= now) for row in sittings]
    ends = [row for row in sittings if row.closes_at]
    return page(request, "cohorts/running.html", {"cohort": cohort, "rows": rows, "ends": ends, "now": now})


def _ends(texts: list[str]) -> dict[int, datetime]:
    """Return {attempt id: end} of fields as the page writes them; what is none of them is left out."""
    ends = {}
    for text in texts:
        number, _space, moment = text.partition(" ")
        try:
            end = datetime.fromisoformat(moment)
        except ValueError:
            continue
        if number.isascii() and number.isdigit() and len(number) < 16 and end.tzinfo:
            ends[int(number)] = end
    return ends


@require_button("quizzes:attempt", "pk")
@never_cache
def give_up(request: PersonRequest, pk: int) -> HttpResponse:
    """Give up the attempts that are left after one's own exam, and see its answers."""
    sitting = get_object_or_404(Attempt.objects.of(request.user).exclude(use=Use.CHECK), pk=pk)
    if exams.give_up(request.user, sitting, timezone.now()):
        messages.success(request, _("These attempts are given up. Here are the answers and reasons."))
    else:
        messages.info(request, _("There is no attempt to give up here."))
    return redirect(sitting)
