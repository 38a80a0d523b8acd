"""Forms without a token, on pages that are the same for everybody, and the cookie of all others. Imports Django only.

A token is each reader's own. Where a page must not differ, the browser says itself from where its form was sent
(docs/decisions/0026).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponseBase]
Handler = Callable[[HttpRequest], HttpResponseBase]


def is_from_here(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of this very site, or the person by hand, sent the request.

    Scripts can set none of these headers. A header that says otherwise is never outweighed by an older one.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    here = f"{request.scheme}://{request.get_host()}"
    if "Origin" in request.headers:
        return request.headers["Origin"] == here
    return request.headers.get("Referer", "").startswith(f"{here}/")


def csrf_by_origin(view: View) -> View:
    """Take a POST that is from here without a token; any other only with one, as everywhere else."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (view if is_from_here(request) else protected)(request, *args, **kwargs)

    return checked


def csrf_cookie_once(get_response: Handler) -> Handler:
    """Send the cookie of tokens to whoever lacks it, and not with every form: a browser keeps it for a year.

    Stands below Django's own, which would renew it. Whoever has a form open when the year ends gets it back.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.META.get("CSRF_COOKIE") == request.COOKIES.get(settings.CSRF_COOKIE_NAME):
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
        return response

    return middleware
