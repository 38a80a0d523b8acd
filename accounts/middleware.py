"""What every request does for the person who is signed in, and for the device. May import Django and accounts only."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import devices
from accounts.guests import CHOICE, is_shared
from accounts.leaving import is_left, left_page
from accounts.limits import begun_as
from accounts.models import Anyone, SignIn, User
from accounts.sessions import person_of
from accounts.unsent import VISITOR, author_of, session_ended
from accounts.zones import zone

Handler = Callable[[HttpRequest], HttpResponse]
SEEN = "seen"  # in the session of a shared device: seconds of the epoch at which it was last renewed
RENEW_AFTER = 300  # seconds
DEVICE_LIFE = 400 * 24 * 3600  # seconds: the longest that browsers keep a cookie


def keep_session(get_response: Handler) -> Handler:
    """Record the day last seen and renew the session: of 180 days once a day, on a shared device every five minutes.

    It is the first to ask who is signed in. A few writes the first time of a day, one where a shared session is
    renewed, none otherwise.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user, now = person_of(request), timezone.now()
        user = request.user
        if user.is_authenticated and user.last_seen_on != now.date():
            User.objects.filter(pk=user.pk).update(last_seen_on=now.date())
            request.session.modified = True
        if user.is_authenticated and request.session.get_expire_at_browser_close():
            seconds = int(now.timestamp())
            if abs(seconds - request.session.get(SEEN, 0)) >= RENEW_AFTER:
                request.session[SEEN] = seconds
        response = get_response(request)
        if response.status_code < 500:
            _keep_sign_in(request, response, request.user, now.date())
        return response

    return middleware


def _keep_sign_in(request: HttpRequest, response: HttpResponse, user: Anyone, today: date) -> None:
    """Keep the row that shows this session to its owner, and let the device be known; once a day, and when it changes.

    A session that this very request began has it from the start, and one that got another key keeps its first day.
    """
    if not user.is_authenticated:
        return
    session = request.session
    if session.session_key is None:
        session.create()
    key = session.session_key or ""
    before = session.get("sign_in", {})
    begun_on, first_key = before.get("begun_on", today.isoformat()), begun_as(request)
    now = {"key": key, "on": today.isoformat(), "shared": is_shared(request), "begun_on": begun_on, "first": first_key}
    if now != before and SignIn.keep(key, user, date.fromisoformat(begun_on), today, is_shared(request)):
        session["sign_in"] = now
        if now["shared"]:
            devices.forget(request, response)
        elif not user.is_guest:
            devices.remember(request, response, user)


def remember_device(get_response: Handler) -> Handler:
    """Let the device remember that others use it too, in a cookie that holds this alone and outlives every session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        chosen = request.META.get(CHOICE)
        if chosen:
            response.set_cookie(
                settings.SHARED_COOKIE_NAME,
                "1",
                max_age=DEVICE_LIFE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        elif chosen is not None and settings.SHARED_COOKIE_NAME in request.COOKIES:
            response.delete_cookie(settings.SHARED_COOKIE_NAME, samesite="Lax")
        return response

    return middleware


def keep_nothing(get_response: Handler) -> Handler:
    """Let no answer be kept that does not say itself how it may be (quality R11)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


class LeftMiddleware:
    """Show a page that says nothing of anybody in place of every page that knows its reader, once they left quickly."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer in the view's place; an answer that a quiz is just saving is still taken."""
        saves = request.method == "POST" and "X-Autosave" in request.headers and hasattr(view, "saves_for_the_left")
        if saves or hasattr(view, "opens_to_the_left") or not is_left(request):
            return None
        return left_page(request)


def local_time(get_response: Handler) -> Handler:
    """Tell times on a person's pages in their zone, on a visitor's in UTC."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        with timezone.override(zone(user.time_zone) if user.is_authenticated else None):
            return get_response(request)

    return middleware


class TypedByMiddleware:
    """Take a form from nobody but the person to whom it was shown; a visitor gets it back, to send after signing in."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        author = author_of(request) if request.method == "POST" else None
        if author in (None, VISITOR) or author == request.user.pk:
            return None
        if request.user.is_authenticated and not request.user.is_guest:
            raise PermissionDenied
        return session_ended(request)
