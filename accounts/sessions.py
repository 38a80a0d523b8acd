"""Sessions in the database; one on a shared device ends there too. May import Django only."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSession
from django.utils import timezone

SHARED_LIFE = timedelta(hours=2)


class SessionStore(DatabaseSession):
    """Django's own, but for a session that ends with the browser: it ends two hours after the last request too.

    A browser that brings its windows back keeps such a cookie, and so does a copy of it. Any other ends with a day,
    so that its end tells the day of the last visit, and not the hour.
    """

    def get_expiry_age(self, **kwargs: Any) -> int:
        if not kwargs and self.get_expire_at_browser_close():
            return int(SHARED_LIFE.total_seconds())
        return super().get_expiry_age(**kwargs)

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        if not kwargs and self.get_expire_at_browser_close():
            return timezone.now() + SHARED_LIFE
        moment = super().get_expiry_date(**kwargs)
        is_long = not kwargs and self.get("_session_expiry") is None
        return moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) if is_long else moment
