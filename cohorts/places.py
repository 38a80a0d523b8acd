"""Places on a roster: made from names, taken by a personal code, described, merged, given up, opened again.

May import the apps on its left.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.locking import atomic_once_more
from accounts.models import Anyone, Audit, User
from cohorts import codes, roster
from cohorts.intervals import holds, union, without
from cohorts.models import Cohort, Enrolment, Group, Handover, NameOrder, Role
from cohorts.roster import Person

NAMED = ("roster_name", "family_name", "given_name")
KNOWN_BY = ("school_number", "group", "personal_code")  # what of a place goes along beside its name
UNKNOWN = {"school_number": "", "group": None, "personal_code": None}


@dataclass(frozen=True)
class Added:
    """How many places a list made, and how many rows that were there it changed."""

    made: int
    changed: int


@atomic_once_more
def add(cohort: Cohort, people: Sequence[Person], name_order: str | None = None, groups_basis: str = "") -> Added:
    """Make a place with a code for each of the people whom the roster does not hold yet. All or none.

    Those whom it holds get what they lacked, a number, a group, the parts of the name, and the name that the list has
    for their number. Those in another group than the list says go into that one where `groups_basis` is what
    `Comparison.groups_basis` still says of them. Whoever was on the roster once and left is on it: the same file brings
    nobody back. `name_order` is that of the list's names: where it is another than the cohort's, the cohort gets it,
    and names in parts follow.
    At most 12 queries where the database takes all rows at once.
    """
    cohort = lock_cohort(cohort)
    compared = compare(cohort, people)
    if groups_basis != compared.groups_basis:
        compared.regrouped = []
    pairs = [*compared.filled, *compared.regrouped]
    groups = _groups(cohort, [*compared.new, *(person for person, _row in pairs)])
    new = [
        Enrolment(
            cohort=cohort,
            role=Role.LEARNER,
            roster_name=person.name,
            family_name=person.family,
            given_name=person.given,
            school_number=person.number,
            group=groups.get(roster.key(person.group)),
            personal_code=codes.draw(),
        )
        for person in compared.new
    ]
    changed = _changed(cohort, compared, groups)
    if name_order and name_order != cohort.name_order:
        _reorder(cohort, name_order, changed)
    if changed:
        fields = ["roster_name", "family_name", "given_name", "school_number", "group"]
        Enrolment.objects.bulk_update(changed.values(), fields, batch_size=1000)
    Enrolment.objects.bulk_create(new)
    return Added(len(new), len(changed))


def compare(cohort: Cohort, people: Sequence[Person]) -> roster.Comparison:
    """Return which of the people stand on the cohort's roster, and as whom; who is new, in their order. One query."""
    rows = cohort.enrolments.exclude(roster_name="", school_number="").order_by("pk")
    fields = ("pk", "roster_name", "family_name", "given_name", "school_number", "group__name")
    known = [
        roster.Known(pk, name, family_name, given_name, number, group or "")
        for pk, name, family_name, given_name, number, group in rows.values_list(*fields)
    ]
    return roster.compare(people, known)


def _groups(cohort: Cohort, people: Iterable[Person]) -> dict[str, Group]:
    """Return {key of its name: group} of the cohort, those made that these people need. 2 queries."""
    there = {roster.key(group.name): group for group in cohort.groups.order_by("pk")}
    missing = {roster.key(person.group): person.group for person in people if person.group}
    new = [Group(cohort=cohort, name=name) for key, name in missing.items() if key not in there]
    return there | {roster.key(group.name): group for group in Group.objects.bulk_create(new)}


def _changed(cohort: Cohort, compared: roster.Comparison, groups: dict[str, Group]) -> dict[int, Enrolment]:
    """Return {id: row} of the roster that the list names otherwise or gives more: held, not saved. 2 queries."""
    pairs = {row.pk: person for person, row in (*compared.filled, *compared.regrouped, *compared.corrected)}
    regrouped = {row.pk for _person, row in compared.regrouped}
    corrected = {row.pk for _person, row in compared.corrected}
    rows = {row.pk: row for row in hold_rows(cohort, pairs)} if pairs else {}
    for pk, row in rows.items():
        person = pairs[pk]
        row.school_number = row.school_number or person.number
        if row.group_id is None or pk in regrouped:
            row.group_id = getattr(groups.get(roster.key(person.group)), "pk", None)
        if pk in corrected:
            row.roster_name, row.family_name, row.given_name = person.name, person.family, person.given
        elif person.family and person.given and not (row.family_name or row.given_name):
            row.family_name, row.given_name = person.family, person.given
    return rows


def _reorder(cohort: Cohort, name_order: str, changed: dict[int, Enrolment]) -> None:
    """Let names in parts stand in another order: those of the roster go into `changed`, not saved. 4 queries."""
    cohort.name_order = name_order
    cohort.save(update_fields=["name_order"])
    in_parts = cohort.enrolments.exclude(family_name="").exclude(given_name="").exclude(pk__in=changed)
    for row in hold_rows(cohort, list(in_parts.values_list("pk", flat=True))):
        changed[row.pk] = row
    for row in changed.values():
        if row.family_name and row.given_name:
            row.roster_name = roster.reordered(
                row.roster_name, row.family_name, row.given_name, name_order == NameOrder.FAMILY_FIRST
            )


@dataclass
class Invitation:
    """What one `code` opens to one person: a cohort, a `place` on its roster, if any, and their `enrolment`, if any."""

    code: str
    cohort: Cohort
    place: Enrolment | None
    enrolment: Enrolment | None

    @property
    def is_in(self) -> bool:
        return self.enrolment is not None and self.enrolment.left_at is None

    @property
    def leads_to_a_place(self) -> bool:
        """Return whether the code is that of a place which nobody has taken."""
        return self.place is not None and self.place != self.enrolment

    @property
    def is_for_somebody_else(self) -> bool:
        """Return whether this person cannot take the place: as staff, or because they hold another."""
        return self.leads_to_a_place and self.enrolment is not None and not may_claim(self.enrolment)

    @property
    def opens(self) -> bool:
        return not self.is_for_somebody_else and (self.leads_to_a_place or not self.is_in)

    @property
    def asks_name(self) -> bool:
        """Return whether the person is asked by which name the staff know them: their list does not say it."""
        return self.opens and not self.leads_to_a_place and not (self.enrolment and self.enrolment.roster_name)

    @atomic_once_more
    def enter(self, user: User, at: datetime, said_name: str = "") -> bool:
        """Join, and take the place if the code is that of one; False where it has opened nothing since.

        Somebody else was faster, or the cohort is in the archive, or it has another code. Whoever is asked for it is
        known to the staff by `said_name`.
        """
        lock_cohort(self.cohort)
        if not Cohort.objects.joinable(self.code, user).filter(pk=self.cohort.pk).exists():
            return False
        if self.place is not None and self.leads_to_a_place:
            return claim_place(self.place, user, at)
        row = self.cohort.join(user, at)
        if said_name:
            row.said_name = said_name
            row.save(update_fields=["said_name"])
        return True


def invitation(cohort: Cohort, code: str, user: Anyone) -> Invitation:
    """Return the Invitation of a cohort that this code opens to `user`. 2 queries, one for a visitor."""
    enrolment = cohort.enrolments.of(user).first() if user.is_authenticated else None
    return Invitation(code, cohort, cohort.enrolments.opened_by(code, user).first(), enrolment)


def guest_place(code: str, user: Anyone) -> Enrolment | None:
    """Return the place of this personal code if a guest took it to whom the code may lead `user` back; one query.

    Not once that guest has taken words, or a name: then these are the way back. Never for the cohort's own staff, who
    wrote the code; nor by a code that they made anew, which leads to this cohort's work alone (cohorts.handovers).
    """
    rows = Enrolment.objects.current().learners().filter(personal_code=codes.plain(code))
    rows = rows.exclude(pk__in=Handover.objects.filter(done_at=None).values("source"))
    rows = rows.filter(user__is_guest=True, user__is_active=True, user__recovery_words="")
    return rows.exclude(cohort__in=Cohort.objects.taught_by(user)).select_related("user").first()


def is_used(code: str) -> bool:
    """Return whether this is the personal code of a place that somebody has taken, in a cohort of now. One query.

    To say so tells nothing that helps guessing: whoever knows such a code was given it.
    """
    taken = Enrolment.objects.filter(user__isnull=False, personal_code=codes.plain(code))
    return taken.filter(cohort__archived_at=None).exists()


def may_claim(enrolment: Enrolment) -> bool:
    """Return whether its person may take a place: a learner, or one who left, without a name on the roster."""
    return not enrolment.roster_name and (enrolment.left_at is not None or not enrolment.is_staff)


@atomic_once_more
def claim_place(place: Enrolment, user: User, at: datetime) -> bool:
    """Let `user` in, in that place; whoever is in already keeps the day of joining. Once only.

    False, and nothing changed, where the place is gone or taken, or is not for this person.
    """
    cohort = lock_cohort(place.cohort)
    User.objects.hold(user.pk)
    existing = cohort.enrolments.of(user).first()
    free = cohort.enrolments.untaken().filter(pk=place.pk).first()
    if free is None or (existing and not may_claim(existing)):
        return False
    merge_into(cohort.join(user, at), free, at)
    return True


def merge_into(target: Enrolment, source: Enrolment, at: datetime) -> None:
    """Give what `source` holds to `target`: dates, marks, comments, offers; if it has none, what staff know it by.

    That is the roster name with its parts, the school's number, the group, and the personal code. Of two later dates
    for one assignment, or two comments on one section, its own stays; a date that comes reaches an exam that runs. A
    place is gone afterwards; the row of a person who left stays without its name, since it says when they were here.
    """
    gained = source.extensions.exclude(assignment__in=target.extensions.values("assignment"))
    coming = list(gained.select_related("assignment"))
    gained.update(enrolment=target)
    for extension in coming:
        extension.assignment.terms.of(target.user).reach(at)
    source.hand_marks.update(enrolment=target)
    source.comments.all().move(target)
    source.offers.all().move(target)
    parts = target if target.roster_name else source
    kept = {name: getattr(parts, name) for name in NAMED}
    kept |= {name: getattr(target, name) or getattr(source, name) for name in KNOWN_BY}
    if source.user_id is None:
        source.delete()
    else:
        _set(source, dict.fromkeys(NAMED, "") | UNKNOWN)
    _set(target, kept)


def _set(row: Enrolment, values: dict[str, Any]) -> None:
    """Write these fields of a row. One query."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def mergeable_pair(rows: list[Enrolment]) -> tuple[Enrolment, Enrolment] | None:
    """Return (target, source) of two rows of one cohort that may be one person, or None.

    Into the row of a learner who is in goes a place that nobody has taken, or the row of a learner who left. Two people
    who are both in are never made one: each has work of their own.
    """
    learners = [row for row in rows if row.role == Role.LEARNER]
    target = [row for row in learners if row.user_id and row.left_at is None]
    source = [row for row in learners if row.user_id is None or row.left_at]
    return (target[0], source[0]) if len(rows) == 2 and len(target) == len(source) == 1 else None


@atomic_once_more
def merge(cohort: Cohort, rows: Iterable[int], by: User, at: datetime) -> Enrolment | None:
    """Make the rows of these ids one, if `mergeable_pair` still allows it, and note who did; what stays, or None."""
    cohort = lock_cohort(cohort)
    if pair := mergeable_pair(hold_rows(cohort, rows)):
        target, source = pair
        Audit.record(by, "merge", f"enrolment {source.pk} into {target.pk}", at)
        with Handover(is_by_code=False, made_by=by, made_at=at).noting(source, target, at):
            merge_into(target, source, at)
        return target
    return None


@atomic_once_more
def remove(row: Enrolment, by: User, at: datetime) -> bool:
    """Take a learner out, or a place off the roster, and note who did; work stays the learner's own.

    The personal code opens nothing any more; the name on the roster stays, so that the same file brings nobody back.
    Whoever was taken out is told so.
    """
    learner = _hold_learner(row)
    if learner is None:
        return False
    Audit.record(by, "removal", f"enrolment {learner.pk}", at)
    if learner.user_id is None:
        learner.delete()
    else:
        learner.end(at)
        _set(learner, {"personal_code": None, "code_made_at": None, "removed_at": at, "removal_seen_at": None})
    return True


@atomic_once_more
def dismiss(row: Enrolment, by: User, at: datetime) -> bool:
    """Take one of the staff out of it and out of the cohort, and note who did; they are told so.

    False, and nothing changed, where it would leave no instructor, or they are on the staff no more.
    """
    lock_cohort(row.cohort)
    held = hold_rows(row.cohort, [row.pk])
    member = next((one for one in held if one.left_at is None and one.is_staff), None)
    if member is None or member.is_last_instructor():
        return False
    Audit.record(by, "role", f"enrolment {member.pk}: {member.role} to nobody", at)
    member.end(at)
    _set(member, {"removed_at": at, "removal_seen_at": None})
    return True


@atomic_once_more
def renew_code(row: Enrolment, by: User, at: datetime) -> bool:
    """Give a learner's place, taken or not, a new personal code, and note who did; the one before opens nothing.

    False, and nothing changed, where it is no learner's place any more. Of a taken place whoever enters the code has
    the place, and this cohort's work with it (cohorts.handovers); `Enrolment.open_code` shows it until it is used.
    """
    learner = _hold_learner(row)
    if learner is None:
        return False
    Audit.record(by, "code made", f"enrolment {learner.pk}", at)
    _set(learner, {"personal_code": codes.draw(), "code_made_at": at})
    if learner.user_id:
        Handover.offer(learner, by, at)
    return True


def may_return(row: Enrolment) -> bool:
    """Return whether this is a learner's row that staff can put back on the list."""
    return row.left_at is not None and row.role == Role.LEARNER and bool(row.roster_name or row.removed_at)


@atomic_once_more
def put_back(row: Enrolment, by: User, at: datetime) -> Enrolment | None:
    """Return a new place, with a code, for a learner who left or was taken out, and note who did; None if not so.

    It holds what their row held: whoever enters the code takes it, the same person with the same row.
    """
    cohort = lock_cohort(row.cohort)
    gone = next((one for one in hold_rows(cohort, [row.pk]) if may_return(one)), None)
    if gone is None:
        return None
    Audit.record(by, "put back", f"enrolment {gone.pk}", at)
    fresh = cohort.enrolments.create(role=Role.LEARNER, personal_code=codes.draw(), code_made_at=at)
    name = gone.known_name
    merge_into(fresh, gone, at)
    _set(gone, {"removed_at": None})
    if not fresh.roster_name:
        _set(fresh, {"roster_name": name})
    return fresh


def stands_already(row: Enrolment, name: str, number: str) -> bool:
    """Return whether another row of the cohort has this name on the roster, and no numbers tell the two apart.

    One query, in a transaction that holds the cohort. A row may keep its name.
    """
    if roster.key(name) == roster.key(row.roster_name):
        return False
    others = Enrolment.objects.filter(cohort=row.cohort_id).exclude(pk=row.pk).exclude(roster_name="")
    same = [
        has
        for other, has in others.values_list("roster_name", "school_number")
        if roster.key(other) == roster.key(name)
    ]
    return any(not number or not has for has in same)


def bearer(row: Enrolment, number: str) -> Enrolment | None:
    """Return which other row of the cohort has this number of the school, or None. One query."""
    others = Enrolment.objects.filter(cohort=row.cohort_id, school_number=number).exclude(pk=row.pk)
    return others.select_related("user").first()


@atomic_once_more
def call(row: Enrolment, name: str) -> bool:
    """Write the name by which a learner says the staff know them. False if they are in no more."""
    learner = _hold_learner(row)
    if learner is None or learner.user_id != row.user_id:
        return False
    _set(learner, {"said_name": name})
    return True


@atomic_once_more
def note_seen(row: Enrolment, at: datetime) -> None:
    """Note that its person has read that they were taken out. 4 queries."""
    for gone in hold_rows(lock_cohort(row.cohort), [row.pk]):
        _set(gone, {"removal_seen_at": at})


@atomic_once_more
def describe(row: Enrolment, name: str, number: str, group: Group | None) -> bool:
    """Write by what staff know a learner: name on the roster, the school's number, group. False if no such row.

    The parts of a name that came in two go where another name is written: they would say the old one.
    """
    learner = _hold_learner(row)
    if learner is None:
        return False
    values: dict[str, Any] = {"roster_name": name, "school_number": number, "group": group}
    if name != learner.roster_name:
        values |= {"family_name": "", "given_name": ""}
    _set(learner, values)
    return True


def resolve_guest(guest: Enrolment, account: Enrolment, private: Collection[datetime], at: datetime) -> None:
    """Make one of two rows of a cohort, a guest's and that of the account that the guest signs in to.

    What the guest held goes to the account, which is in if either was, and was in whenever either was; but for the
    moments at which the account handed in something of its own (`private`) while it was out. A place stays on the
    roster, free again, where the account is of the staff or holds another.
    """
    intervals = account.intervals()
    gained = without(guest.intervals(), [moment for moment in private if not holds(intervals, moment)])
    if guest.roster_name and not may_claim(account):
        if not account.is_staff:
            account.keep(union([*intervals, *((begin, end or at) for begin, end in gained)]))
        guest.memberships.all().delete()
        Enrolment.objects.current().filter(pk=guest.pk).update(user=None, joined_at=None, said_name="")
        return
    if account.left_at and guest.left_at is None:
        account.role = Role.LEARNER
        account.save(update_fields=["role"])
    if guest.said_name and not account.said_name:
        account.said_name = guest.said_name
        account.save(update_fields=["said_name"])
    account.keep(union([*intervals, *gained]))
    merge_into(account, guest, at)


def lock_cohort(cohort: Cohort) -> Cohort:
    """Lock the cohort's row, so that changes of its roster come one after the other. In a transaction; one query."""
    (held,) = Cohort.objects.hold(cohort.pk)
    return held


def _hold_learner(row: Enrolment) -> Enrolment | None:
    """Lock the cohort, the person and the row of a learner who is in, or of a place, and return it. 4 queries."""
    held = hold_rows(lock_cohort(row.cohort), [row.pk])
    return next((one for one in held if one.left_at is None and one.role == Role.LEARNER), None)


def hold_rows(cohort: Cohort, rows: Iterable[int]) -> list[Enrolment]:
    """Lock the people of these rows of a cohort that is held, then the rows, and return those there are. 2 queries."""
    here = cohort.enrolments.filter(pk__in=rows)
    list(User.objects.filter(pk__in=here.values("user")).held())
    return list(here.select_for_update(no_key=True).order_by("pk"))
