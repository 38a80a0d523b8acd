"""People, and the mail that waits for them."""

from django.utils import timezone

from accounts.models import Outbox, Token, User
from accounts.models.tokens import FEED_LASTS, hash_of
from tests.make.basics import NOW

PASSWORD = "three bridges over the river"


def user(name, **fields):
    return User.objects.create_user(name, PASSWORD, **fields)


def guest():
    return User.objects.create_guest("en", NOW.date())


def feed(user, secret, at=NOW, **fields):
    """An address for a calendar, made just now: no browser waits a year."""
    at = max(at, timezone.now())
    return Token.objects.create(
        user=user, what="feed", hash=hash_of(secret), made_at=at, ends_at=at + FEED_LASTS, **fields
    )


def reads_mail(person, rhythm="daily", address=None, at=NOW, **fields):
    """Let somebody have confirmed an address."""
    moments = {"email_set_at": at, "email_confirmed_at": at}
    values = {"email": address or f"{person.name.lower()}@example.org", "mail_rhythm": rhythm} | moments | fields
    for name, value in values.items():
        setattr(person, name, value)
    person.save()
    return person


def mail(person, key="one", at=None, **fields):
    """A digest that waits, made just now: what is old is given up."""
    texts = {"subject": "Something is due", "body": "Section 1 is due.\n\n<link>\n"}
    return Outbox.objects.create(user=person, key=f"{key} {person.pk}", made_at=at or timezone.now(), **texts | fields)
