"""One sitting while it runs: answers saved under lock, submitted and marked once, by the server's clock."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.db import models

from accounts.locking import PersonGone, atomic_once_more
from lessons.models import Module, Section
from quizzes.basis import Sent
from quizzes.kinds import Answer
from quizzes.models.attempt_queries import AttemptQuerySet
from quizzes.models.clock import MORE_TIME, Timed
from quizzes.models.items import SCORED, Bank, Use
from quizzes.models.quizzes import Quiz
from quizzes.models.recalls import Recall
from quizzes.models.responses import AS_MARKED, Newer, Response, rounded_down, with_keys
from quizzes.models.rewriting import rewrite


class Sitting(Timed):
    """What was begun, the answers that it takes, and what they come to. Its one table is that of Attempt."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="attempts")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, null=True, related_name="attempts")
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, null=True, related_name="attempts")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, null=True, related_name="attempts")
    use = models.CharField(max_length=8, choices=Use)
    seed = models.PositiveBigIntegerField()
    threshold = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    is_trial = models.BooleanField(default=False)
    # Work done offline needs it: the browser's own id, by which an answer sent again is the same attempt.
    client_id = models.UUIDField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def has_passed(self) -> bool:
        """Whether the score reached the threshold that was copied when the attempt began."""
        return self.score is not None and self.threshold is not None and self.score >= self.threshold

    @property
    def section(self) -> Section | None:
        """The section whose bank it draws from; None of an exam and of a review over more than one."""
        return self.bank.section if self.bank else None

    @property
    def place(self) -> Quiz | Section | Module | None:
        """The page that it belongs to: its quiz's, its section's, else its module's; None of the day's review."""
        return self.quiz or self.section or self.module

    @atomic_once_more
    def extend(self, at: datetime) -> bool:
        """Add ten minutes, once; return whether they were added. 2 queries."""
        held = self._hold()
        self.extra_time = held.extra_time
        if not held.may_extend or held.is_over(at):
            return False
        self.extra_time = MORE_TIME
        self.save(update_fields=["extra_time"])
        return True

    @property
    def asks_certainty(self) -> bool:
        """Whether it asks how sure one is of each answer: a quiz that says so, or its section; and repeats; no exam."""
        asking = self.quiz or self.section
        return self.use in (Use.QUIZ, Use.REVIEW) and asking is not None and asking.asks_certainty

    def _hold(self) -> "Sitting":
        """Lock the learner's row, then the attempt's, and return it as it is now. One query, in a transaction.

        PersonGone where the learner is there no more, or the attempt went over to another person.
        """
        held = self.__class__.objects.held().filter(pk=self.pk, learner=self.learner_id).first()
        if held is None:
            raise PersonGone
        self.learner = held.learner
        return held

    def _takes(self, at: datetime) -> bool:
        """Lock learner and attempt; return whether it still takes answers. One query, in the caller's transaction.

        An answer is either saved before the marking or refused, never both.
        """
        return self._hold().takes(at)

    @atomic_once_more
    def save_answers(
        self,
        answers: Mapping[int, Answer],
        language: str,
        at: datetime,
        sure: Mapping[int, int | None] | None = None,
    ) -> bool:
        """Save {position: answer} of an open attempt, whatever stood there. 2 queries.

        `sure` is {position: certainty} beside them; without it what was said of certainty stays. False, and nothing
        changed, once the attempt is closed, its time is over, or one of these is marked, as in a review. PersonGone as
        `_hold` says.
        """
        rows = self._takes_in(answers, at)
        for response in rows or ():
            response.answer = answers[response.position]
            if sure is not None:
                response.certainty = sure[response.position]
            response.saved_from, response.saved_count = "", 0
        Response.save_all(rows or (), language, at)
        return rows is not None

    @atomic_once_more
    def take(
        self, sent: Mapping[int, Sent], language: str, at: datetime, is_auto: bool = False
    ) -> "tuple[list[Response], dict[int, Newer]] | None":
        """Save {position: what a page sent} as far as the person changed it there. 2 queries.

        The responses as they are now, and {position: what stood there that the page did not show}. None, and nothing
        changed, where `save_answers` is False. `is_auto`: no button was pressed, so nothing newer gives way.
        """
        rows = self._takes_in(sent, at)
        return None if rows is None else (rows, Response.take_all(rows, sent, language, at, is_auto))

    def _takes_in(self, positions: Collection[int], at: datetime) -> list[Response] | None:
        """Lock learner, attempt and these responses, in the caller's transaction; None where not all take answers.

        PersonGone as `_hold` says.
        """
        if not positions:
            return [] if self._takes(at) else None
        # As _takes does, this locks learner and attempt; and the responses, which may have changed while it waited.
        asked = Response.objects.filter(attempt=self.pk, position__in=positions, marked_at=None)
        rows = asked.filter(attempt__learner=self.learner_id).held().as_shown()
        held = [row for row in rows if row.attempt.takes(at)]
        if len(held) < len(positions):
            self._hold()
            return None
        return held

    @atomic_once_more
    def give(
        self, position: int, answer: Answer, language: str, at: datetime, certainty: int | None = None
    ) -> Response | None:
        """Mark one answer of a review at once; None says "I do not know". At most 9 queries.

        The marked Response; None where it was marked before, or the review is closed. The last one closes it.
        """
        if not self._takes(at):
            return None
        left = [row for row in self._held_responses() if row.marked_at is None]
        response = next((row for row in left if row.position == position), None)
        if response is None:
            return None
        response.answer, response.language, response.certainty = answer, language, certainty
        response.saved_at = at
        response.revision += 1
        response.mark(at)
        self.after_marking([response], at)
        response.save()
        if len(left) == 1:
            self.submitted_at = at
            self.save(update_fields=["submitted_at"])
        return response

    def submit(self, at: datetime) -> bool:
        """Submit and mark, once. False where somebody did, or time was over: the result stands. At most 9 queries.

        The lock decides between two that come at once; PersonGone as `_hold` says.
        """
        if self.is_over(at):
            self.expire(at)
            return False
        return self._close(at, submitted_at=at)

    def expire(self, at: datetime) -> bool:
        """Hand in what was saved before time was over, once; return whether this call did it. At most 9 queries.

        It counts as submitted when time ended. Nothing changes where the deadline was moved since it was read.
        """
        return self._close(at, unless_moved=True, submitted_at=self.closes_at, expired_at=at)

    @atomic_once_more
    def _close(self, at: datetime, unless_moved: bool = False, **fields: datetime | None) -> bool:
        responses = self._held_responses()
        held = responses[0].attempt if responses else self._hold()
        if not held.is_open or (unless_moved and held.closes_at != self.closes_at):
            self.refresh_from_db()
            return False
        self.learner = held.learner
        self.finish(responses, at, **fields)
        return True

    def finish(self, responses: Sequence[Response], at: datetime, **fields: datetime | None) -> None:
        """Close it with these moments, and mark its `responses` unless a review has marked each as it was given.

        Both are held by the caller, and it is open. At most 4 queries.
        """
        for name, value in fields.items():
            setattr(self, name, value)
        if self.use != Use.REVIEW:
            self._mark(responses, at)
        self.save(update_fields=[*fields, "score", "is_late"])

    def _held_responses(self) -> list[Response]:
        """Lock learner, attempt and responses, and return these by id with what marking them needs. One query.

        None where the learner is there no more, or nothing is asked.
        """
        rows = Response.objects.filter(attempt=self.pk, attempt__learner=self.learner_id).held()
        return with_keys(list(rows.naming_keys()))

    def _mark(self, responses: Sequence[Response], at: datetime) -> None:
        for response in responses:
            response.mark(at)
        self.after_marking(responses, at)
        rewrite(responses, AS_MARKED)
        shares = [response.share for response in responses if response.share is not None]
        self.score = rounded_down(sum(shares, Fraction()) / len(shares)) if shares else Decimal(0)
        moments = [self.submitted_at, *(response.saved_at for response in responses)]
        closes_at = self.closes_at
        self.is_late = closes_at is not None and any(moment > closes_at for moment in moments if moment)

    def after_marking(self, responses: Sequence[Response], at: datetime) -> None:
        """Bring the learner's recalls up to date with these marked responses; a trial leaves no trace in them.

        In a quiz or exam each response gets whether it is the learner's first one to its item. Belongs in the
        transaction of the marking, before the responses are written. 2 queries.
        """
        learner = None if self.is_trial else self.learner
        met = Recall.note(learner, responses, at) if learner else set()
        if self.use in SCORED:
            for response in responses:
                response.is_first = learner is not None and response.item_id not in met
