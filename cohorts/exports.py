"""The files in which a gradebook leaves the site: for a spreadsheet, for Moodle, for Canvas. Columns and rows.

Moodle and Canvas know people by the number that the school gave them. Both read UTF-8 with commas between the cells
and a point in numbers, whatever their own language is.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cohorts.gradebook import Gradebook, Head, Line
from cohorts.marks import Mark
from cohorts.members import Member
from cohorts.models import Cohort, Enrolment, QuizAssignment
from cohorts.points import points_of
from cohorts.spreadsheets import AsIs

MOODLE, CANVAS = "moodle", "canvas"
DELIMITER = ","  # of the files for these
MOODLE_HAS_NONE = AsIs("-")
CHUNK = 500  # learners of a file that are in memory at a time

Rows = Sequence[Sequence[object]]
One = TypeVar("One")


@dataclass(frozen=True)
class Person:
    """What a spreadsheet says of a learner beside marks: names in parts, and comments by (id of a section, of a quiz).

    The one on all has neither.
    """

    family_name: str
    given_name: str
    comments: dict[tuple[int | None, int | None], str]


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


def quiz_titles(quizzes: Sequence[QuizAssignment]) -> list[str]:
    """Return the name of the column of each quiz, no two alike: Canvas knows columns by them.

    Those of one title are numbered as they were set, so that one that opens earlier renames none.
    """
    titles: dict[int, str] = {}
    for row in sorted(quizzes, key=attrgetter("pk")):
        name = _("Quiz: %(title)s") % {"title": row.quiz.title}
        numbered = (f"{name} ({number})" for number in itertools.count(2))
        titles[row.pk] = next(one for one in itertools.chain([name], numbered) if one not in titles.values())
    return [titles[row.pk] for row in quizzes]


def people_of(enrolments: QuerySet[Enrolment]) -> dict[int, Person]:
    """Return {enrolment id: Person} of these. One query."""
    people: dict[int, Person] = {}
    names = ("pk", "family_name", "given_name", "comments__section", "comments__quiz", "comments__text")
    for pk, family_name, given_name, section, quiz, text in enrolments.values_list(*names):
        person = people.setdefault(pk, Person(family_name, given_name, {}))
        if text:
            person.comments[section, quiz] = text
    return people


# For a spreadsheet


def spreadsheet_head(book: Gradebook) -> list[str]:
    """Return the columns of the file that holds everything."""
    columns = [_("Name"), _("Family name"), _("Given name"), _("Name on this site"), _("Number"), _("Group")]
    columns += [_("Total, points of %(points)s") % {"points": book.cohort.points}, _("Marks in the total")]
    made, marked = (_("attempts"), _("handed in on"), _("late")), (_("set by hand"), _("comment"))
    for head in book.heads:
        named = title(head)
        columns += [named, *(f"{named}: {part}" for part in (*made, *(marked if head.section else ())))]
    for row, named in zip(book.quizzes, quiz_titles(book.quizzes), strict=True):
        points = named if row.is_for_marks else f"{named}, {_('for practice')}"
        columns += [points, *(f"{named}: {part}" for part in (*made, *marked))]
    return [*columns, _("Comment on all")]


def spreadsheet_row(book: Gradebook, line: Line, person: Person | None) -> list[object]:
    """Return everything about one learner; days are those of the cohort's zone. Nothing of a `person` who is gone."""
    person = person or Person("", "", {})
    member, total, whole = line.member, line.total, book.cohort.points
    row: list[object] = [member.known_name, person.family_name, person.given_name, member.chosen_name]
    row += [member.school_number, member.group or ""]
    row += [total.points(whole), total.count] if total else [None, 0]
    for mark in line.marks:
        row += _cells(book, mark)
        if mark.section:
            row += [_yes(mark.hand is not None), person.comments.get((mark.section.pk, None), "")]
    for quiz, mark in zip(book.quizzes, line.quizzes, strict=True):
        row += [*_cells(book, mark), _yes(mark.hand is not None), person.comments.get((None, quiz.pk), "")]
    return [*row, person.comments.get((None, None), "")]


def _cells(book: Gradebook, mark: Mark) -> list[object]:
    """Return what every mark has: its points, how many attempts, the day of the one that counts, and whether late."""
    day = mark.row.submitted_at.astimezone(book.cohort.zone).date() if mark.row else None
    return [points_in(mark, book.cohort.points), len(mark.rows), day, _yes(mark.is_late)]


def _yes(holds: bool) -> str:
    return _("yes") if holds else ""


def spreadsheet_rows(book: Gradebook, members: Sequence[Member]) -> Rows:
    """Return everything about these learners of the gradebook, in their order. 2 queries, 3 with quizzes."""
    people = people_of(book.cohort.enrolments.filter(pk__in=[member.pk for member in members]))
    return [spreadsheet_row(book, line, people.get(line.member.pk)) for line in book.lines(members)]


def points_in(mark: Mark, whole: int) -> Decimal | None:
    return None if mark.score is None else points_of(mark.score, whole)


# For Moodle and Canvas: practice is left out, since they would count each column in totals of their own


def _titles(book: Gradebook) -> list[str]:
    quizzes = zip(book.quizzes, quiz_titles(book.quizzes), strict=True)
    return [*(title(head) for head in book.heads), *(named for row, named in quizzes if row.is_for_marks)]


def _marks(book: Gradebook, line: Line) -> list[Mark]:
    quizzes = zip(book.quizzes, line.quizzes, strict=True)
    return [*line.marks, *(mark for row, mark in quizzes if row.is_for_marks)]


# For Moodle


def moodle_head(book: Gradebook) -> list[str]:
    """Return the columns: on importing one says that the first, ID number, is the people's, and what each other is.

    As Moodle's import of grades from CSV reads it (grade/import/csv, grade/import/grade_import_form.php): it knows
    people by user id, user name, e-mail address or ID number, and maps every other column to an item of its gradebook
    or to a new one, which it takes to be of 100 points. No name is in it, since none is needed. Moodle 4.5.6 took both
    files, of 100 and of 20 points, with every grade and without the hyphens, on 2026-11-30.
    """
    return [_("ID number"), *_titles(book), _("Total")]


def moodle_row(book: Gradebook, line: Line) -> list[object]:
    """Return one learner's points; a hyphen is no grade, where an empty cell would be one of a new item."""
    whole = book.cohort.points
    points = [points_in(mark, whole) for mark in _marks(book, line)]
    points.append(line.total.points(whole) if line.total else None)
    return [line.member.school_number, *(MOODLE_HAS_NONE if mark is None else mark for mark in points)]


# For Canvas


def canvas_head(book: Gradebook) -> list[list[object]]:
    """Return the two rows before the learners.

    As Canvas reads them (lib/gradebook_importer.rb): the words of the first five columns are fixed, in English, and
    end with Section; each further one is an assignment of that title, or a new one; the second row says of how many
    points it is.
    """
    titles = _titles(book)
    fixed: list[object] = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    possible: list[object] = ["Points Possible", "", "", "", ""]
    return [[*fixed, *titles], [*possible, *([book.cohort.points] * len(titles))]]


def canvas_row(book: Gradebook, line: Line) -> list[object]:
    """Return one learner's points, known by SIS User ID; Canvas reckons its own total."""
    member = line.member
    points = [points_in(mark, book.cohort.points) for mark in _marks(book, line)]
    return [member.known_name, "", member.school_number, "", member.group or "", *points]
