"""What a learner's pages tell about certificates: one that is offered, one that runs out soon."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import CharField, DateTimeField, F, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Anyone
from cohorts.marks import RUNS_OUT_SOON
from cohorts.models import Certificate, Cohort, Offer

OFFERED, SOON = "offered", "soon"
NO_MOMENT = Value(None, DateTimeField())


class Notice(NamedTuple):
    """An offer that is open, or a certificate that holds for six weeks more at most, until `ends_at`.

    `name` is the one on it, `cohort_name` an empty string of one without a cohort.
    """

    kind: str
    pk: int
    name: str
    public_id: str
    cohort_name: str
    ends_at: datetime | None

    @property
    def address(self) -> str:
        if self.kind == SOON:
            return reverse("cohorts:certificate", args=[self.public_id])
        return reverse("cohorts:offer", args=[self.pk])


def notices_of(user: Anyone, at: datetime, cohort: Cohort | None = None) -> list[Notice]:
    """Return what `user` is told, of one cohort or of all: offers, then what runs out first. One query at most.

    An offer that waits for its staff to answer a name is none.
    """
    if not user.is_authenticated:
        return []
    offers = Offer.objects.of(user).filter(wish="")
    ending = Certificate.objects.of(user).running_out(at, at + RUNS_OUT_SOON)
    if cohort:
        offers, ending = offers.filter(assignment__cohort=cohort), ending.filter(assignment__cohort=cohort)
    of_cohort = F("assignment__cohort__name")
    offered = offers.values_list(_text(OFFERED), "pk", "name", _text(""), of_cohort, NO_MOMENT)
    soon = ending.values_list(
        _text(SOON), "pk", "name_shown", "public_id", Coalesce(of_cohort, _text("")), "expires_at"
    )
    rows = [Notice(*row) for row in offered.union(soon, all=True)]
    return sorted(rows, key=lambda row: (row.kind == SOON, row.ends_at or at, row.pk))


def _text(text: str) -> Value:
    return Value(text, CharField())
