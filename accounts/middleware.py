"""What every request does for the person who is signed in. May import Django and accounts only."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.unsent import VISITOR, author_of, session_ended
from accounts.zones import zone

Handler = Callable[[HttpRequest], HttpResponse]


def keep_session(get_response: Handler) -> Handler:
    """Record the day last seen and renew the session of 180 days, once a day: two writes then, none otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        today = timezone.now().date()
        if user.is_authenticated and user.last_seen_on != today:
            User.objects.filter(pk=user.pk).update(last_seen_on=today)
            request.session.modified = True
        return get_response(request)

    return middleware


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
