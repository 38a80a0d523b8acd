"""Quizzes that somebody makes: which banks they may choose from, and what a quiz asks of each. Imports the tables."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from accounts.locking import atomic_once_more
from accounts.models import User
from quizzes.editing import LEVEL_WORDS
from quizzes.models import Attempt, Bank, Item, Quiz, QuizRule
from quizzes.models.items import BankQuerySet
from quizzes.models.quizzes import QuizQuerySet, askable

USUAL = Decimal("0.8")  # the score from which on a new quiz is passed, unless its owner says another


@dataclass(frozen=True)
class Part:
    """A part of a bank from which a rule draws: a level, an objective, or all of it; and how many items are in it."""

    level: str
    objective: int
    label: str
    count: int

    @property
    def field(self) -> str:
        """The name of the field in which its number stands."""
        return f"draw-{self.level}" if self.level else f"draw-{self.objective}"

    @property
    def key(self) -> tuple[str, int]:
        return self.level, self.objective


@dataclass(frozen=True)
class BankRow:
    """A bank that a quiz may draw from: how many of its items are asked in any case, and what is drawn of it.

    Of one that is open to its owner no more, items that were ticked stay, and nothing is drawn.
    """

    bank: Bank
    title: str
    ticked: int
    rules: list[QuizRule]
    is_open: bool

    @property
    def drawn(self) -> int:
        """Return how many items the rules draw, if the bank has so many."""
        return sum(rule.size for rule in self.rules) if self.is_open else 0

    @property
    def is_used(self) -> bool:
        return bool(self.ticked or self.rules)


def title_of(bank: Bank, is_open: bool) -> str:
    """Return by what a bank is told apart: its title, or the section whose it is, with its module. No query.

    Section and module are at hand. A bank that is open no more is not named.
    """
    if not is_open:
        return _("A bank that is not open to you any more")
    if bank.section is None:
        return bank.title
    words = {"module": bank.section.module.title, "number": bank.section.position, "title": bank.section.title}
    return _("%(module)s, section %(number)s: %(title)s") % words


def banks_for(quiz: Quiz, user: User) -> BankQuerySet:
    """Return the banks that `user` may choose from for their quiz: those whose keys they see, and those in it already.

    Of the latter, where the keys are open to them no more, they may only take out what is in it. No query.
    """
    in_use = Q(rules__quiz=quiz) | Q(items__quizzes=quiz)
    used = Bank.objects.filter(in_use).order_by().values("pk")
    rows = Bank.objects.filter(Q(pk__in=Bank.objects.seen_by(user).values("pk")) | Q(pk__in=used))
    return rows.select_related("section__module")


def offered(quiz: Quiz, bank: Bank, is_open: bool) -> list[Item]:
    """Return the items of a bank that its owner may have asked: all, or those in the quiz already. One query."""
    return askable(bank.items if is_open else bank.items.filter(quizzes=quiz))


def asked_of_others(quiz: Quiz, bank: Bank) -> int:
    """Return how many items of other banks the quiz asks, ticked and drawn. 2 queries."""
    drawn = quiz.rules.exclude(bank=bank).aggregate(number=Sum("size"))["number"] or 0
    return quiz.items.exclude(bank=bank).count() + drawn


def bank_rows(quiz: Quiz, user: User) -> list[BankRow]:
    """Return a BankRow for each bank that `user` may choose from: those in use first. 4 queries."""
    ticked = Counter(quiz.items.values_list("bank", flat=True))
    rules: dict[int, list[QuizRule]] = {}
    for rule in quiz.rules.order_by("pk"):
        rules.setdefault(rule.bank_id, []).append(rule)
    seen = set(Bank.objects.seen_by(user).values_list("pk", flat=True))
    rows = []
    for bank in banks_for(quiz, user):
        is_open = bank.pk in seen
        rows.append(BankRow(bank, title_of(bank, is_open), ticked[bank.pk], rules.get(bank.pk, []), is_open))
    return sorted(rows, key=_order)


def _order(row: BankRow) -> tuple[bool, bool, int, int, str, int]:
    section = row.bank.section
    module, position = (section.module_id, section.position) if section else (0, 0)
    return not row.is_used, section is not None, module, position, row.title, row.bank.pk


def parts_of(items: Iterable[Item], rules: Iterable[QuizRule]) -> list[Part]:
    """Return the parts of a bank from which a rule may draw: all of it, its levels, its objectives. Pure.

    Those of the `rules` are among them, even where no item is left in them.
    """
    rows, keys = list(items), {(rule.level, rule.objective) for rule in rules}
    levels, objectives = Counter(item.level for item in rows), Counter(item.objective or 0 for item in rows)
    parts = []
    if rows or ("", 0) in keys:
        parts.append(Part("", 0, _("Of all of them (%(count)d)") % {"count": len(rows)}, len(rows)))
    for level, word in LEVEL_WORDS.items():
        if levels[level] or (level, 0) in keys:
            label = _("Of those %(level)s (%(count)d)") % {"level": word, "count": levels[level]}
            parts.append(Part(level, 0, label, levels[level]))
    for objective in sorted({*objectives, *(number for _level, number in keys)} - {0}):
        words = {"number": objective, "count": objectives[objective]}
        parts.append(Part("", objective, _("Of those for objective %(number)d (%(count)d)") % words, words["count"]))
    return parts


def choose(
    quiz: Quiz, bank: Bank, shown: Collection[Item], items: Collection[Item], sizes: Mapping[tuple[str, int], int]
) -> None:
    """Let the quiz ask these items of the bank, of those `shown`, and draw so many by (level, objective).

    A tick that was not shown stays: of a draft, or of what was withdrawn. An attempt that was begun keeps its draw. Its
    owner's row is held by the caller. At most 6 queries.
    """
    quiz.items.remove(*({*shown} - {*items}))
    quiz.items.add(*items)
    quiz.rules.filter(bank=bank).delete()
    QuizRule.objects.bulk_create(
        QuizRule(quiz=quiz, bank=bank, level=level, objective=objective, size=size)
        for (level, objective), size in sizes.items()
    )


@atomic_once_more
def make(user: User, values: dict[str, Any], press: str | None, items: Iterable[Item] = ()) -> Quiz:
    """Return the quiz that this press makes, once, and that asks these items. At most 6 queries."""
    User.objects.hold(user.pk)
    if press and (made := Quiz.objects.filter(press=press).first()):
        return made
    quiz = Quiz.objects.create(owner=user, press=press, **values)
    quiz.items.add(*items)
    return quiz


def delete_unused(quizzes: QuizQuerySet) -> int:
    """Delete those that are set nowhere and that nobody has sat, with the trials of them; return how many. 8 queries.

    Their owners' rows are held by the caller.
    """
    sat = Attempt.objects.filter(quiz__isnull=False, is_trial=False).values("quiz")
    keys = list(quizzes.filter(assignments=None).exclude(pk__in=sat).values_list("pk", flat=True))
    Attempt.objects.filter(quiz__in=keys).delete()
    Quiz.objects.filter(pk__in=keys).delete()
    return len(keys)
