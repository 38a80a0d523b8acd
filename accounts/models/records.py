"""What is only ever added to: who did what to what."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from accounts.models.users import User

USER = settings.AUTH_USER_MODEL


class Audit(models.Model):
    """Who did what to what; only ever added to."""

    who = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=40)
    on_what = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "audit"

    def __str__(self) -> str:
        return f"{self.what} {self.on_what}"

    @classmethod
    def record(cls, who: User | None, what: str, on_what: str, at: datetime) -> Self:
        """Add a line, cut to what the column holds. One query."""
        return cls.record_all(who, what, [on_what], at)[0]

    @classmethod
    def record_all(cls, who: User | None, what: str, lines: Iterable[str], at: datetime) -> list[Self]:
        """Add a line for each of `lines`, cut to what the column holds. One query."""
        return cls.objects.bulk_create(cls(who=who, what=what, on_what=line[:120], made_at=at) for line in lines)
