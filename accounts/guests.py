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
CHOICE = "accounts.shared"  # in request.META: what was just chosen, for the middleware that tells the device


def learner_of(request: HttpRequest) -> User:
    """Return whoever is signed in; else a guest, made and signed in now for this browser.

    RateLimited where one network has made GUESTS_PER_NETWORK of them within the hour.
    """
    if request.user.is_authenticated:
        return request.user
    OwnLimit("guests", network(request), settings.GUESTS_PER_NETWORK).spend()
    guest = User.objects.create_guest(get_language(), timezone.now().date())
    enter(request, guest, is_shared(request))
    return guest


def enter(request: HttpRequest, guest: User, shared: bool) -> None:
    """Sign a guest in, who has no password to be asked for, on a device that others use too or not."""
    login(request, guest, backend=BACKEND)
    if shared or is_shared(request):
        share(request, shared)


def share(request: HttpRequest, shared: bool) -> None:
    """Let the session end with the browser, or after 180 days without a visit; the device remembers the choice."""
    request.session.set_expiry(0 if shared else None)
    request.META[CHOICE] = shared


def is_shared(request: HttpRequest) -> bool:
    """Return whether others use this device too: so its session says, or the device itself, whoever is signed in."""
    return request.session.get_expire_at_browser_close() or request.COOKIES.get(settings.SHARED_COOKIE_NAME) == "1"
