"""manage.py second_step --off NAME: take somebody's second step off, where no editor can do it on the desk."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts import second_step
from accounts.models import Audit, SecurityEvent, User


class Command(BaseCommand):
    help = "Take somebody's second step off, for a lost phone without backup codes. They are signed out everywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--off", metavar="NAME", required=True, help="whose second step to take off")

    @transaction.atomic
    def handle(self, *, off: str, **options: object) -> None:
        now = timezone.now()
        person = User.objects.named(off).filter(is_guest=False).first()
        if person is None:
            raise CommandError(f"“{off}” is nobody's name here.")
        if not second_step.turn_off(person, SecurityEvent.What.SECOND_STEP_LOST, None, now):
            raise CommandError(f"“{off}” has no second step: nothing was changed.")
        Audit.record(None, "second step", f"user {person.pk}: taken off, by command", now)
        self.stdout.write("The second step is off, and all browsers are signed out. The password alone signs in again.")
