"""A cohort's own notes to sections, written by its staff and read by its members on the section's page."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page, posted
from cohorts.forms.marks import NoteForm
from cohorts.models import Cohort
from cohorts.pages import locked
from lessons.models import Section


@require_safe
@never_cache
def notes(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show the sections that are set, each with the cohort's note to it, for its staff. At most 12 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    texts = dict(cohort.notes.values_list("section", "text"))
    rows = [(section, texts.get(section.pk)) for section in _sections(cohort)]
    return page(request, "cohorts/notes.html", {"cohort": cohort, "rows": rows})


def _sections(cohort: Cohort) -> list[Section]:
    """Return the live sections that are set for the cohort, in order. 3 queries."""
    assignments = cohort.assignments.by_due_date()
    modules = {assignment.module_id for assignment in assignments}
    sections = Section.objects.live().filter(module__in=modules).select_related("module")
    return [
        section
        for section in sections.order_by("module", "position")
        if any(assignment.covers(section) for assignment in assignments)
    ]


@never_cache
def note(request: PersonRequest, cohort_id: int, section_id: int) -> HttpResponse:
    """Write or change one note, or take it away by leaving it empty."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    section = next((row for row in _sections(cohort) if row.pk == section_id), None)
    if section is None:
        raise Http404
    with locked(request, cohort):
        existing = cohort.notes.filter(section=section).first()
        form = NoteForm(posted(request), initial={"text": existing.text if existing else ""})
        if form.is_valid():
            cohort.write_note(section, form.cleaned_data["text"])
            messages.success(request, _("The note is saved."))
            return redirect("cohorts:notes", cohort_id)
    return page(request, "cohorts/note.html", {"cohort": cohort, "section": section}, form)
