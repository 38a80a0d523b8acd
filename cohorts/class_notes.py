"""What the staff of a cohort tell all who learn in it: one note at a time, read for two weeks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db import models
from django.db.models import F, FilteredRelation, Q

from accounts.models import Anyone
from cohorts.models import Enrolment

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class NoteToAll(TypedDict):
        note_text: str | None
        note_at: datetime | None

    PlaceWithNote = WithAnnotations[Enrolment, NoteToAll]

LASTS = timedelta(days=14)


@dataclass(frozen=True)
class ClassNote:
    """A note to all of a cohort, as its learners read it."""

    cohort_name: str
    text: str
    written_at: datetime


def is_read(written_at: datetime | None, at: datetime) -> bool:
    """Return whether a note to all that was saved then still stands on its learners' pages."""
    return written_at is not None and at - written_at < LASTS


def places_of(user: Anyone) -> "models.QuerySet[PlaceWithNote]":
    """Return the places that `user` has now, each with its cohort and that cohort's note to all. No query."""
    to_all = FilteredRelation("cohort__notes", condition=Q(cohort__notes__section=None))
    rows = Enrolment.objects.current().of(user).select_related("cohort").annotate(to_all=to_all)
    return rows.annotate(note_text=F("to_all__text"), note_at=F("to_all__written_at"))


def told_in(place: "PlaceWithNote") -> tuple[bool, str, str | None, datetime | None]:
    """Return what `notes_to_all` takes of a place. No query."""
    return place.is_staff, place.cohort.name, place.note_text, place.note_at


def notes_to_all(places: Iterable[tuple[bool, str, str | None, datetime | None]], at: datetime) -> list[ClassNote]:
    """Return what those who learn in these places read now, the newest first. No query.

    Each is (whether it is of the staff, the cohort's name, the note's text, when it was written).
    """
    notes = [
        ClassNote(name, text, written_at)
        for is_staff, name, text, written_at in places
        if not is_staff and text and written_at and is_read(written_at, at)
    ]
    return sorted(notes, key=lambda note: note.written_at, reverse=True)
