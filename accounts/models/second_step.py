"""What stands in for the phone at the second step. May import Django only."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import models

from accounts import backup_codes

if TYPE_CHECKING:
    from accounts.models.users import User


class BackupCodeManager(models.Manager["BackupCode"]):
    def renew(self, user: "User") -> list[str]:
        """Draw eight codes, to be shown once: only their hashes are stored, and the former ones end. 2 queries."""
        codes = backup_codes.draw()
        rows = [self.model(user=user, hash=make_password(code)) for code in codes]
        self.filter(user=user).delete()
        self.bulk_create(rows)
        return [backup_codes.grouped(code) for code in codes]

    def use(self, user: "User", code: str) -> bool:
        """Spend this code, as `backup_codes.plain` returns it; return whether it was one that nobody spent before.

        The row goes, and of two who send it at once it goes for one. A hash for each code that is left.
        """
        if not backup_codes.looks_like_one(code):
            return False
        row = next((row for row in self.filter(user=user) if check_password(code, row.hash)), None)
        return row is not None and self.filter(pk=row.pk).delete()[0] == 1


class BackupCode(models.Model):
    """A code on paper that is taken once in place of the phone's; the row goes when it is used."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="backup_codes")
    hash = models.CharField(max_length=128)

    objects = BackupCodeManager()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.pk}"
