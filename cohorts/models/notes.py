"""What the staff of a cohort tell those who learn in it: a note to each section, and one to all."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Anyone
from cohorts.models.cohorts import Cohort
from lessons.models import Section


class NoteQuerySet(models.QuerySet["Note"]):
    def for_member(self, user: Anyone) -> Self:
        """Return the notes of the cohorts that `user` is in now; none for a visitor."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(cohort__enrolments__user=user, cohort__enrolments__left_at=None, cohort__archived_at=None)


class Note(models.Model):
    """A cohort's own note to a section, or, without a section, to all who learn in it.

    `written_at` is when it was last saved; null of one that was saved before that was noted.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="notes")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, related_name="notes")
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField(null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "section"], name="one_note_per_cohort_and_section"),
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(section=None), name="one_note_per_cohort_without_section"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section_id} for {self.cohort_id}"
