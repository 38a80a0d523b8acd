"""What a mail tells somebody: what is due or late, what runs out, what was corrected. May import the apps on its left.

One mail for each person and day, or week, and each thing once. It names no cohort, module or section but by number:
whoever looks over a shoulder reads it, and so does whoever keeps the mail.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.locking import atomic_once_more
from accounts.models import Outbox, Rhythm, User
from accounts.zones import zone
from cohorts.dues import Due, closest, dues_by_learner
from cohorts.models import Certificate
from lessons import days

BATCH = 200  # people at a time
MORNING = 7  # the hour of a person's day before which no mail is made
AHEAD = {Rhythm.DAILY: timedelta(days=2), Rhythm.WEEKLY: timedelta(days=9)}  # so that none falls between two weeks
BACK = timedelta(days=14)  # how long ago something may have become late, or been corrected, to be news
CERTIFICATE_AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """One thing to tell; `key` says which, `is_due` whether it asks for something."""

    key: str
    text: str
    is_due: bool = True


@dataclass
class News:
    """What is known of one person: dates, the ends of certificates, and their digests of the last weeks."""

    user: User
    dues: Sequence[Due] = ()
    ends: list[tuple[int, datetime]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    told_of: set[str] = field(default_factory=set)
    is_waiting: bool = False


def make_digests(at: datetime) -> None:
    """Put into the outbox what is to be told then. At most 8 queries for 200 people, and their rows in memory alone.

    Of somebody to whom a digest waits still none is made, so that a server that comes back sends each of them one mail.
    """
    last = 0
    while people := list(User.objects.wanting_mail().filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = people[-1].pk
        awake = [person for person in people if _local(person, at).hour >= MORNING]
        mails = [mail for news in _news_of(awake, at) if (mail := _digest(news, at))]
        if mails:
            _keep(mails)


@atomic_once_more
def _keep(mails: Sequence[Outbox]) -> None:
    """Add these for those who are there still, and want them at the same address. A key that is there stays. 2 queries.

    Two runs that make one digest at once make it once.
    """
    rows = User.objects.filter(pk__in=[mail.user_id for mail in mails]).held()
    since = {row.pk: row.email_set_at for row in rows.wanting_mail()}
    wanted = [mail for mail in mails if since.get(mail.user_id, False) == mail.user.email_set_at]
    Outbox.objects.bulk_create(wanted, ignore_conflicts=True)


def _news_of(people: Collection[User], at: datetime) -> Iterable[News]:
    """Return the News of each of these. 5 queries, however many they are."""
    news = {person.pk: News(person) for person in people}
    for learner, dues in dues_by_learner(news, at).items():
        news[learner].dues = dues
    ending = Certificate.objects.running_out(at, at + CERTIFICATE_AHEAD).filter(user__in=news)
    for learner, pk, moment in ending.order_by("expires_at", "pk").values_list("user", "pk", "expires_at"):
        if moment:
            news[learner].ends.append((pk, moment))
    digests = Outbox.objects.filter(user__in=news, kind=Outbox.Kind.DIGEST)
    for learner, key, about, sent_at, given_up_at in digests.values_list(
        "user", "key", "about", "sent_at", "given_up_at"
    ):
        one = news[learner]
        one.keys.add(key)
        # What was given up told nobody of anything.
        one.told_of.update([] if given_up_at else about.splitlines())
        one.is_waiting = one.is_waiting or (sent_at is None and given_up_at is None)
    return news.values()


def _digest(news: News, at: datetime) -> Outbox | None:
    """Return the mail for one person, not saved; None where there is nothing new, or they had theirs. No query."""
    user, key = news.user, _key(news.user, at)
    if news.is_waiting or key in news.keys:
        return None
    with override(user.language), timezone.override(zone(user.time_zone)):
        lines = [line for line in _lines(news, at) if line.key not in news.told_of]
        if not lines:
            return None
        subject = _("Something is due") if any(line.is_due for line in lines) else _("Something is new for you")
        about = "\n".join(line.key for line in lines)
        return Outbox(user=user, key=key, subject=subject, body=_body(lines), about=about, made_at=at)


def _key(user: User, at: datetime) -> str:
    """Return what there is one mail of: the person's day or, of the weekly rhythm, their week of the calendar."""
    day = _local(user, at).date()
    if user.mail_rhythm == Rhythm.WEEKLY:
        year, week, _weekday = day.isocalendar()
        return f"digest {user.pk} {year}-W{week:02}"
    return f"digest {user.pk} {day.isoformat()}"


def _local(user: User, at: datetime) -> datetime:
    return at.astimezone(zone(user.time_zone))


def _lines(news: News, at: datetime) -> Iterator[Line]:
    """Yield what could be told, in the active language and zone, what is late first. No query."""
    dated = [due for due in closest(news.dues) if due.has_opened and not due.is_done]
    yield from chain.from_iterable(_of_due(due, AHEAD[Rhythm(news.user.mail_rhythm)], at) for due in dated)
    for pk, moment in news.ends:
        text = _("A certificate of yours runs out on %(day)s.") % {"day": days.in_words(timezone.localtime(moment))}
        yield Line(f"certificate {pk}", text)
    changed_at = news.user.changed_at
    if changed_at and at - BACK <= changed_at <= at:
        text = _("Something that you answered or read has been corrected.")
        yield Line(f"changed {changed_at.isoformat()}", text, is_due=False)


def _of_due(due: Due, ahead: timedelta, at: datetime) -> Iterator[Line]:
    """Yield the line for a section or exam that is late or due within `ahead`; none where it is late for long."""
    date = due.date
    if date is None or not at - BACK <= date <= at + ahead:
        return
    local = timezone.localtime(date)
    words = {"number": due.section.position, "day": days.weekday(local), "clock": days.clock(local)}
    is_exam, key = due.key
    if due.is_late:
        was_due = _("The exam was due on %(day)s, at %(clock)s.")
        sentence = was_due if is_exam else _("Section %(number)s was due on %(day)s, at %(clock)s.")
    else:
        is_due = _("The exam is due on %(day)s, at %(clock)s.")
        sentence = is_due if is_exam else _("Section %(number)s is due on %(day)s, at %(clock)s.")
    what = f"{'late' if due.is_late else 'due'}{' exam' if is_exam else ''}"
    yield Line(f"{what} {key} {date.isoformat()}", sentence % words)


def _body(lines: Iterable[Line]) -> str:
    """Return the mail's text in the active language and zone."""
    parts = [
        "\n".join(f"– {line.text}" for line in lines),
        _("Times are those of %(zone)s.") % {"zone": timezone.get_current_timezone_name()},
        _("Go on here: %(address)s") % {"address": settings.SITE_URL + reverse("progress")},
        _("You get this because you asked this site for it. To get no more, open this address and press the button:"),
        Outbox.LINK,
    ]
    return "\n\n".join(parts) + "\n"
