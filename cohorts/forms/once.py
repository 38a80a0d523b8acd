"""Forms that make a row: one press makes one, however often it arrives (quality R24)."""

import secrets

from django import forms
from django.utils.crypto import salted_hmac

from accounts.models import User

PRESS = "press"


def add_press(form: forms.BaseForm) -> None:
    """Let a form carry a token, which it keeps when it comes back: the row that it makes is known by it."""
    form.fields[PRESS] = forms.CharField(required=False, widget=forms.HiddenInput)
    form.initial[PRESS] = secrets.token_hex(16)


def press_of(form: forms.BaseForm, user: User, place: str) -> str | None:
    """Return by what the row is known that `user` makes with a valid form in this `place`; None without a token."""
    token: str = form.cleaned_data[PRESS]
    return salted_hmac("press", f"{user.pk} {place} {token}").hexdigest()[:32] if token else None
