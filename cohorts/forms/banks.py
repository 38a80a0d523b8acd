"""Forms of an owner's bank: its title, languages and module, and with which cohorts it is shared."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy, ShownName
from accounts.models import User
from cohorts.forms.basis import Based
from cohorts.forms.once import add_press
from cohorts.models import Cohort
from lessons.models import Module
from quizzes.models import Bank


def language_choices() -> list[tuple[str, str]]:
    return [(code, str(get_language_info(code)["name_translated"])) for code, _name in settings.LANGUAGES]


class ModuleField(forms.ModelChoiceField):
    """A choice among modules, each by its title in the language of the page."""

    def label_from_instance(self, obj: Module) -> str:
        return obj.title


class BankForm(Crispy, forms.Form):
    title = ShownName(label=_("Title of the bank"), max_length=200)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=language_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Every text of a question is then written in each of them. One is enough."),
    )
    module = ModuleField(
        Module.objects.none(),
        label=_("Module that it goes with"),
        required=False,
        to_field_name="slug",
        empty_label=_("None"),
        help_text=_(
            "Its questions can then name a passage to read again, and claims. With another module they name none."
        ),
    )
    cohorts = forms.ModelMultipleChoiceField(
        Cohort.objects.none(),
        label=_("Shared with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The staff of these cohorts may read and use it, with its keys. Only you change it."),
    )

    def __init__(self, user: User, *args: Any, bank: Bank | None = None, **kwargs: Any) -> None:
        """Offer what `user` may name: modules that they see, cohorts that they teach; and those named already."""
        super().__init__(*args, **kwargs)
        modules, cohorts = Q(pk__in=Module.objects.seen_by(user)), Q(pk__in=Cohort.objects.taught_by(user))
        cohorts &= Q(archived_at=None)
        if bank:
            modules |= Q(pk=bank.module_id)
            cohorts |= Q(pk__in=bank.cohorts.all())
        self._offer("module", Module.objects.filter(modules).order_by("pk"))
        self._offer("cohorts", Cohort.objects.filter(cohorts).order_by("name", "pk"))

    def _offer(self, name: str, rows: Any) -> None:
        cast(forms.ModelChoiceField, self.fields[name]).queryset = rows


class NewBankForm(BankForm):
    """A bank that is to be made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_press(self)


class EditBankForm(Based, BankForm):
    """A bank that is there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].help_text = _(
            "Every text of a question is written in each of them. After you add one, a question is asked as before "
            "until you change it. Once you save it, it is a draft, which nobody is asked until it is written in that "
            "one too. Texts in a language that you take out are kept."
        )
