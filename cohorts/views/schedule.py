"""The schedule of a cohort: the dates of all sections of a module in one form."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.pages import PersonRequest, page, posted, show_typed, shows_only
from cohorts import schedules
from cohorts.forms.schedule import FillForm, ScheduleForm, today_in
from cohorts.models import Cohort
from cohorts.pages import locked
from lessons.models import Module


@never_cache
def schedule(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Set the dates of all sections of a module at once, for the cohort's staff. At most 12 queries to be looked at."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    modules = list(Module.objects.seen_by(request.user).order_by("pk"))
    with locked(request, cohort) as cohort:
        chosen = _chosen(cohort, modules, request.GET.get("module"))
        if chosen is None:
            return page(request, "cohorts/schedule.html", {"cohort": cohort})
        return _edit(request, schedules.schedule_of(cohort, chosen), modules)


def _chosen(cohort: Cohort, modules: list[Module], slug: str | None) -> Module | None:
    """Return the module of that slug, else the first that is set, else the first; None where there is none."""
    asked = next((module for module in modules if module.slug == slug), None)
    if asked or len(modules) < 2:
        return asked or next(iter(modules), None)
    first = cohort.assignments.filter(module__in=modules).order_by("pk").values_list("module", flat=True).first()
    return next((module for module in modules if module.pk == first), modules[0])


def _edit(request: PersonRequest, plan: schedules.Schedule, modules: list[Module]) -> HttpResponse:
    now = timezone.now()
    fills = "fill" in request.POST and not shows_only(request)
    form = ScheduleForm(plan, now, None if fills else posted(request))
    fill = FillForm(today_in(plan, now), request.POST if fills else None)
    if fills:
        show_typed(form, request.POST)
        form.initial.update(fill.filled(form) if fill.is_valid() else {})
    elif request.method == "POST":
        show_typed(fill, request.POST)
    if form.is_valid():
        if schedules.save(plan, form.entries, now):
            messages.success(request, _("Exams that run now have the later end too."))
        messages.success(request, _("The schedule is saved."))
        return redirect(f"{reverse('cohorts:cohort', args=[plan.cohort.pk])}#set")
    context = {"cohort": plan.cohort, "plan": plan, "modules": modules, "fill": fill, "filled": fills}
    response = page(request, "cohorts/schedule.html", context, form)
    response.status_code = 422 if fill.errors else response.status_code
    return response
