"""Who takes what by when: cohorts, enrolments, assignments, certificates. Imports lessons and quizzes."""

from course.choices import STAFF, ExamRule, Role, WhichAttempt
from course.models.assignments import Assignment, Certificate, Extension, HandMark
from course.models.cohorts import Cohort, Enrolment, Note
from course.models.records import Audit, Outbox

__all__ = [
    "STAFF",
    "Assignment",
    "Audit",
    "Certificate",
    "Cohort",
    "Enrolment",
    "ExamRule",
    "Extension",
    "HandMark",
    "Note",
    "Outbox",
    "Role",
    "WhichAttempt",
]
