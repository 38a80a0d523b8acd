"""Who takes what by when: cohorts, enrolments, assignments, certificates. Imports lessons and quizzes."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.zones import zone
from course import codes
from course.choices import STAFF, ExamRule, Role, WhichAttempt
from course.querysets import CertificateQuerySet, CountingQuerySet, ExtensionQuerySet, HandMarkQuerySet, NoteQuerySet
from lessons.models import Module, Section
from quizzes.models import Attempt, Bank

USER = settings.AUTH_USER_MODEL


class CohortQuerySet(models.QuerySet):
    def of(self, user):
        """The cohorts that `user` is in now, in whatever role."""
        return self._with(user, Role.values)

    def taught_by(self, user):
        """The cohorts whose board, code and assignments are open to `user`: their instructors and leads."""
        return self._with(user, STAFF)

    def run_by(self, user):
        """The cohorts in which `user` gives roles: their instructors and leads."""
        return self._with(user, STAFF)

    def led_by(self, user):
        """The cohorts over which `user` looks on one page: those not archived in which they are lead."""
        return self._with(user, [Role.LEAD]).filter(archived_at=None)

    def joinable(self, code, user):
        """The one cohort that this code opens to `user` now, however it was typed: its own, or that of a place."""
        places = Enrolment.objects.opened_by(code, user)
        return self.filter(Q(join_code=codes.plain(code)) | Q(pk__in=places.values("cohort")), archived_at=None)

    def _with(self, user, roles):
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=Enrolment.objects.current().filter(user=user, role__in=roles).values("cohort"))


class Cohort(models.Model):
    """People who take a module together."""

    name = models.CharField(max_length=120)
    join_code = models.CharField(max_length=32, null=True, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    banks = models.ManyToManyField(Bank, related_name="cohorts", blank=True)
    archived_at = models.DateTimeField(null=True)

    objects = CohortQuerySet.as_manager()

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cohort", args=[self.pk])

    @classmethod
    def begin(cls, user, name, time_zone, at):
        """A new cohort, open to join, with `user` as its instructor. 2 queries."""
        with transaction.atomic():
            cohort = cls.objects.create(name=name, time_zone=time_zone, join_code=codes.draw())
            cohort.enrolments.create(user=user, role=Role.INSTRUCTOR, joined_at=at)
        return cohort

    @property
    def zone(self):
        return zone(self.time_zone)

    @property
    def grouped_code(self):
        """The join code as people read it, or an empty string where joining is closed."""
        return codes.grouped(self.join_code or "")

    def renew_code(self):
        """A new join code; the old one opens nothing from now on."""
        self.join_code = codes.draw()
        self.save(update_fields=["join_code"])

    def close_joining(self):
        self.join_code = None
        self.save(update_fields=["join_code"])

    def archive(self, at):
        """Close joining for good; board, members and dates stay readable."""
        self.archived_at, self.join_code = at, None
        self.save(update_fields=["archived_at", "join_code"])

    def take_up(self):
        """Out of the archive again, closed to join until there is a new code."""
        self.archived_at = None
        self.save(update_fields=["archived_at"])

    def write_note(self, section, text):
        """The cohort's own note to a section, in place of the one before; none where the text is empty."""
        if text:
            self.notes.update_or_create(section=section, defaults={"text": text})
        else:
            self.notes.filter(section=section).delete()

    def join(self, user, at):
        """The enrolment of `user`, made now unless there is one; whoever left comes back as a learner.

        The day of the first joining stays, so that nothing which counted before is lost.
        """
        with transaction.atomic():
            given = {"role": Role.LEARNER, "joined_at": at}
            enrolment, _made = self.enrolments.get_or_create(user=user, defaults=given)
            if enrolment.left_at:
                enrolment.role, enrolment.left_at = Role.LEARNER, None
                enrolment.save(update_fields=["role", "left_at"])
        return enrolment


class EnrolmentQuerySet(models.QuerySet):
    def current(self):
        """Of those who have not left."""
        return self.filter(left_at=None)

    def learners(self):
        return self.filter(role=Role.LEARNER)

    def listed(self):
        """Of those who are in, and of those who left but stand on the roster."""
        return self.exclude(left_at__isnull=False, roster_name="")

    def of(self, user):
        return self.filter(user=user)

    def untaken(self):
        """Places on the roster that nobody has taken."""
        return self.filter(user=None)

    def opened_by(self, code, user):
        """The place of this personal code, however it was typed: not taken yet, or taken by `user`; at most one."""
        own = Q(user=user) if user.is_authenticated else Q()
        return self.filter(Q(user=None) | own, personal_code=codes.plain(code))


class Enrolment(models.Model):
    """A person's role in a cohort; without a user, a place on the roster that nobody has taken yet."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="enrolments")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, null=True, related_name="enrolments")
    role = models.CharField(max_length=12, choices=Role)
    roster_name = models.CharField(max_length=120, blank=True)
    personal_code = models.CharField(max_length=32, null=True, unique=True)
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "user"], name="one_enrolment_per_cohort_and_user")]

    def __str__(self):
        return f"{self.role} in {self.cohort_id}"

    @property
    def is_staff(self):
        return self.role in STAFF

    @property
    def grouped_code(self):
        """The personal code as people read it, or an empty string."""
        return codes.grouped(self.personal_code or "")

    @property
    def shown_name(self):
        """The name that the person chose; of a guest a short mark; of a place not taken an empty string."""
        if self.user is None:
            return ""
        if self.user.is_guest:
            return _("Guest %(mark)s") % {"mark": self.user.name[-4:]}
        return self.user.name

    @property
    def known_name(self):
        """How staff know the place: by the person's own name here, else by the name on the roster."""
        return self.shown_name or self.roster_name or _("No name yet")

    def leave(self, at):
        """End it; readings and attempts stay the person's own. False, and nothing changed, for the last instructor."""
        with transaction.atomic():
            if self._is_last_instructor():
                return False
            self.left_at = self.left_at or at
            self.save(update_fields=["left_at"])
        return True

    def change_role(self, role, by, at):
        """Give the role, and note who gave it. False, and nothing changed, where it would leave no instructor."""
        with transaction.atomic():
            if self._is_last_instructor() and role != Role.INSTRUCTOR:
                return False
            was, self.role = self.role, role
            self.save(update_fields=["role"])
            if was != role:
                Audit.note(by, "role", f"enrolment {self.pk}: {was} to {role}", at)
        return True

    def _is_last_instructor(self):
        """Asked with the cohort's row held: of two who leave at once the second is told that no other is left."""
        Cohort.objects.select_for_update().get(pk=self.cohort_id)
        self.refresh_from_db(fields=["role", "left_at"])
        if self.role != Role.INSTRUCTOR or self.left_at:
            return False
        others = Enrolment.objects.current().filter(cohort=self.cohort_id, role=Role.INSTRUCTOR, user__isnull=False)
        return not others.exclude(pk=self.pk).exists()


class AssignmentQuerySet(CountingQuerySet):
    def set_for(self, user):
        """What the cohorts that `user` learns in have set; nothing for a visitor, nor for their staff.

        Each row knows, as `place`, the id of the enrolment by which it is set for this person.
        """
        places = Enrolment.objects.current().learners().of(user) if user.is_authenticated else Enrolment.objects.none()
        rows = self.filter(cohort__enrolments__in=places, cohort__archived_at=None)
        return rows.annotate(place=F("cohort__enrolments"))

    def with_exam(self, module, at):
        """Those of a module that ask for its exam, or offer it, and have opened by then."""
        return self.filter(module=module, opens_at__lte=at).exclude(exam=ExamRule.NOT_ASKED)

    def by_section(self, module):
        """Rows of what is `set_for` somebody, one for each section that it covers, the first due first. One query.

        (section_id, opens_at, own_due_at, is_required, is_excused, hand_score, cohort_name, time_zone): `own_due_at`
        heeds the person's extension, and `hand_score` is the latest mark set by hand, or None.
        """
        own = Extension.objects.filter(assignment=OuterRef("pk"), enrolment=OuterRef("place"))
        later = own.filter(due_at__gt=OuterRef("due_at")).values("due_at")
        marks = HandMark.objects.filter(assignment=OuterRef("pk"), enrolment=OuterRef("place"))
        marks = marks.filter(section=OuterRef("section_id")).order_by("-made_at", "-pk")
        rows = (
            self.filter(Q(sections=None) | Q(sections=F("module__sections")), module=module)
            .annotate(section_id=F("module__sections"), cohort_name=F("cohort__name"), time_zone=F("cohort__time_zone"))
            .annotate(own_due_at=Coalesce(Subquery(later), F("due_at")), hand_score=Subquery(marks.values("score")[:1]))
            .annotate(is_excused=Exists(own.filter(is_excused=True)))
            .order_by(F("own_due_at").asc(nulls_last=True), "pk")
        )
        names = ("section_id", "opens_at", "own_due_at", "is_required", "is_excused", "hand_score")
        return rows.values_list(*names, "cohort_name", "time_zone", named=True)


class Assignment(models.Model):
    """A module, or some of its sections, set for a cohort."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="assignments")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="assignments")
    sections = models.ManyToManyField(Section, related_name="assignments", blank=True)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    is_required = models.BooleanField(default=True)
    exam = models.CharField(max_length=12, choices=ExamRule, default=ExamRule.NOT_ASKED)
    exam_attempts = models.PositiveSmallIntegerField(null=True)
    exam_minutes = models.PositiveSmallIntegerField(null=True)
    counts = models.CharField(max_length=8, choices=WhichAttempt, default=WhichAttempt.BEST)
    months_valid = models.PositiveSmallIntegerField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__gt=F("opens_at")),
                name="an_assignment_opens_before_it_is_due",
            )
        ]

    def __str__(self):
        return f"{self.module_id} for {self.cohort_id}"

    def get_absolute_url(self):
        return reverse("assignment", args=[self.cohort_id, self.pk])

    def chosen(self):
        """The live sections that were chosen, in order; empty where the whole module is set. No query if prefetched."""
        live = (section for section in self.sections.all() if section.withdrawn_at is None)
        return sorted(live, key=lambda section: section.position)

    def covers(self, section):
        """Whether that section of its module is set. An assignment of withdrawn sections alone covers nothing."""
        chosen = {each.pk for each in self.sections.all()}
        return section.module_id == self.module_id and (not chosen or section.pk in chosen)

    def due_for(self, extension):
        """When it is due for somebody with that Extension, or None for one without; None where nothing is due."""
        if extension is None or self.due_at is None:
            return self.due_at
        return None if extension.is_excused else max(self.due_at, extension.due_at or self.due_at)

    def extend(self, enrolment, by, at, **given):
        """Make or change the Extension of that person, with the fields `given`, and note who did so. 5 queries."""
        with transaction.atomic():
            fields = given | {"made_by": by}
            row, made = self.extensions.update_or_create(enrolment=enrolment, defaults=fields)
            Audit.note(by, "extension", f"{row}: {'made' if made else 'changed'}", at)
        return row


class Extension(models.Model):
    """One person's later date, extra time or excuse, with its reason."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="extensions")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="extensions")
    due_at = models.DateTimeField(null=True)
    extra_time = models.DurationField(null=True)
    exam_attempts = models.PositiveSmallIntegerField(null=True)
    is_excused = models.BooleanField(default=False)
    reason = models.TextField(max_length=500)
    made_by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "enrolment"], name="one_extension_per_person_and_assignment")
        ]

    def __str__(self):
        return f"enrolment {self.enrolment_id} in assignment {self.assignment_id}"

    @property
    def extra_minutes(self):
        return int(self.extra_time / timedelta(minutes=1)) if self.extra_time else None

    def remove(self, by, at):
        """Take it back, and note who did so: what is set for everybody holds again."""
        with transaction.atomic():
            Audit.note(by, "extension", f"{self}: removed", at)
            self.delete()


class Certificate(models.Model):
    """What was certified to whom by which rule, copied on the day of issue."""

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="certificates")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="certificates")
    assignment = models.ForeignKey(Assignment, on_delete=models.SET_NULL, null=True, related_name="certificates")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="certificates")
    document = models.JSONField()
    public_id = models.CharField(max_length=32, unique=True)
    name_shown = models.CharField(max_length=120)
    as_of = models.DateField()
    checksum = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "module", "assignment"],
                condition=Q(revoked_at=None, replaced_at=None, assignment__isnull=False),
                name="one_current_certificate_per_assignment",
            ),
            models.UniqueConstraint(
                fields=["user", "module"],
                condition=Q(revoked_at=None, replaced_at=None, assignment=None),
                name="one_current_certificate_of_a_lone_learner",
            ),
        ]

    def __str__(self):
        return self.public_id


class Note(models.Model):
    """A cohort's own note to a section."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="notes")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=4000)

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "section"], name="one_note_per_cohort_and_section")]

    def __str__(self):
        return f"{self.section_id} for {self.cohort_id}"


class HandMark(models.Model):
    """A mark set by hand, with its reason; the latest counts."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="hand_marks")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="hand_marks")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="hand_marks")
    score = models.DecimalField(max_digits=5, decimal_places=4)
    reason = models.TextField(max_length=500)
    made_by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = HandMarkQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="a_hand_mark_from_0_to_1")]

    def __str__(self):
        return f"{self.score} for {self.enrolment_id}"


class Outbox(models.Model):
    """One mail to one person, sent once: the key says what and when."""

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="mail")
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "outbox"

    def __str__(self):
        return self.key


class Audit(models.Model):
    """Who did what to what; only ever added to."""

    who = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=40)
    on_what = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "audit"

    def __str__(self):
        return f"{self.what} {self.on_what}"

    @classmethod
    def note(cls, who, what, on_what, at):
        """One more line, cut to what the column holds. One query."""
        return cls.objects.create(who=who, what=what, on_what=on_what[:120], made_at=at)
