"""What is set for a cohort: one assignment made, changed and deleted, and a later date for some."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.addresses import LARGEST_NUMBER, require_button
from accounts.pages import PersonRequest, page, page_of, posted
from cohorts import later as later_dates
from cohorts.exams import practised_sections
from cohorts.forms.assignments import AssignmentForm, LaterForm
from cohorts.forms.basis import BASIS
from cohorts.forms.once import press_of
from cohorts.models import Assignment, Cohort
from cohorts.pages import locked, sections_for_teaching


@never_cache
def assignment_new(request: PersonRequest, cohort_id: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        return _edit(request, cohort, Assignment(cohort=cohort))


@never_cache
def assignment(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    rows = cohort.assignments.select_related("module").with_sections()
    with locked(request, cohort):
        return _edit(request, cohort, get_object_or_404(rows, pk=assignment))


def _edit(request: PersonRequest, cohort: Cohort, row: Assignment) -> HttpResponse:
    form = AssignmentForm(cohort, row, request.user, posted(request))
    if form.is_valid():
        if row.pk is None:
            row.press = press_of(form, request.user, f"assignments of {cohort.pk}")
            if row.press and cohort.assignments.filter(press=row.press).exists():
                messages.info(request, _("This was set already, and stands once. It can be changed on its own page."))
                return redirect(cohort)
        with transaction.atomic():
            form.save()
            reached = row.terms.reach(timezone.now())
        messages.success(request, _("The assignment is saved."))
        if reached:
            messages.success(request, _("Exams that run now have the later end too."))
        if practised := practised_sections(row):
            messages.warning(request, _practised(practised))
        return redirect(cohort)
    practised = practised_sections(row) if row.pk else 0
    context = {"cohort": cohort, "assignment": row, "practised": _practised(practised) if practised else ""}
    context["sections"] = sections_for_teaching(request.user, [row] if row.pk else [])
    return page(request, "cohorts/assignment.html", context, form)


def _practised(sections: int) -> str:
    """Say that the exam draws items whose answers learners may have seen."""
    sentence = ngettext(
        "In %(count)d section the exam takes items that are practised too: whoever practised has seen their answers.",
        "In %(count)d sections the exam takes items that are practised too: whoever practised has seen their answers.",
        sections,
    )
    return sentence % {"count": sections}


@require_button("cohorts:assignment", "cohort_id", "assignment")
def assignment_delete(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort):
        row = get_object_or_404(cohort.assignments, pk=assignment)
        form = AssignmentForm(cohort, row, request.user, None)
        if not form.rests_on(request.POST.get(BASIS)):
            messages.warning(request, form.newer_than_this)
            return redirect(row)
        if row.certificates.exists():
            messages.error(request, _("Certificates were issued for it, so it stays: they point at it."))
            return redirect(row)
        row.delete()
    messages.success(request, _("The assignment is deleted. Nobody’s work is."))
    return redirect(cohort)


@never_cache
def later(request: PersonRequest, cohort_id: int, assignment: int) -> HttpResponse:
    """Give several people a later date at once, chosen from a page of sixty. At most 12 queries to be looked at."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    with locked(request, cohort) as cohort:
        row = get_object_or_404(cohort.assignments.select_related("module").with_sections(), pk=assignment)
        form = LaterForm(row, later_dates.MOST, posted(request))
        if form.is_valid():
            people, values = form.cleaned_data["people"], form.cleaned_data
            now = timezone.now()
            done = later_dates.give(row, people, values["due_at"], values["reason"], request.user, now)
            _say_given(request, len(done), len(people) - len(done))
            return redirect(row)
    group = request.GET.get("group", "")[:20]
    number = int(group) if group.isdecimal() and int(group) <= LARGEST_NUMBER else None
    text = request.GET.get("q", "")
    rows = page_of(request, later_dates.people_like(cohort, text, number), later_dates.MOST)
    extensions = row.extensions.filter(enrolment__in=list(rows)).by_enrolment()
    context = {
        "cohort": cohort,
        "assignment": row,
        "rows": rows,
        "people": [(place, extensions.get((row.pk, place.pk))) for place in rows],
        "groups": list(cohort.groups.order_by("name")),
        "group": number,
        "text": text,
        "query": urlencode({name: value for name, value in (("q", text), ("group", group)) if value}),
    }
    return page(request, "cohorts/later.html", context, form)


def _say_given(request: PersonRequest, moved: int, kept: int) -> None:
    sentence = ngettext("%(count)d person has the later date now.", "%(count)d people have the later date now.", moved)
    messages.success(request, sentence % {"count": moved})
    if kept:
        sentence = ngettext(
            "%(count)d person keeps what they have: a date as late or later, or an excuse.",
            "%(count)d people keep what they have: a date as late or later, or an excuse.",
            kept,
        )
        messages.info(request, sentence % {"count": kept})
