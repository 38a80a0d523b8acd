"""What a class knows, for its staff."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page
from cohorts.knowledge import knowledge_of, spans_of
from cohorts.models import Cohort


@require_safe
@never_cache
def knowledge(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show certainty beside outcome, hits and false alarms, and how long quizzes were open. At most 9 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    spans = spans_of(cohort.assignments.all(), cohort.quiz_assignments.all())
    context = {"cohort": cohort, "known": knowledge_of(cohort.assignments.all()), "spans": spans}
    context["has_spans"] = not all(span.is_silent for span in spans)
    return page(request, "cohorts/knowledge.html", context)
