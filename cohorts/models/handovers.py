"""What one row of a cohort held, gone to another: by a new code on another phone, or by staff (decision 0048)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core import serializers
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Anyone, SecurityEvent, User
from cohorts.choices import Role
from cohorts.models.cohorts import Cohort, Enrolment

USER = settings.AUTH_USER_MODEL
UNDO_LIFE = timedelta(days=30)
# What of a row goes along: by what its staff know it, and the code that opens it.
KNOWN_BY = (
    *("roster_name", "family_name", "given_name", "school_number", "said_name", "group_id"),
    "personal_code",
)
GOES_ALONG = ("extensions", "hand_marks", "comments", "offers")  # rows that hang on it
Document = dict[str, Any]


class HandoverQuerySet(models.QuerySet["Handover"]):
    def waiting(self, at: datetime) -> Self:
        """Return the new codes that nobody has entered, of learners who are in, for 30 days."""
        rows = self.filter(done_at=None, made_at__gt=at - UNDO_LIFE, cohort__archived_at=None)
        return rows.filter(source__left_at=None, source__role=Role.LEARNER, source__user__isnull=False)

    def lasting(self, at: datetime) -> Self:
        """Return what went over within the last 30 days, and was not undone."""
        return self.filter(done_at__gt=at - UNDO_LIFE, undone_at=None)

    def undone(self, at: datetime) -> Self:
        """Return what was given back within the last 30 days."""
        return self.filter(undone_at__gt=at - UNDO_LIFE)

    def undoable(self, at: datetime) -> Self:
        """Return those of `lasting` whose rows are still somebody's, and of which nothing has gone on to a third."""
        later = Handover.objects.lasting(at).filter(source=OuterRef("target"), done_at__gte=OuterRef("done_at"))
        rows = self.lasting(at).filter(~Exists(later), target__user__isnull=False)
        return rows.filter(Q(is_by_code=False) | Q(source__user__isnull=False))

    def of(self, user: User) -> Self:
        """Return those that took something from a row of `user`, or gave it something."""
        return self.filter(Q(source__user=user) | Q(target__user=user))

    def seen_by(self, user: Anyone) -> Self:
        """Return those that `user` may look at and undo: their own, and those of the cohorts that they teach."""
        if not user.is_authenticated:
            return self.none()
        taught = Q(cohort__in=Cohort.objects.taught_by(user))
        return self.filter(taught | Q(source__user=user) | Q(target__user=user))

    def forget_old(self, at: datetime) -> int:
        """Delete what can be undone no more, and codes that nobody entered in time; return how many. One query."""
        old = at - UNDO_LIFE
        return self.filter(Q(done_at__lte=old) | Q(done_at=None, made_at__lte=old)).delete()[0]


class Handover(models.Model):
    """That what `source` held went to `target`, and what of it, so that it can be undone for 30 days.

    `is_by_code`: staff made a new code for a place that was taken, and whoever entered it on another phone has the
    place since `done_at`; until then nobody is the target. Else staff made two rows one, and without a source the one
    was a place that nobody had taken. `document` holds ids of what went along, and how the two rows were before.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="handovers")
    source = models.ForeignKey(Enrolment, on_delete=models.CASCADE, null=True, related_name="handovers_from")
    target = models.ForeignKey(Enrolment, on_delete=models.CASCADE, null=True, related_name="handovers_to")
    is_by_code = models.BooleanField()
    made_by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    document = models.JSONField(default=dict)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=Q(done_at=None), name="one_waiting_code_per_place"),
            models.CheckConstraint(
                condition=Q(done_at=None, is_by_code=True, source__isnull=False, target=None)
                | Q(done_at__isnull=False, target__isnull=False),
                name="what_is_handed_over_has_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} to {self.target_id}"

    @property
    def name(self) -> str:
        """Return by what staff knew the row that went over."""
        held = self.document.get("held", {})
        return held.get("roster_name") or held.get("said_name") or (self.source.shown_name if self.source else "")

    @property
    def until(self) -> datetime | None:
        """Return until when it can be undone; None before it is done."""
        return self.done_at and self.done_at + UNDO_LIFE

    @classmethod
    def offer(cls, place: Enrolment, by: User, at: datetime) -> "Handover":
        """Let the personal code that a taken place was just given hand the place over. 2 queries, in a transaction."""
        row, _made = cls.objects.update_or_create(
            source=place,
            done_at=None,
            defaults={"cohort_id": place.cohort_id, "is_by_code": True, "made_by": by, "made_at": at},
        )
        return row

    @contextmanager
    def noting(self, source: Enrolment, target: Enrolment, at: datetime) -> Iterator[Document]:
        """Save what goes from `source` to `target` inside, and warn their people; both rows are held.

        Yield the document, to which the caller may add. Of a place that goes, what `target` does not take is kept too.
        """
        kept = {name: list(getattr(source, name).all()) for name in GOES_ALONG}
        self.document = {"held": known_by(source), "before": known_by(target)}
        yield self.document
        self.document["after"], lost = known_by(target), []
        for name, rows in kept.items():
            there = set(getattr(target, name).values_list("pk", flat=True))
            self.document[name] = [row.pk for row in rows if row.pk in there]
            lost += [row for row in rows if row.pk not in there]
        is_gone = source.pk is None
        self.document["lost"] = serializers.serialize("json", lost) if is_gone else "[]"
        self.cohort, self.source, self.target, self.done_at = target.cohort, None if is_gone else source, target, at
        self.save()
        self.warn(at)

    def warn(self, at: datetime, by: User | None = None) -> None:
        """Tell the people concerned, but for whoever has just entered the code, or undone it. At most 4 queries.

        What staff made one stands among what happened to the account; all else stands on every page until it is seen.
        """
        what = SecurityEvent.What
        people = [row.user for row in (self.source, self.target) if row is not None and row.user is not None]
        if self.undone_at is None and not self.is_by_code:
            for person in people:
                SecurityEvent.objects.record(person, what.PLACE_MERGED, at.date())
            return
        for person in people if self.undone_at else people[:1]:
            if person == by:
                SecurityEvent.objects.record(person, what.PLACE_BACK, at.date())
            else:
                person.warn(what.PLACE_BACK if self.undone_at else what.PLACE_GONE, at)


def known_by(row: Enrolment) -> Document:
    """Return {field: value} of what staff know a row by."""
    return {name: getattr(row, name) for name in KNOWN_BY}
