"""A cohort's own notes, to all or to a section, written by its staff and read by its members."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import PersonRequest, page, posted
from cohorts.class_notes import LASTS, is_read
from cohorts.forms.marks import NoteForm
from cohorts.models import Cohort
from cohorts.pages import locked
from lessons.models import Section


@require_safe
@never_cache
def notes(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Show the note to all, and the sections that are set with the note to each, for its staff. At most 12 queries."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    by_section = {row.section_id: row for row in cohort.notes.all()}
    rows = [(section, by_section.get(section.pk)) for section in _sections(cohort)]
    to_all = by_section.get(None)
    context = {"cohort": cohort, "rows": rows, "to_all": to_all, "days": LASTS.days}
    context["is_read"] = to_all is not None and is_read(to_all.written_at, timezone.now())
    return page(request, "cohorts/notes.html", context)


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
    """Write or change the note to one section, or take it away by leaving it empty."""
    cohort = get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id)
    section = next((row for row in _sections(cohort) if row.pk == section_id), None)
    if section is None:
        raise Http404
    return _write(request, cohort, section)


@never_cache
def note_to_all(request: PersonRequest, cohort_id: int) -> HttpResponse:
    """Write the note to all, which is read for two weeks from then on, or take it away by leaving it empty."""
    return _write(request, get_object_or_404(Cohort.objects.taught_by(request.user), pk=cohort_id), None)


def _write(request: PersonRequest, cohort: Cohort, section: Section | None) -> HttpResponse:
    with locked(request, cohort):
        existing = cohort.notes.filter(section=section).first()
        form = NoteForm(posted(request), initial={"text": existing.text if existing else ""})
        if form.is_valid():
            cohort.write_note(section, form.cleaned_data["text"], timezone.now())
            messages.success(request, _("The note is saved."))
            return redirect("cohorts:notes", cohort.pk)
    return page(request, "cohorts/note.html", {"cohort": cohort, "section": section, "days": LASTS.days}, form)
