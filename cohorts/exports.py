"""The files in which a gradebook leaves the site: for a spreadsheet, for Moodle, for Canvas. Columns and rows.

Moodle and Canvas know people by the number that the school gave them. Both read UTF-8 with commas between the cells
and a point in numbers, whatever their own language is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.utils.text import slugify
from django.utils.translation import gettext as _

from cohorts.gradebook import Gradebook, Head, Line
from cohorts.marks import Mark
from cohorts.models import Cohort, Enrolment
from cohorts.points import points_of
from cohorts.records import Member
from cohorts.spreadsheets import AsIs

MOODLE, CANVAS = "moodle", "canvas"
DELIMITER = ","  # of the files for these
MOODLE_HAS_NONE = AsIs("-")
CHUNK = 500  # learners of a file that are in memory at a time

Rows = Sequence[Sequence[object]]
One = TypeVar("One")


@dataclass(frozen=True)
class Person:
    """What a spreadsheet says of a learner beside marks: names in parts, and comments by section, None for all."""

    family_name: str
    given_name: str
    comments: Mapping[int | None, str]


def file_name(kind: str, cohort: Cohort, today: date, suffix: str = "csv") -> str:
    """Return marks-<cohort>-<day>.csv in ASCII, which every system takes; without letters of ours, the cohort's id."""
    return f"{kind}-{slugify(cohort.name)[:60].strip('-') or f'cohort-{cohort.pk}'}-{today.isoformat()}.{suffix}"


def in_chunks(rows: Sequence[One]) -> Iterator[Sequence[One]]:
    """Yield the rows CHUNK at a time."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def title(head: Head) -> str:
    """Return the name of a column: number and title of the section, or the exam."""
    return f"{head.section.position}. {head.section.title}" if head.section else _("Exam")


def people_of(enrolments: Iterable[Enrolment]) -> dict[int, Person]:
    """Return {enrolment id: Person} of these, with their comments at hand."""
    return {
        place.pk: Person(
            place.family_name, place.given_name, {row.section_id: row.text for row in place.comments.all()}
        )
        for place in enrolments
    }


# For a spreadsheet


def spreadsheet_head(book: Gradebook) -> list[str]:
    """Return the columns of the file that holds everything."""
    columns = [_("Name"), _("Family name"), _("Given name"), _("Name on this site"), _("Number"), _("Group")]
    columns += [_("Total, points of %(points)s") % {"points": book.cohort.points}, _("Marks in the total")]
    for head in book.heads:
        named = title(head)
        columns += [named, *(f"{named}: {part}" for part in (_("attempts"), _("handed in on"), _("late")))]
        if head.section:
            columns += [f"{named}: {part}" for part in (_("set by hand"), _("comment"))]
    return [*columns, _("Comment on all")]


def spreadsheet_row(book: Gradebook, line: Line, person: Person | None) -> list[object]:
    """Return everything about one learner; days are those of the cohort's zone. Nothing of a `person` who is gone."""
    person = person or Person("", "", {})
    member, total, whole = line.member, line.total, book.cohort.points
    row: list[object] = [member.known_name, person.family_name, person.given_name, member.chosen_name]
    row += [member.school_number, member.group or ""]
    row += [total.points(whole), total.count] if total else [None, 0]
    for mark in line.marks:
        day = mark.row.submitted_at.astimezone(book.cohort.zone).date() if mark.row else None
        row += [points_in(mark, whole), len(mark.rows), day, _("yes") if mark.is_late else ""]
        if mark.section:
            row += [_("yes") if mark.hand else "", person.comments.get(mark.section.pk, "")]
    return [*row, person.comments.get(None, "")]


def spreadsheet_rows(book: Gradebook, members: Sequence[Member]) -> Rows:
    """Return everything about these learners of the gradebook, in their order. 3 queries."""
    places = book.cohort.enrolments.filter(pk__in=[member.pk for member in members]).prefetch_related("comments")
    people = people_of(places)
    return [spreadsheet_row(book, line, people.get(line.member.pk)) for line in book.lines(members)]


def points_in(mark: Mark, whole: int) -> Decimal | None:
    return None if mark.score is None else points_of(mark.score, whole)


# For Moodle


def moodle_head(book: Gradebook) -> list[str]:
    """Return the columns: on importing one says that the first, ID number, is the people's, and what each other is.

    As Moodle's import of grades from CSV reads it (grade/import/csv, grade/import/grade_import_form.php): it knows
    people by user id, user name, e-mail address or ID number, and maps every other column to an item of its gradebook
    or to a new one, which it takes to be of 100 points. No name is in it, since none is needed. Moodle 4.5.6 took both
    files, of 100 and of 20 points, with every grade and without the hyphens, on 2026-11-30.
    """
    return [_("ID number"), *(title(head) for head in book.heads), _("Total")]


def moodle_row(book: Gradebook, line: Line) -> list[object]:
    """Return one learner's points; a hyphen is no grade, where an empty cell would be one of a new item."""
    whole = book.cohort.points
    points = [points_in(mark, whole) for mark in line.marks]
    points.append(line.total.points(whole) if line.total else None)
    return [line.member.school_number, *(MOODLE_HAS_NONE if each is None else each for each in points)]


# For Canvas


def canvas_head(book: Gradebook) -> list[list[object]]:
    """Return the two rows before the learners.

    As Canvas reads them (lib/gradebook_importer.rb): the words of the first five columns are fixed, in English, and
    end with Section; each further one is an assignment of that title, or a new one; the second row says of how many
    points it is.
    """
    titles = [title(head) for head in book.heads]
    fixed: list[object] = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    possible: list[object] = ["Points Possible", "", "", "", ""]
    return [[*fixed, *titles], [*possible, *([book.cohort.points] * len(titles))]]


def canvas_row(book: Gradebook, line: Line) -> list[object]:
    """Return one learner's points, known by SIS User ID; Canvas reckons its own total."""
    member = line.member
    points = [points_in(mark, book.cohort.points) for mark in line.marks]
    return [member.known_name, "", member.school_number, "", member.group or "", *points]
