"""Who takes what by when: cohorts, enrolments, assignments, certificates. Imports lessons and quizzes."""

from cohorts.choices import STAFF, ExamRule, Role, WhichAttempt
from cohorts.models.assignments import Assignment, Extension, HandMark
from cohorts.models.certificates import Certificate
from cohorts.models.cohorts import Cohort, Enrolment, Note

__all__ = [
    "STAFF",
    "Assignment",
    "Certificate",
    "Cohort",
    "Enrolment",
    "ExamRule",
    "Extension",
    "HandMark",
    "Note",
    "Role",
    "WhichAttempt",
]
