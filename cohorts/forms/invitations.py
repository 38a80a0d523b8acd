"""The form by which a colleague is invited onto the staff of a cohort."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy
from cohorts.choices import Role
from cohorts.forms.once import add_press
from cohorts.models.invitations import STAFF_CHOICES


class InvitationForm(Crispy, forms.Form):
    """As what somebody is invited; the link goes to whoever it is given to, so no name is asked."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=STAFF_CHOICES,
        initial=Role.INSTRUCTOR,
        help_text=_("Both see board, answers and marks, and set what is due. A lead also looks over all cohorts led."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_press(self)
