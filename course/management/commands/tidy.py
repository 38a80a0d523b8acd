"""manage.py tidy: what must not be kept longer goes. Run it every hour."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import Allowance
from course.erasing import erase_idle_guests


class Command(BaseCommand):
    help = "Erase guests idle for 180 days, ended sessions, and limits of more than an hour ago. Repeatable."

    def handle(self, verbosity, **options):
        now = timezone.now()
        guests, limits = erase_idle_guests(now.date()), Allowance.objects.forget_full(now)
        call_command("clearsessions")
        if verbosity:
            self.stdout.write(f"erased: {guests} idle guests, {limits} limits, and all ended sessions")
