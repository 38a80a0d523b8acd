"""A clock and a phone for the tests of the second step."""

import base64
import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.oath import TOTP

from accounts.models import SecurityEvent
from tests import make

SIGN_IN, CODE = "/en/accounts/sign-in/", "/en/accounts/sign-in/code/"
PAGE, CONFIRM = "/en/accounts/two-step/", "/en/accounts/two-step/confirm/"
CODES, OFF = "/en/accounts/two-step/codes/", "/en/accounts/two-step/off/"
SECRET = "3132333435363738393031323334353637383930"  # of RFC 6238, appendix B
What = SecurityEvent.What


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self):
        self.at = timezone.now().replace(microsecond=0)

    def __call__(self):
        return self.at

    def go_on(self, **time):
        self.at += timedelta(**time)


def code(secret=SECRET, steps=0):
    """What an app shows, whose clock is so many half-minutes off."""
    totp = TOTP(bytes.fromhex(secret))
    totp.time = timezone.now().timestamp() + 30 * steps
    return f"{totp.token():06}"


def wrong():
    """Six digits that no clock near ours shows."""
    near = {code(steps=steps) for steps in range(-3, 4)}
    return next(text for text in ("000000", "111111", "222222", "333333", "444444") if text not in near)


def sign_in(client, password=make.PASSWORD, **fields):
    return client.post(SIGN_IN, {"username": "Awa", "password": password, **fields})


def give(client, text, **fields):
    return client.post(CODE, {"code": text, **fields})


def reader(client):
    return client.get("/en/").wsgi_request.user


def events(user):
    return list(user.security_events.order_by("pk").values_list("what", flat=True))


def shown(page):
    return re.findall(r"<li>([^<]+)</li>", page.text.split('<ol class="words">')[1].split("</ol>")[0])


def secret_on(page):
    """The secret as a person types it, in hex."""
    text = re.search(r'<b class="num">([A-Z2-7 ]+)</b>', page.text)[1].replace(" ", "")
    return base64.b32decode(text).hex()


def statements(send):
    with CaptureQueriesContext(connection) as queries:
        send()
    return [re.sub(r"'[^']*'|\d+", "?", row["sql"]) for row in queries]
