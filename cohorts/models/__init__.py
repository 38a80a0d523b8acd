"""Who takes what by when: cohorts, enrolments, assignments, certificates. Imports lessons and quizzes."""

from cohorts.choices import STAFF, ExamRule, LateRule, NameOrder, Points, Role, WhichAttempt
from cohorts.models.assignments import Assignment, Comment, Extension, HandMark, Weight
from cohorts.models.certificates import Certificate
from cohorts.models.cohorts import Cohort, Enrolment, Group, Membership, Note
from cohorts.models.handovers import Handover
from cohorts.models.invitations import StaffInvitation
from cohorts.models.terms import AttemptTerms

__all__ = [
    "STAFF",
    "Assignment",
    "AttemptTerms",
    "Certificate",
    "Cohort",
    "Comment",
    "Enrolment",
    "ExamRule",
    "Extension",
    "Group",
    "HandMark",
    "Handover",
    "LateRule",
    "Membership",
    "NameOrder",
    "Note",
    "Points",
    "Role",
    "StaffInvitation",
    "Weight",
    "WhichAttempt",
]
