"""The form of how the marks of a cohort are reckoned: points, weights, and what is missing."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import Crispy
from cohorts.choices import Points
from cohorts.forms.basis import Based
from cohorts.gradebook import HEAVIEST, LIGHTEST, Gradebook, Head
from cohorts.models import QuizAssignment, Weight


class ReckoningForm(Based, Crispy, forms.Form):
    """Of how many points marks are, how much each weighs in the total, and whether what is missing counts as 0."""

    points = forms.TypedChoiceField(label=gettext_lazy("Marks and total"), choices=Points.choices, coerce=int)
    missing_is_zero = forms.BooleanField(
        label=gettext_lazy("What is due and not handed in counts as 0"),
        required=False,
        help_text=gettext_lazy("Otherwise it is left out of the total. Nobody excused ever has a 0 by it."),
    )

    def __init__(self, book: Gradebook, data: QueryDict | None) -> None:
        self.book = book
        initial: dict[str, Any] = {"points": book.cohort.points, "missing_is_zero": book.cohort.missing_is_zero}
        more_fields = {}
        columns: list[Head | QuizAssignment] = [*book.heads, *book.for_marks]
        for column in columns:
            more_fields[_name(column)] = forms.IntegerField(
                label=_title(column),
                min_value=LIGHTEST,
                max_value=HEAVIEST,
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )
            initial[_name(column)] = column.weight
        super().__init__(data, initial=initial, more_fields=more_fields)

    def save(self) -> None:
        """Keep a valid form; the cohort's row is held. At most 4 queries."""
        cohort, values = self.book.cohort, self.cleaned_data
        cohort.points, cohort.missing_is_zero = values["points"], values["missing_is_zero"]
        cohort.save(update_fields=["points", "missing_is_zero"])
        if module := self.book.module:
            cohort.weights.filter(module=module).delete()
            Weight.objects.bulk_create(
                Weight(cohort=cohort, module=module, section=head.section, weight=values[_name(head)])
                for head in self.book.heads
            )
        for row in self.book.for_marks:
            row.weight = values[_name(row)]
        QuizAssignment.objects.bulk_update(self.book.for_marks, ["weight"])


def _name(column: Head | QuizAssignment) -> str:
    if isinstance(column, QuizAssignment):
        return f"weight_quiz_{column.pk}"
    return f"weight_{column.key or 'exam'}"


def _title(column: Head | QuizAssignment) -> str:
    if isinstance(column, QuizAssignment):
        return _("Weight of the quiz “%(title)s”") % {"title": column.quiz.title}
    if column.section is None:
        return _("Weight of the exam")
    words = {"number": column.section.position, "title": column.section.title}
    return _("Weight of section %(number)s, %(title)s") % words
