"""What is left of something that is limited. May import Django only."""

import datetime
import math
import secrets

from django.db import models, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

HOUR = datetime.timedelta(hours=1)
# How far the clocks of two processes may be apart. What lies further ahead was written while a clock ran wrong.
AHEAD = datetime.timedelta(minutes=1)


class RateLimitPepperManager(models.Manager["RateLimitPepper"]):
    def current(self, at: datetime.datetime) -> "list[RateLimitPepper]":
        """Return the peppers that buckets may hang on, that of this hour first. One query, 7 once an hour."""
        peppers = list(self.order_by("-hour"))
        fresh = peppers and _hour(at) <= peppers[0].hour <= at + AHEAD and peppers[-1].hour > _hour(at) - 2 * HOUR
        return peppers if fresh else self.renewed(at)

    @transaction.atomic
    def renewed(self, at: datetime.datetime) -> "list[RateLimitPepper]":
        """Return the same with the peppers held till the end of the transaction; make that of this hour.

        Whoever makes a pepper or a bucket holds them, so that no bucket is made under the last pepper while the next
        one comes.
        """
        list(self.select_for_update().order_by("hour"))
        self.forget_spent(at)
        if not self.filter(hour__gte=_hour(at)).exists():
            fresh = self.model(hour=_hour(at), pepper=secrets.token_hex(32))
            self.bulk_create([fresh], ignore_conflicts=True)
        return list(self.order_by("-hour"))

    def forget_spent(self, at: datetime.datetime) -> None:
        """Delete the peppers on which only full buckets can hang. One query."""
        self.filter(models.Q(hour__lte=_hour(at) - 2 * HOUR) | models.Q(hour__gt=at + AHEAD)).delete()


def _hour(at: datetime.datetime) -> datetime.datetime:
    return at.replace(minute=0, second=0, microsecond=0)


class RateLimitPepper(models.Model):
    """What one hour's hashes are made with, besides the key of the site. Once it is gone nobody can make them again."""

    hour = models.DateTimeField()
    pepper = models.CharField(max_length=64)

    objects = RateLimitPepperManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour"], name="one_pepper_per_hour")]

    def __str__(self) -> str:
        return str(self.hour)

    def hash(self, what: str, who: str) -> str:
        """Return a hash that this site alone can make, and only while it has this pepper."""
        return salted_hmac(f"accounts.RateLimitBucket.{self.pepper}.{what}", who, algorithm="sha256").hexdigest()


class RateLimitBucketManager(models.Manager["RateLimitBucket"]):
    def take(self, what: str, who: str, capacity: int, per_hour: int, at: datetime.datetime) -> int:
        """Spend one token of the bucket of `who` for `what`; return 0, or the seconds until there is one.

        Exact however many processes ask at once: the update holds only if nobody changed the bucket since it was
        read, else it is read again. A bucket fills within the hour (capacity <= per_hour), so one that was not
        touched for an hour is full and is forgotten; with each token it moves on to the pepper of the hour.
        3 queries; more for a new bucket and once an hour.
        """
        if capacity > per_hour:
            raise ValueError("A bucket must fill within the hour: it is forgotten then.")
        while True:
            hashes = [pepper.hash(what, who) for pepper in RateLimitPepper.objects.current(at)]
            bucket = self.filter(key_hash__in=hashes).first() or self._new(what, who, capacity, at)
            tokens = bucket.tokens_at(at, capacity, per_hour)
            if tokens < 1:
                return math.ceil((1 - tokens) * 3600 / per_hour)
            last = bucket.at if bucket.at <= at + AHEAD else at
            unchanged = self.filter(pk=bucket.pk, tokens=bucket.tokens, at=bucket.at)
            if unchanged.update(tokens=tokens - 1, at=max(at, last), key_hash=hashes[0]):
                return 0

    def give_back(self, what: str, who: str, capacity: int) -> None:
        """Give back the token of a try that succeeded; a bucket that is full again leaves no trace. 3 queries."""
        bucket = self._of(what, who)
        bucket.update(tokens=F("tokens") + 1)
        bucket.filter(tokens__gte=capacity).delete()

    def forget(self, what: str, who: str) -> None:
        """Fill the bucket: the next try is the first again. 2 queries."""
        self._of(what, who).delete()

    def forget_full(self, at: datetime.datetime) -> int:
        """Delete what is full by now, not touched for an hour or left by a clock that ran ahead; return how many.

        The peppers on which nothing else hangs go too. 2 queries.
        """
        RateLimitPepper.objects.forget_spent(at)
        return self.filter(models.Q(at__lt=at - HOUR) | models.Q(at__gt=at + AHEAD)).delete()[0]

    def _of(self, what: str, who: str) -> "models.QuerySet[RateLimitBucket]":
        """Return the bucket, under whichever pepper it stands."""
        return self.filter(key_hash__in=[pepper.hash(what, who) for pepper in RateLimitPepper.objects.all()])

    @transaction.atomic
    def _new(self, what: str, who: str, capacity: int, at: datetime.datetime) -> "RateLimitBucket":
        """Return the bucket, made if nobody made it meanwhile; what is full goes first."""
        hashes = [pepper.hash(what, who) for pepper in RateLimitPepper.objects.renewed(at)]
        self.forget_full(at)
        return self.filter(key_hash__in=hashes).first() or self.create(key_hash=hashes[0], tokens=capacity, at=at)


class RateLimitBucket(models.Model):
    """What is left of something limited (signing in, joining): a bucket of tokens under a keyed hash, no address."""

    key_hash = models.CharField(max_length=64)
    tokens = models.FloatField()
    at = models.DateTimeField()

    objects = RateLimitBucketManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_hash"], name="one_bucket_per_hash")]

    def __str__(self) -> str:
        return self.key_hash[:8]

    def tokens_at(self, at: datetime.datetime, capacity: int, per_hour: int) -> float:
        """Return how many tokens there are then, filled up to `capacity`; a bucket from the future is full."""
        if self.at > at + AHEAD:
            return capacity
        hours = max((at - self.at) / HOUR, 0)
        return min(capacity, self.tokens + hours * per_hour)
