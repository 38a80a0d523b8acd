"""manage.py tidy: erase what must not be kept longer, and hand in what ran out of time. Run it every hour."""

from datetime import date

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import FormerName, RateLimitBucket, SecurityEvent, SignIn
from course.erasing import erase_idle_guests
from quizzes.models import Attempt


class Command(BaseCommand):
    help = (
        "Erase guests idle for 180 days, ended sessions, limits of more than an hour ago, and what accounts keep for a "
        "while: events for 90 days, former names for 30; sign out whoever signed in more than a year ago; "
        "hand in what was saved in attempts whose time is over. Repeatable."
    )

    def handle(self, verbosity: int, **options: object) -> None:
        now = timezone.now()
        expired = Attempt.objects.expire(now)
        guests, limits = erase_idle_guests(now.date()), RateLimitBucket.objects.forget_full(now)
        call_command("clearsessions")
        _forget_sign_ins(now.date())
        if verbosity:
            erased = f"erased: {guests} idle guests, {limits} limits, and all ended sessions"
            self.stdout.write(f"{erased}; handed in: {expired} attempts whose time was over")


def _forget_sign_ins(today: date) -> None:
    """Sign out whoever signed in more than a year ago; forget old events and former names that are free again."""
    SignIn.objects.too_long(today).end()
    SignIn.objects.without_session().delete()
    SecurityEvent.objects.forget_old(today)
    FormerName.objects.filter(until__lt=today).delete()
