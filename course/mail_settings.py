"""What the settings say of mail, checked before the site starts. Django's exceptions only."""

from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from typing import Any

from django.core.exceptions import ImproperlyConfigured

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def read_mail(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """Return Django's settings of mail from what django-environ read of EMAIL_URL.

    Its `smtps` means STARTTLS, which a port for TLS from the first byte never answers: that one is refused.
    """
    settings = dict(parsed)
    if settings["EMAIL_BACKEND"] != SMTP:
        return settings
    if not settings["EMAIL_HOST"]:
        raise ImproperlyConfigured("EMAIL_URL names no server: write one, such as smtp+tls://user:password@host:587.")
    speaks_tls_at_once = settings.get("EMAIL_USE_SSL", False)
    if settings["EMAIL_PORT"] == 465 and not speaks_tls_at_once:
        raise ImproperlyConfigured("EMAIL_URL: port 465 speaks TLS from the first byte: write smtp+ssl://…:465.")
    usual = 465 if speaks_tls_at_once else 587 if settings.get("EMAIL_USE_TLS") else 25
    settings["EMAIL_PORT"] = settings["EMAIL_PORT"] or usual
    return settings


def first_address(hosts: Sequence[str], is_real: bool) -> str:
    """Return how addresses of this site begin, as far as ALLOWED_HOSTS tells; "" where it names no one host."""
    if not is_real:
        return "http://localhost:8000"
    named = [host for host in hosts if host != "*" and not host.startswith(".")]
    return f"https://{named[0]}" if named else ""


def what_mail_lacks(sends: bool, sender: str, address: str) -> str:
    """Return a sentence on what else has to be set, or nothing."""
    if not sends:
        return "MAIL_FROM is set, and no server to send by: set EMAIL_URL too." if sender else ""
    if "@" not in parseaddr(sender)[1] or "\n" in sender:
        return "EMAIL_URL is set: set MAIL_FROM too, to the address from which mail comes, such as course@example.org."
    if not address.startswith(("https://", "http://")):
        return "EMAIL_URL is set: set SITE_URL too, to how this site’s addresses begin, such as https://example.org."
    return ""
