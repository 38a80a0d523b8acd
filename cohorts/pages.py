"""What several pages of a cohort share: the link to join it, a code on its way, a page's module, writing one by one.

And certificates on paper, and files that are sent while they are made.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language

from accounts.forms import VisitForm
from accounts.guests import share
from accounts.limits import OwnLimit, RateLimit
from accounts.models import User
from accounts.names import sort_key
from accounts.pages import in_language_of_page, page, words_page
from cohorts import codes
from cohorts.models import Assignment, Certificate, Cohort, Enrolment
from cohorts.models.cohorts import known_name, shown_name
from cohorts.places import lock_cohort
from lessons.models import Module, Section

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


def assignment_beside(user: User, cohort: int, number: int) -> tuple[Assignment, list[Assignment]]:
    """Return (the assignment of that number, all that its cohort sets of the module), or raise 404. 2 queries."""
    _cohort, rows = cohort_with_assignments(user, cohort)
    for row in rows:
        if row.pk == number:
            return row, [one for one in rows if one.module_id == row.module_id]
    raise Http404


def learner_after(place: Enrolment) -> tuple[int, str] | None:
    """Return (enrolment id, name) of who stands after a learner on the cohort's board, by name; None after the last.

    One query, of the names of all who learn there.
    """
    names = ("pk", "roster_name", "said_name", "user__name", "user__is_guest")
    rows = place.cohort.enrolments.current().learners().values_list(*names)
    known = [
        (pk, known_name(roster_name, said_name, shown_name(name, is_guest) if name else ""))
        for pk, roster_name, said_name, name, is_guest in rows
    ]
    known.sort(key=lambda row: (sort_key(row[1]), row[0]))
    at = next((at for at, row in enumerate(known) if row[0] == place.pk), len(known))
    return next(iter(known[at + 1 :]), None)


def modules_of(assignments: Iterable[Assignment], slug: str | None) -> tuple[list[Module], Module | None]:
    """Return (the modules that are set, the one of that slug or else the first, None where nothing is set)."""
    modules = list({row.module_id: row.module for row in assignments}.values())
    return modules, next((module for module in modules if module.slug == slug), modules[0] if modules else None)


def sections_for_teaching(user: User, assignments: Iterable[Assignment]) -> list[Section]:
    """Return the live sections that are set, in order, with their modules; [] for whoever may not see keys.

    Assignments have their sections at hand. At most one query.
    """
    rows = list(assignments)
    if not rows or not user.may_teach:
        return []
    sections = Section.objects.live().filter(module__in={row.module_id for row in rows}).select_related("module")
    ordered = sections.order_by("module", "position")
    return [section for section in ordered if any(row.covers(section) for row in rows)]


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


def sent_in_parts(parts: Iterable[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    """Return a file of that name in ASCII, each part made when it is sent, in the language of the page.

    A part is made by itself: between two of them the thread may speak another language.
    """
    sent = in_language_of_page(parts)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(sent, content_type=content_type, headers=disposition)


@dataclass
class Sheet:
    """A certificate on paper, and the address at which it is checked."""

    certificate: Certificate
    address: str


def check_address(request: HttpRequest, certificate: Certificate) -> str:
    """Return the whole address at which anybody checks a certificate, in the language of the page."""
    return request.build_absolute_uri(reverse("cohorts:certificate", args=[certificate.public_id]))


def on_paper(request: HttpRequest, rows: Iterable[Certificate], names_subject: bool = False) -> HttpResponse:
    """Return the certificates, each on a sheet of its own; with the subject and what one can now do if it is named."""
    sheets = [Sheet(row, check_address(request, row)) for row in rows]
    return page(request, "cohorts/certificate_print.html", {"sheets": sheets, "names_subject": names_subject})
