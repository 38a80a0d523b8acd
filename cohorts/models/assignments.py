"""What is set for a cohort, what counts for it, and what holds for one person."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Self, cast

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, F, FilteredRelation, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.locking import atomic_once_more
from accounts.models import Anyone, Audit, User
from cohorts.choices import ExamRule, LateRule, Role, WhichAttempt
from cohorts.lateness import closing_date, due_date, is_late, taken_off
from cohorts.models.cohorts import Cohort, Enrolment, Membership
from cohorts.models.extensions import Extension
from cohorts.terms import Rule
from lessons.models import Module, Section
from quizzes.models import Attempt, Use

USER = settings.AUTH_USER_MODEL
Condition = Q | Exists


def precedence(row: Any) -> tuple[bool, datetime, int]:
    """Return by what assignments, or rows with their columns, are in order: the first due, undated ones last, by age.

    Of those of a cohort that set a section the first one leads: by its rule the section is marked.
    """
    return row.due_at is None, row.due_at or row.opens_at, row.pk


def _closing_later() -> models.QuerySet["Extension"]:
    """Return extensions by which an assignment closes for their person after an attempt was handed in, or never.

    As a condition within one on assignments within one on attempts; what cohorts.lateness says of a `closing_date`.
    """
    closes = F("assignment__closes_at") + (F("due_at") - F("assignment__due_at"))
    rows = Extension.objects.filter(assignment=OuterRef("pk"), enrolment=OuterRef(OuterRef("enrolment_id")))
    rows = rows.alias(closes=ExpressionWrapper(closes, models.DateTimeField()))
    return rows.filter(Q(is_excused=True) | Q(closes__gte=OuterRef(OuterRef("submitted_at"))))


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def taught_by(self, user: Anyone) -> Self:
        """Return the assignments of the cohorts that `user` teaches, with cohort, module and sections."""
        rows = self.filter(cohort__in=Cohort.objects.taught_by(user))
        return rows.select_related("cohort", "module").with_sections()

    def with_sections(self) -> Self:
        """Return them with their sections at hand, without these sections' documents, which are long."""
        fields = ("slug", "position", "withdrawn_at", "module")
        return self.prefetch_related(None).prefetch_related(Prefetch("sections", Section.objects.only(*fields)))

    def by_due_date(self) -> "list[Assignment]":
        """Return a list with module and sections, the first due first, then what has no date. 2 queries."""
        return sorted(self.select_related("module").with_sections(), key=precedence)

    def with_extension_of(self, enrolment: Enrolment) -> Self:
        """Return them with that person's extension, `own_extension`, where there is one. No query."""
        theirs = FilteredRelation("extensions", condition=Q(extensions__enrolment=enrolment.pk))
        return self.annotate(own_extension=theirs).select_related("own_extension")

    def attempts(self) -> models.QuerySet[Attempt]:
        """Return the attempts that count for these assignments: all that their cohorts' staff see of answers.

        Of those who learn in the cohort now: quizzes of a section that is set, handed in while they were in, after the
        opening and before the closing date; and, where an exam is asked, those that began under the assignment's
        terms. What counts in two cohorts of these comes twice: each has the `enrolment_id` by which it counts. No
        query.
        """
        return self._handed_in().filter(Q(*self._taking_quiz()) | Q(*self._taking_exam()))

    def quizzes(self, cohort: int | None = None) -> models.QuerySet[Any, Any]:
        """Return the quizzes of `attempts`, each with its `section_id`; for thousands of learners at a time.

        With `cohort`, where all these are of that one.
        """
        return self._handed_in(cohort).filter(*self._taking_quiz()).annotate(section_id=F("bank__section_id"))

    def exams(self, cohort: int | None = None) -> models.QuerySet[Any, Any]:
        """Return the exams of `attempts`, with None as `section_id`; `cohort` as `quizzes` takes it."""
        return self._handed_in(cohort).filter(*self._taking_exam()).annotate(section_id=F("bank__section_id"))

    def exams_under(self, cohort: int | None = None) -> models.QuerySet[Any, Any]:
        """Return the same, a row for each assignment that one counts for, which is its `exam_id`."""
        asking = self.exclude(exam=ExamRule.NOT_ASKED)
        under = {"terms__counts": True, "terms__assignment__in": asking, "terms__assignment__cohort": F("cohort_id")}
        rows = self._handed_in(cohort).filter(use=Use.EXAM, **under)
        return rows.annotate(section_id=F("bank__section_id"), exam_id=F("terms__assignment"))

    def _handed_in(self, cohort: int | None = None) -> models.QuerySet[Attempt]:
        """Return what those handed in who learn in the cohorts now, a row for each: neither trials nor what is open.

        To plan for one `cohort` that is named takes PostgreSQL half of the time.
        """
        rows = Attempt.objects.filter(
            Q(learner__enrolments__cohort=cohort)
            if cohort
            else Q(learner__enrolments__cohort__in=self.values("cohort")),
            learner__enrolments__role=Role.LEARNER,
            learner__enrolments__left_at=None,
            is_trial=False,
            score__isnull=False,
        )
        return rows.annotate(enrolment_id=F("learner__enrolments"), cohort_id=F("learner__enrolments__cohort"))

    def _taking_quiz(self) -> list[Condition]:
        """Return when a row of `_handed_in` is a quiz that counts; as conditions apart a database joins them."""
        stays = Membership.objects.filter(enrolment=OuterRef("enrolment_id"), from_at__lte=OuterRef("submitted_at"))
        opened = self.filter(
            Q(sections=None) | Q(sections=OuterRef("bank__section")),
            Q(closes_at=None) | Q(closes_at__gte=OuterRef("submitted_at")) | Exists(_closing_later()),
            cohort=OuterRef("cohort_id"),
            module=OuterRef("module"),
            opens_at__lte=OuterRef("submitted_at"),
        )
        still = Q(until_at=None) | Q(until_at__gt=OuterRef("submitted_at"))
        return [Q(use=Use.QUIZ), Exists(stays.filter(still)), Exists(opened)]

    def _taking_exam(self) -> list[Condition]:
        """Return when a row of `_handed_in` is an exam that counts: what it began under decides."""
        asking = self.exclude(exam=ExamRule.NOT_ASKED)
        under = asking.filter(cohort=OuterRef("cohort_id"), terms__attempt=OuterRef("pk"), terms__counts=True)
        return [Q(use=Use.EXAM), Exists(under)]

    def attempt_rows(
        self, learners: Collection[int], exams: Self | None = None, cohort: int | None = None
    ) -> models.QuerySet[Attempt, Any]:
        """Rows (pk, learner_id, section_id, score, threshold, submitted_at) of `attempts` of these people, by time.

        An exam has no section; with `exams` only those that count for these assignments are there. `cohort` as
        `quizzes` takes it. One query.
        """
        names = ("pk", "learner_id", "section_id", "score", "threshold", "submitted_at")
        parts = [
            rows.filter(learner__in=learners).values_list(*names, named=True)
            for rows in (self.quizzes(cohort), (self if exams is None else exams).exams(cohort))
        ]
        return parts[0].union(parts[1], all=True).order_by("submitted_at", "pk")

    def hand_marks_over(self) -> None:
        """Give marks set by hand under these to others of their cohorts that set the sections. At most 4 queries."""
        marks = list(HandMark.objects.filter(assignment__in=self).select_related("assignment", "section"))
        others = Assignment.objects.filter(cohort__in=self.values("cohort")).exclude(pk__in=self.values("pk"))
        rows = others.with_sections() if marks else []
        for mark in marks:
            cohort, section = cast(Assignment, mark.assignment).cohort_id, cast(Section, mark.section)
            heirs = [row for row in rows if row.cohort_id == cohort and row.covers(section)]
            mark.assignment = min(heirs, key=precedence, default=mark.assignment)
        HandMark.objects.bulk_update(marks, ["assignment"], batch_size=500)

    def set_for(self, user: Anyone) -> Self:
        """Return what the cohorts that `user` learns in have set; nothing for a visitor, nor for their staff.

        Further conditions may name, as `enrolment`, the one by which a row is set for this person.
        """
        current = Enrolment.objects.current().learners()
        return self._set_by(current.of(user) if user.is_authenticated else current.none())

    def set_for_all(self, learners: Collection[int]) -> Self:
        """Return the same of all of these people (ids), a row for each of them."""
        return self._set_by(Enrolment.objects.current().learners().filter(user__in=learners))

    def _set_by(self, enrolments: models.QuerySet[Enrolment]) -> Self:
        rows = self.filter(cohort__enrolments__in=enrolments, cohort__archived_at=None)
        return rows.alias(enrolment=F("cohort__enrolments"))

    def with_exam(self, module: Module, at: datetime) -> Self:
        """Return those of a module that ask for its exam, or offer it, and have opened by then."""
        return self.filter(module=module, opens_at__lte=at).exclude(exam=ExamRule.NOT_ASKED)

    def section_rows(self) -> "models.QuerySet[Assignment, Any]":
        """Return rows of which cohorts.set_sections makes what is set for each person. No query."""
        extensions = Extension.objects.filter(assignment=OuterRef("pk"), enrolment=OuterRef("enrolment"))
        marks = HandMark.objects.standing().filter(enrolment=OuterRef("enrolment"), section=OuterRef("section_id"))
        marks = marks.latest_first()
        exams = Attempt.objects.filter(use=Use.EXAM, is_trial=False, score__gte=F("threshold"))
        exams = exams.filter(learner=OuterRef("learner"), terms__assignment=OuterRef("pk"), terms__counts=True)
        rows = (
            self.filter(Q(sections=None) | Q(sections=F("module__sections")))
            .annotate(section_id=F("module__sections"), cohort_name=F("cohort__name"), time_zone=F("cohort__time_zone"))
            .annotate(cohort_points=F("cohort__points"), learner=F("cohort__enrolments__user"))
            .annotate(later=Subquery(extensions.values("due_at")), hand_score=Subquery(marks.values("score")[:1]))
            .annotate(hand_made_at=Subquery(marks.values("made_at")[:1]))
            .annotate(is_excused=Exists(extensions.filter(is_excused=True)))
            .annotate(exam_passed_at=Subquery(exams.order_by("-submitted_at").values("submitted_at")[:1]))
        )
        names = ("section_id", "opens_at", "due_at", "later", "is_excused", "is_required", "hand_score", "hand_made_at")
        more = ("months_valid", "closes_at", "late_rule", "late_points", "title", "cohort_name", "time_zone", "learner")
        exam = ("exam", "exam_passed_at")
        return rows.values_list("pk", "cohort_id", "cohort_points", *names, *more, *exam, named=True)


class Assignment(models.Model):
    """A module, or some of its sections, set for a cohort; `press` is the form that made it, once.

    After `closes_at` quizzes count for learning, and for no mark any more. What is handed in after the due date and by
    then counts by `late_rule`: in full, or with `late_points` of 100 taken off.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="assignments")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="assignments")
    sections = models.ManyToManyField(Section, related_name="assignments", blank=True)
    title = models.CharField(max_length=120, blank=True, default="", db_default="")
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    late_rule = models.CharField(max_length=8, choices=LateRule, default=LateRule.FULL, db_default=LateRule.FULL)
    late_points = models.PositiveSmallIntegerField(default=0, db_default=0)
    is_required = models.BooleanField(default=True)
    exam = models.CharField(max_length=12, choices=ExamRule, default=ExamRule.NOT_ASKED)
    exam_attempts = models.PositiveSmallIntegerField(null=True)
    exam_minutes = models.PositiveSmallIntegerField(null=True)
    counts = models.CharField(max_length=8, choices=WhichAttempt, default=WhichAttempt.BEST)
    months_valid = models.PositiveSmallIntegerField(null=True)
    press = models.CharField(max_length=32, null=True, unique=True, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__gt=F("opens_at")),
                name="an_assignment_opens_before_it_is_due",
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(due_at__isnull=False, closes_at__gte=F("due_at")),
                name="an_assignment_closes_after_it_is_due",
            ),
            models.CheckConstraint(condition=Q(late_points__lte=100), name="at_most_100_points_are_taken_off"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} for {self.cohort_id}"

    def get_absolute_url(self) -> str:
        return reverse("cohorts:assignment", args=[self.cohort_id, self.pk])

    @property
    def shown_title(self) -> str:
        """Return by what it is told apart: its title, else the module's with the sections that were chosen.

        No query if module and sections are at hand.
        """
        chosen = self.chosen()
        if self.title or not chosen:
            return self.title or self.module.title
        sentence = ngettext("%(module)s: section %(numbers)s", "%(module)s: sections %(numbers)s", len(chosen))
        numbers = ", ".join(str(section.position) for section in chosen)
        return sentence % {"module": self.module.title, "numbers": numbers}

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete it; marks set by hand under it stay where another one sets their section."""
        with transaction.atomic():
            Assignment.objects.filter(pk=self.pk).hand_marks_over()
            return super().delete(*args, **kwargs)

    def chosen(self) -> list[Section]:
        """Return the live sections chosen, in order; [] where the whole module is set. No query if prefetched."""
        live = (section for section in self.sections.all() if section.withdrawn_at is None)
        return sorted(live, key=lambda section: section.position)

    def covers(self, section: Section) -> bool:
        """Return whether that section is set. An assignment of withdrawn sections alone covers nothing."""
        chosen = {row.pk for row in self.sections.all()}
        return section.module_id == self.module_id and (not chosen or section.pk in chosen)

    def due_for(self, extension: Extension | None) -> datetime | None:
        """Return when it is due for somebody with that Extension (None: without one), or None where nothing is due."""
        if extension is None:
            return self.due_at
        return due_date(self.due_at, extension.due_at, extension.is_excused)

    def closes_for(self, extension: Extension | None) -> datetime | None:
        """Return when it closes for somebody with that Extension (None: without one), or None where it never does."""
        return closing_date(self.closes_at, self.due_at, self.due_for(extension))

    def counts_at(self, submitted_at: datetime, extension: Extension | None) -> bool:
        """Return whether a quiz handed in then counts for a mark of somebody with that Extension: until it closes."""
        closes_at = self.closes_for(extension)
        return closes_at is None or submitted_at <= closes_at

    def late_score(self, score: Decimal, submitted_at: datetime, extension: Extension | None) -> Decimal:
        """Return what a score from 0 to 1 handed in then is worth to somebody with that Extension, by the late rule.

        Rounded down to four places. Whether it counts at all is for `counts_at` to say.
        """
        return taken_off(score, self.less_points if is_late(submitted_at, self.due_for(extension)) else 0)

    @property
    def less_points(self) -> int:
        """Return how many points of 100 are taken off what comes late."""
        return self.late_points if self.late_rule == LateRule.LESS else 0

    @property
    def certifies(self) -> bool:
        """Whether something hangs on its exam: a certificate, or one of a limited number of attempts."""
        return self.exam == ExamRule.REQUIRED or (self.exam == ExamRule.OPEN and self.exam_attempts is not None)

    def rule_for(self, extension: Extension | None, used: int = 0) -> Rule:
        """Return what it holds an exam to, of somebody with that Extension (None: without one)."""
        more = extension or Extension()
        return Rule(
            due_at=self.due_for(extension),
            minutes=self.exam_minutes,
            extra_time=more.extra_time,
            attempts=self.exam_attempts and self.exam_attempts + (more.exam_attempts or 0),
            used=used,
        )

    @atomic_once_more
    def extend(self, enrolment: Enrolment, by: User, at: datetime, **fields: Any) -> Extension:
        """Make or change the Extension of that person, with these `fields`, and note who did so. At most 13 queries.

        What it gives reaches an exam of theirs that is open.
        """
        enrolment.hold_person()
        row, made = self.extensions.update_or_create(enrolment=enrolment, defaults=fields | {"made_by": by})
        Audit.record(by, "extension", f"{row}: {'made' if made else 'changed'}", at)
        self.terms.of(enrolment.user).reach(at)
        return row


class HandMarkQuerySet(models.QuerySet["HandMark"]):
    def standing(self) -> Self:
        """Return those that were not taken back."""
        return self.filter(taken_back_at=None)

    def latest_first(self) -> Self:
        return self.order_by("-made_at", "-pk")

    def by_time(self) -> Self:
        """Return those that stand, with whoever set them, the oldest first."""
        return self.standing().select_related("made_by").order_by("made_at", "pk")

    def current(self) -> "dict[tuple[int, int | None, int | None], HandMark]":
        """Return `latest_by_thing` of those that stand. One query."""
        return latest_by_thing(self.by_time())


def latest_by_thing(marks: "Iterable[HandMark]") -> "dict[tuple[int, int | None, int | None], HandMark]":
    """Return {(enrolment id, section id, quiz id): HandMark}: the latest counts, and one of the two last ids is None.

    Of a section, whichever assignment of the cohort it was set under. `marks` come by time. No query.
    """
    return {(mark.enrolment_id, mark.section_id, mark.quiz_id): mark for mark in marks}


class HandMark(models.Model):
    """A mark set by hand, with its reason; in its cohort the latest that was not taken back counts.

    It is for a section, under an assignment that sets it, or for a `quiz` of staff that is set.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, null=True, related_name="hand_marks")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="hand_marks")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, related_name="hand_marks")
    quiz = models.ForeignKey("cohorts.QuizAssignment", on_delete=models.CASCADE, null=True, related_name="hand_marks")
    score = models.DecimalField(max_digits=5, decimal_places=4)
    reason = models.TextField(max_length=500)
    made_by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects = HandMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="a_hand_mark_from_0_to_1"),
            models.CheckConstraint(
                condition=Q(assignment__isnull=False, section__isnull=False, quiz=None)
                | Q(assignment=None, section=None, quiz__isnull=False),
                name="a_hand_mark_is_of_a_section_or_of_a_quiz",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} for {self.enrolment_id}"

    def take_back(self, by: User, at: datetime) -> None:
        """Let it count no more, and note who did so: what was set before it, or the quizzes, count again."""
        with transaction.atomic():
            Audit.record(by, "mark", f"mark {self.pk} of enrolment {self.enrolment_id}: taken back", at)
            self.taken_back_at = at
            self.save(update_fields=["taken_back_at"])
