"""What opens something of one person's to a machine that does not sign in. May import Django and accounts only."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User

FEED_LASTS = timedelta(days=365)
MOST = 5  # of one person at a time: a phone, a computer, and some more


def hash_of(text: str) -> str:
    """Return what is kept of a token: 256 random bits cannot be guessed, so that a plain hash will do."""
    return hashlib.sha256(text.encode()).hexdigest()


class TokenQuerySet(models.QuerySet["Token"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def open(self, at: datetime) -> Self:
        """Return those that have not ended by then."""
        return self.filter(ends_at__gt=at)

    def opened_by(self, text: str, what: str, at: datetime) -> Self:
        """Return the token of that text, with its user, if it opens `what` then; at most one."""
        rows = self.open(at).filter(hash=hash_of(text), what=what, user__is_active=True)
        return rows.select_related("user")

    def ended(self, at: datetime) -> Self:
        return self.filter(ends_at__lte=at)


class Token(models.Model):
    """An address for a machine, such as a calendar: its text is shown once, and only its hash is kept.

    It ends by itself, and with the password, with all sessions and with the person. What it opens is asked anew each
    time, so that it shows nothing that its person may not see any more. `scope` says to what it is cut; empty: to all.
    """

    class What(models.TextChoices):
        FEED = "feed", _("Dates for a calendar")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    what = models.CharField(max_length=12, choices=What)
    hash = models.CharField(max_length=64)
    scope = models.CharField(max_length=120, blank=True, default="", db_default="")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hash"], name="one_token_per_hash")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.what}"

    @classmethod
    @transaction.atomic
    def make_feed(cls, user: User, at: datetime, press: str | None = None) -> str | None:
        """Make an address for a calendar and return its text, which nothing can show again; None where there are MOST.

        `press` is the form that asks for it: pressed twice it makes one, and returns the same. At most 6 queries.
        """
        User.objects.hold(user.pk)
        text = _drawn_from(press) if press else secrets.token_urlsafe(32)
        feeds = cls.objects.of(user).filter(what=cls.What.FEED).open(at)
        if feeds.filter(hash=hash_of(text)).exists():
            return text
        if feeds.count() >= MOST:
            return None
        cls.objects.create(user=user, what=cls.What.FEED, hash=hash_of(text), made_at=at, ends_at=at + FEED_LASTS)
        return text


def _drawn_from(press: str) -> str:
    """Return the text that hangs on one press alone, and that nobody can make who has not the key of this site."""
    digest = salted_hmac("accounts.Token", press, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
