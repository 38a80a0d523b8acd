"""Forms of a quiz that somebody makes: its title and rules, what it asks of one bank, dates and marks in a cohort."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy, ShownName
from cohorts.forms.assignments import ModuleField, RowsField
from cohorts.forms.basis import Based
from cohorts.forms.moments import InZone, LocalMoment, local
from cohorts.forms.once import add_press
from cohorts.gradebook import HEAVIEST, LIGHTEST
from cohorts.misses import Offer
from cohorts.models import Cohort, QuizAssignment
from cohorts.quizzes import USUAL, Part
from lessons import days
from lessons.models import Module
from quizzes.models import Item, Quiz, QuizRule
from quizzes.models.clock import GRACE
from quizzes.models.quizzes import MOST, QuizQuerySet

TERMS = ("opens_at", "due_at", "closes_at", "is_for_marks", "weight", "module")


class QuizForm(Crispy, forms.Form):
    """What is true of the whole quiz, whatever it asks."""

    title = ShownName(label=_("Title"), max_length=120, help_text=_("Its learners read it."))
    points = forms.IntegerField(label=_("Points of 100 that pass"), min_value=1, max_value=100)
    attempts_allowed = forms.IntegerField(
        label=_("Attempts"), required=False, min_value=1, max_value=100, help_text=_("Empty: as many as they like.")
    )
    asks_certainty = forms.BooleanField(
        label=_("Ask how sure they are"),
        required=False,
        help_text=_("Beside each answer, if they like. It stands beside the score, never in it."),
    )

    @property
    def values(self) -> dict[str, Any]:
        """Return what a valid form says, as fields of a Quiz."""
        names = ("title", "attempts_allowed", "asks_certainty")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"threshold": Decimal(self.cleaned_data["points"]) / 100}


class NewQuizForm(QuizForm):
    """A quiz that is to be made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["points"] = int(USUAL * 100)
        add_press(self)


class EditQuizForm(Based, QuizForm):
    """A quiz that is there."""

    def __init__(self, quiz: Quiz, data: QueryDict | None) -> None:
        stands = {name: getattr(quiz, name) for name in ("title", "attempts_allowed", "asks_certainty")}
        super().__init__(data, initial=stands | {"points": int(quiz.threshold * 100)})


class ItemsField(RowsField):
    def label_from_instance(self, item: Item) -> str:
        return item.version.stem


class FromBankForm(Based, Crispy, forms.Form):
    """What a quiz asks of one bank: items that are ticked, and how many are drawn of it or of a part of it."""

    items = ItemsField(label=_("Always ask"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        items: Sequence[Item],
        parts: Sequence[Part],
        ticked: Sequence[int],
        rules: Sequence[QuizRule],
        others: int,
        data: QueryDict | None,
    ) -> None:
        """Take the bank's items that may be asked, its parts, what the quiz asks of it, and how many of others."""
        self.parts, self.others = parts, others
        numbers = {(rule.level, rule.objective): rule.size for rule in rules}
        fields: dict[str, forms.Field] = {
            part.field: forms.IntegerField(label=part.label, required=False, min_value=0, max_value=MOST)
            for part in parts
        }
        initial: dict[str, Any] = {part.field: numbers.get(part.key) for part in parts}
        super().__init__(data, initial=initial | {"items": list(ticked)}, more_fields=fields)
        rows = Item.objects.filter(pk__in=[item.pk for item in items]).select_related("current_version")
        cast(ItemsField, self.fields["items"]).queryset = rows.in_order()

    def clean(self) -> dict[str, Any]:
        """Refuse more items than a quiz may ask."""
        values = super().clean() or {}
        number = self.others + len(values.get("items", ())) + sum(values.get(part.field) or 0 for part in self.parts)
        if number > MOST:
            words = {"number": number, "most": MOST}
            raise forms.ValidationError(
                _("The quiz would ask %(number)d questions. It can ask %(most)d at most: take some out.") % words
            )
        return values

    @property
    def sizes(self) -> dict[tuple[str, int], int]:
        """Return {(level, objective): how many are drawn} of a valid form."""
        sizes = {part.key: self.cleaned_data[part.field] for part in self.parts}
        return {key: size for key, size in sizes.items() if size}


class AgainForm(forms.Form):
    """Which of the items that a class missed a quiz asks again."""

    items = ItemsField(
        label=_("Questions"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one question."),
            "invalid_choice": _("One of them cannot be asked any more. Tick again."),
        },
    )

    def __init__(self, offers: Sequence[Offer], data: QueryDict | None) -> None:
        super().__init__(data)
        items = [offer.missed.item.pk for offer in offers if not offer.hindrance]
        cast(ItemsField, self.fields["items"]).queryset = Item.objects.filter(pk__in=items)
        add_press(self)


class QuizField(forms.ModelChoiceField):
    def label_from_instance(self, quiz: Quiz) -> str:
        return quiz.title


class QuizTermsForm(InZone, Crispy, forms.Form):
    """When a quiz opens, is due and closes in a cohort, in its time zone, and whether it counts for marks there.

    Where the cohort has several modules it stands beside the sections of one, so that no mark of it counts twice.
    """

    opens_at = LocalMoment(label=_("Opens"))
    due_at = LocalMoment(label=_("Due"), required=False)
    closes_at = LocalMoment(label=_("Closes"), required=False)
    is_for_marks = forms.BooleanField(
        label=_("It counts for marks"),
        required=False,
        help_text=_("Its best attempt is then a mark in the total. Otherwise it is for practice, and in no total."),
    )
    weight = forms.IntegerField(
        label=_("Weight in the total"),
        required=False,
        min_value=LIGHTEST,
        max_value=HEAVIEST,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        help_text=_("From 0 to 10, as of a section. It holds if the quiz counts for marks. Empty: 1."),
    )
    module = ModuleField(
        label=_("Beside the sections of"),
        queryset=None,
        empty_label=None,
        help_text=_("Its column is in the gradebook of that module, so that its mark counts once."),
    )

    def __init__(self, cohort: Cohort, *args: Any, **kwargs: Any) -> None:
        self.zone = cohort.zone
        super().__init__(*args, **kwargs)
        sentence = _("Date and time in %(zone)s.") % {"zone": cohort.time_zone}
        self.fields["opens_at"].help_text = sentence
        self.fields["due_at"].help_text = _(
            "Date and time in %(zone)s. Empty: what counts for marks is due when it closes."
        ) % {"zone": cohort.time_zone}
        self.fields["closes_at"].help_text = _(
            "Nobody begins it after that, and what is handed in later counts for no mark. Empty: it stays open. In "
            "%(zone)s."
        ) % {"zone": cohort.time_zone}
        modules = Module.objects.filter(pk__in=cohort.assignments.values("module")).order_by("pk")
        self.modules = list(modules)
        if len(self.modules) > 1:
            cast(ModuleField, self.fields["module"]).queryset = modules
        else:
            del self.fields["module"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        opens, due, closes = values.get("opens_at"), values.get("due_at"), values.get("closes_at")
        if opens and due and due <= opens:
            self.add_error("due_at", _("Choose a date after the opening."))
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Choose a date after the opening."))
        if closes and due and closes < due:
            self.add_error("closes_at", _("Choose a date that is not before the due date."))
        if values.get("weight", 0) is None:
            values["weight"] = 1
        if closes and not due and "due_at" not in self.errors and values.get("is_for_marks"):
            values["due_at"] = closes  # what is missing by then is missing for good
        return values

    @property
    def terms(self) -> dict[str, Any]:
        """Return what a valid form says, as fields of a QuizAssignment."""
        terms = {name: self.cleaned_data[name] for name in TERMS if name in self.cleaned_data}
        return terms | ({"module": self.modules[0]} if len(self.modules) == 1 else {})


class SetQuizForm(QuizTermsForm):
    """A quiz that is to be set: which of one's own, when, and for what."""

    quiz = QuizField(label=_("Quiz"), queryset=None, empty_label=None)
    field_order = ("quiz", *TERMS)

    def __init__(self, cohort: Cohort, quizzes: QuizQuerySet, data: QueryDict | None, chosen: str | None) -> None:
        initial = {"opens_at": local(timezone.now(), cohort.zone), "quiz": chosen, "weight": 1}
        super().__init__(cohort, data, initial=initial)
        cast(QuizField, self.fields["quiz"]).queryset = quizzes

    def clean_quiz(self) -> Quiz:
        """Refuse a quiz that asks nothing yet."""
        quiz: Quiz = self.cleaned_data["quiz"]
        if not quiz.size():
            raise forms.ValidationError(_("It asks nothing yet. Choose its questions first."))
        return quiz


class ChangeQuizTermsForm(Based, QuizTermsForm):
    """What holds of a quiz that is set: what was handed in and counts stays between opening and closing."""

    def __init__(self, cohort: Cohort, row: QuizAssignment, data: QueryDict | None) -> None:
        self.row = row
        stands: dict[str, Any] = {"is_for_marks": row.is_for_marks, "weight": row.weight, "module": row.module_id}
        stands |= {name: local(getattr(row, name), cohort.zone) for name in ("opens_at", "due_at", "closes_at")}
        super().__init__(cohort, data, initial=stands)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        opens, closes = values.get("opens_at"), values.get("closes_at")
        first, last = self.row.handed_in()
        if first and opens and opens > first:
            self.add_error("opens_at", self._would_lose(first))
        if last and closes and closes + GRACE < last:
            self.add_error("closes_at", self._would_lose(last))
        return values

    def _would_lose(self, moment: datetime) -> str:
        words = {"date": days.with_time(moment.astimezone(self.zone))}
        return _("What was handed in on %(date)s would count no more. Choose a date that keeps it.") % words
