"""The certificates of a cohort, over all that it has set: rows of a list, of a file, and how many ask for staff."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.names import sort_key
from cohorts import certificates
from cohorts.marks import RUNS_OUT_SOON
from cohorts.models import Assignment, Certificate, Cohort, Enrolment, Offer
from cohorts.offers import differs

SHOWN: dict[str, Callable[[], str]] = {
    "current": lambda: _("Valid or expired"),
    "valid": lambda: _("Valid"),
    "soon": lambda: _("Running out within six weeks"),
    "expired": lambda: _("Expired"),
    "ended": lambda: _("Revoked or replaced"),
    "all": lambda: _("All of them"),
}
STATES: dict[str, Callable[[], str]] = {
    certificates.VALID: lambda: _("valid"),
    certificates.EXPIRED: lambda: _("expired"),
    certificates.REVOKED: lambda: _("revoked"),
    certificates.REPLACED: lambda: _("replaced"),
}


@dataclass
class Line:
    """A certificate of a cohort; `place` is its holder's, None of somebody who left and stands on no roster."""

    certificate: Certificate
    assignment: Assignment
    place: Enrolment | None
    state: str
    runs_out_soon: bool

    @property
    def name(self) -> str:
        """Return how staff know the holder, else the name on the certificate."""
        return self.place.known_name if self.place else self.certificate.name_shown

    @property
    def word(self) -> str:
        return STATES[self.state]()

    @property
    def differs(self) -> bool:
        return self.place is not None and differs(self.place, self.certificate.name_shown)

    @property
    def subject(self) -> str:
        """Return what it is for, in words that name no subject but those of the staff."""
        return self.assignment.title or self.assignment.module.neutral_title

    def is_among(self, shown: str) -> bool:
        """Return whether the filter, one of SHOWN, shows it."""
        return {
            "current": self.state in (certificates.VALID, certificates.EXPIRED),
            "valid": self.state == certificates.VALID,
            "soon": self.runs_out_soon,
            "expired": self.state == certificates.EXPIRED,
            "ended": self.state in (certificates.REVOKED, certificates.REPLACED),
        }.get(shown, True)


def lines_of(cohort: Cohort, at: datetime) -> list[Line]:
    """Return a Line for each certificate that was issued for the cohort, by name, the newest first. 4 queries.

    Their documents, which are long, are left behind.
    """
    assignments = {row.pk: row for row in cohort.assignments.select_related("module")}
    places = {place.user_id: place for place in cohort.enrolments.listed().select_related("user")}
    issued = Certificate.objects.filter(assignment__in=assignments).defer("document").order_by("-issued_at", "-pk")
    lines = [_line(row, assignments[row.assignment_id or 0], places, at) for row in issued]
    return sorted(lines, key=lambda line: sort_key(line.name))


def gone_from(assignment: Assignment, places: Iterable[Enrolment], at: datetime) -> list[Line]:
    """Return a Line for each certificate that stands of somebody who does not learn in its cohort now. One query.

    `places` are all on the cohort's lists, with their users.
    """
    learning = assignment.cohort.enrolments.current().learners().filter(user__isnull=False)
    issued = assignment.certificates.current().exclude(user__in=learning.values("user")).order_by("-issued_at", "-pk")
    by_user = {place.user_id: place for place in places}
    return [_line(row, assignment, by_user, at) for row in issued]


def _line(row: Certificate, of: Assignment, places: Mapping[int | None, Enrolment], at: datetime) -> Line:
    state, soon = certificates.state(row, at), certificates.runs_out_soon(row, at)
    return Line(row, of, places.get(row.user_id), state, soon)


def head() -> list[str]:
    """Return the names of the columns of the file."""
    return [
        _("Number of the school"),
        _("Name on the roster"),
        _("Name on the certificate"),
        _("For"),
        _("Issued on"),
        _("Valid until"),
        _("State"),
        _("Where to check it"),
    ]


def cells(line: Line, address: str, zone: tzinfo) -> list[object]:
    """Return the cells of one certificate; days are those of that time zone."""
    row, place = line.certificate, line.place
    until = row.expires_at and row.expires_at.astimezone(zone).date()
    return [
        place.school_number if place else "",
        place.roster_name if place else "",
        row.name_shown,
        line.subject,
        row.issued_at.astimezone(zone).date(),
        until,
        line.word,
        address,
    ]


def works_of(cohort: Cohort) -> list[tuple[Assignment, int]]:
    """Return what the cohort has set, each with how many names wait there for staff to answer. 3 queries."""
    offers = Offer.objects.open().exclude(wish="").filter(assignment__cohort=cohort)
    wishes = dict(offers.order_by().values_list("assignment").annotate(number=Count("pk")))
    return [(row, wishes.get(row.pk, 0)) for row in cohort.assignments.by_due_date()]


class Asking(NamedTuple):
    """How many certificates run out within six weeks, and how many offers wait for staff to answer a name."""

    soon: int
    wishes: int


def asking(cohort: Cohort, at: datetime) -> Asking:
    """Return what asks for the staff of a cohort. One query."""
    soon = Certificate.objects.running_out(at, at + RUNS_OUT_SOON).filter(assignment__cohort=cohort)
    wishes = Offer.objects.open().exclude(wish="").filter(assignment__cohort=cohort)
    counts = Cohort.objects.filter(pk=cohort.pk).values_list(_count(soon), _count(wishes)).get()
    return Asking(*counts)


def _count(rows: QuerySet) -> Coalesce:
    """Return how many these rows of one cohort are, as part of a query around them."""
    counted = rows.order_by().values("assignment__cohort").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)
