"""Attempts: how each is begun, with what it asks laid down once (architecture 6)."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models
from django.db.models import BooleanField, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import get_language

from accounts.compiled import ID, Compiled, Parameter
from accounts.locking import PersonGone, atomic_once_more
from accounts.models import User
from accounts.zones import zone
from lessons.models import Module, Section
from quizzes.kinds import Answer
from quizzes.models.attempt_queries import AttemptQuerySet
from quizzes.models.clock import OPEN
from quizzes.models.draws import draw, draw_exam, mix, shuffled
from quizzes.models.items import Bank, Item, ItemVersion, Use
from quizzes.models.quizzes import Quiz
from quizzes.models.responses import AS_ASKED, Response
from quizzes.models.rewriting import write_new
from quizzes.models.sittings import Sitting

Draw = Callable[[int], Sequence[ItemVersion]]  # what an attempt asks, drawn by its seed


class Attempt(Sitting):
    """One sitting: a check, a quiz, an exam or a review. The score is the mean of its items, all equal.

    A quiz is of a section's bank, or the `quiz` that somebody made, which has neither bank nor module.
    """

    retry_of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="retries")

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
        """Return the learner's open quiz of that section, or a new one with its draw fixed now. At most 7 queries.

        Two starts at once get the same attempt: one open quiz per learner and bank. A trial, in a preview, is kept
        apart from what counts, as what counts is from it.
        """
        bank = section.bank
        return cls._begin(
            _open_quizzes(learner, bank, is_trial),
            lambda seed: draw(learner, bank, section.quiz_size, seed),
            lambda: WITH_OPEN_QUIZ(learner=learner.pk, bank=bank.pk, is_trial=is_trial),
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
    def _begin(
        cls, existing: AttemptQuerySet, drawn: Draw, hold: Callable[[], list[User]] | None = None, **fields: Any
    ) -> "Attempt":
        """Return the first of `existing`, or a new attempt that asks `drawn(seed)`: of two at once the same.

        `hold` holds the learner as `_with_begun` does of `existing`, where that query is compiled.
        """
        try:
            return cls._begin_once(existing, drawn, hold, **fields)
        except IntegrityError:
            return existing.get()

    @classmethod
    @atomic_once_more
    def _begin_once(
        cls, existing: AttemptQuerySet, drawn: Draw, hold: Callable[[], list[User]] | None, **fields: Any
    ) -> "Attempt":
        """Do it while the learner's row is held, by the statement that looks for what is open."""
        attempt = cls(seed=secrets.randbits(32), **fields)
        held: list[Any] = hold() if hold else list(_with_begun(attempt.learner_id, existing))
        if not held:
            raise PersonGone
        [learner] = held
        if learner.begun:
            return existing.get(pk=learner.begun)
        attempt.save()
        attempt.fix(drawn(attempt.seed))
        return attempt

    def fix(self, versions: Iterable[ItemVersion]) -> None:
        """Lay down what is asked, in that order, and the order of the options of each. One query."""
        rows = [
            Response(
                attempt=self,
                position=number,
                item_id=version.item_id,
                shown_version=version,
                option_order=shuffled(version, self.seed),
            )
            for number, version in enumerate(versions, 1)
        ]
        write_new(rows, AS_ASKED)

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


def _with_begun(learner: object, existing: AttemptQuerySet) -> QuerySet[User]:
    """Lock the learner's row; it says which of `existing` is `begun`: its id, or None."""
    return User.objects.filter(pk=learner).annotate(begun=Subquery(existing.values("pk")[:1])).held()


def _open_quizzes(learner: User | Parameter, bank: Bank | Parameter, is_trial: bool | Parameter) -> AttemptQuerySet:
    return Attempt.objects.open().filter(learner=learner, bank=bank, use=Use.QUIZ, is_trial=is_trial)


def _with_open_quiz(learner: Parameter, bank: Parameter, is_trial: Parameter) -> QuerySet[User]:
    return _with_begun(learner, _open_quizzes(learner, bank, is_trial))


WITH_OPEN_QUIZ = Compiled(_with_open_quiz, learner=ID, bank=ID, is_trial=BooleanField())
