"""The form of a report: what is wrong, and in a lesson where."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy
from lessons.models import Lesson
from lessons.models.base import language_of


class ReportForm(Crispy, forms.Form):
    reason = forms.CharField(
        label=_("What is wrong, or not clear?"),
        max_length=2000,
        help_text=_("At most 2,000 characters. A source or a page number helps."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class LessonReportForm(ReportForm):
    """With the passage, of those that the lesson has in the language of the page."""

    field_order = ["anchor", "reason"]

    def __init__(self, lesson: Lesson, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headings = lesson.document["headings"][language_of(lesson.document["headings"])]
        choices = [("", _("The lesson as a whole")), *headings.items()]
        self.fields["anchor"] = forms.ChoiceField(label=_("Which passage?"), choices=choices, required=False)
        self.order_fields(self.field_order)
