"""Signing in somebody who has shown who they are: at once, or once a code was given too (decision 0029).

What waits for a code stands in the session of whoever is there, a visitor or a guest, for ten minutes: till then nobody
else is signed in. May import Django and accounts only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.guests import BACKEND, share
from accounts.models import SecurityEvent, User

WAITING = "waiting_for_code"  # in the session
LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class Entry:
    """Who has given the right password, what they chose with it, and where they go on to.

    `is_known` says whether the account was signed in on this device before.
    """

    user: User
    shared: bool
    is_known: bool
    onward: str


def wait_for_code(request: HttpRequest, entry: Entry, at: datetime) -> None:
    """Keep the entry for ten minutes, or till the password changes, in a session under a new key."""
    request.session.cycle_key()
    if not request.user.is_authenticated:
        request.session.set_expiry(LIFE)
    request.session[WAITING] = {
        "user": entry.user.pk,
        "password": entry.user.get_session_auth_hash(),
        "shared": entry.shared,
        "is_known": entry.is_known,
        "onward": entry.onward,
        "at": int(at.timestamp()),
    }


def waiting_entry(request: HttpRequest, at: datetime) -> Entry | None:
    """Return the entry that waits for a code in this session, None where none does any more. At most one query."""
    kept = request.session.get(WAITING)
    if kept is None or not 0 <= at.timestamp() - kept["at"] <= LIFE.total_seconds():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, second_step_at__isnull=False).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["password"]):
        return None
    return Entry(user, kept["shared"], kept["is_known"], kept["onward"])


class Entering:
    """A view that signs somebody in. What a guest did in this browser is asked by course."""

    request: HttpRequest

    def enter(self, entry: Entry) -> HttpResponse:
        """Sign in, and go on; on a device that is new here its owner reads it among what happened."""
        self.request.session.pop(WAITING, None)
        login(self.request, entry.user, backend=BACKEND)
        share(self.request, entry.shared)
        if not entry.is_known:
            SecurityEvent.objects.record(entry.user, SecurityEvent.What.SIGN_IN, timezone.now().date())
        return HttpResponseRedirect(entry.onward)
