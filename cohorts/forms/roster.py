"""Forms of a roster and of copying a cohort, and in words what is wrong in a file of names."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import Crispy, name_fault
from cohorts import roster
from cohorts.forms.cohorts import NewCohortForm
from cohorts.roster import What
from lessons import days

TEN_YEARS = timedelta(days=3652)
FAULTS = {
    What.TOO_LARGE: _("This file is larger than 2 MB. Keep the column of names alone, and choose it again."),
    What.SPREADSHEET: _(
        "This is a workbook, not a text file. Open it, choose “Save as” and there “CSV”, and choose that file."
    ),
    What.NOT_TEXT: _(
        "This file is not text in UTF-8 or Windows-1252. In your spreadsheet choose “Save as” and there “CSV UTF-8”."
    ),
    What.NO_HEADING: _(
        "There are several columns, and none is headed “Name”. Write “Name” over the names, in the first line."
    ),
    What.TOO_MANY_COLUMNS: _("There are more than 200 columns. Keep the column of names alone."),
    What.TOO_MANY_ROWS: _("There are more than 5,000 names. Split the file into two."),
    What.EMPTY: _("There is no name in it. Write one name a line, if you like under the heading “Name”."),
    What.QUOTE: _("A quotation mark is opened and not closed where it should be. Take it out, or close it."),
    What.MORE_COLUMNS: _(
        "This line has more columns than there are headings. Put a name that holds the separator in quotation marks."
    ),
    What.NO_NAME: _("There is no name in this line. Write it, or take the line out."),
    What.TOO_LONG: _("This name is longer than 120 characters. Shorten it."),
    What.UNSEEN: _("This name holds a sign that cannot be seen: type it again."),
}


def in_words(fault: roster.Fault) -> str:
    """Return what is wrong and what to do about it, in the language of the page."""
    if fault.hidden:
        return name_fault(fault.hidden)
    return str(FAULTS[fault.what])


class RosterForm(Crispy, forms.Form):
    """Names, in a file or one a line; once valid, `roster` holds what was read, faults included."""

    file = forms.FileField(
        label=_("A file"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "CSV, as a spreadsheet saves it: one column of names, or several with “Name” over one of them, or "
            "“Last name” and “First name” over two. At most 2 MB and 5,000 names."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )
    names = forms.CharField(
        label=_("Or names, one a line"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file, names = values.get("file"), values.get("names") or ""
        if self.errors:
            return values
        if bool(file) == bool(names.strip()):
            raise ValidationError(_("Choose a file, or type names: one of the two."))
        self.roster = roster.read(file.read(roster.MOST_BYTES + 1)) if file else roster.read_lines(names)
        return values


class CopyForm(NewCohortForm):
    """Name, time zone and first day of a new cohort; `first` is that of the old one, None where nothing was set."""

    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, first: date | None, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(today, *args, **kwargs)
        if first is None:
            del self.fields["starts_on"]
        else:
            sentence = _("The first thing opened on %(date)s; all dates move along, each at its time of day.")
            self.fields["starts_on"].help_text = sentence % {"date": days.in_words(first)}

    def clean_starts_on(self) -> date:
        day = self.cleaned_data["starts_on"]
        if abs(day - self.today) > TEN_YEARS:
            raise ValidationError(_("Choose a day within ten years from now."))
        return day
