"""Slips of paper that bring learners in, for a cohort's staff: twelve to a sheet, in the language of the class."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import urlencode
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.names import sort_key
from accounts.pages import PersonRequest, page, page_of
from cohorts.forms.slips import SlipsForm
from cohorts.models import Cohort, Enrolment
from cohorts.pages import join_address

SHEET = 12
SLIPS = 5 * SHEET


@dataclass(frozen=True)
class Slip:
    """What is printed for one learner; without a name it holds the code of the cohort."""

    code: str
    address: str
    name: str = ""
    number: str = ""
    group: str = ""


@require_safe
@never_cache
def slips(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show slips to print and cut: one for each place that nobody has taken, for one person, or without names.

    At most 6 queries.
    """
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    form = SlipsForm(list(cohort.groups.order_by("name", "pk")), request.GET)
    form.is_valid()
    values = form.cleaned_data
    language = values.get("language") or get_language()
    rows = page_of(request, _rows(cohort, values), SLIPS)
    context = {"cohort": cohort, "rows": rows, "language": language, "query": urlencode(form.kept)}
    with override(language):
        if (blank := values.get("blank")) and cohort.join_code:
            context |= {"are_blank": True, "slips": [_slip_of_all(request, cohort)] * blank}
        else:
            context["slips"] = [_slip(request, row) for row in rows]
    return page(request, "cohorts/slips.html", context, form)


def _rows(cohort: Cohort, values: dict) -> list[Enrolment]:
    """Return the places that wait for somebody, by name, of a group if one is chosen; or the one that is asked for."""
    rows = cohort.enrolments.current().learners().select_related("group", "user").filter(personal_code__isnull=False)
    if one := values.get("place"):
        return [row for row in rows.filter(pk=one) if row.open_code]
    rows = rows.filter(group=values["group"]) if values.get("group") else rows
    return sorted(rows.untaken(), key=lambda row: (sort_key(row.roster_name), row.pk))


def _slip(request: PersonRequest, row: Enrolment) -> Slip:
    group = row.group.name if row.group else ""
    address = join_address(request, row.open_code)
    return Slip(row.open_code, address, row.known_name, row.school_number, group)


def _slip_of_all(request: PersonRequest, cohort: Cohort) -> Slip:
    return Slip(cohort.grouped_code, join_address(request, cohort.grouped_code))
