"""A text that reminds, for the staff of a cohort to paste where they reach it: nothing is sent, and nothing stored."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page
from cohorts.board import board_of
from cohorts.forms.reminders import ReminderForm
from cohorts.models import Cohort
from cohorts.pages import cohort_with_assignments, join_address, modules_of
from cohorts.quiz_board import QuizBoard, quiz_board_of
from cohorts.quiz_marks import quizzes_beside
from cohorts.reminders import Who, counts_of, next_date, text_of


@require_safe
@never_cache
def reminder(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show the text, the address in it as a QR code, and whom it may be for. At most 12 queries."""
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    modules, module = modules_of(assignments, request.GET.get("module"))
    now = timezone.now()
    if module:
        beside = quizzes_beside(cohort, module, assignments)
        board = board_of(cohort, module, assignments, now, quizzes=beside)
        quizzes = QuizBoard(beside, board.roll.members, now)
    else:
        board, quizzes = None, quiz_board_of(cohort, now)
    counts, date = counts_of(board, quizzes), next_date(board, quizzes)
    form = ReminderForm(request.GET if "who" in request.GET else None, counts)
    values = form.cleaned_data if form.is_valid() else form.initial
    who, language = Who(values["who"]), values["language"]
    count = counts.get(who, 0)
    with override(language):
        address = _address(request, cohort, who)
        title = module.title if module and values.get("with_title") else ""
        text = text_of(who, count, address, cohort, date, title, lessons=module is not None)
    context = {"cohort": cohort, "module": module, "modules": modules, "who": who, "count": count}
    return page(
        request, "cohorts/reminder.html", context | {"language": language, "address": address, "text": text}, form
    )


def _address(request: PersonRequest, cohort: Cohort, who: str) -> str:
    """Return where the text leads, in the active language: the cohort's page, or the way into it, if it is open."""
    if who == Who.NOT_JOINED:
        return join_address(request, cohort.grouped_code)
    return request.build_absolute_uri(cohort.get_absolute_url())
