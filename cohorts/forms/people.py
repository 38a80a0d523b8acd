"""Forms of the people of a cohort: what a learner says of themselves, and what staff write of them."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy, ShownName, VisitForm
from accounts.models import Anyone
from cohorts import groups, places
from cohorts.forms.basis import Based
from cohorts.models import Cohort, Enrolment, Group
from cohorts.people import NO_GROUP
from cohorts.places import Invitation

TYPED = {"autocomplete": "off", "spellcheck": "false"}


def said_name_field() -> ShownName:
    return ShownName(
        label=_("The name by which your teacher knows you"),
        max_length=120,
        help_text=_("Only the staff of this cohort see it. Other learners never do."),
        widget=forms.TextInput(attrs=TYPED),
    )


class JoiningForm(VisitForm):
    """What is asked before joining: the name for the staff, where no list says it; of guests also about the device.

    A guest has no other name, so theirs is required.
    """

    said_name = said_name_field()
    field_order = ("said_name", "shared", "words")

    def __init__(self, invitation: Invitation, user: Anyone, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = user.name if user.is_authenticated and not user.is_guest else ""
        if name:
            del self.fields["shared"], self.fields["words"]
        if not invitation.asks_name:
            del self.fields["said_name"]
            return
        self.fields["said_name"].required = not name
        said = invitation.enrolment.said_name if invitation.enrolment else ""
        self.initial["said_name"] = said or name


class SaidNameForm(Based, Crispy, forms.Form):
    """The name that a learner who is in says they are known by; empty takes it back."""

    said_name = said_name_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["said_name"].required = False


class PersonForm(Based, Crispy, forms.Form):
    """By what staff know a learner: the name on the list, a number of the school, a group or a new one."""

    roster_name = ShownName(
        label=_("Name on the list"),
        max_length=120,
        required=False,
        help_text=_("Only the staff see it."),
        widget=forms.TextInput(attrs=TYPED),
    )
    school_number = ShownName(
        label=_("Number of the school"),
        max_length=40,
        required=False,
        help_text=_("As your other systems have it, so that marks find their way there."),
        widget=forms.TextInput(attrs=TYPED),
    )
    group = forms.ChoiceField(label=_("Group"), required=False)
    new_group = ShownName(label=_("Or a new group"), max_length=60, required=False, widget=forms.TextInput(attrs=TYPED))
    is_listed = _("This name is on the list already. Write what tells the two apart, or give each a number.")
    is_given = _("%(name)s has this number already, and a number is one person’s. Look at both.")

    def __init__(self, row: Enrolment, groups: Sequence[Group], data: QueryDict | None) -> None:
        self.row, self.groups = row, {str(group.pk): group for group in groups}
        initial = {"roster_name": row.roster_name, "school_number": row.school_number}
        super().__init__(data, initial=initial | {"group": str(row.group_id or "")})
        self.fields["roster_name"].required = row.user_id is None
        choices = [("", _("No group")), *((key, group.name) for key, group in self.groups.items())]
        cast(forms.ChoiceField, self.fields["group"]).choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse what another row of the cohort, which is held, has already. At most 2 queries."""
        values = super().clean() or {}
        name, number = values.get("roster_name", ""), values.get("school_number", "")
        if name and places.stands_already(self.row, name, number):
            self.add_error("roster_name", self.is_listed)
        if number and (other := places.bearer(self.row, number)):
            self.add_error("school_number", self.is_given % {"name": other.known_name})
        return values

    def save(self) -> bool:
        """Write what is valid; False where the row is no learner's any more."""
        values = self.cleaned_data
        group = self.groups.get(values["group"])
        if values["new_group"]:
            group = groups.named(self.row.cohort, values["new_group"])
        return places.describe(self.row, values["roster_name"], values["school_number"], group)


class GroupForm(Crispy, forms.Form):
    """The name of a group; no two of a cohort have one that differs in case, spaces or dashes alone."""

    name = ShownName(label=_("Name of the group"), max_length=60, widget=forms.TextInput(attrs=TYPED))
    refused = _("Another group has this name: choose another.")


class GatherForm(forms.Form):
    """Into which group the marked people go: one of the cohort's, a new one, or none (NO_GROUP)."""

    group = forms.ChoiceField(label=_("Group"), required=False, widget=forms.Select({"class": "form-select"}))
    new_group = ShownName(
        label=_("Or a new group"),
        max_length=60,
        required=False,
        widget=forms.TextInput(TYPED | {"class": "form-control find"}),
    )
    nowhere = _("Choose a group, or write the name of a new one.")

    def __init__(self, groups: Sequence[Group], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.groups = {str(group.pk): group for group in groups}
        choices = [(key, group.name) for key, group in self.groups.items()]
        cast(forms.ChoiceField, self.fields["group"]).choices = [("", "–"), *choices, (NO_GROUP, _("No group"))]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values["group"] and not values["new_group"]:
            self.add_error("group", self.nowhere)
        return values

    def save(self, cohort: Cohort, rows: Iterable[int]) -> int:
        """Put the learners of these rows into the group that was chosen, with the cohort held; how many."""
        group = self.groups.get(self.cleaned_data["group"])
        if self.cleaned_data["new_group"]:
            group = groups.named(cohort, self.cleaned_data["new_group"])
        return groups.gather(cohort, rows, group)
