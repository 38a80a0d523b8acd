"""The words that rows of cohorts choose from: roles, what is asked of an exam, and which attempt counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    LEARNER = "learner", _("Learner")
    INSTRUCTOR = "instructor", _("Instructor")
    LEAD = "lead", _("Lead")


STAFF = [Role.INSTRUCTOR, Role.LEAD]


class ExamRule(models.TextChoices):
    NOT_ASKED = "not_asked"
    OPEN = "open"
    REQUIRED = "required"


class WhichAttempt(models.TextChoices):
    BEST = "best"
    LATEST = "latest"
    FIRST = "first"
