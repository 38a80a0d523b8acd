"""Who takes what by when: cohorts, enrolments, assignments, certificates. Imports lessons and quizzes."""

from cohorts.choices import STAFF, ExamRule, NameOrder, Role, WhichAttempt
from cohorts.models.assignments import Assignment, Extension, HandMark
from cohorts.models.certificates import Certificate
from cohorts.models.cohorts import Cohort, Enrolment, Group, Membership, Note
from cohorts.models.terms import AttemptTerms

__all__ = [
    "STAFF",
    "Assignment",
    "AttemptTerms",
    "Certificate",
    "Cohort",
    "Enrolment",
    "ExamRule",
    "Extension",
    "Group",
    "HandMark",
    "Membership",
    "NameOrder",
    "Note",
    "Role",
    "WhichAttempt",
]
