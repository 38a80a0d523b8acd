"""Attempts and their responses: started, saved, submitted and marked once (design: an attempt's life)."""

import random
import secrets
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lessons.models import Module
from quizzes.models.items import Bank, Item, ItemVersion

PAGE_SIZE = 5
OPEN = Q(submitted_at=None, expired_at=None)


def rounded_down(share):
    """A Fraction from 0 to 1 as a Decimal of four places, rounded down: 2/3 is 0.6666, and 0.79999 never passes 0.8."""
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(Decimal("0.0001"), rounding=ROUND_DOWN)


class Use(models.TextChoices):
    CHECK = "check", _("Check")
    QUIZ = "quiz", _("Quiz")
    EXAM = "exam", _("Exam")
    REVIEW = "review", _("Review")


class AttemptQuerySet(models.QuerySet):
    def of(self, user):
        """The attempts of one learner; none of a visitor."""
        return self.filter(learner=user) if user.is_authenticated else self.none()

    def open(self):
        return self.filter(OPEN)

    def counted(self, module):
        """Rows (learner_id, section_id, score, threshold, submitted_at) of submitted quizzes, by time. One query."""
        return (
            self.filter(use=Use.QUIZ, module=module, is_trial=False, submitted_at__isnull=False)
            .order_by("submitted_at", "pk")
            .annotate(section_id=F("bank__section_id"))
            .values_list("learner_id", "section_id", "score", "threshold", "submitted_at", named=True)
        )


class Attempt(models.Model):
    """One sitting: a check, a quiz, an exam or a review. The score is the mean of its items, all equal."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="attempts")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, null=True, related_name="attempts")
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, null=True, related_name="attempts")
    use = models.CharField(max_length=8, choices=Use)
    retry_of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="retries")
    seed = models.PositiveBigIntegerField()
    threshold = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    extra_time = models.DurationField(null=True)
    submitted_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False)
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    is_trial = models.BooleanField(default=False)
    client_id = models.UUIDField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "bank", "is_trial"], condition=OPEN & Q(use="quiz"), name="one_open_quiz_per_bank"
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

    def __str__(self):
        return f"{self.use} {self.pk}"

    def get_absolute_url(self):
        return reverse("attempt", args=[self.pk])

    @classmethod
    def start_quiz(cls, learner, section, at, is_trial=False):
        """The learner's open quiz of that section, or a new one with its draw fixed now. At most 7 queries.

        A trial, in a preview, is kept apart from what counts, as what counts is from it.

        Two starts at once get the same attempt: one open quiz per learner and bank.
        """
        bank = section.bank
        existing = cls.objects.of(learner).open().filter(bank=bank, use=Use.QUIZ, is_trial=is_trial)
        if attempt := existing.first():
            return attempt
        seed = secrets.randbits(32)
        try:
            with transaction.atomic():
                attempt = cls.objects.create(
                    learner=learner,
                    module=section.module,
                    bank=bank,
                    use=Use.QUIZ,
                    seed=seed,
                    threshold=section.threshold,
                    started_at=at,
                    is_trial=is_trial,
                )
                attempt.fix(draw(learner, bank, section.quiz_size, seed))
        except IntegrityError:
            return existing.get()
        return attempt

    @classmethod
    def answer_check(cls, learner, item, answer, order, at, is_trial=False):
        """A check opened, submitted and marked in one go. `order` is the one in which the page showed the item."""
        with transaction.atomic():
            attempt = cls.objects.create(
                learner=learner,
                module_id=item.bank.module_id,
                bank_id=item.bank_id,
                use=Use.CHECK,
                seed=0,
                started_at=at,
                submitted_at=at,
                is_trial=is_trial,
            )
            response = Response(
                attempt=attempt,
                position=1,
                item=item,
                shown_version=item.current_version,
                option_order=order,
                answer=answer,
                language=get_language(),
                saved_at=at,
            )
            response.mark(at)
            response.save()
            attempt.score = response.score
            attempt.save(update_fields=["score"])
        return attempt

    def fix(self, items):
        """Lay down the items, their versions and the order of their options. One query."""
        Response.objects.bulk_create(
            Response(
                attempt=self,
                position=number,
                item=item,
                shown_version=item.current_version,
                option_order=shuffled(item.current_version, self.seed),
            )
            for number, item in enumerate(items, 1)
        )

    @property
    def is_open(self):
        return self.submitted_at is None and self.expired_at is None

    @property
    def has_passed(self):
        """Whether the score reached the threshold that was copied when the attempt began."""
        return self.score is not None and self.threshold is not None and self.score >= self.threshold

    def save_answers(self, answers, language, at):
        """Keep {position: answer} of an open attempt; False, and nothing changed, once it is closed. 3 queries.

        The attempt's row is held first: an answer is either saved before the marking or refused, never both.
        """
        with transaction.atomic():
            if not Attempt.objects.select_for_update().filter(OPEN, pk=self.pk).exists():
                return False
            responses = list(self.responses.filter(position__in=answers))
            for response in responses:
                response.answer = answers[response.position]
                response.language, response.saved_at = language, at
            Response.objects.bulk_update(responses, ["answer", "language", "saved_at"])
        return True

    def submit(self, at):
        """Submit and mark, once. False where somebody else did: the result stands. At most 6 queries.

        The conditional update decides between two that come at once, on both databases.
        """
        with transaction.atomic():
            if not Attempt.objects.filter(OPEN, pk=self.pk).update(submitted_at=at):
                self.refresh_from_db()
                return False
            self.submitted_at = at
            self._mark(at)
            self.save(update_fields=["score"])
        return True

    def _mark(self, at):
        responses = list(self.responses.select_related("item__current_version", "shown_version"))
        counts = self.use in (Use.QUIZ, Use.EXAM) and not self.is_trial
        met = set()
        if counts:
            met = set(
                Response.objects.filter(
                    attempt__learner=self.learner_id,
                    attempt__use__in=[Use.QUIZ, Use.EXAM],
                    attempt__is_trial=False,
                    item__in=[response.item_id for response in responses],
                    score__isnull=False,
                ).values_list("item_id", flat=True)
            )
        for response in responses:
            response.mark(at)
            response.is_first = counts and response.item_id not in met
        Response.objects.bulk_update(responses, ["score", "marked_version", "marked_at", "is_first"])
        shares = [response.share for response in responses if response.share is not None]
        self.score = rounded_down(sum(shares, Fraction()) / len(shares)) if shares else Decimal(0)


def shuffled(version, seed):
    """The version's pieces in the order that this attempt shows, kept from then on; as authored where order matters."""
    pieces = version.rules.pieces(version.document)
    if version.document["shuffle"]:
        random.Random(f"{seed}:{version.item_id}").shuffle(pieces)  # noqa: S311 - no secret hangs on it
    return pieces


def draw(learner, bank, size, seed):
    """`size` items of the bank for a quiz: those that the learner met least come first, chance decides among equals."""
    items = Item.objects.filter(bank=bank).drawable(Use.QUIZ)
    seen = dict(
        Response.objects.filter(
            attempt__learner=learner, attempt__use=Use.QUIZ, attempt__is_trial=False, item__bank=bank
        )
        .values("item")
        .annotate(times=Count("pk"))
        .values_list("item", "times")
    )
    chance = random.Random(seed)  # noqa: S311 - no secret hangs on it
    chance.shuffle(items)
    items.sort(key=lambda item: seen.get(item.pk, 0))
    drawn = items[:size]
    chance.shuffle(drawn)
    return drawn


class Response(models.Model):
    """What was given for one item of an attempt, in canonical JSON; fixed from `marked_at`."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="responses")
    shown_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="shown_in")
    marked_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, null=True, related_name="marked_in")
    option_order = models.JSONField()
    answer = models.JSONField(null=True)
    language = models.CharField(max_length=8, blank=True)
    certainty = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(3)])
    saved_at = models.DateTimeField(null=True)
    marked_at = models.DateTimeField(null=True)
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    is_first = models.BooleanField(null=True)
    predicted_recall = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_response_per_position"),
            models.UniqueConstraint(fields=["attempt", "item"], name="one_response_per_item"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=1, marked_at__isnull=False),
                name="a_response_scores_from_0_to_1_once_marked",
            ),
        ]

    def __str__(self):
        return f"{self.attempt_id}.{self.position}"

    @property
    def page(self):
        """The page of the quiz, from 1, on which this item stands."""
        return (self.position - 1) // PAGE_SIZE + 1

    @property
    def name(self):
        """The name of its field in a form."""
        return f"q{self.position}"

    def show(self):
        return self.shown_version.show(self.option_order, self.answer, self.name)

    def read(self, posted):
        """The posted answer in canonical form, or None; NotOnOffer where the page offered no such value."""
        version = self.shown_version
        return version.rules.read(version.document, self.option_order, posted, self.name)

    def gaps(self):
        return self.shown_version.rules.gaps(self.shown_version.document, self.answer)

    def mark(self, at):
        """Set score and marking version by the item's current key; no score where the item counts for nobody.

        `share` keeps the exact Fraction for the attempt's mean. No query.
        """
        version = self.item.current_version
        self.marked_at = at
        self.share = None
        if self.item.withdrawn_at is None:
            if self.answer is None:
                self.share = Fraction(0)
            elif version.kind == self.shown_version.kind and version.rules.accepts(version.document, self.answer):
                self.share = version.rules.mark(version.document, self.answer)
        self.marked_version = None if self.share is None else version
        self.score = None if self.share is None else rounded_down(self.share)

    @property
    def outcome(self):
        """right, partly, wrong, or void where the item counts for nobody; None before marking."""
        if self.marked_at is None:
            return None
        if self.score is None:
            return "void"
        return "right" if self.score == 1 else "partly" if self.score else "wrong"

    @property
    def marked_template(self):
        """The part that shows this kind of item, marked."""
        return f"quizzes/kinds/{(self.marked_version or self.shown_version).kind}_marked.html"

    def review(self):
        """What the template of a marked item needs: answer, key and feedback. None before marking."""
        if self.marked_at is None:
            return None
        version = self.marked_version or self.shown_version
        feedback = self.item.document["feedback"]
        return version.rules.review(version.document, feedback, self.option_order, self.answer, get_language())
