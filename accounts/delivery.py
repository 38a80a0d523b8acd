"""Sending what waits in the outbox. May import Django and accounts only.

At least once, and once where that can be: a mail that the server has taken is noted at once, and never sent again.
Between the server's word and the note lies a moment; whoever pulls the plug then has one mail sent twice. Both bear the
same Message-ID, by which mail programs can tell.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPSenderRefused, SMTPServerDisconnected
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.mail import CONFIRM, STOP, address_of
from accounts.models import Outbox
from accounts.models.outbox import LEASE

BATCH = 20  # mails at a time: as many as even a slow server takes within LEASE
SPARE = timedelta(minutes=5)  # what is left of LEASE when nothing more is begun
Clock = Callable[[], datetime]


@dataclass
class Delivery:
    """What became of the mails of one run, in numbers; `fault` says why it stopped, where the server was to blame."""

    sent: int = 0
    failed: int = 0
    refused: int = 0
    given_up: int = 0
    fault: str = ""


def deliver(clock: Clock = timezone.now) -> Delivery:
    """Send what is due, oldest first; return the Delivery. Nothing is asked of the server where nothing is due.

    4 queries, 2 for a batch, and one for each mail. A server that is away, hangs or refuses us ends the run; a mail
    that it does not take now is tried later, and one whose receiver it does not know never again.
    """
    done = Delivery(given_up=Outbox.objects.give_up(clock()))
    if not Outbox.objects.due(clock()).exists():
        return done
    connection = get_connection()
    try:
        connection.open()
        while mails := Outbox.objects.claim(clock(), BATCH):
            _send_batch(connection, mails, clock, done)
    except OSError as error:  # which every SMTPException is
        done.fault = _in_words(error)
    finally:
        # What has gone out is noted; a server that does not take leave well changes nothing.
        with contextlib.suppress(OSError):
            connection.close()
    return done


def _send_batch(connection: BaseEmailBackend, mails: list[Outbox], clock: Clock, done: Delivery) -> None:
    """Send these; what could not be tried is anybody's again. OSError where the server is to blame."""
    until = clock() + LEASE - SPARE
    untried = list(mails)
    try:
        while untried and clock() < until:
            _send(connection, untried.pop(0), clock, done)
    finally:
        if untried:
            Outbox.objects.release(untried)


def _send(connection: BaseEmailBackend, mail: Outbox, clock: Clock, done: Delivery) -> None:
    """Send one mail and note what became of it. OSError where the server is to blame."""
    try:
        connection.send_messages([message_of(mail)])
    except SMTPRecipientsRefused as error:
        if is_unknown(error):
            mail.refuse(clock())
            done.refused += 1
        else:
            _fail(mail, clock, done)
    except (SMTPServerDisconnected, SMTPSenderRefused):
        _fail(mail, clock, done)
        raise
    except (SMTPException, ValueError):  # of this mail alone: ValueError of a domain that has no form for the wire
        _fail(mail, clock, done)
    except OSError:
        _fail(mail, clock, done)
        raise
    else:
        mail.acknowledge(clock())
        done.sent += 1


def _fail(mail: Outbox, clock: Clock, done: Delivery) -> None:
    mail.fail(clock())
    done.failed += 1


def is_unknown(error: SMTPRecipientsRefused) -> bool:
    """Return whether the server says for good that nobody has the address.

    5xx does (RFC 5321, 4.2.1), but for the codes X.7.Z (RFC 3463): they say that the server does not want us.
    """
    answers = list(error.recipients.values())
    return bool(answers) and all(500 <= code < 600 and not text.startswith(b"5.7.") for code, text in answers)


def message_of(mail: Outbox) -> EmailMessage:
    """Return the mail as it goes out, to its person's address of now. No query."""
    purpose = CONFIRM if mail.kind == Outbox.Kind.LINK else STOP
    link = address_of(mail.user, purpose)
    digest = salted_hmac("accounts.Outbox", mail.key, algorithm="sha256").hexdigest()
    headers = {
        "Message-ID": f"<{digest[:32]}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    if purpose == STOP:
        headers |= {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    body = mail.body.replace(Outbox.LINK, link)
    return EmailMessage(mail.subject, body, settings.MAIL_FROM, [mail.user.email], headers=headers)


def _in_words(error: OSError) -> str:
    """Return why the run stopped, as a sentence without a name or an address of anybody."""
    why = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return f"The mail server {server} cannot be reached, hangs or refuses this site ({why}); what waits is kept."
