"""Places on a roster: made from names, taken by a personal code, merged, given up. May import the apps on its left."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.locking import atomic_once_more
from accounts.models import Anyone, Audit, User
from cohorts import codes, roster
from cohorts.intervals import holds, union, without
from cohorts.models import Cohort, Enrolment, Group, NameOrder, Role
from cohorts.roster import Person


@dataclass(frozen=True)
class Added:
    """How many places a list made, and how many rows that were there it changed."""

    made: int
    changed: int


@atomic_once_more
def add(cohort: Cohort, people: Sequence[Person], name_order: str | None = None) -> Added:
    """Make a place with a code for each of the people whom the roster does not hold yet. All or none.

    Those whom it holds get what they lacked, a number, a group, the parts of the name, and the name that the list has
    for their number. Whoever was on the roster once and left is on it: the same file brings nobody back. `name_order`
    is that of the list's names: where it is another than the cohort's, the cohort gets it, and names in parts follow.
    At most 12 queries where the database takes all rows at once.
    """
    cohort = lock_cohort(cohort)
    compared = compare(cohort, people)
    groups = _groups(cohort, [*compared.new, *(person for person, _row in compared.filled)])
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
        roster.Known(pk, name, family, given, number, group or "")
        for pk, name, family, given, number, group in rows.values_list(*fields)
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
    pairs = {row.pk: person for person, row in (*compared.filled, *compared.corrected)}
    corrected = {row.pk for _person, row in compared.corrected}
    rows = {row.pk: row for row in _held(cohort, pairs)} if pairs else {}
    for pk, row in rows.items():
        person = pairs[pk]
        row.school_number = row.school_number or person.number
        row.group_id = row.group_id or getattr(groups.get(roster.key(person.group)), "pk", None)
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
    for row in _held(cohort, list(in_parts.values_list("pk", flat=True))):
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

    @atomic_once_more
    def enter(self, user: User, at: datetime) -> bool:
        """Join, and take the place if the code is that of one; False where it has opened nothing since.

        Somebody else was faster, or the cohort is in the archive, or it has another code.
        """
        lock_cohort(self.cohort)
        if not Cohort.objects.joinable(self.code, user).filter(pk=self.cohort.pk).exists():
            return False
        if self.place is not None and self.leads_to_a_place:
            return claim_place(self.place, user, at)
        self.cohort.join(user, at)
        return True


def invitation(cohort: Cohort, code: str, user: Anyone) -> Invitation:
    """Return the Invitation of a cohort that this code opens to `user`. 2 queries, one for a visitor."""
    enrolment = cohort.enrolments.of(user).first() if user.is_authenticated else None
    return Invitation(code, cohort, cohort.enrolments.opened_by(code, user).first(), enrolment)


def guest_place(code: str, user: Anyone) -> Enrolment | None:
    """Return the place of this personal code if a guest took it to whom the code may lead `user` back; one query.

    Not once that guest has taken words, or a name: then these are the way back. Never for the cohort's own staff, who
    wrote the code.
    """
    rows = Enrolment.objects.current().learners().filter(personal_code=codes.plain(code))
    rows = rows.filter(user__is_guest=True, user__is_active=True, user__recovery_words="")
    return rows.exclude(cohort__in=Cohort.objects.taught_by(user)).select_related("user").first()


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
    """Give what `source` holds to `target`: later dates, marks by hand, and, where it has none, roster name and code.

    Of two later dates for one assignment its own stays; one that comes reaches an exam that runs. A place is gone
    afterwards; the row of a person who left stays without its name, since it says when they were here.
    """
    gained = source.extensions.exclude(assignment__in=target.extensions.values("assignment"))
    coming = list(gained.select_related("assignment"))
    gained.update(enrolment=target)
    for extension in coming:
        extension.assignment.terms.of(target.user).reach(at)
    source.hand_marks.update(enrolment=target)
    name, code = target.roster_name or source.roster_name, target.personal_code or source.personal_code
    if source.user_id is None:
        source.delete()
    else:
        source.roster_name, source.personal_code = "", None
        source.save(update_fields=["roster_name", "personal_code"])
    target.roster_name, target.personal_code = name, code
    target.save(update_fields=["roster_name", "personal_code"])


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
    if pair := mergeable_pair(_held(cohort, rows)):
        target, source = pair
        Audit.record(by, "merge", f"enrolment {source.pk} into {target.pk}", at)
        merge_into(target, source, at)
        return target
    return None


@atomic_once_more
def remove(row: Enrolment, by: User, at: datetime) -> bool:
    """Take a learner out, or a place off the roster, and note who did; work stays the learner's own.

    The personal code opens nothing any more; the name on the roster stays, so that the same file brings nobody back.
    """
    held = _held(lock_cohort(row.cohort), [row.pk])
    learner = next((one for one in held if one.left_at is None and one.role == Role.LEARNER), None)
    if learner is None:
        return False
    Audit.record(by, "removal", f"enrolment {learner.pk}", at)
    if learner.user_id is None:
        learner.delete()
    else:
        learner.end(at)
        learner.personal_code = None
        learner.save(update_fields=["personal_code"])
    return True


@atomic_once_more
def rename(place: Enrolment, name: str) -> bool:
    """Give another name to a place that nobody has taken.

    False, and nothing changed, where somebody has taken it, or the name is on the roster already.
    """
    cohort = lock_cohort(place.cohort)
    others = cohort.enrolments.exclude(pk=place.pk).exclude(roster_name="").values_list("roster_name", flat=True)
    if roster.key(name) in {roster.key(other) for other in others}:
        return False
    return bool(cohort.enrolments.untaken().filter(pk=place.pk).update(roster_name=name))


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
        Enrolment.objects.current().filter(pk=guest.pk).update(user=None, joined_at=None)
        return
    if account.left_at and guest.left_at is None:
        account.role = Role.LEARNER
        account.save(update_fields=["role"])
    account.keep(union([*intervals, *gained]))
    merge_into(account, guest, at)


def lock_cohort(cohort: Cohort) -> Cohort:
    """Lock the cohort's row, so that changes of its roster come one after the other. In a transaction; one query."""
    (held,) = Cohort.objects.hold(cohort.pk)
    return held


def _held(cohort: Cohort, rows: Iterable[int]) -> list[Enrolment]:
    """Lock the people of these rows of a cohort that is held, then the rows, and return those there are. 2 queries."""
    here = cohort.enrolments.filter(pk__in=rows)
    list(User.objects.filter(pk__in=here.values("user")).held())
    return list(here.select_for_update(no_key=True).order_by("pk"))
