"""manage.py watch: tell the operator what is late. Run it every quarter of an hour, beside what it watches."""

import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from course.channels import Send, channels
from course.lateness import look
from course.telling import tell


class Command(BaseCommand):
    help = (
        "Say what is late: tidy, a backup, mail, attempts to hand in; or that the site cannot serve. It tells "
        "OPERATOR_WEBHOOK and OPERATOR_MAIL each of it once, again after a day, and when it is over; without either "
        "it writes that to its error output, and ends with 1."
    )

    def handle(self, *, verbosity: int, **options: object) -> None:
        now = timezone.now()
        looked = look(now)
        if verbosity:
            self.stdout.write("\n".join(filter(None, looked.values())) or "Nothing is late.")
        written: list[str] = []
        by_cron: dict[str, Send] = {"stderr": lambda subject, text: written.append(f"{subject}\n{text}")}
        failed = tell(looked, channels() or by_cron, now)
        for text in written + failed:
            self.stderr.write(text)
        if written or failed:
            sys.exit(1)
