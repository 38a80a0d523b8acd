"""A link by which whoever lost password and words opens their account again, made by an editor (decision 0049)."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction

from accounts.models.records import Audit
from accounts.models.sign_ins import SecurityEvent

if TYPE_CHECKING:
    from accounts.models.users import User

USER = settings.AUTH_USER_MODEL
LINK_LIFE = timedelta(hours=24)


def hash_of(code: str) -> str:
    """Return what is stored of a code of 128 bits, which nobody guesses: no slow hash, no salt."""
    return hashlib.sha256(code.encode()).hexdigest()


def new_code() -> str:
    """Return a code for a link that is shown once, of 128 bits."""
    return secrets.token_hex(16)


class WayInQuerySet(models.QuerySet["WayIn"]):
    def open(self, at: datetime) -> Self:
        """Return those that still open their account: neither used nor ended, on a day of their own."""
        rows = self.filter(used_at=None, ended_at=None, made_at__lte=at, made_at__gt=at - LINK_LIFE)
        return rows.filter(user__is_active=True, user__is_guest=False, user__is_staff=False)

    def by_code(self, code: str, at: datetime) -> "WayIn | None":
        """Return the open one of this code, with its person, else None. One query."""
        return self.open(at).filter(code_hash=hash_of(code)).select_related("user").first()


class WayIn(models.Model):
    """A link for one person, for a day and once: it sets a new password. Only its hash is kept.

    `ended_at` is when its person, or a newer link, ended it.
    """

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="ways_in")
    code_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = WayInQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ways in"

    def __str__(self) -> str:
        return f"for user {self.user_id}, made {self.made_at}"

    @staticmethod
    def is_for(person: "User", by: "User") -> bool:
        """Return whether an editor may make one: for an account that is nobody's own, and no editor's.

        A guest has no password; an editor's account is opened on the machine alone, so that no editor becomes another.
        """
        return person.is_active and not person.is_guest and not person.is_staff and person.pk != by.pk

    @classmethod
    @transaction.atomic
    def make(cls, person: "User", by: "User", why: str, at: datetime) -> str:
        """Return the code of a new link for `person`, whom every signed-in device warns; a former link ends.

        Who made it and why is noted. PersonGone where the person is there no more.
        """
        person.__class__.objects.hold(person.pk)
        cls.end_all(person, at)
        code = new_code()
        cls.objects.create(user=person, code_hash=hash_of(code), made_by=by, made_at=at)
        Audit.record(by, "help back in", f"user {person.pk}: link made, {why}", at)
        person.warn(SecurityEvent.What.HELP_OFFERED, at)
        return code

    @classmethod
    def end_all(cls, person: "User", at: datetime) -> int:
        """End the links of a person that nobody has used; return how many were still open. One query."""
        return cls.objects.open(at).filter(user=person).update(ended_at=at)

    @transaction.atomic
    def use(self, password: str, language: str, at: datetime) -> list[str] | None:
        """Set the new password, sign all browsers out, and return new words; None where another was faster."""
        user = self.user.__class__.objects.hold(self.user_id)[0]
        if not WayIn.objects.open(at).filter(pk=self.pk).update(used_at=at):
            return None
        Audit.record(None, "help back in", f"user {user.pk}: link used", at)
        return user.restart(password, language, SecurityEvent.What.HELPED_IN, at.date())
