"""Who takes what by when: cohorts, enrolments, assignments, certificates. Imports lessons and quizzes."""

from cohorts.choices import STAFF, ExamRule, LateRule, NameOrder, Points, Role, WhichAttempt
from cohorts.models.assignments import Assignment, HandMark
from cohorts.models.certificates import Certificate
from cohorts.models.cohorts import Cohort, Enrolment, Group, Membership
from cohorts.models.extensions import Extension
from cohorts.models.gradebook import Comment, Weight
from cohorts.models.handovers import Handover
from cohorts.models.invitations import StaffInvitation
from cohorts.models.notes import Note
from cohorts.models.offers import Offer
from cohorts.models.quizzes import QuizAssignment
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
    "Offer",
    "Points",
    "QuizAssignment",
    "Role",
    "StaffInvitation",
    "Weight",
    "WhichAttempt",
]
