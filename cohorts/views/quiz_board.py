"""The board of quizzes of the staff: who has begun, handed in and passed which, searched and filtered."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.folding import cut
from accounts.pages import PersonRequest, page, page_of
from cohorts.models import Cohort
from cohorts.quiz_board import SHOWN, quiz_board_of


@require_safe
@never_cache
def quiz_board(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show learners by quizzes of the staff, a hundred a page, to the cohort's staff. At most 8 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    board = quiz_board_of(cohort, timezone.now())
    show = request.GET.get("show", "")
    chosen, words = show if show in SHOWN else SHOWN[0], cut(request.GET.get("q", "")).strip()
    rows = page_of(request, board.among(chosen, words))
    filters = {
        "all": _("All learners"),
        "late": _("Something overdue"),
        "soon": _("Due this week"),
        "none": _("Nothing handed in"),
    }
    query = urlencode({name: value for name, value in (("show", chosen), ("q", words)) if value})
    context = {"cohort": cohort, "board": board, "rows": rows, "lines": board.lines(list(rows)), "query": query}
    return page(
        request, "cohorts/quiz_board.html", context | {"filters": filters.items(), "chosen": chosen, "words": words}
    )
