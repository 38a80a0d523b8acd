"""manage.py remark: after a correction, the current keys on the old answers, and a word to those whom it touches."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from course import corrections


class Command(BaseCommand):
    help = "Mark answers again whose key was corrected or whose item was withdrawn. Repeatable; what was passed stays."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what it would touch; write nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask first")
        parser.add_argument("--by", metavar="NAME", help="the editor who does it, for the log")

    def handle(self, *, dry_run, yes, by, **options):
        editor = self.editor(by)
        found = corrections.survey()
        if not found:
            self.stdout.write("nothing to mark again, and nobody to tell: no key or claim has changed since")
            return
        for line in found.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("nothing was written")
            return
        if not yes and input("Mark again, and tell them? [y/N] ").strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was written.")
        corrections.correct(editor, timezone.now())
        self.stdout.write("done")

    def editor(self, name):
        if not name:
            return None
        found = User.objects.named(name).filter(is_staff=True).first()
        if found is None:
            raise CommandError(f"“{name}” is the name of no editor here.")
        return found
