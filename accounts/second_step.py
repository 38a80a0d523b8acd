"""The second step at signing in: a code of an app on a phone, or one of eight on paper (decision 0029).

django-otp keeps the secret and computes its codes. Which code is right is asked here: its own `verify_token` takes the
time from the machine, and after a failure it saves the whole row, with a code spent meanwhile unspent again.
May import Django and accounts only.
"""

import re
import secrets
from base64 import b32encode
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.module_loading import import_string
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import backup_codes, devices
from accounts.limits import OwnLimit, RateLimit, RateLimited, owner_tries
from accounts.models import BackupCode, SecurityEvent, Token, User
from accounts.pages import PersonRequest

A_DAY = 24 * 60 * 2  # in steps
TOLERANCE = 1  # steps of 30 seconds that a phone's clock may be off, either way
OF_AN_APP = re.compile("[0-9]{6}")
What = SecurityEvent.What
View = TypeVar("View", bound=Callable)


# The secret, and its codes


def new_secret() -> str:
    """Return a new secret of 160 bits, in hex. Keep it where nobody looks, and log it nowhere."""
    return secrets.token_hex(20)


def in_groups(secret: str) -> str:
    """Return the secret as it is typed into an app: in base 32, by fours."""
    return backup_codes.grouped(b32encode(bytes.fromhex(secret)).decode(), 4, " ")


def address_of(secret: str, user: User) -> str:
    """Return the address that an app reads, as a QR code or as a link; it bears the site's name and the account's."""
    address: str = TOTPDevice(user=user, key=secret).config_url
    return address


def step_of(secret: str, text: str, at: datetime) -> int | None:
    """Return the number of the half-minute whose code was typed, if it is one of three around `at`, else None."""
    code = backup_codes.plain(text)
    totp = TOTP(bytes.fromhex(secret))
    totp.time = at.timestamp()
    is_right = OF_AN_APP.fullmatch(code) and totp.verify(int(code), TOLERANCE)
    return totp.t() if is_right else None


# Spending a code


def spend(user: User, text: str, at: datetime) -> bool:
    """Spend a code of the app or a backup code; return whether it was right. Either is taken once, by one of two.

    A code that was spent more than a day from now was spent while a clock ran ahead, and keeps no later one out.
    At most 2 queries for a code of the app; for a backup code also a hash for each that is left.
    """
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    step = step_of(device.key, text, at) if device else None
    if device and step is not None:
        unspent = Q(last_t__lt=step) | Q(last_t__gt=step + A_DAY)
        return bool(TOTPDevice.objects.filter(unspent, pk=device.pk).update(last_t=step))
    return _spend_backup(user, text, at)


def _spend_backup(user: User, text: str, at: datetime) -> bool:
    if not BackupCode.objects.use(user, backup_codes.plain(text)):
        return False
    SecurityEvent.objects.record(user, What.BACKUP_CODE, at.date())
    return True


def spend_within(tries: RateLimit, user: User, text: str, at: datetime) -> bool:
    """Spend a code where there is a try left for it; RateLimited where not, but for a backup code: nobody guesses one.

    So whoever knows the password, and uses up the tries, keeps no owner out who has the paper at hand.
    """
    try:
        tries.spend()
    except RateLimited:
        if not _spend_backup(user, text, at):
            raise
        return True
    if not spend(user, text, at):
        return False
    tries.give_back()
    return True


def tries_to_enter(request: HttpRequest, user: User) -> RateLimit:
    """Return the tries at a code of whoever knows the password: a device's that is known here, else all strangers'."""
    who = devices.bearer(request, user.name, timezone.now().date())
    return OwnLimit("code on a device", who) if who else OwnLimit("code", str(user.pk))


def own_tries(request: PersonRequest) -> RateLimit:
    """Return the tries at a code in this session, of whoever is signed in."""
    return owner_tries(request, "own code")


# On and off


@transaction.atomic
def turn_on(user: User, secret: str, step: int, session: str | None, at: datetime) -> list[str] | None:
    """Ask for a code from now on, of the app that showed the one of `step`; return eight backup codes, to show once.

    None where it is on already: nothing is changed. Every session but that of the key `session` ends.
    """
    [person] = User.objects.hold(user.pk)
    if person.second_step_at:
        return None
    TOTPDevice.objects.filter(user=user).delete()
    TOTPDevice.objects.create(user=user, key=secret, tolerance=TOLERANCE, last_t=step)
    user.second_step_at = at
    user.save(update_fields=["second_step_at"])
    codes = BackupCode.objects.renew(user)
    _note(user, What.SECOND_STEP_ON, session, at)
    return codes


@transaction.atomic
def turn_off(user: User, what: str, session: str | None, at: datetime) -> bool:
    """Ask for no code any more, and forget secret and codes; return whether it was on. Sessions end as by `turn_on`.

    `what` is the event that its owner reads.
    """
    [person] = User.objects.hold(user.pk)
    TOTPDevice.objects.filter(user=user).delete()
    BackupCode.objects.filter(user=user).delete()
    user.second_step_at = None
    user.save(update_fields=["second_step_at"])
    if person.second_step_at:
        _note(user, what, session, at)
    return person.second_step_at is not None


@transaction.atomic
def renew_codes(user: User, session: str | None, at: datetime) -> list[str]:
    """Return eight new backup codes, to be shown once; the former ones end, and so do sessions as by `turn_on`."""
    User.objects.hold(user.pk)
    codes = BackupCode.objects.renew(user)
    _note(user, What.BACKUP_CODES, session, at)
    return codes


def _note(user: User, what: str, session: str | None, at: datetime) -> None:
    user.sign_ins.exclude(session=session).end()
    Token.objects.of(user).delete()
    SecurityEvent.objects.record(user, what, at.date())


# Who is asked to have one


def opens_to_teachers(view: View) -> View:
    """Mark a view that opens to those who may teach: an editor whose second step is off is led to turn it on."""
    view.opens_to_teachers = True  # type: ignore[attr-defined] # a mark, as Django's own login_required
    return view


def is_missing(user: User, view: Callable[..., HttpResponse], page: ResolverMatch) -> bool:
    """Return whether this page asks this person for a second step that is off. One query at most, if the setting is on.

    Of editors it is asked on a real machine; of staff of cohorts where SECOND_STEP_FOR_STAFF is set.
    """
    if user.second_step_at or user.is_guest:
        return False
    if user.lacks_second_step and (page.app_name == "admin" or hasattr(view, "opens_to_teachers")):
        return True
    return bool(settings.SECOND_STEP_FOR_STAFF and import_string(settings.OPENS_AS_STAFF)(user, page))


class SecondStepMiddleware:
    """Lead editors, and staff of cohorts where it is asked, to the page that turns the second step on, and back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user, page = request.user, request.resolver_match
        if not user.is_authenticated or page is None or not is_missing(user, view, page):
            return None
        onward = f"?{urlencode({'next': request.get_full_path()})}" if request.method in ("GET", "HEAD") else ""
        return redirect(reverse("accounts:two_step") + onward)
