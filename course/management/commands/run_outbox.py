"""manage.py run_outbox: make the mails that people asked for, and send what waits. Run it every five minutes."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.delivery import deliver
from course.digests import make_digests


class Command(BaseCommand):
    help = (
        "Put what is due, late, running out or corrected into the outbox, one mail a day or week for each person who "
        "confirmed an address, from seven in the morning of theirs; then send what waits. Repeatable, also at the same "
        "time: what the server has taken is never sent again. What fails is tried again after 5 minutes, then twice as "
        "long each time, and given up after a week. Sends nothing where EMAIL_URL is not set."
    )

    def handle(self, *, verbosity: int, **options: object) -> None:
        if not settings.SENDS_MAIL:
            if verbosity:
                self.stdout.write("No mail is sent: EMAIL_URL is not set.")
            return
        make_digests(timezone.now())
        done = deliver()
        if verbosity:
            numbers = f"sent: {done.sent}; to be tried again: {done.failed}; given up: {done.given_up}"
            self.stdout.write(f"{numbers}; addresses that nobody has: {done.refused}")
        if done.fault:
            raise CommandError(done.fault)
