"""Quizzes of one's own: items that somebody chose from banks that they may use, and rules that draw the others."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Anyone, User
from quizzes.models.draws import generator, in_order, least_met, times_met
from quizzes.models.items import Bank, Item, ItemVersion, Use

MOST = 100  # items that a quiz may ask


class NothingLeft(Exception):
    """A quiz has nothing to ask, or its learner has begun as many attempts as it allows."""


class QuizQuerySet(models.QuerySet["Quiz"]):
    def edited_by(self, user: Anyone) -> Self:
        """Return the quizzes that `user` alone changes and sets: their own, while they may teach."""
        return self.filter(owner=user) if user.is_authenticated and user.may_teach else self.none()


class Quiz(models.Model):
    """What somebody (null once erased) asks for a purpose of their own: `items` in any case, and what `rules` draw.

    A learner may begin `attempts` of it, any number where that is null. `press` is the form that made it, once.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="quizzes")
    title = models.CharField(max_length=120)
    threshold = models.DecimalField(max_digits=5, decimal_places=4)
    attempts_allowed = models.PositiveSmallIntegerField(null=True)
    asks_certainty = models.BooleanField(default=False)
    items = models.ManyToManyField(Item, related_name="quizzes", blank=True)
    press = models.CharField(max_length=32, null=True, unique=True, editable=False)

    objects = QuizQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(threshold__gte=0, threshold__lte=1), name="a_quiz_is_passed_from_0_to_1")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page: for its owner what it asks, for its learners the way to begin."""
        return reverse("cohorts:quiz", args=[self.pk])

    def size(self) -> int:
        """Return how many items an attempt begun now asks. 3 queries."""
        return len(self._picked({}, generator(0)))

    def draw(self, learner: User, seed: int, is_trial: bool = False) -> list[ItemVersion]:
        """Return the versions that an attempt asks which has just begun, in mixed order. At most 6 queries.

        Of what a rule draws from, those come first that the learner met least in quizzes. NothingLeft as it says;
        trials are not counted. The learner's row is held, so that of several at once none gets past the number.
        """
        if self.attempts_allowed is not None and not is_trial and self.used_by(learner) > self.attempts_allowed:
            raise NothingLeft
        rng = generator(seed)
        drawn = self._picked(times_met(learner, [Use.QUIZ]), rng)
        if not drawn:
            raise NothingLeft
        rng.shuffle(drawn)
        return in_order(drawn)

    def used_by(self, learner: User) -> int:
        """Return how many attempts of it the learner has begun, but for trials and repeats. One query."""
        return self.attempts.filter(learner=learner, use=Use.QUIZ, is_trial=False).count()

    def items_in_order(self, seed: int) -> list[Item]:
        """Return the items of one draw, in the order of that seed, with their versions: for paper. 4 queries."""
        drawn = self._picked({}, generator(0))
        generator(seed).shuffle(drawn)
        rows = Item.objects.select_related("current_version").in_bulk(drawn)
        return [rows[key] for key in drawn]

    def _picked(self, times: Mapping[int, int], rng: random.Random) -> list[int]:
        chosen = [item.pk for item in askable(self.items)]
        rules = list(self.rules.order_by("pk"))
        pool = askable(Item.objects.filter(bank__in=[rule.bank_id for rule in rules]))
        return pick(chosen, rules, pool, times, rng)


class QuizRule(models.Model):
    """So many items of a bank; of one `level`, or for one `objective`, where these are named ("", 0)."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="rules")
    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="rules")
    level = models.CharField(max_length=12, blank=True)
    objective = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST)])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quiz", "bank", "level", "objective"], name="one_rule_per_quiz_bank_level_and_objective"
            )
        ]

    def __str__(self) -> str:
        return f"{self.size} of bank {self.bank_id}"

    @property
    def is_narrow(self) -> bool:
        """Whether it draws from a part of the bank alone."""
        return bool(self.level or self.objective)

    def covers(self, item: Item) -> bool:
        """Return whether it may draw that item. No query."""
        of_part = self.level in ("", item.level) and self.objective in (0, item.objective)
        return item.bank_id == self.bank_id and of_part


def askable(items: "models.Manager[Item] | models.QuerySet[Item]") -> list[Item]:
    """Return those that a quiz of one's own may ask, in a stable order: whole, live, and meant for quizzes. One query.

    So neither a draft, nor what was withdrawn, nor what is kept for exams, checks or before a section.
    """
    rows = items.filter(withdrawn_at=None, draft=[]).order_by("bank", "slug")
    fields = ("bank", "slug", "level", "objective", "uses")
    return [item for item in rows.only(*fields) if Use.QUIZ in item.uses]


def pick(
    chosen: Iterable[int],
    rules: Iterable[QuizRule],
    pool: Sequence[Item],
    times: Mapping[int, int],
    rng: random.Random,
) -> list[int]:
    """Return the ids of what is `chosen` and of what the rules draw from the `pool`, none twice. Pure.

    Rules for a part of a bank draw first, so that one for all of it does not take what they need. A rule that finds
    fewer than it asks for takes all that there are.
    """
    drawn = list(chosen)
    for rule in sorted(rules, key=lambda rule: not rule.is_narrow):
        left = [item.pk for item in pool if rule.covers(item) and item.pk not in drawn]
        drawn += least_met(left, times, rule.size, rng)
    return drawn[:MOST]
