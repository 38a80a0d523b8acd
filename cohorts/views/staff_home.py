"""The cohorts of whoever asks: for staff the day's work, for those who learn the list."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.compiled import ID, Compiled
from accounts.pages import PersonRequest, page, page_of
from cohorts.grouped import COHORTS
from cohorts.models import Enrolment, Role
from cohorts.staff_home import staff_home
from quizzes.models import Report

PLACES = Compiled(
    lambda user: (
        Enrolment.objects.current().of(user).select_related("cohort").with_size().order_by("-joined_at", "-pk")
    ),
    user=ID,
)
UNTOLD = Compiled(lambda user: Enrolment.objects.of(user).untold().order_by("removed_at", "pk"), user=ID)


@require_safe
@never_cache
def cohorts(request: PersonRequest) -> HttpResponse:
    """Show the cohorts that this person is in; to their staff what there is to do. At most 12 queries, 5 for others."""
    rows = PLACES(user=request.user.pk)
    current = [row for row in rows if not row.cohort.archived_at]
    taught = [row for row in current if row.is_staff]
    context = {
        "places": [row for row in current if not row.is_staff],
        "archived": [row for row in rows if row.cohort.archived_at],
        "untold": UNTOLD(user=request.user.pk),
        "leads": any(row.role == Role.LEAD for row in current),
    }
    if not taught:
        return page(request, "cohorts/cohorts.html", context)
    shown = page_of(request, taught, COHORTS)
    home = staff_home({row.cohort: row.learner_count for row in shown}, timezone.now())
    reports = Report.objects.filter(closed_at=None).count() if request.user.is_staff else 0
    return page(request, "cohorts/staff_home.html", context | {"rows": shown, "home": home, "reports": reports})
