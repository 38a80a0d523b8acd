"""A learner's dates as a calendar (RFC 5545): what is due or runs out, and the days of review.

May import the apps on its left. Titles never say what is taught: whoever looks over a shoulder, and
whoever keeps the calendar, reads them too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar, Event

from accounts.models import User
from accounts.zones import zone
from cohorts.dues import Due, closest, dues_of, roles_and_modules, set_modules
from cohorts.marks import RUNS_OUT_SOON
from cohorts.models import Assignment, Certificate
from cohorts.notices import quiz_dates
from course.reviews import DueItems, known_to
from lessons.models import Module
from quizzes import schedule

DAYS_AHEAD = 30  # of reviews: what is answered until then moves what comes later
ASKED_EVERY = timedelta(hours=6)  # how often a calendar need ask


@dataclass(frozen=True)
class Entry:
    """A moment, or a whole day, in somebody's calendar; `key` says what it is, wherever its date moves to."""

    key: str
    title: str
    when: datetime | date


def entries_of(user: User, at: datetime) -> list[Entry]:
    """Return what stands in the calendar of `user`, in the active language. At most 7 queries."""
    modules = Module.objects.filter(pk__in=set_modules(roles_and_modules(user)))
    dues = dues_of(user, Assignment.objects.all(), modules, at)
    load = DueItems(known_to(user, at), at.astimezone(zone(user.time_zone)).date())
    return [*_due(dues), *_quizzes(user, at), *_running_out(dues), *_certificates(user, at), *_reviews(load)]


def _due(dues: Iterable[Due]) -> Iterator[Entry]:
    """Yield a moment for each section or exam that is required, dated, neither passed nor excused, late or not."""
    for due in closest(dues):
        if due.date and not due.is_done:
            title = _("The exam is due") if due.is_exam else _("Section %(number)s is due")
            yield Entry(f"due {_name(due)}", title % {"number": due.section.position}, due.date)


def _quizzes(user: User, at: datetime) -> Iterator[Entry]:
    """Yield a moment for each quiz of a cohort's staff that has a date and can be handed in still, late or not.

    Its title is somebody's own words, and stays out. One query.
    """
    for number, moment in quiz_dates(user, at):
        yield Entry(f"quiz {number}", _("A quiz is due"), moment)


def _running_out(dues: Iterable[Due]) -> Iterator[Entry]:
    """Yield for each section or exam that is required and passed the moment from which that counts no more, if any.

    However far off; of several cohorts the first. Passing it again moves the moment.
    """
    ends: dict[str, tuple[datetime, int, str]] = {}
    for due in dues:
        if due.is_required and not due.row.is_excused and due.valid_until:
            title = _("The exam: the pass runs out") if due.is_exam else _("Section %(number)s: the pass runs out")
            entry = (due.valid_until, due.section.position, title)
            ends[_name(due)] = min(entry, ends.get(_name(due), entry))
    for name, (moment, number, title) in sorted(ends.items(), key=lambda item: item[1]):
        yield Entry(f"runs out {name}", title % {"number": number}, moment)


def _name(due: Due) -> str:
    """Return what names the section, or the exam of a module, in the key of an entry."""
    is_exam, key = due.key
    return f"exam {key}" if is_exam else str(key)


def _certificates(user: User, at: datetime) -> Iterator[Entry]:
    """Yield the moment from which each certificate that stands is no longer valid, until six weeks after. One query.

    One that is issued in the place of another is the same entry.
    """
    rows = Certificate.objects.of(user).current().filter(expires_at__gt=at - RUNS_OUT_SOON).order_by("expires_at", "pk")
    for module, assignment, expires_at in rows.values_list("module", "assignment", "expires_at"):
        yield Entry(f"certificate {module} {assignment}", _("A certificate runs out"), cast(datetime, expires_at))


def _reviews(load: DueItems) -> Iterator[Entry]:
    """Yield each day, from today for a month, on which something is asked again if each day's review is done."""
    due_days = [known.due_on for known in load.known]
    for day, count in schedule.week(due_days, load.today, load.done, days=DAYS_AHEAD):
        if count:
            title = ngettext("Review: %(count)d question", "Review: %(count)d questions", count) % {"count": count}
            yield Entry(f"review {day.isoformat()}", title, day)


def calendar_of(entries: Iterable[Entry], whose: str, onward: str, number: int, at: datetime) -> bytes:
    """Return the entries as a file of iCalendar, in the active language.

    Each has an id that hangs on its key and on `whose` calendar it is. `number`, which never falls, goes before the
    moment `at` to say which of two fetches is the newer; `onward` is where a calendar's link leads.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Critical reading//Dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Study dates"))
    calendar.add("refresh-interval", ASKED_EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        event = Event()
        event.add("uid", str(_id(whose, entry.key)))
        event.add("summary", entry.title)
        event.add("dtstart", entry.when.astimezone(UTC) if isinstance(entry.when, datetime) else entry.when)
        event.add("dtstamp", at.astimezone(UTC))
        event.add("sequence", number)
        event.add("url", onward)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()


def _id(whose: str, key: str) -> UUID:
    """Return the id of one thing of one person on this site: of another site, or person, it is another."""
    digest = salted_hmac("course.calendars", f"{whose} {key}", algorithm="sha256").digest()
    return UUID(bytes=digest[:16], version=5)
