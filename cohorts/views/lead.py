"""Cohorts side by side and over time: one page over all that somebody leads, the next term's copy, the archive."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.pages import PersonRequest, page, page_of, posted
from cohorts import copying
from cohorts.forms.copying import CopyForm
from cohorts.forms.once import press_of
from cohorts.models import Cohort
from cohorts.overview import FIGURES, figures_of


@require_safe
@never_cache
def overview(request: PersonRequest) -> HttpResponse:
    """Show all cohorts in which this person is lead, in figures; 404 where there is none. At most 12 queries."""
    led = list(Cohort.objects.led_by(request.user).order_by("name", "pk"))
    rows = page_of(request, led)
    if not led:
        raise Http404
    context = {"rows": rows, "lines": figures_of(list(rows), timezone.now()), "figures": FIGURES}
    return page(request, "cohorts/overview.html", context)


@never_cache
def cohort_copy(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Make a new cohort with the staff, the assignments and the notes of this one, on new dates."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    now, first = timezone.now(), copying.first_day(cohort)
    initial = {"name": cohort.name, "time_zone": cohort.time_zone}
    form = CopyForm(first, now.date(), posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        press = press_of(form, request.user, f"copy of {cohort.pk}")
        new = copying.copy(
            cohort,
            values["name"],
            values["time_zone"],
            values.get("starts_on"),
            now,
            press=press,
            ends_on=values["ends_on"],
        )
        messages.success(request, _("This is the new cohort. Look at its dates once more."))
        return redirect(new)
    return page(request, "cohorts/cohort_copy.html", {"cohort": cohort}, form)


@require_button("cohorts:cohort", "cohort_id")
def cohort_archive(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Put a cohort into the archive, or take it out."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    if "back" in request.POST:
        cohort.take_up(timezone.now().astimezone(cohort.zone).date())
        messages.success(request, _("It is out of the archive."))
    elif cohort.archived_at is None:
        cohort.archive(timezone.now())
        messages.success(request, _("It is in the archive. Nobody can join, and all else can still be read."))
    return redirect(cohort)
