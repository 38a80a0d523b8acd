"""What is taught, where each statement comes from, and who has read it. May import accounts."""

from lessons.models.annexes import Annex, Part
from lessons.models.base import LiveQuerySet, WithDocument
from lessons.models.ledger import Acts, Checked, Claim, Event, Label, Origin, Term, Verdict
from lessons.models.lessons import Lesson, LessonText, Reading, Revision
from lessons.models.modules import Module, Section, Visibility
from lessons.models.passages import Passage
from lessons.models.references import Ground, Kind, Read, Reference, Side

__all__ = [
    "Acts",
    "Annex",
    "Part",
    "LessonText",
    "Side",
    "Read",
    "Kind",
    "Ground",
    "Checked",
    "Claim",
    "Event",
    "Label",
    "Lesson",
    "LiveQuerySet",
    "Module",
    "Origin",
    "Passage",
    "Reading",
    "Reference",
    "Revision",
    "Section",
    "Term",
    "Verdict",
    "Visibility",
    "WithDocument",
]
