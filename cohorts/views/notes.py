"""A cohort's own notes to sections, written by its staff and read by its members on the section's page."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.pages import PersonRequest, page, posted
from cohorts.forms.marks import NoteForm
from cohorts.models import Cohort
from lessons.models import Section


@require_GET
@never_cache
def notes(request: PersonRequest, cohort: int) -> HttpResponse:
    """The sections that are set, each with the cohort's note to it, for its staff. At most 12 queries."""
    found = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort)
    texts = dict(found.notes.values_list("section", "text"))
    rows = [(section, texts.get(section.pk)) for section in _sections(found)]
    return page(request, "cohorts/notes.html", {"cohort": found, "rows": rows})


def _sections(cohort: Cohort) -> list[Section]:
    """The live sections that are set for the cohort, in order. 3 queries."""
    assignments = cohort.assignments.by_due_date()
    modules = {assignment.module_id for assignment in assignments}
    sections = Section.objects.live().filter(module__in=modules).select_related("module")
    return [
        section
        for section in sections.order_by("module", "position")
        if any(assignment.covers(section) for assignment in assignments)
    ]


@never_cache
def note(request: PersonRequest, cohort: int, section_id: int) -> HttpResponse:
    """One note: written, changed, or taken away by leaving it empty."""
    found = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort)
    section = next((each for each in _sections(found) if each.pk == section_id), None)
    if section is None:
        raise Http404
    existing = found.notes.filter(section=section).first()
    form = NoteForm(posted(request), initial={"text": existing.text if existing else ""})
    if request.method == "POST" and form.is_valid():
        found.write_note(section, form.cleaned_data["text"])
        messages.success(request, _("The note is saved."))
        return redirect("cohorts:notes", cohort)
    return page(request, "cohorts/note.html", {"cohort": found, "section": section}, form)
