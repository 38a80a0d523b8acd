"""Quizzes that somebody makes: which banks they may choose from, and what a quiz asks of each. Imports the tables."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.locking import atomic_once_more
from accounts.models import User
from quizzes.editing import LEVEL_WORDS
from quizzes.models import Bank, Item, Quiz, QuizRule
from quizzes.models.items import BankQuerySet


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
    """A bank that a quiz may draw from: how many of its items are asked in any case, and what is drawn of it."""

    bank: Bank
    title: str
    ticked: int
    rules: list[QuizRule]

    @property
    def drawn(self) -> int:
        """Return how many items the rules draw, if the bank has so many."""
        return sum(rule.size for rule in self.rules)

    @property
    def is_used(self) -> bool:
        return bool(self.ticked or self.rules)


def title_of(bank: Bank) -> str:
    """Return by what a bank is told apart: its title, or the section whose it is, with its module. No query.

    Section and module are at hand.
    """
    if bank.section is None:
        return bank.title
    words = {"module": bank.section.module.title, "number": bank.section.position, "title": bank.section.title}
    return _("%(module)s, section %(number)s: %(title)s") % words


def banks_for(quiz: Quiz, user: User) -> BankQuerySet:
    """Return the banks that `user` may choose from for their quiz: those whose keys they see, and those in it already.

    A bank may have been shared with them when they chose, and not be any more. No query.
    """
    in_use = Q(rules__quiz=quiz) | Q(items__quizzes=quiz)
    used = Bank.objects.filter(in_use).order_by().values("pk")
    rows = Bank.objects.filter(Q(pk__in=Bank.objects.seen_by(user).values("pk")) | Q(pk__in=used))
    return rows.select_related("section__module")


def bank_rows(quiz: Quiz, user: User) -> list[BankRow]:
    """Return a BankRow for each bank that `user` may choose from: those in use first. 3 queries."""
    ticked = Counter(quiz.items.values_list("bank", flat=True))
    rules: dict[int, list[QuizRule]] = {}
    for rule in quiz.rules.order_by("pk"):
        rules.setdefault(rule.bank_id, []).append(rule)
    rows = [BankRow(bank, title_of(bank), ticked[bank.pk], rules.get(bank.pk, [])) for bank in banks_for(quiz, user)]
    return sorted(rows, key=_order)


def _order(row: BankRow) -> tuple[bool, bool, int, int, str, int]:
    section = row.bank.section
    module, position = (section.module_id, section.position) if section else (0, 0)
    return not row.is_used, section is not None, module, position, row.title, row.bank.pk


def parts_of(items: Iterable[Item]) -> list[Part]:
    """Return the parts of a bank from which a rule may draw: all of it, its levels, its objectives. Pure."""
    rows = list(items)
    levels, objectives = Counter(item.level for item in rows), Counter(item.objective or 0 for item in rows)
    parts = [Part("", 0, _("Of all of them (%(count)d)") % {"count": len(rows)}, len(rows))]
    for level, word in LEVEL_WORDS.items():
        if count := levels[level]:
            label = _("Of those %(level)s (%(count)d)") % {"level": word, "count": count}
            parts.append(Part(level, 0, label, count))
    for objective in sorted(number for number in objectives if number):
        words = {"number": objective, "count": objectives[objective]}
        parts.append(Part("", objective, _("Of those for objective %(number)d (%(count)d)") % words, words["count"]))
    return parts


def choose(quiz: Quiz, bank: Bank, items: Collection[Item], sizes: dict[tuple[str, int], int]) -> None:
    """Let the quiz ask these items of the bank, and draw so many by (level, objective); nothing else of it.

    An attempt that was begun keeps its draw. Its owner's row is held by the caller. At most 6 queries.
    """
    gone = quiz.items.filter(bank=bank).exclude(pk__in=[item.pk for item in items])
    quiz.items.remove(*gone)
    quiz.items.add(*items)
    quiz.rules.filter(bank=bank).delete()
    QuizRule.objects.bulk_create(
        QuizRule(quiz=quiz, bank=bank, level=level, objective=objective, size=size)
        for (level, objective), size in sizes.items()
    )


@atomic_once_more
def make(user: User, values: dict[str, Any], press: str | None) -> Quiz:
    """Return the quiz that this press makes, once. 4 queries."""
    User.objects.hold(user.pk)
    if press and (made := Quiz.objects.filter(press=press).first()):
        return made
    return Quiz.objects.create(owner=user, press=press, **values)
