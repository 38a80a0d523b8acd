"""Forms of certificates that are offered: by staff to many at once, and the answer of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy, ShownName
from cohorts.forms.certificates import LONGEST, shows_name_field
from cohorts.offers import Candidate

TICK = "offer"


class AcceptForm(Crispy, forms.Form):
    """Accepting an offer: its name is the one that the page showed, and goes back unseen."""

    shows_name = shows_name_field()


class WishForm(Crispy, forms.Form):
    """The name that the holder of an offer would have on the certificate."""

    wish = ShownName(label=_("My name is written"), max_length=LONGEST)
    same = _("This is the name that is offered: accept it above, or write another.")

    def __init__(self, offered: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered

    def clean_wish(self) -> str:
        name: str = self.cleaned_data["wish"]
        if name == self.offered:
            raise ValidationError(self.same)
        return name


@dataclass
class Tick:
    """Somebody who may be offered a certificate, and, where no roster names them, the field for the name."""

    candidate: Candidate
    is_ticked: bool
    field: forms.BoundField | None


class OffersForm(forms.Form):
    """Certificates for the ticked ones of `candidates`, under the name of the roster or one that is typed."""

    nobody = _("Tick at least one person.")
    unnamed = _("Type the name for the certificate, or take the tick away.")

    def __init__(self, candidates: Sequence[Candidate], data: QueryDict | None) -> None:
        super().__init__(data)
        self.candidates = candidates
        self.ticked = None if data is None else set(data.getlist(TICK))
        for row in candidates:
            if not row.name:
                label = _("Name on the certificate of %(name)s") % {"name": row.place.known_name}
                field = ShownName(label=label, max_length=LONGEST, required=False, initial=row.proposed)
                field.widget.attrs["autocomplete"] = "off"
                self.fields[self._name(row)] = field

    def _name(self, row: Candidate) -> str:
        return f"name-{row.place.pk}"

    def _is_ticked(self, row: Candidate) -> bool:
        return row.is_ticked if self.ticked is None else str(row.place.pk) in self.ticked

    @property
    def ticks(self) -> list[Tick]:
        return [
            Tick(row, self._is_ticked(row), self[self._name(row)] if self._name(row) in self.fields else None)
            for row in self.candidates
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for row in self._ticked():
            if not row.name and not values.get(self._name(row)) and self._name(row) not in self.errors:
                self.add_error(self._name(row), self.unnamed)
        if not self.ticked:
            raise ValidationError(self.nobody)
        return values

    def _ticked(self) -> list[Candidate]:
        return [row for row in self.candidates if self._is_ticked(row)]

    @property
    def names(self) -> dict[int, str]:
        """Return {enrolment id: name} of a valid form: as it was typed, or as the page showed it."""
        return {
            row.place.pk: self.cleaned_data[self._name(row)] if not row.name else self.data.get(self._name(row), "")
            for row in self._ticked()
        }

    @property
    def asked_count(self) -> int:
        """Return how many were ticked, whether they can be offered one now or not."""
        return len(self.ticked or ())
