"""What staff of a cohort add to marks: a word to one learner, and how much a mark weighs in the total."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, Q

from accounts.models import Anyone
from cohorts.models.cohorts import Cohort, Enrolment
from cohorts.models.quizzes import QuizAssignment
from lessons.models import Module, Section

USER = settings.AUTH_USER_MODEL
ON_ALL = Q(section=None, quiz=None)  # a comment on all


class CommentQuerySet(models.QuerySet["Comment"]):
    def for_learner(self, user: Anyone) -> Self:
        """Return those to `user`, of the cohorts that they are in now; none for a visitor."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(enrolment__user=user, enrolment__left_at=None, enrolment__cohort__archived_at=None)

    def move(self, to: Enrolment) -> None:
        """Give them to another row of the cohort; one stays where that has one on the same already. One query."""
        twins = Q(section__in=to.comments.filter(section__isnull=False).values("section"))
        twins |= Q(quiz__in=to.comments.filter(quiz__isnull=False).values("quiz"))
        on_all = Q(Exists(to.comments.filter(ON_ALL)))
        self.exclude(twins | ON_ALL & on_all).update(enrolment=to)


class Comment(models.Model):
    """What staff say to one learner about a section, a `quiz` of staff, or, without these, about all."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="comments")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, related_name="comments")
    quiz = models.ForeignKey(QuizAssignment, on_delete=models.CASCADE, null=True, related_name="comments")
    text = models.TextField(max_length=2000)
    made_by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "section"],
                condition=Q(section__isnull=False),
                name="one_comment_per_learner_and_section",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "quiz"], condition=Q(quiz__isnull=False), name="one_comment_per_learner_and_quiz"
            ),
            models.UniqueConstraint(fields=["enrolment"], condition=ON_ALL, name="one_comment_per_learner_on_all"),
            models.CheckConstraint(
                condition=Q(section=None) | Q(quiz=None), name="a_comment_is_on_a_section_or_on_a_quiz"
            ),
        ]

    def __str__(self) -> str:
        return f"for {self.enrolment_id}"


class Weight(models.Model):
    """How much a section, or, without a section, the exam, weighs in a cohort's total; without a row it weighs 1."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="weights")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="weights")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, related_name="weights")
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "module", "section"],
                condition=Q(section__isnull=False),
                name="one_weight_per_cohort_and_section",
            ),
            models.UniqueConstraint(
                fields=["cohort", "module"], condition=Q(section=None), name="one_weight_per_cohort_and_exam"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weight} in {self.cohort_id}"
