"""The words that rows of cohorts choose from: roles, orders of names, rules of exams, which attempt counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    LEARNER = "learner", _("Learner")
    INSTRUCTOR = "instructor", _("Instructor")
    LEAD = "lead", _("Lead")


STAFF = [Role.INSTRUCTOR, Role.LEAD]


class NameOrder(models.TextChoices):
    FAMILY_FIRST = "family", _("Family name first")
    GIVEN_FIRST = "given", _("Given name first")


class ExamRule(models.TextChoices):
    NOT_ASKED = "not_asked"
    OPEN = "open"
    REQUIRED = "required"


class Points(models.IntegerChoices):
    HUNDRED = 100, _("Points of 100")
    TWENTY = 20, _("Points of 20")


class LateRule(models.TextChoices):
    FULL = "full", _("Counts in full")
    LESS = "less", _("Counts with points taken off")


class WhichAttempt(models.TextChoices):
    BEST = "best"
    LATEST = "latest"
    FIRST = "first"
