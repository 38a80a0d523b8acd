"""Error pages: rendered without the session, the user or the database (quality R14)."""

import re
import sys
from math import ceil

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path, override

from accounts.limits import RateLimited

ATTEMPT = re.compile(r"^/[a-z]{2}/attempts/\d+/$")


def _page(request, status, **context):
    """One error page in the language of the address; it reads nothing but the request's path and form."""
    language = get_language_from_path(request.path_info) or "en"
    with override(language):
        given = {"language": language, "path": request.path, "leave_url": settings.LEAVE_URL, **context}
        html = render_to_string(f"errors/{status}.html", given)
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    if status in (429, 503):
        response["Retry-After"] = "30"
    return response


def bad_request(request, exception=None):
    """400; 503 where Django took a database that went away for a session that somebody ended meanwhile."""
    return _away(request) if _is_away(exception) else _page(request, 400)


def forbidden(request, exception=None):
    return _page(request, 403)


def not_found(request, exception=None):
    return _page(request, 404)


def too_many(request, exception=None):
    """429, with how long to wait where `exception` is a RateLimited."""
    wait = exception.wait if isinstance(exception, RateLimited) else 0
    response = _page(request, 429, minutes=ceil(wait / 60))
    if wait:
        response["Retry-After"] = str(wait)
    return response


def limited(get_response):
    """Middleware: a view that meets a limit raises RateLimited, and this answers."""

    def middleware(request):
        return get_response(request)

    def process_exception(request, exception):
        return too_many(request, exception) if isinstance(exception, RateLimited) else None

    middleware.process_exception = process_exception
    return middleware


def server_error(request):
    """500; 503 where the database is away, since trying again will help."""
    return _away(request) if _is_away(sys.exc_info()[1]) else _page(request, 500)


def _is_away(exception):
    """Whether the database did not answer: what is raised then may hide it as its context."""
    while exception and not isinstance(exception, OperationalError | InterfaceError):
        exception = exception.__context__
    return exception is not None


def _away(request):
    return _page(request, 503, kept=kept(request), csrf_token=get_token(request))


def csrf_failure(request, reason=""):
    """A form from an old page (another sign-in since, or cookies off): what was typed comes back, to be sent again."""
    return _page(request, 403, stale=True, kept=kept(request), csrf_token=get_token(request))


def kept(request):
    """The fields of an attempt's form that could not be taken, for a form that sends them again by a press of its
    button. Of no other form: what changes a person's account is never sent on somebody else's word."""
    if request.method != "POST" or not ATTEMPT.search(request.path_info):
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
