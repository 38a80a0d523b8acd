"""How one learner stands in a module: its sections with their progress and dates, and the one next step.

Reads the tables of the apps on the left; knows no request.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.db.models import BooleanField, DateTimeField, DecimalField, Exists, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from accounts.compiled import ID, Compiled, Ids
from accounts.models import Anyone, User
from cohorts.dues import Due, closest, exam_dues, named
from cohorts.journal import Fact
from cohorts.models import Assignment, Certificate
from cohorts.set_sections import SetSection, sections_of
from course.reviews import DueItems, known_to
from lessons import preview
from lessons.models import Lesson, Module, Reading, Section
from quizzes import progress
from quizzes.models import Attempt, Use
from quizzes.models.recalls import Known
from quizzes.outlines import outline, with_lessons
from quizzes.progress import QuizRow

if TYPE_CHECKING:
    from quizzes.outlines import SectionWithLessons

MOST_MODULES = 20  # of which a page asks by a query that is written once


class LatestReading(progress.ReadingRow, Protocol):
    """That a learner read a lesson, and whether it says something else since."""

    @property
    def is_changed(self) -> bool: ...


@dataclass(frozen=True)
class LessonRow:
    """A lesson in the list of its section, and whether the learner has read it."""

    lesson: Lesson
    is_read: bool

    @property
    def title(self) -> str:
        return self.lesson.title

    @property
    def minutes(self) -> int:
        return self.lesson.minutes

    def get_absolute_url(self) -> str:
        return self.lesson.get_absolute_url()


@dataclass(frozen=True, eq=False)
class SectionRow:
    """A section, how one learner stands in it, and the dates that their cohorts set for it."""

    section: "SectionWithLessons"
    standing: progress.SectionProgress
    dues: Sequence[Due] = ()

    def __eq__(self, other: object) -> bool:
        """Return whether `other` is the same section, with progress or without: a page compares it with a bank's."""
        return self.section == (other.section if isinstance(other, SectionRow) else other)

    def __hash__(self) -> int:
        return hash(self.section)

    @property
    def slug(self) -> str:
        return self.section.slug

    @property
    def position(self) -> int:
        return self.section.position

    @property
    def title(self) -> str:
        return self.section.title

    @property
    def document(self) -> dict[str, Any]:
        return self.section.document

    @property
    def is_optional(self) -> bool:
        return self.section.is_optional

    @property
    def quiz_size(self) -> int:
        return self.section.quiz_size

    @property
    def threshold(self) -> Decimal:
        return self.section.threshold

    def text(self, name: str) -> str:
        return self.section.text(name)

    def get_absolute_url(self) -> str:
        return self.section.get_absolute_url()

    @cached_property
    def live_lessons(self) -> list[LessonRow]:
        return [LessonRow(lesson, lesson.pk in self.standing.read) for lesson in self.section.live_lessons]

    @property
    def minutes(self) -> int:
        """Return about how long its lessons and its quiz take: a minute for each item, feedback read."""
        return sum(lesson.minutes for lesson in self.live_lessons) + self.quiz_size

    @property
    def next_lesson(self) -> Lesson | None:
        """Return the first lesson that is not read."""
        return next((row.lesson for row in self.live_lessons if not row.is_read), None)

    @property
    def is_read(self) -> bool:
        """Return whether the quiz is what comes next in it, and no lesson: it was read, or passed without."""
        return self.next_lesson is None or self.standing.is_passed or self.standing.state == progress.READ

    @property
    def has_missed(self) -> bool:
        """Return whether its last quiz was failed."""
        latest = self.standing.latest
        return latest is not None and latest.score < latest.threshold


@dataclass(frozen=True)
class LearnerModule:
    """A module as one learner finds it: the sections in order, and what the next step hangs on.

    `pressing` is the section that goes before all others, if one does: it is late, or due within a week, or was asked
    for. `lesson` is the next one. `changed` are the ids of lessons that say something else than when they were read.
    """

    module: Module
    sections: list[SectionRow]
    open_attempt: Attempt | None
    pressing: SectionRow | None
    lesson: Lesson | None
    has_passed_exam: bool
    has_certificate: bool
    load: DueItems
    changed: set[int]
    exam_dues: Sequence[Due] = ()

    @property
    def step(self) -> str:
        """Return the one thing that comes next.

        attempt, passages, quiz, review, before, lesson, exam, certificate or end: what is open; the quiz of a section
        that is read, or what it missed where it was failed; what is due today, in whatever module; the next lesson, or
        the questions before it where it begins a section; the exam; the certificate. Optional sections are offered on
        the way, and their quiz by none. Of a section that presses the quiz or lesson comes right after what is open.
        """
        if self.open_attempt:
            return "attempt"
        if self.quiz:
            return "passages" if self.quiz.has_missed else "quiz"
        if self.load.count and not self.pressing:
            return "review"
        if self.lesson:
            return "before" if self.questions_before else "lesson"
        if self.is_ready_for_exam:
            return "exam"
        return "certificate" if self.is_done and not self.has_certificate else "end"

    @property
    def address(self) -> str:
        """Return where that is done: a page, or the place on a page where its button stands."""
        match self.step:
            case "attempt":
                return cast(Attempt, self.open_attempt).get_absolute_url()
            case "passages":
                return self.failed.get_absolute_url()
            case "quiz":
                return f"{cast(SectionRow, self.quiz).get_absolute_url()}#quiz"
            case "review":
                return reverse("review")
            case "before":
                return reverse("quizzes:before", args=[self.module.slug, cast(Lesson, self.lesson).section.slug])
            case "lesson":
                return cast(Lesson, self.lesson).get_absolute_url()
            case "exam":
                return reverse("exam", args=[self.module.slug])
        return reverse("end", args=[self.module.slug]) if self.is_done else f"{self.module.get_absolute_url()}#next"

    @property
    def quiz(self) -> SectionRow | None:
        """The first section that is read and not passed; where no lesson is left, the first that is not passed.

        Where one presses, that one or none.
        """
        if self.pressing:
            return self.pressing if self.pressing.is_read else None
        left = [row for row in self.sections if not row.is_optional and not row.standing.is_passed]
        read = (row for row in left if row.standing.state == progress.READ)
        return next(read, None) or (None if self.lesson else next(iter(left), None))

    def within(self, section: SectionRow) -> "LearnerModule":
        """Return the same way as it goes on in one of its sections: what is open elsewhere stays open."""
        sitting = self.open_attempt
        is_there = sitting is not None and sitting.bank is not None and sitting.bank.section_id == section.section.pk
        lesson = self.lesson if section.is_read else section.next_lesson
        return replace(self, open_attempt=sitting if is_there else None, pressing=section, lesson=lesson)

    @property
    def questions_before(self) -> int:
        """How many questions stand before the next lesson's section, of which nothing is read or answered yet."""
        new = (row for row in self.sections if self.lesson and row.section.pk == self.lesson.section_id)
        section = next(new, None)
        is_new = section is not None and section.standing.state == progress.NONE
        return section.document.get("before", 0) if section and is_new else 0

    @property
    def failed(self) -> Attempt:
        """The last quiz of that section, where the step is to read what it missed."""
        return cast(Attempt, cast(SectionRow, self.quiz).standing.latest)

    @property
    def is_ready_for_exam(self) -> bool:
        """Return whether every section that is not optional is passed, and the exam, which there is, is not."""
        return self.has_passed_sections and self.has_exam and not self.has_passed_exam

    @property
    def has_passed_sections(self) -> bool:
        needed = [row.standing for row in self.sections if not row.is_optional]
        return bool(needed) and all(standing.is_passed for standing in needed)

    @property
    def has_exam(self) -> bool:
        return any(row.section.exam_items for row in self.sections)

    @property
    def is_done(self) -> bool:
        """Return whether nothing is left to be passed: neither a section that is asked for, nor the exam."""
        return self.has_passed_sections and (self.has_passed_exam or not self.has_exam)

    @property
    def lesson_count(self) -> int:
        return sum(len(section.live_lessons) for section in self.sections)

    @property
    def minutes(self) -> int:
        return sum(section.minutes for section in self.sections)

    @property
    def passed_count(self) -> int:
        return sum(section.standing.is_passed for section in self.sections)

    @property
    def mastered_count(self) -> int:
        return sum(section.standing.state == progress.MASTERED for section in self.sections)

    @property
    def dues(self) -> list[Due]:
        """Return what is late or due, of each section and of the exam the closest date, and the closest first."""
        return named([*(due for row in self.sections for due in row.dues), *self.exam_dues])

    @property
    def has_begun(self) -> bool:
        """Return whether there is something to go on with: read, answered, open or due."""
        begun = any(section.standing.state != progress.NONE for section in self.sections)
        return begun or self.open_attempt is not None or bool(self.load.count)


@dataclass(frozen=True)
class ModuleRow:
    """A module in the list of all that one learner may see, with its sections."""

    module: Module
    sections: list[SectionRow]
    exam_dues: Sequence[Due] = ()

    @property
    def pk(self) -> int:
        return self.module.pk

    @property
    def title(self) -> str:
        return self.module.title

    @property
    def dues(self) -> list[Due]:
        return [*(due for row in self.sections for due in row.dues), *self.exam_dues]

    def get_absolute_url(self) -> str:
        return self.module.get_absolute_url()


def module_progress(
    user: Anyone,
    module: Module,
    at: datetime,
    sections: "Sequence[SectionWithLessons] | None" = None,
    trial: Sequence[preview.Row] | None = None,
    due_rows: Iterable[SetSection] = (),
) -> LearnerModule:
    """Return how `user` stands in `module`: 5 queries, 2 for a visitor, 2 less with `sections` at hand.

    The next lesson is the first not read after the last one read. Optional sections are offered once, on the way, and
    never asked for afterwards. A preview begins anew: `trial` is what was read in it, and what counts is left out.
    `due_rows` are rows of `by_section`.
    """
    sections = with_lessons(module.sections.all()) if sections is None else sections
    is_trial, today = trial is not None, timezone.localdate(at)
    attempts, readings = [], trial or []
    if user.is_authenticated:
        attempts = ON_THE_WAY(user=user.pk, module=module.pk, at=at, is_trial=is_trial)
        readings = READ(user=user.pk, modules=[module.pk]) if trial is None else trial
    known, counted = ([], []) if is_trial else (known_to(user, at), attempts)
    quizzes = [attempt for attempt in counted if attempt.use == Use.QUIZ and attempt.submitted_at]
    # What was submitted has a score, and `on_the_way` says the section of each.
    standings = _standings(user, sections, readings, cast(list[QuizRow], quizzes), known, today)
    rows = _rows(sections, standings, due_rows, at)
    lessons = {row.lesson.pk: row.lesson for section in rows for row in section.live_lessons}
    next_lesson = progress.next_lesson([row.standing.outline for row in rows], readings)
    opened = [attempt for attempt in attempts if attempt.is_open]
    pressing, following = _pressing(rows), lessons[next_lesson] if next_lesson else None
    return LearnerModule(
        module=module,
        sections=rows,
        open_attempt=max(opened, key=lambda attempt: attempt.started_at, default=None),
        pressing=pressing,
        lesson=pressing.next_lesson if pressing and not pressing.is_read else following,
        has_passed_exam=any(attempt.has_passed for attempt in counted if attempt.use == Use.EXAM),
        has_certificate=is_trial or any(attempt.has_certificate for attempt in attempts),
        load=DueItems(known, today),
        changed={row.lesson_id for row in readings if row.is_changed},
        exam_dues=exam_dues(due_rows, sections, at),
    )


def _on_the_way(user: Anyone, module: Module, at: datetime, is_trial: bool) -> QuerySet[Any, Any]:
    """Return the quizzes and exams of a person in a module, each with whether a certificate of theirs holds."""
    certificates = Certificate.objects.of(user).valid(at).filter(module=module)
    return Attempt.objects.of(user).on_the_way(module, is_trial).annotate(has_certificate=Exists(certificates))


ON_THE_WAY = Compiled(_on_the_way, user=ID, module=ID, at=DateTimeField(), is_trial=BooleanField())
READ = Compiled(lambda user, modules: Reading.objects.of(user).counted(modules), user=ID, modules=Ids(1))


def _rows(
    sections: "Sequence[SectionWithLessons]",
    standings: Mapping[int, progress.SectionProgress],
    due_rows: Iterable[SetSection],
    at: datetime,
) -> list[SectionRow]:
    """Return a row for each section, with the dates that `due_rows` set for it. No query."""
    dates: dict[int, list[SetSection]] = {}
    for row in due_rows:
        dates.setdefault(row.section_id, []).append(row)
    rows = []
    for section in sections:
        standing = standings[section.pk]
        passed_at = standing.last_passed.submitted_at if standing.last_passed else None
        dues = [Due(row, section, passed_at, at) for row in dates.get(section.pk, [])]
        rows.append(SectionRow(section, standing, dues))
    return rows


def _pressing(rows: Sequence[SectionRow]) -> SectionRow | None:
    """Return the section whose date comes first, where it is so close that it goes before all else. No query."""
    pressing = closest(due for row in rows for due in row.dues if due.is_pressing)
    return next((row for row in rows if pressing and row.section.pk == pressing[0].section.pk), None)


def progress_by_module(
    user: User, known: Sequence[Known], at: datetime, dated: Collection[int] = ()
) -> list[ModuleRow]:
    """Return a row for each module with sections that `user` may see, by id. 4 queries at most.

    `known` is what `known_to` finds; `dated` are the ids of modules that a cohort has set.
    """
    today = timezone.localdate(at)
    sections = with_lessons(Section.objects.seen_by(user))
    by_id = {section.module_id: section.module for section in sections}
    readings, quizzes = _readings_and_quizzes(user, by_id.values())
    standings = _standings(user, sections, readings, quizzes, known, today)
    wanted = [by_id[key] for key in dated if key in by_id]
    due_rows = sections_of(Assignment.objects.set_for(user).filter(module__in=wanted)) if wanted else []
    rows = _rows(sections, standings, due_rows, at)
    exams = exam_dues(due_rows, sections, at)
    return [
        ModuleRow(
            by_id[key],
            [row for row in rows if row.section.module_id == key],
            [due for due in exams if due.section.module_id == key],
        )
        for key in sorted(by_id)
    ]


def _readings_and_quizzes(
    user: User, modules: Collection[Module]
) -> tuple[list[progress.ReadingRow], list[progress.QuizRow]]:
    """Return (live lessons read, quizzes handed in that count) of these modules, the oldest first. One query."""
    facts = list(map(Fact._make, FACTS(user=user.pk, modules=[module.pk for module in modules])))
    # What has no lesson is a quiz of a section, and has a score.
    handed_in = cast(list[progress.QuizRow], [fact for fact in facts if fact.lesson_id is None])
    return cast(list[progress.ReadingRow], [fact for fact in facts if fact.lesson_id]), handed_in


def _facts(user: Anyone, modules: Collection[Module]) -> QuerySet[Any, Any]:
    """Return rows of a Fact for each lesson read and each quiz handed in, by time."""
    no_score = Cast(Value(None), DecimalField(max_digits=5, decimal_places=4))
    none = Cast(Value(None), IntegerField())
    others = {"exam_id": none, "set_quiz_id": none}
    quizzes = Attempt.objects.of(user).counted(modules).order_by().annotate(lesson_id=none, **others)
    readings = (
        Reading.objects.of(user)
        .counted(modules)
        .order_by()
        .annotate(submitted_at=F("read_at"), score=no_score, threshold=no_score, **others)
    )
    parts = [rows.values_list(*Fact._fields) for rows in (quizzes, readings)]
    return parts[0].union(parts[1], all=True).order_by("submitted_at", "pk")


FACTS = Compiled(_facts, user=ID, modules=Ids(MOST_MODULES))


def _standings(
    user: Anyone,
    sections: "Sequence[SectionWithLessons]",
    readings: Sequence[progress.ReadingRow],
    quizzes: Sequence[progress.QuizRow],
    known: Sequence[Known],
    today: date,
) -> dict[int, progress.SectionProgress]:
    """Return {section id: SectionProgress} of one learner. No query."""
    outlines = [outline(section) for section in sections]
    by_learner = progress.section_progress(outlines, readings, quizzes, known, today)
    return by_learner.get(user.pk) or progress.untouched(outlines)
