"""What a learner's pages tell about certificates: one that is offered, one that runs out soon."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Anyone, User
from cohorts.choices import STAFF
from cohorts.class_notes import places_of
from cohorts.marks import RUNS_OUT_SOON
from cohorts.models import Certificate, Cohort, Offer

OFFERED, SOON, PLACE = "offered", "soon", "place"
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


class HomePlace(NamedTuple):
    """A place in a cohort that is not archived, with what its staff last told all who learn there."""

    role: str
    cohort_name: str
    note_text: str | None
    note_at: datetime | None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF


def notices_of(user: Anyone, at: datetime, cohort: Cohort | None = None) -> list[Notice]:
    """Return what `user` is told, of one cohort or of all: offers, then what runs out first. One query at most.

    An offer that waits for its staff to answer a name is none.
    """
    return _in_order((Notice(*row) for row in _notices(user, at, cohort)), at) if user.is_authenticated else []


def on_home(user: Anyone, at: datetime) -> tuple[list[HomePlace], list[Notice]]:
    """Return what one's first page tells of cohorts: one's places, and the notices. One query, none of a visitor."""
    if not user.is_authenticated:
        return [], []
    columns = (_text(PLACE), "pk", "note_text", "role", "cohort__name", "note_at")
    places = places_of(user).filter(cohort__archived_at=None).values_list(*columns)
    rows = [Notice(*row) for row in _notices(user, at, None).union(places, all=True)]
    notices = _in_order((row for row in rows if row.kind != PLACE), at)
    here = sorted((row for row in rows if row.kind == PLACE), key=lambda row: row.pk)
    return [HomePlace(row.public_id, row.cohort_name, row.name, row.ends_at) for row in here], notices


def _notices(user: User, at: datetime, cohort: Cohort | None) -> QuerySet[Any, Any]:
    """Return the fields of a Notice for each thing to tell."""
    offers = Offer.objects.of(user).filter(wish="")
    ending = Certificate.objects.of(user).running_out(at, at + RUNS_OUT_SOON)
    if cohort:
        offers, ending = offers.filter(assignment__cohort=cohort), ending.filter(assignment__cohort=cohort)
    of_cohort = F("assignment__cohort__name")
    offered = offers.values_list(_text(OFFERED), "pk", "name", _text(""), of_cohort, NO_MOMENT)
    soon = ending.values_list(
        _text(SOON), "pk", "name_shown", "public_id", Coalesce(of_cohort, _text("")), "expires_at"
    )
    return offered.union(soon, all=True)


def _in_order(rows: Iterable[Notice], at: datetime) -> list[Notice]:
    return sorted(rows, key=lambda row: (row.kind == SOON, row.ends_at or at, row.pk))


def _text(text: str) -> Value:
    return Value(text, CharField())
