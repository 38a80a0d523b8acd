"""manage.py load_content: load text files into the database, or only check them."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from course import content_report
from course.dead_links import faults
from course.loading import ContentError, fingerprint, read_folder, write
from lessons.content.module import Module as ContentModule
from lessons.models import Module
from quizzes.models import Response


class Command(BaseCommand):
    help = "Load the case studies of content/, or of one FOLDER. Repeatable; unchanged content writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", help="a module's folder; without it every one in content/")
        parser.add_argument("--check", action="store_true", help="read and check only; write nothing")
        parser.add_argument("--addresses", action="store_true", help="with --check: ask each source's address too")
        parser.add_argument("--strict", action="store_true", help="take warnings for errors")

    def handle(
        self, *, folder: str | None, check: bool, strict: bool, addresses: bool = False, **options: object
    ) -> None:
        if addresses and not check:
            raise CommandError("--addresses goes with --check: it only asks, and writes nothing.")
        folders = (
            [Path(folder)] if folder else sorted(path.parent for path in settings.CONTENT_DIR.glob("*/module.toml"))
        )
        for path in folders:
            if not path.is_dir():
                raise CommandError(f"{path}: no such folder")
            self.one(path, check, strict, addresses)

    def _ask(self, module: ContentModule) -> None:
        """Ask every address, and note those that are dead as errors, those that gave no answer as warnings."""
        for number, (reference, words, is_dead) in enumerate(faults(module.references.values()), 1):
            note = reference.entry.error if is_dead else reference.entry.warn
            if words:
                note(f"this address {words}", "url")
            if number % 50 == 0:
                self.stderr.write(f"{number} of {len(module.references)} addresses asked")

    def one(self, folder: Path, check: bool, strict: bool, addresses: bool) -> None:
        """Check one folder and, unless asked for its check alone, write it."""
        mark = fingerprint(folder)
        if not check and Module.objects.live().filter(fingerprint=mark).exists():
            self.stdout.write(f"{folder.name}: nothing to write, the database holds this content already")
            return
        read = module, banks, problems = read_folder(folder)
        if addresses:
            self._ask(module)
        for problem in problems:
            self.stderr.write(str(problem))
        if problems.errors or (strict and problems):
            raise CommandError(
                f"{folder}: {len(problems.errors)} errors, {len(problems.warnings)} warnings. Nothing was written."
            )
        lessons = sum(len(section.lessons) for section in module.sections)
        items = sum(len(bank) for bank in banks.values())
        self.stdout.write(
            f"{module.slug}: {len(module.sections)} sections, {lessons} lessons, {items} items, "
            f"{len(module.claims)} claims, {len(problems.warnings)} warnings"
        )
        if check:
            for line in content_report.lines(module, banks):
                self.stdout.write(line)
            return
        try:
            _, written = write(read, mark, timezone.now())
        except ContentError as error:
            raise CommandError(str(error)) from error
        if written:
            self.stdout.write(
                f"written: {written.made} made, {written.changed} changed, {written.withdrawn} withdrawn, "
                f"{written.versions} new versions, {written.revisions} revisions"
            )
            if written.withdrawn or written.revisions or (written.versions and Response.objects.exists()):
                self.stdout.write("whom it touches: manage.py remark --dry-run")
        else:
            self.stdout.write("nothing to write: the database holds this content already")
