"""The form of one assignment: what is set and by when, what late work counts, and what its exam is held to."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import LARGEST_NUMBER
from accounts.forms import Crispy
from accounts.models import User
from cohorts.choices import ExamRule, LateRule, WhichAttempt
from cohorts.forms.basis import Based
from cohorts.forms.moments import InZone, LateFields, LocalMoment, local
from cohorts.forms.once import add_press
from cohorts.models import Assignment, Cohort, Enrolment
from lessons.models import Module, Section


class RowsField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        """Refuse a number that no row can have here, since SQLite takes none to compare with."""
        for text in value or ():
            if not str(text).isdecimal() or len(str(text)) > 19 or int(text) > LARGEST_NUMBER:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(text)[:20]}
                )
        return super().clean(value)


class SectionsField(RowsField):
    def label_from_instance(self, section: Section) -> str:
        return f"{section.position}. {section.title}"


class ModuleField(forms.ModelChoiceField):
    def label_from_instance(self, module: Module) -> str:
        return module.title


COUNTS = [
    (WhichAttempt.BEST, _("The best attempt")),
    (WhichAttempt.LATEST, _("The latest attempt")),
    (WhichAttempt.FIRST, _("The first attempt")),
]
EXAM = [
    (ExamRule.NOT_ASKED, _("Not asked")),
    (ExamRule.OPEN, _("Open to those who want it")),
    (ExamRule.REQUIRED, _("Required: without it nothing is done")),
]


class AssignmentForm(Based, InZone, Crispy, LateFields, forms.ModelForm):
    """What is set and by when; the dates are read and shown in the cohort's time zone."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        required=False,
        help_text=_("Its learners read it. Empty: the name of the module, with the sections that are chosen."),
    )
    module = ModuleField(label=_("Module"), queryset=None, empty_label=None)
    sections = SectionsField(
        label=_("Sections"),
        queryset=None,
        required=False,
        help_text=_("Without a choice the whole module is set, with sections that are added later."),
        widget=forms.CheckboxSelectMultiple,
    )
    opens_at = LocalMoment(label=_("Opens"))
    due_at = LocalMoment(label=_("Due"), required=False)
    closes_at = LocalMoment(label=_("Closes"), required=False)
    is_required = forms.BooleanField(
        label=_("Required"), required=False, help_text=_("Only required work is ever called late.")
    )
    counts = forms.ChoiceField(
        label=_("Which attempt counts"),
        choices=COUNTS,
        initial=WhichAttempt.BEST,
        required=False,
        help_text=_("For the mark. What was passed once stays passed, whichever counts."),
    )
    exam = forms.ChoiceField(label=_("Exam over all sections"), choices=EXAM, required=False)
    exam_attempts = forms.IntegerField(
        label=_("Exam attempts"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Empty: as many as they like. Answers are shown after the last one, or past the due date."),
    )
    exam_minutes = forms.IntegerField(
        label=_("Minutes for the exam"),
        required=False,
        min_value=1,
        max_value=1440,
        help_text=_("Empty: no limit, which is best for most people."),
    )
    months_valid = forms.IntegerField(
        label=_("Months valid"),
        required=False,
        min_value=1,
        max_value=240,
        help_text=_(
            "For how long it counts as done, and its certificate is valid; passing again renews it. Empty: for good."
        ),
    )

    class Meta:
        model = Assignment
        fields = (
            *("title", "module", "sections", "opens_at", "due_at", "is_required", "closes_at"),
            *("late_rule", "late_points", "exam", "exam_attempts", "exam_minutes", "counts", "months_valid"),
        )

    def __init__(self, cohort: Cohort, assignment: Assignment, user: User, data: QueryDict | None) -> None:
        self.zone = cohort.zone
        opens_at = assignment.opens_at if assignment.pk else timezone.now()
        dates = {"opens_at": opens_at, "due_at": assignment.due_at, "closes_at": assignment.closes_at}
        initial: dict[str, Any] = {name: local(moment, self.zone) for name, moment in dates.items()}
        initial["late_points"] = assignment.less_points or None
        if assignment.pk:
            initial["sections"] = assignment.chosen()
        super().__init__(data, initial=initial, instance=assignment, is_new=assignment.pk is None)
        if assignment.pk is None:
            add_press(self)
        # Declared above, so `fields` holds these kinds.
        cast(ModuleField, self.fields["module"]).queryset = Module.objects.seen_by(user).order_by("pk")
        sections = Section.objects.seen_by(user).order_by("module", "position")
        cast(SectionsField, self.fields["sections"]).queryset = sections
        sentence = _("Date and time in %(zone)s.") % {"zone": cohort.time_zone}
        self.fields["opens_at"].help_text = self.fields["due_at"].help_text = sentence
        self.fields["closes_at"].help_text = _(
            "What comes later counts for learning, and for no mark. Empty: it stays open. In %(zone)s."
        ) % {"zone": cohort.time_zone}

    @property
    def asks_exam(self) -> bool:
        """Return whether its exam is asked as the form stands, or something is wrong there: then all of it is shown."""
        names = ("exam", "exam_attempts", "exam_minutes")
        return self["exam"].value() not in (None, "", ExamRule.NOT_ASKED) or any(name in self.errors for name in names)

    @property
    def asks_more(self) -> bool:
        """Return whether what few need differs from what it is of itself, or something is wrong there."""
        counts, months = self["counts"].value(), self["months_valid"].value()
        return counts not in (None, "", WhichAttempt.BEST) or bool(months) or "counts" in self.errors

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        module, sections = values.get("module"), values.get("sections") or []
        if module and any(section.module_id != module.pk for section in sections):
            self.add_error("sections", _("Choose sections of the module above only."))
        values["counts"] = values.get("counts") or WhichAttempt.BEST
        values["exam"] = values.get("exam") or ExamRule.NOT_ASKED
        values["late_rule"] = values.get("late_rule") or LateRule.FULL
        opens, due, closes = values.get("opens_at"), values.get("due_at"), values.get("closes_at")
        if opens and due and due <= opens:
            self.add_error("due_at", _("Choose a date after the opening."))
        if closes and due is None and "due_at" not in self.errors:
            self.add_error(
                "closes_at", _("Nothing is due here, so nothing closes: give a due date, or leave it empty.")
            )
        if closes and due and closes < due:
            self.add_error("closes_at", _("Choose a date that is not before the due date."))
        return values


class LaterForm(InZone, Crispy, forms.Form):
    """A later date for those who are ticked, `most` at once; who they are is a list of its own on the page."""

    people = RowsField(label=_("Learners"), queryset=None, widget=forms.CheckboxSelectMultiple)
    due_at = LocalMoment(label=_("Due later"))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}), help_text=_("The learners read it too.")
    )

    def __init__(self, assignment: Assignment, most: int, data: QueryDict | None) -> None:
        self.assignment, self.most, self.zone = assignment, most, assignment.cohort.zone
        super().__init__(data)
        learners = assignment.cohort.enrolments.current().learners()
        cast(RowsField, self.fields["people"]).queryset = learners.order_by("pk")
        self.fields["people"].error_messages["required"] = _("Tick the learners who are to have a later date.")
        self.fields["due_at"].help_text = _("Date and time in %(zone)s.") % {"zone": assignment.cohort.time_zone}

    @property
    def ticked(self) -> set[int]:
        """Return the ids that are ticked."""
        texts = (str(value)[:20] for value in self["people"].value() or ())
        return {int(text) for text in texts if text.isdecimal()}

    def clean_people(self) -> list[Enrolment]:
        people = list(self.cleaned_data["people"])
        if len(people) > self.most:
            raise ValidationError(
                _("Tick %(most)s people at most, and give it to the others after them.") % {"most": self.most}
            )
        return people

    def clean_due_at(self) -> datetime:
        due_at: datetime = self.cleaned_data["due_at"]
        if self.assignment.due_at is None:
            raise ValidationError(_("Nothing is due here, so nothing can be due later."))
        if due_at <= self.assignment.due_at:
            raise ValidationError(_("Choose a date after the one that is set for everybody."))
        return due_at
