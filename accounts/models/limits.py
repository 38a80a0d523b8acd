"""What is left of something that is limited. May import Django only."""

import datetime
import math

from django.db import models
from django.db.models import F
from django.utils.crypto import salted_hmac

HOUR = datetime.timedelta(hours=1)


class RateLimitBucketManager(models.Manager["RateLimitBucket"]):
    def take(self, what: str, who: str, capacity: int, per_hour: int, at: datetime.datetime) -> int:
        """Spend one token of the bucket of `who` for `what`; return 0, or the seconds until there is one.

        Exact however many processes ask at once: the update holds only if nobody changed the bucket since it was
        read, else it is read again. A bucket fills within the hour (capacity <= per_hour), so one that was not
        touched for an hour is full and is forgotten. 2 queries, 5 for a new bucket.
        """
        if capacity > per_hour:
            raise ValueError("A bucket must fill within the hour: it is forgotten then.")
        key = self._key(what, who)
        while True:
            bucket = self.filter(key_hash=key).first() or self._new(key, capacity, at)
            if bucket is None:
                continue
            tokens = bucket.tokens_at(at, capacity, per_hour)
            if tokens < 1:
                return math.ceil((1 - tokens) * 3600 / per_hour)
            unchanged = self.filter(pk=bucket.pk, tokens=bucket.tokens, at=bucket.at)
            if unchanged.update(tokens=tokens - 1, at=max(at, bucket.at)):
                return 0

    def give_back(self, what: str, who: str, capacity: int) -> None:
        """Give back the token of a try that succeeded; a bucket that is full again leaves no trace. 2 queries."""
        bucket = self.filter(key_hash=self._key(what, who))
        bucket.update(tokens=F("tokens") + 1)
        bucket.filter(tokens__gte=capacity).delete()

    def forget(self, what: str, who: str) -> None:
        """Fill the bucket: the next try is the first again. One query."""
        self.filter(key_hash=self._key(what, who)).delete()

    def forget_full(self, at: datetime.datetime) -> int:
        """Delete what was not touched for an hour, and is full by now; return how many. One query."""
        return self.filter(at__lt=at - HOUR).delete()[0]

    def _key(self, what: str, who: str) -> str:
        """Return a hash that only this site can make: neither names nor addresses can be tried against it elsewhere."""
        return salted_hmac(f"accounts.RateLimitBucket.{what}", who, algorithm="sha256").hexdigest()

    def _new(self, key: str, capacity: int, at: datetime.datetime) -> "RateLimitBucket | None":
        """Get or create a full bucket, safe under concurrency; None if it was deleted meanwhile. 3 queries.

        Buckets that expired are deleted first.
        """
        self.forget_full(at)
        self.bulk_create([self.model(key_hash=key, tokens=capacity, at=at)], ignore_conflicts=True)
        return self.filter(key_hash=key).first()


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
        """Return how many tokens there are then, filled up to `capacity`; a clock that runs behind adds none."""
        hours = max((at - self.at) / HOUR, 0)
        return min(capacity, self.tokens + hours * per_hour)
