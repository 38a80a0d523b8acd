"""Quizzes that staff set: for a cohort, by when, with its marks; and how a learner begins one."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button
from accounts.models import User
from accounts.pages import PersonRequest, page, page_of, posted
from cohorts.forms.quizzes import ChangeQuizTermsForm, SetQuizForm
from cohorts.members import learners_in_order
from cohorts.models import Cohort, QuizAssignment
from cohorts.pages import locked
from cohorts.set_quizzes import begin, missing, outcomes, seen_by
from quizzes.models import Quiz
from quizzes.models.quizzes import NotBegun


def _set_quiz(request: PersonRequest, cohort_id: int, number: int) -> QuizAssignment:
    """Return the quiz that is set under that number in a cohort that this person teaches, or 404. One query."""
    rows = QuizAssignment.objects.taught_by(request.user).select_related("cohort", "quiz")
    return get_object_or_404(rows, cohort=cohort_id, pk=number)


@never_cache
def set_quiz_new(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Set a quiz of one's own for a cohort that goes on; what is set already is led to. At most 12 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id, archived_at=None)
    with locked(request, cohort):
        if request.method == "POST":
            User.objects.hold(request.user.pk)  # so that the quiz is not deleted meanwhile
        quizzes = Quiz.objects.edited_by(request.user).order_by("title", "pk")
        form = SetQuizForm(cohort, quizzes, posted(request), request.GET.get("quiz"))
        if form.is_valid():
            row, made = cohort.quiz_assignments.get_or_create(quiz=form.cleaned_data["quiz"], defaults=form.terms)
            if made:
                row.reach()
                messages.success(request, _("The quiz is set."))
            else:
                messages.info(request, _("This quiz is set here already: its dates are changed on its own page."))
            return redirect(row)
    return page(
        request, "cohorts/set_quiz_form.html", {"cohort": cohort, "row": None, "has_any": quizzes.exists()}, form
    )


@require_safe
@never_cache
def set_quiz(request: PersonRequest, cohort_id: int, set_quiz: int) -> HttpResponse:
    """Show the learners of a cohort with what counts of a quiz: best mark, how many, when. At most 12 queries."""
    row, now = _set_quiz(request, cohort_id, set_quiz), timezone.now()
    rows = page_of(request, learners_in_order(row.cohort_id))
    lines = [(outcome, outcome.is_late(row, now)) for outcome in outcomes(row, list(rows))]
    context = {"cohort": row.cohort, "row": row, "rows": rows, "lines": lines, "missing": missing(row).count()}
    context["is_own"] = Quiz.objects.edited_by(request.user).filter(pk=row.quiz_id).exists()
    return page(request, "cohorts/set_quiz.html", context)


@never_cache
def set_quiz_dates(request: PersonRequest, cohort_id: int, set_quiz: int) -> HttpResponse:
    """Change when a quiz opens, is due and closes in a cohort, and whether it counts for marks there."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        row = _set_quiz(request, cohort_id, set_quiz)
        form = ChangeQuizTermsForm(cohort, row, posted(request))
        if form.is_valid():
            for name, value in form.terms.items():
                setattr(row, name, value)
            row.save()
            row.reach()
            messages.success(request, _("Saved."))
            return redirect(row)
    return page(request, "cohorts/set_quiz_form.html", {"cohort": cohort, "row": row, "has_any": True}, form)


@require_button("cohorts:set_quiz", "cohort_id", "set_quiz")
def set_quiz_take_back(request: PersonRequest, cohort_id: int, set_quiz: int) -> HttpResponseRedirect:
    """Take a quiz back from a cohort: nobody begins it there any more, and what was handed in stays its learners'."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        _set_quiz(request, cohort_id, set_quiz).delete()
    messages.success(request, _("The quiz is taken back. What learners handed in stays theirs."))
    return redirect(cohort)


@require_button("cohorts:quiz", "quiz")
def quiz_begin(request: PersonRequest, quiz: int) -> HttpResponseRedirect:
    """Begin a quiz that is set for whoever asks, or go on with the open attempt."""
    row = get_object_or_404(seen_by(request.user), pk=quiz)
    try:
        return redirect(begin(request.user, row, timezone.now()))
    except NotBegun as reason:
        messages.info(request, reason.answer)
        return redirect(row)
