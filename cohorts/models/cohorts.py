"""People together: cohorts, their groups, and each person's place in one."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext

from accounts.locking import PersonGone, atomic_once_more
from accounts.models import Anyone, Audit, User
from accounts.zones import zone
from cohorts import codes
from cohorts.choices import STAFF, NameOrder, Points, Role
from cohorts.intervals import Interval
from lessons.models import Section
from quizzes.models import Bank

if TYPE_CHECKING:
    from cohorts.models.quizzes import QuizAssignment

USER = settings.AUTH_USER_MODEL


class CohortQuerySet(models.QuerySet["Cohort"]):
    def of(self, user: Anyone) -> Self:
        """Return the cohorts that `user` is in now, in whatever role."""
        return self._with(user, Role.values)

    def taught_by(self, user: Anyone) -> Self:
        """Return the cohorts whose board, code, assignments and roles are open to `user`, an instructor or lead."""
        return self._with(user, STAFF)

    def led_by(self, user: Anyone) -> Self:
        """Return the cohorts over which `user` looks on one page: those not archived in which they are lead."""
        return self._with(user, [Role.LEAD]).filter(archived_at=None)

    def entrusted(self) -> Self:
        """Return those of whose staff somebody may teach, and see keys anyway: anybody may make a cohort."""
        staff = Enrolment.objects.current().filter(role__in=STAFF, user__in=User.objects.teachers())
        return self.filter(pk__in=staff.values("cohort"))

    def joinable(self, code: str, user: Anyone) -> Self:
        """Return the one cohort that this code opens to `user`, however it was typed: its own, or that of a place."""
        places = Enrolment.objects.opened_by(code, user)
        return self.filter(Q(join_code=codes.plain(code)) | Q(pk__in=places.values("cohort")), archived_at=None)

    def hold(self, *keys: int) -> "list[Cohort]":
        """Lock the rows of these cohorts, by id, and return them. One query, in a transaction.

        Whoever changes a roster or who is in holds the cohort: of two at once one waits.
        """
        return list(self.filter(pk__in=keys).select_for_update(no_key=True).order_by("pk"))

    def _with(self, user: Anyone, roles: Iterable[str]) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=Enrolment.objects.current().filter(user=user, role__in=roles).values("cohort"))


class Cohort(models.Model):
    """People who take a module together; `press` is the form that made it, once (cohorts.forms.once).

    `name_order` is the one in which its roster shows names that came in two parts; `points` how many its marks are of;
    `missing_is_zero`, whether what is due and not handed in counts as 0 in the total. `code_made_at` is when the join
    code was made, null where that is not known. After the day `ends_on`, in its zone, it is archived, and later erased
    (cohorts.ending); null: nobody has said when.
    """

    name = models.CharField(max_length=120)
    join_code = models.CharField(max_length=32, null=True, unique=True)
    code_made_at = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    name_order = models.CharField(
        max_length=12, choices=NameOrder, default=NameOrder.FAMILY_FIRST, db_default=NameOrder.FAMILY_FIRST
    )
    points = models.PositiveSmallIntegerField(choices=Points, default=Points.HUNDRED, db_default=Points.HUNDRED)
    missing_is_zero = models.BooleanField(default=True, db_default=True)
    banks = models.ManyToManyField(Bank, related_name="cohorts", blank=True)
    ends_on = models.DateField(null=True)
    archived_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    press = models.CharField(max_length=32, null=True, unique=True, editable=False)

    objects = CohortQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cohorts:cohort", args=[self.pk])

    @classmethod
    @atomic_once_more
    def begin(
        cls,
        user: User,
        name: str,
        time_zone: str,
        at: datetime,
        press: str | None = None,
        ends_on: date | None = None,
    ) -> "Cohort":
        """Make a cohort, open to join, with `user` as its instructor; return it too where `press` made it before.

        4 queries.
        """
        User.objects.hold(user.pk)
        if press and (made := cls.objects.filter(press=press).first()):
            return made
        fields = {"name": name, "time_zone": time_zone, "ends_on": ends_on, "press": press}
        cohort = cls.objects.create(join_code=codes.draw(), code_made_at=at, **fields)
        cohort.admit(user, Role.INSTRUCTOR, at)
        return cohort

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.time_zone)

    @property
    def grouped_code(self) -> str:
        """Return the join code as people read it, or an empty string where joining is closed."""
        return codes.grouped(self.join_code or "")

    def renew_code(self, at: datetime) -> None:
        """Draw a new join code; the old one opens nothing from now on."""
        self.join_code, self.code_made_at = codes.draw(), at
        self.save(update_fields=["join_code", "code_made_at"])

    def close_joining(self) -> None:
        self.join_code = None
        self.save(update_fields=["join_code"])

    def archive(self, at: datetime) -> None:
        """Close joining for good; board, members and dates stay readable."""
        self.archived_at, self.join_code = at, None
        self.save(update_fields=["archived_at", "join_code"])

    def take_up(self, on: date) -> None:
        """Take it out of the archive again, closed to join until there is a new code; if its day is over, for a year.

        `on` is today in its zone.
        """
        self.archived_at = None
        if self.ends_on and self.ends_on < on:
            self.ends_on = on + timedelta(days=365)
        self.save(update_fields=["archived_at", "ends_on"])

    def write_note(self, section: Section | None, text: str, at: datetime) -> None:
        """Replace the cohort's own note to a section, None: to all, or delete it where the text is empty."""
        if text:
            self.notes.update_or_create(section=section, defaults={"text": text, "written_at": at})
        else:
            self.notes.filter(section=section).delete()

    def admit(self, user: User, role: str, at: datetime) -> "Enrolment":
        """Make the enrolment of somebody who was never here, in from then on. 2 queries."""
        with transaction.atomic():
            enrolment = self.enrolments.create(user=user, role=role, joined_at=at)
            enrolment.memberships.create(from_at=at)
        return enrolment

    @atomic_once_more
    def join(self, user: User, at: datetime) -> "Enrolment":
        """Return the enrolment of `user`, made now unless there is one; whoever left comes back as a learner.

        What was done within an earlier stay counts again; what was done while away stays their own. The row of whoever
        left is locked, so that coming back twice at once opens one interval.
        """
        Cohort.objects.hold(self.pk)
        User.objects.hold(user.pk)
        fields = {"role": Role.LEARNER, "joined_at": at}
        enrolment, made = self.enrolments.get_or_create(user=user, defaults=fields)
        if made or enrolment.left_at:
            enrolment.memberships.create(from_at=at)
        if enrolment.left_at:
            enrolment.role, enrolment.left_at, enrolment.removed_at = Role.LEARNER, None, None
            enrolment.save(update_fields=["role", "left_at", "removed_at"])
        return enrolment


class Group(models.Model):
    """Some learners of a cohort, such as a seminar: a column of its lists, and a filter."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "name"], name="one_group_per_name_and_cohort")]

    def __str__(self) -> str:
        return self.name


def shown_name(name: str, is_guest: bool) -> str:
    """Return how somebody is shown to others: by the name that they chose, a guest by a short mark."""
    return gettext("Guest %(mark)s") % {"mark": name[-4:]} if is_guest else name


def known_name(roster_name: str, said_name: str, shown_name: str) -> str:
    """Return how staff know a learner: by the roster, else as said on joining, else by the person's own name here."""
    return roster_name or said_name or shown_name or gettext("No name yet")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def current(self) -> Self:
        """Return those who have not left."""
        return self.filter(left_at=None)

    def learners(self) -> Self:
        return self.filter(role=Role.LEARNER)

    def learners_of(self, teacher: Anyone) -> Self:
        """Return those who learn now in the cohorts that `teacher` teaches, with cohort and user."""
        rows = self.current().learners().filter(cohort__in=Cohort.objects.taught_by(teacher))
        return rows.select_related("cohort", "user")

    def listed(self) -> Self:
        """Return those who are in, those who left but stand on the roster, and those whom staff took out."""
        return self.exclude(left_at__isnull=False, roster_name="", removed_at=None)

    def untold(self) -> Self:
        """Return those of whoever was taken out and has not yet said that they read so, with their cohorts."""
        return self.filter(removed_at__isnull=False, removal_seen_at=None).select_related("cohort")

    def of(self, user: Anyone) -> Self:
        """Return the places of one person; none of a visitor."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def with_size(self) -> Self:
        """Return each with how many learn in its cohort now, `learner_count`, places not taken among them. No query."""
        same = Enrolment.objects.current().learners().filter(cohort=OuterRef("cohort")).order_by()
        counted = same.values("cohort").annotate(count=Count("pk")).values("count")
        return self.annotate(learner_count=Coalesce(Subquery(counted), 0))

    def untaken(self) -> Self:
        """Return places on the roster that nobody has taken."""
        return self.filter(user=None)

    def opened_by(self, code: str, user: Anyone) -> Self:
        """Return the place of this personal code, however it was typed: free, or taken by `user`; at most one."""
        taken = Q(user=user) if user.is_authenticated else Q()
        return self.filter(Q(user=None) | taken, personal_code=codes.plain(code))


class Enrolment(models.Model):
    """A person's role in a cohort; without a user, a place on the roster that nobody has taken yet.

    `joined_at` and `left_at` are the ends of its memberships, which say when its person was in. Only the cohort's staff
    see `roster_name`, with its parts if it came in two and the school's number for the person, and `said_name`, what
    somebody was called by their own word on joining. `code_made_at` says since when a code that was made anew waits to
    be used, null for the first one; `removed_at` when staff took out whoever left, `removal_seen_at` when they read so.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="enrolments")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, null=True, related_name="enrolments")
    role = models.CharField(max_length=12, choices=Role)
    roster_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    given_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    school_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    said_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="enrolments")
    personal_code = models.CharField(max_length=32, null=True, unique=True)
    code_made_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removal_seen_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user"], name="one_enrolment_per_cohort_and_user"),
            models.UniqueConstraint(
                fields=["cohort", "school_number"],
                condition=~Q(school_number=""),
                name="one_enrolment_per_cohort_and_school_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.cohort_id}"

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def grouped_code(self) -> str:
        """Return the personal code as people read it, or an empty string."""
        return codes.grouped(self.personal_code or "")

    @property
    def open_code(self) -> str:
        """Return the personal code as people read it while it waits to be used, else an empty string."""
        return self.grouped_code if self.left_at is None and (self.user_id is None or self.code_made_at) else ""

    @property
    def shown_name(self) -> str:
        """Return the name that the person chose; of a guest a short mark; of a place not taken an empty string."""
        return shown_name(self.user.name, self.user.is_guest) if self.user else ""

    @property
    def known_name(self) -> str:
        """Return how staff know the place: by the roster, else as said on joining, else by the person's own name."""
        return known_name(self.roster_name, self.said_name, self.shown_name)

    @property
    def chosen_name(self) -> str:
        """Return the name that the person chose where staff know them by another; else an empty string."""
        return self.shown_name if self.shown_name != self.known_name else ""

    def write_comment(
        self, section: Section | None, text: str, by: User, at: datetime, quiz: "QuizAssignment | None" = None
    ) -> None:
        """Replace what staff say to this learner about a section, a quiz of staff, or, without these, about all.

        Delete it where the text is empty.
        """
        if text:
            fields = {"text": text, "made_by": by, "made_at": at}
            self.comments.update_or_create(section=section, quiz=quiz, defaults=fields)
        else:
            self.comments.filter(section=section, quiz=quiz).delete()

    @atomic_once_more
    def leave(self, at: datetime) -> bool:
        """End it; readings and attempts stay the person's own. False, and nothing changed, for the last instructor."""
        self._hold()
        if self.is_last_instructor():
            return False
        self.end(at)
        return True

    def end(self, at: datetime) -> None:
        """Note that its person is out from then on; somebody who is out stays so. 2 queries, in a transaction."""
        self.left_at = self.left_at or at
        self.save(update_fields=["left_at"])
        self.memberships.filter(until_at=None).update(until_at=Greatest(F("from_at"), Value(self.left_at)))

    def intervals(self) -> list[Interval]:
        """Return when its person was in, in order. One query."""
        return list(self.memberships.order_by("from_at", "pk").values_list("from_at", "until_at"))

    def keep(self, intervals: Iterable[Interval]) -> None:
        """Replace when its person was in by these intervals, in order; the open one is the last. 3 queries."""
        rows = [Membership(enrolment=self, from_at=begin, until_at=end) for begin, end in intervals]
        self.memberships.all().delete()
        Membership.objects.bulk_create(rows)
        if rows:
            self.joined_at, self.left_at = rows[0].from_at, rows[-1].until_at
            self.save(update_fields=["joined_at", "left_at"])

    @atomic_once_more
    def change_role(self, role: str, by: User, at: datetime) -> bool:
        """Give the role, and note who gave it. False, and nothing changed, where it would leave no instructor."""
        self._hold()
        if self.is_last_instructor() and role != Role.INSTRUCTOR:
            return False
        was, self.role = self.role, role
        self.save(update_fields=["role"])
        if was != role:
            Audit.record(by, "role", f"enrolment {self.pk}: {was} to {role}", at)
        return True

    def hold_person(self) -> None:
        """Lock the row of its person, if anybody has taken it; PersonGone where they are gone. One query at most."""
        if self.user_id:
            User.objects.hold(self.user_id)

    def _hold(self) -> None:
        """Lock the cohort, its person and this row, and read it anew; PersonGone where it is there no more. 3 queries.

        Of two instructors who leave at once the second waits.
        """
        Cohort.objects.hold(self.cohort_id)
        self.hold_person()
        held = Enrolment.objects.select_for_update(no_key=True).filter(pk=self.pk, user=self.user_id).first()
        if held is None:
            raise PersonGone
        self.role, self.left_at = held.role, held.left_at

    def is_last_instructor(self) -> bool:
        """Return whether this is the last instructor, where the cohort is held. One query."""
        if self.role != Role.INSTRUCTOR or self.left_at:
            return False
        others = Enrolment.objects.current().filter(cohort=self.cohort_id, role=Role.INSTRUCTOR, user__isnull=False)
        return not others.exclude(pk=self.pk).exists()


class Membership(models.Model):
    """From when until when (null: still) the person of an enrolment is in: what was done in between may be seen."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="memberships")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(until_at=None), name="one_open_membership_per_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="a_membership_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} from {self.from_at}"
