"""What every request does for the person who is signed in. May import Django and accounts only."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import devices
from accounts.guests import is_shared
from accounts.models import Anyone, SignIn, User
from accounts.zones import zone

Handler = Callable[[HttpRequest], HttpResponse]


def keep_session(get_response: Handler) -> Handler:
    """Record the day last seen, and once a day renew the session of 180 days: a few writes then, none otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        today = timezone.now().date()
        if user.is_authenticated and user.last_seen_on != today:
            User.objects.filter(pk=user.pk).update(last_seen_on=today)
            request.session.modified = True
        response = get_response(request)
        if response.status_code < 500:
            _keep_sign_in(request, response, request.user, today)
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
    begun_on = before.get("begun_on", today.isoformat())
    now = {"key": key, "on": today.isoformat(), "shared": is_shared(request), "begun_on": begun_on}
    if now != before and SignIn.keep(key, user, date.fromisoformat(begun_on), today, is_shared(request)):
        session["sign_in"] = now
        if now["shared"]:
            devices.forget(request, response)
        elif not user.is_guest:
            devices.remember(request, response, user)


def local_time(get_response: Handler) -> Handler:
    """Tell times on a person's pages in their zone, on a visitor's in UTC."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        with timezone.override(zone(user.time_zone) if user.is_authenticated else None):
            return get_response(request)

    return middleware
