"""Forms of signing up and in, of recovery, and of the settings of an account."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper  # type: ignore[import-untyped]  # crispy has no types
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import names, reserved
from accounts.folding import name_key
from accounts.models import Rhythm, User
from accounts.zones import zone_choices

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Crispy:
    """A form that crispy lays out inside the page's own <form>, which has the token where it is posted."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True  # else once more in each form, and in the address of one that is fetched
        helper.form_show_errors = True
        return helper


def name_field(help_text: "str | StrPromise" = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=_("Name on this site"), max_length=60, help_text=help_text, widget=widget)


def password_field(label: "str | StrPromise", autocomplete: str, help_text: "str | StrPromise" = "") -> forms.CharField:
    """Return a field for a password as it is typed or pasted, spaces included."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=256, help_text=help_text, widget=widget)


def shared_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Others use this phone or computer too"),
        required=False,
        help_text=_(
            "You are then signed out when the browser closes, and two hours after your last step. This device "
            "remembers the tick, and nothing else."
        ),
    )


class VisitForm(Crispy, forms.Form):
    """What a guest is asked on joining: about the device, and whether to be given words to come back with."""

    shared = shared_field()
    words = forms.BooleanField(
        label=_("Give me six words that bring me back"),
        required=False,
        help_text=_("You are shown them next, once, to write down. They work in any browser, without a name."),
    )


FAULTS = {
    names.What.NOTHING: _("There is no letter and no digit in this name: write at least one."),
    names.What.MIXED: _("“%(where)s” mixes letters of two alphabets: write each word in one."),
    names.What.MARKS: _("“%(where)s” has more accents than a letter can bear: leave some out."),
}


def name_fault(fault: names.Fault) -> str:
    """Return what is wrong with a name and what to do about it, in the language of the page."""
    if fault.what != names.What.UNSEEN:
        sentence = FAULTS[fault.what]
    elif fault.where:
        sentence = _(
            "After “%(where)s” stands a sign that cannot be seen (%(sign)s): take it out, or type the name again."
        )
    else:
        sentence = _("The name begins with a sign that cannot be seen (%(sign)s): take it out, or type the name again.")
    return sentence % {"where": fault.where, "sign": fault.sign}


class ShownName(forms.CharField):
    """A name that others read, of a person or a cohort: made tidy, and without signs that cannot be seen."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return names.tidy(text) if len(text) <= names.LONGEST else text  # longer, it is refused as it stands

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        if value and (fault := names.unseen_fault(value)):
            raise ValidationError(name_fault(fault))
        if value and not names.says_something(value):
            raise ValidationError(FAULTS[names.What.NOTHING])


class OwnName:
    """A form whose `name` becomes the name of `self.user`."""

    cleaned_data: dict[str, Any]
    user: User | None = None
    taken: "str | StrPromise" = _("Someone already uses this name: choose another.")

    def clean_name(self) -> str:
        name = " ".join(User.normalize_username(self.cleaned_data["name"]).split())
        MaxLengthValidator(60)(name)
        if self.user and name == self.user.name:
            return name  # also where it could not be taken today
        if fault := names.fault(name):
            raise ValidationError(name_fault(fault))
        if reserved.is_reserved(name):
            raise ValidationError(_("This name would be taken for somebody who speaks for the site: choose another."))
        return name

    def is_free(self, on: date) -> bool:
        """Return whether nobody else has this name or one like it, or had it in the last 30 days; if not, it says so.

        To be asked last, of a form that is valid and a try that is paid: it tells who exists. 2 queries.
        """
        name = self.cleaned_data["name"]
        others = User.objects.exclude(pk=self.user.pk) if self.user else User.objects.all()
        fault: StrPromise | str | None = None
        if others.bearing(name, on).exists():
            fault = self.taken
        elif not (self.user and name == self.user.name) and others.looking_like(name, on).exists():
            fault = _("Somebody here has a name that looks like this one: choose another.")
        if fault:
            self.add_error("name", fault)  # type: ignore[attr-defined] # of the form that this is mixed into
        return fault is None


def refuse_weak(password: str, user: User) -> None:
    """Raise ValidationError for a weak password, with one reason: what is too short is mostly too common as well."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise error.error_list[0] from error


class NewPassword:
    """A form whose `password` is a new one, for whoever `name` says."""

    cleaned_data: dict[str, Any]

    def clean_password(self) -> str:
        refuse_weak(self.cleaned_data["password"], User(name=self.cleaned_data.get("name", "")))
        return self.cleaned_data["password"]


class SignUp(Crispy, OwnName, NewPassword, forms.Form):
    """A name of any kind and a password; no e-mail is asked for.

    Whoever sends it again, because the answer got lost on its way, finds the name taken: by themselves.
    """

    name = name_field(_("Any name. It need not be yours, and letters’ case does not matter."))
    password = password_field(_("Password"), "new-password", _("At least eight characters; pasting is fine."))
    shared = shared_field()
    taken = _("Someone already uses this name: choose another, or sign in if it is yours.")


class NewPasswordForm(Crispy, forms.Form):
    """A new password for the account of that name, of somebody whose way in is a link."""

    password = password_field(_("New password"), "new-password", _("At least eight characters; pasting is fine."))

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clean_password(self) -> str:
        refuse_weak(self.cleaned_data["password"], User(name=self.name))
        return self.cleaned_data["password"]


class Recover(Crispy, NewPassword, forms.Form):
    """A name, its six words and a new password. Whether the name exists is not for the form to know."""

    name = name_field()
    words = forms.CharField(
        label=_("Your six words"),
        max_length=200,
        help_text=_("In their order. Capital letters and accents do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = password_field(_("New password"), "new-password", _("At least eight characters; pasting is fine."))
    refused = _("This name and these words do not go together.")


class AsShown(forms.Form):
    """A form that says what its page showed: what was not changed there stays as it is now, however old the page."""

    not_shown: ClassVar[set[str]] = set()

    @property
    def shown(self) -> dict[str, str]:
        """Return {field: value} of what the page showed, for hidden fields beside it."""
        names = [name for name in self.fields if name not in self.not_shown]
        return {f"{name}-was": self.data.get(f"{name}-was", str(self.initial[name])) for name in names}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in values:
            if str(values[name]) == self.data.get(f"{name}-was"):
                values[name] = self.initial[name]
        return values


class Settings(Crispy, OwnName, AsShown):
    """What a person may change about their account; a guest has no name to change."""

    name = name_field()
    password = password_field(_("Your password"), "current-password", _("Asked for a new name alone."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, help_text=_("Times on this site are told in it.")
    )
    shared = shared_field()
    asked = _("A new name asks for your password.")
    not_shown = {"password"}

    user: User

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if user.is_guest:
            del self.fields["name"], self.fields["password"]
        else:
            self.fields["password"].required = False

    @property
    def renames(self) -> bool:
        """Return whether a valid form asks for another name; one in capital letters is the same."""
        return "name" in self.cleaned_data and name_key(self.cleaned_data["name"]) != self.user.name_key

    @transaction.atomic
    def save(self, on: date) -> None:
        """Save what was chosen, but for `shared`, which is the browser's. IntegrityError if the name was just taken."""
        chosen = self.cleaned_data
        if "name" in chosen:
            self.user.rename(chosen["name"], on)
        self.user.language, self.user.time_zone = chosen["language"], chosen["time_zone"]
        self.user.save(update_fields=["language", "time_zone"])


class MailAddress(Crispy, AsShown):
    """An address for mail, and how often mail may come."""

    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )
    rhythm = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices, widget=forms.RadioSelect)

    def clean_address(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["address"])


class NewWords(Crispy, forms.Form):
    """The password, so that nobody takes over an account that was left open."""

    password = password_field(_("Your password"), "current-password")
    refused = _("This is not your password.")


class SignIn(Crispy, AuthenticationForm):
    shared = shared_field()
    error_messages = {
        "invalid_login": _("This name and this password do not go together. Passwords mind capital letters."),
        "inactive": _("This name and this password do not go together. Passwords mind capital letters."),
    }


class SignInWithWords(SignIn):
    """What is asked of a stranger to a browser where strangers have used up the tries."""

    words = forms.CharField(
        label=_("Your six words"),
        max_length=200,
        required=False,
        help_text=_("With them and the right password you need not wait."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ["username", "password", "words", "shared"]


class ChangePassword(Crispy, PasswordChangeForm):
    def validate_password_for_user(self, user: User, password_field_name: str = "new_password2") -> None:  # noqa: S107
        if password := self.cleaned_data.get(password_field_name):
            try:
                refuse_weak(password, user)
            except ValidationError as error:
                self.add_error(password_field_name, error)


class Unrepeated(forms.PasswordInput):
    """What is typed here is seen, and does not come back with the page: it is spent, or it was wrong."""

    input_type = "text"


def code_field(help_text: "str | StrPromise") -> forms.CharField:
    """Return a field for a code as it is typed: digits of an app, or the letters and digits of a backup code."""
    attributes = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
    return forms.CharField(label=_("Code"), max_length=40, help_text=help_text, widget=Unrepeated(attributes))


class Code(Crispy, forms.Form):
    """The code that is asked after the password."""

    code = code_field(_("Six digits from the app on your phone, or one of your backup codes."))
    refused = _("This code does not fit, or it was used before. Wait for the app’s next one.")


class FirstCode(Crispy, forms.Form):
    """The first code of an app, which shows that it has the secret."""

    code = code_field(_("The six digits that the app shows now."))
    refused = _("This code does not fit. Wait for the next one; if that does not fit either, set your phone’s clock.")


class PasswordAndCode(Crispy, forms.Form):
    """What turns the second step off, or renews its backup codes: neither a phone nor a password alone does."""

    password = password_field(_("Your password"), "current-password")
    code = code_field(_("Six digits from the app on your phone, or one of your backup codes."))
