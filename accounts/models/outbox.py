"""Mail to send: what waits, who may send it now, and what became of it. May import Django and accounts only."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self, cast

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from accounts.models.users import Rhythm

LEASE = timedelta(minutes=30)  # for how long mail is one run's alone: a run that was killed keeps it back no longer
FIRST_WAIT = timedelta(minutes=5)  # after a failure; twice as long after each further one
LONGEST_WAIT = timedelta(days=1)
SENT_KEPT = timedelta(days=30)


class OutboxQuerySet(models.QuerySet["Outbox"]):
    def waiting(self) -> Self:
        """Return what is neither sent nor given up."""
        return self.filter(sent_at=None, given_up_at=None)

    def wanted(self) -> Self:
        """Return what its person wants still: a link while the address is unconfirmed, else what the rhythm allows."""
        unconfirmed = Q(user__email_confirmed_at=None)
        link = Q(kind=Outbox.Kind.LINK) & unconfirmed
        digest = Q(kind=Outbox.Kind.DIGEST) & ~unconfirmed & ~Q(user__mail_rhythm=Rhythm.NEVER)
        return self.filter(link | digest, user__is_active=True).exclude(user__email="")

    def due(self, at: datetime) -> Self:
        """Return what can be sent then: it waits, is wanted, and no run has it and no failure keeps it back."""
        return self.waiting().wanted().filter(Q(next_try_at=None) | Q(next_try_at__lte=at))

    @transaction.atomic
    def claim(self, at: datetime, count: int) -> "list[Outbox]":
        """Take at most `count` mails for this run, for half an hour, and return them with their people. 2 queries.

        PostgreSQL passes over what another run is just taking; on SQLite one run takes after the other.
        """
        rows = self.due(at).select_related("user").order_by("made_at", "pk")
        mails = cast("list[Outbox]", list(rows.select_for_update(skip_locked=True, of=("self",))[:count]))
        if mails:
            self.filter(pk__in=[mail.pk for mail in mails]).update(next_try_at=at + LEASE)
        return mails

    def release(self, mails: "Iterable[Outbox]") -> None:
        """Let the next run have at once what this one took and did not try. One query."""
        self.waiting().filter(pk__in=[mail.pk for mail in mails]).update(next_try_at=None)

    def give_up(self, at: datetime) -> int:
        """Give up what could not be sent while it was of use; return how many. 2 queries."""
        old = [self.waiting().filter(kind=kind, made_at__lt=at - life) for kind, life in Outbox.LIVES.items()]
        return sum(rows.update(given_up_at=at) for rows in old)

    def forget_old(self, at: datetime) -> int:
        """Delete what was sent or given up more than 30 days before; return how many. One query."""
        old = Q(sent_at__lt=at - SENT_KEPT) | Q(given_up_at__lt=at - SENT_KEPT)
        return self.filter(old).delete()[0]


class Outbox(models.Model):
    """One mail to one person, made once: the key says what and when. It goes to the address that they have by then.

    `about` names what it tells of, one thing a line, so that none is told twice. In `body`, LINK stands for the signed
    address that is put in when it is sent, so that nobody reads it here. `next_try_at` is null for at once.
    """

    class Kind(models.TextChoices):
        LINK = "link"  # by which an address is confirmed
        DIGEST = "digest"

    # For how long it is tried: a link opens nothing after a day.
    LIVES = {Kind.LINK: timedelta(days=1), Kind.DIGEST: timedelta(days=7)}  # noqa: RUF012
    LINK = "<link>"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail")
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.DIGEST, db_default=Kind.DIGEST)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    about = models.TextField(blank=True, default="", db_default="")
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "outbox"

    def __str__(self) -> str:
        return self.key

    def acknowledge(self, at: datetime) -> None:
        """Note that the server has taken it: nobody sends it again. One query."""
        Outbox.objects.filter(pk=self.pk).update(sent_at=at)

    def fail(self, at: datetime) -> None:
        """Note that it could not be sent, and keep it back for longer each time. One query."""
        wait = min(FIRST_WAIT * 2 ** min(self.failures, 16), LONGEST_WAIT)
        Outbox.objects.filter(pk=self.pk).update(failures=F("failures") + 1, next_try_at=at + wait)

    def refuse(self, at: datetime) -> None:
        """Note that the server knows no such address: it is unconfirmed from now on. 2 queries.

        An address that its person gave meanwhile is another one, and stays as it is.
        """
        Outbox.objects.filter(pk=self.pk).update(given_up_at=at, failures=F("failures") + 1)
        people = self.user.__class__.objects.filter(pk=self.user_id, email=self.user.email)
        people.update(email_confirmed_at=None, email_set_at=at)
