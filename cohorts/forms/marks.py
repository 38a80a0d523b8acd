"""Forms of what staff do about one learner: a later date, more time, an excuse, a mark set by hand."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy
from cohorts import points
from cohorts.choices import ExamRule, Points
from cohorts.forms.basis import BASIS, Based
from cohorts.forms.moments import InZone, LocalMoment, local
from cohorts.models import Assignment, Comment, Extension, HandMark

REASON = forms.Textarea({"rows": 3})


class ExtensionForm(Based, InZone, Crispy, forms.Form):
    """What holds for one person instead of what is set for all; the date is read in the cohort's time zone."""

    due_at = LocalMoment(label=_("Due later"), required=False)
    is_excused = forms.BooleanField(
        label=_("Excused"), required=False, help_text=_("Nothing of it is ever called late.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=REASON, help_text=_("The learner reads it too."))
    nothing_granted = _("Give a later date or an excuse.")

    def __init__(self, assignment: Assignment, extension: Extension | None, data: QueryDict | None) -> None:
        self.assignment, self.zone = assignment, assignment.cohort.zone
        initial = self._initial(extension) if extension else {}
        super().__init__(data, initial=initial, changed=(extension.made_by if extension else None, None))
        self.fields["due_at"].help_text = _("Date and time in %(zone)s.") % {"zone": assignment.cohort.time_zone}

    def _initial(self, extension: Extension) -> dict[str, Any]:
        values = {name: getattr(extension, name) for name in self.base_fields}
        return values | {"due_at": local(extension.due_at, self.zone)}

    def clean_due_at(self) -> datetime | None:
        due_at, common = self.cleaned_data["due_at"], self.assignment.due_at
        if due_at and common is None:
            raise ValidationError(_("Nothing is due here, so nothing can be due later: leave the date empty."))
        if due_at and common and due_at <= common:
            raise ValidationError(_("Choose a date after the one that is set for everybody."))
        return due_at

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        granted = self.base_fields.keys() - {"reason"}
        if not self.errors and not any(values.get(name) for name in granted):
            raise ValidationError(self.nothing_granted)
        return values

    @property
    def fields_of_row(self) -> dict[str, Any]:
        """Return what the Extension keeps of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != BASIS}


class ExamExtensionForm(ExtensionForm):
    """The same where an exam is asked: more time and more attempts too."""

    extra_minutes = forms.IntegerField(
        label=_("More minutes for the exam"), required=False, min_value=1, max_value=1440
    )
    exam_attempts = forms.IntegerField(label=_("More exam attempts"), required=False, min_value=1, max_value=20)
    field_order = ("due_at", "extra_minutes", "exam_attempts")
    nothing_granted = _("Give a later date, more time, more attempts or an excuse.")

    @property
    def fields_of_row(self) -> dict[str, Any]:
        values = super().fields_of_row
        minutes = values.pop("extra_minutes")
        return values | {"extra_time": timedelta(minutes=minutes) if minutes else None}


def extension_form(assignment: Assignment, extension: Extension | None, data: QueryDict | None) -> ExtensionForm:
    """Return the form of one person's exceptions: about an exam only where one is asked."""
    kind = ExtensionForm if assignment.exam == ExamRule.NOT_ASKED else ExamExtensionForm
    return kind(assignment, extension, data)


class PointsField(forms.CharField):
    """Points of `whole` as people write them, with a comma or a point; cleaned they are a score from 0 to 1."""

    def __init__(self, *, whole: int, **kwargs: Any) -> None:
        mode = "numeric" if whole == Points.HUNDRED else "decimal"
        widget = forms.TextInput({"inputmode": mode, "size": 6, "autocomplete": "off"})
        super().__init__(label=Points(whole).label, max_length=20, widget=widget, **kwargs)
        self.whole = whole
        if whole == Points.TWENTY:
            self.help_text = _("Whole, half or quarter points, such as 15.5.")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        score = points.read(text, self.whole)
        if score is not None:
            return score
        if self.whole == Points.HUNDRED:
            raise ValidationError(_("Give whole points from 0 to 100."))
        raise ValidationError(_("Give whole, half or quarter points from 0 to 20, such as 15.5."))


class HandMarkForm(Based, Crispy, forms.Form):
    """A mark beside the one that counts now, if any: it is read in knowledge of that."""

    field_order = ["points", "reason"]
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=REASON, help_text=_("The learner reads it too."))

    def __init__(self, data: QueryDict | None, current: HandMark | None, whole: int) -> None:
        changed = (current.made_by, current.made_at) if current else (None, None)
        more_fields = {"points": PointsField(whole=whole)}
        super().__init__(data, beside=current.pk if current else "", changed=changed, more_fields=more_fields)

    @property
    def score(self) -> Decimal:
        """Return the points as a score from 0 to 1."""
        score: Decimal = self.cleaned_data["points"]
        return score


class CommentForm(Based, Crispy, forms.Form):
    text = forms.CharField(
        label=_("The comment"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Plain text, at most 2,000 characters; the learner alone reads it. Empty: no comment."),
    )

    def __init__(self, data: QueryDict | None, comment: Comment | None) -> None:
        changed = (comment.made_by, comment.made_at) if comment else (None, None)
        super().__init__(data, initial={"text": comment.text if comment else ""}, changed=changed)


class NoteForm(Based, Crispy, forms.Form):
    text = forms.CharField(
        label=_("The note"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Plain text, at most 4,000 characters. Web addresses become links. Empty: no note."),
    )
