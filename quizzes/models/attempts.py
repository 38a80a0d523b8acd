"""Attempts: started, saved, submitted and marked once, by the server's clock (architecture 6)."""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, models
from django.db.models import Q, Subquery
from django.urls import reverse
from django.utils.translation import get_language

from accounts.locking import PersonGone, atomic_once_more
from accounts.models import User
from accounts.zones import zone
from lessons.models import Module, Section
from quizzes.basis import Sent
from quizzes.kinds import Answer
from quizzes.models.attempt_queries import AttemptQuerySet
from quizzes.models.clock import MORE_TIME, OPEN, Timed
from quizzes.models.draws import draw, draw_exam, mix, shuffled
from quizzes.models.items import SCORED, Bank, Item, ItemVersion, Use
from quizzes.models.quizzes import Quiz
from quizzes.models.recalls import Recall
from quizzes.models.responses import AS_MARKED, Newer, Response, rounded_down

Draw = Callable[[int], Sequence[ItemVersion]]  # what an attempt asks, drawn by its seed


class Attempt(Timed):
    """One sitting: a check, a quiz, an exam or a review. The score is the mean of its items, all equal.

    A quiz is of a section's bank, or the `quiz` that somebody made, which has neither bank nor module.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="attempts")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, null=True, related_name="attempts")
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, null=True, related_name="attempts")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, null=True, related_name="attempts")
    use = models.CharField(max_length=8, choices=Use)
    retry_of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="retries")
    seed = models.PositiveBigIntegerField()
    threshold = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    is_trial = models.BooleanField(default=False)
    # Work done offline needs it: the browser's own id, by which an answer sent again is the same attempt.
    client_id = models.UUIDField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "bank", "is_trial"], condition=OPEN & Q(use="quiz"), name="one_open_quiz_per_bank"
            ),
            models.UniqueConstraint(
                fields=["learner", "quiz", "is_trial"],
                condition=OPEN & Q(use="quiz"),
                name="one_open_attempt_per_learner_and_quiz",
            ),
            models.UniqueConstraint(
                fields=["learner", "module", "is_trial"],
                condition=OPEN & Q(use="exam"),
                name="one_open_exam_per_module",
            ),
            models.UniqueConstraint(
                fields=["learner"], condition=OPEN & Q(use="review", retry_of=None), name="one_open_review_of_the_day"
            ),
            models.UniqueConstraint(
                fields=["retry_of"], condition=OPEN & Q(retry_of__isnull=False), name="one_open_retry_per_attempt"
            ),
            models.UniqueConstraint(fields=["learner", "client_id"], name="one_attempt_per_client_id"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=1, submitted_at__isnull=False),
                name="a_score_from_0_to_1_once_submitted",
            ),
        ]
        indexes = [models.Index(fields=["learner", "module", "use", "submitted_at"], name="attempts_of_a_learner")]

    def __str__(self) -> str:
        return f"{self.use} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:attempt", args=[self.pk])

    # Starting

    @classmethod
    def start_quiz(cls, learner: User, section: Section, at: datetime, is_trial: bool = False) -> "Attempt":
        """Return the learner's open quiz of that section, or a new one with its draw fixed now. At most 8 queries.

        Two starts at once get the same attempt: one open quiz per learner and bank. A trial, in a preview, is kept
        apart from what counts, as what counts is from it.
        """
        bank = section.bank
        return cls._begin(
            cls.objects.of(learner).open().filter(bank=bank, use=Use.QUIZ, is_trial=is_trial),
            lambda seed: draw(learner, bank, section.quiz_size, seed),
            learner=learner,
            module=section.module,
            bank=bank,
            use=Use.QUIZ,
            threshold=section.threshold,
            started_at=at,
            is_trial=is_trial,
        )

    @classmethod
    def start_own(
        cls, learner: User, quiz: Quiz, at: datetime, is_trial: bool = False, due_at: datetime | None = None
    ) -> "Attempt":
        """Return the learner's open attempt of a quiz that somebody made, or a new one. At most 9 queries.

        NotBegun, by its reason, where the quiz asks nothing or allows no more. Whether it is set for the learner, and
        until when (None: for good), is the caller's to know; nothing may be added to that. Two starts at once get the
        same attempt.
        """
        return cls._begin(
            cls.objects.of(learner).open().filter(quiz=quiz, use=Use.QUIZ, is_trial=is_trial),
            lambda seed: quiz.draw(learner, seed, is_trial),
            learner=learner,
            quiz=quiz,
            use=Use.QUIZ,
            threshold=quiz.threshold,
            started_at=at,
            due_at=due_at,
            extra_time=timedelta() if due_at else None,
            is_trial=is_trial,
        )

    @classmethod
    def start_exam(
        cls,
        learner: User,
        module: Module,
        at: datetime,
        due_at: datetime | None = None,
        extra_time: timedelta | None = None,
        is_trial: bool = False,
        certifies: bool = False,
    ) -> "Attempt":
        """Return the learner's open exam of that module, or a new one over its sections. At most 10 queries.

        Deadline and limits are the caller's to know; no extra time (None) may be added once, zero may not. One that
        certifies draws first from the items that are kept for that.
        """
        return cls._begin(
            cls.objects.of(learner).open().exams(module, is_trial),
            lambda seed: draw_exam(learner, module, seed, certifies),
            learner=learner,
            module=module,
            use=Use.EXAM,
            threshold=module.threshold,
            started_at=at,
            due_at=due_at,
            extra_time=extra_time,
            is_trial=is_trial,
        )

    @classmethod
    def start_review(cls, learner: User, items: Sequence[Item], at: datetime) -> "Attempt":
        """Return the learner's open review of the day, or a new one of these items, one or more, in order. 7 queries.

        What an earlier day in the learner's zone left open is closed first; its unanswered items stay unmarked.
        """
        local = zone(learner.time_zone)
        existing = cls.objects.of(learner).open().filter(use=Use.REVIEW, retry_of=None)
        for earlier in existing:
            if earlier.started_at.astimezone(local).date() < at.astimezone(local).date():
                earlier.submit(at)
        versions = [item.version for item in items]
        return cls._begin(existing, lambda seed: versions, learner=learner, use=Use.REVIEW, started_at=at)

    def retry(self, at: datetime) -> "Attempt | None":
        """Return the open repeat of what was missed here, or a new one; None where nothing was. At most 7 queries.

        Each item is asked once: what is missed again is repeated by a retry of the retry. What is kept for exams is
        not repeated.
        """
        existing = Attempt.objects.open().filter(retry_of=self)
        rows = self.responses.filter(score__isnull=False, item__withdrawn_at=None).order_by("position")
        marked = list(rows.select_related("item__current_version"))
        missed = [response.item.version for response in marked if response.is_repeatable]
        others = [row.item.version for row in marked if not row.is_missed and not row.item.is_kept]
        if not missed:
            return None
        return self._begin(
            existing,
            lambda seed: mix(missed, others, seed),
            learner_id=self.learner_id,
            module_id=self.module_id,
            bank_id=self.bank_id,
            quiz_id=self.quiz_id,
            use=Use.REVIEW,
            retry_of=self,
            started_at=at,
            is_trial=self.is_trial,
        )

    @classmethod
    def _begin(cls, existing: AttemptQuerySet, drawn: Draw, **fields: Any) -> "Attempt":
        """Return the first of `existing`, or a new attempt that asks `drawn(seed)`: of two at once the same."""
        try:
            return cls._begin_once(existing, drawn, **fields)
        except IntegrityError:
            return existing.get()

    @classmethod
    @atomic_once_more
    def _begin_once(cls, existing: AttemptQuerySet, drawn: Draw, **fields: Any) -> "Attempt":
        """Do it while the learner's row is held, by the statement that looks for what is open."""
        attempt = cls(seed=secrets.randbits(32), **fields)
        learners = User.objects.filter(pk=attempt.learner_id).annotate(begun=Subquery(existing.values("pk")[:1]))
        learner = learners.held().first()
        if learner is None:
            raise PersonGone
        if learner.begun:
            return existing.get(pk=learner.begun)
        attempt.save()
        attempt.fix(drawn(attempt.seed))
        return attempt

    def fix(self, versions: Iterable[ItemVersion]) -> None:
        """Lay down what is asked, in that order, and the order of the options of each. One query."""
        Response.objects.bulk_create(
            Response(
                attempt=self,
                position=number,
                item_id=version.item_id,
                shown_version=version,
                option_order=shuffled(version, self.seed),
            )
            for number, version in enumerate(versions, 1)
        )

    @classmethod
    def answer_check(
        cls,
        learner: User,
        item: Item,
        answer: Answer,
        order: list[str],
        at: datetime,
        client_id: UUID | None = None,
        is_trial: bool = False,
    ) -> "Attempt":
        """Open, submit and mark a check in one go. `order` is the one in which the page showed the item.

        A check that was made offline carries the id that its browser gave it: sent again, it is the same attempt.
        """
        attempt = cls(
            learner=learner,
            module_id=item.bank.module_id,
            bank_id=item.bank_id,
            use=Use.CHECK,
            seed=0,
            started_at=at,
            submitted_at=at,
            client_id=client_id,
            is_trial=is_trial,
        )
        try:
            attempt._answer_only(item, answer, order, at)
        except IntegrityError:
            if client_id is None:
                raise
            return cls.objects.of(learner).get(client_id=client_id)
        return attempt

    @atomic_once_more
    def _answer_only(self, item: Item, answer: Answer, order: list[str], at: datetime) -> None:
        """Write a check and its one response, marked as it is given."""
        User.objects.hold(self.learner_id)
        response = Response(
            position=1,
            item=item,
            shown_version=item.version,
            option_order=order,
            answer=answer,
            language=get_language(),
            saved_at=at,
        )
        response.mark(at)
        self.score = response.score
        self.save(force_insert=True)
        response.attempt = self
        self.after_marking([response], at)
        response.save()

    # Answers, and their marks

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

    def _hold(self) -> "Attempt":
        """Lock the learner's row, then the attempt's, and return it as it is now. One query, in a transaction.

        PersonGone where the learner is there no more, or the attempt went over to another person.
        """
        held = Attempt.objects.held().filter(pk=self.pk, learner=self.learner_id).first()
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
        rows = self.responses.filter(position__in=positions, marked_at=None, attempt__learner=self.learner_id)
        held = [row for row in rows.held().select_related("shown_version") if row.attempt.takes(at)]
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
        rows = self.responses.filter(attempt__learner=self.learner_id).held()
        return list(rows.with_keys())

    def _mark(self, responses: Sequence[Response], at: datetime) -> None:
        for response in responses:
            response.mark(at)
        self.after_marking(responses, at)
        Response.rewrite(responses, AS_MARKED)
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
