"""Who of a cohort is where with the quizzes of its staff: learners × quizzes, beside the board of sections.

A page of its own, since a cohort has its quizzes once, whatever modules it sets; those beside one module stand on its
board of sections too. Only what stands on one page is read, and for a filter who has handed in what is due.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cohorts.judging import SOON
from cohorts.lateness import is_late
from cohorts.marks import Mark
from cohorts.members import Member, learners_in_order, matching
from cohorts.models import Cohort, HandMark, QuizAssignment
from cohorts.quiz_marks import ByHand, Sittings, begun_by, handed_in, marks_of, short_of, sittings_of
from cohorts.set_quizzes import quizzes_of

NOT_BEGUN, BEGUN, HANDED_IN, PASSED = STATES = ("none", "reading", "read", "passed")  # glyphs and colours of a board
SHOWN = ("all", "late", "soon", "none")  # what the list can be cut to


@dataclass(frozen=True)
class QuizCell:
    """How one learner stands with one quiz, the `number`th of its cohort, as at a time."""

    number: int
    quiz: QuizAssignment
    mark: Mark
    is_begun: bool
    at: datetime

    @property
    def short(self) -> str:
        """Return how its column is headed."""
        return short_of(self.number)

    @property
    def state(self) -> str:
        """Return one of STATES."""
        if self.mark.score is not None:
            return PASSED if self.mark.has_passed else HANDED_IN
        return BEGUN if self.is_begun else NOT_BEGUN

    @property
    def is_overdue(self) -> bool:
        """Return whether it is due, nothing was handed in and no mark is set by hand."""
        return self.mark.score is None and is_late(self.at, self.quiz.due_at)

    @property
    def is_due_soon(self) -> bool:
        """Return whether it is due within SOON, nothing was handed in and no mark is set by hand."""
        due_at = self.quiz.due_at
        return self.mark.score is None and due_at is not None and self.at <= due_at < self.at + SOON

    @property
    def is_late(self) -> bool:
        """Return whether it is overdue, or what counts was handed in after its date."""
        return self.is_overdue or self.mark.is_late


def cells_of(
    quizzes: Sequence[QuizAssignment],
    member: Member,
    sittings: Sittings,
    by_hand: ByHand,
    begun: Container[tuple[int | None, int]],
    at: datetime,
) -> list[QuizCell]:
    """Return one learner's cell for each of these quizzes; `begun` has pairs (learner id, id of a QuizAssignment)."""
    marks = marks_of(quizzes, member.pk, member.user_id, sittings, by_hand)
    return [
        QuizCell(row.number, row, mark, (member.user_id, row.pk) in begun, at)
        for row, mark in zip(quizzes, marks, strict=True)
    ]


@dataclass(frozen=True)
class QuizLine:
    """One learner, with a cell for each quiz."""

    member: Member
    cells: list[QuizCell]

    @property
    def overdue_count(self) -> int:
        return sum(cell.is_overdue for cell in self.cells)


@dataclass
class QuizBoard:
    """The quizzes that a cohort sets, by opening, and who learns there, in order of their names."""

    quizzes: list[QuizAssignment]
    members: list[Member]
    at: datetime

    @cached_property
    def _done(self) -> set[tuple[int, int]]:
        return handed_in(self.quizzes)

    def among(self, shown: str, words: str = "") -> list[Member]:
        """Return those whom the filter shows and whose names or number have these words. At most one query in all."""
        members = matching(self.members, words)
        if shown not in SHOWN[1:]:
            return members
        if shown == "none":
            done = {place for place, _quiz in self._done}
            return [member for member in members if member.pk not in done]
        wanted = [row for row in self.quizzes if row.due_at and self._is_among(shown, row.due_at)]
        return [member for member in members if any((member.pk, row.pk) not in self._done for row in wanted)]

    def idle(self) -> list[Member]:
        """Return those who have neither begun nor handed in any, once one has opened. At most 2 queries."""
        if not any(row.opens_at <= self.at for row in self.quizzes):
            return []
        members = self.among("none")
        begun = {learner for learner, _quiz in begun_by(self.quizzes, [row.user_id for row in members if row.user_id])}
        return [member for member in members if member.user_id not in begun]

    def _is_among(self, shown: str, due_at: datetime) -> bool:
        return due_at < self.at if shown == "late" else self.at <= due_at < self.at + SOON

    def lines(self, members: Sequence[Member]) -> list[QuizLine]:
        """Return the QuizLine of each of these, in their order. 3 queries."""
        learners = [member.user_id for member in members if member.user_id]
        sittings, begun = sittings_of(self.quizzes, learners), begun_by(self.quizzes, learners)
        places = [member.pk for member in members]
        by_hand = HandMark.objects.filter(quiz__in=self.quizzes, enrolment__in=places).current()
        lines = []
        for member in members:
            lines.append(QuizLine(member, cells_of(self.quizzes, member, sittings, by_hand, begun, self.at)))
        return lines


def quiz_board_of(cohort: Cohort, at: datetime) -> QuizBoard:
    """Return the QuizBoard of a cohort's present learners. 2 queries."""
    return QuizBoard(quizzes_of(cohort), learners_in_order(cohort.pk), at)
