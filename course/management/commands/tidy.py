"""manage.py tidy: erase what must not be kept longer, and hand in what ran out of time. Run it every hour."""

from datetime import date, datetime

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from accounts import mail
from accounts.models import FormerName, Outbox, RateLimitBucket, SecurityEvent, SignIn, Token, User, WayIn
from accounts.models.sign_ins import EVENT_LIFE
from cohorts import ending
from cohorts.models import Handover
from course import clock
from course.erasing import erase_idle_guests
from course.lateness import TIDY
from course.models import LastRun
from course.sqlite3 import upkeep
from quizzes.models import Attempt, Recall, Upload
from quizzes.replay import replay


class Command(BaseCommand):
    help = (
        "Erase guests idle for 180 days, ended sessions, limits of more than an hour ago, and what accounts keep for a "
        "while: events for 90 days, former names, mail that was sent, and what can be undone in cohorts, for 30, "
        "addresses for mail that nobody confirmed, and files of questions, for 7; sign out whoever signed in more than "
        "a year ago; hand in what was saved in attempts whose time is over; archive cohorts after their day, and erase "
        "what is theirs half a year later. Repeatable. "
        "Says where this machine's clock cannot be right, and then erases nobody."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--clock-is-right", action="store_true", help="tidy although nothing was done for more than 45 days"
        )

    def handle(self, *, verbosity: int, clock_is_right: bool = False, **options: object) -> None:
        now = timezone.now()
        for fault in clock.faults(now):
            self.stderr.write(fault)
        is_behind = clock.checked_after(now) is not None
        if not is_behind and (replayed := replay_what_is_ahead(now)):
            self.stderr.write(
                f"Of {replayed} learners, what to review and when was computed anew, with today as its day."
            )
        gap = clock.gap(now)
        if gap and not clock_is_right:
            self.stderr.write(
                f"The clock says {now:%d %B %Y %H:%M} UTC, {gap.days} days after the last sign of life here. "
                "With a wrong clock people would be erased for good, so nothing was erased or handed in. "
                "If it is right: manage.py tidy --clock-is-right"
            )
            return
        done = tidied(now)
        LastRun.note(TIDY, now)
        if not is_behind:
            clock.note_tidying(done, now)
        upkeep.gather_statistics(connection)
        upkeep.empty_log(connection)
        if verbosity:
            self.stdout.write(done)


def tidied(at: datetime) -> str:
    """Hand in and erase what is due; return a sentence with the numbers."""
    expired = Attempt.objects.expire(at)
    archived, ended = ending.archive_ended(at), ending.erase_ended(at)
    guests, limits = erase_idle_guests(at.date()), RateLimitBucket.objects.forget_full(at)
    call_command("clearsessions")
    _forget_sign_ins(at.date())
    Token.objects.ended(at).delete()
    Outbox.objects.forget_old(at)
    mail.forget_unconfirmed(at)
    Handover.objects.forget_old(at)
    Upload.objects.forget_old(at)
    erased = f"erased: {guests} idle guests, {limits} limits, and all ended sessions"
    of_cohorts = f"cohorts whose day is over: {archived} archived, {ended} erased"
    return f"{erased}; handed in: {expired} attempts whose time was over; {of_cohorts}"


def replay_what_is_ahead(at: datetime) -> int:
    """Compute the recalls anew of those for whom an item waits for a wrong clock's day; return of how many people."""
    learners = User.objects.filter(pk__in=Recall.objects.ahead_of(at).values("learner"))
    for learner in learners:
        replay([learner], at)
    return len(learners)


def _forget_sign_ins(today: date) -> None:
    """Sign out whoever signed in more than a year ago; forget old events and former names that are free again."""
    SignIn.objects.too_long(today).end()
    SignIn.objects.without_session().delete()
    SecurityEvent.objects.forget_old(today)
    FormerName.objects.filter(until__lt=today).delete()
    WayIn.objects.filter(made_at__date__lt=today - EVENT_LIFE).delete()
