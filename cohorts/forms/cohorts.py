"""Forms of cohorts: making one, joining one, roles and assignments."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import LARGEST_NUMBER
from accounts.folding import LONGEST
from accounts.forms import Crispy, ShownName
from accounts.models import User
from accounts.zones import zone_choices
from cohorts import codes
from cohorts.choices import STAFF, ExamRule, Role, WhichAttempt
from cohorts.forms.basis import Based, digest
from cohorts.forms.once import add_press
from cohorts.models import Assignment, Cohort, Enrolment
from lessons.models import Module, Section

LOCAL = "%Y-%m-%dT%H:%M"


class CohortForm(Crispy, forms.Form):
    name = ShownName(label=_("Name of the cohort"), max_length=120, help_text=_("Its members see it."))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, help_text=_("Opening and due dates are told in it.")
    )


class NewCohortForm(CohortForm):
    """Name and time zone of a cohort that is to be made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_press(self)


class EditCohortForm(Based, CohortForm):
    """Name and time zone of a cohort that is there."""


class JoinForm(Crispy, forms.Form):
    """A code as people type or paste it; whether it opens anything is not for the form to know."""

    code = forms.CharField(
        label=_("Join code"),
        max_length=LONGEST,
        help_text=_("Twelve letters and digits, or the whole link. Capital letters and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    refused = _("This code opens no cohort. Look at it again, or ask whoever gave it to you for a new one.")
    spent = _("This code has just been used. Ask whoever gave it to you for another one.")

    def clean_code(self) -> str:
        code = codes.plain(self.cleaned_data["code"])
        return codes.grouped(code) if codes.is_whole(code) else code


class RoleForm(Based, forms.Form):
    """A role for somebody; staff have a name, so that they find their way back.

    Whoever is on the staff can be taken out of it and of the cohort in one step (OUT): as a learner they would stand on
    the board, with nothing begun.
    """

    OUT = "out"
    role = forms.ChoiceField(label=_("Role"))
    refused = _("A cohort keeps at least one instructor: make somebody else an instructor first.")

    def __init__(self, enrolment: Enrolment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"role": enrolment.role}, **kwargs)
        self.enrolment = enrolment
        out = [(self.OUT, _("Neither: out of the staff and of the cohort"))] if enrolment.is_staff else []
        cast(forms.ChoiceField, self.fields["role"]).choices = [*Role.choices, *out]

    def clean_role(self) -> str:
        role, user = self.cleaned_data["role"], self.enrolment.user
        if role in STAFF and (user is None or user.is_guest):
            raise ValidationError(_("Only somebody with a name on this site can be on the staff; this is a guest."))
        return role


def code_basis(cohort: Cohort) -> str:
    """Return what the buttons beside a join code are based on."""
    return digest("code", [cohort.join_code or ""])


class SectionsField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        """Refuse a number that no row can have here, since SQLite takes none to compare with."""
        for text in value or ():
            if not str(text).isdecimal() or len(str(text)) > 19 or int(text) > LARGEST_NUMBER:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(text)[:20]}
                )
        return super().clean(value)

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


class AssignmentForm(Based, Crispy, forms.ModelForm):
    """What is set and by when; the dates are read and shown in the cohort's time zone."""

    module = ModuleField(label=_("Module"), queryset=None, empty_label=None)
    sections = SectionsField(
        label=_("Sections"),
        queryset=None,
        required=False,
        help_text=_("Without a choice the whole module is set, with sections that are added later."),
        widget=forms.CheckboxSelectMultiple,
    )
    opens_at = forms.DateTimeField(label=_("Opens"), widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    due_at = forms.DateTimeField(
        label=_("Due"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL)
    )
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
            *("module", "sections", "opens_at", "due_at", "is_required", "counts"),
            *("exam", "exam_attempts", "exam_minutes", "months_valid"),
        )

    def __init__(self, cohort: Cohort, assignment: Assignment, user: User, data: QueryDict | None) -> None:
        self.zone = cohort.zone
        opens_at = assignment.opens_at if assignment.pk else timezone.now()
        initial: dict[str, Any] = {"opens_at": self._local(opens_at), "due_at": self._local(assignment.due_at)}
        if assignment.pk:
            initial["sections"] = assignment.chosen()
        super().__init__(data, initial=initial, instance=assignment, is_new=assignment.pk is None)
        if assignment.pk is None:
            add_press(self)
        # Declared above, so `fields` holds these kinds.
        cast(ModuleField, self.fields["module"]).queryset = Module.objects.seen_by(user).order_by("pk")
        sections = Section.objects.seen_by(user).order_by("module", "position")
        cast(SectionsField, self.fields["sections"]).queryset = sections
        sentence = _("Date and time in %(zone)s, like 2026-11-30T18:00.") % {"zone": cohort.time_zone}
        self.fields["opens_at"].help_text = self.fields["due_at"].help_text = sentence

    def _local(self, moment: datetime | None) -> str | None:
        return moment.astimezone(self.zone).strftime(LOCAL) if moment else None

    def full_clean(self) -> None:
        with timezone.override(self.zone):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        module, sections = values.get("module"), values.get("sections") or []
        if module and any(section.module_id != module.pk for section in sections):
            self.add_error("sections", _("Choose sections of the module above only."))
        values["counts"] = values.get("counts") or WhichAttempt.BEST
        values["exam"] = values.get("exam") or ExamRule.NOT_ASKED
        opens, due = values.get("opens_at"), values.get("due_at")
        if opens and due and due <= opens:
            self.add_error("due_at", _("Choose a date after the opening."))
        return values
