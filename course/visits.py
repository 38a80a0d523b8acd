"""A guest's visit: what it holds, the ways back to it, and whose work it is when somebody else signs in after it.

May import the apps on its left.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Anyone, Audit, User
from cohorts import codes, places
from cohorts.models import Cohort
from course.moving import move
from lessons.models import Reading
from quizzes.models import Attempt, Report

WAITING = "waiting_guest"  # in the session: the guest whose work waits for the answer whose it is


@dataclass(frozen=True)
class Work:
    """What a guest did: numbers of lessons read, attempts, those of them still open, reports; and current cohorts."""

    readings: int
    attempts: int
    open_attempts: int
    reports: int
    cohorts: list[Cohort]

    @property
    def is_any(self) -> bool:
        return bool(self.readings or self.attempts or self.reports or self.cohorts)


def work_of(guest: User) -> Work:
    """Return what `guest` did. 5 queries."""
    attempts = Attempt.objects.of(guest)
    return Work(
        Reading.objects.of(guest).count(),
        attempts.count(),
        attempts.open().count(),
        Report.objects.filter(reporter=guest).count(),
        list(Cohort.objects.of(guest).order_by("name", "pk")),
    )


def guest_of(text: str, user: Anyone, at: datetime) -> User | None:
    """Return the guest to whom these words, or this personal code, lead `user` back; else None. At most 3 queries.

    A return by code is noted, for the guest to see: others may have held the slip.
    """
    if not codes.looks_like_one(text):
        return User.objects.by_guest_words(text)
    place = places.guest_place(text, user)
    if place is None:
        return None
    Audit.record(place.user, "way back", f"enrolment {place.pk}, by personal code", at)
    return place.user


def ask_whose(request: HttpRequest, guest: Anyone, onward: str, at: datetime) -> HttpResponseRedirect:
    """Go on after somebody signed in where `guest` had been: to the question whose work it is, if there is any.

    The work stays the guest's until it is answered. A guest who did nothing goes.
    """
    user = request.user
    if not (user.is_authenticated and guest.is_authenticated and guest.is_guest) or guest.pk == user.pk:
        return redirect(onward)
    if not work_of(guest).is_any:
        move(guest, user, at)
        return redirect(onward)
    request.session[WAITING] = guest.pk
    return redirect(f"{reverse('whose_work')}?{urlencode({'next': onward})}")


def waiting_guest(request: HttpRequest) -> User | None:
    """Return the guest whose work waits in this session, if it is still there. At most one query."""
    number = request.session.get(WAITING)
    return User.objects.filter(pk=number, is_guest=True).first() if number else None
