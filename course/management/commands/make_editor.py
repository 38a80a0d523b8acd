"""manage.py make_editor NAME: make an account an editor of the site, or no longer one, where no editor can be asked."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import Audit, User


class Command(BaseCommand):
    help = (
        "Make an account that was opened on the site an editor: the desk, /admin/, opens to them, and they may teach."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the account's name on the site")
        parser.add_argument("--no-longer", action="store_true", help="take it back: the account stays")

    @transaction.atomic
    def handle(self, *, name: str, no_longer: bool, **options: object) -> None:
        now = timezone.now()
        person = User.objects.named(name).filter(is_guest=False, is_active=True).select_for_update().first()
        if person is None:
            raise CommandError(f"“{name}” is nobody's name here. Open the account on the site first.")
        if person.is_staff != no_longer:
            raise CommandError(f"“{name}” is {'no' if no_longer else 'an'} editor already: nothing was changed.")
        person.is_staff = not no_longer
        person.may_teach_at = person.may_teach_at or (None if no_longer else now)
        person.save(update_fields=["is_staff", "may_teach_at"])
        Audit.record(None, "editor", f"user {person.pk}: {'taken back' if no_longer else 'made'}, by command", now)
        self.stdout.write("No longer an editor." if no_longer else "An editor now: the desk is linked on “My page”.")
