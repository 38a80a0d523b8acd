"""What a class misses, for its staff: which items, what was chosen instead, and what to do with it in class."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.addresses import require_page
from accounts.pages import PersonRequest, page, posted
from cohorts.forms.once import press_of
from cohorts.forms.quizzes import AgainForm
from cohorts.misses import missed_items, offers
from cohorts.pages import cohort_with_assignments, modules_of, sections_for_teaching
from cohorts.quizzes import USUAL, make
from lessons import days


@require_page
@never_cache
def misses(request: PersonRequest, cohort_id: int) -> HttpResponseBase:
    """Show the items that most learners of a cohort missed, to its staff. At most 11 queries.

    Whoever may see keys makes a quiz of their own of those that they tick.
    """
    cohort, assignments = cohort_with_assignments(request.user, cohort_id)
    may_teach = request.user.may_teach
    if request.method == "POST" and not may_teach:
        raise Http404
    modules, chosen = modules_of(assignments, request.GET.get("module"))
    quizzes = cohort.quiz_assignments.all()
    rows = missed_items(cohort.assignments.filter(module=chosen), quizzes, chosen, may_teach)
    offered = offers(rows, request.user)
    form = AgainForm(offered, posted(request)) if may_teach else None
    if form and form.is_valid():
        title = _("Once again, %(date)s") % {"date": days.in_words(timezone.now().astimezone(cohort.zone))}
        press = press_of(form, request.user, f"misses of {cohort.pk}")
        quiz = make(request.user, {"title": title, "threshold": USUAL}, press, form.cleaned_data["items"])
        messages.success(request, _("The quiz is made. Look at what it asks, then set it for your cohort below."))
        return redirect(quiz)
    context = {"cohort": cohort, "modules": modules, "chosen": chosen, "offered": offered}
    context["is_set"] = chosen or quizzes.exists()
    context["sections"] = sections_for_teaching(request.user, (row for row in assignments if row.module == chosen))
    return page(request, "cohorts/misses.html", context, form)
