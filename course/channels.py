"""The ways by which a text reaches the operator: a webhook and a mail. May import Django alone.

Each raises NotTold, with a sentence that names neither an address nor a part of one: addresses of webhooks are secrets.
"""

import json
from collections.abc import Callable
from concurrent.futures import Future
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Thread
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import send_mail

WEBHOOK_SECONDS = 5.0
MAIL_SECONDS = 20.0
Send = Callable[[str, str], None]  # takes a subject and a text


class NotTold(Exception):
    """Why nothing reached the operator, as a sentence."""


def channels() -> dict[str, Send]:
    """Return {variable: how to send} of what the settings name."""
    ways: dict[str, Send] = {"OPERATOR_WEBHOOK": _by_webhook, "OPERATOR_MAIL": _by_mail}
    return {name: send for name, send in ways.items() if getattr(settings, name)}


def _by_webhook(subject: str, text: str) -> None:
    """POST {"text": …}, as Slack and Mattermost take it."""
    _within(WEBHOOK_SECONDS, lambda: _post(settings.OPERATOR_WEBHOOK, {"text": f"{subject}\n{text}"}))


def _by_mail(subject: str, text: str) -> None:
    """Send at once, past the outbox: that it is late may be what there is to tell."""
    _within(MAIL_SECONDS, lambda: send_mail(subject, text, settings.MAIL_FROM, [settings.OPERATOR_MAIL]))


def _post(address: str, value: object) -> None:
    """POST a value as JSON; NotTold unless the answer's status is of success. A redirect is not followed."""
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=WEBHOOK_SECONDS)
    try:
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        connection.request("POST", path, json.dumps(value), {"Content-Type": "application/json"})
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise NotTold(f"it answered {status}")


def _within(seconds: float, work: Callable[[], object]) -> None:
    """Do it within so many seconds in all; NotTold where it fails or takes longer.

    In a thread, which is left behind when time is over: nothing else ends the look-up of a name, or a server that sends
    a byte a minute.
    """
    done: Future[None] = Future()

    def run() -> None:
        try:
            work()
        except Exception as error:
            done.set_exception(error)
        else:
            done.set_result(None)

    Thread(target=run, daemon=True).start()
    try:
        done.result(seconds)
    except TimeoutError:
        raise NotTold(f"it did not answer within {seconds:g} seconds") from None
    except (OSError, HTTPException, ValueError) as error:
        raise NotTold(getattr(error, "strerror", None) or type(error).__name__) from None
