"""manage.py restore: read a backup into an empty database, all or nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from course.backups import BackupError, restore


class Command(BaseCommand):
    help = "Fill an empty, migrated database from FILE, then compare it with the file's manifest. Nothing by halves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a file that manage.py backup wrote, by the same release")

    def handle(self, *, file: str, verbosity: int, **options: object) -> None:
        report = self.stdout.write if verbosity else lambda text: None
        try:
            manifest = restore(Path(file), report)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        rows = sum(table["rows"] for table in manifest.values())
        report(f"{file}: {rows:,} rows of {len(manifest)} tables restored, equal in number and checksum")
