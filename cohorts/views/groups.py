"""The groups of a cohort, for its staff: listed, made, renamed, deleted."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.addresses import require_button
from accounts.pages import PersonRequest, page, posted
from cohorts import groups as grouping
from cohorts.forms.people import GroupForm
from cohorts.models import Cohort, Group
from cohorts.pages import locked


@never_cache
def groups(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show the groups with how many are in each, and make one. At most 8 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    form = GroupForm(posted(request))
    with locked(request, cohort):
        if form.is_valid():
            grouping.named(cohort, form.cleaned_data["name"])
            return redirect("cohorts:groups", cohort_id)
    return _page(request, cohort, form)


def _page(request: PersonRequest, cohort: Cohort, form: GroupForm, changed: Group | None = None) -> HttpResponse:
    """Return the page; `form` is the one that was sent, for a new group or for the one that is to be `changed`."""
    rows = list(cohort.groups.annotate(count=Count("enrolments")).order_by("name", "pk"))
    context = {"cohort": cohort, "groups": rows, "changed": changed, "new": GroupForm() if changed else form}
    return page(request, "cohorts/groups.html", context, form)


@require_button("cohorts:groups", "cohort_id")
@never_cache
def group(request: PersonRequest, cohort_id: int, group: int) -> HttpResponse:
    """Give a group another name; one that another group has is refused."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        row = get_object_or_404(cohort.groups, pk=group)
        form = GroupForm(request.POST, prefix=f"group-{row.pk}")
        if form.is_valid():
            if grouping.rename(row, form.cleaned_data["name"]):
                messages.success(request, _("The group has another name."))
                return redirect("cohorts:groups", cohort_id)
            form.add_error("name", GroupForm.refused)
    return _page(request, cohort, form, row)


@require_button("cohorts:groups", "cohort_id")
def group_delete(request: PersonRequest, cohort_id: int, group: int) -> HttpResponse:
    """Delete a group; its people stay in the cohort, in none."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        grouping.disband(get_object_or_404(cohort.groups, pk=group))
    messages.success(request, _("The group is gone. Its people are in the cohort as before."))
    return redirect("cohorts:groups", cohort_id)
