"""Certificates offered by staff, and who of an assignment may be offered one. May import the apps on its left.

An offer becomes a certificate only when its holder accepts it and its name (docs/decisions/0046).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.locking import atomic_once_more
from accounts.models import Audit, User
from accounts.names import same_words, sort_key
from cohorts import certificates
from cohorts.certificates import Eligibility, eligibility_of
from cohorts.marks import RUNS_OUT_SOON, GradeRow, Mark, heads_of, lines_of
from cohorts.models import Assignment, Certificate, Enrolment, Offer, Role
from cohorts.places import lock_cohort

GROUPS = TO_OFFER, WISHED, OFFERED, HOLDS, MISSING = "to_offer", "wished", "offered", "holds", "missing"


def written_name(place: Enrolment) -> str:
    """Return a learner's name on the roster as people write it, given name first; an empty string without one."""
    if place.family_name and place.given_name:
        return f"{place.given_name} {place.family_name}"
    family_name, comma, given_name = (part.strip() for part in place.roster_name.partition(","))
    if not comma or not family_name or not given_name or "," in given_name:
        return place.roster_name
    return f"{given_name} {family_name}"


def proposed_name(place: Enrolment) -> str:
    """Return what staff are proposed to type for somebody whom no roster names; an empty string of a guest unasked."""
    if place.said_name or place.user is None:
        return place.said_name
    return "" if place.user.is_guest else place.user.name


def differs(place: Enrolment, name: str) -> bool:
    """Return whether a name is not the words of the one on the roster; never without one."""
    return bool(place.roster_name) and not same_words(place.roster_name, name)


@dataclass
class Candidate:
    """A learner of an assignment: the certificate that stands, or was the last to, and the latest offer, if any."""

    line: GradeRow
    certificate: Certificate | None
    offer: Offer | None
    at: datetime
    group: str = field(init=False)

    def __post_init__(self) -> None:
        self.group = self._group()

    @property
    def place(self) -> Enrolment:
        return self.line.enrolment

    @property
    def name(self) -> str:
        """Return the name under which it is offered; an empty string where staff have to type one."""
        return written_name(self.place)

    @property
    def proposed(self) -> str:
        return proposed_name(self.place)

    @property
    def state(self) -> str:
        """Return the state of the certificate; an empty string without one."""
        return certificates.state(self.certificate, self.at) if self.certificate else ""

    @property
    def holds(self) -> bool:
        """Return whether a certificate stands, expired or not."""
        return self.state in (certificates.VALID, certificates.EXPIRED)

    @property
    def runs_out_soon(self) -> bool:
        return self.certificate is not None and certificates.runs_out_soon(self.certificate, self.at)

    @property
    def differs(self) -> bool:
        """Return whether the certificate, or else the offer, names somebody otherwise than the roster."""
        named = self.certificate.name_shown if self.certificate else self.offer.name if self.offer else ""
        return bool(named) and differs(self.place, named)

    @property
    def missing(self) -> list[Mark]:
        return self.line.missing(self.at)

    @property
    def is_ticked(self) -> bool:
        """Return whether nobody has said no to one: neither staff, who revoked it, nor the learner."""
        return self.state != certificates.REVOKED and (self.offer is None or self.offer.certificate_id is not None)

    def _group(self) -> str:
        if self.offer and self.offer.answered_at is None:
            return WISHED if self.offer.wish else OFFERED
        if self._meets_and_has_none():
            return TO_OFFER
        return HOLDS if self.holds else MISSING

    def _meets_and_has_none(self) -> bool:
        """Return whether one can be issued, and none stands that will for six weeks more, or for as long."""
        if self.place.user is None:
            return False
        case = Eligibility(self.place.user, self.line.assignment.module, self.line.assignment, self.line.asked)
        if not case.is_met(self.at):
            return False
        if self.certificate is None or self.state == certificates.REVOKED:
            return True
        ends, would_end = self.certificate.expires_at, case.expires_at
        return ends is not None and ends <= self.at + RUNS_OUT_SOON and (would_end is None or ends < would_end)


def learners_by_name(rows: Iterable[Enrolment]) -> list[Enrolment]:
    """Return those who learn now, by the name that staff know, namesakes by enrolment. No query."""
    people = [place for place in rows if place.role == Role.LEARNER and place.left_at is None]
    return sorted(people, key=lambda place: (sort_key(place.known_name), place.pk))


def candidates(
    assignment: Assignment, people: Sequence[Enrolment], at: datetime, beside: Sequence[Assignment] | None = None
) -> list[Candidate]:
    """Return a Candidate for each of `people`, enrolments of its cohort with users, in their order.

    6 queries with `beside`, as marks.lines_of takes it; 8 without.
    """
    lines = lines_of(assignment, heads_of(assignment), people, beside)
    learners = [place.user_id for place in people if place.user_id]
    issued = assignment.certificates.filter(user__in=learners, replaced_at=None).order_by("issued_at", "pk")
    held = {row.user_id: row for row in issued}
    offers = assignment.offers.filter(enrolment__in=people).by_enrolment()
    return [Candidate(line, held.get(line.enrolment.user_id or 0), offers.get(line.enrolment.pk), at) for line in lines]


@atomic_once_more
def make(
    assignment: Assignment,
    names: Mapping[int, str],
    by: User,
    at: datetime,
    beside: Sequence[Assignment] | None = None,
) -> int:
    """Offer a certificate to each learner of `names`, {enrolment id: name}; return how many are made.

    14 queries with `beside`, as marks.lines_of takes it; 16 without.

    All in one transaction, the cohort and its people held in order. Left out is whoever has an open offer, does not
    meet the rule any more, or has another name on the roster than this: pressed twice, it offers nothing twice.
    """
    cohort = lock_cohort(assignment.cohort)
    here = cohort.enrolments.current().learners().filter(pk__in=names)
    list(User.objects.filter(pk__in=here.values("user")).held())
    people = list(here.select_for_update(no_key=True, of=("self",)).select_related("user").order_by("pk"))
    asked = [row for row in candidates(assignment, people, at, beside) if row.group == TO_OFFER]
    named = [(row.place, names[row.place.pk]) for row in asked if row.name in ("", names[row.place.pk])]
    offers = Offer.objects.bulk_create(
        Offer(enrolment=place, assignment=assignment, name=name, made_by=by, made_at=at) for place, name in named
    )
    lines = [f"enrolment {offer.enrolment_id}: offered for assignment {assignment.pk}" for offer in offers]
    Audit.record_all(by, "certificate", lines, at)
    return len(offers)


def case_of(offer: Offer) -> Eligibility:
    """Return what the offer's holder meets now; the offer comes `with_all`. 6 queries."""
    return eligibility_of(offer.enrolment, offer.assignment)


@atomic_once_more
def accept(offer: Offer, name: str, shows_name: bool, at: datetime) -> Certificate | None:
    """Issue what is offered under the `name` that its holder read, and return it.

    None, and nothing changed, where the offer is answered or taken back, says another name by now, or is not met.
    """
    held = _held(offer)
    if held is None or held.wish or held.name != name:
        return None
    case = case_of(held)
    return case.issue(name, at, shows_name) if case.is_met(at) else None


@atomic_once_more
def wish(offer: Offer, name: str) -> bool:
    """Note the name that its holder would have on it, for staff to answer; False where it is open no more."""
    held = _held(offer)
    if held is None:
        return False
    held.wish, held.kept_at = name, None
    held.save(update_fields=["wish", "kept_at"])
    return True


@atomic_once_more
def decline(offer: Offer, at: datetime) -> bool:
    """Answer it for its holder: not now. False where it is open no more."""
    held = _held(offer)
    if held is None:
        return False
    held.answered_at = at
    held.save(update_fields=["answered_at"])
    return True


@atomic_once_more
def settle(offer: Offer, wished: str, takes: bool, by: User, at: datetime) -> bool:
    """Answer the name that its holder wished for, as staff: take it, or keep the one that is offered; note who did.

    False, and nothing changed, where the offer is open no more, or its holder wishes for another by now.
    """
    held = _held(offer)
    if held is None or not held.wish or held.wish != wished:
        return False
    held.name, held.kept_at = (wished, None) if takes else (held.name, at)
    held.wish = ""
    held.save(update_fields=["name", "wish", "kept_at"])
    done = "name of an offer changed" if takes else "name of an offer kept"
    Audit.record(by, "certificate", f"enrolment {held.enrolment_id}: {done}", at)
    return True


@atomic_once_more
def take_back(offer: Offer, by: User, at: datetime) -> bool:
    """Delete an open offer, as staff, and note who did; False where it is open no more."""
    held = _held(offer)
    if held is None:
        return False
    Audit.record(by, "certificate", f"enrolment {held.enrolment_id}: offer taken back", at)
    held.delete()
    return True


def _held(offer: Offer) -> Offer | None:
    """Lock its cohort and person, and read it anew; None where it is open no more. 4 queries.

    PersonGone where its person is there no more. Whoever holds the person is alone with all that is theirs.
    """
    lock_cohort(offer.assignment.cohort)
    offer.enrolment.hold_person()
    return Offer.objects.open().filter(enrolment__user=offer.enrolment.user_id).with_all().filter(pk=offer.pk).first()
