"""What a learner does about their own place in a cohort: a name for its staff, a removal that they have read of."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.addresses import require_button
from accounts.pages import PersonRequest, page, posted
from cohorts import places
from cohorts.forms.people import SaidNameForm
from cohorts.models import Enrolment
from cohorts.pages import locked


@never_cache
def said_name(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Take the name by which the staff of a cohort are to know a learner who is in it."""
    rows = Enrolment.objects.current().learners().of(request.user).select_related("cohort")
    row = get_object_or_404(rows, cohort=cohort_id)
    with locked(request, row.cohort):
        row = get_object_or_404(rows, pk=row.pk)
        form = SaidNameForm(posted(request), initial={"said_name": row.said_name})
        if form.is_valid() and places.call(row, form.cleaned_data["said_name"]):
            messages.success(request, _("Saved. The staff of this cohort see it from now on."))
            return redirect(row.cohort)
    return page(request, "cohorts/said_name.html", {"cohort": row.cohort, "place": row}, form)


@require_button("cohorts:cohort", "cohort_id")
def removal_seen(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Note that somebody has read that they were taken out of a cohort."""
    row = get_object_or_404(Enrolment.objects.of(request.user).untold(), cohort=cohort_id)
    places.note_seen(row, timezone.now())
    return redirect("cohorts:cohorts")
