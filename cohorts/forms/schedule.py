"""The form of a cohort's schedule: a line for each section, one rule for late work, and what fills in the dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import Crispy
from cohorts.choices import LateRule
from cohorts.forms.basis import BASIS, Based
from cohorts.forms.moments import LOCAL, InZone, LateFields, LocalMoment, local
from cohorts.schedules import Closing, Entry, Line, Schedule, entry, weekly

TEN_YEARS = timedelta(days=3652)
KEPT, IN_TURN = "kept", "in_turn"
OPENINGS = [
    (KEPT, gettext_lazy("stay as they are")),
    (IN_TURN, gettext_lazy("each when the one before is due")),
]
PARTS = ("is_set", "opens_at", "due_at", "is_required")


@dataclass
class Row:
    """A line with its fields on the page."""

    line: Line
    is_set: BoundField
    opens_at: BoundField
    due_at: BoundField
    is_required: BoundField


class ScheduleForm(Based, InZone, Crispy, LateFields, forms.Form):
    """Fields `<name of a line>-<part>` for each line, in the cohort's time zone, and one rule for late work.

    Where the lines have several such rules, each keeps its own unless another is chosen for all.
    """

    closes_days = forms.IntegerField(
        label=gettext_lazy("Closes so many days after the due date"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=gettext_lazy("What comes later counts for learning, and for no mark. Empty: it stays open."),
    )
    field_order = ("closes_days", "late_rule", "late_points")

    def __init__(self, schedule: Schedule, now: datetime, data: QueryDict | None) -> None:
        self.schedule, self.zone = schedule, schedule.cohort.zone
        closing, today = schedule.closing, datetime.combine(today_in(schedule, now), time(), self.zone).astimezone(UTC)
        initial: dict[str, Any] = {}
        if closing:
            points = closing.late_points or None
            initial = {"closes_days": closing.days, "late_rule": closing.late_rule, "late_points": points}
        fields: dict[str, forms.Field] = {}
        for line in schedule.lines:
            fields |= _fields_of(line)
            initial |= self._initial(line, today)
        if closing is None:
            kept, label = ("", _("As each is set now")), self.base_fields["late_rule"].label
            fields["late_rule"] = forms.ChoiceField(label=label, choices=[kept, *LateRule.choices], required=False)
        super().__init__(data, initial=initial, more_fields=fields)

    def _initial(self, line: Line, today: datetime) -> dict[str, Any]:
        """Return what stands of a line; of a schedule that is new, what is mostly wanted."""
        row, section = line.assignment, line.section
        if row:
            dates = (local(row.opens_at, self.zone), local(row.due_at, self.zone))
            return dict(zip(_names(line), (True, *dates, row.is_required), strict=True))
        is_wanted = self.schedule.is_new and section is not None and not self.schedule.is_set_elsewhere(section)
        is_required = section is None or not section.is_optional
        return dict(zip(_names(line), (is_wanted, local(today, self.zone), None, is_required), strict=True))

    def _compare(self, was: dict[str, str], now: dict[str, str], stands: dict[str, list[str]]) -> None:
        """Leave aside the dates of lines that are not set: what is proposed for them is nothing that stands."""
        loose = {name for line in self.schedule.lines if line.assignment is None for name in _names(line)[1:]}
        now = {name: value for name, value in now.items() if name not in loose}
        super()._compare(was, now, {name: texts for name, texts in stands.items() if name not in loose})

    @property
    def rows(self) -> list[Row]:
        return [Row(line, *(self[name] for name in _names(line))) for line in self.schedule.lines]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.data.get(BASIS, "").count(".") != self.initial[BASIS].count("."):
            raise ValidationError(_("A part of this form has not arrived: open the page anew, and send it again."))
        keeps = self.schedule.closing is None and not values.get("late_rule")
        if keeps and (values.get("closes_days") is not None or self.data.get("late_points")):
            self.add_error("late_rule", _("Choose what late work counts: it will hold for all of them."))
        for line in self.schedule.lines:
            self._clean_line(line, values)
        return values

    def _clean_line(self, line: Line, values: dict[str, Any]) -> None:
        is_set, opens_at, due_at, is_required = _names(line)
        if not values.get(is_set):
            for name in (opens_at, due_at, is_required):
                self.errors.pop(name, None)
            if line.holds_more:
                self.add_error(
                    is_set,
                    _(
                        "Later dates, marks set by hand, exams or certificates hang on it, so it stays: tick it again, "
                        "or look whether its own page lets you delete it."
                    ),
                )
        elif opens_at not in self.errors and not values.get(opens_at):
            self.add_error(opens_at, _("Say from when on its quizzes count."))
        elif values.get(opens_at) and values.get(due_at) and values[due_at] <= values[opens_at]:
            self.add_error(due_at, _("Choose a date after the opening."))

    @property
    def entries(self) -> dict[str, Entry]:
        """Return {name of a line: what it sets} of a valid form, for the lines that are ticked."""
        values = self.cleaned_data
        closing = None
        if self.schedule.closing or values["late_rule"]:
            rule = values["late_rule"] or LateRule.FULL
            closing = Closing(values["closes_days"], rule, values["late_points"])
        entries = {}
        for line in self.schedule.lines:
            is_set, opens_at, due_at, is_required = (values.get(name) for name in _names(line))
            if is_set and opens_at:
                entries[line.name] = entry(line, opens_at, due_at, bool(is_required), closing, self.zone)
        return entries


def _names(line: Line) -> list[str]:
    return [f"{line.name}-{part}" for part in PARTS]


def _fields_of(line: Line) -> dict[str, forms.Field]:
    """Return the fields of a line, each labelled by it, since a page has as many of each as there are lines."""
    if line.section:
        words = {"line": _("Section %(number)s") % {"number": line.section.position}}
    else:
        words = {"line": _("All sections")}
    labels = (_("%(line)s: set"), _("%(line)s: opens"), _("%(line)s: due"), _("%(line)s: required"))
    tick, moment = forms.BooleanField, LocalMoment
    fields = {}
    for name, kind, label in zip(_names(line), (tick, moment, moment, tick), labels, strict=True):
        field = kind(label=label % words, required=False)
        field.widget.attrs |= {"class": "form-control"} if kind is moment else {}
        if not name.endswith("is_set"):  # which has the section's title beside it
            field.widget.attrs["aria-label"] = field.label
        fields[name] = field
    return fields


class FillForm(Crispy, forms.Form):
    """What fills in the dates of a schedule: a first day, an hour, and how many weeks lie between two."""

    first_on = forms.DateField(
        label=gettext_lazy("First due date"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    due_time = forms.TimeField(label=gettext_lazy("At"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    weeks = forms.IntegerField(label=gettext_lazy("Weeks between two"), min_value=1, max_value=52)
    opening = forms.ChoiceField(label=gettext_lazy("Openings"), choices=OPENINGS)

    def __init__(self, today: date, data: QueryDict | None) -> None:
        self.today = today
        initial = {"first_on": today + timedelta(weeks=1), "due_time": time(18), "weeks": 1, "opening": KEPT}
        super().__init__(data, initial=initial)

    def clean_first_on(self) -> date:
        day: date = self.cleaned_data["first_on"]
        if abs(day - self.today) > TEN_YEARS:
            raise ValidationError(_("Choose a day within ten years from now."))
        return day

    def filled(self, form: ScheduleForm) -> Mapping[str, str]:
        """Return {field: text} of the dates for the lines that `form`, which is not bound, shows as ticked.

        The sections are due in their order, and all of them together with the last.
        """
        values, texts = self.cleaned_data, {}
        lines = [line for line in form.schedule.lines if form.initial[_names(line)[0]]]
        sections = [line for line in lines if line.section]
        first = datetime.combine(values["first_on"], values["due_time"].replace(second=0, microsecond=0))
        dues = [due.strftime(LOCAL) for due in weekly(first, values["weeks"], max(len(sections), 1))]
        for number, line in enumerate(sections):
            _is_set, opens_at, due_at, _is_required = _names(line)
            texts[due_at] = dues[number]
            if values["opening"] == IN_TURN and number:
                texts[opens_at] = dues[number - 1]
        texts |= {_names(line)[2]: dues[-1] for line in lines if line.section is None}
        return texts


def today_in(schedule: Schedule, now: datetime) -> date:
    """Return the day that it is in the time zone of the schedule's cohort."""
    return timezone.localdate(now, schedule.cohort.zone)
