"""Who takes what by when: cohorts, enrolments, assignments, certificates. Imports lessons and quizzes."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lessons.models import Module, Section
from quizzes.models import Attempt, Bank

USER = settings.AUTH_USER_MODEL


class Role(models.TextChoices):
    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    LEAD = "lead"


class ExamRule(models.TextChoices):
    NOT_ASKED = "not_asked"
    OPEN = "open"
    REQUIRED = "required"


class WhichAttempt(models.TextChoices):
    BEST = "best"
    LATEST = "latest"
    FIRST = "first"


class Cohort(models.Model):
    """People who take a module together."""

    name = models.CharField(max_length=120)
    join_code = models.CharField(max_length=32, null=True, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    banks = models.ManyToManyField(Bank, related_name="cohorts", blank=True)
    archived_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.name


class Enrolment(models.Model):
    """A person's role in a cohort; without a user, a place on the roster that nobody has taken yet."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="enrolments")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, null=True, related_name="enrolments")
    role = models.CharField(max_length=12, choices=Role)
    roster_name = models.CharField(max_length=120, blank=True)
    personal_code = models.CharField(max_length=32, null=True, unique=True)
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "user"], name="one_enrolment_per_cohort_and_user")]

    def __str__(self):
        return f"{self.role} in {self.cohort_id}"


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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__gt=models.F("opens_at")),
                name="an_assignment_opens_before_it_is_due",
            )
        ]

    def __str__(self):
        return f"{self.module_id} for {self.cohort_id}"


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "enrolment"], name="one_extension_per_person_and_assignment")
        ]

    def __str__(self):
        return f"{self.enrolment_id} in {self.assignment_id}"


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
