"""What a form of staff is based on: what it showed, so that nothing newer is overwritten unseen (quality R19)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accounts.models import User
from lessons import days

BASIS = "basis"


def digest(name: str, texts: Iterable[str]) -> str:
    """Return twelve letters that stand for what a field showed or sent, the order of several values left aside."""
    return salted_hmac(f"basis of {name}", "\x1f".join(sorted(texts))).hexdigest()[:12]


class Based(forms.BaseForm):
    """A form that carries a digest of what it showed, its `initial`, which is what stands when it is sent.

    Where something newer stands than the page showed, the form is not valid: fields that were not touched take what is
    newer, the others keep what was typed, and sent again it is saved. `beside` is what else the form rests on, such as
    the mark that counts; `more_fields` are those that hang on what there is; `changed` says who changed it last, and
    when, as far as is known. The row has to be read in the transaction that saves it, with the cohort locked
    (cohorts.pages.locked).
    """

    newer: list[str]  # names of the fields that somebody else changed; an empty one for what stands beside them

    def __init__(
        self,
        *args: Any,
        beside: object = None,
        changed: tuple[User | None, datetime | None] = (None, None),
        is_new: bool = False,
        more_fields: Mapping[str, forms.Field] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= more_fields or {}
        self.order_fields(self.field_order)
        self.newer, self.changed = [], changed
        if is_new:
            return
        files = (name for name, field in self.fields.items() if isinstance(field, forms.FileField))
        names = [name for name in self.fields if name not in {BASIS, *files}]
        stands = {name: self._texts(name, self.get_initial_for_field(self.fields[name], name)) for name in names}
        now = {name: digest(name, texts) for name, texts in stands.items()}
        if beside is not None:
            now[""] = digest("", [str(beside)])
        self.fields[BASIS] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial[BASIS] = ".".join(now.values())
        if self.is_bound and (sent := self.data.get(BASIS)):
            self._compare(dict(zip(now, sent.split("."), strict=False)), now, stands)

    def _texts(self, name: str, value: Any) -> list[str]:
        """Return what a browser would send for a value, line ends and outer space left aside."""
        value = self.fields[name].prepare_value(value)
        values = value if isinstance(value, list | tuple) else [value]
        texts = ["on" if part is True else str(part).replace("\r\n", "\n").strip() for part in values if part]
        return [text for text in texts if text]

    def _compare(self, was: dict[str, str], now: dict[str, str], stands: dict[str, list[str]]) -> None:
        """Find what is newer than the page, and let what was not touched take it."""
        typed = {}
        for name in stands:
            value = self.fields[name].widget.value_from_datadict(self.data, MultiValueDict(), name)
            typed[name] = digest(name, self._texts(name, value))
        self.newer = [name for name in now if now[name] != was.get(name) and now[name] != typed.get(name)]
        if not self.newer:
            return
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, texts in stands.items():
            if typed[name] == was.get(name):
                data.setlist(name, texts)
        data[BASIS] = self.initial[BASIS]
        self.data = data

    def is_valid(self) -> bool:
        """Return whether it can be saved: without errors, and on what stands now."""
        return super().is_valid() and not self.newer

    def rests_on(self, sent: str | None) -> bool:
        """Return whether a button's `basis` is what stands now; true where it bears none, as pages once did."""
        return not sent or sent == self.initial[BASIS]

    @property
    def newer_than_this(self) -> str:
        """Return in a sentence that somebody changed it meanwhile: who and when, where that is known."""
        who, at = self.changed
        words = {"who": who.name if who else _("Somebody else")}
        if at is None:
            return _("%(who)s changed this while you had this page open.") % words
        words["when"] = days.with_time(timezone.localtime(at))
        return _("%(who)s changed this on %(when)s, while you had this page open.") % words

    @property
    def stands(self) -> list[tuple[str, str]]:
        """Return (label, what stands now) of each field that somebody else changed."""
        return [(str(self.fields[name].label), self._in_words(name)) for name in self.newer if name]

    def _in_words(self, name: str) -> str:
        field, value = self.fields[name], self.get_initial_for_field(self.fields[name], name)
        if isinstance(field, forms.BooleanField):
            return _("yes") if value else _("no")
        if value in (None, "", []):
            return _("nothing")
        if isinstance(field, forms.DateTimeField):
            return days.with_time(datetime.fromisoformat(value))
        if isinstance(field, forms.ChoiceField):
            values = self._texts(name, value)
            options = [option.data for option in self[name].subwidgets]
            return ", ".join(str(option["label"]) for option in options if str(option["value"]) in values) or str(value)
        return str(value)
