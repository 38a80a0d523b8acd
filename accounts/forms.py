"""Forms of signing up, signing in and changing a password."""

import unicodedata

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Crispy:
    """A form that crispy lays out inside the page's own <form>."""

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.form_show_errors = True
        return helper


class SignUp(Crispy, forms.Form):
    """A name of any kind and a password; no e-mail is asked for."""

    name = forms.CharField(
        label=_("Name on this site"),
        max_length=60,
        help_text=_("Any name. It need not be yours, and letters’ case does not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=256,
        help_text=_("At least eight characters; pasting is fine. Write it down: there is no e-mail to reset it by."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_name(self):
        name = User.normalize_username(self.cleaned_data["name"])
        if any(unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs") for letter in name):
            raise ValidationError(_("This name holds characters that cannot be seen: type it again."))
        if User.objects.named(name).exists():
            raise ValidationError(self.taken)
        return name

    def clean_password(self):
        validate_password(self.cleaned_data["password"], User(name=self.cleaned_data.get("name", "")))
        return self.cleaned_data["password"]

    taken = _("Someone already uses this name: choose another.")


class SignIn(Crispy, AuthenticationForm):
    error_messages = {
        "invalid_login": _("This name and this password do not go together. Passwords mind capital letters."),
        "inactive": _("This name and this password do not go together. Passwords mind capital letters."),
    }


class ChangePassword(Crispy, PasswordChangeForm):
    pass
