"""Dates and times as the clocks of a cohort show them, and what is said about work that comes late."""

from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cohorts.choices import LateRule

LOCAL = "%Y-%m-%dT%H:%M"
FIRST_YEAR, LAST_YEAR = 2000, 2199  # a moment at the end of time has none in another zone


class LocalMoment(forms.DateTimeField):
    """A date and time in the zone of `in_zone`; what shows no picker for it shows how it is written."""

    widget = forms.DateTimeInput({"type": "datetime-local", "placeholder": "2026-11-30T18:00"}, LOCAL)

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        if moment and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValidationError(_("Choose a date between the years 2000 and 2199."))
        return moment


def local(moment: datetime | None, zone: tzinfo) -> str | None:
    """Return a moment as a LocalMoment shows it, or None."""
    return moment.astimezone(zone).strftime(LOCAL) if moment else None


class InZone(forms.BaseForm):
    """A form whose moments are those of `zone`, which is set before anything is read."""

    zone: tzinfo

    def full_clean(self) -> None:
        with timezone.override(self.zone):
            super().full_clean()


class LateFields(forms.Form):
    """The late rule, as a form sets it: in full, or with points taken off, which have to be said then."""

    late_rule = forms.ChoiceField(label=_("Late work"), choices=LateRule.choices, required=False)
    late_points = forms.IntegerField(
        label=_("Points of 100 taken off"), required=False, min_value=1, max_value=100, help_text=_("Of late work.")
    )

    def clean_late_points(self) -> int:
        points, takes_off = self.cleaned_data["late_points"], self.cleaned_data.get("late_rule") == LateRule.LESS
        if takes_off and points is None:
            raise ValidationError(_("Say how many points are taken off, or let late work count in full."))
        return points if takes_off else 0
