"""What every request does for the person who is signed in. May import Django and accounts only."""

from django.utils import timezone

from accounts.models import User
from accounts.zones import zone


def keep_session(get_response):
    """Once a day: note the day last seen and renew the session of 180 days (two writes a day, none otherwise)."""

    def middleware(request):
        user = request.user
        today = timezone.now().date()
        if user.is_authenticated and user.last_seen_on != today:
            User.objects.filter(pk=user.pk).update(last_seen_on=today)
            request.session.modified = True
        return get_response(request)

    return middleware


def local_time(get_response):
    """Times on a person's pages are those of their zone; a visitor's are UTC."""

    def middleware(request):
        user = request.user
        with timezone.override(zone(user.time_zone) if user.is_authenticated else None):
            return get_response(request)

    return middleware
