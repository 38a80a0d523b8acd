"""What a class misses, for its staff: which items, what was chosen instead, and what to do with it in class."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page
from cohorts.misses import missed_items
from cohorts.pages import cohort_with_assignments, modules_of, sections_for_teaching


@require_safe
@never_cache
def misses(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show the items that most learners of a cohort missed, to its staff. At most 8 queries."""
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    modules, chosen = modules_of(assignments, request.GET.get("module"))
    context = {"cohort": cohort, "modules": modules, "chosen": chosen}
    if chosen:
        context["sections"] = sections_for_teaching(
            request.user, (row for row in assignments if row.module_id == chosen.pk)
        )
        context["rows"] = missed_items(cohort.assignments.filter(module=chosen), request.user.may_teach)
    return page(request, "cohorts/misses.html", context)
