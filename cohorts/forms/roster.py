"""Forms of places on a roster, and of copying a cohort."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.forms import Crispy
from cohorts import roster
from cohorts.forms.basis import Based
from cohorts.forms.cohorts import NewCohortForm
from cohorts.forms.roster_import import in_words
from lessons import days

TEN_YEARS = timedelta(days=3652)


class PlaceForm(Based, Crispy, forms.Form):
    """The name of a place on the roster, by the rules of a file of one line."""

    roster_name = forms.CharField(label=_("Name on the list"), max_length=roster.LONGEST)
    refused = _("This name is on the list already, or somebody has just taken the place.")

    def clean_roster_name(self) -> str:
        name: str = self.cleaned_data["roster_name"]
        if fault := roster.fault_of(name):
            raise ValidationError(in_words(fault))
        return names.tidy(name)


class SlipsForm(forms.Form):
    """How many slips without a name."""

    blank = forms.IntegerField(label=_("How many"), min_value=1, max_value=100)


class CopyForm(NewCohortForm):
    """Name, time zone and first day of a new cohort; `first` is that of the old one, None where nothing was set."""

    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, first: date | None, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if first is None:
            del self.fields["starts_on"]
        else:
            sentence = _("The first thing opened on %(date)s; all dates move along, each at its time of day.")
            self.fields["starts_on"].help_text = sentence % {"date": days.in_words(first)}

    def clean_starts_on(self) -> date:
        day = self.cleaned_data["starts_on"]
        if abs(day - self.today) > TEN_YEARS:
            raise ValidationError(_("Choose a day within ten years from now."))
        return day
