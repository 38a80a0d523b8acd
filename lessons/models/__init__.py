"""What is taught, where each statement comes from, and who has read it. May import accounts."""

from lessons.models.base import LiveQuerySet, WithDocument
from lessons.models.ledger import Checked, Claim, Event, Label, Origin, Reference, Term, Verdict
from lessons.models.lessons import Lesson, Reading, Revision
from lessons.models.modules import Module, Section, Visibility

__all__ = [
    "Checked",
    "Claim",
    "Event",
    "Label",
    "Lesson",
    "LiveQuerySet",
    "Module",
    "Origin",
    "Reading",
    "Reference",
    "Revision",
    "Section",
    "Term",
    "Verdict",
    "Visibility",
    "WithDocument",
]
