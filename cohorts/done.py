"""The file for a personnel office: who is done, not done or overdue."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cohorts import marks

STATUS: dict[str, Callable[[], str]] = {
    marks.DONE: lambda: _("done"),
    marks.NOT_DONE: lambda: _("not done"),
    marks.OVERDUE: lambda: _("overdue"),
    marks.EXCUSED: lambda: _("excused"),
    marks.EXPIRED: lambda: _("expired"),
}


def head() -> list[str]:
    """Return the names of the columns."""
    return [_("Name"), _("Status"), _("Done on"), _("Due on"), _("Valid until")]


def row(name: str, status: str, done_on: date | None, due_on: date | None, valid_until: date | None) -> list[object]:
    """Return the cells of one learner."""
    return [name, STATUS[status](), done_on, due_on, valid_until]


def sample(today: date) -> list[list[object]]:
    """Return rows of people whom nobody is, one for each status, as the file would have them that day."""
    due, year = today + timedelta(days=14), timedelta(days=365)
    before, long_ago = today - timedelta(days=9), today - timedelta(days=400)
    return [
        row(_("Invented name 1"), marks.DONE, before, due, before + year),
        row(_("Invented name 2"), marks.NOT_DONE, None, due, None),
        row(_("Invented name 3"), marks.OVERDUE, None, before, None),
        row(_("Invented name 4"), marks.EXCUSED, None, due, None),
        row(_("Invented name 5"), marks.EXPIRED, long_ago, long_ago + timedelta(days=5), long_ago + year),
    ]
