"""Keeps a person's session alive while they come back. May import Django only."""

from django.utils import timezone


def keep_session(get_response):
    """Once a day: note the day last seen and renew the session of 180 days (two writes a day, none otherwise)."""

    def middleware(request):
        user = request.user
        today = timezone.now().date()
        if user.is_authenticated and user.last_seen_on != today:
            type(user).objects.filter(pk=user.pk).update(last_seen_on=today)
            request.session.modified = True
        return get_response(request)

    return middleware
