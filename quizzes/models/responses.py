"""Responses: the answer to one item of an attempt, how it is shown, and how it is marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Any, Literal, Self

from django.core.validators import MaxValueValidator
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, Q

from quizzes import certainty
from quizzes.basis import LENGTH, Basis, Sent, Values, merge
from quizzes.kinds import Answer, Posted
from quizzes.models.items import Item, ItemVersion
from quizzes.models.kept_versions import versions
from quizzes.models.rewriting import rewrite

PAGE_SIZE = 10
AS_ASKED = ["attempt", "position", "item", "shown_version", "option_order", "language"]
AS_SAVED = ["answer", "certainty", "language", "saved_at", "revision", "saved_from", "saved_count"]
AS_MARKED = ["score", "marked_version", "marked_at", "is_first", "predicted_recall"]


def rounded_down(share: Fraction) -> Decimal:
    """Return a Fraction from 0 to 1 as a Decimal of four places, rounded down: 0.79999 never passes 0.8."""
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(Decimal("0.0001"), rounding=ROUND_DOWN)


class Unmarked(Exception):
    """What shows a marked answer was asked for one that is not marked: its key may not leave."""


class ResponseQuerySet(models.QuerySet["Response"]):
    def held(self) -> Self:
        """Lock the learner's row, the attempt's and these; none where nobody is their learner. One query.

        PostgreSQL locks the tables in the order of `of`, and takes no outer join: hence the condition.
        """
        rows = self.filter(attempt__learner__name_key__isnull=False).select_related("attempt__learner")
        return rows.select_for_update(of=("attempt__learner", "attempt", "self"), no_key=True).order_by("pk")

    def as_asked(self, names_authors: bool) -> "list[Response]":
        """Return them in order with what showing them open needs, and who wrote each item where that is to be said.

        One query, and one for versions not read yet.
        """
        rows = self.order_by("position")
        if names_authors:
            rows = rows.select_related("item__author").defer("item__document", "item__source")
        return rows.as_shown()

    def as_shown(self) -> "list[Response]":
        """Return these with the versions that they show. One query, and one for versions not read yet."""
        return with_shown(list(self))

    def naming_keys(self) -> Self:
        """Return these with the columns of their items on which a mark hangs, as `with_keys` needs them. No query."""
        return self.annotate(current=F("item__current_version"), withdrawn_at=F("item__withdrawn_at"))


def with_shown(rows: "list[Response]") -> "list[Response]":
    """Return these with the versions that they show. One query for versions not read yet."""
    shown = versions(row.shown_version_id for row in rows)
    for row in rows:
        row.shown_version = shown[row.shown_version_id]
    return rows


def with_keys(rows: list[Any]) -> "list[Response]":
    """Return these, which are `naming_keys`, with the current versions of their items, and the ones shown.

    One query for versions not read yet. Of an item the mark hangs on nothing but these columns.
    """
    columns = ("id", "current_version_id", "withdrawn_at")
    with_shown(rows)
    current = versions(row.current for row in rows if row.current)
    for row in rows:
        row.item = Item.from_db(DEFAULT_DB_ALIAS, columns, (row.item_id, row.current, row.withdrawn_at))
        row.item.current_version = current.get(row.current)
    return rows


@dataclass(frozen=True)
class Newer:
    """What stood of an item that a page did not show: certainty, and what its template needs, under names of its own.

    Its `fate`: kept beside what the page changed; replaced, since both had changed the same; or it stands, and what
    the page changed is waiting for somebody who has seen both.
    """

    fate: Literal["kept", "replaced", "waiting"]
    certainty: int | None
    shown: dict[str, Any]


class Response(models.Model):
    """The answer to one item of an attempt, in canonical JSON; fixed from `marked_at`.

    `revision` counts the writes; the last one came from the page `saved_from`, as its change number `saved_count`.
    `share`, set by marking and stored nowhere, is the exact score; None where the item counts for nobody. `typed`,
    stored nowhere, is what was sent and could not be read: it stands in its field to be put right. `explained` is
    what a result says of its item, once it was asked for (quizzes.explanations).
    """

    attempt = models.ForeignKey("Attempt", on_delete=models.CASCADE, related_name="responses")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="responses")
    shown_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="shown_in")
    marked_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, null=True, related_name="marked_in")
    option_order = models.JSONField()
    answer = models.JSONField(null=True)
    language = models.CharField(max_length=8, blank=True)
    certainty = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(3)])
    saved_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    saved_from = models.CharField(max_length=LENGTH, blank=True, db_default="")
    saved_count = models.PositiveIntegerField(default=0, db_default=0)
    marked_at = models.DateTimeField(null=True)
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    is_first = models.BooleanField(null=True)
    predicted_recall = models.FloatField(null=True)

    share: Fraction | None = None
    typed: str | None = None
    explained: Any = None

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_response_per_position"),
            models.UniqueConstraint(fields=["attempt", "item"], name="one_response_per_item"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=1, marked_at__isnull=False),
                name="a_response_scores_from_0_to_1_once_marked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}.{self.position}"

    @property
    def page(self) -> int:
        """The page of the quiz, from 1, on which this item stands."""
        return (self.position - 1) // PAGE_SIZE + 1

    @property
    def name(self) -> str:
        """The name of its field in a form."""
        return f"q{self.position}"

    @property
    def anchor(self) -> str:
        """Where it stands on a page."""
        return f"i{self.position}"

    @property
    def version(self) -> ItemVersion:
        """The version that marked it, else the one that it shows."""
        return self.marked_version or self.shown_version

    def show(self) -> dict[str, Any]:
        """Return what the template of the open item needs."""
        shown = self.answer if self.typed is None else self.typed
        return self.shown_version.show(self.option_order, shown, self.name)

    def read(self, posted: Posted) -> Answer:
        """Return the posted answer in canonical form, or None; NotOnOffer where the page offered no such value."""
        version = self.shown_version
        return version.rules.read(version.document, self.option_order, posted, self.name)

    def values(self, answer: Answer, level: int | None) -> Values:
        """Return what a form sends for that answer and certainty: {field: value}, "" for none."""
        version = self.shown_version
        values = version.rules.sent(version.document, self.option_order, answer, self.name)
        return values | {certainty.field(self.name): str(level or "")}

    def basis(self, copy: str, count: int = 0) -> str:
        """Return what the page `copy`, made now, carries of this item, so that a write says what it is based on."""
        values = tuple(self.values(self.answer, self.certainty).values())
        return str(Basis(self.revision, count, copy, values))

    def was(self, page: Basis) -> Values:
        """Return the values that a page showed: those saved now where it is the newest, or itself saved them."""
        now = self.values(self.answer, self.certainty)
        if page.revision == self.revision or page.copy and page.copy == self.saved_from:
            return now
        return dict(zip_longest(now, page.values[: len(now)], fillvalue=""))

    def is_newer(self, page: Basis) -> bool:
        """Return whether something stands here that the page did not show."""
        return self.was(page) != self.values(self.answer, self.certainty)

    def is_late(self, page: Basis, is_auto: bool) -> bool:
        """Return whether the same page has sent a later change of it; one that saves by itself sends each once."""
        ahead = self.saved_count - page.count
        return bool(page.copy) and page.copy == self.saved_from and (ahead > 0 or is_auto and ahead == 0)

    def take(self, sent: Sent, is_auto: bool = False) -> tuple[bool, Newer | None]:
        """Take what the person changed on the page; return whether that is to be written, and what it did not show.

        What both changed is the page's, whose button somebody pressed; one that saves by itself takes nothing then.
        """
        if self.is_late(sent.basis, is_auto):
            return False, None
        now = self.values(self.answer, self.certainty)
        merged = merge(self.was(sent.basis), sent.fields, now)
        newer = None
        if merged.is_contested:
            newer = self.newer("waiting" if is_auto else "replaced")
        elif merged.is_unseen:
            newer = self.newer("kept")
        if merged.is_contested and is_auto:
            return False, newer
        if merged.values == now and (merged.is_unseen or not sent.basis.count):
            return False, newer
        level = merged.values.pop(sure := certainty.field(self.name))
        if merged.values == {name: value for name, value in sent.values.items() if name != sure}:
            self.answer = sent.answer
        elif merged.values != {name: value for name, value in now.items() if name != sure}:
            self.answer = self.read(merged.values)
        self.certainty = int(level) if level else None
        # A page that does not show all of it has not saved it as a whole: what it sends next is weighed again.
        self.saved_from, self.saved_count = ("", 0) if merged.is_unseen else (sent.basis.copy, sent.basis.count)
        return True, newer

    @classmethod
    def take_all(
        cls, rows: "Iterable[Response]", sent: Mapping[int, Sent], language: str, at: datetime, is_auto: bool
    ) -> dict[int, Newer]:
        """Save {position: what a page sent} in these rows, which are held, as `take` does; return what was newer.

        One query, none where nothing is to be written.
        """
        newer: dict[int, Newer] = {}
        written = []
        for row in rows:
            is_written, stood = row.take(sent[row.position], is_auto)
            if is_written:
                written.append(row)
            if stood:
                newer[row.position] = stood
        cls.save_all(written, language, at)
        return newer

    @classmethod
    def save_all(cls, rows: "Iterable[Response]", language: str, at: datetime) -> None:
        """Save the answers of these rows, which are held, as their next revision. One query, none without rows."""
        rows = list(rows)
        for row in rows:
            row.revision += 1
            row.language, row.saved_at = language, at
        rewrite(rows, AS_SAVED)

    def newer(self, fate: Literal["kept", "replaced", "waiting"]) -> Newer:
        """Return what stands now as something that a page did not show."""
        shown = self.shown_version.show(self.option_order, self.answer, f"elsewhere-{self.position}")
        return Newer(fate, self.certainty, shown)

    def gaps(self) -> int:
        """Count the parts of the item that are without an answer."""
        return self.shown_version.rules.gaps(self.shown_version.document, self.answer)

    @property
    def shares_a_place(self) -> bool:
        """Return whether two entries stand in one place, as `ItemVersion.shares_a_place`."""
        return self.shown_version.shares_a_place(self.answer)

    def mark(self, at: datetime) -> None:
        """Set score, share and marking version by the current key; none where the item counts for nobody. No query."""
        version = self.item.current_version
        self.marked_at = at
        self.share = None
        if version and self.item.withdrawn_at is None:
            if self.answer is None:
                self.share = Fraction(0)
            elif version.kind == self.shown_version.kind and version.rules.accepts(version.document, self.answer):
                self.share = version.rules.mark(version.document, self.answer)
        self.marked_version = None if self.share is None else version
        self.score = None if self.share is None else rounded_down(self.share)

    @property
    def outcome(self) -> str | None:
        """right, partly, wrong, or void where the item counts for nobody; None before marking."""
        if self.marked_at is None:
            return None
        if self.score is None:
            return "void"
        return "right" if self.score == 1 else "partly" if self.score else "wrong"

    @property
    def is_missed(self) -> bool:
        """Whether it was answered wrongly, in part or not at all, and counts."""
        return self.score is not None and self.score < 1

    @property
    def is_repeatable(self) -> bool:
        """Whether it was missed, and its item may be asked outside exams."""
        return self.is_missed and not self.item.is_kept

    @property
    def marked_template(self) -> str:
        """The part that shows this kind of item, marked."""
        return f"quizzes/kinds/{self.version.kind}_marked.html"

    def review(self) -> dict[str, Any]:
        """Return what the template of a marked item needs: answer, key and feedback. Unmarked before marking."""
        if self.marked_at is None:
            raise Unmarked
        version, feedback = self.version, self.item.document["feedback"]
        return version.rules.review(version.document, feedback, self.option_order, self.answer, version.language)
