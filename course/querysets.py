"""What may be seen of results, and by whom; beside course.models, which imports it. Imports quizzes."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from course.choices import ExamRule, Role
from quizzes.models import Attempt, Use


class CountingQuerySet(models.QuerySet):
    """Assignments, and the attempts that count for them."""

    def attempts(self):
        """The attempts that count for these assignments: all that the staff of their cohorts see of anybody's answers.

        Quizzes of a section that is set and, where one is asked, exams of the module; handed in by somebody who learns
        in the cohort now, after joining and after the opening. Neither trials nor what is open. No query.
        """
        here = self.filter(
            cohort__enrolments__user=OuterRef("learner"),
            cohort__enrolments__role=Role.LEARNER,
            cohort__enrolments__left_at=None,
            cohort__enrolments__joined_at__lte=OuterRef("submitted_at"),
            opens_at__lte=OuterRef("submitted_at"),
            module=OuterRef("module"),
        )
        quizzes = here.filter(Q(sections=None) | Q(sections=OuterRef("bank__section")))
        exams = here.exclude(exam=ExamRule.NOT_ASKED)
        return Attempt.objects.filter(
            Q(Exists(quizzes), use=Use.QUIZ) | Q(Exists(exams), use=Use.EXAM),
            learner__in=self.values("cohort__enrolments__user"),
            is_trial=False,
            score__isnull=False,
        )

    def attempt_rows(self):
        """Rows (pk, learner_id, section_id, use, score, threshold, submitted_at) of `attempts`, by time. One query."""
        rows = self.attempts().annotate(section_id=F("bank__section_id")).order_by("submitted_at", "pk")
        names = ("pk", "learner_id", "section_id", "use", "score", "threshold", "submitted_at")
        return rows.values_list(*names, named=True)


class ExtensionQuerySet(models.QuerySet):
    def by_place(self):
        """{(assignment id, enrolment id): Extension}. One query."""
        return {(row.assignment_id, row.enrolment_id): row for row in self}


class HandMarkQuerySet(models.QuerySet):
    def current(self):
        """{(assignment id, enrolment id, section id): HandMark}: the latest counts. One query."""
        rows = self.select_related("made_by").order_by("made_at", "pk")
        return {(row.assignment_id, row.enrolment_id, row.section_id): row for row in rows}


class CertificateQuerySet(models.QuerySet):
    def of(self, user):
        """The certificates that were issued to `user`; none of a visitor."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def current(self):
        """Neither revoked nor replaced; it may have expired."""
        return self.filter(revoked_at=None, replaced_at=None)


class NoteQuerySet(models.QuerySet):
    def for_member(self, user):
        """The notes of the cohorts that `user` is in now; none for a visitor."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(cohort__enrolments__user=user, cohort__enrolments__left_at=None, cohort__archived_at=None)
