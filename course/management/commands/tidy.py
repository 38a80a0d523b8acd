"""manage.py tidy: erase what must not be kept longer, and hand in what ran out of time. Run it every hour."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import RateLimitBucket
from course.erasing import erase_idle_guests
from quizzes.models import Attempt


class Command(BaseCommand):
    help = (
        "Erase guests idle for 180 days, ended sessions, and limits of more than an hour ago; "
        "hand in what was saved in attempts whose time is over. Repeatable."
    )

    def handle(self, verbosity: int, **options: object) -> None:
        now = timezone.now()
        expired = Attempt.objects.expire(now)
        guests, limits = erase_idle_guests(now.date()), RateLimitBucket.objects.forget_full(now)
        call_command("clearsessions")
        if verbosity:
            erased = f"erased: {guests} idle guests, {limits} limits, and all ended sessions"
            self.stdout.write(f"{erased}; handed in: {expired} attempts whose time was over")
