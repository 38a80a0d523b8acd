"""What is known of memory, of changed marks, and of what learners reported."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.locking import atomic_once_more
from accounts.models import User
from accounts.zones import zone
from lessons.models import Claim, Lesson
from quizzes import schedule
from quizzes.models.items import SCORED, Item, ItemVersion
from quizzes.models.responses import Response

COLUMNS = [field.name for field in fields(schedule.Memory)]
# Written out, since every marking asks it: Django took longer to write it than the database to answer it. What was met
# is looked for among the learner's few attempts, and not among all that everybody answered to the item.
BEFORE = f"""
    SELECT item.id, item.id IN (
        SELECT response.item_id FROM quizzes_attempt AS attempt
        JOIN quizzes_response AS response ON response.attempt_id = attempt.id
        WHERE attempt.learner_id = %s AND attempt.use IN (%s, %s) AND attempt.is_trial = %s
            AND response.score IS NOT NULL
    ), {", ".join(f"recall.{name}" for name in COLUMNS)}
    FROM quizzes_item AS item
    LEFT JOIN quizzes_recall AS recall ON recall.item_id = item.id AND recall.learner_id = %s
    WHERE item.id IN (%%s)
"""  # noqa: S608 - names are our own


class Known(NamedTuple):
    """What is known of one learner's memory of one item, by days in the learner's `zone`."""

    learner_id: int
    item_id: int
    section_id: int
    stability: float
    first_on: date
    last_on: date
    mastered_on: date | None
    due_on: date
    zone: tzinfo


def known_of(row: Sequence[Any], local: tzinfo) -> Known:
    """Return the Known of a row of `for_known`, of a learner in that zone."""
    return Known._make((*row, local))


def known_by(row: Sequence[Any], local: tzinfo) -> Known:
    """Return the same of a row behind which stands by when the item must come back, or None, which caps `due_on`."""
    *columns, latest_at = row
    known = known_of(columns, local)
    latest = latest_at.astimezone(local).date() if latest_at else None
    return known._replace(due_on=schedule.capped(known.due_on, known.last_on, latest))


class RecallQuerySet(models.QuerySet["Recall"]):
    def of(self, user: User | AnonymousUser) -> Self:
        """Return the recalls of one learner; none of a visitor."""
        return self.filter(learner=user) if user.is_authenticated else self.none()

    def ahead_of(self, at: datetime) -> Self:
        """Return those whose last answer is dated to come, wherever the learner is: the clock was ahead then."""
        return self.filter(last_on__gt=(at + timedelta(days=1)).date())

    def reviewable(self) -> Self:
        """Return those of live items, in live sections and modules, that the day's review may ask: no owner's.

        `uses` is a JSON list, which SQLite cannot search; as text both databases can. Not by LIKE: PostgreSQL would
        expect one item in two hundred, and look up everybody's recalls of it rather than those of a few people.
        """
        live = self.filter(
            item__withdrawn_at=None,
            item__bank__section__isnull=False,
            item__bank__section__withdrawn_at=None,
            item__bank__module__withdrawn_at=None,
        )
        asked = StrIndex(Cast("item__uses", TextField()), Value('"review"'))
        return live.annotate(asked=asked).filter(asked__gt=0)

    def for_known(self, *more: str) -> "QuerySet[Recall, tuple[Any, ...]]":
        """Return rows of which `known_of` makes a Known, with `more` columns behind. No query."""
        return self.annotate(section_id=F("item__bank__section_id")).values_list(*Known._fields[:-1], *more)


class Recall(models.Model):
    """What the review schedule knows of one learner and one item."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recalls")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="recalls")
    stability = models.FloatField()
    difficulty = models.FloatField()
    days_right = models.PositiveSmallIntegerField(default=0)
    gap = models.PositiveSmallIntegerField(default=0)
    first_on = models.DateField()
    last_on = models.DateField()
    due_on = models.DateField()
    fades_on = models.DateField(null=True)
    mastered_on = models.DateField(null=True)

    objects = RecallQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "item"], name="one_recall_per_item_and_learner")]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.item_id}"

    @property
    def memory(self) -> schedule.Memory:
        """The columns of the schedule."""
        return schedule.Memory(**{name: getattr(self, name) for name in COLUMNS})

    @classmethod
    def note(cls, learner: User, responses: Sequence[Response], at: datetime) -> set[int]:
        """Take what was marked at that time into the learner's recalls; return the items met in a quiz or exam before.

        2 queries, whatever the number of responses. Before, each response gets as `predicted_recall` how surely its
        item was still known, for whoever marks to save: None of an item that is met for the first time, again on the
        same day, or counts for nobody. The day is that of the learner's zone. Belongs in the transaction of the
        marking, which holds the learner's row and so all recalls of theirs, and never to a trial.
        """
        day = at.astimezone(zone(learner.time_zone)).date()
        before = _before(learner, [response.item_id for response in responses])
        after: dict[int, schedule.Memory] = {}
        for response in responses:
            memory, _is_met = before[response.item_id]
            if response.score is None:
                continue
            if memory and day > memory.last_on:
                response.predicted_recall = schedule.recall(memory.stability, (day - memory.last_on).days)
            if memory is None or memory.counts(day):
                outcome, certainty = response.outcome, response.certainty
                after[response.item_id] = schedule.answered(memory, outcome, certainty, day)
        cls.keep({(learner.pk, item): memory for item, memory in after.items()})
        return {item for item, (_memory, is_met) in before.items() if is_met}

    @staticmethod
    def keep(memories: Mapping[tuple[int, int], schedule.Memory]) -> None:
        """Write {(learner id, item id): Memory}, whether or not there was a recall before. One query for 500."""
        rows = [
            Recall(learner_id=learner, item_id=item, **vars(memory))
            for (learner, item), memory in sorted(memories.items())
        ]
        Recall.objects.bulk_create(
            rows, 500, update_conflicts=True, unique_fields=["learner", "item"], update_fields=COLUMNS
        )


def _before(learner: User, items: list[int]) -> dict[int, tuple[schedule.Memory | None, bool]]:
    """Return {item id: (what the learner's memory of it is, whether it was met in a quiz or exam)}.

    One query, none without items: an empty list is no SQL.
    """
    if not items:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            BEFORE.replace("%%s", ", ".join(["%s"] * len(items))), [learner.pk, *SCORED, False, learner.pk, *items]
        )
        return {
            item: (schedule.Memory(*columns) if columns[0] is not None else None, bool(is_met))
            for item, is_met, *columns in cursor.fetchall()
        }


class Remark(models.Model):
    """One response marked again: its score before and after (null: the item counts for nobody).

    `former_version` marked it before and `version` marks it now; null where the item counted, or counts, for nobody.
    `reason` is {language: why}, where it was given for this change alone: a version that comes back has its former one.
    """

    response = models.ForeignKey("Response", on_delete=models.CASCADE, related_name="remarks")
    former_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, null=True, related_name="remarks")
    score_before = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    score_after = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    attempt_before = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    attempt_after = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    reason = models.JSONField(default=dict, db_default={})
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(score_before=None) | Q(score_before__gte=0, score_before__lte=1))
                & (Q(score_after=None) | Q(score_after__gte=0, score_after__lte=1)),
                name="a_remark_scores_from_0_to_1",
            )
        ]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.score_before} to {self.score_after}"


class ReportQuerySet(models.QuerySet["Report"]):
    def of(self, user: User | AnonymousUser) -> Self:
        """Return the reports of one person; none of a visitor."""
        return self.filter(reporter=user) if user.is_authenticated else self.none()

    def with_things(self) -> Self:
        """Return these with what each is about, and all that its name and address need."""
        return self.select_related(
            "item__current_version", "item__passage__section__module", "claim__module", "lesson__section__module"
        )


class Report(models.Model):
    """What somebody reported about an item, a claim or a passage, and the editors' answer."""

    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="reports")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="reports")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="reports")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, related_name="reports")
    anchor = models.SlugField(max_length=80, blank=True)
    reason = models.TextField(max_length=2000)
    answer = models.TextField(max_length=2000, blank=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("report"), _("reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, claim=None, lesson=None)
                | Q(item=None, claim__isnull=False, lesson=None)
                | Q(item=None, claim=None, lesson__isnull=False),
                name="a_report_is_of_exactly_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.reason[:60]

    @atomic_once_more
    def send(self, reporter: User, at: datetime, reason: str, anchor: str = "") -> None:
        """Give it to the editors, in that person's words; PersonGone where they are there no more. 3 queries.

        Whoever presses twice gives it once: one that says the same, and that nobody has answered, stands.
        """
        User.objects.hold(reporter.pk)
        self.reporter, self.made_at, self.reason, self.anchor = reporter, at, reason, anchor
        same = Report.objects.of(reporter).filter(item=self.item, claim=self.claim, lesson=self.lesson, closed_at=None)
        if not same.filter(reason=reason, anchor=anchor).exists():
            self.save()

    @property
    def about(self) -> str:
        """What it is about, in words."""
        if self.item:
            return self.item.version.stem
        if self.claim:
            colon = pgettext("between a heading and what stands under it", ": ")
            return f"{self.claim.key}{colon}{self.claim.finding}"
        if self.lesson is None:
            return ""
        heading = self.lesson.heading(self.anchor) if self.anchor else ""
        return f"{self.lesson.title} – {heading}" if heading else self.lesson.title

    @property
    def place(self) -> str:
        """Where that stands on the site: of an item the passage that answers it."""
        if self.item:
            return self.item.get_passage_url()
        thing = self.claim or self.lesson
        address = thing.get_absolute_url() if thing else ""
        return f"{address}#{self.anchor}" if self.anchor else address
