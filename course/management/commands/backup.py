"""manage.py backup: write the whole database as one file, while the site goes on."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from course.backups import BackupError, back_up
from course.lateness import BACKUP
from course.models import LastRun


class Command(BaseCommand):
    help = "Write the database to a new FILE that only its owner may read. Sessions are left out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="such as /var/backups/course/2026-11-23.jsonl.gz; it must not exist")

    def handle(self, *, file: str, verbosity: int, **options: object) -> None:
        report = self.stdout.write if verbosity else lambda text: None
        try:
            manifest = back_up(Path(file), timezone.now(), report)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        try:
            LastRun.note(BACKUP, timezone.now())
        except DatabaseError:
            self.stderr.write(f"{file} is whole, but the database takes no note of it: it will be held for late.")
        report(f"{file}: {sum(table['rows'] for table in manifest.values()):,} rows of {len(manifest)} tables")
