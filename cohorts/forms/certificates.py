"""Forms of certificates: one asked for, checked by a name, revoked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy, ShownName

LONGEST = 120


def shows_name_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Show my name on its public page"),
        required=False,
        help_text=_(
            "Without the tick the page shows no name, and only says yes or no to one that is typed from the paper. You "
            "can change this later."
        ),
    )


class CertificateForm(Crispy, forms.Form):
    name = ShownName(
        label=_("Name on the certificate"),
        max_length=LONGEST,
        help_text=_("It stands on the paper. It may be any name, also an invented one; staff see it beside their own."),
    )
    shows_name = shows_name_field()


class NameForm(Crispy, forms.Form):
    """A name as somebody reads it on paper."""

    name = ShownName(label=_("Is this the name on the certificate?"), max_length=LONGEST)


class RevokeForm(forms.Form):
    """Why a certificate is revoked: short enough for the line in the record of what staff did."""

    reason = forms.CharField(label=_("Reason"), max_length=80)
