"""What a reminder is to say, and in which language."""

from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy
from cohorts.reminders import Who


class ReminderForm(Crispy, forms.Form):
    who = forms.ChoiceField(label=_("For whom"))
    language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)
    with_title = forms.BooleanField(
        label=_("Name the course"),
        required=False,
        help_text=_("Whoever sees the message then sees what it is about; else it says that there is a course."),
    )

    def __init__(self, data: QueryDict | None, counts: Mapping[Who, int]) -> None:
        first = next((who for who in Who if counts.get(who)), Who.LATE)
        super().__init__(data, initial={"who": first, "language": get_language()})
        choices = [(who.value, f"{who.label} ({counts.get(who, 0)})") for who in Who]
        self.fields["who"] = forms.ChoiceField(label=self.fields["who"].label, choices=choices)
