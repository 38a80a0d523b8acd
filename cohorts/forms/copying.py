"""The form that copies a cohort for another term."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cohorts.forms.cohorts import NewCohortForm
from lessons import days

TEN_YEARS = timedelta(days=3652)


class CopyForm(NewCohortForm):
    """Name, time zone and first day of a new cohort; `first` is that of the old one, None where nothing was set."""

    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, first: date | None, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(today, *args, **kwargs)
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
