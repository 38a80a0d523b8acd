"""Error pages: rendered without the session, the user or the database (quality R14)."""

import re
import sys
from collections.abc import Callable
from math import ceil

from django.conf import settings
from django.core.exceptions import (
    ObjectDoesNotExist,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override

from accounts.border import TooLarge
from accounts.limits import RateLimited
from accounts.locking import PersonGone
from accounts.models import User
from accounts.pages import display_of
from accounts.unsent import VISITOR, author_of, unsent_fields

# Addresses of answers tell by themselves whose they are: an attempt is its learner's, and a check is anybody's.
ANSWERS = re.compile(r"^/[a-z-]+/(attempts/\d+/(answers/)?|modules/([-\w]+/){3}checks/([-\w]+/)?)$")


def _page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """Return one error page in the language of the address, of the browser or, without these, of the site.

    It reads nothing but the request's path, headers and form.
    """
    language = get_language_from_request(request, check_path=True)
    with override(language):
        context |= {"language": language, "path": request.path, "leave_url": settings.LEAVE_URL}
        context["display"] = display_of(request)
        html = render_to_string(f"errors/{status}.html", context)
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    if status in (429, 503):
        response["Retry-After"] = "30"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 400; 413 for what is too large.

    503 where Django took a database that went away for a session that somebody ended meanwhile.
    """
    if isinstance(exception, TooLarge | RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return _away(request) if _is_away(exception) else _page(request, 400)


def too_large(request: HttpRequest) -> HttpResponse:
    """Return 413: nothing of what was sent is read, and the browser still has it."""
    return _page(request, 413)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def tell_of_method(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer with a page what a view refuses for its method: the refusal of its own is empty, a blank page."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = _page(request, 405)
        page["Allow"] = response["Allow"]
        return page

    return answer


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 429, with how long to wait where `exception` is a RateLimited."""
    wait = exception.wait if isinstance(exception, RateLimited) else 0
    kept = _typed(request)
    token = get_token(request) if kept else None
    response = _page(request, 429, minutes=ceil(wait / 60), kept=kept, csrf_token=token)
    if wait:
        response["Retry-After"] = str(wait)
    return response


class LimitedMiddleware:
    """Answer for a view that met a limit, which it says by raising RateLimited."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return too_many(request, exception) if isinstance(exception, RateLimited) else None


class GoneMiddleware:
    """Answer 404 for a person who was erased while their request was at work: nothing of theirs is there any more.

    Verbs say so by PersonGone. What else such a request writes (a line of the audit, a new name) the database refuses
    for want of the person; no other failure is taken for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        gone = isinstance(exception, PersonGone) or (
            isinstance(exception, DatabaseError | ObjectDoesNotExist)
            and not _is_away(exception)
            and request.user.is_authenticated
            and not User.objects.filter(pk=request.user.pk).exists()
        )
        return not_found(request) if gone else None


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 500; 503 where the database is away, since trying again will help."""
    return _away(request) if _is_away(sys.exc_info()[1]) else _page(request, 500)


def _is_away(exception: BaseException | None) -> bool:
    """Return whether the database did not answer: what is raised then may hide it as its context."""
    while exception and not isinstance(exception, OperationalError | InterfaceError):
        exception = exception.__context__
    return exception is not None


def _away(request: HttpRequest) -> HttpResponse:
    return _page(request, 503, **_kept(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return what was typed in a form of an old page (signed in anew, or cookies off), to be sent again by its author.

    Whoever is signed out has to sign in first; to anybody else nothing is given back. One or two queries.
    """
    author = author_of(request)
    if author in (None, VISITOR) or author == request.user.pk:
        return _page(request, 403, stale=True, **_kept(request))
    if request.user.is_authenticated and not request.user.is_guest:
        return _page(request, 403)
    return _page(request, 403, stale=True, ended=True, **_kept(request))


def _kept(request: HttpRequest) -> dict[str, object]:
    """Return what the page needs to send a form again; without anything to send no cookie is set, whoever asked."""
    fields = unsent_fields(request, by_address=bool(ANSWERS.search(request.path_info)))
    return {"kept": fields, "files": bool(request.FILES), "csrf_token": get_token(request)} if fields else {}


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of a form whose token was right but that came too often; of none that holds a secret."""
    secret = hasattr(request, "sensitive_post_parameters") or "password" in request.POST
    return [] if request.method != "POST" or secret else _fields(request)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
