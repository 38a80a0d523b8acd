"""What every request does for the person who is signed in. May import Django and accounts only."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
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
