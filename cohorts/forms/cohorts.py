"""Forms of cohorts: making one, joining one, and roles."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.folding import LONGEST
from accounts.forms import Crispy, ShownName
from accounts.zones import zone_choices
from cohorts import codes, ending
from cohorts.choices import STAFF, Role
from cohorts.forms.basis import Based, digest
from cohorts.forms.once import add_press
from cohorts.models import Cohort, Enrolment


class CohortForm(Crispy, forms.Form):
    name = ShownName(label=_("Name of the cohort"), max_length=120, help_text=_("Its members see it."))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, help_text=_("Opening and due dates are told in it.")
    )

    ends_on = forms.DateField(
        label=_("Ends on"),
        required=False,
        help_text=_(
            "After this day it is archived; half a year later its list of names, marks by hand, comments and notes are "
            "erased. What learners did stays theirs. You can move the day at any time; take the marks out before."
        ),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )

    def __init__(self, today: date, *args: Any, ends_on: date | None = None, **kwargs: Any) -> None:
        """Take today in the zone of whoever fills it in, and the day on which the cohort ends so far, None if new."""
        super().__init__(*args, **kwargs)
        self.today, self.so_far = today, ends_on
        self.fields["ends_on"].widget.attrs |= {"min": (today + ending.LEAST).isoformat()}
        self.initial["ends_on"] = (ends_on or today + ending.USUAL).isoformat()

    def clean_ends_on(self) -> date:
        """Return the day; where none was sent, the one so far, or a year from now: a cohort is not kept for ever."""
        day = self.cleaned_data["ends_on"] or self.so_far or self.today + ending.USUAL
        if day != self.so_far and not self.today + ending.LEAST <= day <= self.today + ending.MOST:
            raise ValidationError(_("Choose a day from tomorrow on, within five years."))
        return day


class NewCohortForm(CohortForm):
    """Name, time zone and last day of a cohort that is to be made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_press(self)


class EditCohortForm(Based, CohortForm):
    """Name, time zone and last day of a cohort that is there."""


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
