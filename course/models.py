"""What the site notes of itself. May import Django alone."""

from datetime import datetime

from django.db import models


class LastRun(models.Model):
    """When a command that the site needs again and again last came to its end."""

    command = models.CharField(max_length=20, primary_key=True)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.command

    @staticmethod
    def note(command: str, at: datetime) -> None:
        """Note that it did what it should, in place of the time before. One query."""
        LastRun.objects.bulk_create(
            [LastRun(command=command, ended_at=at)],
            update_conflicts=True,
            unique_fields=["command"],
            update_fields=["ended_at"],
        )
