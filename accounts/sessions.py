"""Sessions in the database, and who is signed in by them; one on a shared device ends there too.

May import Django and the models of accounts only.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.sessions.backends.db import SessionStore as DatabaseSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Anyone, User

SHARED_LIFE = timedelta(hours=2)


class SessionStore(DatabaseSession):
    """Django's own, but for a session that ends with the browser: it ends two hours after the last request too.

    A browser that brings its windows back keeps such a cookie, and so does a copy of it. Any other ends with a day,
    so that its end tells the day of the last visit, and not the hour. `person` is who signed in to it, read with it:
    None of a session without its row of SignIn, which the release before makes, and a visitor.
    """

    person: User | None = None

    def _get_session_from_db(self) -> Session | None:
        rows = Session.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now())
        session = next(iter(rows.select_related("sign_in__user")), None)
        if session is None:
            self._session_key = None
        elif hasattr(session, "sign_in"):
            self.person = session.sign_in.user
        return session

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


def person_of(request: HttpRequest) -> Anyone:
    """Return who is signed in. No query but that of the session, where it has brought its person along.

    Whoever came along is taken where all holds that Django's `get_user` asks for; else that decides, with a query.
    """
    session = request.session
    key, person = session.get(SESSION_KEY), getattr(session, "person", None)
    if (
        person is not None
        and person.is_active
        and key == str(person.pk)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    ):
        return person
    return get_user(request)
