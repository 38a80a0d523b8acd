"""Progress, computed from the facts and stored nowhere. Imports neither the ORM nor a request."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Protocol

from quizzes import schedule

NONE, READING, READ, PASSED, MASTERED, FADING = STATES = ("none", "reading", "read", "passed", "mastered", "fading")


class ReadingRow(Protocol):
    """That a learner, None once erased, read a lesson."""

    @property
    def learner_id(self) -> int | None: ...
    @property
    def section_id(self) -> int: ...
    @property
    def lesson_id(self) -> int: ...
    @property
    def read_at(self) -> datetime: ...


class ScoredRow(Protocol):
    """A submitted quiz or exam: its score, and the threshold that was copied to it."""

    @property
    def score(self) -> Decimal: ...
    @property
    def threshold(self) -> Decimal: ...
    @property
    def submitted_at(self) -> datetime: ...


class QuizRow(ScoredRow, Protocol):
    """A submitted quiz of a learner, None once erased."""

    @property
    def learner_id(self) -> int | None: ...
    @property
    def section_id(self) -> int: ...


class RecallRow(Protocol):
    """What is known of one item, by days in the learner's zone."""

    @property
    def learner_id(self) -> int: ...
    @property
    def section_id(self) -> int: ...
    @property
    def stability(self) -> float: ...
    @property
    def first_on(self) -> date: ...
    @property
    def last_on(self) -> date: ...
    @property
    def mastered_on(self) -> date | None: ...
    @property
    def due_on(self) -> date: ...
    @property
    def zone(self) -> tzinfo: ...


@dataclass(frozen=True)
class Outline:
    """A section as progress sees it: its id, the ids of its live lessons in order, and whether it may be left out.

    `added` are pairs (lesson id, since when it is there) of lessons that a section got after the others.
    """

    section_id: int
    lesson_ids: tuple[int, ...]
    is_optional: bool = False
    added: tuple[tuple[int, datetime], ...] = ()


@dataclass
class SectionProgress:
    """How one learner stands in one section.

    `read` is {lesson id: when it was first read}. `best`, `latest`, `passed` and `last_passed`, the first and the last
    that passed, are quiz rows (score, threshold, submitted_at); `recalls` are rows of what is known of the section's
    items, as on the day `today`.
    """

    outline: Outline
    read: dict[int, datetime] = field(default_factory=dict)
    best: QuizRow | None = None
    latest: QuizRow | None = None
    passed: QuizRow | None = None
    last_passed: QuizRow | None = None
    recalls: list[RecallRow] = field(default_factory=list)
    today: date | None = None

    @property
    def state(self) -> str:
        """none, reading (a lesson read or a quiz submitted), read (every lesson), passed, mastered or fading (L4).

        Passed is never taken away: one quiz at or above the threshold that was copied to it is enough. Mastered is
        passed with every item that was met by then right on three days, the last after a gap of a week; fading is
        mastered with these items' mean recall below 0.80 today. Items met later change neither.
        """
        if self.passed:
            met = self.met
            if not met or not all(recall.mastered_on for recall in met):
                return PASSED
            return FADING if still_known(met, self._today) < schedule.FADES_BELOW * len(met) else MASTERED
        if self.has_read_all:
            return READ
        return READING if self.read or self.latest else NONE

    @property
    def has_read_all(self) -> bool:
        """Whether every lesson was read, but for those that came when the others had been read already."""
        lessons = self.outline.lesson_ids
        finished = max((self.read[lesson] for lesson in lessons if lesson in self.read), default=None)
        if finished is None:
            return False
        came_late = {lesson for lesson, since in self.outline.added if since > finished}
        return all(lesson in self.read or lesson in came_late for lesson in lessons)

    @property
    def is_passed(self) -> bool:
        """Whether it is passed, whatever has become of it since."""
        return self.passed is not None

    @property
    def met(self) -> list[RecallRow]:
        """The recalls of items met by the day, in the learner's zone, of the first pass; none before a pass."""
        if self.passed is None or not self.recalls:
            return []
        day = self.passed.submitted_at.astimezone(self.recalls[0].zone).date()
        return [recall for recall in self.recalls if recall.first_on <= day]

    @property
    def due_count(self) -> int:
        """How many of the section's items are due on the day `today`."""
        return sum(recall.due_on <= self._today for recall in self.recalls)

    @property
    def read_count(self) -> int:
        return sum(lesson in self.read for lesson in self.outline.lesson_ids)

    @property
    def lesson_count(self) -> int:
        return len(self.outline.lesson_ids)

    @property
    def _today(self) -> date:
        if self.today is None:
            raise ValueError("What is known of items is judged as on a day.")
        return self.today


def still_known(recalls: Iterable[RecallRow], today: date) -> float:
    """Return how many of these items are probably still known today: the sum of their recalls, 0 to their number."""
    return sum(schedule.recall(recall.stability, (today - recall.last_on).days) for recall in recalls)


def section_progress(
    outlines: Iterable[Outline],
    readings: Iterable[ReadingRow],
    quizzes: Iterable[QuizRow],
    recalls: Iterable[RecallRow] = (),
    today: date | None = None,
) -> dict[int | None, dict[int, SectionProgress]]:
    """Return {learner id: {section id: SectionProgress}} of everybody who left a fact.

    `readings` are rows (learner_id, section_id, lesson_id, read_at, …), `quizzes` rows (learner_id, section_id, score,
    threshold, submitted_at), both oldest first; `recalls` are rows (learner_id, section_id, stability, first_on,
    last_on, mastered_on, due_on, zone), of which nothing is judged without `today`. The cost in queries is that of
    these three.
    """
    by_id = {outline.section_id: outline for outline in outlines}
    standings: dict[int | None, dict[int, SectionProgress]] = defaultdict(
        lambda: {key: SectionProgress(outline, today=today) for key, outline in by_id.items()}
    )
    for reading in readings:
        if standing := standings[reading.learner_id].get(reading.section_id):
            standing.read[reading.lesson_id] = reading.read_at
    for quiz in quizzes:
        if standing := standings[quiz.learner_id].get(quiz.section_id):
            standing.latest = quiz
            if standing.best is None or quiz.score > standing.best.score:
                standing.best = quiz
            if quiz.score >= quiz.threshold:
                standing.passed = standing.passed or quiz
                standing.last_passed = quiz
    for recall in recalls:
        if standing := standings[recall.learner_id].get(recall.section_id):
            standing.recalls.append(recall)
    return dict(standings)


def untouched(outlines: Iterable[Outline]) -> dict[int, SectionProgress]:
    """Return {section id: SectionProgress} of somebody who left no fact yet."""
    return {outline.section_id: SectionProgress(outline) for outline in outlines}


def next_lesson(outlines: Sequence[Outline], readings: Iterable[ReadingRow]) -> int | None:
    """Return the id of the first lesson not read after the last one read, else of the first not read, or None.

    Of what lies before the last one read, optional sections are not offered again: leaving them out is no gap.
    """
    order = [(lesson, outline.is_optional) for outline in outlines for lesson in outline.lesson_ids]
    numbers = {lesson: number for number, (lesson, _) in enumerate(order)}
    read = [row.lesson_id for row in readings if row.lesson_id in numbers]
    start = numbers[read[-1]] + 1 if read else 0
    offered = order[start:] + [(lesson, is_optional) for lesson, is_optional in order[:start] if not is_optional]
    return next((lesson for lesson, _ in offered if lesson not in read), None)
