"""All that the staff of a cohort may see, as files for one ZIP. May import the apps on its left.

Each file says what a page of theirs says, of the same people: marks and comments of those who learn there now (decision
0053).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from cohorts import certified, done, exports
from cohorts.choices import ExamRule
from cohorts.exports import Rows, in_chunks
from cohorts.gradebook import gradebook_of, weights_of
from cohorts.marks import heads_of
from cohorts.members import Member, learners_in_order
from cohorts.models import Assignment, Certificate, Cohort, Comment, Extension, HandMark, QuizAssignment
from cohorts.people import members_of
from cohorts.points import points_of
from cohorts.set_quizzes import quizzes_of
from cohorts.spreadsheets import parts_of_csv
from lessons.models import Module, Section

README = "README.txt"
MINUTE = "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class Sheet:
    """A CSV file: its name in ASCII, what it holds in a sentence, and its rows in chunks, read once they are asked for.

    The first row is that of the columns.
    """

    name: str
    about: str
    chunks: Callable[[], Iterator[Rows]]


@dataclass(frozen=True)
class Bundle:
    """A cohort as at a time, with what is set for it; `address` says where a certificate is checked."""

    cohort: Cohort
    assignments: Sequence[Assignment]
    quizzes: Sequence[QuizAssignment]
    members: Sequence[Member]
    at: datetime
    address: Callable[[Certificate], str]

    def sheets(self) -> list[Sheet]:
        """Return the Sheet of each file, in the order of the README. No query; each costs its own when it is read.

        At most 10, and at most 5 more for each further chunk of learners.
        """
        modules: list[Module | None] = [*{row.module_id: row.module for row in self.assignments}.values()]
        if not modules and self.quizzes:
            modules = [None]
        return [
            Sheet("members.csv", _("Who is in the cohort: names, number, group, role, and since when."), self._people),
            Sheet("dates.csv", _("What is set, with its dates and rules."), self._dates),
            Sheet("quizzes.csv", _("Quizzes of its staff that are set, with their dates and weights."), self._quizzes),
            Sheet("exceptions.csv", _("Later dates, more time and excuses of single learners."), self._exceptions),
            *(self._marks(number, module) for number, module in enumerate(modules, 1)),
            Sheet("marks-by-hand.csv", _("Marks set by hand, also those taken back, with reasons."), self._by_hand),
            Sheet("comments.csv", _("What was said to single learners."), self._comments),
            *(self._done(number, row) for number, row in enumerate(self.assignments, 1)),
            Sheet("certificates.csv", _("Certificates issued for the cohort, and their state."), self._certificates),
            Sheet("notes.csv", _("Notes to sections, and the one to all."), self._notes),
        ]

    def files(self, delimiter: str) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Yield (name, content in parts) of each file, the README first; `delimiter` parts the cells of tables."""
        sheets = self.sheets()
        yield README, [self._readme(sheets)]
        for sheet in sheets:
            yield sheet.name, parts_of_csv(sheet.chunks(), delimiter)

    def _readme(self, sheets: Iterable[Sheet]) -> bytes:
        """Return what each file holds, as text that every editor opens."""
        moment = self.at.astimezone(self.cohort.zone).strftime(MINUTE)
        lines = [
            _("Cohort: %(name)s") % {"name": self.cohort.name},
            _("As it stood on %(moment)s. Days and hours are those of %(zone)s.")
            % {"moment": moment, "zone": self.cohort.time_zone},
            "",
            *(f"{sheet.name}: {sheet.about}" for sheet in sheets),
            "",
            _("Marks, comments and exceptions are of those who learn in the cohort now. Single answers are not here."),
            _("The files hold names: keep them as you would keep paper with names, and erase them in time."),
        ]
        return "\r\n".join([*lines, ""]).encode("utf-8-sig")

    # The files

    def _people(self) -> Iterator[Rows]:
        """Yield everybody on the cohort's list, staff first, as the page of its members has them."""
        names = [_("Name"), _("Family name"), _("Given name"), _("Name said on joining"), _("Name on this site")]
        yield [[*names, _("Number"), _("Group"), _("Role"), _("State"), _("Joined on"), _("Left on")]]
        for people in in_chunks(members_of(self.cohort)):
            places = self.cohort.enrolments.in_bulk([member.pk for member in people])
            yield [
                [
                    *(member.known_name, place.family_name, place.given_name, member.said_name, member.chosen_name),
                    *(member.number, member.group_name, member.get_role_display, member.state.label),
                    *(self._day(place.joined_at), self._day(member.left_at)),
                ]
                for member in people
                if (place := places.get(member.pk))
            ]

    def _dates(self) -> Iterator[Rows]:
        """Yield what is set, the first due first."""
        yield [
            [
                *(_("Title"), _("Module"), _("Sections"), _("Opens"), _("Due"), _("Closes"), _("Required")),
                *(_("Points of 100 taken off late work"), _("Exam"), _("Exam attempts"), _("Minutes for the exam")),
                _("Months valid"),
            ]
        ]
        yield [
            [
                *(row.shown_title, row.module.title),
                ", ".join(str(section.position) for section in row.chosen()) or _("All sections"),
                *(self._minute(moment) for moment in (row.opens_at, row.due_at, row.closes_at)),
                *(_yes(row.is_required), row.less_points, _exam(row)),
                *(row.exam_attempts, row.exam_minutes, row.months_valid),
            ]
            for row in self.assignments
        ]

    def _quizzes(self) -> Iterator[Rows]:
        """Yield the quizzes that are set, by opening."""
        yield [
            [
                *(_("Title"), _("Opens"), _("Due"), _("Closes"), _("Points of 100 that pass"), _("Attempts")),
                *(_("Counts for marks"), _("Weight in the total")),
            ]
        ]
        yield [
            [
                row.quiz.title,
                *(self._minute(moment) for moment in (row.opens_at, row.due_at, row.closes_at)),
                *(int(row.quiz.threshold * 100), row.quiz.attempts_allowed, _yes(row.is_for_marks)),
                row.weight if row.is_for_marks else None,
            ]
            for row in self.quizzes
        ]

    def _exceptions(self) -> Iterator[Rows]:
        titles = {row.pk: row.shown_title for row in self.assignments}
        more = [_("Due"), _("Minutes more for the exam"), _("Exam attempts more"), _("Excused"), _("Reason")]
        yield [[_("Name"), _("Number"), _("Assignment"), *more]]
        for pairs in self._of_people(Extension.objects.filter(assignment__in=titles)):
            yield [
                [
                    *(member.known_name, member.school_number, titles[row.assignment_id], self._minute(row.due_at)),
                    *(row.extra_minutes, row.exam_attempts, _yes(row.is_excused), row.reason),
                ]
                for member, row in pairs
            ]

    def _marks(self, number: int, module: Module | None) -> Sheet:
        def chunks() -> Iterator[Rows]:
            book = gradebook_of(self.cohort, module, self.assignments, self.at)
            yield [exports.spreadsheet_head(book)]
            for people in in_chunks(book.members):
                yield exports.spreadsheet_rows(book, people)

        about = _("The marks of its staff’s quizzes, the total, and comments.")
        if module:
            about = _("The gradebook of “%(module)s”: each mark, the total, and comments.") % {"module": module.title}
        return Sheet(f"marks-{number}.csv", about, chunks)

    def _by_hand(self) -> Iterator[Rows]:
        points = _("Points of %(points)s") % {"points": self.cohort.points}
        yield [
            [_("Name"), _("Number"), _("Section or quiz"), points, _("Reason"), _("By"), _("On"), _("Taken back on")]
        ]
        for pairs in self._of_people(HandMark.objects.select_related("section__module", "quiz__quiz", "made_by")):
            yield [
                [
                    *(member.known_name, member.school_number, _named(row.section, row.quiz)),
                    *(points_of(row.score, self.cohort.points), row.reason, row.made_by and row.made_by.name),
                    *(self._day(row.made_at), self._day(row.taken_back_at)),
                ]
                for member, row in pairs
            ]

    def _comments(self) -> Iterator[Rows]:
        yield [[_("Name"), _("Number"), _("Section or quiz"), _("Comment"), _("By"), _("On")]]
        for pairs in self._of_people(Comment.objects.select_related("section__module", "quiz__quiz", "made_by")):
            yield [
                [
                    *(member.known_name, member.school_number, _named(row.section, row.quiz), row.text),
                    *(row.made_by and row.made_by.name, self._day(row.made_at)),
                ]
                for member, row in pairs
            ]

    def _done(self, number: int, row: Assignment) -> Sheet:
        def chunks() -> Iterator[Rows]:
            yield [done.head(self.cohort.points)]
            heads, weights = heads_of(row), weights_of(self.cohort, row.module)
            beside = [one for one in self.assignments if one.module_id == row.module_id]
            for people in in_chunks(self.members):
                yield done.rows_of(row, heads, weights, people, beside, self.at)

        about = _("For a personnel office, who is done, late or overdue with “%(title)s”.") % {"title": row.shown_title}
        return Sheet(f"done-{number}.csv", about, chunks)

    def _certificates(self) -> Iterator[Rows]:
        yield [certified.head()]
        for lines in in_chunks(certified.lines_of(self.cohort, self.at)):
            yield [certified.cells(line, self.address(line.certificate), self.cohort.zone) for line in lines]

    def _notes(self) -> Iterator[Rows]:
        yield [[_("Section"), _("Note"), _("Saved on")]]
        to_all_first = F("section__module").asc(nulls_first=True)
        rows = self.cohort.notes.select_related("section__module").order_by(to_all_first, "section__position")
        yield [[_named(row.section), row.text, self._day(row.written_at)] for row in rows]

    def _of_people(self, rows: QuerySet[Any]) -> Iterator[list[tuple[Member, Any]]]:
        """Yield chunks of (learner, row of theirs), by learner, then by age. A query for each chunk of learners."""
        for people in in_chunks(self.members):
            theirs: dict[int, list[Any]] = defaultdict(list)
            for row in rows.filter(enrolment__in=[member.pk for member in people]).order_by("pk"):
                theirs[row.enrolment_id].append(row)
            yield [(member, row) for member in people for row in theirs[member.pk]]

    def _day(self, moment: datetime | None) -> object:
        """Return its day in the cohort's zone."""
        return moment and moment.astimezone(self.cohort.zone).date()

    def _minute(self, moment: datetime | None) -> str:
        """Return its day and minute in the cohort's zone."""
        return moment.astimezone(self.cohort.zone).strftime(MINUTE) if moment else ""


def bundle_of(
    cohort: Cohort, assignments: Sequence[Assignment], at: datetime, address: Callable[[Certificate], str]
) -> Bundle:
    """Return the Bundle of a cohort; `assignments` are all that it sets, with their sections at hand. 2 queries."""
    members = learners_in_order(cohort.pk)
    return Bundle(cohort, assignments, quizzes_of(cohort), members, at, address)


def _named(section: Section | None, quiz: QuizAssignment | None = None) -> str:
    if quiz:
        return quiz.quiz.title
    return f"{section.position}. {section.title}" if section else _("On all")


def _yes(holds: bool) -> str:
    return _("yes") if holds else ""


def _exam(row: Assignment) -> str:
    if row.exam == ExamRule.NOT_ASKED:
        return ""
    return _("required") if row.exam == ExamRule.REQUIRED else _("optional")
