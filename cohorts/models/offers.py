"""Certificates that staff have offered and their holders have not answered, or have."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Anyone
from cohorts.models.assignments import Assignment
from cohorts.models.certificates import Certificate
from cohorts.models.cohorts import Enrolment

USER = settings.AUTH_USER_MODEL


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> Self:
        """Return those that nobody has answered."""
        return self.filter(answered_at=None)

    def of(self, user: Anyone) -> Self:
        """Return the open offers to `user` in cohorts in which they learn now; none of a visitor."""
        if not user.is_authenticated:
            return self.none()
        return self.open().filter(enrolment__in=Enrolment.objects.current().learners().of(user))

    def with_all(self) -> Self:
        """Return them with enrolment and user, assignment and module, and cohort. One query."""
        return self.select_related("enrolment__user", "enrolment__cohort", "assignment__module", "assignment__cohort")

    def by_enrolment(self) -> "dict[int, Offer]":
        """Return {enrolment id: the latest offer}, of one assignment. One query."""
        return {row.enrolment_id: row for row in self.order_by("made_at", "pk")}

    def move(self, to: Enrolment) -> None:
        """Give them to another row of the cohort; an open one stays where that has an open one too. One query."""
        twins = Q(answered_at=None, assignment__in=to.offers.open().values("assignment"))
        self.exclude(twins).update(enrolment=to)


class Offer(models.Model):
    """A certificate that staff have offered to one learner under a `name`: it is issued when its holder accepts both.

    `wish` is the name that the holder would have on it, for staff to answer; `kept_at` since when they have kept theirs
    in spite of one. An answered one has the `certificate` that came of it, or none: not now.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="offers")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="offers")
    name = models.CharField(max_length=120)
    wish = models.CharField(max_length=120, blank=True, default="", db_default="")
    made_by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    certificate = models.ForeignKey(Certificate, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "assignment"],
                condition=Q(answered_at=None),
                name="one_open_offer_per_enrolment_and_assignment",
            ),
            models.CheckConstraint(
                condition=Q(certificate=None) | Q(answered_at__isnull=False), name="what_came_of_an_offer_answered_it"
            ),
        ]

    def __str__(self) -> str:
        return f"to {self.enrolment_id} in {self.assignment_id}"

    def get_absolute_url(self) -> str:
        return reverse("cohorts:offer", args=[self.pk])
