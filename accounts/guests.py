"""Whose session this is: a guest's from the first act worth keeping, and one that ends with a shared browser.

May import Django and accounts only.
"""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from accounts.limits import OwnLimit, network
from accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def learner_of(request: HttpRequest) -> User:
    """Return whoever is signed in; else a guest, made and signed in now for this browser.

    RateLimited where one network has made GUESTS_PER_NETWORK of them within the hour.
    """
    if request.user.is_authenticated:
        return request.user
    OwnLimit("guests", network(request), settings.GUESTS_PER_NETWORK).spend()
    guest = User.objects.create_guest(get_language(), timezone.now().date())
    login(request, guest, backend=BACKEND)
    return guest


def share(request: HttpRequest, shared: bool) -> None:
    """Let the session end with the browser, or after 180 days without a visit."""
    request.session.set_expiry(0 if shared else None)


def is_shared(request: HttpRequest) -> bool:
    """Return whether the session ends with the browser."""
    return request.session.get_expire_at_browser_close()
