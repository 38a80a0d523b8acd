"""Which slips of paper are shown, and in which language they speak."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.addresses import LARGEST_NUMBER
from cohorts.models import Group


class SlipsForm(forms.Form):
    """How many without a name; or those of one group, or of one place. All may be left out."""

    language = forms.ChoiceField(label=_("Language of the slips"), choices=settings.LANGUAGES, required=False)
    group = forms.ChoiceField(label=_("Group"), required=False, widget=forms.Select({"class": "form-select"}))
    place = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    blank = forms.IntegerField(label=_("How many"), required=False, min_value=1, max_value=100)

    def __init__(self, groups: Sequence[Group], data: QueryDict) -> None:
        super().__init__(data)
        choices = [("", _("All groups")), *((str(group.pk), group.name) for group in groups)]
        cast(forms.ChoiceField, self.fields["group"]).choices = choices
        self.fields["blank"].required = "blank" in data

    @property
    def kept(self) -> dict[str, Any]:
        """Return what the next page of slips asks for too."""
        return {name: value for name, value in self.cleaned_data.items() if value}
