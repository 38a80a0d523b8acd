"""The browsers in which somebody signed in before, by a signed cookie. May import Django and accounts only.

It names nobody and opens nothing. It gives its browser tries of its own, which strangers cannot spend (quality R23).
"""

import secrets
from datetime import date

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

SALT = "accounts.devices"
LIFE = 365 * 24 * 3600  # seconds
ACCOUNTS = 8  # that one device remembers, the latest first


def bearer(request: HttpRequest, name: str, on: date) -> str | None:
    """Return what the bucket of this device and the account of that name is called; None to a stranger.

    The same work is done for a name that nobody has. One query where there is a cookie, else none.
    """
    device, marks = _read(request)
    if not marks:
        return None
    user = User.objects.bearing(name, on).first() or User(pk=0)
    mark = _mark(device, user)
    known = sum(constant_time_compare(mark, other) for other in marks)
    return f"{device} {user.pk}" if known else None


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this browser show later that the account was signed in here, until its password changes."""
    device, marks = _read(request)
    device = device or secrets.token_urlsafe(16)
    mark = _mark(device, user)
    kept = [mark, *(other for other in marks if other != mark)][:ACCOUNTS]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        Signer(salt=SALT).sign_object([device, *kept]),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Take the cookie back, if there is one."""
    if settings.DEVICE_COOKIE_NAME in request.COOKIES:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME, max_age=0, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    """Return (device, marks of the accounts known on it), both empty where the cookie is not ours."""
    try:
        device, *marks = Signer(salt=SALT).unsign_object(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))
    except BadSignature:
        return "", []
    return device, marks


def _mark(device: str, user: User) -> str:
    """Return what tells an account on a device, and says nothing without the key of the site."""
    return salted_hmac(SALT, f"{device} {user.pk} {user.password}", algorithm="sha256").hexdigest()[:32]
