"""What several pages of a cohort share: the link to join it, a code on its way, a page's module, writing one by one."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language

from accounts.forms import VisitForm
from accounts.guests import share
from accounts.limits import OwnLimit, RateLimit
from accounts.models import User
from accounts.pages import words_page
from cohorts import codes
from cohorts.models import Assignment, Cohort
from cohorts.places import lock_cohort
from lessons.models import Module

CARRIED = "join"  # a cookie: the code of somebody who is about to join
AN_HOUR = 3600


def join_address(request: HttpRequest, code: str) -> str:
    """Return the whole link that a code stands in, in the language of the page; an empty string without a code."""
    return request.build_absolute_uri(reverse("cohorts:join_by_link", args=[code])) if code else ""


def carry_code(to: str, code: str) -> HttpResponseRedirect:
    """Go to the page of that name with a code that no address holds: history and bookmarks of a phone are shared."""
    response = redirect(to)
    response.set_cookie(
        CARRIED, code, max_age=AN_HOUR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex"
    return response


def carried_code(request: HttpRequest) -> str:
    """Return the code that this browser is on its way with, or an empty string."""
    return request.COOKIES.get(CARRIED, "")[:40]


def spend_try(request: HttpRequest, code: str) -> RateLimit:
    """Spend one try at a code: of the person who is signed in, else of this code and of the network."""
    person = request.user.pk  # None of a visitor
    tries = OwnLimit("join as", str(person)) if person else RateLimit(request, "join", codes.plain(code))
    tries.spend()
    return tries


def entered(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Lead whoever has just come in to the cohort; a guest who asks for words is shown them by the answer, once."""
    user, form = request.user, VisitForm(request.POST)
    if user.is_authenticated and user.is_guest and form.is_valid():
        share(request, form.cleaned_data["shared"])
        if form.cleaned_data["words"]:
            words = user.renew_words(get_language())
            return words_page(request, words, cohort.get_absolute_url(), of_guest=True)
    response = redirect(cohort)
    response.delete_cookie(CARRIED, samesite="Lax")
    return response


def cohort_with_assignments(user: User, number: int) -> tuple[Cohort, list[Assignment]]:
    """Return (the cohort of that number that `user` teaches, what is set for it), or raise 404.

    2 queries, 3 where nothing is set.
    """
    rows = Assignment.objects.taught_by(user).filter(cohort=number).by_due_date()
    return rows[0].cohort if rows else get_object_or_404(Cohort.objects.taught_by(user), pk=number), rows


def modules_of(assignments: Iterable[Assignment], slug: str | None) -> tuple[list[Module], Module | None]:
    """Return (the modules that are set, the one of that slug or else the first, None where nothing is set)."""
    modules = list({row.module_id: row.module for row in assignments}.values())
    return modules, next((module for module in modules if module.slug == slug), modules[0] if modules else None)


@contextmanager
def locked(request: HttpRequest, cohort: Cohort) -> Iterator[Cohort]:
    """Let one writer at a time compare what a form is based on with what stands, and save it; yield the cohort as is.

    A page that is only looked at waits for nobody. On a POST one query, in a transaction around what is inside.
    """
    if request.method != "POST":
        yield cohort
        return
    with transaction.atomic():
        yield lock_cohort(cohort)
