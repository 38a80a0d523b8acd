"""Forms of what staff do about one learner: a later date, more time, an excuse, a mark set by hand."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy
from cohorts.forms.basis import BASIS, Based
from cohorts.forms.cohorts import LOCAL
from cohorts.models import Assignment, Extension, HandMark

REASON = forms.Textarea({"rows": 3})


class ExtensionForm(Based, Crispy, forms.Form):
    """What holds for one person instead of what is set for all; the date is read in the cohort's time zone."""

    due_at = forms.DateTimeField(
        label=_("Due later"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL)
    )
    extra_minutes = forms.IntegerField(
        label=_("More minutes for the exam"), required=False, min_value=1, max_value=1440
    )
    exam_attempts = forms.IntegerField(label=_("More exam attempts"), required=False, min_value=1, max_value=20)
    is_excused = forms.BooleanField(
        label=_("Excused"), required=False, help_text=_("Nothing of it is ever called late.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=REASON, help_text=_("The learner reads it too."))

    def __init__(self, assignment: Assignment, extension: Extension | None, data: QueryDict | None) -> None:
        self.assignment, self.zone = assignment, assignment.cohort.zone
        initial = self._initial(extension) if extension else {}
        super().__init__(data, initial=initial, changed=(extension.made_by if extension else None, None))
        sentence = _("Date and time in %(zone)s, like 2026-11-30T18:00.") % {"zone": assignment.cohort.time_zone}
        self.fields["due_at"].help_text = sentence

    def _initial(self, extension: Extension) -> dict[str, Any]:
        values = {name: getattr(extension, name) for name in ("extra_minutes", "exam_attempts", "is_excused", "reason")}
        return values | {"due_at": extension.due_at and extension.due_at.astimezone(self.zone).strftime(LOCAL)}

    def full_clean(self) -> None:
        with timezone.override(self.zone):
            super().full_clean()

    def clean_due_at(self) -> datetime | None:
        due_at, common = self.cleaned_data["due_at"], self.assignment.due_at
        if due_at and common is None:
            raise ValidationError(_("Nothing is due here, so nothing can be due later: leave the date empty."))
        if due_at and common and due_at <= common:
            raise ValidationError(_("Choose a date after the one that is set for everybody."))
        return due_at

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        granted = ("due_at", "extra_minutes", "exam_attempts", "is_excused")
        if not self.errors and not any(values.get(name) for name in granted):
            raise ValidationError(_("Give a later date, more time, more attempts or an excuse."))
        return values

    @property
    def fields_of_row(self) -> dict[str, Any]:
        """Return what the Extension keeps of a valid form."""
        values = {name: value for name, value in self.cleaned_data.items() if name != BASIS}
        minutes = values.pop("extra_minutes")
        return values | {"extra_time": timedelta(minutes=minutes) if minutes else None}


class HandMarkForm(Based, Crispy, forms.Form):
    """A mark beside the one that counts now, if any: it is read in knowledge of that."""

    points = forms.IntegerField(
        label=_("Points of 100"), min_value=0, max_value=100, widget=forms.NumberInput({"inputmode": "numeric"})
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=REASON, help_text=_("The learner reads it too."))

    def __init__(self, data: QueryDict | None, current: HandMark | None) -> None:
        changed = (current.made_by, current.made_at) if current else (None, None)
        super().__init__(data, beside=current.pk if current else "", changed=changed)

    @property
    def score(self) -> Decimal:
        """Return the points as a score from 0 to 1."""
        return Decimal(self.cleaned_data["points"]) / 100


class NoteForm(Based, Crispy, forms.Form):
    text = forms.CharField(
        label=_("The note"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Plain text, at most 4,000 characters. Empty: no note."),
    )
