"""A reminder for all of a cohort, to be pasted into any messenger: it names nobody, and counts no fewer than five."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.privacy import is_few
from cohorts.board import Board
from cohorts.judging import SOON, exams_among
from cohorts.models import Cohort
from cohorts.quiz_board import QuizBoard
from lessons import days


class Who(TextChoices):
    """Whom a reminder concerns."""

    LATE = "late", gettext_lazy("Late")
    DUE = "due", gettext_lazy("Due within a week")
    NOT_BEGUN = "not_begun", gettext_lazy("Joined, not begun")
    NOT_JOINED = "not_joined", gettext_lazy("Not joined")


def counts_of(board: Board | None, quizzes: QuizBoard) -> dict[Who, int]:
    """Return of each of Who how many there are among those who learn, as the board judges them. No query.

    Where no sections are set there is no board, and quizzes alone count. 2 queries then.
    """
    if board:
        members = [one.member for one in board.people]
        late = {one.member.pk for one in board.people if one.judgement.late}
        soon = {one.member.pk for one in board.people if one.judgement.soon}
        idle = {one.member.pk for one in board.people if not one.judgement.has_begun}
    else:
        members = quizzes.members
        late, soon = ({member.pk for member in quizzes.among(shown)} for shown in ("late", "soon"))
        idle = {member.pk for member in quizzes.idle()}
    joined = {member.pk for member in members if member.user_id}
    return {
        Who.LATE: len(late & joined),
        Who.DUE: len(soon & joined),
        Who.NOT_BEGUN: len(idle & joined),
        Who.NOT_JOINED: len(members) - len(joined),
    }


def next_date(board: Board | None, quizzes: QuizBoard) -> datetime | None:
    """Return when something is due next for everybody, if that is within a week, else None. No query."""
    dues = [row.due_at for row in quizzes.quizzes if row.due_at]
    at = quizzes.at
    if board:
        at = board.at
        dues += [date for column in board.columns for date in column.dues]
        dues += [row.due_at for row in exams_among(board.columns) if row.due_at]
    return min((date for date in dues if at <= date < at + SOON), default=None)


def text_of(
    who: str,
    count: int,
    address: str,
    cohort: Cohort,
    date: datetime | None = None,
    title: str = "",
    lessons: bool = True,
) -> str:
    """Return the reminder in the active language: whom it concerns, what is due on that `date`, where to go on.

    Whoever reads it in a group of few could tell who is meant: below five it says "some of you". Where no `lessons` are
    set, whoever has not begun is sent to a quiz.
    """
    some = _("some of you") if is_few(count) else _("%(count)d of you") % {"count": count}
    words = {"some": some}
    said = ""
    match who:
        case Who.LATE:
            said = _("Hello everyone, for %(some)s work that was due is still missing.") % words
        case Who.DUE if date:
            local = timezone.localtime(date, cohort.zone)
            words |= {"day": days.weekday(local), "clock": days.clock(local), "zone": cohort.time_zone}
            sentence = _(
                "Hello everyone, something is due on %(day)s, at %(clock)s (%(zone)s). It is missing for %(some)s."
            )
            said = sentence % words
        case Who.DUE:
            said = _("Hello everyone, something is due within a week. It is missing for %(some)s.") % words
        case Who.NOT_BEGUN if not lessons:
            said = _("Hello everyone, %(some)s have not begun a quiz yet.") % words
        case Who.NOT_BEGUN:
            said = _("Hello everyone, %(some)s have not begun yet. The first lesson takes a few minutes.") % words
        case Who.NOT_JOINED:
            said = _("Hello everyone, %(some)s have not joined yet. No e-mail and no real name is needed.") % words
    lines = [said, _("Course: %(title)s") % {"title": title} if title else "", _way(who, address)]
    return "\n\n".join(line for line in lines if line)


def _way(who: str, address: str) -> str:
    if who != Who.NOT_JOINED:
        return _("Go on here: %(address)s") % {"address": address}
    if not address:
        return _("The slip with your own code says how.")
    return _("Open this address and press the button: %(address)s") % {"address": address}
