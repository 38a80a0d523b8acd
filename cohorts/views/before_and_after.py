"""Before and after the lessons, for the staff of a cohort."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page
from cohorts.before_and_after import sections_compared
from cohorts.models import Cohort
from cohorts.set_quizzes import quizzes_of


@require_safe
@never_cache
def before_and_after(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show the staff of a cohort how the same items were answered in a quiz and later on. At most 9 queries.

    Unless `before` names another quiz that is set there it is the first to open; unless `after` names one, later on is
    in the quizzes of its sections.
    """
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    quizzes = quizzes_of(cohort)
    named = {str(row.pk): row for row in quizzes}
    before = named.get(request.GET.get("before", ""), quizzes[0] if quizzes else None)
    others = [row for row in quizzes if row != before]
    after = named.get(request.GET.get("after", ""))
    after = after if after in others else None
    context = {"cohort": cohort, "quizzes": quizzes, "others": others, "before": before, "after": after}
    context["sections"] = sections_compared(before, after) if before else []
    return page(request, "cohorts/before_and_after.html", context)
