"""What is only ever added to: mail to send, and who did what to what."""

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class Outbox(models.Model):
    """One mail to one person, sent once: the key says what and when."""

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="mail")
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "outbox"

    def __str__(self):
        return self.key


class Audit(models.Model):
    """Who did what to what; only ever added to."""

    who = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=40)
    on_what = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "audit"

    def __str__(self):
        return f"{self.what} {self.on_what}"

    @classmethod
    def note(cls, who, what, on_what, at):
        """One more line, cut to what the column holds. One query."""
        return cls.objects.create(who=who, what=what, on_what=on_what[:120], made_at=at)
