"""manage.py load_content: load text files into the database, or only check them."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from course import content_report
from course.corrections import reach
from course.dead_links import faults
from course.folders import Read, fingerprint, read_folder, slug_of
from course.health import is_migrated
from course.loading import write
from course.management.questions import agreed
from course.sqlite3.upkeep import gather_statistics
from course.written import ContentError, NotAgreed, Written
from lessons.content.module import Module as ContentModule
from lessons.models import Module
from quizzes.models import Response

MOST_NAMED = 20


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the garbage collector rest: what is read stays until it is written, and going over it took a sixth."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Command(BaseCommand):
    help = (
        "Load the case studies of content/, or of one FOLDER. Repeatable; unchanged content writes nothing. "
        "What would be withdrawn is told and asked first."
    )
    # Those of the site, such as its addresses, are for `check`; they took as long as finding that nothing changed.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", help="a module's folder; without it every one in content/")
        parser.add_argument("--check", action="store_true", help="read, check and compare only; write nothing")
        parser.add_argument("--addresses", action="store_true", help="with --check: ask each source's address too")
        parser.add_argument(
            "--cues", action="store_true", help="with --check: list the items whose keys words and form give away"
        )
        parser.add_argument("--strict", action="store_true", help="take warnings for errors")
        parser.add_argument("--yes", action="store_true", help="withdraw what the files hold no more without asking")

    def handle(
        self,
        *,
        folder: str | None,
        check: bool,
        strict: bool,
        yes: bool = False,
        addresses: bool = False,
        cues: bool = False,
        **options: object,
    ) -> None:
        if addresses and not check:
            raise CommandError("--addresses goes with --check: it only asks, and writes nothing.")
        if cues and not check:
            raise CommandError("--cues goes with --check: it only lists, and writes nothing.")
        everyone = sorted(path.parent for path in settings.CONTENT_DIR.glob("*/module.toml"))
        folders = [Path(folder)] if folder else everyone
        slugs = Counter(slug_of(path) for path in {path.resolve() for path in [*everyone, *folders]})
        refused = []
        for path in folders:
            try:
                self.one(path, slugs, check, strict, addresses, cues, yes)
            except (CommandError, ContentError) as error:
                refused.append(str(error))
        if refused:
            raise CommandError("\n".join(refused))

    @uncollected()
    def one(
        self,
        folder: Path,
        slugs: Counter[str | None],
        check: bool,
        strict: bool,
        addresses: bool,
        cues: bool,
        yes: bool,
    ) -> None:
        """Check one folder and, unless asked for its check alone, write it. CommandError, ContentError."""
        if not folder.is_dir():
            raise CommandError(f"{folder}: no such folder")
        mark = fingerprint(folder)
        if not check and Module.objects.live().filter(fingerprint=mark).exists():
            self.stdout.write(f"{folder.name}: nothing to write, the database holds this content already")
            return
        read = read_folder(folder)
        module, banks, _front, problems = read
        if slugs[module.slug] > 1 and folder.resolve().name != module.slug:
            module.entry.error(
                f"“{module.slug}” is the slug of another folder: give this one a slug of its own", "slug"
            )
        if addresses:
            self._ask(module)
        is_whole = check and not problems.errors
        planned = self.planned(read, mark) if is_whole else None
        tallies = self._warn_of_cues(module, banks) if is_whole else {}
        for problem in problems:
            self.stderr.write(str(problem))
        if problems.errors or (strict and problems):
            raise CommandError(
                f"{folder}: {len(problems.errors)} errors, {len(problems.warnings)} warnings. Nothing was written."
            )
        self._count(read)
        if check:
            self._report(module, banks, planned)
            self._report_cues(tallies, cues)
            return
        self.load(read, mark, yes)

    def _count(self, read: Read) -> None:
        """Say how much the module holds."""
        module = read.module
        lessons = sum(len(section.lessons) for section in module.sections)
        items = sum(map(len, read.banks.values()))
        self.stdout.write(
            f"{module.slug}: {len(module.sections)} sections, {lessons} lessons, {items} items, "
            f"{len(module.claims)} claims, {len(read.problems.warnings)} warnings"
        )

    def _warn_of_cues(self, module: ContentModule, banks: content_report.Banks) -> content_report.Tallies:
        """Note what gives keys away in the module and its items; return how many of them words and form give away."""
        tallies = content_report.cue_tallies(module, banks)
        for sentence in content_report.cue_warnings(tallies):
            module.entry.warn(sentence)
        for item, sentence in content_report.habit_warnings(banks):
            item.entry.warn(sentence)
        return tallies

    def _ask(self, module: ContentModule) -> None:
        """Ask every address, and note those that are dead as errors, those that gave no answer as warnings."""
        for number, (reference, words, is_dead) in enumerate(faults(module.references.values()), 1):
            note = reference.entry.error if is_dead else reference.entry.warn
            if words:
                note(f"this address {words}", "url")
            if number % 50 == 0:
                self.stderr.write(f"{number} of {len(module.references)} addresses asked")

    def planned(self, read: Read, mark: str) -> Written | None:
        """Return what a load would write, taken back at once; None without a database to compare with.

        What the database refuses, such as a changed key without its reason, becomes an error with file and line.
        """
        if not is_migrated():
            return None
        try:
            write(read, mark, timezone.now(), lambda written: False)
        except NotAgreed as plan:
            return plan.written
        except ContentError:
            pass  # whose problems are those of `read`
        return None

    def _report(self, module: ContentModule, banks: content_report.Banks, planned: Written | None) -> None:
        """Tell what the module holds, and what a load would write."""
        for line in content_report.lines(module, banks):
            self.stdout.write(line)
        if planned is None:
            self.stdout.write("compared with no database: there is none yet, or manage.py migrate is due")
        elif planned:
            self.tell("a load would write", planned)
        else:
            self.stdout.write("a load would write nothing: the database holds this content already")

    def _report_cues(self, tallies: content_report.Tallies, with_items: bool) -> None:
        """Tell how many keys words and form give away, and of which items where that is asked for."""
        for line in [*content_report.cue_lines(tallies), *(content_report.cue_items(tallies) if with_items else ())]:
            self.stdout.write(line)

    def load(self, read: Read, mark: str, yes: bool) -> None:
        """Tell what would be written, ask where something would be withdrawn, and write."""
        folder, at = read[0].folder, timezone.now()

        def unasked(written: Written) -> bool:
            self.tell("to write", written)
            return yes or not written.gone

        try:
            _, written = write(read, mark, at, unasked)
        except NotAgreed as plan:
            to_withdraw = plan.written.gone
            if not agreed(f"Withdraw {len(to_withdraw)} things of {read[0].slug}?"):
                raise CommandError(f"{folder}: not agreed. Nothing was written.") from plan
            try:
                _, written = write(read, mark, at, lambda written: set(written.gone) <= set(to_withdraw))
            except NotAgreed as other:
                raise CommandError(f"{folder}: the database has changed meanwhile. Nothing was written.") from other
        if not written:
            self.stdout.write("nothing to write: the database holds this content already")
            return
        gather_statistics(connection)
        self.stdout.write("written")
        if written.withdrawn or written.revisions or (written.versions and Response.objects.exists()):
            self.stdout.write("whom it touches: manage.py remark --dry-run")

    def tell(self, when: str, written: Written) -> None:
        """Tell what would be written, what is withdrawn by name, and how many people it touches."""
        if written:
            self.stdout.write(f"{when}: {written}")
        if written.gone:
            self.stdout.write(f"   withdrawn: {_named(written.gone)}")
        if written.items or written.lessons:
            self.stdout.write(f"   met by {reach(written)}")


def _named(names: Sequence[str]) -> str:
    """Return the names, the first twenty of many."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
