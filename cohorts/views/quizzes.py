"""Quizzes that somebody makes: the list of one's own, one quiz, what it asks, on paper, how it does, a trial."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.addresses import require_button, require_page
from accounts.models import User
from accounts.pages import PersonRequest, page, page_of, posted
from accounts.teaching import for_teachers
from cohorts.forms.once import press_of
from cohorts.forms.quizzes import EditQuizForm, FromBankForm, NewQuizForm
from cohorts.models import Cohort
from cohorts.quizzes import (
    asked_of_others,
    bank_rows,
    banks_for,
    choose,
    delete_unused,
    make,
    offered,
    parts_of,
    title_of,
)
from cohorts.set_quizzes import own_quiz, seen_by
from quizzes import item_statistics
from quizzes.models import Attempt, Bank, Quiz
from quizzes.models.quizzes import NothingToAsk
from quizzes.paper import paper_context

VERSIONS = ("a", "b")  # of a quiz on paper: the same questions in two orders


@require_safe
@never_cache
@for_teachers
def quizzes(request: PersonRequest) -> TemplateResponse:
    """Show the quizzes that one has made, and the cohorts for which they are set. At most 10 queries."""
    rows = Quiz.objects.edited_by(request.user).prefetch_related("assignments__cohort").order_by("title", "pk")
    return page(request, "cohorts/quizzes.html", {"rows": page_of(request, rows), "taught": _taught(request)})


@require_page
@never_cache
@for_teachers
def quiz_new(request: PersonRequest) -> HttpResponseBase:
    """Make a quiz; what it asks is chosen next."""
    form = NewQuizForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return redirect(make(request.user, form.values, press_of(form, request.user, "quizzes")))
    return page(request, "cohorts/quiz_form.html", {"quiz": None}, form)


@require_page
@never_cache
@for_teachers
def quiz_edit(request: PersonRequest, quiz: int) -> HttpResponseBase:
    """Change title, threshold, attempts and certainty of a quiz of one's own."""
    with transaction.atomic():
        row = _held(request, quiz)
        form = EditQuizForm(row, posted(request))
        if request.method == "POST" and form.is_valid():
            for name, value in form.values.items():
                setattr(row, name, value)
            row.save()
            messages.success(request, _("Saved."))
            return redirect(row)
    return page(request, "cohorts/quiz_form.html", {"quiz": row}, form)


@require_page
@never_cache
@for_teachers
def quiz_delete(request: PersonRequest, quiz: int) -> HttpResponseBase:
    """Ask whether a quiz of one's own is to go, and delete it; or say why it stays, and what can be done instead."""
    with transaction.atomic():
        row = _held(request, quiz)
        if request.method == "POST" and delete_unused(Quiz.objects.filter(pk=row.pk)):
            messages.success(request, _("The quiz is deleted."))
            return redirect("cohorts:quizzes")
        context = {"quiz": row, "set_for": list(row.assignments.select_related("cohort").order_by("pk"))}
        context["taught"] = _taught(request)
        context["is_sat"] = row.attempts.filter(is_trial=False).exists()
    answer = page(request, "cohorts/quiz_delete.html", context)
    answer.status_code = 409 if request.method == "POST" else 200
    return answer


def _taught(request: PersonRequest) -> set[int]:
    """Return the ids of the cohorts that this person teaches: the pages of others are not theirs. One query."""
    return set(Cohort.objects.taught_by(request.user).values_list("pk", flat=True))


def _held(request: PersonRequest, quiz: int) -> Quiz:
    """Return the quiz of that number that this person changes, or 404; before a write, with their row held."""
    if request.method == "POST":
        User.objects.hold(request.user.pk)
    return get_object_or_404(Quiz.objects.edited_by(request.user), pk=quiz)


@require_safe
@never_cache
def quiz(request: PersonRequest, quiz: int) -> HttpResponse:
    """Show a quiz: to its owner what it asks and where it is set, to its learners the way to begin. At most 15 queries.

    A learner needs at most 8. Its owner may be one where somebody else teaches the cohort, and is shown both.
    """
    row = get_object_or_404(seen_by(request.user).select_related("owner"), pk=quiz)
    mine = own_quiz(row, request.user, timezone.now())
    if row.owner_id == request.user.pk and request.user.may_teach:
        rows = bank_rows(row, request.user)
        cohorts = Cohort.objects.taught_by(request.user).filter(archived_at=None).order_by("name", "pk")
        set_rows = {one.cohort_id: one for one in row.assignments.all()}
        context = {"quiz": row, "banks": rows, "asked": sum(one.ticked + one.drawn for one in rows)}
        context |= {"size": mine.size, "is_set": bool(set_rows), "mine": mine}
        context |= {"cohorts": [(cohort, set_rows.get(cohort.pk)) for cohort in cohorts]}
        return page(request, "cohorts/quiz.html", context)
    return page(request, "cohorts/quiz_to_sit.html", {"quiz": row, "mine": mine})


@require_page
@never_cache
@for_teachers
def quiz_bank(request: PersonRequest, quiz: int, bank: int) -> HttpResponseBase:
    """Choose what a quiz asks of one bank: items that are ticked, and how many are drawn. At most 12 queries."""
    with transaction.atomic():
        row = _held(request, quiz)
        place = get_object_or_404(banks_for(row, request.user), pk=bank)
        is_open = Bank.objects.seen_by(request.user).filter(pk=place.pk).exists()
        items, rules = offered(row, place, is_open), list(row.rules.filter(bank=place))
        ticked = list(row.items.filter(bank=place).values_list("pk", flat=True))
        parts, others = parts_of(items if is_open else [], rules), asked_of_others(row, place)
        form = FromBankForm(items, parts, ticked, rules, others, posted(request))
        if request.method == "POST" and form.is_valid():
            choose(row, place, items, list(form.cleaned_data["items"]), form.sizes)
            messages.success(request, _("Saved. Whoever has begun keeps the questions that they have."))
            return redirect(row)
    context = {"quiz": row, "title": title_of(place, is_open), "is_open": is_open, "count": len(items)}
    return page(request, "cohorts/quiz_bank.html", context, form)


@require_button("cohorts:quiz", "quiz")
def quiz_try(request: PersonRequest, quiz: int) -> HttpResponse:
    """Begin a trial of one's own quiz, as a learner sits it, or go on with the open one: it counts nowhere."""
    row = get_object_or_404(Quiz.objects.edited_by(request.user), pk=quiz)
    try:
        return redirect(Attempt.start_own(request.user, row, timezone.now(), is_trial=True))
    except NothingToAsk:
        messages.info(request, _("It asks nothing yet. Choose its questions first."))
        return redirect(row)


@require_safe
@never_cache
@for_teachers
def quiz_paper(request: PersonRequest, quiz: int, version: str) -> TemplateResponse:
    """Show a quiz to print, in one of two orders: to hand out, to write answers on, its key. At most 8 queries."""
    row = get_object_or_404(Quiz.objects.edited_by(request.user), pk=quiz)
    if version not in VERSIONS:
        raise Http404
    items = row.items_in_order(row.pk * len(VERSIONS) + VERSIONS.index(version))
    context = {"quiz": row, "versions": VERSIONS, "version": version, **paper_context(request.GET, items)}
    return page(request, "cohorts/quiz_paper.html", context)


@require_safe
@never_cache
@for_teachers
def quiz_statistics(request: PersonRequest, quiz: int) -> TemplateResponse:
    """Show how a quiz of one's own does: its questions, those to be looked at first, and it as a whole. 9 queries.

    What it asks of a bank that is open to its owner no more is left out.
    """
    row = get_object_or_404(Quiz.objects.edited_by(request.user), pk=quiz)
    banks = Bank.objects.seen_by(request.user)
    context = {"quiz": row, **item_statistics.in_figures(item_statistics.of_quiz(row, banks))}
    context["sittings"] = next(iter(item_statistics.sittings_of_quiz(row)), None)
    context["has_closed"] = row.items.exclude(bank__in=banks.values("pk")).exists()
    return page(request, "cohorts/quiz_statistics.html", context)
