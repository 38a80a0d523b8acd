"""Quizzes of one's own: items that somebody chose from banks that they may use, and rules that draw the others."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Anyone, User
from quizzes.models.draws import generator, in_order, least_met, times_met
from quizzes.models.items import Bank, BankQuerySet, Item, ItemVersion, Use

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MOST = 100  # items that a quiz may ask


class NotBegun(Exception):
    """No attempt of a quiz was begun; `answer` says why to whoever asked."""

    answer: "StrPromise"


class NothingToAsk(NotBegun):
    answer = _("It has nothing to ask now. Whoever made it has to choose its questions first.")


class NoneLeft(NotBegun):
    answer = _("You have used all the attempts that it allows.")


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
        """Return how many items an attempt begun now asks. At most 4 queries."""
        return len(self._picked({}, generator(0)))

    def draw(self, learner: User, seed: int, is_trial: bool = False) -> list[ItemVersion]:
        """Return the versions that an attempt asks which has just begun, in mixed order. At most 7 queries.

        Of what a rule draws from, those come first that the learner met least in quizzes. NoneLeft where as many were
        begun as it allows, trials aside; NothingToAsk. The learner's row is held, so that of several at once none gets
        past the number.
        """
        if self.attempts_allowed is not None and not is_trial and self.used_by(learner) > self.attempts_allowed:
            raise NoneLeft
        rng = generator(seed)
        drawn = self._picked(times_met(learner, [Use.QUIZ]), rng)
        if not drawn:
            raise NothingToAsk
        rng.shuffle(drawn)
        return in_order(drawn)

    def used_by(self, learner: User) -> int:
        """Return how many attempts of it the learner has begun, but for trials and repeats. One query."""
        return self.attempts.filter(learner=learner, use=Use.QUIZ, is_trial=False).count()

    def items_in_order(self, seed: int) -> list[Item]:
        """Return the items of one draw, in the order of that seed, with versions: for paper. At most 5 queries."""
        drawn = self._picked({}, generator(0))
        generator(seed).shuffle(drawn)
        rows = Item.objects.select_related("current_version").in_bulk(drawn)
        return [rows[key] for key in drawn]

    def open_banks(self) -> BankQuerySet:
        """Return the banks from which its rules draw: what its owner may see decides, now. At most one query."""
        return Bank.objects.drawn_from_by(self.owner)

    def _picked(self, times: Mapping[int, int], rng: random.Random) -> list[int]:
        chosen = [item.pk for item in askable(self.items)]
        rules = list(self.rules.filter(bank__in=self.open_banks()).order_by("pk"))
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

    def covers(self, item: Item) -> bool:
        """Return whether it may draw that item. No query."""
        of_part = self.level in ("", item.level) and self.objective in (0, item.objective)
        return item.bank_id == self.bank_id and of_part


def askable(items: "models.Manager[Item] | models.QuerySet[Item]") -> list[Item]:
    """Return those that a quiz of one's own may ask, in a stable order: whole, live, and meant for quizzes. One query.

    So neither a draft, nor what was withdrawn, by itself or with its section or module, nor what is kept for exams,
    checks or before a section.
    """
    live = Q(bank__section__withdrawn_at=None, bank__section__module__withdrawn_at=None)
    rows = items.filter(live, withdrawn_at=None, draft=[]).order_by("bank", "slug")
    fields = ("bank", "slug", "level", "objective", "uses")
    return [item for item in rows.only(*fields) if Use.QUIZ in item.uses]


def pick(
    chosen: Iterable[int],
    rules: Sequence[QuizRule],
    pool: Iterable[Item],
    times: Mapping[int, int],
    rng: random.Random,
) -> list[int]:
    """Return the ids of what is `chosen` and of what the rules draw from the `pool`, none twice. Pure.

    As many as the rules can have at all, whatever the seed, at most MOST; of these, those that were met least.
    """
    drawn = list(chosen)
    free = {item.pk: item for item in pool if item.pk not in drawn}
    fits = {key: [number for number, rule in enumerate(rules) if rule.covers(item)] for key, item in free.items()}
    order = least_met(free, times, len(free), rng)
    return [*drawn, *matched(order, fits, [rule.size for rule in rules])][:MOST]


def matched(order: Iterable[int], fits: Mapping[int, Sequence[int]], sizes: Sequence[int]) -> list[int]:
    """Return of these ids, first come first, those that rules can take together: most of all that they can. Pure.

    `fits` is {id: numbers of the rules that may take it}, `sizes` how many each takes. One that finds its rules full is
    taken where another can make room: augmenting paths, by which the set that comes first is also of the largest size
    (greedy over a transversal matroid: Edmonds and Fulkerson 1965).
    """
    takes: list[list[int]] = [[] for _ in sizes]

    def finds_room(key: int, tried: set[int]) -> bool:
        for rule in fits[key]:
            if rule in tried:
                continue
            tried.add(rule)
            if len(takes[rule]) < sizes[rule]:
                takes[rule].append(key)
                return True
            if (moved := next((other for other in takes[rule] if finds_room(other, tried)), None)) is not None:
                takes[rule][takes[rule].index(moved)] = key
                return True
        return False

    return [key for key in order if finds_room(key, set())]
