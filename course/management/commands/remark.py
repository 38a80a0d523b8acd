"""manage.py remark: after a correction, mark old answers by the current keys, and notify those whom it touches."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from course import corrections
from course.management.questions import agreed


class Command(BaseCommand):
    help = "Mark answers again whose key was corrected or whose item was withdrawn. Repeatable; what was passed stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what it would touch; write nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask first")
        parser.add_argument("--by", metavar="NAME", help="the editor who does it, for the log")

    def handle(self, *, dry_run: bool, yes: bool, by: str | None, **options: object) -> None:
        editor = self.editor(by)
        due = corrections.survey()
        if not due:
            self.stdout.write("nothing to mark again, and nobody to tell: no key or claim has changed since")
            return
        for line in due.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("nothing was written")
            return
        if not yes and not agreed("Mark again, and tell them?"):
            raise CommandError("Nothing was written.")
        corrections.correct(editor, timezone.now())
        self.stdout.write("done")

    def editor(self, name: str | None) -> User | None:
        """Return the editor of that name, None without a name; CommandError where it is no editor's."""
        if not name:
            return None
        editor = User.objects.named(name).filter(is_staff=True).first()
        if editor is None:
            raise CommandError(f"“{name}” is the name of no editor here.")
        return editor
