"""The timeline of a module: its events and the periods that cut it, read and checked. Pure."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from lessons.content import ACTS
from lessons.content.ledger import EVENT_DATE, Term, check_date
from lessons.content.source import Entry, Problems, impossible, is_there, read_toml, unique

PRECISIONS = ("day", "month", "year", "range")
EARLIEST, LATEST = 1000, 2999  # years, as dates of content have them


@dataclass(frozen=True)
class Event:
    slug: str
    date: str
    precision: str | None
    claims: list[str]
    document: dict[str, Any]

    @property
    def year(self) -> int:
        """The year in which it begins."""
        return int(self.date[:4])


@dataclass(frozen=True)
class Period:
    """Whole years that belong together; `document` holds `first`, `last`, `title` and the `lessons` that draw on it."""

    document: dict[str, Any]
    entry: Entry = field(compare=False, repr=False)

    def __contains__(self, year: int) -> bool:
        return self.document["first"] <= year <= self.document["last"]


@dataclass(frozen=True)
class Timeline:
    """Events by their slugs, and the periods in their order, none where the file names none."""

    events: dict[str, Event]
    periods: list[Period]


def read_timeline(path: Path, problems: Problems, claims: Container[str], terms: Mapping[str, Term]) -> Timeline:
    """Return the timeline; a module without one has no such file."""
    if not is_there(path):
        return Timeline({}, [])
    top = read_toml(path, problems)
    entries = top.entries("event")
    unique(entries)
    periods = [_period(entry) for entry in top.entries("period", required=False)]
    for former, period in pairwise(periods):
        if period.document["first"] <= former.document["last"]:
            period.entry.error("a period begins after the one before it has ended", "from")
    events = {}
    for entry in entries:
        event = _event(entry, claims, terms)
        if periods and EVENT_DATE.match(event.date) and not any(event.year in period for period in periods):
            entry.error(f"no period has the year {event.year}", "date")
        events[event.slug] = event
    top.done()
    return Timeline(events, periods)


def _period(entry: Entry) -> Period:
    first = entry.whole("from", EARLIEST, LATEST, EARLIEST)
    last = entry.whole("to", EARLIEST, LATEST, LATEST)
    lessons = entry.strings("lessons", required=False)
    if last < first:
        entry.error(f"{first} to {last} ends before it begins", "to")
    period = Period({"first": first, "last": last, "title": entry.text("title"), "lessons": lessons}, entry)
    entry.done()
    return period


def check_lessons(periods: Sequence[Period], lessons: Container[str]) -> None:
    """Refuse a period that names a lesson which is not there; `lessons` are {"section/lesson", …}."""
    for period in periods:
        for lesson in period.document["lessons"]:
            if lesson not in lessons:
                period.entry.error(f"no lesson is called “{lesson}”, as in section/lesson", "lessons")


def _event(entry: Entry, claims: Container[str], terms: Mapping[str, Term]) -> Event:
    event = Event(
        slug=entry.slug("id"),
        date=entry.string("date"),
        precision=entry.one_of("precision", PRECISIONS),
        claims=entry.strings("claims", required=False),
        document={
            "text": entry.text("text"),
            "acts": entry.strings("acts"),
            "actors": entry.strings("actors", required=False),
            "places": entry.strings("places", required=False),
        },
    )
    check_date(entry, event.date, EVENT_DATE, "2019, 2019-10, 2019-10-23, or a range a/b")
    _check_precision(entry, event)
    _check_acts(entry, event.document["acts"])
    for key in event.claims:
        if key not in claims:
            entry.error(f"no claim is called “{key}”", "claims")
    for actor in event.document["actors"]:
        if actor not in terms:
            entry.error(f"no term of the glossary is called “{actor}”", "actors")
    for place in event.document["places"]:
        if place not in terms or terms[place].document["kind"] != "place":
            entry.error(f"no place of the glossary is called “{place}”", "places")
    entry.done()
    return event


def _check_acts(entry: Entry, acts: Collection[str]) -> None:
    if "acts" in entry.data and not acts:
        entry.error("an event names who acts, one at least", "acts")
    for kind in acts:
        if kind not in ACTS:
            entry.error(f"“acts” names “{kind}”; it should be of: {', '.join(ACTS)}", "acts")


def _check_precision(entry: Entry, event: Event) -> None:
    """Refuse a date that says more or less than its precision."""
    written = "range" if "/" in event.date else {4: "year", 7: "month"}.get(len(event.date), "day")
    is_date = EVENT_DATE.match(event.date) and not impossible(event.date)
    if is_date and event.precision not in (None, written):
        says = "is a “range”" if written == "range" else f"is exact to the “{written}”"
        entry.error(f"“{event.date}” {says}, not what “precision” says", "precision")
