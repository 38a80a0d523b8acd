"""The form by which a file of questions comes in: a file or a text, and in which language it is."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy
from accounts.models import User
from quizzes.formats.base import Unreadable
from quizzes.incoming import questions_of
from quizzes.models import Bank
from quizzes.report_words import said, where


class UploadForm(Crispy, forms.Form):
    """A file of questions; once valid, `sent` has its bytes, `name` what it is called, `reading` its beginning."""

    file = forms.FileField(
        label=_("A file"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "Moodle XML, GIFT, Aiken or a table (CSV), or a ZIP with one of these and its pictures. At most 16 MB and "
            "10,000 questions; a larger file fits as a ZIP."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.txt,.gift,.aiken,.csv,.zip"}),
    )
    text = forms.CharField(
        label=_("Or the questions as text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the questions"),
        help_text=_("Of texts that do not say theirs."),
    )

    def __init__(self, bank: Bank, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bank, self.user = bank, user
        codes = bank.languages
        language = cast(forms.ChoiceField, self.fields["language"])
        language.choices = [(code, get_language_info(code)["name_translated"]) for code in codes]
        language.initial = get_language() if get_language() in codes else codes[0]
        if len(codes) == 1:
            language.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file, text = values.get("file"), values.get("text") or ""
        if self.errors:
            return values
        if bool(file) == bool(text.strip()):
            raise ValidationError(_("Choose a file, or write questions: one of the two."))
        self.name = str(file.name) if file else ""
        self.sent = file.read() if file else text.encode()
        try:
            self.reading = questions_of(self.bank, self.user, self.sent, self.name, values["language"])
        except Unreadable as error:
            place = where(error.note)
            self.add_error("file" if file else "text", f"{place}: {said(error.note)}" if place else said(error.note))
        return values
