"""The file for a personnel office: who is done, late, overdue, excused, or has not joined."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from cohorts import marks
from cohorts.choices import Points
from cohorts.gradebook import total_of
from cohorts.members import Member
from cohorts.models import Assignment
from lessons.models import Section

DONE_LATE, NOT_JOINED = "done_late", "not_joined"
STATUS: dict[str, Callable[[], str]] = {
    marks.DONE: lambda: _("done"),
    DONE_LATE: lambda: _("done late"),
    marks.NOT_DONE: lambda: _("not done"),
    marks.OVERDUE: lambda: _("overdue"),
    NOT_JOINED: lambda: _("not joined"),
    marks.EXCUSED: lambda: _("excused"),
    marks.EXPIRED: lambda: _("expired"),
}


def status(line: marks.GradeRow, at: datetime) -> str:
    """Return how one learner stands with an assignment, in a word of STATUS, as at that time."""
    plain = line.status(at)
    if plain == marks.DONE and line.was_done_late:
        return DONE_LATE
    return NOT_JOINED if line.enrolment.user_id is None and plain in (marks.NOT_DONE, marks.OVERDUE) else plain


def head(points: int = Points.HUNDRED) -> list[str]:
    """Return the names of the columns; `points` are how many a total is of."""
    who = [_("Name"), _("Number"), _("Group")]
    dates = [_("Done on"), _("Due on"), _("Valid until")]
    return [*who, _("Status"), *dates, _("Total, points of %(points)s") % {"points": points}]


def rows_of(
    assignment: Assignment,
    heads: Sequence[Section | None],
    weights: Mapping[int | None, int],
    members: Sequence[Member],
    beside: Sequence[Assignment],
    at: datetime,
) -> list[list[object]]:
    """Return the cells of these learners' lines, in their order, as at that time. 4 queries.

    `heads`, `weights` and `beside` are what `marks.heads_of`, `gradebook.weights_of` and `marks.lines_of` say.
    """
    rows = assignment.cohort.enrolments.select_related("user", "group")
    places = rows.in_bulk([member.pk for member in members])
    people = [places[member.pk] for member in members if member.pk in places]
    return [row_of(line, weights, at) for line in marks.lines_of(assignment, heads, people, beside)]


def row_of(line: marks.GradeRow, weights: Mapping[int | None, int], at: datetime) -> list[object]:
    """Return the cells of a learner's line; the last is the total of what the assignment sets, by these weights."""
    place, cohort = line.enrolment, line.assignment.cohort
    weighed = [(weights.get(mark.section.pk if mark.section else None, 1), mark) for mark in line.marks]
    total = total_of(weighed, at, cohort.missing_is_zero)
    moments = (line.done_at, line.due_at, line.valid_until)
    return row(
        [place.known_name, place.school_number, place.group.name if place.group else ""],
        status(line, at),
        [moment and moment.astimezone(cohort.zone).date() for moment in moments],
        total.points(cohort.points) if total else None,
    )


def row(who: list[str], status: str, dates: list[date | None], score: Decimal | None) -> list[object]:
    """Return the cells of one learner: name, number and group; the days on which it was done, is due and runs out."""
    return [*who, STATUS[status](), *dates, score]


def sample(today: date) -> list[list[object]]:
    """Return rows of people whom nobody is, one for each status, as the file would have them that day."""
    due, year = today + timedelta(days=14), timedelta(days=365)
    before, long_ago = today - timedelta(days=9), today - timedelta(days=400)
    rows: list[tuple[str, str, list[date | None], Decimal | None]] = [
        (_("Invented name 1"), marks.DONE, [before, due, before + year], Decimal("91.5")),
        (_("Invented name 2"), marks.NOT_DONE, [None, due, None], None),
        (_("Invented name 3"), marks.OVERDUE, [None, before, None], Decimal("42.0")),
        (_("Invented name 4"), marks.EXCUSED, [None, None, None], None),
        (_("Invented name 5"), marks.EXPIRED, [long_ago, long_ago + timedelta(days=5), long_ago + year], Decimal(88)),
        (_("Invented name 6"), DONE_LATE, [before, before - timedelta(days=2), before + year], Decimal("84.0")),
        (_("Invented name 7"), NOT_JOINED, [None, due, None], None),
    ]
    return [
        row(
            [name, f"26-{1041 + 7 * number}", _("Group %(letter)s") % {"letter": "AB"[number % 2]}],
            status,
            dates,
            score,
        )
        for number, (name, status, dates, score) in enumerate(rows)
    ]
